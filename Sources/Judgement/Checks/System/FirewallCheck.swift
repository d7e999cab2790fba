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
/// ufw, Azure Linux's script; a unit whose condition does not hold loads nothing. A base chain denies when its policy is
/// drop, or when its last rule drops or rejects all. On a live host both are compared: a rule set that only one of them
/// has is a conflict. The row's parameter `accept` limits what may be let in: services and ports with commas between them
/// (`ssh,443,53/udp`), besides replies, loopback, ICMP and DHCPv6.
///
/// Remedy: enable one of nftables.service, firewalld.service or iptables.service with an input policy of drop, in an inet
/// table or for both address families.
///
/// Reference: https://wiki.nftables.org/wiki-nftables/index.php/Main_Page
enum FirewallCheck: Check {
    static let id = "network.firewall"
    static let severity = Severity.high

    private static let boot = "units started at boot"
    private static let kernel = "running kernel"

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let firewall = facts.firewall else { return .unknown("no packet filter was looked for") }
        let admission = context.parameters["accept"].map { FirewallAdmission($0) }
        let configured = FirewallRuleSets(
            firewall.configured, layer: boot, place: Place("/usr/lib/systemd/system"), admission)
        switch firewall.loaded {
        case nil: return offline(configured, firewall, context)
        case .unreadable(let place, let reason)?:
            return .unknown(
                "the loaded rules could not be read ('\(place.path)': \(reason))", evidence: configured.evidence())
        case .absent(let place)?:
            return live(FirewallRuleSets([], layer: kernel, place: place, admission), configured, firewall, context)
        case .found(let sets, let place)?:
            return live(FirewallRuleSets(sets, layer: kernel, place: place, admission), configured, firewall, context)
        }
    }

    private static func offline(
        _ configured: FirewallRuleSets, _ firewall: FirewallFacts, _ context: CheckContext
    ) -> Judgement {
        let judgement = judge(configured, firewall, context)
        if judgement.verdict == .fail, let gap = firewall.gaps.first {
            return .unknown(
                "\(judgement.message), but '\(gap.place.text)' could not be read: \(gap.reason)",
                evidence: judgement.evidence)
        }
        return judgement
    }

    private static func live(
        _ loaded: FirewallRuleSets, _ configured: FirewallRuleSets, _ firewall: FirewallFacts,
        _ context: CheckContext
    ) -> Judgement {
        var judgement = judge(loaded, firewall, context)
        if let isLoaded = loaded.isDenied, let isConfigured = configured.isDenied, isLoaded != isConfigured {
            judgement.evidence =
                isLoaded ? configured.objections + loaded.evidence() : loaded.objections + configured.evidence()
            if isLoaded, let gap = firewall.gaps.first {
                return .unknown(
                    "inbound packets are denied now, but whether a boot loads such rules is not known: "
                        + "'\(gap.place.text)' could not be read: \(gap.reason)", evidence: judgement.evidence)
            }
            judgement.verdict = .fail
            judgement.basis = .conflict
            judgement.message =
                isLoaded
                ? "inbound packets are denied now, but nothing that starts at boot loads such rules"
                    + (configured.hindrance.map { "; \($0)" } ?? "")
                : "rules that deny inbound packets start at boot, but the running kernel does not have them"
            return judgement
        }
        judgement.evidence += configured.evidence()
        return judgement
    }

    private static func judge(
        _ rules: FirewallRuleSets, _ firewall: FirewallFacts, _ context: CheckContext
    ) -> Judgement {
        guard let isDenied = rules.isDenied else {
            return .unknown(rules.doubt ?? "the rules could not be decided", evidence: rules.evidence())
        }
        guard isDenied else {
            let state: FeatureState = firewall.configured.isEmpty && !rules.isHalf ? .off : .available
            let hindrance = rules.hindrance.map { "; \($0)" } ?? ""
            return Judgement(
                Judgement.verdict(of: state, expected: context.expected), state, .measured,
                message(rules, firewall) + hindrance, decidedBy: rules.layer, evidence: rules.objections)
        }
        let surplus = rules.surplus
        if let first = surplus.first {
            let more = surplus.count > 1 ? " and \(surplus.count - 1) more" : ""
            var judgement = Judgement(
                .fail, .on, .measured,
                "inbound packets are denied by default, but more is accepted than "
                    + "\(context.parameters["accept"] ?? "nothing"): \(first.value)\(more)",
                decidedBy: rules.layer, evidence: surplus.prefix(100) + rules.evidence())
            judgement.evidenceOmitted = max(0, surplus.count - 100)
            return judgement
        }
        return Judgement(
            .pass, .on, .measured, "inbound packets are denied by default for IPv4 and IPv6", decidedBy: rules.layer,
            evidence: rules.evidence())
    }

    private static func message(_ rules: FirewallRuleSets, _ firewall: FirewallFacts) -> String {
        if rules.isHalf {
            return "inbound packets are denied for \(rules.ipv4.inbound == .deny ? "IPv4" : "IPv6") only"
        }
        if rules.layer == kernel {
            return rules.sets.isEmpty
                ? "the running kernel has no packet filter loaded"
                : "no rule set of the running kernel denies inbound packets"
        }
        return firewall.configured.isEmpty
            ? "no packet filter is configured" : "no rule set that starts at boot denies inbound packets"
    }
}
