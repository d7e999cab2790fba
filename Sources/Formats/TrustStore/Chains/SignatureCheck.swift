internal import Crypto
internal import SwiftASN1
internal import X509

/// Whether a certificate was signed with an issuer's key.
public enum SignatureCheck: String, Hashable, Sendable {
    /// It was.
    case valid
    /// It was not.
    case invalid
    /// The algorithm or key is none that can be checked, so nothing is known.
    case unsupported

    /// Signatures that the library checks: RSA with PKCS #1 padding, ECDSA, Ed25519.
    private static let supported: Set<String> = [
        "1.2.840.113549.1.1.5", "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13",
        "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", "1.3.101.112",
    ]

    /// Checks the signature of `certificate` with the key of `issuer`; names are not looked at.
    public static func of(_ certificate: TrustCertificate, by issuer: TrustCertificate) -> SignatureCheck {
        guard supported.contains(certificate.signatureAlgorithm) else { return .unsupported }
        guard let signed = try? Certificate(derEncoded: certificate.der),
            let key = try? Certificate(derEncoded: issuer.der).publicKey
        else { return .unsupported }
        return key.isValidSignature(signed.signature, for: signed) ? .valid : .invalid
    }
}
