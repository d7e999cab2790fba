/// Text that may go to a terminal, whatever it came from.
enum SafeText {
    /// `text` without controls and invisible characters: those become `\xHH`.
    static func of(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                for byte in String(scalar).utf8 { result += (byte < 16 ? "\\x0" : "\\x") + String(byte, radix: 16) }
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The beginning of `text` that takes at most `columns`: what is not ASCII counts as two, so that it is never too long.
    static func prefix(_ text: String, columns: Int) -> String {
        var kept = String.UnicodeScalarView()
        var width = 0
        for scalar in text.unicodeScalars {
            width += scalar.isASCII ? 1 : 2
            guard width <= columns else { break }
            kept.append(scalar)
        }
        return String(kept)
    }

    /// `text` as a JSON string with its quotes (RFC 8259, section 7).
    static func json(_ text: String) -> String {
        var result = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x20...0x7E: result.unicodeScalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: unit)))
            default:
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return result + "\""
    }
}
