/// Where in a subject a piece of evidence stands.
public struct Location: Codable, Hashable, Sendable {
    /// The path in the subject, escaped.
    public var path: String
    /// The line, counted from 1.
    public var line: Int?
    /// The offset in bytes.
    public var offset: UInt64?

    /// Makes a location.
    public init(_ path: String, line: Int? = nil, offset: UInt64? = nil) {
        self.path = path
        self.line = line
        self.offset = offset
    }
}

/// One thing seen that a verdict rests on.
public struct Evidence: Codable, Hashable, Sendable {
    /// Where.
    public var location: Location
    /// What was seen there.
    public var value: String
    /// How it was seen, or what it means (`kernel configuration`, `sysctl.d, overridden`).
    public var how: String
    /// Whether it is against the expectation: exceptions are shown first and become SARIF locations.
    public var isException: Bool

    /// Makes evidence.
    public init(_ location: Location, _ value: String, how: String, isException: Bool = false) {
        self.location = location
        self.value = value
        self.how = how
        self.isException = isException
    }
}

/// Counts for a part of the subject.
public struct Group: Codable, Hashable, Sendable {
    /// `directory` or `package`.
    public var kind: String
    /// The directory's path or the package's name, escaped.
    public var name: String
    /// How many things were looked at, by outcome.
    public var counts: [String: Int]

    /// Makes a group.
    public init(kind: String, name: String, counts: [String: Int]) {
        self.kind = kind
        self.name = name
        self.counts = counts
    }
}

/// A check's verdict on a subject.
public struct Finding: Codable, Hashable, Sendable {
    /// The check (`kernel.lockdown`).
    public var check: String
    /// The heading of the matrix that the row stands under.
    public var section: String
    /// The row's title in the matrix.
    public var title: String
    /// How much a failure matters under the profile.
    public var severity: Severity
    /// What the vendor's documentation promises; nil for a check beyond the matrix.
    public var documented: Expectation?
    /// What was found.
    public var state: FeatureState
    /// The answer.
    public var verdict: Verdict
    /// What the answer rests on.
    public var basis: Basis
    /// One sentence that says why.
    public var message: String
    /// The layer that decided (`kernel configuration`, `/etc/sysctl.d`, `running kernel`), if one did.
    public var decidedBy: String?
    /// What was seen, the exceptions first.
    public var evidence: [Evidence]
    /// Evidence that was left out because there is more than the report shows.
    public var evidenceOmitted: Int
    /// How many things were looked at, by outcome (`pie`, `not-pie`), for checks over many files.
    public var counts: [String: Int]
    /// The same counts for each directory and package that holds exceptions, those with the most first.
    public var groups: [Group]
    /// What to do about a failure.
    public var remedy: String
    /// Where the claim or the protection is documented.
    public var reference: String
    /// The waiver that covers a failure or an unknown, if any.
    public var waiver: Waiver?
    /// What VEX documents say of it; nil without any.
    public var vex: [VEXNote]?

    /// Makes a finding.
    public init(
        check: String, section: String, title: String, severity: Severity, documented: Expectation?,
        judgement: Judgement, remedy: String, reference: String
    ) {
        self.check = check
        self.section = section
        self.title = title
        self.severity = severity
        self.documented = documented
        state = judgement.state
        verdict = judgement.verdict
        basis = judgement.basis
        message = judgement.message
        decidedBy = judgement.decidedBy
        evidence = judgement.evidence
        evidenceOmitted = judgement.evidenceOmitted
        counts = judgement.counts
        groups = judgement.groups
        self.remedy = remedy
        self.reference = reference
    }

    /// A name for this finding that stays the same from run to run: the check and the subject's kind of failure.
    public var fingerprint: String { "\(check)/\(verdict.rawValue)/\(basis.rawValue)" }
}

/// An accepted failure.
public struct Waiver: Codable, Hashable, Sendable {
    /// The check that it covers.
    public var check: String
    /// Why it is accepted.
    public var reason: String
    /// The last day on which it holds, `YYYY-MM-DD`.
    public var expires: String
    /// Who accepted it.
    public var owner: String?

    /// Makes a waiver.
    public init(check: String, reason: String, expires: String, owner: String? = nil) {
        self.check = check
        self.reason = reason
        self.expires = expires
        self.owner = owner
    }
}
