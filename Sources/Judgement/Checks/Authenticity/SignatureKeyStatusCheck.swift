import AssayFacts
import AssayFindings
import AssayPolicy

/// The signing key was in force.
///
/// Why: A key that its owner has revoked because it was stolen, or that is expired, may be in anybody's hands. gpg
/// and rpm report such signatures as good.
///
/// Proof: Expiry and revocations of the key and its certificate, the signature that binds a subkey, the signature
/// back from the subkey, and the key flags, at the time of judgement. Self-signatures with SHA-1 are accepted of
/// certificates that are pinned by fingerprint.
///
/// Remedy: Get the vendor's current certificate, which may extend the expiry. A revoked key needs new signatures.
///
/// Reference: https://www.rfc-editor.org/rfc/rfc9580#section-5.2.3.31
enum SignatureKeyStatusCheck: FileCheck {
    static let id = "signature.key-status"
    static let severity = Severity.high

    static func judge(_ question: FileQuestion) -> Judgement {
        question.judge(.keyStatus) { good in
            let excused = good.flatMap(\.excuses)
            return excused.first ?? "neither expired nor revoked"
        }
    }
}
