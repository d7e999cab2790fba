/// The answer to a check's question.
public enum Verdict: String, Codable, Hashable, Sendable, CaseIterable {
    /// Yes.
    case pass
    /// No.
    case fail
    /// The question has no meaning for this subject.
    case notApplicable
    /// It could not be answered; the finding says why.
    case unknown

    /// Which of two verdicts stands for both: a failure beats what is unknown, that beats a pass (product.md: 1 beats 2).
    public static func worse(_ left: Verdict, _ right: Verdict) -> Verdict {
        switch (left, right) {
        case (.fail, _), (_, .fail): .fail
        case (.unknown, _), (_, .unknown): .unknown
        case (.pass, _), (_, .pass): .pass
        case (.notApplicable, .notApplicable): .notApplicable
        }
    }
}

/// What a verdict rests on.
public enum Basis: String, Codable, Hashable, Sendable, CaseIterable {
    /// Something in the subject sets it.
    case set
    /// Nothing sets it; the kernel's or program's own default decides.
    case kernelDefault
    /// What is configured and what is running disagree.
    case conflict
    /// It is weaker than what the vendor or the default gives.
    case weakerThanDefault
    /// It depends on something outside the subject, for example Secure Boot.
    case conditional
    /// It was measured in the subject's files or in the running kernel.
    case measured
}

/// The state of a feature.
public enum FeatureState: String, Codable, Hashable, Sendable, CaseIterable {
    /// In force.
    case on
    /// There to be switched on.
    case available
    /// Neither.
    case off
    /// It could not be told.
    case unknown
    /// The subject cannot have it.
    case notApplicable
}

/// What the vendor's documentation promises of a feature.
public enum Expectation: String, Codable, Hashable, Sendable, CaseIterable {
    /// On without further doing.
    case byDefault = "by-default"
    /// There to be switched on, or on.
    case available
}

/// How much a failure matters.
public enum Severity: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
    /// Worth knowing.
    case info
    /// A small weakness.
    case low
    /// A weakness.
    case medium
    /// A serious weakness.
    case high
    /// The system is open.
    case critical

    /// Orders from info to critical.
    public static func < (left: Severity, right: Severity) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}
