import AssayBytes
import CAssayShims

#if canImport(Glibc)
    import Glibc
#endif

/// What a walk may not exceed.
public struct WalkLimits: Hashable, Sendable {
    /// Names visited in all.
    public var names = 20_000_000
    /// Names in one directory.
    public var namesPerDirectory = 2_000_000
    /// Directories below one another.
    ///
    /// Beyond the open-descriptor window ancestors are reopened by name.
    public var depth = 16_384

    /// The limits that a root directory of any distribution stays far below.
    public init() {}
}

/// One name that a walk found.
public struct WalkedFile: Sendable {
    /// Where it is.
    public let path: TreePath
    /// What it is; a symbolic link is not followed.
    public let status: FileStatus
    let directory: Descriptor

    /// Opens it for reading, if it still is the regular file that the walk saw.
    public func open() throws -> FileSource { try status.open(path, in: directory) }

    /// The value of the extended attribute `name`, or nil when it has none.
    public func extendedAttribute(_ name: String) throws -> [UInt8]? {
        // The entry in /proc stands for the open directory; the last name is not followed (lgetxattr).
        let link = Array("/proc/self/fd/\(directory.number)/".utf8) + (path.names.last ?? [])
        let text = String(decoding: link, as: UTF8.self)
        guard Array(text.utf8) == link else {
            return try open().extendedAttribute(name)
        }
        return try unsafe readExtendedAttribute(path: path.description) { buffer in
            unsafe lgetxattr(text, name, buffer.baseAddress, buffer.count)
        }
    }

    /// The target of the symbolic link, as its bytes stand there.
    public func linkTarget() throws -> [UInt8] {
        try readLink(directory.number, path.names.last ?? [], path: path.description)
    }
}

/// What happened during a walk.
public enum WalkEvent: Sendable {
    /// A name was found.
    case file(WalkedFile)
    /// A name or directory could not be read, so what it holds is unknown.
    case unreadable(TreePath, FileSystemError)
    /// A directory of another, virtual or remote file system was left out.
    case skipped(TreePath, reason: String)
}

extension FileStatus {
    /// The regular file that this is of, which the last name of `path` must still be in `directory`.
    fileprivate func open(_ path: TreePath, in directory: Descriptor) throws -> FileSource {
        guard type == .regular, let name = path.names.last else {
            throw FileSystemError(code: .wrongType, path: path.description, reason: "not a regular file")
        }
        let opened = try directory.openEntry(
            name, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY, display: path.description)
        let file = try FileSource(opened, .inTree(path))
        guard file.status.device == device, file.status.inode == inode else {
            throw FileSystemError(code: .inputOutput, path: path.description, reason: "replaced during the walk")
        }
        return file
    }
}

extension RootedDirectory {
    /// Opens the regular file at `path`, if it still is the one that a walk saw; no directory is kept open for it.
    ///
    /// - Throws: `FileSystemError`; code `.wrongType` for anything but a regular file.
    public func open(_ path: TreePath, seenAs status: FileStatus) throws -> FileSource {
        try status.open(path, in: path.names.count == 1 ? descriptor : descriptor.openDirectory(path.parent))
    }

    /// A walk over everything below the root.
    ///
    /// - Parameters:
    ///   - limits: what is too much; the walk then reports the directory as unreadable and goes on elsewhere.
    ///   - excluded: directories that are left out, reported as skipped.
    /// - Returns: the walk, before its first event.
    /// - Throws: `FileSystemError` when the root itself cannot be listed.
    public func walk(
        limits: WalkLimits = WalkLimits(), excluding excluded: Set<TreePath> = []
    ) throws -> TreeWalk {
        try TreeWalk(root: descriptor, limits: limits, excluded: excluded)
    }
}

/// A depth-first walk in the order of names, a directory before what it holds.
///
/// Symbolic links are reported, never followed. Only directories are opened, a bounded number at a time. Directories of
/// virtual (`proc`, `sysfs`, …) and remote file systems are reported as skipped.
public struct TreeWalk {
    /// A directory whose entries are being visited.
    struct Level {
        let path: TreePath
        /// Nil when it was closed to keep the number of open descriptors bounded.
        var directory: Descriptor?
        let device: UInt64
        /// What is left to visit, last first.
        var pending: [DirectoryEntry]
    }

    /// Open directories at most; far below the usual limit of 1,024 descriptors.
    static let window = 128

    let root: Descriptor
    let limits: WalkLimits
    let excluded: Set<TreePath>
    var levels: [Level] = []
    var names = 0
    /// Mount points seen, so that a bind mount of a directory on itself cannot make the walk endless.
    var mountsSeen: Set<[UInt64]> = []

    /// What happened and was not handed out yet, last first.
    var events: [WalkEvent] = []

    init(root: Descriptor, limits: WalkLimits, excluded: Set<TreePath>) throws {
        self.root = root
        self.limits = limits
        self.excluded = excluded
        let status = try root.status(path: "/")
        let entries = try listEntries(root, path: "/", limit: limits.namesPerDirectory)
        levels = [Level(path: .root, directory: root, device: status.device, pending: entries.reversed())]
    }

