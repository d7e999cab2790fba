/// The packet filter as far as it decides over inbound packets, in the form that all sources are brought to.
///
/// Read one with `nftables(_:include:)`, `iptablesSave(_:family:)`, `netlink(_:)` or `legacyTable(info:entries:family:)`.
public struct Ruleset: Hashable, Sendable {
    var chains: [ChainKey: Chain] = [:]
    /// Keys in the order of their first appearance.
    var order: [ChainKey] = []
    /// What makes every answer undecided, such as a text that its tool would refuse.
    public private(set) var problems: [String] = []
    /// The name of the source as a whole, for evidence that something is missing from it.
    var source: String

    init(source: String) { self.source = source }

    mutating func fail(_ reason: String) {
        if problems.count < 20 { problems.append(shortened(reason)) }
    }

    /// Adds the chains of `other`, which is loaded beside `self`.
    public mutating func merge(_ other: Ruleset) {
        var taken: Set<ChainKey> = []
        for key in order { taken.insert(ChainKey(family: key.family, table: key.table, name: "")) }
        for key in other.order {
            // A second table of the same name stays apart: its jumps lead to its own chains.
            var renamed = key
            while taken.contains(ChainKey(family: key.family, table: renamed.table, name: "")) { renamed.table += "'" }
            guard let chain = other.chains[key], chains[renamed] == nil else { continue }
            chains[renamed] = chain
            order.append(renamed)
        }
        problems += other.problems
    }

    /// The answer for one family.
    public func verdict(for family: AddressFamily) -> InboundVerdict {
        if let problem = problems.first { return InboundVerdict(.undecided(problem)) }
        var judge = RulesetJudge(ruleset: self, family: family)
        return judge.verdict()
    }

    /// The answers for both families.
    public func verdict() -> FirewallVerdict { FirewallVerdict(ipv4: verdict(for: .ipv4), ipv6: verdict(for: .ipv6)) }
}

/// The name of a chain.
struct ChainKey: Hashable, Sendable {
    /// `ip`, `ip6` or `inet`.
    var family: String
    var table: String
    var name: String

    var families: Families {
        switch family {
        case "ip": .ipv4
        case "ip6": .ipv6
        case "inet": .both
        default: []
        }
    }
}

/// A list of rules.
struct Chain: Hashable, Sendable {
    /// What a base chain does with a packet that reaches its end.
    enum Policy: Hashable, Sendable {
        case accept
        case drop
        case unknown
    }

    var rules: [Rule] = []
    /// Whether the kernel sends inbound packets through it (hooks `prerouting` and `input`).
    var isBase = false
    var policy = Policy.accept
    var priority = 0
    var evidence: FirewallEvidence
}

/// A rule: the packets that it matches and what happens to them.
struct Rule: Hashable, Sendable {
    /// What happens to a packet that matches.
    enum Action: Hashable, Sendable {
        /// The next rule is looked at.
        case none
        case accept
        case drop
        /// Back to the rule after the jump; in a base chain, the policy.
        case leave
        case jump(String)
        case goto(String)
        case unknown
    }

    var match: Match
    var action: Action
    var evidence: FirewallEvidence

    /// A rule of which nothing is known.
    static func unknown(_ evidence: FirewallEvidence) -> Rule {
        var match = Match()
        match.add(Condition(.unknown, evidence.text))
        return Rule(match: match, action: .unknown, evidence: evidence)
    }
}
