import Yams

/// Reads the one YAML document of a file, within bounds.
///
/// Anchors and aliases are refused: our files do not need them, and an alias makes a small text a large document.
package enum YAMLText {
    /// The most bytes that are read.
    package static let maximumByteCount = 1 << 20
    /// The deepest nesting that is read: a profile needs five levels.
    package static let maximumDepth = 16

    /// The root of the document in `text`.
    ///
    /// - Throws: `YAMLError` with line and column for anything that is not allowed.
    package static func root(_ text: String) throws -> YAMLNode {
        guard text.utf8.count <= maximumByteCount else {
            throw YAMLError(.tooLarge, "the file is larger than \(maximumByteCount) bytes")
        }
        try refuseAliases(text)
        try refuseDeepNesting(text)
        do {
            let parser = try Parser(yaml: text, encoding: .utf8)
            // Nodes hold their anchors weakly: the parser owns them.
            return try withExtendedLifetime(parser) {
                guard let node = try parser.singleRoot() else {
                    throw YAMLError(.malformed, "the file is empty", line: 1, column: 1)
                }
                return try YAMLNode(node, depth: 0)
            }
        } catch let error as YamlError {
            throw YAMLError(error)
        }
    }

    /// Refuses a text in which an alias (`*name`) names an anchor (`&name`), before anything expands it.
    ///
    /// An alias without its anchor is an error of the parser, so that no alias passes. Only a text that holds both spellings
    /// of one name without meaning them is refused for nothing.
    private static func refuseAliases(_ text: String) throws {
        var anchors: Set<[UInt8]> = []
        try scan(text) { marker, name, _, _ in
            if marker == UInt8(ascii: "&") { anchors.insert(name) }
        }
        guard !anchors.isEmpty else { return }
        try scan(text) { marker, name, line, column in
            guard marker == UInt8(ascii: "*"), anchors.contains(name) else { return }
            throw YAMLError(
                .anchor, "the alias '*\(String(decoding: name, as: UTF8.self))' is not allowed: write the value out",
                line: line, column: column)
        }
    }

    /// Calls `found` for each `&name` and `*name`.
    private static func scan(_ text: String, _ found: (UInt8, [UInt8], Int, Int) throws -> Void) throws {
        var line = 1
        var column = 0
        var marker: UInt8?
        var start = (line: 1, column: 1)
        var name: [UInt8] = []
        func end() throws {
            if let marker, !name.isEmpty { try found(marker, name, start.line, start.column) }
        }
        for byte in text.utf8 {
            column += 1
            if marker != nil, isNameByte(byte) {
                name.append(byte)
            } else {
                try end()
                marker = byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") ? byte : nil
                start = (line, column)
                name = []
            }
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 0
            }
        }
        try end()
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Refuses a text whose brackets, indicators or indentation could nest too deep for a recursive parser.
    ///
    /// A level needs a bracket, or an indicator (`- `, `? `, `: `), or a line that is indented more than the one before.
    private static func refuseDeepNesting(_ text: String) throws {
        var brackets = 0
        for (number, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            var indicators = 0
            var previous = UInt8(ascii: " ")
            for byte in line {
                switch byte {
                case UInt8(ascii: "["), UInt8(ascii: "{"): brackets += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"): brackets = max(0, brackets - 1)
                case UInt8(ascii: " "):
                    if previous == UInt8(ascii: "-") || previous == UInt8(ascii: "?") { indicators += 1 }
                default: break
                }
                previous = byte
            }
            let indentation = line.prefix { $0 == UInt8(ascii: " ") }.count
            // Text in quotes counts too: its brackets and dashes are few.
            guard brackets <= 64, indicators <= 64, indentation <= 128 else {
                throw YAMLError(.malformed, "nested too deeply", line: number + 1, column: 1)
            }
        }
    }

    /// The text of `bytes`, which must be UTF-8.
    ///
    /// - Throws: `YAMLError` for bytes that are none, or too many.
    package static func decoded(_ bytes: [UInt8]) throws -> String {
        guard bytes.count <= maximumByteCount else {
            throw YAMLError(.tooLarge, "the file is larger than \(maximumByteCount) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw YAMLError(.malformed, "the file is not UTF-8")
        }
        return text
    }
}

extension YAMLNode {
    /// The parser's value, copied so that nothing refers to the parser.
    fileprivate init(_ node: Node, depth: Int) throws {
        line = node.mark?.line
        column = node.mark?.column
        func refuse(_ reason: YAMLError.Reason, _ message: String) -> YAMLError {
            YAMLError(reason, message, line: node.mark?.line, column: node.mark?.column)
        }
        guard depth <= YAMLText.maximumDepth else { throw refuse(.malformed, "nested too deeply") }
        guard node.anchor == nil else { throw refuse(.anchor, "anchors are not allowed") }
        switch node {
        case .scalar(let scalar): content = .scalar(scalar.string, isPlain: scalar.style == .plain)
        case .alias: throw refuse(.anchor, "aliases are not allowed")
        case .sequence(let sequence):
            content = .sequence(try sequence.map { try YAMLNode($0, depth: depth + 1) })
        case .mapping(let mapping):
            content = .mapping(
                try mapping.map { key, value in
                    Entry(
                        key: try YAMLNode(key, depth: depth + 1), value: try YAMLNode(value, depth: depth + 1))
                })
        }
    }
}

extension YAMLError {
    /// What the YAML parser says.
    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let more = context.map { " \($0.text)" } ?? ""
            self.init(.malformed, "\(problem)\(more)", line: mark.line, column: mark.column)
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\($0)'" }.joined(separator: ", ")
            self.init(.duplicate, "the key \(names) stands twice", line: context.mark.line, column: context.mark.column)
        case .reader(let problem, _, _, _): self.init(.malformed, problem)
        default: self.init(.malformed, "the file is no YAML document")
        }
    }
}
