import AssayBytes
internal import SwiftASN1
internal import X509

/// How a signature names the certificate of its signer (RFC 5652, section 5.3).
public enum SignerIdentifier: Hashable, Sendable, CustomStringConvertible {
    /// The DER of the issuer's name and the content bytes of the serial number; the kernel compares both as bytes.
    case issuerAndSerialNumber(issuer: [UInt8], serialNumber: [UInt8])
    /// The value of the certificate's subject key identifier extension.
    case subjectKeyIdentifier([UInt8])

    /// The identifier as text that is safe to print.
    public var description: String {
        switch self {
        case .issuerAndSerialNumber(let issuer, let serialNumber):
            "issuer '\(Self.name(issuer))', serial number \(Hex.encode(serialNumber.prefix(32)))"
        case .subjectKeyIdentifier(let identifier):
            "subject key identifier \(Hex.encode(identifier.prefix(64)))"
        }
    }

    /// The text of a distinguished name; cut off where it is absurdly long.
    private static func name(_ der: [UInt8]) -> String {
        guard let node = try? DER.parse(der), let name = try? DistinguishedName(derEncoded: node) else {
            return Hex.encode(der.prefix(32))
        }
        return EscapedText(String("\(name)".prefix(200))).description
    }
}
