import AssayFacts
import AssayFindings
import AssayPolicy

/// As many pinned keys signed as the policy asks for.
///
/// Why: With two keys in two hands, one stolen key is not enough.
///
/// Proof: The number of different pinned certificates with a good signature over the document, compared with the
/// policy's threshold (1 unless it says more).
///
/// Remedy: Look at the other rows for what is against each signature; collect the missing ones.
///
/// Reference: https://www.rfc-editor.org/rfc/rfc9580#section-5.2
enum SignatureThresholdCheck: FileCheck {
    static let id = "signature.threshold"
    static let severity = Severity.high

    static func judge(_ question: FileQuestion) -> Judgement {
        guard !question.standings.isEmpty else { return .notApplicable("there is no signature to count") }
        let (good, needed) = (question.goodKeys.count, question.policy.needed)
        let message = "\(good) of \(needed) needed"
        if good >= needed { return Judgement(.pass, .on, .measured, message) }
        // What could not be checked might have been good.
        let missing = question.standings.filter { standing in
            !standing.isGood && standing.objections.allSatisfy { $0.aspect == .support }
        }
        return good + missing.count >= needed ? .unknown(message) : Judgement(.fail, .off, .measured, message)
    }
}
