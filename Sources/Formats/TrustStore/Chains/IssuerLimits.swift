internal import SwiftASN1

/// What a certificate says about the certificates below it (RFC 5280, section 4.2.1,
/// <https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1>).
extension TrustCertificate {
    /// Whether it calls itself a certificate authority.
    public var isAuthorityByItself: Bool { callsItselfAuthority }

    /// Whether issuer and subject are the same name.
    public var isSelfIssued: Bool { issuer == subject }

    /// Its own extended key usage; nil when it has none, empty when it is malformed.
    public var ownUsages: [Purpose]? { ownPurposes }

    /// How many certificates of authorities may stand between it and the last one; nil for any number.
    var pathLength: Int? {
        guard let value = value("2.5.29.19") else { return nil }
        let length = try? DER.sequence(DER.parse(value), identifier: .sequence) { nodes -> Int? in
            var length: Int?
            while let node = nodes.next() {
                if node.identifier == .integer { length = try Int(derEncoded: node) }
            }
            return length
        }
        guard let length else { return nil }
        return max(0, length)
    }

    /// Whether its key may sign certificates: it has no key usage, or one with `keyCertSign`.
    var maySignCertificates: Bool {
        guard let value = value("2.5.29.15") else { return true }
        guard let bits = try? ASN1BitString(derEncoded: value), let first = bits.bytes.first else { return false }
        return first & 0x04 != 0
    }

    /// Whether it restricts the names below it, which is not looked into.
    var restrictsNames: Bool { value("2.5.29.30") != nil }

    private func value(_ identifier: String) -> [UInt8]? { extensions.first { $0.identifier == identifier }?.value }
}
