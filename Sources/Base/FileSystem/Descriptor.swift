import AssayBytes
import CAssayShims

#if canImport(Glibc)
    import Glibc
#endif

/// An open file descriptor that closes itself.
final class Descriptor: Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// What `fstat` says.
    func status(path: @autoclosure () -> String) throws -> FileStatus {
        var raw = stat()
        guard unsafe fstat(number, &raw) == 0 else { throw FileSystemError(errno: errno, path: path()) }
        return FileStatus(raw)
    }

    /// Reads bytes from `offset` on into `buffer` with `pread`: fewer than fit only where the file ends.
    func read(
        into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset, path: @autoclosure () -> String
    ) throws -> Int {
        guard let start = off_t(exactly: offset.rawValue) else { return 0 }
        let wanted = buffer.count
        var done = 0
        while done < wanted {
            let count = unsafe buffer.withUnsafeMutableBufferPointer { pointer in
                // `done` is less than the buffer's count, so the address is inside it.
                unsafe pread(number, pointer.baseAddress?.advanced(by: done), wanted - done, start + off_t(done))
            }
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileSystemError(errno: errno, path: path())
            }
            done += count
        }
        return done
    }

    /// Opens `path` below this directory, with symbolic links resolved as if this directory were the root.
    ///
    /// `O_NONBLOCK` keeps a FIFO that appeared in the meantime from blocking us (open(2)); the caller checks the type.
    func openInRoot(_ path: [UInt8], flags: Int32, display: @autoclosure () -> String) throws -> Descriptor {
        let flags = UInt64(UInt32(bitPattern: flags | O_CLOEXEC))
        let resolve = UInt64(ASSAY_RESOLVE_IN_ROOT | ASSAY_RESOLVE_NO_MAGICLINKS)
        var opened = unsafe withCPath(path) { unsafe assay_openat2(number, $0, flags, resolve) }
        // Where a `..` was resolved while anything on the system was renamed or mounted, the kernel cannot tell that the path
        // stayed inside, and asks for another attempt (openat2(2), EAGAIN).
        var attempts = 1
        while opened < 0 && errno == EAGAIN && attempts < 1000 {
            sched_yield()
            opened = unsafe withCPath(path) { unsafe assay_openat2(number, $0, flags, resolve) }
            attempts += 1
        }
        guard opened >= 0 else { throw FileSystemError(errno: errno, path: display()) }
        return Descriptor(opened)
    }

    /// Opens the entry `name` of this directory, never through a symbolic link.
    func openEntry(_ name: [UInt8], flags: Int32, display: @autoclosure () -> String) throws -> Descriptor {
        let opened = unsafe withCPath(name) { unsafe assay_openat(number, $0, flags | O_CLOEXEC | O_NOFOLLOW, 0) }
        guard opened >= 0 else { throw FileSystemError(errno: errno, path: display()) }
        return Descriptor(opened)
    }

    /// What `fstatat` says about the entry `name`, without following a symbolic link.
    func statusOfEntry(_ name: [UInt8], display: @autoclosure () -> String) throws -> FileStatus {
        var raw = stat()
        let result = unsafe withCPath(name) { unsafe fstatat(number, $0, &raw, AT_SYMLINK_NOFOLLOW) }
        guard result == 0 else { throw FileSystemError(errno: errno, path: display()) }
        return FileStatus(raw)
    }

    /// The magic number of the file system that holds this file (statfs(2)).
    func fileSystemType(path: @autoclosure () -> String) throws -> Int64 {
        var type: Int64 = 0
        guard unsafe assay_file_system_type(number, &type) == 0 else {
            throw FileSystemError(errno: errno, path: path())
        }
        return type
    }
}

/// Calls `body` with `path` as a C string.
func withCPath<Result>(_ path: [UInt8], _ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    // The array holds no NUL but the one appended here: TreePath and directory listings cut names at NUL.
    var text: [CChar] = []
    text.reserveCapacity(path.count + 1)
    for byte in path { text.append(CChar(bitPattern: byte)) }
    text.append(0)
    return try unsafe text.withUnsafeBufferPointer { buffer in
        // A non-empty array has a base address.
        guard let base = buffer.baseAddress else { preconditionFailure("an array of one element has no address") }
        return unsafe try body(base)
    }
}
