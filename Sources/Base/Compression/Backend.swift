import AssayBytes

/// What one call of a library did.
struct BackendStep {
    var consumed = 0
    var produced = 0
    /// The member has ended and everything was given out.
    var isFinished = false
}

/// One decompression library, behind safe types.
///
/// A class, because the libraries keep pointers into their own state: it must not move and must be freed once.
protocol Backend: AnyObject {
    /// Starts a new member.
    func begin() throws(CompressionFault)

    /// Decompresses what it can of `input` into `output`.
    ///
    /// - Parameters:
    ///   - input: the next bytes; empty only at the end of the input.
    ///   - remaining: the number of bytes from the first of `input` to the end of all input.
    ///   - output: where to write, from its first element on; not empty.
    ///   - room: the most bytes to write, from 1 to the size of `output`.
    /// - Returns: what was read and written.
    /// - Throws: a fault of the stream.
    func step(
        _ input: Span<UInt8>, remaining: UInt64, into output: inout MutableSpan<UInt8>, atMost room: Int
    ) throws(CompressionFault) -> BackendStep
}

/// The adapter for `format`, if its fixed memory fits into `memory`.
func makeBackend(for format: CompressionFormat, memory: ByteCount) throws(CompressionFault) -> any Backend {
    switch format {
    case .gzip, .zlib, .deflate:
        try require(.kibibytes(64), of: memory)
        return try ZlibBackend(format)
    case .xz, .lzma:
        return LZMABackend(format, memory: memory)
    case .zstd:
        return try ZstdBackend(memory: memory)
    case .lz4:
        // Two blocks of at most 4 MiB and the 64 KiB window.
        try require(.mebibytes(9), of: memory)
        return try LZ4FrameBackend()
    case .lz4Legacy:
        try require(.mebibytes(17), of: memory)
        return LZ4LegacyBackend()
    case .bzip2, .lzo:
        throw CompressionFault(code: .unsupported, detail: "\(format) is recognised but not decompressed")
    }
}

private func require(_ needed: ByteCount, of memory: ByteCount) throws(CompressionFault) {
    guard needed <= memory else {
        throw CompressionFault(
            code: .memoryLimitExceeded, detail: "\(needed.rawValue) bytes are needed, \(memory.rawValue) allowed")
    }
}

/// The fault of a library that could not allocate its state.
func outOfMemory(_ library: String) -> CompressionFault {
    CompressionFault(code: .memoryLimitExceeded, detail: "\(library) could not allocate its state")
}
