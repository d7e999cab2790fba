/// What a piece of the text report is, and so how it is coloured.
enum TextRole: Sendable {
    case heading
    case pass
    case fail
    case unknown
    case conflict
    case waived
    case muted
    case strong
    case plain
}

/// Colours for the text report: the sixteen that every terminal has, so that the user's theme decides how they look.
struct TextPaint: Sendable {
    /// Whether anything is coloured.
    let usesColor: Bool

    /// `text` with the sequence of `role` around it (ECMA-48, SGR).
    func callAsFunction(_ text: String, _ role: TextRole) -> String {
        guard usesColor, !text.isEmpty, let code = code(role) else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    private func code(_ role: TextRole) -> String? {
        switch role {
        case .heading: "1"
        case .pass: "32"
        case .fail: "1;31"
        case .unknown: "33"
        case .conflict: "1;35"
        case .waived: "36"
        case .muted: "2"
        case .strong: "1"
        case .plain: nil
        }
    }
}

/// The characters that the text report draws with.
struct TextGlyphs: Sendable {
    let pass: String
    let fail: String
    let unknown: String
    let notApplicable: String
    let waived: String
    let rule: String
    let ellipsis: String
    let bars: [String]
    let dot: String
    /// Whether text of the subject may be shown as it is, or must be ASCII as well.
    let isASCII: Bool

    /// The characters for `set`.
    init(_ set: ReportOptions.Glyphs) {
        isASCII = set == .ascii
        pass = isASCII ? "+" : "✓"
        fail = isASCII ? "x" : "✗"
        unknown = "?"
        notApplicable = isASCII ? "-" : "·"
        waived = "~"
        rule = isASCII ? "-" : "─"
        ellipsis = isASCII ? "..." : "…"
        // In the order of the numbers under the bar: found so, not, unknown, not applicable.
        bars = isASCII ? ["#", "x", "?", "."] : ["█", "▓", "▒", "░"]
        dot = isASCII ? ", " : " · "
    }

    /// Text of the result, safe for this terminal.
    func safe(_ text: String) -> String {
        let printable = PrintableText.of(text)
        guard isASCII, !printable.utf8.allSatisfy({ $0 < 0x80 }) else { return printable }
        var ascii = ""
        for scalar in printable.unicodeScalars {
            if scalar.isASCII {
                ascii.unicodeScalars.append(scalar)
            } else {
                ascii += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return ascii
    }
}
