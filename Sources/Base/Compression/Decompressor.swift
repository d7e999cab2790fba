public import AssayBytes

/// How much a decompression may use.
public struct DecompressionLimits: Hashable, Sendable {
    /// The most bytes that may come out.
    public var output: ByteCount
    /// The most memory for the format's window and tables; the library's fixed overhead (below 1 MiB) comes on top.
    public var memory: ByteCount

    /// Allows `output` bytes out and `memory` bytes of window.
    ///
    /// The default of 160 MiB is enough for every preset of xz and zstd, and for the 128 MiB windows of `zstd --ultra -22`.
    public init(output: ByteCount, memory: ByteCount = .mebibytes(160)) {
        self.output = output
        self.memory = memory
    }
}

/// Which part of the input is the compressed stream.
public enum CompressedExtent: Hashable, Sendable {
    /// All of it: members may follow one another, nothing else may follow the last.
    case wholeInput
    /// The first member; what follows is not looked at (a Linux kernel's payload is followed by its size).
    case firstMember
}

/// A bounded decompression: what to expect and how much to allow.
public struct Decompressor: Hashable, Sendable {
    /// How the input is compressed.
    public let format: CompressionFormat
    /// How much may be used.
    public let limits: DecompressionLimits
    /// Which part of the input is compressed.
    public let extent: CompressedExtent

    /// Describes a decompression.
    public init(_ format: CompressionFormat, limits: DecompressionLimits, extent: CompressedExtent = .wholeInput) {
        self.format = format
        self.limits = limits
        self.extent = extent
    }

    /// Decompresses `input`.
    ///
    /// - Throws: `CompressionError`.
    public func bytes(of input: [UInt8]) throws -> [UInt8] {
        try bytes(of: ByteArraySource(input))
    }

    /// Decompresses a part of `source`, which is read in windows of 64 KiB.
    ///
    /// - Parameters:
    ///   - source: where the compressed bytes are.
    ///   - offset: the first compressed byte.
    ///   - count: the number of compressed bytes; nil for all up to the end.
    /// - Returns: the decompressed bytes.
    /// - Throws: `CompressionError`, or the source's own error.
    public func bytes(
        of source: any ByteSource, at offset: ByteOffset = .zero, count: ByteCount? = nil
    ) throws -> [UInt8] {
        var reader = try DecompressionReader(source, at: offset, count: count, with: self)
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            var span = chunk.mutableSpan
            let count = try reader.read(into: &span)
            guard count > 0 else { return result }
            result.append(contentsOf: chunk[..<count])
        }
    }
}
