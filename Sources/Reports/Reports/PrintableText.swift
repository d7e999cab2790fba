import AssayBytes

/// Text made safe for people's eyes: what no terminal, page or editor should act on is shown as `\xHH`.
///
/// Collectors escape what they read; a report does not rely on it. Text that is safe already comes back as it was, so a
/// name that `EscapedText` made is not escaped twice.
enum PrintableText {
    /// `text` with controls, invisible and reordering characters as `\xHH` of their UTF-8 bytes.
    static func of(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isPrintable(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                for byte in String(scalar).utf8 { result += "\\x" + Hex.encode([byte]) }
            }
        }
        return result
    }

    /// `text` made safe, and cut behind `limit` characters with a note of how many are missing.
    static func of(_ text: String, limit: Int) -> String {
        guard text.utf8.count > limit else { return of(text) }
        let scalars = text.unicodeScalars
        let count = scalars.count
        guard count > limit else { return of(text) }
        return of(String(scalars.prefix(limit))) + "… (\(grouped(count - limit)) more characters)"
    }

    /// Whether a scalar is drawn as itself: no control, no format character (bidirectional overrides, zero width
    /// joiners), no separator that breaks lines, nothing unassigned or private.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}

/// `number` with a comma between groups of three digits.
func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
        text.append(digit)
    }
    return number < 0 ? "-" + text : text
}
