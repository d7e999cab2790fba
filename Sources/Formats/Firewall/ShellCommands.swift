/// One simple command of a shell script.
struct ShellCommand: Hashable, Sendable {
    /// A word after quotes were taken off; nil text when it depends on something that only a run would tell.
    typealias Word = String?

    /// A redirection such as `< FILE`.
    struct Redirection: Hashable, Sendable {
        var mark: String
        var target: Word
    }

    var words: [Word] = []
    var redirections: [Redirection] = []
    /// The text of a here-document, and the number of its first line.
    var document: (text: String, line: Int)?
    /// Whether it may not run, or may run more than once.
    var isConditional = false
    /// Whether its input or output is another command's.
    var isPiped = false
    var line = 0

    static func == (left: ShellCommand, right: ShellCommand) -> Bool {
        left.words == right.words && left.line == right.line && left.redirections == right.redirections
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(words)
        hasher.combine(line)
    }
}

/// Splits a shell script into simple commands without running any of it.
///
/// A bounded part of the language of POSIX.1-2017, volume 3, chapter 2: quotes, comments, here-documents, redirections,
/// lists, pipes, the reserved words, and variables that were assigned literally at the top of the script.
struct ShellCommands {
    private let bytes: [UInt8]
    private var position = 0 { didSet { position = min(position, bytes.count) } }
    private var line = 1
    private var commands: [ShellCommand] = []
    private var current = ShellCommand()
    private var variables: [String: String?] = [:]
    private var depth = 0
    /// Bytes that came out of variables.
    private var expanded = 0
    private var branches = false
    private var documents: [(index: Int, end: String, isLiteral: Bool)] = []

    /// Where a script cannot be split any further.
    private(set) var problem: (line: Int, text: String)?

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The commands in their order.
    mutating func run() -> [ShellCommand] {
        guard bytes.count <= Limits.text / 8 else {
            problem = (1, "script too long")
            return []
        }
        while position < bytes.count, problem == nil { next() }
        end()
        if depth > 0, problem == nil { problem = (line, "a compound command without its end") }
        return commands
    }

    private func at(_ offset: Int) -> UInt8 { position + offset < bytes.count ? bytes[position + offset] : 0 }

    private mutating func next() {
        let byte = bytes[position]
        switch byte {
        case 0x0A:
            end()
            position += 1
            line += 1
            readDocuments()
        case 0x20, 0x09, 0x0D: position += 1
        case UInt8(ascii: "#"):
            while position < bytes.count, bytes[position] != 0x0A { position += 1 }
        case UInt8(ascii: ";"):
            end()
            position += 1
        case UInt8(ascii: "&"), UInt8(ascii: "|"): join(byte)
        case UInt8(ascii: "("), UInt8(ascii: ")"): parenthesis(byte)
        case UInt8(ascii: "<"), UInt8(ascii: ">"): redirect(descriptor: "")
        case UInt8(ascii: "\\") where at(1) == 0x0A:
            position += 2
            line += 1
        default: word()
        }
    }

    private mutating func join(_ byte: UInt8) {
        if byte == UInt8(ascii: "&"), at(1) == UInt8(ascii: ">") {
            position += 1
            redirect(descriptor: "&")
            return
        }
        if at(1) == byte {
            end()
            branches = true
            position += 2
        } else if byte == UInt8(ascii: "|") {
            current.isPiped = true
            end()
            current.isPiped = true
            position += 1
        } else {
            end()
            position += 1
        }
    }

    private mutating func parenthesis(_ byte: UInt8) {
        position += 1
        if byte == UInt8(ascii: "(") {
            // `name()` begins a function whose body is a compound command.
            if current.words.count == 1, at(0) == UInt8(ascii: ")") {
                position += 1
                current = ShellCommand()
                return
            }
            end()
            depth += 1
        } else {
            // The end of a subshell, or of a pattern of `case`.
            let isPattern = !current.words.isEmpty && inCase > 0
            if isPattern {
                current = ShellCommand()
                return
            }
            end()
            if depth > 0, inCase == 0 { depth -= 1 }
        }
    }

