/// A statement of GRUB's script language.
indirect enum GrubStatement: Hashable, Sendable {
    /// A command with its words; `block` is the braced body behind `menuentry` and `submenu`.
    case command([GrubWord], block: [GrubStatement]?, line: Int)
    case function(name: String, body: [GrubStatement])
    /// `if` and `elif` branches, and the `else` branch.
    case conditional([GrubBranch], otherwise: [GrubStatement], line: Int)
    case forEach(variable: String, words: [GrubWord], body: [GrubStatement], line: Int)
    /// `while` and `until`.
    case loop(condition: [GrubStatement], until: Bool, body: [GrubStatement], line: Int)
}

/// One condition and what it guards.
struct GrubBranch: Hashable, Sendable {
    var condition: [GrubStatement]
    var body: [GrubStatement]
}

/// Parses tokens into statements; what cannot be parsed is skipped and recorded.
struct GrubParser {
    static let deepestNesting = 48

    private let tokens: [GrubToken]
    private var position = 0
    private(set) var diagnostics: [(line: Int, message: String)]
    private var lastLine = 1

    init(_ bytes: [UInt8]) {
        var lexer = GrubLexer(bytes)
        tokens = lexer.tokens()
        diagnostics = lexer.diagnostics
    }

    /// Notes what cannot be parsed; only the first are kept.
    private mutating func note(_ line: Int, _ message: String) {
        if diagnostics.count < GrubLexer.mostDiagnostics { diagnostics.append((line, message)) }
    }

    /// Parses the whole script.
    mutating func script() -> [GrubStatement] {
        var result: [GrubStatement] = []
        while position < tokens.count {
            result += statements(until: [], depth: 0)
            guard position < tokens.count else { break }
            // Only a stray closing word stops the list at the outermost level.
            note(lastLine, "a word that closes nothing")
            position += 1
        }
        return result
    }

    private var bareWord: String? {
        guard position < tokens.count, case .word(let word) = tokens[position] else { return nil }
        return word.bare
    }

    private static let closing: Set<String> = ["then", "elif", "else", "fi", "do", "done", "}"]

    private mutating func skipSeparators() {
        while position < tokens.count, case .separator(let line, let isSemicolon) = tokens[position] {
            lastLine = line
            if isSemicolon { note(line, "an empty command") }
            position += 1
        }
    }

    /// Parses up to a closing word, which is left in place.
    private mutating func statements(until ends: Set<String>, depth: Int) -> [GrubStatement] {
        var result: [GrubStatement] = []
        while true {
            skipSeparators()
            guard position < tokens.count, case .word(let word) = tokens[position] else { return result }
            lastLine = word.line
            if let bare = word.bare, GrubParser.closing.contains(bare) {
                if ends.contains(bare) || depth == 0 || ends.isEmpty { return result }
                note(lastLine, "'\(bare)' is not expected here")
                return result
            }
            guard depth < GrubParser.deepestNesting else {
                note(lastLine, "nested too deeply")
                position = tokens.count
                return result
            }
            if let statement = statement(word, depth: depth) { result.append(statement) }
            endStatement()
        }
    }

    /// Takes the separator behind a statement; a closing brace does without.
    private mutating func endStatement() {
        guard position < tokens.count, bareWord != "}" else { return }
        if case .separator = tokens[position] {
            position += 1
        } else {
            note(lastLine, "a line end or ';' is missing")
        }
    }

    /// Parses the statements of a body, of which there must be one.
    private mutating func body(until ends: Set<String>, depth: Int) -> [GrubStatement] {
        let result = statements(until: ends, depth: depth + 1)
        if result.isEmpty { note(lastLine, "an empty list of commands") }
        return result
    }

    /// Takes the word `expected`; a missing one is recorded.
    private mutating func expect(_ expected: String) {
        skipSeparators()
        if bareWord == expected {
            position += 1
        } else {
            note(lastLine, "'\(expected)' is missing")
        }
    }

    private mutating func statement(_ word: GrubWord, depth: Int) -> GrubStatement? {
        switch word.bare {
        case "if": conditional(line: word.line, depth: depth)
        case "for": forEach(line: word.line, depth: depth)
        case "while", "until": loop(line: word.line, depth: depth)
        case "function": function(depth: depth)
        case "{":
            strayBlock(line: word.line, depth: depth)
        default: command(line: word.line, depth: depth)
        }
    }

    /// The statements between braces; the current token is the opening brace.
    private mutating func block(depth: Int, needsSeparator: Bool = false) -> [GrubStatement]? {
        position += 1
        let body = self.body(until: ["}"], depth: depth)
        if needsSeparator, position < tokens.count, case .word = tokens[position - 1] {
            note(lastLine, "a line end or ';' is missing")
        }
        expect("}")
        return body
    }

    private mutating func strayBlock(line: Int, depth: Int) -> GrubStatement? {
        note(line, "a block without a command")
        return block(depth: depth).map { .conditional([], otherwise: $0, line: line) }
    }

    private mutating func command(line: Int, depth: Int) -> GrubStatement? {
        var words: [GrubWord] = []
        var body: [GrubStatement]?
        while position < tokens.count, case .word(let word) = tokens[position] {
            if !words.isEmpty, word.bare == "{" {
                if body != nil { note(word.line, "a word behind a block") }
                body = block(depth: depth)
                continue
            }
            // A closing brace ends the last command of a block that is written on one line.
            if word.bare == "}" { break }
            if body != nil { note(word.line, "a word behind a block") }
            words.append(word)
            position += 1
        }
        return .command(words, block: body, line: line)
    }

    private mutating func conditional(line: Int, depth: Int) -> GrubStatement? {
        var branches: [GrubBranch] = []
        var otherwise: [GrubStatement] = []
        repeat {
            position += 1
            let condition = self.body(until: ["then"], depth: depth)
            expect("then")
            let body = self.body(until: ["elif", "else", "fi"], depth: depth)
            branches.append(GrubBranch(condition: condition, body: body))
        } while bareWord == "elif"
        if bareWord == "else" {
            position += 1
            otherwise = body(until: ["fi"], depth: depth)
        }
        expect("fi")
        return .conditional(branches, otherwise: otherwise, line: line)
    }

    private mutating func forEach(line: Int, depth: Int) -> GrubStatement? {
        position += 1
        guard let name = bareWord else {
            note(line, "'for' without a name")
            return nil
        }
        position += 1
        if bareWord == "in" { position += 1 } else { note(line, "'in' is missing") }
        var words: [GrubWord] = []
        while position < tokens.count, case .word(let word) = tokens[position] {
            words.append(word)
            position += 1
        }
        endStatement()
        expect("do")
        let body = self.body(until: ["done"], depth: depth)
        expect("done")
        return .forEach(variable: name, words: words, body: body, line: line)
    }

    private mutating func loop(line: Int, depth: Int) -> GrubStatement? {
        let isUntil = bareWord == "until"
        position += 1
        let condition = self.body(until: ["do"], depth: depth)
        expect("do")
        let body = self.body(until: ["done"], depth: depth)
        expect("done")
        return .loop(condition: condition, until: isUntil, body: body, line: line)
    }

    private mutating func function(depth: Int) -> GrubStatement? {
        position += 1
        guard let name = bareWord else {
            note(lastLine, "'function' without a name")
            return nil
        }
        position += 1
        skipSeparators()
        guard bareWord == "{", let body = block(depth: depth, needsSeparator: true) else {
            note(lastLine, "function '\(name)' has no body")
            return nil
        }
        return .function(name: name, body: body)
    }
}
