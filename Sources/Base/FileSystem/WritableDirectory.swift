import CAssayShims

#if canImport(Glibc)
    import Glibc
#endif

/// A directory opened once, below which files are made, moved and removed, as if it were the root.
///
/// The directory above a name is resolved inside (openat2(2), `RESOLVE_IN_ROOT`, no magic links), whatever symbolic links
/// stand on the way; the name itself is never followed. So nothing outside is ever changed.
public struct WritableDirectory: Sendable {
    let descriptor: Descriptor

    /// Opens `path` of the running system.
    ///
    /// - Throws: `FileSystemError` when it is not a directory that can be opened.
    public init(path: String) throws { descriptor = try RootedDirectory(path: path).descriptor }

    private init(_ descriptor: Descriptor) { self.descriptor = descriptor }

    /// The same directory, for reading.
    public var reader: RootedDirectory { RootedDirectory(descriptor) }

    /// The directory at `path`, opened for many changes in it: it stays the same one whatever name it gets.
    public func directory(_ path: TreePath) throws -> WritableDirectory {
        WritableDirectory(try descriptor.openDirectory(path))
    }

    /// Makes one directory with the permissions `mode`, whatever the umask says.
    public func makeDirectory(_ path: TreePath, mode: UInt32 = 0o755) throws {
        try unsafe change(path) { parent, name in unsafe mkdirat(parent, name, mode_t(mode)) }
        do {
            let parent = try openParent(path)
            let made = try parent.openEntry(
                path.names.last ?? [], flags: O_RDONLY | O_DIRECTORY, display: path.description)
            guard fchmod(made.number, mode_t(mode)) == 0 else {
                throw FileSystemError(errno: errno, path: path.description)
            }
        } catch {
            try? removeDirectory(path)
            throw error
        }
    }

    /// Makes a directory and those above it that are missing; links to directories inside the root are ones.
    public func makeDirectories(_ path: TreePath, mode: UInt32 = 0o755) throws {
        for count in path.names.indices {
            let directory = TreePath(names: Array(path.names[...count]))
            do {
                guard try reader.status(directory).type == .directory else {
                    throw FileSystemError(code: .wrongType, path: directory.description, reason: "not a directory")
                }
            } catch let error as FileSystemError where error.code == .notFound {
                do {
                    try makeDirectory(directory, mode: mode)
                } catch let error as FileSystemError {
                    // Another process may have made it in the meantime.
                    guard try optional(reader.status(directory))?.type == .directory else { throw error }
                }
            }
        }
    }

