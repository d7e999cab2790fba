import AssayBytes

/// A statement of an apt configuration with its full name.
struct AptStatement {
    enum Action {
        case set(name: String, text: String)
        case clear(name: String)
        case include(file: String)
    }

    let line: Int
    let action: Action
}

/// Takes the text of an apt configuration apart.
///
/// Statements end at `;`, `{` or `}` outside quotes and may span lines. `//` and `#` begin a comment that ends with the
/// line, `/*` one that `*/` ends; `#clear` and `#include` are no comments.
struct AptConfigurationParser {
    var log: DiagnosticLog
    private var result: [AptStatement] = []
    private var scopes: [String] = []
    private var buffer: [UInt8] = []
    private var isInComment = false

    init(path: String) { log = DiagnosticLog(path: path) }

    mutating func statements(_ bytes: [UInt8]) -> [AptStatement] {
        var lineNumber = 0
        for line in bytes.prefix(SourceLimits.fileBytes).split(separator: 0x0A, omittingEmptySubsequences: false) {
            lineNumber += 1
            read(withoutComments(Array(line)), lineNumber)
        }
        if !buffer.isEmpty { log.report(lineNumber, "a statement without ';' at the end") }
        if !scopes.isEmpty { log.report(lineNumber, "\(scopes.count) scopes are not closed") }
        if bytes.count > SourceLimits.fileBytes { log.report(0, "only the first MiB was read") }
        return result
    }

    private mutating func withoutComments(_ line: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        var isInQuotes = false
        var index = 0
        while index < line.count {
            let byte = line[index]
            let next: UInt8 = index + 1 < line.count ? line[index + 1] : 0
            if isInComment {
                if byte == 0x2A, next == 0x2F {
                    isInComment = false
                    index += 1
                }
                index += 1
                continue
            }
            if byte == 0x22 { isInQuotes.toggle() }
            if !isInQuotes {
                if byte == 0x2F, next == 0x2F { break }
                if byte == 0x23, !isDirective(line[index...]) { break }
                if byte == 0x2F, next == 0x2A {
                    isInComment = true
                    index += 2
                    continue
                }
            }
            kept.append(byte)
            index += 1
        }
        return kept
    }

    private func isDirective(_ text: ArraySlice<UInt8>) -> Bool {
        text.starts(with: "#clear".utf8) || text.starts(with: "#include".utf8)
    }

    private mutating func read(_ line: [UInt8], _ number: Int) {
        if !buffer.isEmpty { buffer.append(0x20) }
        var isInQuotes = false
        for byte in line {
            if byte == 0x22 { isInQuotes.toggle() }
            guard !isInQuotes, byte == 0x3B || byte == 0x7B || byte == 0x7D else {
                // Without blanks at its start an empty buffer is known to be one at once.
                if !buffer.isEmpty || !isBlank(byte) { buffer.append(byte) }
                continue
            }
            end(byte, number)
            buffer.removeAll(keepingCapacity: true)
        }
    }

    /// Ends a statement at `terminator`.
    private mutating func end(_ terminator: UInt8, _ line: Int) {
        let text = trimmed(buffer)
        if text.isEmpty {
            if terminator == 0x7B { log.report(line, "a scope without a name") }
            if terminator == 0x7B { scopes.append(scopes.last ?? "") }
        } else {
            statement(text, terminator, line)
        }
        guard terminator == 0x7D else { return }
        if scopes.popLast() == nil { log.report(line, "a '}' that closes nothing") }
    }

    private mutating func statement(_ text: [UInt8], _ terminator: UInt8, _ line: Int) {
        var rest = text[...]
        var tag = AptConfigurationParser.takeWord(&rest)
        var word: String?
        if !rest.isEmpty { word = AptConfigurationParser.takeWord(&rest) }
        if !rest.isEmpty { log.report(line, "text behind the value of '\(EscapedText(tag))'") }
        let opensScope = terminator == 0x7B
        // One word alone is a value of the list that the scope is.
        if word == nil, !opensScope {
            word = tag
            tag = ""
        }
        if tag.utf8.first == 0x23 { return directive(tag, word ?? "", line) }
        let parent = scopes.last ?? ""
        let name = parent.isEmpty ? tag : parent + "::" + tag
        if opensScope {
            guard scopes.count < AptConfiguration.maximumDepth, name.utf8.count <= 512 else {
                log.report(line, "a scope nested too deep")
                scopes.append(parent)
                return
            }
            scopes.append(name)
        }
        guard let word else { return }
        guard !name.isEmpty else { return log.report(line, "a value without a name") }
        result.append(AptStatement(line: line, action: .set(name: name, text: word)))
    }

    private mutating func directive(_ tag: String, _ word: String, _ line: Int) {
        guard scopes.isEmpty else { return log.report(line, "'\(EscapedText(tag))' inside a scope") }
        switch tag {
        case "#clear": result.append(AptStatement(line: line, action: .clear(name: word)))
        case "#include":
            result.append(AptStatement(line: line, action: .include(file: EscapedText(word).description)))
        default: log.report(line, "'\(EscapedText(tag))' is not a directive")
        }
    }

    /// Removes the next word from `rest`; blanks inside quotes belong to it, the quotes do not.
    private static func takeWord(_ rest: inout ArraySlice<UInt8>) -> String {
        var word: [UInt8] = []
        var isInQuotes = false
        while let byte = rest.first {
            if byte == 0x22 {
                isInQuotes.toggle()
            } else if !isInQuotes, byte == 0x20 || byte == 0x09 || byte == 0x0D {
                break
            } else {
                word.append(byte)
            }
            rest.removeFirst()
        }
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        return String(decoding: word, as: UTF8.self)
    }

    private func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return Array(rest)
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
