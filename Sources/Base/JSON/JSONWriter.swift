/// Writes a value as JSON text: the same value and style give the same bytes.
///
/// Whatever a terminal would act on or not show is escaped: the value stays the same for a reader.
public struct JSONWriter: Sendable {
    /// How a text looks.
    public struct Style: Hashable, Sendable {
        /// Whether names are ordered by their bytes, or stay in the order that the object has.
        public var sortsKeys: Bool
        /// Whether every value has a line of its own.
        public var isIndented: Bool

        /// Makes a style.
        public init(sortsKeys: Bool = true, isIndented: Bool = true) {
            self.sortsKeys = sortsKeys
            self.isIndented = isIndented
        }
    }

    private let style: Style
    private var bytes: [UInt8] = []

    private init(_ style: Style) { self.style = style }

    /// The text of `value`; an indented one has two spaces a level and a line end at the end.
    public static func bytes(_ value: JSONValue, style: Style = Style()) -> [UInt8] {
        var writer = JSONWriter(style)
        writer.write(value, depth: 0)
        if style.isIndented { writer.bytes.append(0x0A) }
        return writer.bytes
    }

    /// The same as a `String`.
    public static func text(_ value: JSONValue, style: Style = Style()) -> String {
        String(decoding: bytes(value, style: style), as: UTF8.self)
    }

    private mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: bytes += Array("null".utf8)
        case .bool(let value): bytes += Array((value ? "true" : "false").utf8)
        case .number(let number): bytes += Array(number.description.utf8)
        case .string(let text): write(text)
        case .array(let elements):
            list("[", elements, "]", depth: depth) { writer, element in writer.write(element, depth: depth + 1) }
        case .object(let object):
            var members = object.members
            if style.sortsKeys { members.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } }
            list("{", members, "}", depth: depth) { writer, member in
                writer.write(member.key)
                writer.bytes += Array((writer.style.isIndented ? ": " : ":").utf8)
                writer.write(member.value, depth: depth + 1)
            }
        }
    }

    private mutating func list<Element>(
        _ open: String, _ elements: [Element], _ close: String, depth: Int,
        _ write: (inout JSONWriter, Element) -> Void
    ) {
        bytes += Array(open.utf8)
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            line(depth + 1)
            write(&self, element)
        }
        if !elements.isEmpty { line(depth) }
        bytes += Array(close.utf8)
    }

    private mutating func line(_ depth: Int) {
        guard style.isIndented else { return }
        bytes.append(0x0A)
        bytes += Array(repeating: 0x20, count: 2 * depth)
    }

    private mutating func write(_ text: String) {
        bytes.append(0x22)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": bytes += [0x5C, UInt8(ascii: scalar)]
            case "\n": bytes += Array("\\n".utf8)
            case "\t": bytes += Array("\\t".utf8)
            case "\r": bytes += Array("\\r".utf8)
            case " "..."~": bytes.append(UInt8(ascii: scalar))
            default:
                if JSONWriter.isPrintable(scalar) {
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

    /// Neither a control character nor one that hides or reorders its neighbours, breaks lines, or means nothing yet.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
