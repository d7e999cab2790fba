import Crypto

extension TrustStore {
    /// The entry of the certificate with this SHA-256 fingerprint.
    public func entry(forFingerprint sha256: [UInt8]) -> TrustEntry? {
        entries.first { Array(SHA256.hash(data: $0.certificate.der)) == sha256 }
    }

    /// The entry of a certificate.
    public func entry(for certificate: TrustCertificate) -> TrustEntry? {
        entries.first { $0.certificate == certificate }
    }

    /// Whether any certificate is trusted for a purpose, and why: one that no source has is distrusted too when its name or
    /// key is, and else unknown.
    public func decision(for certificate: TrustCertificate, purpose: Purpose) -> TrustDecision {
        entry(for: certificate)?.decision(for: purpose) ?? distrust.decision(for: certificate)
            ?? TrustDecision(isTrusted: false, rule: .unknown, because: [])
    }
}
