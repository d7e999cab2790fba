import CAssayShims

#if canImport(Glibc)
    import Glibc
#endif

/// An exclusive lock that ends with this value, or with the process (flock(2)).
public final class FileLock: Sendable {
    private let descriptor: Descriptor

    private init(_ descriptor: Descriptor) { self.descriptor = descriptor }

    /// One attempt; nil while another holds the lock or while the file is being replaced.
    fileprivate static func attempt(_ path: TreePath, in parent: Descriptor) throws -> FileLock? {
        let name = path.names.last ?? []
        // Only the owner may open it, so that nobody else can hold the lock and keep the owner waiting.
        let number = unsafe withCPath(name) {
            unsafe assay_openat(parent.number, $0, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
        }
        guard number >= 0 else { throw FileSystemError(errno: errno, path: path.description) }
        let file = Descriptor(number)
        let status = try file.status(path: path.description)
        guard status.type == .regular else {
            throw FileSystemError(code: .wrongType, path: path.description, reason: "not a regular file")
        }
        guard assay_lock(number) == 0 else {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw FileSystemError(errno: errno, path: path.description)
            }
            return nil
        }
        // A file that lost its name while we waited locks nothing.
        let named = try? parent.statusOfEntry(name, display: path.description)
        guard named?.device == status.device, named?.inode == status.inode else { return nil }
        return FileLock(file)
    }
}

extension WritableDirectory {
    /// Locks the file at `path`, which is made when it is missing and stays.
    ///
    /// - Throws: `FileSystemError`; code `.busy` when another process or thread still holds it after `limit`.
    public func lock(_ path: TreePath, waitingAtMost limit: Duration) throws -> FileLock {
        let parent = try openParent(path)
        let clock = ContinuousClock()
        let end = clock.now + limit
        while true {
            if let lock = try FileLock.attempt(path, in: parent) { return lock }
            guard clock.now < end else {
                throw FileSystemError(
                    code: .busy, path: path.description,
                    reason: "another run has held the lock for \(limit.components.seconds) seconds")
            }
            usleep(10_000)
        }
    }
}

extension FileSystemError.Code {
    /// Another process holds it.
    public static let busy = FileSystemError.Code(name: "busy")
}
