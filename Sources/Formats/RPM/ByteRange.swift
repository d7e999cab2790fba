public import AssayBytes

/// Adjoining bytes of a package file.
public struct ByteRange: Hashable, Sendable, CustomStringConvertible {
    /// The first byte, from the start of the file.
    public let offset: ByteOffset
    /// The number of bytes.
    public let count: ByteCount

    /// The offset behind the last byte.
    public var end: ByteOffset { ByteOffset(offset.rawValue + count.rawValue) }

    /// Whether the range has no bytes.
    public var isEmpty: Bool { count == .zero }

    /// The first offset and the one behind the last byte.
    public var description: String { "\(offset.rawValue)..<\(end.rawValue)" }

    /// Ranges come from positions inside a file, so that the sum of both never overflows.
    init(_ start: UInt64, _ end: UInt64) {
        offset = ByteOffset(start)
        count = ByteCount(end > start ? end - start : 0)
    }
}
