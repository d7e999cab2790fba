import AssayFacts
import AssayFindings
import AssayPolicy

/// What the checks of trust anchors share.
struct TrustQuestion {
    let facts: TrustFacts
    let context: CheckContext

    /// The question, or the answer where there is nothing to ask about.
    enum Start {
        case question(TrustQuestion)
        case answer(Judgement)
    }

    /// Looks whether there are sources that say what is trusted.
    static func start(_ facts: Facts, _ context: CheckContext) -> Start {
        guard let trust = facts.trust, trust.layout != nil else {
            return .answer(.notApplicable("the subject has no sources of a trust store"))
        }
        return .question(TrustQuestion(facts: trust, context: context))
    }

    /// Whether a time lies before the time of judgement: the policy's evaluation time, else the beginning of its day.
    func isPast(_ time: Int64) -> Bool {
        if let evaluationTime = context.signatures.evaluationTime { return time < evaluationTime }
        // What no calendar shows lies before or behind every day.
        guard (-62_135_596_800...253_402_300_799).contains(time) else { return time < 0 }
        return UTCTime.day(time) < context.today
    }

    /// Judges every anchor.
    ///
    /// - Parameters:
    ///   - how: what the evidence is called.
    ///   - failure: the sentence for some anchors with problems, behind their number.
    ///   - pass: the sentence for none, behind the number of all.
    ///   - problem: what is wrong with an anchor; nil when nothing is.
    ///   - doubt: what is not known about an anchor; nil when nothing is.
    /// - Returns: a failure when any anchor has a problem; unknown when any is in doubt or a source could not be used.
    func judge(
        how: String, failure: String, pass: String, problem: (TrustAnchorFacts) -> String?,
        doubt: (TrustAnchorFacts) -> String? = { _ in nil }
    ) -> Judgement {
        var evidence: [Evidence] = []
        var failed: [String] = []
        var doubts: [Evidence] = []
        for anchor in facts.anchors {
            if let text = problem(anchor) {
                failed.append(anchor.label)
                evidence.append(
                    Evidence(Location(anchor.place), "\(anchor.name): \(text)", how: how, isException: true))
            } else if let text = doubt(anchor) {
                doubts.append(
                    Evidence(Location(anchor.place), "\(anchor.name): \(text)", how: how, isException: true))
            }
        }
        let total = facts.anchors.count
        if let first = failed.first {
            let names = failed.count == 1 ? "'\(first)'" : "'\(first)' and \(failed.count - 1) more"
            return counted(
                Judgement(
                    .fail, .off, .measured, "\(failed.count) of \(total) anchors \(failure): \(names)",
                    decidedBy: "trust store sources", evidence: evidence + doubts), failed.count)
        }
        if let fault = facts.faults.first {
            return .unknown("'\(fault.place.path)' could not be used: \(fault.reason)", evidence: faultEvidence)
        }
        if let first = doubts.first {
            return .unknown("\(doubts.count) of \(total) anchors: \(first.value)", evidence: doubts)
        }
        guard total > 0 else { return .notApplicable("the sources have no anchor") }
        return counted(
            Judgement(
                .pass, .on, .measured, "\(pass) (\(total) anchors)", decidedBy: "trust store sources"), 0)
    }

    private func counted(_ judgement: Judgement, _ failed: Int) -> Judgement {
        var judgement = judgement
        judgement.evidenceOmitted = max(0, judgement.evidence.count - TrustQuestion.evidenceLimit)
        judgement.evidence = Array(judgement.evidence.prefix(TrustQuestion.evidenceLimit))
        judgement.counts = ["pass": facts.anchors.count - failed, "fail": failed].filter { $0.value > 0 }
        return judgement
    }

    /// Evidence that one judgement shows at most.
    static let evidenceLimit = 200

    /// The sources that could not be used.
    var faultEvidence: [Evidence] {
        facts.faults.prefix(TrustQuestion.evidenceLimit).map { fault in
            Evidence(
                Location(fault.place), fault.reason, how: fault.isUnreadable ? "unreadable" : "fault", isException: true
            )
        }
    }
}

extension TrustAnchorFacts {
    /// The label with the beginning of the fingerprint, which tells twins apart.
    var name: String { "\(label.isEmpty ? "certificate" : label) (\(fingerprint.prefix(16)))" }
}
