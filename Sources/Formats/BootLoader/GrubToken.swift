/// A piece of a word of GRUB's script language.
enum GrubPiece: Hashable, Sendable {
    /// Literal text; quoted text is never split and makes a word even when empty.
    case text(String, isQuoted: Bool)
    /// `$name` or `${name}`; unquoted ones are split at white space after expansion.
    case variable(String, isQuoted: Bool)
    /// `{{…}}`, a placeholder of an image template that is not filled in. Kept as it is.
    case placeholder(String)
}

/// A word: pieces written without white space between them.
struct GrubWord: Hashable, Sendable {
    var pieces: [GrubPiece] = []
    var line = 0

    /// The text of a word that is literal and not quoted, such as a reserved word; nil for others.
    var bare: String? {
        guard pieces.count == 1, case .text(let text, false) = pieces[0] else { return nil }
        return text
    }
}

/// A token of GRUB's script language.
enum GrubToken: Hashable, Sendable {
    case word(GrubWord)
    /// A line end or a semicolon.
    case separator(line: Int, isSemicolon: Bool)
}

/// Cuts a script into tokens (GNU GRUB manual, "Writing full configuration files directly").
///
/// <https://www.gnu.org/software/grub/manual/grub/html_node/Shell_002dlike-scripting.html>
struct GrubLexer {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private(set) var diagnostics: [(line: Int, message: String)] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    static let mostDiagnostics = 256

    /// Notes what cannot be read; only the first are kept.
    private mutating func note(_ message: String) {
        if diagnostics.count < GrubLexer.mostDiagnostics { diagnostics.append((line, message)) }
    }

