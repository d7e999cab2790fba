/// Names and values from a subject as text that is safe to print and can be turned back into the same bytes.
///
/// File names are bytes, not text: they may hold newlines, terminal escapes and invalid UTF-8. Printable UTF-8 stays as it
/// is; a backslash becomes `\\`; every other byte becomes `\xHH`. Two different names never give the same text.
public struct EscapedText: Hashable, Sendable, CustomStringConvertible {
    /// The escaped text.
    public let description: String

    /// Escapes `bytes`.
    public init(_ bytes: some Sequence<UInt8>) { self.init(Array(bytes)) }

    /// Escapes `bytes`.
    public init(_ bytes: [UInt8]) {
        if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x5C }) {
            description = String(decoding: bytes, as: UTF8.self)
            return
        }
        var text = ""
        var index = 0
        while index < bytes.count {
            let length = EscapedText.scalarLength(bytes, at: index)
            let piece = String(decoding: bytes[index..<(index + max(length, 1))], as: UTF8.self)
            if length > 0, let scalar = piece.unicodeScalars.first, EscapedText.isPrintable(scalar) {
                text += scalar == "\\" ? "\\\\" : piece
            } else {
                for byte in bytes[index..<(index + max(length, 1))] { text += "\\x" + Hex.encode([byte]) }
            }
            index += max(length, 1)
        }
        description = text
    }

    /// Escapes the UTF-8 bytes of `text`.
    public init(_ text: String) { self.init(Array(text.utf8)) }

    /// The bytes that `escaped` was made from, or nil when it is not text that this type writes.
    public static func unescape(_ escaped: String) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = Array(escaped.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == 0x5C else {
                result.append(byte)
                continue
            }
            switch rest.popFirst() {
            case 0x5C: result.append(0x5C)
            case 0x78:
                guard rest.count >= 2, let value = Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self)) else {
                    return nil
                }
                result += value
                rest = rest.dropFirst(2)
            default: return nil
            }
        }
        return result
    }

    /// Neither a control character nor one that reorders or hides its neighbours on a terminal.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }

    /// The number of bytes of the UTF-8 scalar at `index` (1 to 4), or 0 when there is none (RFC 3629, section 4).
    private static func scalarLength(_ bytes: [UInt8], at index: Int) -> Int {
        let first = bytes[index]
        let (length, low, high): (Int, UInt8, UInt8) =
            switch first {
            case 0x00...0x7F: (1, 0, 0)
            case 0xC2...0xDF: (2, 0x80, 0xBF)
            case 0xE0: (3, 0xA0, 0xBF)
            case 0xED: (3, 0x80, 0x9F)
            case 0xE1...0xEF: (3, 0x80, 0xBF)
            case 0xF0: (4, 0x90, 0xBF)
            case 0xF4: (4, 0x80, 0x8F)
            case 0xF1...0xF3: (4, 0x80, 0xBF)
            default: (0, 0, 0)
            }
        guard length > 1 else { return length }
        guard index + length <= bytes.count, bytes[index + 1] >= low, bytes[index + 1] <= high else { return 0 }
        for byte in bytes[(index + 2)..<(index + length)] where byte & 0xC0 != 0x80 { return 0 }
        return length
    }
}
