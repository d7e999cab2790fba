import CLz4

/// LZ4 frames through liblz4.
@safe final class LZ4FrameBackend: Backend {
    private let context: OpaquePointer

    init() throws(CompressionFault) {
        var context: OpaquePointer?
        let status = unsafe LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))
        guard LZ4F_isError(status) == 0, let context = unsafe context else { throw outOfMemory("liblz4") }
        unsafe self.context = context
    }

    deinit { unsafe LZ4F_freeDecompressionContext(context) }

    func begin() { unsafe LZ4F_resetDecompressionContext(context) }

    func step(
        _ input: Span<UInt8>, remaining: UInt64, into output: inout MutableSpan<UInt8>, atMost room: Int
    ) throws(CompressionFault) -> BackendStep {
        // Safe: both pointers live as long as the call; liblz4 stays inside the sizes given and keeps its own copy of the
        // window, because stableDst is not set.
        let (status, consumed, produced) = unsafe input.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                var consumed = source.count
                var produced = min(room, target.count)
                let status = unsafe LZ4F_decompress(
                    context, target.baseAddress, &produced, source.baseAddress, &consumed, nil)
                return (status, consumed, produced)
            }
        }
        guard LZ4F_isError(status) == 0 else {
            // Safe: the name is a constant string of liblz4.
            let name = unsafe String(cString: LZ4F_getErrorName(status))
            throw CompressionFault(code: .corrupt, detail: name)
        }
        return BackendStep(consumed: consumed, produced: produced, isFinished: status == 0)
    }
}
