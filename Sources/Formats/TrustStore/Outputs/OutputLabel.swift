/// A certificate's label as the outputs write it.
struct OutputLabel {
    /// In one line of text; empty when there is none.
    let line: [UInt8]
    /// For formats that carry the length of a string.
    let value: [UInt8]

    /// The label of an entry, which resolution has cleaned, but for p11-kit's rules.
    init(_ label: [UInt8], rules: TrustRules) {
        switch rules {
        case .assay:
            line = OutputLabel.harmless(label)
            value = line
        case .p11Kit:
            // p11-kit's text ends at a NUL. What would break the bundle is cleaned all the same.
            line = OutputLabel.harmless(Array(label.prefix { $0 != 0 }))
            value = label
        }
    }

    /// The comment above a PEM block: `certificate` when there is no label.
    var comment: [UInt8] { line.isEmpty ? Array("certificate".utf8) : line }

    /// ASCII space, as C's `isspace`.
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// `label` as a comment that ends where its line does and in which nobody sees a block: readers such as GnuTLS search
    /// for `-----BEGIN` anywhere in a line.
    private static func harmless(_ label: [UInt8]) -> [UInt8] {
        var text = label
        if label.contains(where: { $0 == 0x0A || $0 == 0x0D }) { text = CleanLabel(label)?.bytes ?? [] }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var hyphens = 0
        for byte in text {
            hyphens = byte == 0x2D ? hyphens + 1 : 0
            if hyphens == 5 {
                result += #"\x2d"#.utf8
                hyphens = 0
            } else {
                result.append(byte)
            }
        }
        return result
    }
}
