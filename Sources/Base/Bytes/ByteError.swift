/// Why bytes could not be read as what they were meant to be.
public struct ByteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// The bytes end before the value does.
        public static let truncated = Code(name: "truncated")
        /// A number computed from the input does not fit its type.
        public static let overflow = Code(name: "overflow")
    }

    /// What went wrong.
    public let code: Code
    /// Where, in bytes from the start of what was being read.
    public let offset: ByteOffset
    /// The sentence for people.
    public let description: String

    /// The bytes end before `needed` bytes at `offset`.
    public static func truncated(at offset: ByteOffset, needed: Int) -> ByteError {
        ByteError(
            code: .truncated, offset: offset,
            description: "truncated: \(needed) bytes needed at offset \(offset.rawValue)")
    }

    /// A number computed at `offset` does not fit.
    public static func overflow(at offset: ByteOffset) -> ByteError {
        ByteError(code: .overflow, offset: offset, description: "number too large at offset \(offset.rawValue)")
    }
}
