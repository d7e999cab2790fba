import AssayFirewall
import Testing

/// A policy without its evidence.
enum Answer: String, Hashable, Sendable {
    case deny
    case allow
    case undecided

    init(_ policy: InboundPolicy) {
        switch policy {
        case .deny: self = .deny
        case .allow: self = .allow
        case .undecided: self = .undecided
        }
    }
}

extension InboundPolicy {
    var evidence: FirewallEvidence? {
        switch self {
        case .deny(let evidence), .allow(let evidence): evidence
        case .undecided: nil
        }
    }
}

extension InboundVerdict {
    var answer: Answer { Answer(policy) }

    /// The line of the deciding evidence, or 0.
    var line: Int {
        switch policy {
        case .deny(let evidence), .allow(let evidence):
            if case .line(let line) = evidence.place { return line }
            return 0
        case .undecided: return 0
        }
    }

    var reason: String {
        if case .undecided(let reason) = policy { return reason }
        return ""
    }

    /// The exceptions that open something to other machines.
    var openings: [String] {
        accepted.filter { $0.kind != .loopback && $0.kind != .established && $0.kind != .icmp }.map(\.text)
    }
}

func file(_ path: String, _ text: String) -> SourceFile { SourceFile(path: path, bytes: Array(text.utf8)) }

func nft(_ text: String, _ includes: [String: [SourceFile]] = [:]) -> Ruleset {
    Ruleset.nftables(file("test.nft", text)) { includes[$0] }
}

/// A ruleset with its expected answers.
struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var ipv4: Answer
    var ipv6: Answer
    var exceptions: [String]?

    init(_ name: String, _ text: String, _ ipv4: Answer, _ ipv6: Answer, _ exceptions: [String]? = nil) {
        self.name = name
        self.text = text
        self.ipv4 = ipv4
        self.ipv6 = ipv6
        self.exceptions = exceptions
    }

    var testDescription: String { name }
}

func inet(_ rules: String, policy: String = "drop", more: String = "") -> String {
    """
    table inet filter {
        \(more)
        chain input {
            type filter hook input priority filter; policy \(policy);
    \(rules.split(separator: "\n").map { "        " + $0 }.joined(separator: "\n"))
        }
    }

    """
}
