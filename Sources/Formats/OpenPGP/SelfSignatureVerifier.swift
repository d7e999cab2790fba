/// Verifies what a primary key says of its own certificate.
struct SelfSignatureVerifier {
    /// The most signatures of one certificate that are verified; an honest one has a few for each part.
    private static let maximumVerifications = 1024

    let primaryKey: OpenPGPKey
    private(set) var verifications = 0
    /// Whether the certificate says that another key may revoke it.
    private var hasRevoker = false

    init(primaryKey: OpenPGPKey) { self.primaryKey = primaryKey }

    /// What the signatures over one part amount to.
    private struct Verified {
        var bindings: [SelfSignature] = []
        var revocations: [Revocation] = []
        var undecided = 0
    }

    /// What a signature over a part is hashed over, and the types that make sense there.
    private enum Part {
        case primary
        case userID([UInt8])
        case subkey(OpenPGPKey)

        func binds(_ type: SignatureType) -> Bool {
            switch self {
            case .primary: type == .directKey
            case .userID: type.isCertification
            case .subkey: type == .subkeyBinding
            }
        }

        var revocation: SignatureType {
            switch self {
            case .primary: .keyRevocation
            case .userID: .certificationRevocation
            case .subkey: .subkeyRevocation
            }
        }
    }

    private enum Outcome {
        case good
        case bad
        /// The hash or the key is none that is checked here.
        case undecided
    }

    /// Verifies every self-signature of `parts`.
    ///
    /// - Throws: when there are more of them than are verified: one that is left out could be a revocation.
    mutating func certificate(_ parts: CertificateParts) throws -> OpenPGPCertificate {
        var parts = parts
        hasRevoker = parts.primarySignatures.contains(where: \.hashed.namesRevoker)
        let primary = try verify(.primary, parts.primarySignatures, &parts)
        var userIDs: [OpenPGPUserID] = []
        var subkeys: [OpenPGPSubkey] = []
        for component in parts.components {
            switch component.target {
            case .userID(let bytes):
                let verified = try verify(.userID(bytes), component.signatures, &parts)
                userIDs.append(
                    OpenPGPUserID(
                        bytes: bytes, bindings: verified.bindings, revocations: verified.revocations,
                        undecidedRevocations: verified.undecided))
            case .subkey(let key):
                let verified = try verify(.subkey(key), component.signatures, &parts)
                subkeys.append(
                    OpenPGPSubkey(
                        key: key, bindings: verified.bindings, revocations: verified.revocations,
                        undecidedRevocations: verified.undecided))
            case .ignored: continue
            }
        }
        return OpenPGPCertificate(
            primaryKey: primaryKey, directSignatures: primary.bindings, revocations: primary.revocations,
            undecidedRevocations: primary.undecided, userIDs: userIDs, subkeys: subkeys, remarks: parts.remarks)
    }

    private mutating func verify(
        _ part: Part, _ signatures: [OpenPGPSignature], _ parts: inout CertificateParts
    ) throws -> Verified {
        var verified = Verified()
        for signature in signatures {
            let type = signature.type
            guard part.binds(type) || type == part.revocation else {
                parts.remark("a signature of type \(type) stands where it means nothing")
                continue
            }
            let isOwn = signature.issuers.isEmpty || signature.issuers.names(primaryKey)
            guard isOwn else {
                // By another key: a designated revoker's counts, but it cannot be told from anybody's here.
                if hasRevoker, type == .keyRevocation || type == .subkeyRevocation { verified.undecided += 1 }
                continue
            }
            verifications += 1
            guard verifications <= Self.maximumVerifications else {
                throw OpenPGPError(
                    .tooMany,
                    "the certificate \(primaryKey.fingerprint) has more than \(Self.maximumVerifications) "
                        + "self-signatures")
            }
            switch outcome(signature, part) {
            case .bad: parts.remark("a signature of type \(type) over the certificate is bad")
            case .undecided:
                parts.remark("a signature of type \(type) with \(signature.hashAlgorithm) could not be verified")
                if type.isRevocation { verified.undecided += 1 }
            case .good where type.isRevocation:
                verified.revocations.append(
                    Revocation(
                        creationTime: signature.creationTime, reason: signature.hashed.revocationReason ?? .none,
                        hashAlgorithm: signature.hashAlgorithm))
            case .good:
                guard signature.unknownCriticalParts.isEmpty, signature.version != 3 else {
                    parts.remark("a self-signature with unknown critical parts, or of version 3, was passed over")
                    continue
                }
                verified.bindings.append(selfSignature(signature, part))
            }
        }
        return verified
    }

    private mutating func selfSignature(_ signature: OpenPGPSignature, _ part: Part) -> SelfSignature {
        SelfSignature(
            creationTime: signature.creationTime, expirationTime: signature.expirationTime,
            keyLifetime: signature.hashed.keyExpiration.flatMap { $0 == 0 ? nil : Int64($0) },
            keyFlags: signature.hashed.keyFlags, isPrimaryUserID: signature.hashed.isPrimaryUserID,
            hashAlgorithm: signature.hashAlgorithm, backSignatureHash: backSignatureHash(signature, part))
    }

    /// The hash of the subkey's signature over the primary key inside of its binding (RFC 9580, section 5.2.1.9);
    /// without one anyone could claim the signatures of another's subkey.
    private mutating func backSignatureHash(_ binding: OpenPGPSignature, _ part: Part) -> HashAlgorithm? {
        guard case .subkey(let subkey) = part, binding.hashed.keyFlags?.contains(.sign) ?? false else { return nil }
        for body in binding.embeddedSignatures {
            guard let signature = try? OpenPGPSignature(body: body), signature.type == .primaryKeyBinding,
                signature.unknownCriticalParts.isEmpty, signature.expirationTime == nil
            else { continue }
            verifications += 1
            if outcome(signature, part, by: subkey) == .good { return signature.hashAlgorithm }
        }
        return nil
    }

    private func outcome(_ signature: OpenPGPSignature, _ part: Part, by signer: OpenPGPKey? = nil) -> Outcome {
        let signer = signer ?? primaryKey
        guard signature.fits(signer) else { return .bad }
        guard signer.isSupported, var hash = RunningHash(signature.hashAlgorithm) else { return .undecided }
        hash.update(signature.salt)
        hash.update(primaryKey.hashedForm)
        switch part {
        case .primary: break
        case .userID(let bytes):
            // Version 3 hashes the bare user ID (RFC 9580, section 5.2.4).
            if signature.version != 3 { hash.update([0xB4] + UInt32(truncatingIfNeeded: bytes.count).bigEndianBytes) }
            hash.update(bytes)
        case .subkey(let key): hash.update(key.hashedForm)
        }
        hash.update(signature.trailer)
        return signature.isValid(hash.digest(), by: signer) ? .good : .bad
    }
}

extension OpenPGPSignature {
    /// Whether a key of that version and algorithm can have made it (RFC 9580, sections 5.2 and 5.2.3.35).
    func fits(_ key: OpenPGPKey) -> Bool {
        guard version == 6 ? key.version == 6 : key.version == 4 else { return false }
        switch publicKeyAlgorithm {
        case .rsa, .rsaSignOnly: return key.algorithm == .rsa || key.algorithm == .rsaSignOnly
        default: return publicKeyAlgorithm == key.algorithm
        }
    }

    /// Whether the numbers are a signature of `digest` by `key`.
    func isValid(_ digest: DigestValue, by key: OpenPGPKey) -> Bool {
        digest.bytes.starts(with: digestPrefix) && key.material.isValid(numbers, digest)
    }
}
