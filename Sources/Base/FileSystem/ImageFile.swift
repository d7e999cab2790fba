public import AssayBytes
import CAssayShims
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A disk image or block device of the running system, read and written by position.
///
/// What is written is undone unless `commit` is called: when the value goes away, and when SIGINT, SIGTERM or SIGHUP ends
/// the process. A new file is removed, one that was there is cut to the size that it had; what was overwritten inside
/// that size stays overwritten.
public final class ImageFile: ByteSource, ByteSink {
    private enum Change {
        /// Nothing may be written.
        case none
        /// A file of another name that becomes `path` at the end.
        case new(temporary: String, path: String, cleanup: Int32)
        /// A file that was there, of `size` bytes.
        case grown(size: off_t, cleanup: Int32)
        /// A block device, whose size does not change.
        case device
        /// Committed, or undone.
        case done
    }

    private let descriptor: Descriptor
    private let path: String
    private let change: Mutex<Change>
    /// Bytes written so far.
    private let written = Atomic<Int>(0)
    /// After each of so many bytes the kernel is asked to begin writing to the disk, so that the flush at the end finds
    /// little to do.
    private static let writeBackUnit = 1 << 20

    private init(_ descriptor: Descriptor, path: String, _ change: sending Change) {
        self.descriptor = descriptor
        self.path = path
        self.change = Mutex(change)
    }

    /// What errors call the file: its path, escaped.
    public var name: String { EscapedText(path).description }

    deinit { undo() }

