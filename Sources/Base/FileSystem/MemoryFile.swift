import CAssayShims

#if canImport(Glibc)
    import Glibc
#endif

/// Bytes that another program reads as a file, which are on no disk and have no name: nothing is left however a run ends
/// (memfd_create(2)).
public final class MemoryFile: Sendable {
    private let descriptor: CInt

    /// Where a program of the same user finds it while this value lives.
    public var path: String { "/proc/\(getpid())/fd/\(descriptor)" }

    /// Makes a file of `bytes`.
    ///
    /// - Throws: `FileSystemError` when the kernel has no room for it.
    public init(_ bytes: [UInt8]) throws {
        descriptor = unsafe assay_memory_file("assay")
        guard descriptor >= 0 else { throw FileSystemError(errno: errno, path: "memory") }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                let error = FileSystemError(errno: errno, path: "memory")
                close(descriptor)
                throw error
            }
            written += count
        }
    }

    deinit { close(descriptor) }
}
