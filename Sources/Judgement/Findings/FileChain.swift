/// What was found of one file: the way from its bytes to the pinned key, step by step.
public struct FileChain: Codable, Hashable, Sendable {
    /// One step of the way.
    public struct Step: Codable, Hashable, Sendable {
        /// The check.
        public var check: String
        /// The row's title.
        public var title: String
        /// How much a failure matters.
        public var severity: Severity
        /// The answer for this file.
        public var verdict: Verdict
        /// One sentence that says why.
        public var message: String
        /// What was seen.
        public var evidence: [Evidence]

        /// Makes a step.
        public init(
            check: String, title: String, severity: Severity, verdict: Verdict, message: String, evidence: [Evidence]
        ) {
            self.check = check
            self.title = title
            self.severity = severity
            self.verdict = verdict
            self.message = message
            self.evidence = evidence
        }
    }

    /// The file's path, escaped.
    public var name: String
    /// What it is (`rpmPackage`).
    public var kind: String
    /// What it says that it is, in a few words.
    public var identity: String?
    /// The steps that have a meaning for the file, in the order of the profile.
    public var steps: [Step]

    /// Makes a chain.
    public init(name: String, kind: String, identity: String?, steps: [Step]) {
        self.name = name
        self.kind = kind
        self.identity = identity
        self.steps = steps
    }

    /// The worst answer among the steps that count.
    ///
    /// - Parameters:
    ///   - failOn: failures and unknowns below this severity do not count.
    ///   - waived: checks that an accepted exception covers.
    /// - Returns: unknown also when no step counts: what nothing was asked about was not verified.
    public func verdict(failOn: Severity, waived: Set<String> = []) -> Verdict {
        let counting = steps.filter { $0.verdict == .pass || ($0.severity >= failOn && !waived.contains($0.check)) }
        return counting.isEmpty ? .unknown : counting.map(\.verdict).reduce(.pass, Verdict.worse)
    }

    /// The step that decides a verdict other than pass.
    public func decidingStep(failOn: Severity, waived: Set<String> = []) -> Step? {
        let verdict = verdict(failOn: failOn, waived: waived)
        guard verdict != .pass else { return nil }
        return steps.filter { $0.verdict == verdict && $0.severity >= failOn && !waived.contains($0.check) }
            .max { $0.severity < $1.severity }
    }
}
