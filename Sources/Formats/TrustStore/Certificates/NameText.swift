internal import AssayBytes
internal import SwiftASN1

/// A distinguished name as a line of text.
public enum NameText {
    /// What the attributes of names are called (RFC 4514, section 3, <https://www.rfc-editor.org/rfc/rfc4514#section-3>).
    private static let shortNames = [
        "2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST",
        "2.5.4.9": "street", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.97": "organizationIdentifier",
        "1.2.840.113549.1.9.1": "emailAddress", "0.9.2342.19200300.100.1.25": "DC",
        "0.9.2342.19200300.100.1.1": "UID",
    ]
    /// In Unicode scalars: more says nothing to anybody.
    private static let longest = 500

    /// `C=DE, O=Company, CN=Root`, in the order of the certificate, printable; empty for an empty name or none.
    ///
    /// Only for people: two names may have one text.
    public static func text(_ name: [UInt8]) -> String {
        var parts: [String] = []
        // What is no Name has no text; the certificate's reader has looked at it before.
        try? DER.sequence(DER.parse(name), identifier: .sequence) { relativeNames in
            while let relativeName = relativeNames.next() {
                try DER.set(relativeName, identifier: .set) { pairs in
                    while let pair = pairs.next() {
                        try DER.sequence(pair, identifier: .sequence) { nodes in
                            let attribute = try ASN1ObjectIdentifier(derEncoded: &nodes).description
                            guard let value = nodes.next() else { return }
                            parts.append("\(shortNames[attribute] ?? attribute)=\(NameText.value(value))")
                        }
                    }
                }
            }
        }
        return String(String.UnicodeScalarView(parts.joined(separator: ", ").unicodeScalars.prefix(longest)))
    }

    /// The label that the store gives a certificate with this subject where no source gives one: its CN, OU or O.
    public static func label(_ subject: [UInt8]) -> [UInt8] { SubjectLabel.first(subject)?.bytes ?? [] }

    private static func value(_ node: ASN1Node) -> String {
        guard case .primitive(let bytes) = node.content else { return "#" + Hex.encode(node.encodedBytes) }
        switch node.identifier {
        case .bmpString: return EscapedText(wide(bytes, bytesPerScalar: 2)).description
        case .universalString: return EscapedText(wide(bytes, bytesPerScalar: 4)).description
        default: return EscapedText(bytes).description
        }
    }

    /// Big-endian scalars of a fixed width; what is none becomes U+FFFD.
    private static func wide(_ bytes: ArraySlice<UInt8>, bytesPerScalar width: Int) -> String {
        var scalars = String.UnicodeScalarView()
        var rest = bytes
        while rest.count >= width {
            let value = rest.prefix(width).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            scalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
            rest = rest.dropFirst(width)
        }
        return String(scalars)
    }
}
