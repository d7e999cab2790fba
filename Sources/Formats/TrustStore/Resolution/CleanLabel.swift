import AssayBytes

/// A label that can break no bundle: one line of printable UTF-8 without spaces at its ends.
struct CleanLabel {
    /// In Unicode scalars.
    static let longest = 200

    let bytes: [UInt8]

    /// Cleans `label`; nil when nothing is left.
    init?(_ label: [UInt8]) {
        // No scalar has more than four bytes: what lies behind would be cut anyway, but spaces in front come off first.
        let start = label.firstIndex { $0 != 0x20 } ?? label.endIndex
        let escaped = EscapedText(label[start...].prefix(4 * CleanLabel.longest)).description.unicodeScalars
        var scalars = escaped.drop { $0.properties.isWhitespace }.prefix(CleanLabel.longest)
        if scalars.endIndex < escaped.endIndex { scalars = CleanLabel.withoutCutEscape(scalars) }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        guard !scalars.isEmpty else { return nil }
        bytes = Array(String(scalars).utf8)
    }

    /// Half an escape at the end means nothing: `\`, `\x` and `\x0` go.
    private static func withoutCutEscape(
        _ scalars: Substring.UnicodeScalarView
    ) -> Substring.UnicodeScalarView {
        var index = scalars.startIndex
        while index < scalars.endIndex {
            guard scalars[index] == "\\" else {
                index = scalars.index(after: index)
                continue
            }
            let rest = scalars[index...]
            let length = rest.dropFirst().first == "x" ? 4 : 2
            guard let next = rest.index(index, offsetBy: length, limitedBy: rest.endIndex) else {
                return scalars[..<index]
            }
            index = next
        }
        return scalars
    }
}