    /// All tokens of the script.
    mutating func tokens() -> [GrubToken] {
        var result: [GrubToken] = []
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "\n"), UInt8(ascii: ";"):
                result.append(.separator(line: line, isSemicolon: byte == UInt8(ascii: ";")))
                if byte == UInt8(ascii: "\n") { line += 1 }
                position += 1
            case UInt8(ascii: "#"):
                position = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            case UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "<"), UInt8(ascii: ">"):
                note("'\(Character(Unicode.Scalar(byte)))' is reserved and not supported by GRUB")
                position += 1
            case UInt8(ascii: "\\") where peek(1) == UInt8(ascii: "\n"):
                position += 2
                line += 1
            case UInt8(ascii: "}"),
                UInt8(ascii: "{") where !isPlaceholder:
                let brace = String(decoding: [byte], as: UTF8.self)
                result.append(.word(GrubWord(pieces: [.text(brace, isQuoted: false)], line: line)))
                position += 1
            default: result.append(.word(word()))
            }
        }
        return result
    }

    private func peek(_ distance: Int) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
    }

    private mutating func word() -> GrubWord {
        var word = GrubWord(line: line)
        var text: [UInt8] = []
        func flush() {
            guard !text.isEmpty else { return }
            word.pieces.append(.text(String(decoding: text, as: UTF8.self), isQuoted: false))
            text = []
        }
        scan: while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: ";"),
                UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "}"):
                break scan
            case UInt8(ascii: "\\"):
                guard let next = peek(1) else {
                    position += 1
                    continue
                }
                position += 2
                if next == UInt8(ascii: "\n") { line += 1 } else { text.append(next) }
                // An escaped byte is never a reserved word or a brace.
                if next != UInt8(ascii: "\n") {
                    let escaped = String(decoding: text, as: UTF8.self)
                    text = []
                    word.pieces.append(.text(escaped, isQuoted: true))
                }
            case UInt8(ascii: "'"):
                flush()
                word.pieces.append(.text(quoted(UInt8(ascii: "'"), escapes: false), isQuoted: true))
            case UInt8(ascii: "\""):
                flush()
                word.pieces += doubleQuoted()
            case UInt8(ascii: "$") where peek(1) == UInt8(ascii: "\""):
                flush()
                position += 1
                word.pieces.append(.text(quoted(UInt8(ascii: "\""), escapes: true), isQuoted: true))
            case UInt8(ascii: "$"):
                if let name = variable() {
                    flush()
                    word.pieces.append(.variable(name, isQuoted: false))
                } else {
                    note("'$' without a name")
                    text.append(byte)
                    position += 1
                }
            case UInt8(ascii: "{"):
                // Unquoted braces end a word; only those of a template are kept in it.
                guard let placeholder = placeholder() else { break scan }
                flush()
                word.pieces.append(.placeholder(placeholder))
            default:
                text.append(byte)
                position += 1
            }
        }
        flush()
        return word
    }

    /// Whether `{{…}}` follows.
    private var isPlaceholder: Bool {
        var copy = self
        return copy.placeholder() != nil
    }

    /// The text of `{{…}}` on one line, at the current position.
    private mutating func placeholder() -> String? {
        guard peek(0) == UInt8(ascii: "{"), peek(1) == UInt8(ascii: "{") else { return nil }
        var end = position + 2
        while end + 1 < bytes.count, ![UInt8(ascii: "\n"), UInt8(ascii: "{")].contains(bytes[end]), end - position < 256
        {
            if bytes[end] == UInt8(ascii: "}"), bytes[end + 1] == UInt8(ascii: "}") {
                defer { position = end + 2 }
                return String(decoding: bytes[position..<(end + 2)], as: UTF8.self)
            }
            end += 1
        }
        return nil
    }

    /// The name of the variable at the current `$`, or nil when none follows.
    private mutating func variable() -> String? {
        guard var next = peek(1) else { return nil }
        let isBraced = next == UInt8(ascii: "{")
        let start = position + (isBraced ? 2 : 1)
        guard start < bytes.count else { return nil }
        next = bytes[start]
        var end = start
        if [UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "*"), UInt8(ascii: "@")].contains(next) {
            end += 1
        } else if (0x30...0x39).contains(next) {
            while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
        } else {
            while end < bytes.count, GrubLexer.isNameByte(bytes[end]) { end += 1 }
        }
        guard end > start else { return nil }
        if isBraced {
            guard end < bytes.count, bytes[end] == UInt8(ascii: "}") else { return nil }
        }
        position = isBraced ? end + 1 : end
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// The text up to the closing `mark`; the current byte is the opening one.
    private mutating func quoted(_ mark: UInt8, escapes: Bool) -> String {
        position += 1
        var text: [UInt8] = []
        while position < bytes.count, bytes[position] != mark {
            if escapes, bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            text.append(bytes[position])
            position += 1
        }
        close()
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func close() {
        if position >= bytes.count { note("a quoted string has no end") }
        position = min(position + 1, bytes.count)
    }

    private mutating func doubleQuoted() -> [GrubPiece] {
        position += 1
        var pieces: [GrubPiece] = []
        var text: [UInt8] = []
        func flush() {
            guard !text.isEmpty else { return }
            pieces.append(.text(String(decoding: text, as: UTF8.self), isQuoted: true))
            text = []
        }
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\\"), let next = peek(1) {
                // Only these four are escapes inside double quotes; before others the backslash stays.
                switch next {
                case UInt8(ascii: "\n"): line += 1
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"): text.append(next)
                default: text += [byte, next]
                }
                position += 2
            } else if byte == UInt8(ascii: "$"), let name = variable() {
                flush()
                pieces.append(.variable(name, isQuoted: true))
            } else if byte == UInt8(ascii: "{"), peek(1) == byte, let placeholder = placeholder() {
                flush()
                pieces.append(.placeholder(placeholder))
            } else {
                if byte == UInt8(ascii: "\n") { line += 1 }
                if byte == UInt8(ascii: "$") { note("'$' without a name") }
                text.append(byte)
                position += 1
            }
        }
        close()
        flush()
        return pieces.isEmpty ? [.text("", isQuoted: true)] : pieces
    }
}
