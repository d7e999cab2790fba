/// A position in a subject, in bytes from its start.
///
/// Arithmetic is checked: an offset taken from hostile input can overflow, and an overflow must be an error, never a wrap.
public struct ByteOffset: RawRepresentable, Hashable, Comparable, Sendable {
    /// Bytes from the start.
    public let rawValue: UInt64

    /// Makes an offset of `rawValue` bytes.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Makes an offset of `bytes` bytes.
    public init(_ bytes: UInt64) { self.rawValue = bytes }

    /// The start of the subject.
    public static let zero = ByteOffset(0)

    /// The offset `count` bytes further on, or nil when that does not fit in 64 bits.
    public func advanced(by count: ByteCount) -> ByteOffset? {
        let (sum, overflow) = rawValue.addingReportingOverflow(count.rawValue)
        return overflow ? nil : ByteOffset(sum)
    }

    /// Orders by position.
    public static func < (left: ByteOffset, right: ByteOffset) -> Bool { left.rawValue < right.rawValue }
}

/// A length in bytes.
public struct ByteCount: RawRepresentable, Hashable, Comparable, Sendable {
    /// The number of bytes.
    public let rawValue: UInt64

    /// Makes a count of `rawValue` bytes.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Makes a count of `bytes` bytes.
    public init(_ bytes: UInt64) { self.rawValue = bytes }

    /// No bytes.
    public static let zero = ByteCount(0)

    /// `count` units of 1,024 bytes.
    public static func kibibytes(_ count: UInt64) -> ByteCount { ByteCount(count * 1024) }

    /// `count` units of 1,048,576 bytes.
    public static func mebibytes(_ count: UInt64) -> ByteCount { ByteCount(count * 1024 * 1024) }

    /// The number of bytes as an `Int`, or nil when it does not fit.
    public var asInt: Int? { Int(exactly: rawValue) }

    /// Orders by size.
    public static func < (left: ByteCount, right: ByteCount) -> Bool { left.rawValue < right.rawValue }
}
