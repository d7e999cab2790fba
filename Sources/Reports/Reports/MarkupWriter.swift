/// HTML or XML in the making: text from a result can only come in escaped.
///
/// Tags, attribute names and fixed phrases are `StaticString`, so what a subject holds cannot become markup by a forgotten
/// call: the compiler refuses it.
struct MarkupWriter {
    private var bytes: [UInt8] = []

    /// The text so far.
    var result: String { String(decoding: bytes, as: UTF8.self) }

    /// Writes fixed markup.
    mutating func markup(_ markup: StaticString) { bytes += Array("\(markup)".utf8) }

    /// Writes text.
    mutating func text(_ text: String) { bytes += Array(MarkupWriter.escape(PrintableText.of(text)).utf8) }

    /// Writes text, cut behind `limit` characters.
    mutating func text(_ text: String, limit: Int) {
        bytes += Array(MarkupWriter.escape(PrintableText.of(text, limit: limit)).utf8)
    }

    /// Writes a start tag, what `content` writes, and the end tag.
    mutating func element(
        _ name: StaticString, _ attributes: [(StaticString, String)] = [], _ content: (inout MarkupWriter) -> Void
    ) {
        start(name, attributes)
        bytes.append(0x3E)
        content(&self)
        bytes += Array("</\(name)>".utf8)
    }

    /// Writes an element that holds only `text`.
    mutating func element(_ name: StaticString, _ attributes: [(StaticString, String)] = [], text: String) {
        element(name, attributes) { $0.text(text) }
    }

    /// Writes an empty element (`<name/>`).
    mutating func empty(_ name: StaticString, _ attributes: [(StaticString, String)]) {
        start(name, attributes)
        bytes += Array("/>".utf8)
    }

    /// Begins a new line, for people who read the source.
    mutating func line() { bytes.append(0x0A) }

    private mutating func start(_ name: StaticString, _ attributes: [(StaticString, String)]) {
        bytes += Array("<\(name)".utf8)
        for (name, value) in attributes {
            bytes += Array(" \(name)=\"\(MarkupWriter.escape(PrintableText.of(value)))\"".utf8)
        }
    }

    /// The five characters that mean something in text or a quoted attribute; `PrintableText` has taken away the
    /// characters that XML 1.0 (section 2.2) does not allow at all.
    private static func escape(_ text: String) -> String {
        guard text.utf8.contains(where: { "&<>\"'".utf8.contains($0) }) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
