internal import SwiftASN1

/// The SignedData of a ContentInfo, down to its one SignerInfo (RFC 5652, section 5.1).
struct SignedData {
    static let signedDataType: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 7, 2]
    static let dataType: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 7, 1]

    let version: UInt8
    let digestAlgorithm: AlgorithmIdentifier
    let certificates: [[UInt8]]
    let signerInfo: ASN1Node

    init(contentInfo: ASN1Node) throws(RootHashSignatureFault) {
        var outer = try ASN1Elements(of: contentInfo, .sequence, "the ContentInfo")
        let type = try outer.objectIdentifier()
        guard type == Self.signedDataType else {
            throw RootHashSignatureFault(
                .notSignedData, "the PKCS#7 message is of type \(Self.name(type)), not signedData")
        }
        var explicit = try ASN1Elements(of: try outer.next(), .context(0), "the content")
        try outer.end()
        let content = try explicit.next()
        try explicit.end()

        var elements = try ASN1Elements(of: content, .sequence, "the SignedData")
        version = try Self.version(&elements, "SignedData")
        var digests = try ASN1Elements(of: try elements.next(), .set, "the list of digest algorithms")
        let encapsulated = try elements.next()
        let embedded = elements.next(if: .context(0))
        guard elements.next(if: .context(1)) == nil else {
            throw RootHashSignatureFault(.revocationListPresent, "the signature carries certificate revocation lists")
        }
        var signers = try ASN1Elements(of: try elements.next(), .set, "the list of signers")
        try elements.end()

        try Self.checkDetached(encapsulated)
        guard signers.count > 0 else {
            throw RootHashSignatureFault(.noSigner, "the PKCS#7 message has no signer: it holds only certificates")
        }
        guard signers.count == 1 else {
            throw RootHashSignatureFault(.severalSigners, "the signature has \(signers.count) signers, not one")
        }
        signerInfo = try signers.next()
        guard digests.count == 1 else {
            throw RootHashSignatureFault(
                .digestContradiction, "the signature names \(digests.count) digest algorithms for one signer")
        }
        digestAlgorithm = try digests.algorithm()
        certificates = try Self.certificates(embedded)
    }

    /// A version that is one byte.
    static func version(_ elements: inout ASN1Elements, _ what: String) throws(RootHashSignatureFault) -> UInt8 {
        let bytes = try elements.primitive(.integer)
        guard bytes.count == 1, let version = bytes.first, version == 1 || version == 3 else {
            throw RootHashSignatureFault(.unsupportedVersion, "the version of the \(what) is neither 1 nor 3")
        }
        return version
    }

    private static func checkDetached(_ node: ASN1Node) throws(RootHashSignatureFault) {
        var encapsulated = try ASN1Elements(of: node, .sequence, "the encapsulated ContentInfo")
        let type = try encapsulated.objectIdentifier()
        guard encapsulated.count == 0 else {
            throw RootHashSignatureFault(
                .contentPresent, "the signed content is inside the signature; the kernel wants it detached",
                hint: "sign without '-nodetach'")
        }
        guard type == dataType else {
            throw RootHashSignatureFault(.contentNotData, "the signed content is of type \(name(type)), not data")
        }
    }

    private static func certificates(_ node: ASN1Node?) throws(RootHashSignatureFault) -> [[UInt8]] {
        guard let node else { return [] }
        var elements = try ASN1Elements(of: node, .context(0), "the list of certificates")
        var result: [[UInt8]] = []
        while elements.count > 0 {
            let element = try elements.next()
            guard result.count < SignerCertificate.maximumCount else {
                throw RootHashSignatureFault(
                    .tooManyCertificates,
                    "the signature carries more than \(SignerCertificate.maximumCount) certificates")
            }
            let der = Array(element.encodedBytes)
            // Read and dropped: the kernel refuses the whole message when one of them is not a certificate.
            _ = try SignerCertificate(der: der)
            result.append(der)
        }
        return result
    }

    private static func name(_ type: ASN1ObjectIdentifier) -> String {
        let names: [ASN1ObjectIdentifier: String] = [
            dataType: "data", signedDataType: "signedData",
            [1, 2, 840, 113_549, 1, 7, 3]: "envelopedData",
            [1, 2, 840, 113_549, 1, 7, 5]: "digestedData",
            [1, 2, 840, 113_549, 1, 7, 6]: "encryptedData",
            [1, 3, 6, 1, 4, 1, 311, 2, 1, 4]: "spcIndirectDataContent (Authenticode)",
        ]
        return names[type] ?? "\(type)"
    }
}

extension ASN1Identifier {
    /// The context-specific tag of `number`.
    static func context(_ number: UInt) -> ASN1Identifier {
        ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }
}
