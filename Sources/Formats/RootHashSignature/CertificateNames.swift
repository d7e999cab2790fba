internal import SwiftASN1

/// The parts of a certificate that are needed as bytes, and what can be said of its key before the library reads it (RFC 5280,
/// section 4.1).
struct CertificateNames {
    /// The fewest bits of an RSA modulus that are accepted.
    static let minimumModulusBits = 2048

    let issuer: [UInt8]
    let serialNumber: [UInt8]
    let keyFault: RootHashSignatureFault?

    init(_ certificate: ASN1Node) throws(RootHashSignatureFault) {
        do {
            var outer = try ASN1Elements(of: certificate, .sequence, "the certificate")
            var elements = try ASN1Elements(of: try outer.next(), .sequence, "the body of the certificate")
            _ = elements.next(if: .context(0))
            serialNumber = try elements.primitive(.integer)
            _ = try elements.next()
            issuer = Array(try elements.next().encodedBytes)
            _ = try elements.next()
            _ = try elements.next()
            keyFault = try Self.keyFault(try elements.next())
        } catch {
            throw RootHashSignatureFault(.certificateMalformed, "the certificate is malformed: \(error.description)")
        }
    }

    private static func keyFault(_ node: ASN1Node) throws(RootHashSignatureFault) -> RootHashSignatureFault? {
        var elements = try ASN1Elements(of: node, .sequence, "the public key")
        let algorithm = try elements.algorithm()
        let curves: [ASN1ObjectIdentifier] = [[1, 2, 840, 10045, 3, 1, 7], [1, 3, 132, 0, 34], [1, 3, 132, 0, 35]]
        switch (algorithm.identifier, algorithm.parameters) {
        case (SignatureAlgorithm.rsaEncryption, _):
            let bits = try modulusBits(try elements.next())
            guard bits >= minimumModulusBits else {
                return RootHashSignatureFault(
                    .weakKey,
                    "the RSA key of the certificate has \(bits) bits; fewer than \(minimumModulusBits) are weak")
            }
            return nil
        case ([1, 2, 840, 10045, 2, 1], .other(let curve)):
            guard let identifier = try? ASN1ObjectIdentifier(derEncoded: curve), curves.contains(identifier) else {
                return RootHashSignatureFault(
                    .unsupportedKey, "the key of the certificate is on a curve other than P-256, P-384 and P-521")
            }
            return nil
        default:
            return RootHashSignatureFault(
                .unsupportedKey,
                "the key of the certificate is of kind \(SignatureAlgorithm.name(algorithm.identifier)), "
                    + "which is not supported for root hashes")
        }
    }

    /// The bits of the modulus of an RSAPublicKey in a bit string (RFC 8017, appendix A.1.1).
    private static func modulusBits(_ node: ASN1Node) throws(RootHashSignatureFault) -> Int {
        let malformed = RootHashSignatureFault(.malformed, "the RSA key is not an RSAPublicKey")
        guard let bits = try? ASN1BitString(derEncoded: node), let key = try? DER.parse(bits.bytes) else {
            throw malformed
        }
        var elements = try ASN1Elements(of: key, .sequence, "the RSA key")
        let modulus = try elements.primitive(.integer).drop { $0 == 0 }
        guard let first = modulus.first else { throw malformed }
        return modulus.count * 8 - first.leadingZeroBitCount
    }
}
