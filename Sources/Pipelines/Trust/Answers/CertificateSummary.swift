import AssayBytes
import AssayFacts
import AssayTrustStore
import Crypto

/// What people and programs are told about a certificate.
public struct CertificateSummary: Hashable, Sendable, Encodable {
    /// SHA-256 of the DER, lower-case hexadecimal.
    public var fingerprint: String
    /// The label of the store, else the subject's name; printable.
    public var label: String
    /// The subject, as text.
    public var subject: String
    /// The issuer, as text.
    public var issuer: String
    /// The serial number, lower-case hexadecimal.
    public var serialNumber: String
    /// Start of validity, RFC 3339 in UTC; nil when the date is none.
    public var notBefore: String?
    /// End of validity, RFC 3339 in UTC; nil when the date is none.
    public var notAfter: String?
    /// The public key: `RSA 2048`, `P-256`.
    public var key: String
    /// The algorithm of its signature: `SHA-256 with RSA`.
    public var signatureAlgorithm: String

    init(_ certificate: TrustCertificate, label: [UInt8]? = nil) {
        fingerprint = CertificateSummary.fingerprint(certificate.der)
        subject = NameText.text(certificate.subject)
        issuer = certificate.issuer == certificate.subject ? subject : NameText.text(certificate.issuer)
        let given = String(decoding: label ?? NameText.label(certificate.subject), as: UTF8.self)
        self.label = given.isEmpty ? (subject.isEmpty ? "certificate" : subject) : EscapedText(given).description
        serialNumber = Hex.encode(CertificateSummary.content(certificate.serialNumber))
        notBefore = certificate.notBefore.map(UTCTime.text)
        notAfter = certificate.notAfter.map(UTCTime.text)
        key = CertificateSummary.text(certificate.key)
        signatureAlgorithm =
            CertificateSummary.algorithms[certificate.signatureAlgorithm]
            ?? certificate.signatureAlgorithm
    }

    init(_ entry: TrustEntry) { self.init(entry.certificate, label: entry.label) }

    /// SHA-256 of `der`, lower-case hexadecimal.
    static func fingerprint(_ der: [UInt8]) -> String { Hex.encode(SHA256.hash(data: der)) }

    private static func text(_ key: TrustCertificate.Key) -> String {
        switch key {
        case .rsa(let bits): "RSA \(bits)"
        case .ellipticCurve(let name, _): name
        case .dsa(let bits): "DSA \(bits)"
        case .other(let name): name
        }
    }

    /// The content of a DER value with a length of one or more bytes.
    private static func content(_ der: [UInt8]) -> ArraySlice<UInt8> {
        guard der.count >= 2 else { return der[...] }
        return der.dropFirst(der[1] < 0x80 ? 2 : 2 + Int(der[1] & 0x7F))
    }

    private static let algorithms = [
        "1.2.840.113549.1.1.2": "MD2 with RSA", "1.2.840.113549.1.1.4": "MD5 with RSA",
        "1.2.840.113549.1.1.5": "SHA-1 with RSA", "1.2.840.113549.1.1.10": "RSA-PSS",
        "1.2.840.113549.1.1.11": "SHA-256 with RSA", "1.2.840.113549.1.1.12": "SHA-384 with RSA",
        "1.2.840.113549.1.1.13": "SHA-512 with RSA", "1.2.840.10040.4.3": "SHA-1 with DSA",
        "1.2.840.10045.4.1": "SHA-1 with ECDSA", "1.2.840.10045.4.3.2": "SHA-256 with ECDSA",
        "1.2.840.10045.4.3.3": "SHA-384 with ECDSA", "1.2.840.10045.4.3.4": "SHA-512 with ECDSA",
        "1.3.101.112": "Ed25519", "1.3.101.113": "Ed448",
    ]
}
