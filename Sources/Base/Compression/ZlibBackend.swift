import CZlib

/// gzip, zlib and raw deflate through zlib.
@safe final class ZlibBackend: Backend {
    /// Heap memory of our own: zlib's state points back to it, so it must stay where it is.
    private let stream: UnsafeMutablePointer<z_stream>

    init(_ format: CompressionFormat) throws(CompressionFault) {
        // zlib.h, inflateInit2: 15 bits of window; + 16 for gzip, negative for no header.
        let bits: Int32 =
            switch format {
            case .gzip: 15 + 16
            case .deflate: -15
            default: 15
            }
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let size = Int32(unsafe MemoryLayout<z_stream>.size)
        guard unsafe inflateInit2_(stream, bits, ZLIB_VERSION, size) == Z_OK else { throw outOfMemory("zlib") }
    }

    // `inflateEnd` accepts a stream that `inflateInit2_` refused: its state is null then.
    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    func begin() throws(CompressionFault) {
        guard unsafe inflateReset(stream) == Z_OK else { throw outOfMemory("zlib") }
    }

    func step(
        _ input: Span<UInt8>, remaining: UInt64, into output: inout MutableSpan<UInt8>, atMost room: Int
    ) throws(CompressionFault) -> BackendStep {
        // Safe: both pointers live as long as the call; zlib reads at most avail_in and writes at most avail_out bytes, and
        // does not write through next_in. Counts fit: the reader steps by at most 2^30 bytes.
        let status = unsafe input.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(source.count)
                unsafe stream.pointee.next_out = target.baseAddress
                unsafe stream.pointee.avail_out = UInt32(min(room, target.count))
                let status = unsafe inflate(stream, Z_NO_FLUSH)
                unsafe stream.pointee.next_in = nil
                unsafe stream.pointee.next_out = nil
                return status
            }
        }
        let step = BackendStep(
            consumed: input.count - Int(unsafe stream.pointee.avail_in),
            produced: room - Int(unsafe stream.pointee.avail_out), isFinished: status == Z_STREAM_END)
        switch status {
        case Z_OK, Z_STREAM_END, Z_BUF_ERROR: return step
        case Z_NEED_DICT: throw CompressionFault(code: .unsupported, detail: "a preset dictionary is needed")
        case Z_MEM_ERROR: throw outOfMemory("zlib")
        default:
            // Safe: msg is null or a constant string of zlib.
            let message = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
            throw CompressionFault(code: .corrupt, detail: message ?? "zlib error \(status)")
        }
    }
}
