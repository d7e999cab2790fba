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
        try refuseTagDirectives(text)
        return try YAMLEvents.reading(text) { events in
            var root: YAMLNode?
            while true {
                let event = try events.next()
                switch event.kind {
                case .streamEnd:
                    guard let root else { throw YAMLError(.malformed, "the file is empty", line: 1, column: 1) }
                    return root
                case .documentStart:
                    guard root == nil else { throw event.error(.malformed, "a second document begins") }
                    root = try node(events.next(), &events, depth: 0)
                default: continue
                }
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

    /// Refuses `%TAG` lines, which our files do not need: libyaml compares each with all others, which takes it seconds for a
    /// text full of them.
    private static func refuseTagDirectives(_ text: String) throws {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let index = lines.firstIndex(where: { $0.starts(with: "%TAG".utf8) }) else { return }
        throw YAMLError(.malformed, "tag directives are not allowed", line: index + 1, column: 1)
    }

    /// The value that begins with `event`.
    private static func node(
        _ event: YAMLEvents.Event, _ events: inout YAMLEvents, depth: Int
    ) throws -> YAMLNode {
        guard depth <= maximumDepth else { throw event.error(.malformed, "nested too deeply") }
        guard !event.hasAnchor else { throw event.error(.anchor, "anchors are not allowed") }
        let content: YAMLNode.Content
        switch event.kind {
        case .scalar(let text, let isPlain): content = .scalar(text, isPlain: isPlain)
        case .alias(let name):
            throw event.error(.anchor, "the alias '*\(name)' is not allowed: write the value out")
        case .sequenceStart:
            var elements: [YAMLNode] = []
            while let element = try element(&events, depth: depth + 1) { elements.append(element) }
            content = .sequence(elements)
        case .mappingStart:
            var entries: [YAMLNode.Entry] = []
            while let key = try element(&events, depth: depth + 1) {
                entries.append(YAMLNode.Entry(key: key, value: try node(events.next(), &events, depth: depth + 1)))
            }
            content = .mapping(entries)
        case .end, .documentStart, .other, .streamEnd: throw event.error(.malformed, "a value is missing")
        }
        return YAMLNode(content: content, line: event.line, column: event.column)
    }

    /// The next value of a sequence or a mapping; nil at its end.
    private static func element(_ events: inout YAMLEvents, depth: Int) throws -> YAMLNode? {
        let event = try events.next()
        if case .end = event.kind { return nil }
        return try node(event, &events, depth: depth)
    }
}
