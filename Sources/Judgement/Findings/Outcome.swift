/// What a gate makes of all findings.
public enum Outcome: String, Codable, Hashable, Sendable {
    /// Every question was answered, and no failure counts.
    case pass
    /// At least one failure counts.
    case fail
    /// No failure counts, but at least one question that counts could not be answered.
    case unknown
}

/// The whole result of an audit: what reports are made from.
public struct AuditResult: Codable, Hashable, Sendable {
    /// The version of this model.
    public static let currentSchemaVersion = 1

    /// The version of this model that the result was written with.
    public var schemaVersion = AuditResult.currentSchemaVersion
    /// The version of the tool.
    public var toolVersion: String
    /// When it was judged, RFC 3339 in UTC.
    public var evaluatedAt: String
    /// What was examined: kind, name and further identity, as text.
    public var subject: SubjectSummary
    /// The profile's name and version.
    public var profile: ProfileSummary
    /// The findings, in the order of the profile.
    public var findings: [Finding]
    /// For files whose authenticity was asked: what was found of each, step by step.
    public var files: [FileChain]?
    /// Parts of the subject that could not be read, most important first.
    public var gaps: [Evidence]
    /// Parts of the subject that were left out on purpose.
    public var skipped: [Evidence]
    /// The gate's threshold.
    public var failOn: Severity
    /// The gate's outcome.
    public var outcome: Outcome

    /// Makes a result.
    public init(
        toolVersion: String, evaluatedAt: String, subject: SubjectSummary, profile: ProfileSummary,
        findings: [Finding], gaps: [Evidence], skipped: [Evidence], failOn: Severity, outcome: Outcome
    ) {
        self.toolVersion = toolVersion
        self.evaluatedAt = evaluatedAt
        self.subject = subject
        self.profile = profile
        self.findings = findings
        self.gaps = gaps
        self.skipped = skipped
        self.failOn = failOn
        self.outcome = outcome
    }
}

/// What was examined, for a report's heading.
public struct SubjectSummary: Codable, Hashable, Sendable {
    /// `host`, `rootDirectory`, `elfFiles`, `kernelConfiguration`, `kernelImage`, `verityDevice`.
    public var kind: String
    /// The name as given.
    public var name: String
    /// The operating system's pretty name, if known.
    public var operatingSystem: String?
    /// The kernels, by release and architecture.
    public var kernels: [String]
    /// How many things were looked at (`ELF files`, `services`, `packages`).
    public var counts: [String: Int]

    /// Makes it.
    public init(kind: String, name: String, operatingSystem: String?, kernels: [String], counts: [String: Int]) {
        self.kind = kind
        self.name = name
        self.operatingSystem = operatingSystem
        self.kernels = kernels
        self.counts = counts
    }
}

/// The profile of a result, for a report's heading.
public struct ProfileSummary: Codable, Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its version.
    public var version: String
    /// Its title.
    public var title: String
    /// Where the vendor documents the matrix.
    public var reference: String

    /// Makes it.
    public init(name: String, version: String, title: String, reference: String) {
        self.name = name
        self.version = version
        self.title = title
        self.reference = reference
    }
}
