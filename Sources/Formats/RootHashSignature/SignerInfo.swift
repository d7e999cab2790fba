internal import SwiftASN1

/// The one signer of a SignedData (RFC 5652, section 5.3).
struct SignerInfo {
    let signer: SignerIdentifier
    let digest: SignatureDigest
    let algorithm: SignatureAlgorithm
    let signature: [UInt8]

    init(_ node: ASN1Node, signedData: SignedData) throws(RootHashSignatureFault) {
        var elements = try ASN1Elements(of: node, .sequence, "the SignerInfo")
        let version = try SignedData.version(&elements, "SignerInfo")
        signer = try Self.signer(&elements)
        let digestAlgorithm = try elements.algorithm()
        guard elements.next(if: .context(0)) == nil else {
            throw RootHashSignatureFault(
                .signedAttributesPresent,
                "the signature has signed attributes, so what is signed is not the root hash itself",
                hint: "sign with '-noattr'")
        }
        let signatureAlgorithm = try elements.algorithm()
        signature = try elements.primitive(.octetString)
        guard elements.next(if: .context(1)) == nil else {
            throw RootHashSignatureFault(.unsignedAttributesPresent, "the signature has unsigned attributes")
        }
        try elements.end()

        digest = try SignatureDigest(digestAlgorithm.identifier)
        try digestAlgorithm.checkParameters(null: true)
        guard signedData.digestAlgorithm.identifier == digestAlgorithm.identifier else {
            throw RootHashSignatureFault(
                .digestContradiction, "the digest algorithm of the signer is not the one that the message lists")
        }
        try signedData.digestAlgorithm.checkParameters(null: true)
        algorithm = try SignatureAlgorithm(signatureAlgorithm.identifier, digest: digest)
        try signatureAlgorithm.checkParameters(null: algorithm == .rsa)
        try Self.check(version: version, signedData: signedData.version, signer: signer)
    }

    private static func signer(_ elements: inout ASN1Elements) throws(RootHashSignatureFault) -> SignerIdentifier {
        if let node = elements.next(if: .context(0)) {
            guard case .primitive(let identifier) = node.content, !identifier.isEmpty else {
                throw RootHashSignatureFault(.malformed, "the subject key identifier is empty or not a string of bytes")
            }
            return .subjectKeyIdentifier(Array(identifier))
        }
        var pair = try ASN1Elements(of: try elements.next(), .sequence, "the signer identifier")
        let issuer = try pair.next()
        guard issuer.identifier == .sequence else {
            throw RootHashSignatureFault(.malformed, "the issuer of the signer identifier is not a name")
        }
        let serialNumber = try pair.primitive(.integer)
        try pair.end()
        return .issuerAndSerialNumber(issuer: Array(issuer.encodedBytes), serialNumber: serialNumber)
    }

    /// The pairs of versions and identifier that the kernel takes: 1 and 1 with issuer and serial number, 3 and 3 with a
    /// subject key identifier.
    private static func check(
        version: UInt8, signedData: UInt8, signer: SignerIdentifier
    ) throws(RootHashSignatureFault) {
        let needed: UInt8 =
            switch signer {
            case .issuerAndSerialNumber: 1
            case .subjectKeyIdentifier: 3
            }
        guard version == needed, signedData == needed else {
            throw RootHashSignatureFault(
                .unsupportedVersion,
                "SignedData of version \(signedData) and SignerInfo of version \(version); "
                    + "for the way the signer is named the kernel wants \(needed) and \(needed)")
        }
    }
}
