/// How systemd reads the values of settings.
public enum SettingSyntax {
    /// The most words that `words` gives.
    public static let wordLimit = 100_000

    /// A boolean as systemd reads it, or nil when `text` is none.
    ///
    /// Yes is `1`, `yes`, `y`, `true`, `t`, `on`; no is `0`, `no`, `n`, `false`, `f`, `off`; in either case of letters.
    public static func boolean(_ text: some StringProtocol) -> Bool? {
        guard text.utf8.count <= 5 else { return nil }
        return switch text.lowercased() {
        case "1", "yes", "y", "true", "t", "on": true
        case "0", "no", "n", "false", "f", "off": false
        default: nil
        }
    }

    /// Splits `text` at white space, taking `"…"` and `'…'` as one word and a backslash as the start of an escape.
    ///
    /// Escapes are those of systemd.syntax(7), "Quoting". Text behind an unbalanced quote is the last word.
    public static func words(_ text: String) -> [String] {
        var result: [String] = []
        var word: [UInt8] = []
        var isInWord = false
        var quote: UInt8?
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\") {
                isInWord = true
                word += unescape(&rest)
            } else if let open = quote {
                if byte == open { quote = nil } else { word.append(byte) }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), !isInWord {
                quote = byte
                isInWord = true
            } else if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
                guard isInWord else { continue }
                result.append(String(decoding: word, as: UTF8.self))
                guard result.count < wordLimit else { return result }
                word = []
                isInWord = false
            } else {
                isInWord = true
                word.append(byte)
            }
        }
        if isInWord { result.append(String(decoding: word, as: UTF8.self)) }
        return result
    }

    /// Reads what follows a backslash; an unknown escape stands for itself, backslash included.
    private static func unescape(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        guard let letter = rest.first else { return [UInt8(ascii: "\\")] }
        let simple: UInt8? =
            switch letter {
            case UInt8(ascii: "a"): 0x07
            case UInt8(ascii: "b"): 0x08
            case UInt8(ascii: "f"): 0x0C
            case UInt8(ascii: "n"): 0x0A
            case UInt8(ascii: "r"): 0x0D
            case UInt8(ascii: "t"): 0x09
            case UInt8(ascii: "v"): 0x0B
            case UInt8(ascii: "s"): 0x20
            case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): letter
            default: nil
            }
        if let simple {
            rest = rest.dropFirst()
            return [simple]
        }
        let (radix, width, skipped): (Int, Int, Int) =
            switch letter {
            case UInt8(ascii: "x"): (16, 2, 1)
            case UInt8(ascii: "u"): (16, 4, 1)
            case UInt8(ascii: "U"): (16, 8, 1)
            case UInt8(ascii: "0")...UInt8(ascii: "7"): (8, 3, 0)
            default: (0, 0, 0)
            }
        let digits = rest.dropFirst(skipped).prefix(width)
        guard radix > 0, digits.count == width, digits.allSatisfy({ $0 != 0x2B && $0 != 0x2D }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: radix), value != 0
        else { return [UInt8(ascii: "\\")] }
        let isByte = letter == UInt8(ascii: "x") || skipped == 0
        if isByte {
            guard let byte = UInt8(exactly: value) else { return [UInt8(ascii: "\\")] }
            rest = rest.dropFirst(skipped + width)
            return [byte]
        }
        guard let scalar = Unicode.Scalar(value) else { return [UInt8(ascii: "\\")] }
        rest = rest.dropFirst(skipped + width)
        return Array(String(Character(scalar)).utf8)
    }
}
