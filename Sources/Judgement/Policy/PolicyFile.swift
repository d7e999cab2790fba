public import AssayFindings
import AssayYAML

/// A policy as a YAML file (docs/profiles.md, docs/signature-policy.md, docs/schema/policy.schema.json).
public struct PolicyFile: Hashable, Sendable {
    /// Failures at or above this severity count; nil when the file leaves that to the command line.
    public var failOn: Severity?
    /// Accepted failures.
    public var waivers: [Waiver]
    /// What signatures are judged with.
    public var signatures: SignaturePolicy
    /// Whose VEX statements count.
    public var acceptedVEX: [AcceptedVEX]

    /// Makes a policy file's content.
    public init(
        failOn: Severity? = nil, waivers: [Waiver] = [], signatures: SignaturePolicy = .standard,
        acceptedVEX: [AcceptedVEX] = []
    ) {
        self.acceptedVEX = acceptedVEX
        self.failOn = failOn
        self.waivers = waivers
        self.signatures = signatures
    }

    /// Reads a policy.
    ///
    /// - Parameters:
    ///   - yaml: the text, at most 1 MiB.
    ///   - knownChecks: the ids of all checks.
    /// - Returns: the content.
    /// - Throws: `PolicyError` with line and column for anything that is not allowed.
    public static func parse(_ yaml: String, knownChecks: Set<String>) throws -> PolicyFile {
        try PolicyError.translating { try read(yaml, knownChecks: knownChecks) }
    }

    private static func read(_ yaml: String, knownChecks: Set<String>) throws -> PolicyFile {
        let file = try YAMLMapping(
            YAMLText.root(yaml), "the policy",
            allowed: ["schema-version", "fail-on", "waivers", "signatures", "accept-vex"])
        try file.checkSchemaVersion()
        var seen: Set<String> = []
        let waivers = try file.list("waivers").map { node in
            let waiver = try waiver(node, knownChecks)
            guard seen.insert(waiver.check).inserted else {
                throw PolicyError(.duplicate, "a second waiver for the check '\(waiver.check)'", at: node)
            }
            return waiver
        }
        return PolicyFile(
            failOn: try file.choice("fail-on", Severity.self), waivers: waivers,
            signatures: try file.node("signatures").map(SignaturePolicyFile.read) ?? .standard,
            acceptedVEX: try file.list("accept-vex").map(acceptedVEX))
    }

    /// Reads a policy from the bytes of a file.
    ///
    /// - Throws: `PolicyError`; also for bytes that are no UTF-8.
    public static func parse(_ bytes: [UInt8], knownChecks: Set<String>) throws -> PolicyFile {
        try PolicyError.translating { try read(YAMLText.decoded(bytes), knownChecks: knownChecks) }
    }

    /// The policy of this file on the day `today` (`YYYY-MM-DD` in UTC); `failOn` of the command line wins.
    public func policy(today: String, failOn override: Severity? = nil) -> Policy {
        Policy(
            failOn: override ?? failOn ?? .low, waivers: waivers, signatures: signatures, today: today,
            acceptedVEX: acceptedVEX)
    }

    private static func acceptedVEX(_ node: YAMLNode) throws -> AcceptedVEX {
        let entry = try YAMLMapping(node, "an accepted author", allowed: ["author", "expires"])
        return AcceptedVEX(author: try entry.requiredText("author"), expires: try day(entry, "expires", node))
    }

    private static func day(_ entry: YAMLMapping, _ key: String, _ node: YAMLNode) throws -> String {
        let text = try entry.requiredText(key)
        guard CalendarDate.isValid(text) else {
            throw PolicyError(.invalidValue, "'\(text)' is no day of the form YYYY-MM-DD", at: entry.node(key) ?? node)
        }
        return text
    }

    private static func waiver(_ node: YAMLNode, _ knownChecks: Set<String>) throws -> Waiver {
        let waiver = try YAMLMapping(node, "a waiver", allowed: ["check", "reason", "expires", "owner"])
        return Waiver(
            check: try waiver.check(knownChecks), reason: try waiver.requiredText("reason"),
            expires: try day(waiver, "expires", node),
            owner: try waiver.text("owner"))
    }
}
