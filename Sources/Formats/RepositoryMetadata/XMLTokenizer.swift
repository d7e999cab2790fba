/// What a document says next.
enum XMLEvent: Hashable, Sendable {
    /// An element begins; an empty one ends at once.
    case start(String, [String: String])
    /// The innermost open element ends.
    case end(String)
    /// Character data.
    case text(String)
}

/// An event and the line, from 1, where its markup or text begins.
struct LocatedEvent: Hashable, Sendable {
    let event: XMLEvent
    let line: Int
}

/// Reads the part of XML 1.0 that repository metadata needs, in whatever pieces it comes.
///
/// Elements, attributes, character data, CDATA, comments, processing instructions; UTF-8 only. A document type is refused,
/// so that there are no entities but the five predefined ones and character references. Names are taken as they are
/// written, with their prefix: as the readers of package managers do. Every byte is looked at once, and no more than one
/// token is kept. https://www.w3.org/TR/xml/
struct XMLTokenizer {
    /// Bytes of one tag, comment or piece of text.
    static let maximumToken = 1 << 20
    static let maximumDepth = 32
    static let maximumAttributes = 32
    static let maximumName = 128

    private static let documentType = Array("!D".utf8)
    private static let comment = Array("!--".utf8)
    private static let characterData = Array("![CDATA[".utf8)

    private enum State {
        case text
        /// Inside `<…>`; what it is shows when it ends.
        case markup
        /// Inside a quoted value in a tag.
        case quoted(UInt8)
    }

    /// The names of the elements whose attributes and text are given; those of others are checked and dropped.
    private let wanted: Set<String>

    private var state = State.text
    private var token: [UInt8] = []
    private var open: [String] = []
    private var events: [LocatedEvent] = []
    private var hasRoot = false
    private var isAtStart = true
    private var line = 1
    /// The line where the token began.
    private var tokenLine = 1

    init(wanted: Set<String>) { self.wanted = wanted }

    private func isWanted(_ name: String?) -> Bool { name.map { wanted.contains($0) } ?? false }

