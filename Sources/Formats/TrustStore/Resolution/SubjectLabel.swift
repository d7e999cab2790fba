import SwiftASN1

/// The label of a certificate to which no source gives one: its subject's CN, else OU, else O.
enum SubjectLabel {
    /// A string of a name: valid text, or bytes that are not.
    private enum Text {
        case valid([UInt8])
        case invalid([UInt8])
    }

    private static let attributes = ["2.5.4.3", "2.5.4.11", "2.5.4.10"]

    /// The first that says something, whatever its bytes.
    static func first(_ subject: [UInt8]) -> CleanLabel? {
        let texts = texts(subject)
        return attributes.lazy.compactMap { attribute in
            switch texts[attribute] {
            case .valid(let bytes), .invalid(let bytes): CleanLabel(bytes)
            case nil: nil
            }
        }.first
    }

    /// p11-kit's: the first that is text, up to a NUL.
    static func asP11Kit(_ subject: [UInt8]) -> [UInt8] {
        let texts = texts(subject)
        let text = attributes.lazy.compactMap { attribute -> [UInt8]? in
            guard case .valid(let bytes) = texts[attribute] else { return nil }
            return bytes
        }.first
        return Array((text ?? []).prefix { $0 != 0 })
    }

    /// The strings of a DER Name, the first of each attribute.
    private static func texts(_ subject: [UInt8]) -> [String: Text] {
        var texts: [String: Text] = [:]
        // What is no Name has no label; the certificate's reader has looked at it before.
        try? DER.sequence(DER.parse(subject), identifier: .sequence) { relativeNames in
            while let relativeName = relativeNames.next() {
                try DER.set(relativeName, identifier: .set) { pairs in
                    while let pair = pairs.next() {
                        try DER.sequence(pair, identifier: .sequence) { nodes in
                            let attribute = try ASN1ObjectIdentifier(derEncoded: &nodes).description
                            if let value = nodes.next(), texts[attribute] == nil { texts[attribute] = text(value) }
                        }
                    }
                }
            }
        }
        return texts
    }

    private static func text(_ node: ASN1Node) -> Text? {
        guard case .primitive(let bytes) = node.content else { return nil }
        switch node.identifier {
        case .utf8String, .numericString, .printableString, .teletexString, .ia5String:
            return String(validating: bytes, as: UTF8.self) == nil ? .invalid(Array(bytes)) : .valid(Array(bytes))
        case .universalString: return text(bytes, bytesPerScalar: 4)
        case .bmpString: return text(bytes, bytesPerScalar: 2)
        default: return nil
        }
    }

    /// Big-endian scalars of a fixed width.
    private static func text(_ bytes: ArraySlice<UInt8>, bytesPerScalar width: Int) -> Text {
        var scalars = String.UnicodeScalarView()
        var rest = bytes
        while rest.count >= width {
            let value = rest.prefix(width).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard let scalar = Unicode.Scalar(value) else { return .invalid(Array(bytes)) }
            scalars.append(scalar)
            rest = rest.dropFirst(width)
        }
        return rest.isEmpty ? .valid(Array(String(scalars).utf8)) : .invalid(Array(bytes))
    }
}