    private var inCase = 0

    private mutating func redirect(descriptor: String) {
        var mark = descriptor
        while at(0) == UInt8(ascii: "<") || at(0) == UInt8(ascii: ">"), mark.utf8.count < 4 {
            mark += String(UnicodeScalar(at(0)))
            position += 1
        }
        if mark.hasSuffix(">"), at(0) == UInt8(ascii: "|") { position += 1 }
        if mark.hasSuffix("<<"), at(0) == UInt8(ascii: "-") { position += 1 }
        if at(0) == UInt8(ascii: "&") {
            position += 1
            mark += "&"
        }
        while at(0) == 0x20 || at(0) == 0x09 { position += 1 }
        let isLiteral = at(0) == UInt8(ascii: "'") || at(0) == UInt8(ascii: "\"") || at(0) == UInt8(ascii: "\\")
        let target = readWord()
        if mark == "<<" {
            guard let target, documents.count < 100 else {
                problem = (line, "a here-document without its mark")
                return
            }
            documents.append((commands.count, target, isLiteral))
        }
        current.redirections.append(ShellCommand.Redirection(mark: mark, target: target))
    }

    private mutating func readDocuments() {
        for document in documents {
            let start = line
            var text: [UInt8] = []
            var isClosed = false
            var isLiteral = document.isLiteral
            while position < bytes.count, !isClosed {
                let end = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
                let content = bytes[position..<end]
                position = min(end + 1, bytes.count)
                line += 1
                let stripped = content.drop { $0 == 0x09 }
                isClosed = String(decoding: stripped, as: UTF8.self) == document.end
                if !isClosed { text += content + [0x0A] }
            }
            if !text.contains(UInt8(ascii: "$")), !text.contains(UInt8(ascii: "`")) { isLiteral = true }
            if isLiteral, isClosed, document.index < commands.count {
                commands[document.index].document = (String(decoding: text, as: UTF8.self), start)
            }
        }
        documents = []
    }

    // MARK: Words

    private mutating func word() {
        let start = position
        let startsCommand = current.words.isEmpty
        let word = readWord()
        if position == start {
            position += 1
            return
        }
        if let text = word, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !text.isEmpty,
            at(0) == UInt8(ascii: "<") || at(0) == UInt8(ascii: ">")
        {
            redirect(descriptor: text)
            return
        }
        guard startsCommand else {
            current.words.append(word)
            return
        }
        if let text = word, isReserved(text) { return }
        if let assigned = assignment(bytes[start..<position], word) {
            variables[assigned.name] = depth == 0 && !branches ? assigned.value : .some(nil)
            return
        }
        current.line = line
        current.words.append(word)
    }

    /// Keeps count of compound commands.
    private mutating func isReserved(_ text: String) -> Bool {
        switch text {
        case "if", "while", "until", "for", "select", "{":
            depth += 1
            if text == "for" || text == "select" { skipHead() }
        case "case":
            depth += 1
            inCase += 1
            skipHead()
        case "fi", "done", "}": depth = max(0, depth - 1)
        case "esac":
            depth = max(0, depth - 1)
            inCase = max(0, inCase - 1)
        case "then", "else", "elif", "do", "!", "in", "function", "time": break
        default: return false
        }
        return true
    }

    /// Passes over `name in words` after `for` and `word in` after `case`.
    private mutating func skipHead() {
        while position < bytes.count, bytes[position] != 0x0A, bytes[position] != UInt8(ascii: ";") {
            if inCase > 0, bytes[position...].starts(with: Array(" in".utf8)) {
                position += 3
                return
            }
            position += 1
        }
    }

