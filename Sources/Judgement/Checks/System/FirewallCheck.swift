import AssayFacts
import AssayFindings
import AssayPolicy

/// Inbound packets are denied by default, for IPv4 and IPv6.
///
/// Why: a service that listens by mistake must not be reachable. A rule set that guards IPv4 only leaves the same service
/// open over IPv6.
///
/// Proof: live, the rule sets that the running kernel has loaded (nf_tables over netlink, the legacy tables over their
/// socket options). Offline, the rule sets that units started at boot load: nftables, iptables-save files, firewalld zones,
/// ufw, Azure Linux's script. A base chain denies when its policy is drop, or when its last rule drops or rejects all. On a
/// live host both are compared: a rule set that only one of them has is a conflict. The row's parameter `accept` limits what
/// may be let in.
///
/// Remedy: enable one of nftables.service, firewalld.service or iptables.service with an input policy of drop, in an inet
/// table or for both address families.
///
/// Reference: https://wiki.nftables.org/wiki-nftables/index.php/Main_Page
enum FirewallCheck: Check {
    static let id = "network.firewall"
    static let severity = Severity.high

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let firewall = facts.firewall else { return .unknown("no packet filter was looked for") }
        let configured = answer(firewall.configured.filter { $0.isActive != false }, context)
        var judgement: Judgement
        switch firewall.loaded {
        case nil: judgement = judge(configured, firewall, context, layer: "units started at boot")
        case .absent?:
            judgement = judge(Answer.none, firewall, context, layer: "running kernel")
            judgement.message = "the running kernel has no packet filter loaded"
        case .unreadable(let place, let reason)?:
            return .unknown(
                "the loaded rules could not be read ('\(place.path)': \(reason))",
                evidence: evidence(firewall.configured, context))
        case .found(let loaded, _)?:
            let live = answer(loaded, context)
            judgement = judge(live, firewall, context, layer: "running kernel")
            judgement.evidence = evidence(loaded, context) + judgement.evidence
            if let isDenied = configured.isDenied, let isLive = live.isDenied, isDenied != isLive {
                judgement.verdict = .fail
                judgement.basis = .conflict
                judgement.message =
                    isLive
                    ? "inbound packets are denied now, but nothing that starts at boot loads such rules"
                    : "rules that deny inbound packets start at boot, but the running kernel does not have them"
            }
        }
        if firewall.loaded?.value == nil, judgement.verdict == .fail, let gap = firewall.gaps.first {
            return .unknown("\(judgement.message), but '\(gap.place.path)' could not be read: \(gap.reason)")
        }
        return judgement
    }

    /// What rule sets say together.
    private struct Answer {
        var ipv4: FirewallFacts.Inbound?
        var ipv6: FirewallFacts.Inbound?
        var doubts: [String] = []
        /// Accepted although the row does not allow it.
        var surplus: [String] = []

        static let none = Answer()

        /// Whether both families are denied; nil when that is undecided.
        var isDenied: Bool? {
            if ipv4 == .undecided || ipv6 == .undecided { return nil }
            return ipv4 == .deny && ipv6 == .deny
        }
    }

    /// A packet must pass every rule set, so one that denies is enough.
    private static func answer(_ sets: [FirewallFacts.RuleSet], _ context: CheckContext) -> Answer {
        var answer = Answer()
        for set in sets {
            for (family, path) in [(set.ipv4, \Answer.ipv4), (set.ipv6, \Answer.ipv6)] {
                guard let family else { continue }
                var inbound = family.inbound
                if inbound == .deny, set.isActive == nil { inbound = .undecided }
                if inbound == .undecided {
                    let reason = set.isActive == nil ? set.activity : family.reason
                    answer.doubts.append("\(set.kind) ('\(family.place.text)'): \(reason)")
                }
                let order: [FirewallFacts.Inbound] = [.deny, .undecided, .allow]
                let known = answer[keyPath: path]
                answer[keyPath: path] = order.first { $0 == inbound || $0 == known }
                if family.inbound == .deny, let allowed = context.parameters["accept"] {
                    let words = allowed.split(separator: ",").map { $0.lowercased() }
                    answer.surplus += family.accepted.filter { text in
                        !words.contains { text.lowercased().contains($0) } && !isHarmless(text)
                    }
                }
            }
        }
        return answer
    }

    /// Replies, loopback and the ICMP that networks need are no services.
    private static func isHarmless(_ accepted: String) -> Bool {
        let text = accepted.lowercased()
        return ["established", "related", "loopback", "iif lo", "-i lo", "iifname lo", "iifname \"lo\"", "icmp"]
            .contains { text.contains($0) }
    }

    private static func judge(
        _ answer: Answer, _ firewall: FirewallFacts, _ context: CheckContext, layer: String
    ) -> Judgement {
        let shown = evidence(firewall.configured, context)
        guard let isDenied = answer.isDenied else {
            return .unknown(answer.doubts.first ?? "the rules could not be decided", evidence: shown)
        }
        if isDenied, let first = answer.surplus.first {
            return Judgement(
                .fail, .on, .measured,
                "inbound packets are denied by default, but more is accepted than \(context.parameters["accept"] ?? ""): "
                    + "\(first)" + (answer.surplus.count > 1 ? " and \(answer.surplus.count - 1) more" : ""),
                decidedBy: layer, evidence: shown)
        }
        if isDenied {
            return Judgement(
                .pass, .on, .measured, "inbound packets are denied by default for IPv4 and IPv6", decidedBy: layer,
                evidence: shown)
        }
        let half = answer.ipv4 == .deny || answer.ipv6 == .deny
        let isConfigurable = !firewall.configured.isEmpty || half
        let state: FeatureState = isConfigurable ? .available : .off
        let message =
            half
            ? "inbound packets are denied for \(answer.ipv4 == .deny ? "IPv4" : "IPv6") only"
            : (firewall.configured.isEmpty
                ? "no packet filter is configured" : "no rule set that starts at boot denies inbound packets")
        return Judgement(
            Judgement.verdict(of: state, expected: context.expected), state, .measured, message, decidedBy: layer,
            evidence: shown)
    }

    private static func evidence(_ sets: [FirewallFacts.RuleSet], _ context: CheckContext) -> [Evidence] {
        sets.flatMap { set in
            [("IPv4", set.ipv4), ("IPv6", set.ipv6)].compactMap { name, family in
                family.map { family in
                    let accepted = family.accepted.isEmpty ? "" : "; accepts \(family.accepted.joined(separator: ", "))"
                    return Evidence(
                        Location(family.place), "\(name) \(family.inbound.rawValue): \(family.reason)\(accepted)",
                        how: "\(set.kind), \(set.activity)",
                        isException: family.inbound != .deny || set.isActive != true)
                }
            }
        }
    }
}
