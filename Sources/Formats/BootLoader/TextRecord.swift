import AssayBytes

/// The lines of a configuration file without surrounding white space.
///
/// Text is cut at bytes, not at characters: a combining mark behind a space must not hide the space.
enum TextRecord {
    static func lines(_ bytes: [UInt8]) -> [(line: Int, text: Substring)] {
        TextLines(bytes).map { ($0.number, trim($0.text)) }
    }

    static func trim(_ text: Substring) -> Substring {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return Substring(bytes[first...last])
    }

    /// The first word of `text`, and what follows it without the white space between.
    static func key(_ text: Substring) -> (key: Substring, rest: Substring) {
        let bytes = text.utf8
        guard let blank = bytes.firstIndex(where: { $0 == 0x20 || $0 == 0x09 }) else { return (text, "") }
        return (Substring(bytes[..<blank]), trim(Substring(bytes[blank...])))
    }
}
