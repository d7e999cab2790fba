/// The lines of a text file, numbered from 1, without their line ends.
///
/// Text of a subject is bytes: a line is decoded with U+FFFD for what is not UTF-8, so that a parser sees every line.
/// A final line without a line end counts; an empty text has no lines. A carriage return before the line end is kept.
public struct TextLines: Sequence, Sendable {
    /// One line.
    public struct Line: Hashable, Sendable {
        /// Counted from 1.
        public let number: Int
        /// The text without its line end.
        public let text: Substring
    }

    private let text: String

    /// Splits `bytes` at line feeds.
    public init(_ bytes: [UInt8]) { text = String(decoding: bytes, as: UTF8.self) }

    /// Splits `text` at line feeds.
    public init(_ text: String) { self.text = text }

    /// Starts at the first line.
    public func makeIterator() -> Iterator { Iterator(rest: text[...], number: 0) }

    /// Walks the lines in order.
    public struct Iterator: IteratorProtocol {
        var rest: Substring
        var number: Int

        /// The next line, or nil at the end.
        public mutating func next() -> Line? {
            guard !rest.isEmpty else { return nil }
            number += 1
            let bytes = rest.utf8
            if let end = bytes.firstIndex(of: 0x0A) {
                defer { rest = rest[bytes.index(after: end)...] }
                return Line(number: number, text: rest[..<end])
            }
            defer { rest = "" }
            return Line(number: number, text: rest)
        }
    }
}
