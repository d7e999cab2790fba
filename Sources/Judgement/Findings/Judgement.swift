/// What a check found: the part of a finding that facts and policy decide.
public struct Judgement: Hashable, Sendable {
    /// The state of the feature.
    public var state: FeatureState
    /// The answer.
    public var verdict: Verdict
    /// What it rests on.
    public var basis: Basis
    /// One sentence that says why.
    public var message: String
    /// The layer that decided.
    public var decidedBy: String?
    /// What was seen.
    public var evidence: [Evidence]
    /// Evidence left out.
    public var evidenceOmitted = 0
    /// How many things were looked at, by outcome.
    public var counts: [String: Int] = [:]
    /// The same counts for parts of the subject.
    public var groups: [Group] = []

    /// Makes a judgement.
    public init(
        _ verdict: Verdict, _ state: FeatureState, _ basis: Basis, _ message: String, decidedBy: String? = nil,
        evidence: [Evidence] = []
    ) {
        self.verdict = verdict
        self.state = state
        self.basis = basis
        self.message = message
        self.decidedBy = decidedBy
        self.evidence = evidence
    }

    /// It could not be answered.
    public static func unknown(_ reason: String, evidence: [Evidence] = []) -> Judgement {
        Judgement(.unknown, .unknown, .measured, reason, evidence: evidence)
    }

    /// The question has no meaning for this subject.
    public static func notApplicable(_ reason: String) -> Judgement {
        Judgement(.notApplicable, .notApplicable, .measured, reason)
    }

    /// The verdict that a state deserves when it is `expected`.
    public static func verdict(of state: FeatureState, expected: Expectation) -> Verdict {
        switch (state, expected) {
        case (.on, _), (.available, .available): .pass
        case (.available, .byDefault), (.off, _): .fail
        case (.unknown, _): .unknown
        case (.notApplicable, _): .notApplicable
        }
    }
}
