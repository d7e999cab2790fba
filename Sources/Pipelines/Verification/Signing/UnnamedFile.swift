#if canImport(Glibc)
    import Glibc
#endif

/// Bytes that another program reads as a file, which has no name any more: nothing is left however a run ends.
final class UnnamedFile: Sendable {
    private let descriptor: CInt

    /// Where the program finds it while this value lives.
    var path: String { "/proc/\(getpid())/fd/\(descriptor)" }

    /// Makes a file of `bytes` on the disk of the file `neighbour`, for this user only.
    init(_ bytes: [UInt8], beside neighbour: String) throws {
        let folder = neighbour.utf8.lastIndex(of: 0x2F).map { String(neighbour[...$0]) } ?? "./"
        var name = Array((folder + ".assay-sign-XXXXXX").utf8CString)
        descriptor = unsafe name.withUnsafeMutableBufferPointer {
            unsafe $0.baseAddress.map { unsafe mkstemp($0) } ?? -1
        }
        guard descriptor >= 0 else { throw UnnamedFile.failure(in: folder) }
        _ = unsafe name.withUnsafeBufferPointer { unsafe $0.baseAddress.map { unsafe unlink($0) } }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                throw UnnamedFile.failure(in: folder)
            }
            written += count
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private static func failure(in folder: String) -> VerificationError {
        VerificationError(
            "what is to be signed could not be written in '\(folder)': \(unsafe String(cString: strerror(errno)))")
    }
}