    /// Opens the regular file or block device at `path`.
    ///
    /// - Throws: `FileSystemError` also for a directory, a FIFO or a character device.
    public static func open(_ path: String, forWriting: Bool = false) throws -> ImageFile {
        let display = EscapedText(path).description
        // O_NONBLOCK keeps a FIFO from blocking us (open(2)); the type is checked below.
        let flags = (forWriting ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
        let number = unsafe withCPath(Array(path.utf8)) { unsafe assay_openat(AT_FDCWD, $0, flags, 0) }
        guard number >= 0 else { throw FileSystemError(errno: errno, path: display) }
        let descriptor = Descriptor(number)
        var raw = stat()
        guard unsafe fstat(number, &raw) == 0 else { throw FileSystemError(errno: errno, path: display) }
        switch raw.st_mode & S_IFMT {
        case S_IFDIR: throw FileSystemError(errno: EISDIR, path: display)
        case S_IFBLK: return ImageFile(descriptor, path: path, forWriting ? .device : .none)
        case S_IFREG:
            guard forWriting else { return ImageFile(descriptor, path: path, .none) }
            let cleanup = assay_truncate_on_signal(number, raw.st_size)
            return ImageFile(descriptor, path: path, .grown(size: raw.st_size, cleanup: cleanup))
        default:
            throw FileSystemError(
                code: .wrongType, path: display, reason: "neither a regular file nor a block device")
        }
    }

    /// Makes a new file that gets the name `path` with `commit`; what `path` names stays until then.
    ///
    /// - Throws: `FileSystemError`, also when `path` is something other than a regular file.
    public static func create(_ path: String, mode: UInt32 = 0o644) throws -> ImageFile {
        let display = EscapedText(path).description
        let path = try AtomicFile.resolved(path, display: display)
        let temporary = path + ".partial-\(getpid())"
        let number = unsafe withCPath(Array(temporary.utf8)) {
            unsafe assay_openat(AT_FDCWD, $0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        }
        guard number >= 0 else { throw FileSystemError(errno: errno, path: display) }
        let cleanup = unsafe assay_unlink_on_signal(temporary)
        return ImageFile(Descriptor(number), path: path, .new(temporary: temporary, path: path, cleanup: cleanup))
    }

    /// Makes a copy of `original` that takes its place with `commit`; until then the original stays as it is.
    ///
    /// - Parameters:
    ///   - original: what is copied.
    ///   - progress: called with the number of bytes copied since the last call.
    /// - Returns: the copy.
    /// - Throws: `FileSystemError`, also for a block device, which cannot be replaced.
    public static func create(
        replacing original: ImageFile, progress: (Int) -> Void = { _ in }
    ) throws -> ImageFile {
        let status = try original.descriptor.status(path: original.name)
        let copy = try create(original.path, mode: status.mode)
        // Neither the umask nor our own identity decides about a replaced file; a refusal to give it away is no failure.
        _ = fchown(copy.descriptor.number, status.userID, status.groupID)
        _ = fchmod(copy.descriptor.number, status.mode)
        let size = original.size
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var offset: UInt64 = 0
        while offset < size.rawValue {
            var span = buffer.mutableSpan
            let count = try original.read(into: &span, at: ByteOffset(offset))
            guard count > 0 else { throw FileSystemError(errno: EIO, path: original.name) }
            // Zeros stay a hole, as they may have been one.
            if buffer[..<count].contains(where: { $0 != 0 }) {
                try copy.write(buffer.span.extracting(first: count), at: ByteOffset(offset))
            }
            offset += UInt64(count)
            progress(count)
        }
        try copy.resize(to: size)
        return copy
    }

    /// The size in bytes, as it is now.
    public var size: ByteCount {
        // lseek tells the size of block devices too; nothing here uses the descriptor's own position.
        let end = lseek(descriptor.number, 0, SEEK_END)
        return ByteCount(UInt64(max(0, end)))
    }

    /// Whether two values are the same file.
    public func isSameFile(as other: ImageFile) throws -> Bool {
        let mine = try descriptor.status(path: name)
        let theirs = try other.descriptor.status(path: other.name)
        return mine.device == theirs.device && mine.inode == theirs.inode
    }

    /// Reads bytes from `offset` on into `buffer`, up to the end as it is now.
    public func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) throws -> Int {
        try descriptor.read(into: &buffer, at: offset, path: name)
    }

    /// Writes all of `bytes` at `offset`.
    ///
    /// - Throws: `FileSystemError`, also behind the end of a block device.
    public func write(_ bytes: Span<UInt8>, at offset: ByteOffset) throws {
        guard let start = off_t(exactly: offset.rawValue) else { throw FileSystemError(errno: EFBIG, path: name) }
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBufferPointer { pointer in
                // `done` is less than the span's count, so the address is inside it.
                unsafe assay_pwrite(
                    descriptor.number, pointer.baseAddress?.advanced(by: done), bytes.count - done,
                    start + off_t(done))
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileSystemError(errno: errno, path: name)
            }
            guard count > 0 else { throw FileSystemError(errno: ENOSPC, path: name) }
            done += count
        }
        let total = written.add(done, ordering: .relaxed)
        if total.oldValue / ImageFile.writeBackUnit != total.newValue / ImageFile.writeBackUnit {
            // Only a hint: where it is not supported, `commit` does it all.
            assay_start_write_back(descriptor.number)
        }
    }

    /// Makes the file `size` bytes long: what is added reads as zero.
    public func resize(to size: ByteCount) throws {
        guard let length = off_t(exactly: size.rawValue), ftruncate(descriptor.number, length) == 0 else {
            throw FileSystemError(errno: errno, path: name)
        }
    }

    /// Makes everything written last: flushes it to the disk, and gives a new file its name.
    public func commit() throws {
        guard fsync(descriptor.number) == 0 || errno == EINVAL else { throw FileSystemError(errno: errno, path: name) }
        try change.withLock { change in
            switch change {
            case .none, .device, .done: break
            case .grown(_, let cleanup): assay_end_cleanup(cleanup)
            case .new(let temporary, let path, let cleanup):
                guard unsafe rename(temporary, path) == 0 else { throw FileSystemError(errno: errno, path: name) }
                assay_end_cleanup(cleanup)
            }
            change = .done
        }
    }

    /// Undoes what was written, as far as the type's description says.
    public func undo() {
        change.withLock { change in
            switch change {
            case .none, .device, .done: break
            case .grown(let size, let cleanup):
                _ = ftruncate(descriptor.number, size)
                assay_end_cleanup(cleanup)
            case .new(let temporary, _, let cleanup):
                _ = unsafe unlink(temporary)
                assay_end_cleanup(cleanup)
            }
            change = .done
        }
    }
}