    /// Takes the next bytes of the document and gives what they complete.
    mutating func append(_ bytes: [UInt8]) throws(MetadataError) -> [LocatedEvent] {
        var position = 0
        while position < bytes.count {
            // Most bytes end nothing: they are passed over in one go.
            let start = position
            while position < bytes.count, !isStop(bytes[position]) {
                let byte = bytes[position]
                if byte < 0x20 {
                    if byte == 0x0A { line += 1 }
                    guard XMLTokenizer.isBlank(byte) else { throw error(.malformed, "a control character") }
                }
                position += 1
            }
            if position > start { try keep(bytes[start..<position]) }
            guard position < bytes.count else { break }
            try stop(at: bytes[position])
            position += 1
        }
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    /// Says that no more bytes come.
    mutating func finish() throws(MetadataError) {
        guard case .text = state, open.isEmpty, hasRoot else { throw error(.truncated, "the document is not complete") }
        guard token.allSatisfy(XMLTokenizer.isBlank) else { throw error(.malformed, "text behind the root element") }
    }

    func error(_ code: MetadataError.Code, _ detail: String) -> MetadataError {
        MetadataError(code: code, line: tokenLine, detail: detail)
    }

    private mutating func emit(_ event: XMLEvent) { events.append(LocatedEvent(event: event, line: tokenLine)) }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// Whether `byte` may end the token, or begins or ends a quoted value.
    private func isStop(_ byte: UInt8) -> Bool {
        switch state {
        case .text: byte == UInt8(ascii: "<")
        case .markup: byte == UInt8(ascii: ">") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
        case .quoted(let quote): byte == quote
        }
    }

    private mutating func stop(at byte: UInt8) throws(MetadataError) {
        switch state {
        case .text:
            try endText()
            state = .markup
            tokenLine = line
            return
        case .markup where byte == UInt8(ascii: ">") && isComplete:
            try endMarkup(token)
            token.removeAll(keepingCapacity: true)
            state = .text
            isAtStart = false
            tokenLine = line
            return
        case .markup: if byte != UInt8(ascii: ">"), isTag { state = .quoted(byte) }
        case .quoted: state = .markup
        }
        try keep([byte])
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) throws(MetadataError) {
        guard token.count + bytes.count <= XMLTokenizer.maximumToken else {
            throw error(.tooLarge, "a token of more than 1 MiB")
        }
        token.append(contentsOf: bytes)
        // A document type can hold quotes and nested marks: it is refused as soon as it shows.
        if case .markup = state, token.starts(with: XMLTokenizer.documentType) { throw error(.documentType, "<!D…") }
    }

    /// Whether the markup is a start tag, where a `>` can stand inside quotes.
    private var isTag: Bool { token.first != UInt8(ascii: "!") && token.first != UInt8(ascii: "?") }

    /// Whether a `>` ends the markup: comments, CDATA and instructions have longer ends.
    private var isComplete: Bool {
        if token.starts(with: XMLTokenizer.comment) {
            return token.count >= 5 && token[token.count - 1] == 0x2D && token[token.count - 2] == 0x2D
        }
        if token.starts(with: XMLTokenizer.characterData) {
            return token[token.count - 1] == 0x5D && token[token.count - 2] == 0x5D
        }
        if token.first == UInt8(ascii: "?") { return token.count >= 2 && token.last == UInt8(ascii: "?") }
        return true
    }

    private mutating func endText() throws(MetadataError) {
        defer { token.removeAll(keepingCapacity: true) }
        if isAtStart, !hasRoot, token.starts(with: [0xEF, 0xBB, 0xBF]) { token.removeFirst(3) }
        guard !token.isEmpty else { return }
        guard !open.isEmpty else {
            guard token.allSatisfy(XMLTokenizer.isBlank) else {
                throw error(.malformed, "text outside of the root element")
            }
            isAtStart = false
            return
        }
        if let end = token.firstIndex(of: UInt8(ascii: ">")), end >= 2,
            token[2...].indices.contains(where: { token[$0] == 0x3E && token[$0 - 1] == 0x5D && token[$0 - 2] == 0x5D })
        {
            throw error(.malformed, "']]>' in text")
        }
        let value = try unescaped(token[...])
        if isWanted(open.last) { emit(.text(value)) }
    }

    private mutating func endMarkup(_ markup: [UInt8]) throws(MetadataError) {
        switch markup.first {
        case nil: throw error(.malformed, "'<>'")
        case UInt8(ascii: "?"): try checkInstruction(markup)
        case UInt8(ascii: "!"):
            guard !markup.starts(with: XMLTokenizer.comment) else {
                let content = markup.dropFirst(3).dropLast(2)
                guard !zip(content, markup.dropFirst(4)).contains(where: { $0 == 0x2D && $1 == 0x2D }) else {
                    throw error(.malformed, "'--' inside a comment")
                }
                _ = try text(content)
                return
            }
            guard markup.starts(with: XMLTokenizer.characterData), markup.count >= 10, !open.isEmpty else {
                throw error(.malformed, "a declaration")
            }
            let value = try text(markup.dropFirst(8).dropLast(2))
            if isWanted(open.last) { emit(.text(value)) }
        case UInt8(ascii: "/"):
            var rest = markup.dropFirst()
            let name = try XMLTokenizer.name(&rest, error)
            guard rest.allSatisfy(XMLTokenizer.isBlank), open.popLast() == name else {
                throw error(.malformed, "'</\(name)>' does not close the open element")
            }
            emit(.end(name))
        default: try startTag(markup)
        }
    }

    /// The XML declaration stands at the start only and names no encoding but UTF-8.
    private func checkInstruction(_ markup: [UInt8]) throws(MetadataError) {
        var rest = markup.dropFirst().dropLast()
        _ = try text(rest)
        let target = try XMLTokenizer.name(&rest, error)
        guard rest.first.map(XMLTokenizer.isBlank) ?? true else { throw error(.malformed, "an instruction's name") }
        guard target.lowercased() == "xml" else { return }
        guard target == "xml", isAtStart, !hasRoot else { throw error(.malformed, "an XML declaration in the middle") }
        var allowed = ["version", "encoding", "standalone"][...]
        while let (key, value) = try attribute(&rest) {
            guard let place = allowed.firstIndex(of: key), place == 0 || allowed.startIndex > 0 else {
                throw error(.malformed, "'\(key)' in the XML declaration")
            }
            allowed = allowed[(place + 1)...]
            let isAccepted =
                switch key {
                case "version": value == "1.0"
                case "encoding": value.lowercased() == "utf-8"
                default: value == "yes" || value == "no"
                }
            guard isAccepted else { throw error(.malformed, "\(key) '\(value)'") }
        }
        guard allowed.startIndex > 0 else { throw error(.malformed, "no version in the XML declaration") }
    }

    private mutating func startTag(_ markup: [UInt8]) throws(MetadataError) {
        let isEmpty = markup.last == UInt8(ascii: "/")
        var rest = isEmpty ? markup.dropLast() : markup[...]
        let name = try XMLTokenizer.name(&rest, error)
        let attributes = try attributes(&rest, isWanted: isWanted(name))
        guard !open.isEmpty || !hasRoot else { throw error(.malformed, "a second root element") }
        guard open.count < XMLTokenizer.maximumDepth else { throw error(.tooLarge, "elements too deep") }
        hasRoot = true
        emit(.start(name, attributes))
        if isEmpty { emit(.end(name)) } else { open.append(name) }
    }

    private static func name(
        _ rest: inout ArraySlice<UInt8>, _ error: (MetadataError.Code, String) -> MetadataError
    ) throws(MetadataError) -> String {
        String(decoding: try nameBytes(&rest, error), as: UTF8.self)
    }

    private static func nameBytes(
        _ rest: inout ArraySlice<UInt8>, _ error: (MetadataError.Code, String) -> MetadataError
    ) throws(MetadataError) -> ArraySlice<UInt8> {
        let bytes = rest.prefix { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D, 0x2E, 0x3A: true
            default: false
            }
        }
        guard let first = bytes.first, !(0x30...0x39).contains(first), first != 0x2D, first != 0x2E else {
            throw error(.malformed, "a name is missing")
        }
        guard bytes.count <= XMLTokenizer.maximumName else { throw error(.tooLarge, "a name too long") }
        rest = rest.dropFirst(bytes.count)
        return bytes
    }

