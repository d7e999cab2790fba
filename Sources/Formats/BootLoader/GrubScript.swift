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

    /// Parses the whole script.
    mutating func script() -> [GrubStatement] {
        var result: [GrubStatement] = []
        while position < tokens.count {
            result += statements(until: [], depth: 0)
            guard position < tokens.count else { break }
            // Only a stray closing word stops the list at the outermost level.
            diagnostics.append((lastLine, "a word that closes nothing"))
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
        while position < tokens.count, case .separator(let line) = tokens[position] {
            lastLine = line
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
                diagnostics.append((lastLine, "'\(bare)' is not expected here"))
                return result
            }
            guard depth < GrubParser.deepestNesting else {
                diagnostics.append((lastLine, "nested too deeply"))
                position = tokens.count
                return result
            }
            if let statement = statement(word, depth: depth) { result.append(statement) }
        }
    }

    /// Takes the word `expected`; a missing one is recorded.
    private mutating func expect(_ expected: String) {
        skipSeparators()
        if bareWord == expected {
            position += 1
        } else {
            diagnostics.append((lastLine, "'\(expected)' is missing"))
        }
    }

    private mutating func statement(_ word: GrubWord, depth: Int) -> GrubStatement? {
        switch word.bare {
        case "if": conditional(line: word.line, depth: depth)
        case "for": forEach(line: word.line, depth: depth)
        case "while", "until": loop(line: word.line, depth: depth)
        case "function": function(depth: depth)
        case "{":
            block(depth: depth).flatMap { body in
                .conditional([], otherwise: body, line: word.line)
            }
        default: command(line: word.line, depth: depth)
        }
    }

    /// The statements between braces; the current token is the opening brace.
    private mutating func block(depth: Int) -> [GrubStatement]? {
        position += 1
        let body = statements(until: ["}"], depth: depth + 1)
        expect("}")
        return body
    }

    private mutating func command(line: Int, depth: Int) -> GrubStatement? {
        var words: [GrubWord] = []
        var body: [GrubStatement]?
        while position < tokens.count, case .word(let word) = tokens[position] {
            if !words.isEmpty, word.bare == "{" {
                body = block(depth: depth)
                continue
            }
            // A closing brace ends the last command of a block that is written on one line.
            if word.bare == "}" { break }
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
            let condition = statements(until: ["then"], depth: depth + 1)
            expect("then")
            let body = statements(until: ["elif", "else", "fi"], depth: depth + 1)
            branches.append(GrubBranch(condition: condition, body: body))
        } while bareWord == "elif"
        if bareWord == "else" {
            position += 1
            otherwise = statements(until: ["fi"], depth: depth + 1)
        }
        expect("fi")
        return .conditional(branches, otherwise: otherwise, line: line)
    }

    private mutating func forEach(line: Int, depth: Int) -> GrubStatement? {
        position += 1
        guard let name = bareWord else {
            diagnostics.append((line, "'for' without a name"))
            return nil
        }
        position += 1
        if bareWord == "in" { position += 1 }
        var words: [GrubWord] = []
        while position < tokens.count, case .word(let word) = tokens[position] {
            words.append(word)
            position += 1
        }
        expect("do")
        let body = statements(until: ["done"], depth: depth + 1)
        expect("done")
        return .forEach(variable: name, words: words, body: body, line: line)
    }

    private mutating func loop(line: Int, depth: Int) -> GrubStatement? {
        let isUntil = bareWord == "until"
        position += 1
        let condition = statements(until: ["do"], depth: depth + 1)
        expect("do")
        let body = statements(until: ["done"], depth: depth + 1)
        expect("done")
        return .loop(condition: condition, until: isUntil, body: body, line: line)
    }

    private mutating func function(depth: Int) -> GrubStatement? {
        position += 1
        guard let name = bareWord else {
            diagnostics.append((lastLine, "'function' without a name"))
            return nil
        }
        position += 1
        skipSeparators()
        guard bareWord == "{", let body = block(depth: depth) else {
            diagnostics.append((lastLine, "function '\(name)' has no body"))
            return nil
        }
        return .function(name: name, body: body)
    }
}
