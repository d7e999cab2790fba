/// One element of a small XML document.
struct XMLElement: Hashable, Sendable {
    var name: String
    var attributes: [String: String] = [:]
    var children: [XMLElement] = []
    /// The character data directly inside it.
    var text = ""
    var line: Int

    func children(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}

/// Why a document could not be read.
struct XMLError: Error, Hashable {
    var line: Int
    var message: String
}

/// Reads the part of XML 1.0 that firewalld's files use: elements, attributes, character data, CDATA, comments.
///
/// No document type (so no entities but the five predefined ones and character references), no namespaces; processing
/// instructions are passed over. Reference: <https://www.w3.org/TR/xml/>.
struct XMLReader {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var elements = 0

    private static let maximumSize = 1 << 20
    private static let maximumElements = 50_000
    private static let maximumDepth = 16

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The root element of `bytes`.
    static func read(_ bytes: [UInt8]) throws(XMLError) -> XMLElement {
        var reader = XMLReader(bytes)
        guard bytes.count <= maximumSize else { throw reader.error("document too long") }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.position = 3 }
        try reader.skipMisc()
        guard reader.at(0) == UInt8(ascii: "<") else { throw reader.error("no root element") }
        let root = try reader.element()
        try reader.skipMisc()
        guard reader.position == bytes.count else { throw reader.error("content behind the root element") }
        return root
    }

    private func error(_ message: String) -> XMLError { XMLError(line: line, message: message) }

    private func at(_ offset: Int) -> UInt8 { position + offset < bytes.count ? bytes[position + offset] : 0 }

    private func starts(_ text: StaticString) -> Bool { bytes[position...].starts(with: Array("\(text)".utf8)) }

    private mutating func advance(_ count: Int) {
        for _ in 0..<count where position < bytes.count {
            if bytes[position] == 0x0A { line += 1 }
            position += 1
        }
    }

    private mutating func skipBlanks() {
        while [0x20, 0x09, 0x0A, 0x0D].contains(at(0)) { advance(1) }
    }

    /// Passes over everything up to and with `end`.
    private mutating func skip(past end: StaticString) throws(XMLError) -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count {
            if starts(end) {
                let content = bytes[start..<position]
                advance(end.utf8CodeUnitCount)
                return content
            }
            advance(1)
        }
        throw error("'\(end)' is missing")
    }

    private mutating func skipMisc() throws(XMLError) {
        while true {
            skipBlanks()
            if starts("<?") {
                _ = try skip(past: "?>")
            } else if starts("<!--") {
                advance(4)
                _ = try skip(past: "-->")
            } else if starts("<!") {
                throw error("a document type is not accepted")
            } else {
                return
            }
        }
    }

    private mutating func name() throws(XMLError) -> String {
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: ":"), 0x80...0xFF:
                position += 1
                continue
            default: break
            }
            break
        }
        guard position > start, position - start <= 256 else { throw error("a name is missing") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Reads the element at `<` and all that it holds, with an own stack instead of recursion.
    private mutating func element() throws(XMLError) -> XMLElement {
        var open: [XMLElement] = []
        while true {
            guard position < bytes.count else { throw error("an element without its end") }
            if at(0) != UInt8(ascii: "<") {
                let text = try characters(until: UInt8(ascii: "<"))
                open[open.count - 1].text += text
            } else if starts("<!--") {
                advance(4)
                _ = try skip(past: "-->")
            } else if starts("<![CDATA[") {
                advance(9)
                open[open.count - 1].text += String(decoding: try skip(past: "]]>"), as: UTF8.self)
            } else if starts("<?") {
                _ = try skip(past: "?>")
            } else if at(1) == UInt8(ascii: "!") {
                throw error("a declaration is not accepted")
            } else if at(1) == UInt8(ascii: "/") {
                advance(2)
                let name = try name()
                skipBlanks()
                guard at(0) == UInt8(ascii: ">"), let closed = open.popLast(), closed.name == name else {
                    throw error("'</\(name)>' does not close the open element")
                }
                advance(1)
                guard let parent = open.indices.last else { return closed }
                open[parent].children.append(closed)
            } else {
                let (started, isEmpty) = try startTag()
                if !isEmpty {
                    guard open.count < XMLReader.maximumDepth else { throw error("elements too deep") }
                    open.append(started)
                } else if let parent = open.indices.last {
                    open[parent].children.append(started)
                } else {
                    return started
                }
            }
        }
    }

    private mutating func startTag() throws(XMLError) -> (XMLElement, isEmpty: Bool) {
        elements += 1
        guard elements <= XMLReader.maximumElements else { throw error("too many elements") }
        var element = XMLElement(name: "", line: line)
        advance(1)
        element.name = try name()
        while true {
            skipBlanks()
            if starts("/>") {
                advance(2)
                return (element, true)
            }
            if at(0) == UInt8(ascii: ">") {
                advance(1)
                return (element, false)
            }
            let key = try name()
            skipBlanks()
            guard at(0) == UInt8(ascii: "=") else { throw error("'=' is missing") }
            advance(1)
            skipBlanks()
            let quote = at(0)
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { throw error("a quote is missing") }
            advance(1)
            let value = try characters(until: quote)
            guard at(0) == quote, element.attributes[key] == nil, element.attributes.count < 64 else {
                throw error("the attribute '\(key)' is malformed or given twice")
            }
            advance(1)
            element.attributes[key] = value
        }
    }

    /// Character data up to `end`, with references replaced.
    private mutating func characters(until end: UInt8) throws(XMLError) -> String {
        var result: [UInt8] = []
        while position < bytes.count, bytes[position] != end {
            if bytes[position] == UInt8(ascii: "<") { throw error("'<' inside a value") }
            if bytes[position] == UInt8(ascii: "&") {
                position += 1
                result += Array(try reference().utf8)
                continue
            }
            result.append(bytes[position])
            advance(1)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func reference() throws(XMLError) -> String {
        let start = position
        while position < bytes.count, position - start < 12, bytes[position] != UInt8(ascii: ";") { position += 1 }
        guard at(0) == UInt8(ascii: ";") else { throw error("a reference without ';'") }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        position += 1
        switch name {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        let number =
            name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst(1))
        guard name.hasPrefix("#"), let number, number > 0, let scalar = Unicode.Scalar(number) else {
            throw error("unknown entity '\(name)'")
        }
        return String(Character(scalar))
    }
}
