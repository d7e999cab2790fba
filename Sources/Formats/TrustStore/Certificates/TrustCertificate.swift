import AssayBytes

/// An X.509 certificate, as far as a trust store looks into it (RFC 5280, section 4.1,
/// <https://www.rfc-editor.org/rfc/rfc5280#section-4.1>).
///
/// Two certificates are equal when their bytes are.
public struct TrustCertificate: Hashable, Sendable {
    /// An extension (RFC 5280, section 4.2).
    public struct Extension: Hashable, Sendable {
        /// Its object identifier, dotted.
        public let identifier: String
        /// Whether it is critical.
        public let isCritical: Bool
        /// The DER inside its octet string.
        public let value: [UInt8]
    }

    /// The subject's public key.
    public enum Key: Hashable, Sendable {
        /// RSA, with the bits of its modulus.
        case rsa(bits: Int)
        /// A named elliptic curve, with the bits of its field.
        case ellipticCurve(name: String, bits: Int)
        /// DSA, with the bits of its prime.
        case dsa(bits: Int)
        /// Another algorithm, by its dotted object identifier; `Ed25519` and `Ed448` by name.
        case other(String)
    }

    /// The whole certificate, DER.
    public let der: [UInt8]
    /// 1, 2 or 3.
    public let version: Int
    /// The serial number: the whole DER INTEGER, tag included.
    public let serialNumber: [UInt8]
    /// The issuer: the whole DER Name.
    public let issuer: [UInt8]
    /// The subject: the whole DER Name.
    public let subject: [UInt8]
    /// The whole DER SubjectPublicKeyInfo.
    public let publicKeyInfo: [UInt8]
    /// The public key.
    public let key: Key
    /// The object identifier of the signature's algorithm, dotted.
    public let signatureAlgorithm: String
    /// Start of validity, in seconds since 1970; nil when the date is not one.
    public let notBefore: Int64?
    /// End of validity, in seconds since 1970; nil when the date is not one.
    public let notAfter: Int64?
    /// The extensions in their order.
    public let extensions: [Extension]

    /// Compares the bytes.
    public static func == (left: TrustCertificate, right: TrustCertificate) -> Bool { left.der == right.der }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(all: der) }
}
