import SwiftASN1

/// What values of extensions say to a trust store.
enum ExtensionValue {
    /// Stands in a list that must not be empty and means nothing: p11-kit attaches it where nothing is trusted.
    static let reservedPurpose = "1.3.6.1.4.1.3319.6.10.16"

    /// The purposes of an extended key usage, in its order, without those that mean nothing; nil when it is malformed
    /// (RFC 5280, section 4.2.1.12, <https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12>).
    static func purposes(_ value: [UInt8]) -> [Purpose]? {
        let identifiers = try? DER.sequence(DER.parse(value), identifier: .sequence) { nodes in
            var identifiers: [String] = []
            while let node = nodes.next() {
                identifiers.append(try ASN1ObjectIdentifier(derEncoded: node).description)
            }
            return identifiers
        }
        return identifiers?.filter { $0 != reservedPurpose }.map { Purpose(identifier: $0) }
    }

    /// Whether basic constraints say that this is a certificate authority; malformed ones do not (RFC 5280, section 4.2.1.9,
    /// <https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.9>).
    static func isAuthority(_ value: [UInt8]) -> Bool { constraints(value) ?? false }

    /// Whether the value is one of basic constraints.
    static func areConstraints(_ value: [UInt8]) -> Bool { constraints(value) != nil }

    /// Whether basic constraints are an authority's; nil when they are malformed.
    private static func constraints(_ value: [UInt8]) -> Bool? {
        try? DER.sequence(DER.parse(value), identifier: .sequence) { nodes in
            guard var node = nodes.next() else { return false }
            var isAuthority = false
            if node.identifier == .boolean {
                isAuthority = try Bool(derEncoded: node)
                guard let next = nodes.next() else { return isAuthority }
                node = next
            }
            // The path length changes nothing here, but must be one.
            _ = try ArraySlice<UInt8>(derEncoded: node)
            return isAuthority
        }
    }
}

extension TrustCertificate {
    /// Its own extended key usage; nil when it has none, nothing when it is malformed.
    var ownPurposes: [Purpose]? {
        extensions.first { $0.identifier == AttachedExtension.extendedKeyUsage }
            .map { ExtensionValue.purposes($0.value) ?? [] }
    }

    /// Whether it is a certificate authority by its own words: by basic constraints, or as certificates of version 1 were,
    /// which have none, by being self-issued.
    var callsItselfAuthority: Bool {
        guard let constraints = extensions.first(where: { $0.identifier == AttachedExtension.basicConstraints }) else {
            return version == 1 && issuer == subject
        }
        return ExtensionValue.isAuthority(constraints.value)
    }
}
