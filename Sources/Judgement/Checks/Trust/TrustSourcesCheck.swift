import AssayFacts
import AssayFindings
import AssayPolicy

/// Every source of the trust store is readable and says one thing.
///
/// Why: update-ca-trust ends with 0 when a source is damaged. One bad line in a .p11-kit file makes all its anchors vanish, or
/// a distrusted authority trusted again, and nobody is told.
///
/// Proof: Every file that update-ca-trust or update-ca-certificates reads is read with a parser that refuses what is malformed
/// or ambiguous. Files that are passed over, as backups and hidden files, are listed.
///
/// Remedy: Repair or remove the file that is named, with its line; then make the store again.
///
/// Reference: https://p11-glue.github.io/p11-glue/p11-kit/manual/trust-module.html
enum TrustSourcesCheck: Check {
    static let id = "trust.sources"
    static let severity = Severity.high

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let trust = facts.trust else {
            return .notApplicable("the subject has no sources of a trust store")
        }
        let question = TrustQuestion(facts: trust, context: context)
        let remarks = trust.remarks.prefix(TrustQuestion.evidenceLimit).map {
            Evidence(Location($0.place), $0.reason, how: "remark")
        }
        let malformed = trust.faults.filter { !$0.isUnreadable }
        if let first = malformed.first {
            let more = malformed.count > 1 ? " and \(malformed.count - 1) more" : ""
            return Judgement(
                .fail, .off, .measured, "\(first.place.text): \(first.reason)\(more)",
                decidedBy: "trust store sources", evidence: question.faultEvidence + remarks)
        }
        if let first = trust.faults.first {
            return .unknown("\(first.place.text): \(first.reason)", evidence: question.faultEvidence + remarks)
        }
        guard trust.layout != nil else {
            return .notApplicable("the subject has no sources of a trust store")
        }
        guard trust.sourceCount > 0 else { return .notApplicable("the folders of the sources are empty") }
        let counts = trust.counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return Judgement(
            .pass, .on, .measured, "\(trust.sourceCount) source files: \(counts)", decidedBy: "trust store sources",
            evidence: Array(remarks))
    }
}
