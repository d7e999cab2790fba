import AssayJSON
import AssayTestSupport
import Foundation
import Testing

private func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

@Test(
    arguments: [
        ("null", .null), (" true ", .bool(true)), ("[]", .array([])), ("{}", .object([:])),
        (#""a\u00e9\ud83d\ude00\n""#, .string("aé😀\n")),
        ("[1, -2.50, 3e2]", .array([.integer(1), number("-2.5"), .integer(300)])),
        (#"{"b": 1, "a": [null]}"#, .object(["a": .array([.null]), "b": .integer(1)])),
    ] as [(String, JSONValue)])
func `a value is what RFC 8259 says`(text: String, value: JSONValue) throws {
    #expect(try read(text) == value)
}

private func number(_ text: String) -> JSONValue { JSONNumber(text).map { .number($0) } ?? .null }

/// One refused text: what is said, and where.
struct Refused: Sendable, CustomTestStringConvertible {
    let text: String
    let code: JSONError.Code
    let line: Int
    let column: Int
    var testDescription: String { String(text.prefix(40)) }

    init(_ text: String, _ code: JSONError.Code, _ line: Int, _ column: Int) {
        (self.text, self.code, self.line, self.column) = (text, code, line, column)
    }
}

@Test(arguments: [
    Refused("", .truncated, 1, 1), Refused("{", .truncated, 1, 2), Refused("[1,\n 2", .truncated, 2, 3),
    Refused("[1,]", .malformed, 1, 4), Refused("{\"a\" 1}", .malformed, 1, 6), Refused("{a: 1}", .malformed, 1, 2),
    Refused("{\"é\": 1,\n  \"é\": 2}", .duplicateKey, 2, 3), Refused("01", .malformed, 1, 1),
    Refused("1.", .truncated, 1, 1), Refused("-", .truncated, 1, 1), Refused("[+1]", .malformed, 1, 2),
    Refused("NaN", .malformed, 1, 1), Refused("tru", .truncated, 1, 1), Refused("trux", .malformed, 1, 1),
    Refused("\"a", .truncated, 1, 1), Refused("\"\\x\"", .malformed, 1, 2), Refused("\"\\ud800\"", .encoding, 1, 2),
    Refused("\"\\udc00\"", .encoding, 1, 2), Refused("\"\\u12\"", .truncated, 1, 2),
    Refused("\"a\tb\"", .malformed, 1, 3),
    Refused("1 2", .malformed, 1, 3), Refused("// no\n1", .malformed, 1, 1), Refused("'a'", .malformed, 1, 1),
    Refused("\u{FEFF}1", .encoding, 1, 1), Refused(String(repeating: "[", count: 300), .tooLarge, 1, 102),
    Refused(String(repeating: "1", count: 500), .tooLarge, 1, 1), Refused("1e99999", .malformed, 1, 1),
])
func `what is not one JSON value is refused with its place`(test: Refused) {
    let error = #expect(throws: JSONError.self) { try read(test.text) }
    #expect(error?.code == test.code, "\(String(describing: error))")
    #expect(error?.line == test.line)
    #expect(error?.column == test.column)
}

@Test
func `bytes that are not UTF-8 are refused`() {
    for bytes in [[0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22]] as [[UInt8]] {
        #expect(throws: JSONError.self) { try JSONReader.read(bytes) }
    }
}

@Test
func `size, depth and number of values are bounded`() {
    let limits = JSONReader.Limits(bytes: 50, depth: 3, values: 10)
    func code(_ text: String) -> JSONError.Code? {
        do throws(JSONError) {
            _ = try JSONReader.read(Array(text.utf8), limits: limits)
            return nil
        } catch {
            return error.code
        }
    }
    #expect(code("[[[1]]]") == nil)
    #expect(code("[[[[1]]]]") == .tooLarge)
    #expect(code("[1,2,3,4,5,6,7,8,9]") == nil)
    #expect(code("[1,2,3,4,5,6,7,8,9,0]") == .tooLarge)
    #expect(code("\"" + String(repeating: "a", count: 49) + "\"") == .tooLarge)
}

@Test
func `the place of a value is found by its path`() {
    let text = Array("{\"a\": [1,\n  {\"b\": true}]}".utf8)
    #expect(JSONReader.place(of: ["a", "1", "b"], in: text)?.description == "2:9")
    #expect(JSONReader.place(of: [], in: text)?.description == "1:1")
    #expect(JSONReader.place(of: ["a", "2"], in: text) == nil)
}

@Test
func `what is written is read as the same, whatever the style`() throws {
    var numbers = SeededNumbers(state: 7)
    for _ in 0..<300 {
        let value = randomValue(&numbers, depth: 4)
        for style in [(true, true), (false, true), (true, false)] {
            let bytes = JSONWriter.bytes(value, style: JSONWriter.Style(sortsKeys: style.0, isIndented: style.1))
            #expect(try JSONReader.read(bytes) == value)
        }
    }
}

/// A value of every kind, with texts that need escapes.
func randomValue(_ numbers: inout SeededNumbers, depth: Int) -> JSONValue {
    let texts = ["", "a", "é\u{202E}", "\"\\\n\u{0}", "😀", "\u{7F}", "name"]
    switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &numbers) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &numbers))
    case 2: return .integer(Int.random(in: -1000...1000, using: &numbers))
    case 3: return .string(texts.randomElement(using: &numbers) ?? "")
    case 4:
        return .array((0..<Int.random(in: 0..<4, using: &numbers)).map { _ in randomValue(&numbers, depth: depth - 1) })
    default:
        return .object(
            JSONObject(
                (0..<Int.random(in: 0..<4, using: &numbers)).map { ("k\($0)", randomValue(&numbers, depth: depth - 1)) }
            ))
    }
}

