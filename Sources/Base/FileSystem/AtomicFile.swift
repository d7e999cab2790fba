import AssayBytes

#if canImport(Glibc)
    import Glibc
#endif

/// Writing a file so that it is never seen half-written.
public enum AtomicFile {
    /// Writes `bytes` beside `path`, flushes them to the disk and renames the result to `path`.
    ///
    /// A run that fails or is ended by a signal leaves what was at `path` before, and nothing beside it. A symbolic link
    /// stays one: the file that it leads to is replaced. Anything but a regular file is refused, never replaced.
    ///
    /// - Throws: `FileSystemError`.
    public static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o644) throws {
        let file = try ImageFile.create(path, mode: mode)
        try file.write(bytes.span, at: .zero)
        try file.commit()
    }

    /// Where the bytes go: `path` itself when nothing is there, else the regular file that it leads to.
    static func resolved(_ path: String, display: String) throws -> String {
        var raw = stat()
        guard unsafe stat(path, &raw) == 0 else {
            guard errno == ENOENT else { throw FileSystemError(errno: errno, path: display) }
            return path
        }
        let status = FileStatus(raw)
        if status.type == .directory { throw FileSystemError(errno: EISDIR, path: display) }
        guard status.type == .regular else {
            throw FileSystemError(code: .wrongType, path: display, reason: "not a regular file")
        }
        guard let real = unsafe realpath(path, nil) else { throw FileSystemError(errno: errno, path: display) }
        // realpath(3) allocates what it returns with malloc.
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    /// Whether two paths of the running system lead to the same file.
    public static func isSameFile(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        var first = stat()
        var second = stat()
        guard unsafe stat(left, &first) == 0, unsafe stat(right, &second) == 0 else {
            // Neither has to exist to be the same name of a file that is still to be written.
            return TreePath(left) == TreePath(right) && left.hasPrefix("/") == right.hasPrefix("/")
        }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }
}
