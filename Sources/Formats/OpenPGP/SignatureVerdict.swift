/// What the verification of one signature found: facts, and no policy.
///
/// Only `OpenPGPSignature.verify` makes one.
public struct SignatureVerdict: Hashable, Sendable {
    /// What the mathematics say.
    public enum Check: String, Hashable, Sendable {
        /// The key made this signature of these bytes.
        case valid
        /// It did not.
        case invalid
        /// That could not be checked; the faults say why.
        case notChecked = "not-checked"
    }

    /// What the mathematics say.
    public let check: Check
    /// The signature.
    public let signature: OpenPGPSignature
    /// The key that made it, only when it is valid.
    public let signingKey: OpenPGPKey?
    /// The fingerprint of the certificate that the key belongs to, only when the signature is valid.
    public let certificateFingerprint: Fingerprint?
    /// What is wrong, in the order of the examination; empty for a plainly good signature.
    public let faults: [SignatureFault]

    /// The fingerprint of the key that made it, of a subkey perhaps, only when it is valid.
    public var signingFingerprint: Fingerprint? { signingKey?.fingerprint }

    /// Whether the signature is valid and nothing at all is wrong with it, its key and its certificate.
    public var isGood: Bool { check == .valid && faults.isEmpty }

    /// Whether the signature has the fault `code`.
    public func has(_ code: SignatureFault.Code) -> Bool { faults.contains { $0.code == code } }

    init(
        _ check: Check, _ signature: OpenPGPSignature, _ faults: [SignatureFault], signingKey: OpenPGPKey? = nil,
        certificate: OpenPGPCertificate? = nil
    ) {
        self.check = check
        self.signature = signature
        self.signingKey = signingKey
        self.certificateFingerprint = certificate?.fingerprint
        self.faults = faults
    }
}
