import AssayFacts
import AssayFindings
import AssayPolicy

/// The signature's own time is possible, and it is not expired.
///
/// Why: A signature of the future or one that is expired says that clock, key or file are not what they seem.
///
/// Proof: The creation time that the signature names must not be after the time of judgement nor before its key,
/// and its expiration time must not have passed.
///
/// Remedy: Compare the machine's clock; get a current signature.
///
/// Reference: https://www.rfc-editor.org/rfc/rfc9580#section-5.2.3.18
enum SignatureTimeCheck: FileCheck {
    static let id = "signature.time"
    static let severity = Severity.high

    static func judge(_ question: FileQuestion) -> Judgement {
        question.judge(.time) { good in
            guard let first = good.min(by: { $0.signature.created < $1.signature.created }) else { return "possible" }
            return "made at \(UTCTime.text(first.signature.created))"
        }
    }
}
