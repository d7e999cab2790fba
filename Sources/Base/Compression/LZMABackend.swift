import AssayBytes
import CLzma

/// xz and lzma through liblzma.
@safe final class LZMABackend: Backend {
    /// Heap memory of our own: liblzma keeps its state behind it, so it must stay where it is.
    private let stream: UnsafeMutablePointer<lzma_stream>
    private let format: CompressionFormat
    private let memory: UInt64
    /// LZMA_TELL_UNSUPPORTED_CHECK of lzma/container.h, a macro that Swift does not see.
    private static let tellUnsupportedCheck: UInt32 = 2

    init(_ format: CompressionFormat, memory: ByteCount) {
        self.format = format
        // A limit of 0 is reserved; 1 means "as little as possible" (lzma/container.h, lzma_stream_decoder).
        self.memory = max(memory.rawValue, 1)
        unsafe stream = .allocate(capacity: 1)
        // All zero is LZMA_STREAM_INIT.
        unsafe stream.initialize(to: lzma_stream())
    }

    deinit {
        unsafe lzma_end(stream)
        unsafe stream.deallocate()
    }

    func begin() throws(CompressionFault) {
        let status =
            format == .lzma
            ? unsafe lzma_alone_decoder(stream, memory)
            : unsafe lzma_stream_decoder(stream, memory, Self.tellUnsupportedCheck)
        guard status == LZMA_OK else { throw outOfMemory("liblzma") }
    }

    func step(
        _ input: Span<UInt8>, remaining: UInt64, into output: inout MutableSpan<UInt8>, atMost room: Int
    ) throws(CompressionFault) -> BackendStep {
        // Safe: both pointers live as long as the call; liblzma reads at most avail_in and writes at most avail_out bytes.
        let status = unsafe input.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                unsafe stream.pointee.next_in = source.baseAddress
                unsafe stream.pointee.avail_in = source.count
                unsafe stream.pointee.next_out = target.baseAddress
                unsafe stream.pointee.avail_out = min(room, target.count)
                let status = unsafe lzma_code(stream, LZMA_RUN)
                unsafe stream.pointee.next_in = nil
                unsafe stream.pointee.next_out = nil
                return status
            }
        }
        let step = BackendStep(
            consumed: input.count - (unsafe stream.pointee.avail_in),
            produced: room - (unsafe stream.pointee.avail_out), isFinished: status == LZMA_STREAM_END)
        switch status {
        case LZMA_OK, LZMA_STREAM_END, LZMA_BUF_ERROR: return step
        case LZMA_MEMLIMIT_ERROR:
            let needed = unsafe lzma_memusage(stream)
            throw CompressionFault(
                code: .memoryLimitExceeded, detail: "\(needed) bytes are needed, \(memory) allowed")
        case LZMA_MEM_ERROR: throw outOfMemory("liblzma")
        case LZMA_UNSUPPORTED_CHECK:
            throw CompressionFault(code: .unsupported, detail: "the integrity check is of an unknown kind")
        case LZMA_OPTIONS_ERROR:
            throw CompressionFault(code: .unsupported, detail: "the filters or options are unknown")
        case LZMA_FORMAT_ERROR: throw CompressionFault(code: .corrupt, detail: "the header is not that of \(format)")
        default: throw CompressionFault(code: .corrupt, detail: "liblzma error \(status.rawValue)")
        }
    }
}
