/// Cuts shell text into simple commands, enough for files of assignments.
struct ShellWords {
    enum Piece: Hashable {
        case text(String)
        case variable(String)
        /// A substitution that is not evaluated, as written.
        case unknown(String)
    }

    struct Word {
        /// `name=` or `name+=` at the start, taken off the pieces.
        var assignment: (name: String, isAppending: Bool)?
        var pieces: [Piece] = []
    }

    struct Command {
        var line: Int
        var words: [Word] = []
        /// Whether a condition or loop decides if it is run.
        var isGuarded = false
        /// Whether it is only a word such as `fi`.
        var isKeyword = false
    }

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var guards = 0
    private(set) var unterminated: [Int] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private static func isName(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
    }

    /// The next command, or nil at the end.
    mutating func command() -> Command? {
        var command: Command?
        var isConditional = guards > 0
        while let byte = current {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "#"): while let byte = current, byte != UInt8(ascii: "\n") { position += 1 }
            case UInt8(ascii: "\n"), UInt8(ascii: ";"):
                position += 1
                if byte == UInt8(ascii: "\n") { line += 1 }
                if var command {
                    command.isGuarded = command.isGuarded || isConditional
                    return command
                }
            case UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"),
                UInt8(ascii: ">"):
                // What follows runs only sometimes, elsewhere, or not at all.
                isConditional = true
                position += 1
            default:
                var next = command ?? Command(line: line)
                // Else the words are copied with each word.
                command = nil
                let word = word()
                if word.assignment == nil, case .text(let text)? = word.pieces.first, word.pieces.count == 1 {
                    keyword(text, &next)
                }
                // Only leading assignments, and those behind `export`, set variables of the shell.
                next.words.append(word)
                command = next
            }
        }
        guard var last = command else { return nil }
        last.isGuarded = last.isGuarded || isConditional
        return last
    }

    private mutating func keyword(_ text: String, _ command: inout Command) {
        guard command.words.isEmpty else { return }
        switch text {
        case "if", "for", "while", "until", "case": guards = min(guards + 1, 1 << 20)
        case "fi", "done", "esac": guards = max(guards - 1, 0)
        case "then", "else", "elif", "do": break
        default: return
        }
        command.isKeyword = true
        command.isGuarded = true
    }

    private mutating func word() -> Word {
        var word = Word()
        let start = position
        if let first = current, ShellWords.isName(first), !(0x30...0x39).contains(first) {
            var end = position
            while end < bytes.count, ShellWords.isName(bytes[end]) { end += 1 }
            let isAppending =
                end + 1 < bytes.count && bytes[end] == UInt8(ascii: "+") && bytes[end + 1] == UInt8(ascii: "=")
            if end < bytes.count, bytes[end] == UInt8(ascii: "=") || isAppending {
                word.assignment = (String(decoding: bytes[start..<end], as: UTF8.self), isAppending)
                position = end + (isAppending ? 2 : 1)
            }
        }
        var text: [UInt8] = []
        func flush() {
            guard !text.isEmpty else { return }
            word.pieces.append(.text(String(decoding: text, as: UTF8.self)))
            text = []
        }
        var inQuotes = false
        let startLine = line
        while let byte = current {
            if !inQuotes, [0x20, 0x09, 0x0A, 0x0D, 0x3B, 0x26, 0x7C, 0x28, 0x29, 0x3C, 0x3E].contains(byte) { break }
            switch byte {
            case UInt8(ascii: "\""):
                inQuotes.toggle()
                position += 1
            case UInt8(ascii: "'") where !inQuotes:
                position += 1
                while let byte = current, byte != UInt8(ascii: "'") {
                    if byte == UInt8(ascii: "\n") { line += 1 }
                    text.append(byte)
                    position += 1
                }
                if current == nil { unterminated.append(startLine) }
                position = min(position + 1, bytes.count)
            case UInt8(ascii: "\\"):
                position += 1
                guard let next = current else { break }
                position += 1
                if next == UInt8(ascii: "\n") {
                    line += 1
                } else if inQuotes, ![0x22, 0x5C, 0x24, 0x60].contains(next) {
                    text += [byte, next]
                } else {
                    text.append(next)
                }
            case UInt8(ascii: "$"), UInt8(ascii: "`"):
                let piece = substitution()
                if case .text(let plain) = piece {
                    text += Array(plain.utf8)
                } else {
                    flush()
                    word.pieces.append(piece)
                }
            default:
                if byte == UInt8(ascii: "\n") { line += 1 }
                text.append(byte)
                position += 1
            }
        }
        if inQuotes { unterminated.append(startLine) }
        flush()
        return word
    }

    /// The substitution at `$` or a backtick; a lone `$` is text.
    private mutating func substitution() -> Piece {
        let start = position
        let opening = bytes[position]
        position += 1
        if opening == UInt8(ascii: "$") {
            let isBraced = current == UInt8(ascii: "{")
            let first = position + (isBraced ? 1 : 0)
            var end = first
            while end < bytes.count, ShellWords.isName(bytes[end]) { end += 1 }
            if end > first, !isBraced || end < bytes.count && bytes[end] == UInt8(ascii: "}") {
                position = isBraced ? end + 1 : end
                return .variable(String(decoding: bytes[first..<end], as: UTF8.self))
            }
            guard isBraced || current == UInt8(ascii: "(") else { return .text("$") }
        }
        let closing: UInt8 =
            opening == UInt8(ascii: "`")
            ? opening : current == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: ")")
        while let byte = current, byte != closing {
            if byte == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
        position = min(position + 1, bytes.count)
        return .unknown(String(decoding: bytes[start..<position], as: UTF8.self))
    }
}
