/// Why a text was refused as JSON.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// It is not JSON.
        public static let malformed = Code(name: "malformed JSON")
        /// It ends inside a value.
        public static let truncated = Code(name: "truncated JSON")
        /// It is not UTF-8, or a text in it is none.
        public static let encoding = Code(name: "invalid text")
        /// An object has a name twice: readers differ in which value they take.
        public static let duplicateKey = Code(name: "duplicate name")
        /// It is larger, deeper or has more values than is accepted.
        public static let tooLarge = Code(name: "too large")
    }

    /// What went wrong.
    public let code: Code
    /// The line, from 1.
    public let line: Int
    /// The column in characters, from 1.
    public let column: Int
    /// What exactly, in words.
    public let detail: String

    /// The sentence for people.
    public var description: String { "\(code.name) at \(line):\(column): \(detail)" }
}

/// A place in a text.
public struct JSONPlace: Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int
    /// The column in characters, from 1.
    public let column: Int

    /// `line:column`.
    public var description: String { "\(line):\(column)" }

    /// The place of the byte at `offset` of `bytes`.
    init(of offset: Int, in bytes: [UInt8]) {
        let before = bytes[..<min(offset, bytes.count)]
        line = before.count { $0 == 0x0A } + 1
        let start = (before.lastIndex(of: 0x0A) ?? -1) + 1
        column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
    }
}
