import AssayFacts
import AssayFindings
import AssayPolicy

/// Hash and key of the signature are strong enough.
///
/// Why: Two documents with the same MD5 or SHA-1 can be made, so a signature with them can be moved from one file
/// to another; RSA keys of 1024 bits can be factored.
///
/// Proof: The hash algorithm and the size of the signing key, compared with the policy (SHA-256 or stronger, RSA of
/// 2048 bits or more), with its dates and exceptions.
///
/// Remedy: Ask the vendor for a signature with SHA-256. For an archive that will never be signed again, write an
/// exception with a reason and an end into the policy.
///
/// Reference: https://www.rfc-editor.org/rfc/rfc9580#section-9.5
enum SignatureAlgorithmCheck: FileCheck {
    static let id = "signature.algorithm"
    static let severity = Severity.high

    static func judge(_ question: FileQuestion) -> Judgement {
        question.judge(.algorithm) { good in
            let kinds = good.map { "\($0.signature.keyAlgorithm) with \($0.signature.hashAlgorithm)" }
            return kinds.count == 1 ? kinds[0] : Set(kinds).sorted().joined(separator: ", ")
        }
    }
}
