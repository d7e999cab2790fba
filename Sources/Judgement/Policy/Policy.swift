public import AssayFindings

/// The values that turn findings into one outcome.
public struct Policy: Hashable, Sendable {
    /// Failures at or above this severity count.
    public var failOn: Severity
    /// Accepted failures.
    public var waivers: [Waiver]
    /// The day on which waivers are judged, `YYYY-MM-DD` in UTC.
    public var today: String
    /// What signatures are judged with.
    public var signatures: SignaturePolicy
    /// Whose VEX statements count.
    public var acceptedVEX: [AcceptedVEX]

    /// Makes a policy.
    public init(
        failOn: Severity = .low, waivers: [Waiver] = [], signatures: SignaturePolicy = .standard, today: String,
        acceptedVEX: [AcceptedVEX] = []
    ) {
        self.acceptedVEX = acceptedVEX
        self.failOn = failOn
        self.waivers = waivers
        self.signatures = signatures
        self.today = today
    }
}

/// Findings and a policy make one outcome.
public enum Gate {
    /// The findings with the waivers that cover them, and the outcome.
    ///
    /// A waiver covers failures and unknowns of its check until the end of its last day, and so does a VEX statement by an
    /// author whom the policy accepts. An unknown counts like a failure
    /// of the same severity would. No finding at all is no success.
    public static func judge(_ findings: [Finding], under policy: Policy) -> (findings: [Finding], outcome: Outcome) {
        let judged = findings.map { finding in
            var finding = finding
            if finding.verdict == .fail || finding.verdict == .unknown {
                // Dates of the form YYYY-MM-DD are ordered like their text.
                finding.waiver = policy.waivers.first { $0.check == finding.check && $0.expires >= policy.today }
                finding.waiver =
                    finding.waiver ?? VEXMatching.waiver(of: finding, policy.acceptedVEX, today: policy.today)
            }
            return finding
        }
        let counting = judged.filter { $0.severity >= policy.failOn && $0.waiver == nil }
        if counting.contains(where: { $0.verdict == .fail }) { return (judged, .fail) }
        if counting.contains(where: { $0.verdict == .unknown }) { return (judged, .unknown) }
        let answered = judged.contains { $0.verdict == .pass || $0.waiver != nil || $0.verdict == .fail }
        return (judged, answered ? .pass : .unknown)
    }
}
