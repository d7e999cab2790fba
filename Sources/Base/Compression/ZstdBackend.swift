import AssayBytes
import CZstd

/// Zstandard through libzstd.
@safe final class ZstdBackend: Backend {
    private let context: OpaquePointer
    private let windowLog: Int32

    init(memory: ByteCount) throws(CompressionFault) {
        // zstd.h allows windows of 2^10 to 2^31 bytes.
        windowLog = min(Int32(63 - max(memory.rawValue, 1).leadingZeroBitCount), 31)
        guard windowLog >= 10 else {
            throw CompressionFault(code: .memoryLimitExceeded, detail: "the smallest window has 1024 bytes")
        }
        guard let context = unsafe ZSTD_createDCtx() else { throw outOfMemory("libzstd") }
        unsafe self.context = context
        let status = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, windowLog)
        guard ZSTD_isError(status) == 0 else {
            throw CompressionFault(code: .memoryLimitExceeded, detail: "libzstd refuses a window of 2^\(windowLog)")
        }
    }

    deinit { unsafe ZSTD_freeDCtx(context) }

    func begin() throws(CompressionFault) {
        guard unsafe ZSTD_isError(ZSTD_DCtx_reset(context, ZSTD_reset_session_only)) == 0 else {
            throw outOfMemory("libzstd")
        }
    }

    func step(
        _ input: Span<UInt8>, remaining: UInt64, into output: inout MutableSpan<UInt8>, atMost room: Int
    ) throws(CompressionFault) -> BackendStep {
        // Safe: both pointers live as long as the call; libzstd stays inside the sizes given.
        let (status, consumed, produced) = unsafe input.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                var inBuffer = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
                var outBuffer = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: min(room, target.count), pos: 0)
                let status = unsafe ZSTD_decompressStream(context, &outBuffer, &inBuffer)
                return unsafe (status, inBuffer.pos, outBuffer.pos)
            }
        }
        guard ZSTD_isError(status) != 0 else {
            return BackendStep(consumed: consumed, produced: produced, isFinished: status == 0)
        }
        let code = ZSTD_getErrorCode(status)
        // Safe: the name is a constant string of libzstd.
        let name = unsafe String(cString: ZSTD_getErrorName(status))
        switch code {
        case ZSTD_error_frameParameter_windowTooLarge:
            throw CompressionFault(
                code: .memoryLimitExceeded, detail: "the window is larger than 2^\(windowLog) bytes")
        case ZSTD_error_memory_allocation: throw outOfMemory("libzstd")
        case ZSTD_error_dictionary_wrong, ZSTD_error_frameParameter_unsupported, ZSTD_error_version_unsupported:
            throw CompressionFault(code: .unsupported, detail: name)
        // An output buffer is never empty and input is never withheld before the end, so these mean "ended too early".
        case ZSTD_error_srcSize_wrong where UInt64(consumed) == remaining:
            throw CompressionFault(code: .truncated, detail: name)
        default: throw CompressionFault(code: .corrupt, detail: name)
        }
    }
}
