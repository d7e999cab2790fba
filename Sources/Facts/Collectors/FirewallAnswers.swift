import AssayBytes
import AssayFacts
import AssayFirewall

/// What one rule set says about each address family; nil for a family that it says nothing about.
struct FirewallAnswers {
    var ipv4: FirewallFacts.Family?
    var ipv6: FirewallFacts.Family?

    /// The facts of a parser's verdict; `source` is the place of what is undecided.
    init(_ verdict: FirewallVerdict, source: Place) {
        ipv4 = FirewallFacts.Family(verdict.ipv4, source: source)
        ipv6 = FirewallFacts.Family(verdict.ipv6, source: source)
    }

    /// The answers of each family apart.
    init(ipv4: FirewallFacts.Family?, ipv6: FirewallFacts.Family?) {
        self.ipv4 = ipv4
        self.ipv6 = ipv6
    }

    /// The same answer for both families.
    init(both family: FirewallFacts.Family) { self.init(ipv4: family, ipv6: family) }
}

extension FirewallFacts.Family {
    /// The facts of a parser's verdict.
    ///
    /// Each text of `accepted` ends in how much it opens, in parentheses: `tcp dport 22 (service)`.
    init(_ verdict: InboundVerdict, source: Place) {
        let accepted = verdict.accepted.map { "\($0.text) (\($0.kind.rawValue))" }
        switch verdict.policy {
        case .deny(let evidence):
            self.init(inbound: .deny, reason: evidence.text, place: Place(evidence), accepted: accepted)
        case .allow(let evidence): self.init(inbound: .allow, reason: evidence.text, place: Place(evidence))
        case .undecided(let reason): self.init(inbound: .undecided, reason: reason, place: source)
        }
    }

    /// Rules that cannot be judged.
    static func undecided(_ reason: String, _ place: Place) -> FirewallFacts.Family {
        FirewallFacts.Family(inbound: .undecided, reason: reason, place: place)
    }

    /// Rules that are not there, so that nothing is denied.
    static func missing(_ path: String) -> FirewallFacts.Family {
        FirewallFacts.Family(
            inbound: .allow, reason: "is not there, so no rule is loaded", place: Place(EscapedText(path).description))
    }
}

extension Place {
    /// The place of a piece of evidence.
    init(_ evidence: FirewallEvidence) {
        let path = evidence.source == "nf_tables" ? "netlink nf_tables" : EscapedText(evidence.source).description
        switch evidence.place {
        case .line(let line): self.init(path, line: line)
        case .offset(let offset): self.init(path, offset: UInt64(exactly: offset))
        case .handle, .whole: self.init(path)
        }
    }
}
