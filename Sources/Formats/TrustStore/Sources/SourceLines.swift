/// The lines of a source file, numbered from 1, without their line feeds.
struct SourceLines {
    private let bytes: [UInt8]
    private let end: Int
    private var position: Int
    /// The number of the line that was given last.
    private(set) var number: Int

    /// Starts at the first line; a byte order mark before it is passed over.
    init(_ bytes: [UInt8]) { self.init(bytes, in: bytes.indices, after: 0) }

    /// Gives the lines of a part of the file, before which there are `number`.
    init(_ bytes: [UInt8], in range: Range<Int>, after number: Int) {
        self.bytes = bytes
        self.number = number
        end = range.upperBound
        position = range.lowerBound == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : range.lowerBound
    }

    /// The next line without blanks around it, or nil at the end.
    mutating func next() -> ArraySlice<UInt8>? {
        guard position < end else { return nil }
        number += 1
        let stop = bytes[position..<end].firstIndex(of: 0x0A) ?? end
        let line = bytes[position..<stop]
        position = stop + 1
        return SourceLines.trimmed(line)
    }

    /// `text` without space, tab and carriage return at its ends.
    static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = text.drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return start.prefix(0) }
        return start[...last]
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    /// Where `pattern` stands in `text` for the first time; linear for patterns whose first byte is rare.
    static func find(_ pattern: String, in text: ArraySlice<UInt8>) -> Int? {
        let pattern = Array(pattern.utf8)
        guard let first = pattern.first else { return text.startIndex }
        var rest = text
        while let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: pattern) { return start }
            rest = rest.dropFirst()
        }
        return nil
    }
}
