import AssayBytes

/// Reads one JSON text, bounded in every way.
///
/// Stricter than RFC 8259 where readers differ: a name that stands twice, a lone surrogate, a byte-order mark and anything
/// behind the value are refused.
public struct JSONReader: Sendable {
    /// How much is read.
    public struct Limits: Hashable, Sendable {
        /// Bytes of the text.
        public var bytes: Int
        /// Arrays and objects inside of each other.
        public var depth: Int
        /// Values, those inside of others included.
        public var values: Int

        /// Makes limits.
        public init(bytes: Int = 16 << 20, depth: Int = 100, values: Int = 1_000_000) {
            self.bytes = bytes
            self.depth = min(depth, 200)
            self.values = values
        }
    }

    private let bytes: [UInt8]
    private let limits: Limits
    private var index = 0
    private var count = 0
    /// The way to the value whose place is asked for, and the way to where the reader is; kept only when one is asked for.
    private let wanted: [String]?
    private var path: [String] = []
    private var found: Int?

    private init(_ bytes: [UInt8], _ limits: Limits, wanted: [String]? = nil) {
        self.bytes = bytes
        self.limits = limits
        self.wanted = wanted
    }

    /// Reads the whole text.
    ///
    /// - Throws: `JSONError` with line and column.
    public static func read(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONError) -> JSONValue {
        var reader = JSONReader(bytes, limits)
        return try reader.document()
    }

    /// Where the value that `pointer` leads to starts, its steps being names and numbers of elements; nil when it is not there.
    public static func place(of pointer: [String], in bytes: [UInt8], limits: Limits = Limits()) -> JSONPlace? {
        var reader = JSONReader(bytes, limits, wanted: pointer)
        _ = try? reader.document()
        return reader.found.map { JSONPlace(of: $0, in: bytes) }
    }

    private mutating func document() throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.bytes else {
            throw error(.tooLarge, "more than \(limits.bytes) bytes", at: 0)
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw error(.encoding, "a byte-order mark", at: 0) }
        let value = try value(depth: 0)
        skipBlanks()
        guard index == bytes.count else { throw error(.malformed, "something stands behind the value") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        skipBlanks()
        guard index < bytes.count else { throw error(.truncated, "a value is missing") }
        if let wanted, wanted == path, found == nil { found = index }
        count += 1
        guard count <= limits.values else { throw error(.tooLarge, "more than \(limits.values) values") }
        guard depth <= limits.depth else {
            throw error(.tooLarge, "more than \(limits.depth) arrays and objects inside of each other")
        }
        switch bytes[index] {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case 0x22: return .string(try string())
        case UInt8(ascii: "-"), 0x30...0x39: return .number(try number())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw error(.malformed, "'\(EscapedText([bytes[index]]))' starts no value")
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
        var object = JSONObject()
        index += 1
        skipBlanks()
        if take(UInt8(ascii: "}")) { return object }
        while true {
            skipBlanks()
            let start = index
            guard index < bytes.count else { throw error(.truncated, "an object does not end") }
            guard bytes[index] == 0x22 else { throw error(.malformed, "a name in quotes is missing") }
            let key = try string()
            guard object[key] == nil else {
                throw error(.duplicateKey, "the name '\(EscapedText(String(key.prefix(80))))' stands twice", at: start)
            }
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw expected("':'") }
            if wanted != nil { path.append(key) }
            object[key] = try value(depth: depth + 1)
            if wanted != nil { path.removeLast() }
            skipBlanks()
            if take(UInt8(ascii: "}")) { return object }
            guard take(UInt8(ascii: ",")) else { throw expected("',' or '}'") }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        index += 1
        skipBlanks()
        if take(UInt8(ascii: "]")) { return elements }
        while true {
            if wanted != nil { path.append(String(elements.count)) }
            elements.append(try value(depth: depth + 1))
            if wanted != nil { path.removeLast() }
            skipBlanks()
            if take(UInt8(ascii: "]")) { return elements }
            guard take(UInt8(ascii: ",")) else { throw expected("',' or ']'") }
        }
    }

    private mutating func number() throws(JSONError) -> JSONNumber {
        let start = index
        while index < bytes.count, isNumeric(bytes[index]) { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        guard index - start <= JSONNumber.maximumLength else {
            throw error(.tooLarge, "a number of more than \(JSONNumber.maximumLength) characters", at: start)
        }
        guard let number = JSONNumber(text) else {
            let isCut = index == bytes.count && !(text.utf8.last.map { (0x30...0x39).contains($0) } ?? false)
            throw error(isCut ? .truncated : .malformed, "'\(text)' is no number", at: start)
        }
        return number
    }

    private func isNumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let rest = bytes[index...].prefix(word.utf8.count)
        guard rest.elementsEqual(word.utf8) else {
            let isCut = rest.count < word.utf8.count && word.utf8.starts(with: rest)
            throw error(isCut ? .truncated : .malformed, "'\(word)' is the only word that could stand here")
        }
        index += word.utf8.count
        return value
    }

    /// The text between two quotes, its escapes undone.
    private mutating func string() throws(JSONError) -> String {
        let start = index
        index += 1
        var text: [UInt8] = []
        while true {
            guard index < bytes.count else { throw error(.truncated, "a text does not end", at: start) }
            let byte = bytes[index]
            switch byte {
            case 0x22:
                index += 1
                guard let valid = String(validating: text, as: UTF8.self) else {
                    throw error(.encoding, "a text that is not UTF-8", at: start)
                }
                return valid
            case 0x5C: try escape(into: &text)
            case 0..<0x20: throw error(.malformed, "a control character in a text")
            default:
                text.append(byte)
                index += 1
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        let start = index
        guard index + 1 < bytes.count else { throw error(.truncated, "an escape does not end") }
        index += 2
        switch bytes[index - 1] {
        case 0x22, 0x5C, 0x2F: text.append(bytes[index - 1])
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try unit(start)
            if (0xD800...0xDBFF).contains(code) {
                guard index + 1 < bytes.count, bytes[index] == 0x5C, bytes[index + 1] == UInt8(ascii: "u") else {
                    throw error(.encoding, "half of a surrogate pair", at: start)
                }
                index += 2
                let low = try unit(start)
                guard (0xDC00...0xDFFF).contains(low) else {
                    throw error(.encoding, "half of a surrogate pair", at: start)
                }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw error(.encoding, "half of a surrogate pair", at: start)
            }
            text += Array(String(scalar).utf8)
        default: throw error(.malformed, "an escape that JSON does not have", at: start)
        }
    }

    private mutating func unit(_ start: Int) throws(JSONError) -> UInt32 {
        guard index + 4 <= bytes.count else { throw error(.truncated, "an escape does not end", at: start) }
        let digits = Hex.decode(String(decoding: bytes[index..<(index + 4)], as: UTF8.self))
        guard let digits, digits.count == 2 else {
            throw error(.malformed, "an escape without four hexadecimal digits", at: start)
        }
        index += 4
        return UInt32(digits[0]) << 8 | UInt32(digits[1])
    }

    private mutating func skipBlanks() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private func expected(_ what: String) -> JSONError {
        error(index < bytes.count ? .malformed : .truncated, "\(what) is missing")
    }

    private func error(_ code: JSONError.Code, _ detail: String, at offset: Int? = nil) -> JSONError {
        let place = JSONPlace(of: offset ?? index, in: bytes)
        return JSONError(code: code, line: place.line, column: place.column, detail: detail)
    }
}
