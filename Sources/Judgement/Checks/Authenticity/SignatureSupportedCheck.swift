import AssayFacts
import AssayFindings
import AssayPolicy

/// The signature could be checked.
///
/// Why: rpm 4.18 says "digests OK", exit code 0, of a package whose only signature it cannot read. What was not
/// verified is not good.
///
/// Proof: A signature by an algorithm that is not supported (DSA, Ed448, ML-DSA) is unknown, unless enough others
/// are good.
///
/// Remedy: Verify such a signature with a tool that knows the algorithm.
///
/// Reference: https://www.rfc-editor.org/rfc/rfc9580#section-9.1
enum SignatureSupportedCheck: FileCheck {
    static let id = "signature.supported"
    static let severity = Severity.high

    static func judge(_ question: FileQuestion) -> Judgement {
        question.judge(.support) { _ in "every algorithm that counts is supported" }
    }
}
