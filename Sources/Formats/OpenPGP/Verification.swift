extension OpenPGPSignature {
    /// The most keys that one signature is tried with; more than one only where key IDs collide or none is named.
    private static let maximumTries = 32

    /// Verifies the signature.
    ///
    /// - Parameters:
    ///   - document: the document, hashed with a `SignatureHasher` for this signature.
    ///   - certificates: the certificates whose keys may have made it.
    ///   - time: the evaluation time in seconds since 1970: what is expired, revoked or in the future is so at this time.
    /// - Returns: what was found; it is good only when `isGood`.
    public func verify(
        _ document: HashedDocument, certificates: [OpenPGPCertificate], at time: Int64
    ) -> SignatureVerdict {
        var faults = ownFaults(at: time)
        guard type.isOfDocument else { return SignatureVerdict(.notChecked, self, faults) }
        guard publicKeyAlgorithm.isSupported else {
            faults.append(
                SignatureFault(
                    .unsupportedAlgorithm, "signatures by \(publicKeyAlgorithm) are not supported: not verified"))
            return SignatureVerdict(.notChecked, self, faults)
        }
        guard hashAlgorithm.isSupported else {
            faults.append(SignatureFault(.unsupportedHash, "\(hashAlgorithm) is not supported: not verified"))
            return SignatureVerdict(.notChecked, self, faults)
        }
        guard let digest = document.digest(for: self) else {
            faults.append(SignatureFault(.notHashed, "the document was not hashed for this signature"))
            return SignatureVerdict(.notChecked, self, faults)
        }
        let candidates = candidates(certificates)
        guard !candidates.isEmpty else {
            faults.append(SignatureFault(.unknownKey, "no certificate has the key \(claim) that the signature names"))
            return SignatureVerdict(.notChecked, self, faults)
        }
        let checkable = candidates.filter { fits($0.key) && $0.key.isSupported }
        guard let signer = checkable.first(where: { isValid(digest, by: $0.key) }) else {
            if checkable.isEmpty, let reason = candidates.lazy.compactMap(\.key.unsupportedReason).first {
                faults.append(SignatureFault(.unsupportedAlgorithm, reason + ": not verified"))
                return SignatureVerdict(.notChecked, self, faults)
            }
            faults.append(SignatureFault(.badSignature, "it is no signature of these bytes by the key \(claim)"))
            return SignatureVerdict(.invalid, self, faults)
        }
        // Others can put the key into a certificate of theirs; the one that has the least against it is its home.
        let homes = OpenPGPCertificate.merging(checkable.filter { $0.key == signer.key }.map(\.certificate))
        let judged = homes.compactMap { home -> (certificate: OpenPGPCertificate, faults: [SignatureFault])? in
            guard let index = home.keys.firstIndex(of: signer.key) else { return nil }
            return (home, keyFaults(Candidate(certificate: home, index: index, key: signer.key), at: time))
        }
        let best = judged.min { $0.faults.count < $1.faults.count }
        return SignatureVerdict(
            .valid, self, faults + (best?.faults ?? keyFaults(signer, at: time)), signingKey: signer.key,
            certificate: best?.certificate ?? signer.certificate)
    }

    /// A key that the signature may be by.
    private struct Candidate {
        let certificate: OpenPGPCertificate
        let index: Int
        let key: OpenPGPKey
    }

    /// The key that the signature claims to be by, for people.
    private var claim: String {
        issuers.fingerprints.first?.description ?? issuers.keyIDs.first?.description ?? "(none named)"
    }

    private func candidates(_ certificates: [OpenPGPCertificate]) -> [Candidate] {
        var found: [Candidate] = []
        for certificate in certificates {
            for (index, key) in certificate.keys.enumerated() {
                guard issuers.isEmpty ? fits(key) : issuers.names(key) else { continue }
                found.append(Candidate(certificate: certificate, index: index, key: key))
                if found.count == Self.maximumTries { return found }
            }
        }
        return found
    }

    private func ownFaults(at time: Int64) -> [SignatureFault] {
        var faults: [SignatureFault] = []
        if !type.isOfDocument {
            faults.append(SignatureFault(.wrongType, "a signature of type \(type) is not one over a document"))
        }
        for part in unknownCriticalParts {
            faults.append(SignatureFault(.criticalSubpacket, "the signature has the unknown critical \(part)"))
        }
        if hashAlgorithm.isWeak {
            faults.append(SignatureFault(.weakHash, "the signature is made with \(hashAlgorithm)"))
        }
        if creationTime > time {
            faults.append(SignatureFault(.createdInTheFuture, "the signature is dated after the evaluation time"))
        }
        if let expirationTime, time >= expirationTime {
            faults.append(SignatureFault(.expiredSignature, "the signature is expired"))
        }
        return faults
    }

    private func keyFaults(_ signer: Candidate, at time: Int64) -> [SignatureFault] {
        var faults: [SignatureFault] = []
        let key = signer.key
        let status = signer.certificate.keyStatus(signer.index, at: time)
        if !hashed.issuers.fingerprints.isEmpty, !hashed.issuers.fingerprints.contains(key.fingerprint) {
            faults.append(
                SignatureFault(
                    .issuerMismatch, "the signed part names another key than \(key.fingerprint), which made it"))
        }
        for key in signer.index == 0 ? [key] : [key, signer.certificate.primaryKey] where key.isWeak {
            faults.append(SignatureFault(.weakKey, "the key \(key.fingerprint) is \(key.algorithmName)"))
        }
        if creationTime < key.creationTime {
            faults.append(SignatureFault(.createdBeforeKey, "the signature is dated before its key"))
        }
        if status.isBound, !status.canSign {
            faults.append(
                SignatureFault(
                    .notASigningKey,
                    signer.index == 0 || !(status.keyFlags?.contains(.sign) ?? false)
                        ? "the key \(key.fingerprint) is not one to sign data with"
                        : "the subkey \(key.fingerprint) did not sign that it belongs to its primary key"))
        }
        faults += statusFaults(status, "the key", at: time)
        if signer.index > 0 {
            for fault in statusFaults(signer.certificate.primaryStatus(at: time), "the primary key", at: time)
            where !faults.contains(where: { $0.code == fault.code }) {
                faults.append(fault)
            }
        }
        return faults
    }

    /// What is wrong with the key of `status` for this signature.
    private func statusFaults(_ status: KeyStatus, _ name: String, at time: Int64) -> [SignatureFault] {
        let subject = "\(name) \(status.key.fingerprint)"
        var faults: [SignatureFault] = []
        if !status.isBound {
            faults.append(SignatureFault(.unboundKey, "no valid self-signature binds \(subject)"))
        }
        if let hash = status.bindingHash, hash.isWeak {
            faults.append(SignatureFault(.weakBinding, "the self-signature that binds \(subject) is made with \(hash)"))
        }
        if status.isExpired(at: creationTime) {
            faults.append(SignatureFault(.signedAfterExpiry, "\(subject) was expired when it signed"))
        } else if status.isExpired(at: time) {
            faults.append(SignatureFault(.expiredKey, "\(subject) is expired"))
        }
        if let revocation = status.revocation(ofSignatureAt: creationTime) {
            faults.append(SignatureFault(.revokedKey, "\(subject) is revoked (\(revocation.reason))"))
        } else if let revocation = status.revocations.first {
            faults.append(
                SignatureFault(.revokedLater, "\(subject) was revoked after it signed (\(revocation.reason))"))
        }
        if status.undecidedRevocations > 0 {
            faults.append(
                SignatureFault(.undecidedRevocation, "a revocation of \(subject) could not be decided"))
        }
        return faults
    }
}