    /// The attributes of a start tag, all checked; none are given when they are not wanted.
    private func attributes(
        _ rest: inout ArraySlice<UInt8>, isWanted: Bool
    ) throws(MetadataError) -> [String: String] {
        var keys: [ArraySlice<UInt8>] = []
        var attributes: [String: String] = [:]
        while let (key, raw) = try rawAttribute(&rest) {
            guard keys.count < XMLTokenizer.maximumAttributes else { throw error(.tooLarge, "too many attributes") }
            guard !keys.contains(key) else {
                throw error(.malformed, "the attribute '\(String(decoding: key, as: UTF8.self))' twice")
            }
            keys.append(key)
            if isWanted {
                attributes[String(decoding: key, as: UTF8.self)] = try value(raw)
            } else if raw.contains(where: { $0 == UInt8(ascii: "&") || $0 >= 0x80 }) {
                _ = try value(raw)
            }
        }
        return attributes
    }

    /// The next attribute; nil at the end of the tag.
    private func attribute(_ rest: inout ArraySlice<UInt8>) throws(MetadataError) -> (String, String)? {
        guard let (key, raw) = try rawAttribute(&rest) else { return nil }
        return (String(decoding: key, as: UTF8.self), try value(raw))
    }

    /// Line ends and tabs in values are spaces (section 3.3.3).
    private func value(_ raw: ArraySlice<UInt8>) throws(MetadataError) -> String {
        try unescaped(raw.map { XMLTokenizer.isBlank($0) ? 0x20 : $0 }[...])
    }

    private func rawAttribute(
        _ rest: inout ArraySlice<UInt8>
    ) throws(MetadataError) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
        let blanks = rest.prefix(while: XMLTokenizer.isBlank).count
        rest = rest.dropFirst(blanks)
        guard !rest.isEmpty else { return nil }
        guard blanks > 0 else { throw error(.malformed, "no space before an attribute") }
        let key = try XMLTokenizer.nameBytes(&rest, error)
        rest = rest.drop(while: XMLTokenizer.isBlank)
        guard rest.popFirst() == UInt8(ascii: "=") else { throw error(.malformed, "'=' is missing") }
        rest = rest.drop(while: XMLTokenizer.isBlank)
        guard let quote = rest.popFirst(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
            let end = rest.firstIndex(of: quote)
        else { throw error(.malformed, "a quote is missing") }
        let raw = rest[rest.startIndex..<end]
        guard !raw.contains(UInt8(ascii: "<")) else { throw error(.malformed, "'<' inside a value") }
        rest = rest[(end + 1)...]
        return (key, raw)
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(MetadataError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw error(.malformed, "not UTF-8") }
        return text
    }

    /// Text with its references replaced.
    private func unescaped(_ bytes: ArraySlice<UInt8>) throws(MetadataError) -> String {
        guard bytes.contains(UInt8(ascii: "&")) else { return try text(bytes) }
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "&") else {
                result.append(byte)
                continue
            }
            guard let end = rest.prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
                throw error(.malformed, "a reference without ';'")
            }
            let name = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            guard let scalar = XMLTokenizer.scalar(name) else { throw error(.malformed, "the entity '\(name)'") }
            result += Array(String(Character(scalar)).utf8)
        }
        return try text(result[...])
    }

    private static func scalar(_ name: String) -> Unicode.Scalar? {
        switch name {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        guard name.hasPrefix("#") else { return nil }
        let isHexadecimal = name.hasPrefix("#x")
        let digits = name.dropFirst(isHexadecimal ? 2 : 1)
        guard digits.allSatisfy(\.isHexDigit), let number = UInt32(digits, radix: isHexadecimal ? 16 : 10),
            number >= 0x20 || number == 0x09 || number == 0x0A || number == 0x0D, number != 0xFFFE, number != 0xFFFF
        else { return nil }
        return Unicode.Scalar(number)
    }
}
