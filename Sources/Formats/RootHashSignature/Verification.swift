import AssayBytes
internal import FoundationEssentials

/// A signature of a root hash that was verified.
///
/// Only `RootHashSignature.verify` and what is built on it make one.
public struct VerifiedRootHashSignature: Hashable, Sendable {
    /// The signature.
    public let signature: RootHashSignature
    /// The root hash that was signed.
    public let rootHash: RootHash
    /// The certificate whose key signed it.
    public let certificate: SignerCertificate
    /// What is accepted but worth knowing.
    public let notes: [RootHashSignatureNote]
}

/// Something about an accepted signature that its owner may want to know.
public enum RootHashSignatureNote: Hashable, Sendable {
    /// The signature carries so many certificates; the kernel takes them, but they are not needed and not trusted.
    case embeddedCertificates(Int)
    /// The key usage of the certificate does not name digital signatures; the kernel does not look.
    case noDigitalSignatureUsage
    /// The certificate is outside its validity, which the caller allowed.
    case outsideValidity(RootHashSignatureFault)
}

/// How the validity of the certificate is judged; the kernel and systemd do not look at it.
///
/// Times are seconds since 1970.
public enum CertificateValidity: Hashable, Sendable {
    /// A certificate that is not valid at this time is refused.
    case required(at: Int64)
    /// A certificate that is not valid at this time is accepted with a note.
    case noted(at: Int64)
}

/// The verdict about a signature.
public enum RootHashSignatureVerdict: Hashable, Sendable {
    /// The signature holds.
    case verified(VerifiedRootHashSignature)
    /// The signature does not hold, for these reasons, the gravest first; never empty.
    case refused([RootHashSignatureFault])
}

extension RootHashSignature {
    /// Verifies that one of `certificates` signed `rootHash`.
    ///
    /// - Parameters:
    ///   - rootHash: the root hash that the signature should be of.
    ///   - certificates: the candidates; the signer identifier picks among them, as it does in the kernel's keyring.
    ///   - validity: whether and when the certificate must be valid.
    /// - Returns: the verdict. A wrong signature is diagnosed: a newline or the raw digest signed instead of the text, and more.
    public func verify(
        rootHash: RootHash, certificates: [SignerCertificate], validity: CertificateValidity
    ) -> RootHashSignatureVerdict {
        if let fault = SignerCertificate.countFault(certificates) { return .refused([fault]) }
        let named = certificates.filter { $0.isNamed(by: signer) }
        guard !named.isEmpty else { return .refused([otherCertificate(rootHash, certificates)]) }
        var first: [RootHashSignatureFault] = []
        for certificate in named {
            let faults = self.faults(rootHash, certificate, validity)
            guard !faults.isEmpty else {
                return .verified(
                    VerifiedRootHashSignature(
                        signature: self, rootHash: rootHash, certificate: certificate,
                        notes: notes(certificate, validity)))
            }
            if first.isEmpty { first = faults }
        }
        return .refused(first)
    }

    private func faults(
        _ rootHash: RootHash, _ certificate: SignerCertificate, _ validity: CertificateValidity
    ) -> [RootHashSignatureFault] {
        if let fault = certificate.keyFault { return [fault] }
        guard let key = certificate.key, let kind = KeyCheck.algorithm(of: key) else {
            return [RootHashSignatureFault(.unsupportedKey, "the key of the certificate is not supported")]
        }
        guard kind == algorithm else {
            return [
                RootHashSignatureFault(
                    .otherKeyType,
                    "the signature is \(algorithm.rawValue) and the key of the certificate is for \(kind.rawValue)")
            ]
        }
        let check = KeyCheck(key: key, algorithm: algorithm, signature: signature)
        var faults: [RootHashSignatureFault] = []
        if !check.accepts(RootHashSignature.toBeSigned(rootHash), digest) {
            faults.append(RootHashSignature.diagnosis(check, rootHash, digest))
        }
        if case .required(let time) = validity, let fault = certificate.validityFault(at: time) { faults.append(fault) }
        return faults
    }

    private func notes(_ certificate: SignerCertificate, _ validity: CertificateValidity) -> [RootHashSignatureNote] {
        var notes: [RootHashSignatureNote] = []
        if !embeddedCertificates.isEmpty { notes.append(.embeddedCertificates(embeddedCertificates.count)) }
        if certificate.allowsDigitalSignature == false { notes.append(.noDigitalSignatureUsage) }
        if case .noted(let time) = validity, let fault = certificate.validityFault(at: time) {
            notes.append(.outsideValidity(fault))
        }
        return notes
    }

    private func otherCertificate(
        _ rootHash: RootHash, _ certificates: [SignerCertificate]
    ) -> RootHashSignatureFault {
        let given =
            certificates.count == 1
            ? "the certificate has \(certificates[0].identifier)"
            : "none of the \(certificates.count) certificates is that one"
        // A renewed certificate keeps the key, but the kernel looks for the identifier.
        let isRenewed = certificates.contains { certificate in
            certificate.key.map {
                KeyCheck.algorithm(of: $0) == algorithm
                    && KeyCheck(key: $0, algorithm: algorithm, signature: signature)
                        .accepts(RootHashSignature.toBeSigned(rootHash), digest)
            } ?? false
        }
        return RootHashSignatureFault(
            .otherCertificate, "the signature is by another certificate: it names \(signer); \(given)",
            hint: isRenewed ? "the key is the same, the certificate was issued anew: sign again with it" : nil)
    }
}

extension SignerCertificate {
    /// Why `certificates` cannot be candidates: none, or more than are looked at.
    static func countFault(_ certificates: [SignerCertificate]) -> RootHashSignatureFault? {
        if certificates.isEmpty {
            return RootHashSignatureFault(.noCertificate, "no certificate was given to check the signature with")
        }
        guard certificates.count > maximumCount else { return nil }
        return RootHashSignatureFault(
            .tooManyCertificates, "\(certificates.count) certificates were given; \(maximumCount) are looked at")
    }

    /// Why the certificate is not valid at `time`, in seconds since 1970; nil when it is.
    public func validityFault(at time: Int64) -> RootHashSignatureFault? {
        guard let notBefore, let notAfter else { return nil }
        if time < notBefore {
            return RootHashSignatureFault(
                .certificateNotYetValid, "the certificate is not valid before \(Self.text(notBefore))")
        }
        if time > notAfter {
            return RootHashSignatureFault(.certificateExpired, "the certificate expired at \(Self.text(notAfter))")
        }
        return nil
    }

    /// A time of a certificate as RFC 3339 in UTC.
    private static func text(_ time: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(time)).formatted(.iso8601)
    }
}
