import AssayBytes
import CAssayShims

#if canImport(Glibc)
    import Glibc
#endif

/// Writing a file so that it is never seen half-written.
public enum AtomicFile {
    /// Writes `bytes` beside `path`, flushes them to the disk and renames the result to `path`.
    ///
    /// A run that fails leaves what was at `path` before, and nothing beside it.
    ///
    /// - Throws: `FileSystemError`.
    public static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o644) throws {
        let display = EscapedText(path).description
        let temporary = path + ".partial-\(getpid())"
        let number = unsafe withCPath(Array(temporary.utf8)) {
            unsafe assay_openat(AT_FDCWD, $0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        }
        guard number >= 0 else { throw FileSystemError(errno: errno, path: display) }
        do {
            let file = Descriptor(number)
            try writeAll(bytes, to: file.number, path: display)
            guard fsync(file.number) == 0 || errno == EINVAL else { throw FileSystemError(errno: errno, path: display) }
            guard unsafe rename(temporary, path) == 0 else { throw FileSystemError(errno: errno, path: display) }
        } catch {
            _ = unsafe unlink(temporary)
            throw error
        }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                // `done` is less than the array's count, so the address is inside it.
                unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileSystemError(errno: errno, path: path)
            }
            done += count
        }
    }
}
