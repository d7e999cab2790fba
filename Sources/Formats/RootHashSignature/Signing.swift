internal import Crypto
internal import CryptoExtras
internal import SwiftASN1
internal import X509

extension RootHashSignature {
    /// Signs `rootHash`: the bytes that `openssl smime -sign -nocerts -noattr -binary -outform der` writes.
    ///
    /// The result is verified before it is returned.
    ///
    /// - Parameters:
    ///   - rootHash: what to sign.
    ///   - privateKeyPEM: the PEM text of an unencrypted key: PKCS#8, PKCS#1 or SEC 1.
    ///   - certificate: the certificate of that key.
    ///   - digest: the digest to sign with.
    ///   - validity: whether and when the certificate must be valid.
    /// - Returns: the signature, verified.
    /// - Throws: what is wrong with key or certificate. No message holds anything of the key.
    public static func sign(
        rootHash: RootHash, privateKeyPEM: [UInt8], certificate: SignerCertificate, digest: SignatureDigest = .sha256,
        validity: CertificateValidity
    ) throws(RootHashSignatureFault) -> VerifiedRootHashSignature {
        if let fault = certificate.keyFault { throw fault }
        let privateKey = try SigningKey(pem: privateKeyPEM)
        guard privateKey.publicKey == certificate.key else {
            throw RootHashSignatureFault(
                .privateKeyMismatch, "the private key is not that of the certificate with \(certificate.identifier)")
        }
        let raw: [UInt8]
        do {
            raw = try privateKey.signature(of: toBeSigned(rootHash), digest)
        } catch {
            throw RootHashSignatureFault(.signingFailed, "the root hash could not be signed with this key")
        }
        return try assemble(rawSignature: raw, certificate: certificate, digest: digest)
            .verified(rootHash, [certificate], validity)
    }

    /// Wraps a signature that a hardware module returned into the PKCS#7 that the kernel reads; does not verify it.
    ///
    /// - Parameters:
    ///   - rawSignature: of RSA the number, as long as the modulus; of ECDSA the DER of both numbers, or both numbers one after
    ///     the other as PKCS#11 returns them.
    ///   - certificate: the certificate of the key.
    ///   - digest: the digest that was signed.
    /// - Returns: the signature, not verified.
    /// - Throws: when the key of the certificate cannot have made a signature of this form.
    public static func assemble(
        rawSignature: [UInt8], certificate: SignerCertificate, digest: SignatureDigest = .sha256
    ) throws(RootHashSignatureFault) -> RootHashSignature {
        if let fault = certificate.keyFault { throw fault }
        guard let key = certificate.key, let algorithm = KeyCheck.algorithm(of: key) else {
            throw RootHashSignatureFault(.unsupportedKey, "the key of the certificate is not supported")
        }
        let signature = try RawSignature.canonical(rawSignature, key)
        let der: [UInt8]
        do {
            der = try serialize(signature, certificate, algorithm, digest)
        } catch {
            throw RootHashSignatureFault(.malformed, "the signature could not be written as DER")
        }
        return try RootHashSignature(der: der)
    }

    /// Takes what an external signer returned, PKCS#7 or a raw signature, and accepts it only when it verifies.
    ///
    /// - Parameters:
    ///   - bytes: the DER of a PKCS#7 signature, or a raw signature as `assemble` takes it.
    ///   - rootHash: what should have been signed.
    ///   - certificates: the candidates; a raw signature names no signer, so that the first whose key made it is taken.
    ///   - digest: the digest of a raw signature.
    ///   - validity: whether and when the certificate must be valid.
    /// - Returns: the signature, verified.
    /// - Throws: the gravest fault of what was returned.
    public static func attach(
        _ bytes: [UInt8], to rootHash: RootHash, certificates: [SignerCertificate], digest: SignatureDigest = .sha256,
        validity: CertificateValidity
    ) throws(RootHashSignatureFault) -> VerifiedRootHashSignature {
        if let fault = SignerCertificate.countFault(certificates) { throw fault }
        guard RawSignature.isPossible(bytes) else {
            return try RootHashSignature(der: bytes).verified(rootHash, certificates, validity)
        }
        var faults: [RootHashSignatureFault] = []
        for certificate in certificates {
            do {
                return try assemble(rawSignature: bytes, certificate: certificate, digest: digest)
                    .verified(rootHash, [certificate], validity)
            } catch {
                faults.append(error)
            }
        }
        // The fault of the certificate that came nearest, not that of the first in the bundle.
        let far: Set<RootHashSignatureFault.Code> = [
            .rawSignatureLength, .weakKey, .unsupportedKey, .unsupportedCertificate,
        ]
        let near = faults.first { !far.contains($0.code) && $0.code != .wrongSignature }
        throw near ?? faults.first { $0.code == .wrongSignature } ?? faults[0]
    }

    private func verified(
        _ rootHash: RootHash, _ certificates: [SignerCertificate], _ validity: CertificateValidity
    ) throws(RootHashSignatureFault) -> VerifiedRootHashSignature {
        switch verify(rootHash: rootHash, certificates: certificates, validity: validity) {
        case .verified(let verified): return verified
        case .refused(let faults):
            throw faults.first ?? RootHashSignatureFault(.wrongSignature, "the signature does not verify")
        }
    }

    /// The ContentInfo of version 1, as OpenSSL's PKCS#7 writes it.
    private static func serialize(
        _ signature: [UInt8], _ certificate: SignerCertificate, _ algorithm: SignatureAlgorithm,
        _ digest: SignatureDigest
    ) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { contentInfo in
            try contentInfo.serialize(SignedData.signedDataType)
            try contentInfo.serialize(explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific) { content in
                try content.appendConstructedNode(identifier: .sequence) { signedData in
                    try signedData.serialize(1)
                    try signedData.appendConstructedNode(identifier: .set) { digests in
                        try append(digest.identifier, null: true, to: &digests)
                    }
                    try signedData.appendConstructedNode(identifier: .sequence) { encapsulated in
                        try encapsulated.serialize(SignedData.dataType)
                    }
                    try signedData.appendConstructedNode(identifier: .set) { signers in
                        try append(signature, certificate, algorithm, digest, to: &signers)
                    }
                }
            }
        }
        return serializer.serializedBytes
    }

    private static func append(
        _ signature: [UInt8], _ certificate: SignerCertificate, _ algorithm: SignatureAlgorithm,
        _ digest: SignatureDigest,
        to signers: inout DER.Serializer
    ) throws {
        try signers.appendConstructedNode(identifier: .sequence) { signer in
            try signer.serialize(1)
            signer.appendConstructedNode(identifier: .sequence) { identifier in
                identifier.serializeRawBytes(certificate.issuer)
                identifier.appendPrimitiveNode(identifier: .integer) { $0.append(contentsOf: certificate.serialNumber) }
            }
            try append(digest.identifier, null: true, to: &signer)
            try append(algorithm.identifier(digest), null: algorithm == .rsa, to: &signer)
            try signer.serialize(ASN1OctetString(contentBytes: signature[...]))
        }
    }

    private static func append(
        _ algorithm: ASN1ObjectIdentifier, null: Bool, to serializer: inout DER.Serializer
    ) throws {
        try serializer.appendConstructedNode(identifier: .sequence) { sequence in
            try sequence.serialize(algorithm)
            if null { try sequence.serialize(ASN1Null()) }
        }
    }
}
