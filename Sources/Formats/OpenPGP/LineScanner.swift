/// The lines of a text in memory, one after the other, without copies.
struct LineScanner {
    let bytes: [UInt8]
    private(set) var position: Int

    init(_ bytes: [UInt8], from position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// Whether `byte` is a space, a tab, a carriage return or a line feed.
    static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }

    /// A line: its bytes up to the line ending, and where the next one starts.
    struct Line {
        /// The bytes without LF or CR LF.
        let content: Range<Int>
        /// Content and line ending.
        let whole: Range<Int>
    }

    /// The next line, or nil at the end.
    mutating func next() -> Line? {
        guard position < bytes.count else { return nil }
        let start = position
        var end = start
        while end < bytes.count, bytes[end] != 0x0A { end += 1 }
        position = end < bytes.count ? end + 1 : end
        // A CR is part of the line ending only in front of an LF.
        let content = end < bytes.count && end > start && bytes[end - 1] == 0x0D ? start..<(end - 1) : start..<end
        return Line(content: content, whole: start..<position)
    }

    /// The range without the spaces, tabs and carriage returns at its end.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var end = range.upperBound
        while end > range.lowerBound, bytes[end - 1] != 0x0A, Self.isWhiteSpace(bytes[end - 1]) { end -= 1 }
        return range.lowerBound..<end
    }

    /// Whether the range holds exactly `text`, trailing white space aside.
    func isLine(_ range: Range<Int>, _ text: String) -> Bool {
        // Most lines are told by their first byte.
        bytes[range].first == text.utf8.first && bytes[trimmed(range)].elementsEqual(text.utf8)
    }

    /// Whether the range starts with `text`.
    func hasPrefix(_ range: Range<Int>, _ text: String) -> Bool { bytes[range].starts(with: text.utf8) }
}