    /// The next event, or nil at the end.
    public mutating func next() -> WalkEvent? {
        while events.isEmpty {
            guard let level = levels.indices.last else { return nil }
            guard let entry = levels[level].pending.popLast() else {
                levels.removeLast()
                continue
            }
            let path = levels[level].path.appending(entry.name)
            do {
                try step(entry, path, level)
            } catch let error as FileSystemError {
                events.insert(.unreadable(path, error), at: 0)
            } catch {
                let error = FileSystemError(code: .inputOutput, path: path.description, reason: "\(error)")
                events.insert(.unreadable(path, error), at: 0)
            }
        }
        return events.popLast()
    }

    private mutating func step(_ entry: DirectoryEntry, _ path: TreePath, _ level: Int) throws {
        names += 1
        guard names <= limits.names else {
            levels.removeAll()
            throw FileSystemError(code: .tooLarge, path: path.description, reason: "more than \(limits.names) names")
        }
        let directory = try openDirectory(level)
        let status = try directory.statusOfEntry(entry.name, display: path.description)
        if status.type == .directory, excluded.contains(path) {
            return report(.skipped(path, reason: "outside the operating system's directories"))
        }
        report(.file(WalkedFile(path: path, status: status, directory: directory)))
        guard status.type == .directory else { return }
        guard levels.count < limits.depth else {
            throw FileSystemError(
                code: .tooLarge, path: path.description, reason: "more than \(limits.depth) directories deep")
        }
        try descend(entry.name, path, from: directory, parentDevice: levels[level].device)
    }

    private mutating func descend(
        _ name: [UInt8], _ path: TreePath, from parent: Descriptor, parentDevice: UInt64
    ) throws {
        let child = try parent.openEntry(
            name, flags: O_RDONLY | O_DIRECTORY | O_NONBLOCK, display: path.description)
        let status = try child.status(path: path.description)
        if status.device != parentDevice {
            if let reason = TreeWalk.skippedFileSystems[try child.fileSystemType(path: path.description)] {
                return report(.skipped(path, reason: reason))
            }
            guard mountsSeen.insert([status.device, status.inode]).inserted else {
                return report(.skipped(path, reason: "mounted a second time"))
            }
        }
        let entries = try listEntries(child, path: path.description, limit: limits.namesPerDirectory)
        levels.append(Level(path: path, directory: child, device: status.device, pending: entries.reversed()))
        let outside = levels.count - TreeWalk.window
        if outside > 0 { levels[outside].directory = nil }
    }

    private mutating func report(_ event: WalkEvent) { events.insert(event, at: 0) }

    /// The open directory of `level`; one that was closed is opened again, name by name, from the nearest open one.
    private mutating func openDirectory(_ level: Int) throws -> Descriptor {
        if let directory = levels[level].directory { return directory }
        var open = level
        while levels[open].directory == nil { open -= 1 }
        var directory = levels[open].directory ?? root
        for below in (open + 1)...level {
            let path = levels[below].path
            directory = try directory.openEntry(
                path.names.last ?? [], flags: O_RDONLY | O_DIRECTORY | O_NONBLOCK, display: path.description)
        }
        levels[level].directory = directory
        return directory
    }

    /// File systems (linux/magic.h) that hold no files of the subject.
    static let skippedFileSystems: [Int64: String] = [
        0x9FA0: "virtual file system (proc)",
        0x6265_6572: "virtual file system (sysfs)",
        0x6367_7270: "virtual file system (cgroup2)",
        0x27_E0EB: "virtual file system (cgroup)",
        0x1CD1: "virtual file system (devpts)",
        0x6462_6720: "virtual file system (debugfs)",
        0x7472_6163: "virtual file system (tracefs)",
        0x7363_6673: "virtual file system (securityfs)",
        0xF97C_FF8C: "virtual file system (selinuxfs)",
        0xCAFE_4A11: "virtual file system (bpf)",
        0x6165_676C: "virtual file system (pstore)",
        0xDE5E_81E4: "virtual file system (efivarfs)",
        0x1980_0202: "virtual file system (mqueue)",
        0x9584_58F6: "virtual file system (hugetlbfs)",
        0x6265_6570: "virtual file system (configfs)",
        0x6573_5543: "virtual file system (fusectl)",
        0x4249_4E4D: "virtual file system (binfmt_misc)",
        0x6E73_6673: "virtual file system (nsfs)",
        0x6969: "remote file system (nfs)",
        0xFF53_4D42: "remote file system (cifs)",
        0xFE53_4D42: "remote file system (smb)",
        0x517B: "remote file system (smb)",
        0x00C3_6400: "remote file system (ceph)",
        0x0102_1997: "remote file system (9p)",
        0x6573_5546: "user-space file system (fuse)",
        0x0187: "virtual file system (autofs)",
    ]
}
