import AssayFacts
import AssayFindings
import AssayPolicy

/// No anchor has a date of distrust that the outputs cannot carry.
///
/// Why: Browsers go on trusting old certificates of an authority and refuse those that it issues after a date. No bundle can
/// say that: whoever reads it trusts the authority for new certificates too.
///
/// Proof: The dates `nss-server-distrust-after` and `nss-email-distrust-after` of every anchor in the sources, and whether they
/// are past at the time of judgement.
///
/// Remedy: Distrust the authority for the purpose when you can do without it; else accept the finding until it is gone.
///
/// Reference: https://wiki.mozilla.org/CA/Additional_Trust_Changes
enum TrustDistrustAfterCheck: Check {
    static let id = "trust.distrust-after"
    static let severity = Severity.low

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        switch TrustQuestion.start(facts, context) {
        case .answer(let judgement): judgement
        case .question(let question):
            question.judge(
                how: "distrust after", failure: "are distrusted after a date, which no output can say",
                pass: "none is distrusted after a date",
                problem: { anchor in
                    let dates = [
                        ("servers", "server-auth", anchor.serverDistrustAfter),
                        ("mail", "email", anchor.emailDistrustAfter),
                    ]
                    let words = dates.compactMap { name, purpose, date -> String? in
                        guard let date, anchor.purposes.contains(purpose) else { return nil }
                        return "new certificates for \(name) since \(UTCTime.text(date))"
                            + (question.isPast(date) ? "" : ", which is to come")
                    }
                    return words.isEmpty ? nil : words.joined(separator: "; ")
                })
        }
    }
}
