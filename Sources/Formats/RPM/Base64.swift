/// Base 64 with padding (RFC 4648, section 4).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    /// The text of `bytes` in one line.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let number = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for index in 0..<4 {
                let digit = alphabet[Int(number >> UInt32(18 - 6 * index)) & 63]
                text.append(index <= group.count ? digit : padding)
            }
        }
        return text
    }

    /// The bytes of `text`, whose lines may be broken; nil when it is not base 64 or not what `encode` would write.
    static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var number: UInt32 = 0
        var digits = 0
        var paddings = 0
        for character in text where character != 0x0A && character != 0x0D {
            if character == padding {
                paddings += 1
                continue
            }
            guard paddings == 0, let value = value(character) else { return nil }
            number = number << 6 | UInt32(value)
            digits += 1
            if digits % 4 == 0 {
                result += [UInt8(number >> 16 & 0xFF), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]
                number = 0
            }
        }
        // Bits that belong to no byte must be zero, so that a value has one text.
        switch digits % 4 {
        case 0: return paddings == 0 ? result : nil
        case 2: return paddings == 2 && number & 15 == 0 ? result + [UInt8(number >> 4 & 0xFF)] : nil
        case 3:
            guard paddings == 1, number & 3 == 0 else { return nil }
            return result + [UInt8(number >> 10 & 0xFF), UInt8(number >> 2 & 0xFF)]
        default: return nil
        }
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
