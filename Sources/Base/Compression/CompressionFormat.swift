/// How a run of bytes is compressed.
public enum CompressionFormat: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// gzip members (RFC 1952).
    case gzip
    /// A zlib stream (RFC 1950).
    case zlib
    /// Deflate blocks without header or checksum (RFC 1951). Has no magic: never detected.
    case deflate
    /// An .xz file (<https://tukaani.org/xz/xz-file-format.txt>).
    case xz
    /// The older .lzma file, also called LZMA_Alone.
    case lzma
    /// Zstandard frames (RFC 8878).
    case zstd
    /// LZ4 frames (<https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md>).
    case lz4
    /// The LZ4 frame of the lz4 tool's `-l`, which the Linux kernel uses.
    case lz4Legacy
    /// bzip2: recognised, not decompressed.
    case bzip2
    /// An lzop file: recognised, not decompressed.
    case lzo

    /// The name that people know.
    public var description: String {
        switch self {
        case .lz4Legacy: "legacy lz4"
        default: rawValue
        }
    }

    /// Whether this library can decompress it.
    public var isSupported: Bool { self != .bzip2 && self != .lzo }

    /// The most bytes that `detect(_:)` looks at.
    public static let magicLength = 13

    /// The format that `prefix`, the first bytes of an input, announces, or nil when none is known.
    ///
    /// The formats with a real magic number are told apart surely. zlib (two bytes) and lzma (no magic, only a header with
    /// plausible values) are guesses, tried last: a caller that knows better should name the format.
    public static func detect(_ prefix: some Collection<UInt8>) -> CompressionFormat? {
        let head = Array(prefix.prefix(magicLength))
        for (magic, format) in magics where head.starts(with: magic) { return format }
        if isSkippableFrame(head) { return .zstd }
        if looksLikeLZMA(head) { return .lzma }
        guard head.count >= 2, head[0] == 0x78, (UInt16(head[0]) << 8 | UInt16(head[1])) % 31 == 0 else { return nil }
        return .zlib
    }

    /// Whether a member of this format can begin with `head`; formats without a magic number begin anyhow.
    func canBegin(with head: [UInt8]) -> Bool {
        switch self {
        case .zstd, .lz4: head.starts(with: magic) || CompressionFormat.isSkippableFrame(head)
        default: head.starts(with: magic)
        }
    }

    /// Whether another member may follow a finished one.
    var isRepeatable: Bool {
        switch self {
        case .gzip, .xz, .zstd, .lz4, .lz4Legacy: true
        case .zlib, .deflate, .lzma, .bzip2, .lzo: false
        }
    }

    private var magic: [UInt8] { CompressionFormat.magics.first { $0.1 == self }?.0 ?? [] }

    private static let magics: [([UInt8], CompressionFormat)] = [
        ([0x1F, 0x8B], .gzip),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .xz),
        ([0x28, 0xB5, 0x2F, 0xFD], .zstd),
        ([0x04, 0x22, 0x4D, 0x18], .lz4),
        ([0x02, 0x21, 0x4C, 0x18], .lz4Legacy),
        ([0x42, 0x5A, 0x68], .bzip2),
        ([0x89, 0x4C, 0x5A, 0x4F, 0x00, 0x0D, 0x0A, 0x1A, 0x0A], .lzo),
    ]

    /// Frames to pass over, 0x184D2A50 to 0x184D2A5F: RFC 8878, section 3.1.2; LZ4 shares them.
    static func isSkippableFrame(_ head: [UInt8]) -> Bool {
        head.count >= 4 && head[0] & 0xF0 == 0x50 && head[1] == 0x2A && head[2] == 0x4D && head[3] == 0x18
    }

    /// The checks by which xz itself guesses: properties, a dictionary of 2^n or 2^n + 2^(n-1), a size below 256 GiB.
    private static func looksLikeLZMA(_ head: [UInt8]) -> Bool {
        guard head.count == magicLength, head[0] < 9 * 5 * 5 else { return false }
        var dictionary: UInt32 = 0
        for byte in head[1..<5].reversed() { dictionary = dictionary << 8 | UInt32(byte) }
        guard dictionary >= 4096 else { return false }
        if dictionary != .max, dictionary.nonzeroBitCount > 2 { return false }
        if dictionary != .max, dictionary.nonzeroBitCount == 2,
            dictionary.leadingZeroBitCount + dictionary.trailingZeroBitCount != 30
        {
            return false
        }
        var size: UInt64 = 0
        for byte in head[5..<13].reversed() { size = size << 8 | UInt64(byte) }
        return size == .max || size < 1 << 38
    }
}
