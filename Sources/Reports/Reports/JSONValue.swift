/// A JSON text in the making (RFC 8259): keys in order, numbers only where every reader keeps them exact.
///
/// Written by hand rather than with JSONEncoder so that the shape of the machine output is stated here and does not follow
/// a renamed property, and so that hostile text is made harmless for terminals too.
indirect enum JSONValue: Hashable, Sendable {
    case string(String)
    case number(Int)
    case bool(Bool)
    case array([JSONValue])
    case object([String: JSONValue])

    /// A list of texts.
    static func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

    /// Numbers by name.
    static func numbers(_ numbers: [String: Int]) -> JSONValue { .object(numbers.mapValues { .number($0) }) }

    /// An object without the members that are nil.
    static func members(_ members: [String: JSONValue?]) -> JSONValue { .object(members.compactMapValues { $0 }) }

    /// The text: two spaces an indentation, keys ordered by their bytes, a line end at the end.
    var text: String {
        var bytes: [UInt8] = []
        write(into: &bytes, depth: 0)
        bytes.append(0x0A)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(into bytes: inout [UInt8], depth: Int) {
        switch self {
        case .string(let text): JSONValue.write(text, into: &bytes)
        case .number(let number): bytes += Array(String(number).utf8)
        case .bool(let value): bytes += Array((value ? "true" : "false").utf8)
        case .array(let values):
            JSONValue.writeList("[", values, "]", into: &bytes, depth: depth) { value, bytes in
                value.write(into: &bytes, depth: depth + 1)
            }
        case .object(let members):
            let ordered = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            JSONValue.writeList("{", ordered, "}", into: &bytes, depth: depth) { member, bytes in
                JSONValue.write(member.key, into: &bytes)
                bytes += Array(": ".utf8)
                member.value.write(into: &bytes, depth: depth + 1)
            }
        }
    }

    private static func writeList<Element>(
        _ open: String, _ elements: [Element], _ close: String, into bytes: inout [UInt8], depth: Int,
        _ write: (Element, inout [UInt8]) -> Void
    ) {
        bytes += Array(open.utf8)
        for (index, element) in elements.enumerated() {
            bytes += Array((index == 0 ? "\n" : ",\n").utf8)
            bytes += Array(repeating: 0x20, count: 2 * (depth + 1))
            write(element, &bytes)
        }
        if !elements.isEmpty { bytes += [0x0A] + Array(repeating: 0x20, count: 2 * depth) }
        bytes += Array(close.utf8)
    }

    /// Quotes, backslashes and whatever `PrintableText` would not print are escaped: the value stays the same for a parser,
    /// and a terminal that shows the file does not act on it.
    private static func write(_ text: String, into bytes: inout [UInt8]) {
        bytes.append(0x22)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": bytes += [0x5C, UInt8(ascii: scalar)]
            case "\n": bytes += Array("\\n".utf8)
            case "\t": bytes += Array("\\t".utf8)
            case "\r": bytes += Array("\\r".utf8)
            case " "..."~": bytes.append(UInt8(ascii: scalar))
            default:
                if PrintableText.isPrintable(scalar) {
                    bytes += Array(String(scalar).utf8)
                } else {
                    for unit in String(scalar).utf16 {
                        let digits = String(unit, radix: 16)
                        bytes += Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
                    }
                }
            }
        }
        bytes.append(0x22)
    }
}