    /// Makes a file of a name that is free, with the permissions `mode`, whatever the umask says.
    ///
    /// A file that could not be written whole is removed again.
    public func createFile(_ path: TreePath, _ bytes: [UInt8], mode: UInt32 = 0o644) throws {
        let parent = try openParent(path)
        let name = path.names.last ?? []
        let number = unsafe withCPath(name) {
            unsafe assay_openat(parent.number, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        guard number >= 0 else { throw FileSystemError(errno: errno, path: path.description) }
        let file = Descriptor(number)
        do {
            try file.write(bytes.span, path: path.description)
            guard fchmod(number, mode_t(mode)) == 0 else {
                throw FileSystemError(errno: errno, path: path.description)
            }
        } catch {
            _ = unsafe withCPath(name) { unsafe unlinkat(parent.number, $0, 0) }
            throw error
        }
    }

    /// Makes a symbolic link of a name that is free.
    public func makeLink(_ path: TreePath, to target: [UInt8]) throws {
        guard !target.isEmpty, !target.contains(0) else {
            throw FileSystemError(code: .inputOutput, path: path.description, reason: "a link to no name")
        }
        try unsafe change(path) { parent, name in
            unsafe withCPath(target) { unsafe symlinkat($0, parent, name) }
        }
    }

    /// Gives the file or symbolic link at `path` a second name that is free (link(2)).
    ///
    /// - Parameters:
    ///   - newPath: the second name, in this directory.
    ///   - path: the first.
    ///   - other: the directory that `path` is in; nil for this one.
    /// - Throws: `FileSystemError`.
    public func addName(_ newPath: TreePath, to path: TreePath, in other: WritableDirectory? = nil) throws {
        let target = try openParent(newPath)
        try unsafe (other ?? self).change(path) { parent, name in
            unsafe withCPath(newPath.names.last ?? []) { unsafe linkat(parent, name, target.number, $0, 0) }
        }
    }

    /// Gives `path` the name `newPath`; what had that name is replaced in the same moment (rename(2)).
    public func rename(_ path: TreePath, to newPath: TreePath) throws {
        let target = try openParent(newPath)
        try unsafe change(path) { parent, name in
            unsafe withCPath(newPath.names.last ?? []) { unsafe renameat(parent, name, target.number, $0) }
        }
    }

    /// Lets two names change places in one moment (renameat2(2), `RENAME_EXCHANGE`).
    ///
    /// - Throws: `FileSystemError`; code `.crossesLayers` for a directory of a lower layer of an overlay file system.
    public func exchange(_ path: TreePath, with other: TreePath) throws {
        let target = try openParent(other)
        let parent = try openParent(path)
        let result = unsafe withCPath(path.names.last ?? []) { name in
            unsafe withCPath(other.names.last ?? []) { unsafe assay_exchange(parent.number, name, target.number, $0) }
        }
        guard result != 0 else { return }
        guard errno == EXDEV else { throw FileSystemError(errno: errno, path: path.description) }
        throw FileSystemError(
            code: .crossesLayers, path: path.description,
            reason: "it lies in a lower layer of an overlay, or on another file system, and cannot be moved in one step"
        )
    }

    /// Removes the file, link or special file at `path`.
    public func removeFile(_ path: TreePath) throws {
        try unsafe change(path) { parent, name in unsafe unlinkat(parent, name, 0) }
    }

    /// Removes the empty directory at `path`.
    public func removeDirectory(_ path: TreePath) throws {
        try unsafe change(path) { parent, name in unsafe unlinkat(parent, name, AT_REMOVEDIR) }
    }

    /// Removes `path` and, of a directory, all that it holds; links are removed, never followed.
    ///
    /// - Throws: `FileSystemError`; code `.tooLarge` when more than `limit` names or `depth` directories were met, and what
    ///   was removed until then is gone.
    public func removeTree(_ path: TreePath, limit: Int = 1_000_000, depth: Int = 64) throws {
        guard try reader.linkStatus(path).type == .directory else { return try removeFile(path) }
        var left = limit
        try removeTree(path, in: openParent(path), left: &left, depth: depth)
    }

    private func removeTree(_ path: TreePath, in parent: Descriptor, left: inout Int, depth: Int) throws {
        guard depth > 0 else {
            throw FileSystemError(code: .tooLarge, path: path.description, reason: "too many directories deep")
        }
        let name = path.names.last ?? []
        let directory = try parent.openEntry(
            name, flags: O_RDONLY | O_DIRECTORY | O_NONBLOCK, display: path.description)
        let entries = try listEntries(directory, path: path.description, limit: max(left, 0))
        left -= entries.count
        for entry in entries {
            let below = path.appending(entry.name)
            if try (entry.type ?? directory.statusOfEntry(entry.name, display: below.description).type) == .directory {
                try removeTree(below, in: directory, left: &left, depth: depth - 1)
            } else {
                try directory.remove(entry.name, flags: 0, display: below.description)
            }
        }
        try parent.remove(name, flags: AT_REMOVEDIR, display: path.description)
    }

    /// Waits until everything written to the file system of this directory's `path` is on the disk (syncfs(2)).
    public func synchronizeFileSystem(of path: TreePath) throws {
        let directory = try descriptor.openDirectory(path)
        guard assay_sync_file_system(directory.number) == 0 else {
            throw FileSystemError(errno: errno, path: path.description)
        }
    }

    /// Waits until the names in the directory at `path` are on the disk (fsync(2)).
    public func synchronizeDirectory(_ path: TreePath) throws {
        let directory = try descriptor.openDirectory(path)
        // Some file systems cannot flush a directory and say so with EINVAL.
        guard fsync(directory.number) == 0 || errno == EINVAL else {
            throw FileSystemError(errno: errno, path: path.description)
        }
    }

    /// The path with every symbolic link on the way resolved, as the root sees it; the last name may be missing.
    ///
    /// - Throws: `FileSystemError`; code `.unresolvable` after 40 links, as in the kernel.
    public func resolved(_ path: TreePath) throws -> TreePath {
        var left = Array(path.names.reversed())
        var done = TreePath.root
        var links = 0
        while let name = left.popLast() {
            if name == [0x2E, 0x2E] {
                done = done.parent
                continue
            }
            let next = done.appending(name)
            guard let status = try optional(reader.linkStatus(next)), status.type == .symbolicLink else {
                done = next
                continue
            }
            links += 1
            guard links <= 40 else { throw FileSystemError(errno: ELOOP, path: path.description) }
            let target = try reader.linkTarget(next)
            if target.first == 0x2F { done = .root }
            let pieces = target.split(separator: 0x2F).map(Array.init).filter { $0 != [0x2E] }
            left += pieces.reversed()
        }
        return done
    }

    private func optional<Value>(_ value: @autoclosure () throws -> Value) throws -> Value? {
        do {
            return try value()
        } catch let error as FileSystemError where error.code == .notFound {
            return nil
        }
    }

    /// The directory that holds the last name of `path`.
    func openParent(_ path: TreePath) throws -> Descriptor {
        guard !path.names.isEmpty else {
            throw FileSystemError(code: .wrongType, path: "/", reason: "the root itself is never changed")
        }
        // Nothing to resolve.
        if path.names.count == 1 { return descriptor }
        return try descriptor.openInRoot(
            path.parent.relativeBytes, flags: ASSAY_O_PATH | O_DIRECTORY, display: path.description)
    }

    private func change(_ path: TreePath, _ call: (Int32, UnsafePointer<CChar>) -> Int32) throws {
        let parent = try openParent(path)
        let result = unsafe withCPath(path.names.last ?? []) { unsafe call(parent.number, $0) }
        guard result == 0 else { throw FileSystemError(errno: errno, path: path.description) }
    }
}

extension RootedDirectory {
    /// The directory of an open descriptor.
    init(_ descriptor: Descriptor) { self.descriptor = descriptor }
}

extension FileSystemError.Code {
    /// It cannot be moved in one step: a lower layer of an overlay file system, or another file system.
    public static let crossesLayers = FileSystemError.Code(name: "crosses-layers")
}

extension Descriptor {
    /// Writes all of `bytes` where the file stands.
    func write(_ bytes: Span<UInt8>, path: @autoclosure () -> String) throws {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBufferPointer { pointer in
                // `done` is less than the span's count, so the address is inside it.
                unsafe Glibc.write(number, pointer.baseAddress?.advanced(by: done), bytes.count - done)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileSystemError(errno: errno, path: path())
            }
            guard count > 0 else { throw FileSystemError(errno: ENOSPC, path: path()) }
            done += count
        }
    }

    /// Removes the entry `name` of this directory.
    func remove(_ name: [UInt8], flags: Int32, display: @autoclosure () -> String) throws {
        guard unsafe withCPath(name, { unsafe unlinkat(number, $0, flags) }) == 0 else {
            throw FileSystemError(errno: errno, path: display())
        }
    }
}
