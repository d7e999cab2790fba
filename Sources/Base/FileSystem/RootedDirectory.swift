import AssayBytes
import CAssayShims

#if canImport(Glibc)
    import Glibc
#endif

/// A directory opened once, below which paths are resolved as if it were the root.
///
/// Absolute and upward symbolic links stay inside (openat2(2), `RESOLVE_IN_ROOT`); magic links of `/proc` are refused.
/// Only regular files are ever opened for reading: FIFOs, sockets and devices are told apart first and left alone.
public struct RootedDirectory: Sendable {
    let descriptor: Descriptor

    /// Opens `path` of the running system.
    ///
    /// - Throws: `FileSystemError` when it is not a directory that can be opened.
    public init(path: String) throws {
        let opened = unsafe withCPath(Array(path.utf8)) {
            unsafe assay_openat(AT_FDCWD, $0, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        }
        guard opened >= 0 else { throw FileSystemError(errno: errno, path: EscapedText(path).description) }
        descriptor = Descriptor(opened)
    }

    /// Opens the regular file at `path` of the running system, as the user names it: links are followed.
    ///
    /// - Throws: `FileSystemError`; code `.wrongType` for anything but a regular file, which is not opened.
    public static func openHostFile(_ path: String) throws -> FileSource {
        let display = EscapedText(path).description
        func open(_ flags: Int32) throws -> Descriptor {
            let opened = unsafe withCPath(Array(path.utf8)) {
                unsafe assay_openat(AT_FDCWD, $0, flags | O_CLOEXEC, 0)
            }
            guard opened >= 0 else { throw FileSystemError(errno: errno, path: display) }
            return Descriptor(opened)
        }
        guard try open(ASSAY_O_PATH).status(path: display).type == .regular else {
            throw FileSystemError(code: .wrongType, path: display, reason: "not a regular file")
        }
        return try FileSource(open(O_RDONLY | O_NONBLOCK | O_NOCTTY), .ofHost(display))
    }

    /// What `path` of the running system leads to, links followed.
    public static func hostStatus(_ path: String) throws -> FileStatus {
        var raw = stat()
        guard unsafe stat(path, &raw) == 0 else {
            throw FileSystemError(errno: errno, path: EscapedText(path).description)
        }
        return FileStatus(raw)
    }

    /// Whether `path` of the running system leads to a directory.
    public static func isHostDirectory(_ path: String) -> Bool {
        (try? hostStatus(path))?.type == .directory
    }

    /// Whether both are the same directory of the running system.
    public func isSameDirectory(as other: RootedDirectory) throws -> Bool {
        let mine = try descriptor.status(path: "/")
        let theirs = try other.descriptor.status(path: "/")
        return mine.device == theirs.device && mine.inode == theirs.inode
    }

    /// Opens the regular file at `path` for reading.
    ///
    /// - Throws: `FileSystemError`; code `.wrongType` for anything but a regular file.
    public func open(_ path: TreePath) throws -> FileSource {
        // O_PATH opens nothing of a device or FIFO, so the type is known before the real open.
        let handle = try descriptor.openInRoot(path.relativeBytes, flags: ASSAY_O_PATH, display: path.description)
        let status = try handle.status(path: path.description)
        guard status.type == .regular else {
            throw FileSystemError(code: .wrongType, path: path.description, reason: "not a regular file")
        }
        let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY
        let file = try FileSource(
            descriptor.openInRoot(path.relativeBytes, flags: flags, display: path.description), .inTree(path))
        guard file.status.device == status.device, file.status.inode == status.inode else {
            throw FileSystemError(code: .inputOutput, path: path.description, reason: "replaced while it was opened")
        }
        return file
    }

    /// Reads the whole regular file at `path`, of at most `limit` bytes.
    public func read(_ path: TreePath, limit: Int) throws -> [UInt8] {
        let file = try open(path)
        guard file.status.size <= UInt64(limit) else {
            throw FileSystemError(code: .tooLarge, path: path.description, reason: "larger than \(limit) bytes")
        }
        return try file.readToEnd(limit: limit)
    }

    /// What `path` is, with symbolic links followed inside the root.
    public func status(_ path: TreePath) throws -> FileStatus {
        try descriptor.openInRoot(path.relativeBytes, flags: ASSAY_O_PATH, display: path.description)
            .status(path: path.description)
    }

    /// What `path` itself is, a symbolic link included.
    public func linkStatus(_ path: TreePath) throws -> FileStatus {
        if let name = path.onlyName { return try descriptor.statusOfEntry(name, display: path.description) }
        return try descriptor.openInRoot(
            path.relativeBytes, flags: ASSAY_O_PATH | O_NOFOLLOW, display: path.description
        )
        .status(path: path.description)
    }

    /// The target of the symbolic link at `path`, as its bytes stand there.
    public func linkTarget(_ path: TreePath) throws -> [UInt8] {
        if let name = path.onlyName {
            guard try linkStatus(path).type == .symbolicLink else { throw FileSystemError.noLink(path) }
            return try readLink(descriptor.number, name, path: path.description)
        }
        let handle = try descriptor.openInRoot(
            path.relativeBytes, flags: ASSAY_O_PATH | O_NOFOLLOW, display: path.description)
        guard try handle.status(path: path.description).type == .symbolicLink else {
            throw FileSystemError.noLink(path)
        }
        return try readLink(handle.number, [], path: path.description)
    }

    /// The value of the extended attribute `name` of `path` (links followed inside the root), or nil when it has none.
    public func extendedAttribute(_ name: String, of path: TreePath) throws -> [UInt8]? {
        let handle = try descriptor.openInRoot(path.relativeBytes, flags: ASSAY_O_PATH, display: path.description)
        // fgetxattr refuses O_PATH descriptors; the entry in /proc names the same open file (open(2), O_PATH).
        let link = "/proc/self/fd/\(handle.number)"
        return try unsafe readExtendedAttribute(path: path.description) { buffer in
            unsafe getxattr(link, name, buffer.baseAddress, buffer.count)
        }
    }

    /// The directory at `path`, opened for many looks at what is directly in it: it stays the same one whatever name it gets.
    public func directory(_ path: TreePath) throws -> RootedDirectory {
        RootedDirectory(try descriptor.openDirectory(path))
    }

    /// The entries of the directory at `path`, ordered by their bytes.
    ///
    /// - Throws: `FileSystemError`; code `.tooLarge` when there are more than `limit` entries.
    public func entries(_ path: TreePath, limit: Int = 1_000_000) throws -> [DirectoryEntry] {
        try listEntries(descriptor.openDirectory(path), path: path.description, limit: limit)
    }
}

extension Descriptor {
    /// Opens the directory at `path` below this one, with symbolic links resolved as if this one were the root.
    func openDirectory(_ path: TreePath) throws -> Descriptor {
        try openInRoot(path.relativeBytes, flags: O_RDONLY | O_DIRECTORY | O_NONBLOCK, display: path.description)
    }
}

extension TreePath {
    /// The name of a path with nothing to resolve: one name that is not `..`.
    fileprivate var onlyName: [UInt8]? {
        guard names.count == 1, let name = names.first, name != [0x2E, 0x2E], name != [0x2E] else { return nil }
        return name
    }
}

extension FileSystemError {
    fileprivate static func noLink(_ path: TreePath) -> FileSystemError {
        FileSystemError(code: .wrongType, path: path.description, reason: "not a symbolic link")
    }
}

/// The target of a symbolic link: `name` in the directory `descriptor`, or `descriptor` itself when `name` is empty.
func readLink(_ descriptor: Int32, _ name: [UInt8], path: @autoclosure () -> String) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe withCPath(name) { name in
        unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return unsafe readlinkat(descriptor, name, base, bytes.count)
        }
    }
    guard count >= 0 else { throw FileSystemError(errno: errno, path: path()) }
    return Array(buffer[..<count])
}

/// The value of an extended attribute, or nil when the file or its file system has none of that name.
///
/// Values of up to 64 KiB (`XATTR_SIZE_MAX`, linux/limits.h) are read.
///
/// - Parameters:
///   - path: the file, for errors.
///   - read: one of the `getxattr` calls, into the given buffer.
/// - Returns: the value.
/// - Throws: `FileSystemError` when the file cannot be asked.
func readExtendedAttribute(
    path: @autoclosure () -> String, _ read: (UnsafeMutableRawBufferPointer) -> Int
) throws -> [UInt8]? {
    // Hardly a file has the attribute, and capabilities take 24 bytes.
    var buffer = [UInt8](repeating: 0, count: 64)
    while true {
        let count = unsafe buffer.withUnsafeMutableBytes(read)
        if count >= 0 { return Array(buffer[..<count]) }
        switch errno {
        case ENODATA, ENOTSUP: return nil
        case ERANGE where buffer.count < 65_536: buffer = [UInt8](repeating: 0, count: 65_536)
        default: throw FileSystemError(errno: errno, path: path())
        }
    }
}