@Test
func `every truncation and flipped bit of a document ends in an error or a value`() {
    let bytes = JSONWriter.bytes(
        .object(["a": .array([.integer(1), .null, .string("é\n")]), "b": .object(["c": .bool(true)])]))
    for count in 0..<(bytes.count - 1) {
        let result = try? JSONReader.read(Array(bytes[..<count]))
        #expect(result == nil, "a part of a document is none: \(count)")
    }
    for index in bytes.indices {
        for bit in 0..<8 {
            var flipped = bytes
            flipped[index] ^= 1 << UInt8(bit)
            guard let value = try? JSONReader.read(flipped) else { continue }
            #expect((try? JSONReader.read(JSONWriter.bytes(value))) == value)
        }
    }
}

@Test(arguments: [
    ("1", "1.0", true), ("100", "1e2", true), ("0", "-0", true), ("0.10", "1e-1", true), ("1", "2", false),
    ("123456789012345678901234567890", "123456789012345678901234567891", false),
])
func `numbers are compared by their exact value`(left: String, right: String, isEqual: Bool) throws {
    let (left, right) = (try #require(JSONNumber(left)), try #require(JSONNumber(right)))
    #expect((left == right) == isEqual)
    if !isEqual { #expect(left < right && !(right < left)) }
}

@Test
func `order and multiples are exact`() throws {
    let ordered = try ["-1e3", "-2", "-0.5", "0", "1e-9", "0.5", "2", "10", "1e3"].map { try #require(JSONNumber($0)) }
    #expect(ordered.sorted() == ordered)
    let tenth = try #require(JSONNumber("0.1"))
    #expect(JSONNumber("7.3")?.isMultiple(of: tenth) == true)
    #expect(JSONNumber("7.35")?.isMultiple(of: tenth) == false)
    #expect(JSONNumber("1e300")?.isMultiple(of: JSONNumber(7)) == false)
    #expect(JSONNumber("12.0")?.asInt == 12)
    #expect(JSONNumber("12.5")?.asInt == nil)
    #expect(JSONNumber("9223372036854775808")?.asInt == nil)
}