    private func assignment(_ raw: ArraySlice<UInt8>, _ word: String?) -> (name: String, value: String?)? {
        guard let equals = raw.firstIndex(of: UInt8(ascii: "=")), equals > raw.startIndex else { return nil }
        let name = raw[..<equals]
        guard name.allSatisfy({ ShellCommands.isNameByte($0) }) else { return nil }
        let text = String(decoding: name, as: UTF8.self)
        return (text, word.map { String($0.dropFirst(text.count + 1)) })
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
        default: false
        }
    }

    private static let breaks = Set(" \t\r\n;&|<>()".utf8)

    /// The word at the current place with its quotes taken off; nil when it cannot be known.
    private mutating func readWord() -> String? {
        var result: [UInt8] = []
        var isKnown = true
        var quote: UInt8 = 0
        while position < bytes.count, result.count < 100_000 {
            let byte = bytes[position]
            if byte == 0x0A { if quote == 0 { break } else { line += 1 } }
            if quote == UInt8(ascii: "'") {
                if byte == quote { quote = 0 } else { result.append(byte) }
                position += 1
                continue
            }
            if quote == 0, ShellCommands.breaks.contains(byte) { break }
            switch byte {
            case UInt8(ascii: "\""): quote = quote == 0 ? byte : 0
            case UInt8(ascii: "'") where quote == 0: quote = byte
            case UInt8(ascii: "\\"):
                position += 1
                if position < bytes.count, bytes[position] == 0x0A {
                    line += 1
                } else if position < bytes.count {
                    result.append(bytes[position])
                }
            case UInt8(ascii: "`"):
                isKnown = false
                skip(until: UInt8(ascii: "`"))
            case UInt8(ascii: "$"):
                guard let value = expansion() else {
                    isKnown = false
                    continue
                }
                // A variable may be used in thousands of words, each as long as the variable.
                expanded += value.utf8.count
                guard expanded <= Limits.text else {
                    problem = (line, "variables expand to too much text")
                    return nil
                }
                result += Array(value.utf8)
                continue
            case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["):
                if quote == 0, byte != UInt8(ascii: "[") || result.count > 0 { isKnown = false }
                result.append(byte)
            default: result.append(byte)
            }
            position += 1
        }
        if quote != 0 { problem = (line, "a quote without its end") }
        return isKnown ? String(decoding: result, as: UTF8.self) : nil
    }

    private mutating func skip(until end: UInt8) {
        position += 1
        while position < bytes.count, bytes[position] != end {
            if bytes[position] == 0x0A { line += 1 }
            position += 1
        }
    }

    /// The value of `$NAME` or `${NAME}`; nil for every other expansion.
    private mutating func expansion() -> String? {
        position += 1
        let isBraced = at(0) == UInt8(ascii: "{")
        if at(0) == UInt8(ascii: "(") {
            var open = 0
            repeat {
                if at(0) == UInt8(ascii: "(") { open += 1 }
                if at(0) == UInt8(ascii: ")") { open -= 1 }
                if at(0) == 0x0A { line += 1 }
                position += 1
            } while open > 0 && position < bytes.count
            return nil
        }
        if isBraced { position += 1 }
        let start = position
        while position < bytes.count, ShellCommands.isNameByte(bytes[position]) { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        if isBraced {
            let isPlain = at(0) == UInt8(ascii: "}")
            while position < bytes.count, bytes[position] != UInt8(ascii: "}"), bytes[position] != 0x0A {
                position += 1
            }
            if at(0) == UInt8(ascii: "}") { position += 1 }
            guard isPlain else { return nil }
        } else if name.isEmpty, position < bytes.count, !ShellCommands.breaks.contains(bytes[position]) {
            position += 1
        }
        return name.isEmpty ? nil : (variables[name] ?? nil)
    }

    // MARK: Ends

    private mutating func end() {
        defer {
            current = ShellCommand()
            if position >= bytes.count || bytes[position] == 0x0A || bytes[position] == UInt8(ascii: ";") {
                branches = false
            }
        }
        guard !current.words.isEmpty || !current.redirections.isEmpty else { return }
        guard commands.count < 100_000 else {
            problem = (line, "too many commands")
            return
        }
        current.isConditional = depth > 0 || branches
        if current.line == 0 { current.line = line }
        commands.append(current)
    }
}
