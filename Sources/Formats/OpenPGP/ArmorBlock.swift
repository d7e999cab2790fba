internal import AssayBytes

/// Whether the checksum of an armored block is that of its bytes (RFC 9580, section 6.1).
public enum ArmorChecksum: Hashable, Sendable {
    /// There is none.
    case absent
    /// It is.
    case correct
    /// It is not, or cannot be read; RFC 9580 forbids to refuse the block for it, GnuPG does.
    case wrong
}

/// One block of ASCII armor (RFC 9580, section 6.2: https://www.rfc-editor.org/rfc/rfc9580#section-6.2).
public struct ArmorBlock: Hashable, Sendable {
    /// The words between `BEGIN PGP` and the dashes, such as `SIGNATURE`.
    public let label: String
    /// The header lines as they stand; nothing signs them.
    public let headers: [[UInt8]]
    /// The decoded bytes.
    public let bytes: [UInt8]
    /// Whether the checksum is right.
    public let checksum: ArmorChecksum
    /// Where the block stands in the text, in bytes, its line endings included.
    public let range: Range<Int>

    /// The most bytes of text that are looked at.
    public static let maximumSize = 32 * 1024 * 1024
    /// The most blocks of one text.
    public static let maximumBlocks = 1024
    /// The most header lines of one block.
    public static let maximumHeaders = 64

    /// Whether `bytes` look like packets and not like text: the first bit of every packet is set.
    public static func isBinary(_ bytes: [UInt8]) -> Bool { bytes.first.map { $0 & 0x80 != 0 } ?? false }

    /// Reads every block of `text`.
    ///
    /// Text outside of blocks is passed over; `textOutside(_:in:)` tells where there is some.
    ///
    /// - Throws: `OpenPGPError` when a block breaks the rules, does not end, or when there are too many.
    public static func blocks(in text: [UInt8]) throws -> [ArmorBlock] { try blocks(in: text) { _ in } }

    /// Reads every block of `text`; `accepts` throws at the label of one that is not wanted, before it is read.
    static func blocks(in text: [UInt8], accepts: (String) throws -> Void) throws -> [ArmorBlock] {
        guard text.count <= maximumSize else {
            throw OpenPGPError(.tooLarge, "the armored text is larger than \(maximumSize) bytes")
        }
        var blocks: [ArmorBlock] = []
        var lines = LineScanner(text)
        while let line = lines.next() {
            guard let label = label(of: line.content, "BEGIN", lines) else { continue }
            guard blocks.count < maximumBlocks else {
                throw OpenPGPError(.tooMany, "more than \(maximumBlocks) armored blocks")
            }
            try accepts(label)
            blocks.append(try block(label, from: line.whole.lowerBound, &lines))
        }
        return blocks
    }

    /// The parts of `text` outside of `blocks` that hold more than white space.
    public static func textOutside(_ blocks: [ArmorBlock], in text: [UInt8]) -> [Range<Int>] {
        var outside: [Range<Int>] = []
        var start = 0
        for end in blocks.map(\.range) + [text.count..<text.count] {
            let gap = start..<max(start, min(end.lowerBound, text.count))
            if text[gap].contains(where: { !LineScanner.isWhiteSpace($0) }) { outside.append(gap) }
            start = min(end.upperBound, text.count)
        }
        return outside
    }

    /// The words of a line `-----BEGIN PGP …-----`, or nil for every other line.
    private static func label(of line: Range<Int>, _ word: String, _ lines: LineScanner) -> String? {
        // Most lines are told by their first byte.
        guard lines.bytes[line].first == 0x2D else { return nil }
        let start = "-----\(word) PGP "
        let line = lines.trimmed(line)
        guard line.count <= 80, lines.hasPrefix(line, start), line.count > start.utf8.count + 5 else { return nil }
        let name = lines.bytes[line].dropFirst(start.utf8.count)
        guard name.suffix(5).allSatisfy({ $0 == 0x2D }) else { return nil }
        let words = name.dropLast(5)
        let isLabel = words.allSatisfy {
            (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || [0x20, 0x2C, 0x2F].contains($0)
        }
        guard isLabel else { return nil }
        return String(decoding: words, as: UTF8.self)
    }

    private static func block(_ label: String, from start: Int, _ lines: inout LineScanner) throws -> ArmorBlock {
        let headers = try headers(&lines)
        var encoded: [UInt8] = []
        var checksum: [UInt8]?
        while let line = lines.next() {
            let content = lines.trimmed(line.content)
            if let end = Self.label(of: content, "END", lines) {
                guard end == label else {
                    throw OpenPGPError(.malformedArmor, "the armored block '\(label)' ends as '\(end)'")
                }
                guard let bytes = Base64.decode(encoded) else {
                    throw OpenPGPError(.malformedArmor, "the armored block '\(label)' is not radix-64")
                }
                return ArmorBlock(
                    label: label, headers: headers, bytes: bytes, checksum: judge(checksum, of: bytes),
                    range: start..<line.whole.upperBound)
            }
            if content.isEmpty { continue }
            guard checksum == nil else {
                throw OpenPGPError(.malformedArmor, "the armored block '\(label)' goes on behind its checksum")
            }
            // Radix-64 never starts a line with '=' unless its padding was broken off, which is no valid line either.
            if lines.bytes[content.lowerBound] == 0x3D, content.count == 5 {
                checksum = Array(lines.bytes[content].dropFirst())
            } else {
                encoded += lines.bytes[content]
            }
        }
        throw OpenPGPError(.truncated, "the armored block '\(label)' does not end")
    }

    private static func headers(_ lines: inout LineScanner) throws -> [[UInt8]] {
        var headers: [[UInt8]] = []
        while let line = lines.next() {
            let content = lines.trimmed(line.content)
            guard !content.isEmpty else { return headers }
            guard headers.count < maximumHeaders, content.count <= 1024 else {
                throw OpenPGPError(.malformedArmor, "the armor headers are longer than any real ones")
            }
            let text = lines.bytes[content]
            guard let colon = text.firstIndex(of: 0x3A), colon > text.startIndex, !text[..<colon].contains(0x20) else {
                throw OpenPGPError(.malformedArmor, "no empty line ends the armor headers")
            }
            headers.append(Array(text))
        }
        throw OpenPGPError(.truncated, "the armored text ends in its headers")
    }

    private static func judge(_ checksum: [UInt8]?, of bytes: [UInt8]) -> ArmorChecksum {
        guard let checksum else { return .absent }
        guard let value = Base64.decode(checksum), value.count == 3 else { return .wrong }
        let number = value.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return number == CRC24.checksum(bytes) ? .correct : .wrong
    }
}
