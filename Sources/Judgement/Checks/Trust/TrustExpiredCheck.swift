import AssayFacts
import AssayFindings
import AssayPolicy

/// No trust anchor is past its end.
///
/// Why: An expired anchor vouches for nothing that a careful client accepts, but not every client looks at an anchor's dates.
/// It only widens what a stolen or factored old key can do.
///
/// Proof: The end of validity of every anchor in the sources, at the time of judgement. A date that is none is unknown.
///
/// Remedy: Remove the anchor, or distrust it, and make the store again.
///
/// Reference: https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
enum TrustExpiredCheck: Check {
    static let id = "trust.expired"
    static let severity = Severity.low

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        switch TrustQuestion.start(facts, context) {
        case .answer(let judgement): judgement
        case .question(let question):
            question.judge(
                how: "expired", failure: "are past their end", pass: "none is past its end",
                problem: { anchor in
                    anchor.notAfter.flatMap { question.isPast($0) ? "valid until \(UTCTime.text($0))" : nil }
                }, doubt: { $0.notAfter == nil ? "its end of validity is no date" : nil })
        }
    }
}
