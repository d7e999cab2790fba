import AssayBytes

/// Reads single lines.
///
/// Accepts what `sha256sum --check` of GNU coreutils accepts and refuses what it refuses; further algorithms' tags are
/// read too, and control characters in names are refused.
struct ChecksumLineParser {
    /// The algorithm that the list's name tells.
    let hint: ChecksumAlgorithm?
    /// Whether untagged lines have one space between digest and name; the first one decides for all.
    private var isReversed: Bool?

    init(hint: ChecksumAlgorithm?) { self.hint = hint }

    /// Why a line is no entry.
    struct Fault: Error {
        let reason: String
    }

    /// Reads a line without its line end that is neither empty nor a comment.
    mutating func entry(_ text: ArraySlice<UInt8>, line: Int) throws(Fault) -> ChecksumEntry {
        guard !text.contains(0) else { throw Fault(reason: "a zero byte") }
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { throw Fault(reason: "a byte order mark") }
        var rest = text.drop(while: Self.isBlank)
        var isEscaped = false
        if rest.first == 0x5C {
            isEscaped = true
            rest = rest.dropFirst()
        }
        if let tagged = try Self.tagged(rest, line: line, isEscaped: isEscaped) { return tagged }
        return try untagged(rest, line: line, isEscaped: isEscaped)
    }

    /// `TAG (name) = digest`, with or without the spaces; nil for a line that does not begin so.
    private static func tagged(
        _ text: ArraySlice<UInt8>, line: Int, isEscaped: Bool
    ) throws(Fault) -> ChecksumEntry? {
        let tag = text.prefix { isTagByte($0) }
        var rest = text[tag.endIndex...]
        if rest.first == 0x20 { rest = rest.dropFirst() }
        guard !tag.isEmpty, rest.first == 0x28 else { return nil }
        rest = rest.dropFirst()
        guard let close = rest.lastIndex(of: 0x29) else { throw Fault(reason: "a tag without its closing bracket") }
        let name = rest[..<close]
        rest = rest[(close + 1)...].drop(while: isBlank)
        guard rest.first == 0x3D else { throw Fault(reason: "a tag without its equals sign") }
        rest = rest.dropFirst().drop(while: isBlank)
        let algorithm = ChecksumAlgorithm(tag: String(decoding: tag, as: UTF8.self))
        guard let digest = Hex.decode(String(decoding: rest, as: UTF8.self)), !digest.isEmpty else {
            throw Fault(reason: "the digest is not hexadecimal")
        }
        if let length = algorithm.digestLength, length != digest.count {
            throw Fault(reason: "a digest of \(digest.count) bytes for \(algorithm)")
        }
        return ChecksumEntry(
            line: line, algorithm: algorithm, algorithmSource: .tag, digest: digest,
            path: try path(name, isEscaped: isEscaped), style: .tagged)
    }

    private mutating func untagged(
        _ text: ArraySlice<UInt8>, line: Int, isEscaped: Bool
    ) throws(Fault) -> ChecksumEntry {
        let digits = text.prefix { !Self.isBlank($0) }
        guard let digest = Hex.decode(String(decoding: digits, as: UTF8.self)), !digest.isEmpty else {
            throw Fault(reason: "neither a digest nor a tag at its start")
        }
        let (algorithm, source) = try algorithm(digest)
        // One blank ends the digest; a second one, or an asterisk, is the marker of the mode.
        var rest = text[digits.endIndex...].dropFirst()
        let style: ChecksumEntry.Style
        if rest.count > 1, let marker = rest.first, marker == 0x20 || marker == 0x2A, isReversed != true {
            isReversed = false
            style = .gnu(isBinary: marker == 0x2A)
            rest = rest.dropFirst()
        } else {
            guard isReversed != false else { throw Fault(reason: "no marker of the mode before the name") }
            isReversed = true
            style = .reversed
        }
        return ChecksumEntry(
            line: line, algorithm: algorithm, algorithmSource: source, digest: digest,
            path: try Self.path(rest, isEscaped: isEscaped), style: style)
    }

    private func algorithm(
        _ digest: [UInt8]
    ) throws(Fault) -> (algorithm: ChecksumAlgorithm, source: ChecksumEntry.AlgorithmSource) {
        if let hint {
            guard hint.digestLength == digest.count else {
                throw Fault(reason: "a digest of \(digest.count) bytes in a list whose name says \(hint)")
            }
            return (hint, .listName)
        }
        guard let guess = ChecksumAlgorithm(digestLength: digest.count) else {
            throw Fault(reason: "a digest of \(digest.count) bytes is of no common algorithm")
        }
        return (guess, .digestLength)
    }

    /// The name, with `\\`, `\n` and `\r` resolved where the line is marked as escaped.
    private static func path(_ name: ArraySlice<UInt8>, isEscaped: Bool) throws(Fault) -> [UInt8] {
        guard !name.isEmpty else { throw Fault(reason: "no name") }
        guard name.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw Fault(reason: "a control character in the name")
        }
        guard isEscaped else { return Array(name) }
        var result: [UInt8] = []
        var rest = name
        while let byte = rest.popFirst() {
            guard byte == 0x5C else {
                result.append(byte)
                continue
            }
            switch rest.popFirst() {
            case 0x5C: result.append(0x5C)
            case 0x6E: result.append(0x0A)
            case 0x72: result.append(0x0D)
            default: throw Fault(reason: "a backslash in the name that escapes nothing")
            }
        }
        return result
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func isTagByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2F, 0x5F: true
        default: false
        }
    }
}
