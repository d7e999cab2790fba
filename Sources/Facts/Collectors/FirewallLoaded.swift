import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayFirewall
import AssayNetfilter

/// Reads the packet filters that the running kernel has loaded, in the network namespace of this process.
struct FirewallLoaded {
    static let place = Place("netlink nf_tables")
    static let activity = "loaded in the running kernel"

    let reader: SubjectReader

    /// What is loaded; `.found([])` when nothing is, `.absent` when the kernel has no packet filter at all.
    func observe() -> Observation<[FirewallFacts.RuleSet]> {
        var sets: [FirewallFacts.RuleSet] = []
        var isSupported = true
        switch Netfilter.readRuleset() {
        case .value(let buffers):
            sets += [FirewallLoaded.ruleSet("nftables", Ruleset.netlink(buffers), FirewallLoaded.place)].compactMap(
                \.self)
        case .denied: return .unreadable(FirewallLoaded.place, reason: "needs CAP_NET_ADMIN")
        case .unsupported: isSupported = false
        case .failed(let reason):
            let family = FirewallFacts.Family.undecided(EscapedText(reason).description, FirewallLoaded.place)
            sets.append(FirewallLoaded.ruleSet("nftables", FirewallAnswers(both: family)))
        }
        for version in [Netfilter.Version.ipv4, .ipv6] {
            guard let legacy = legacy(version) else { continue }
            isSupported = true
            sets += legacy
        }
        return isSupported ? .found(sets, FirewallLoaded.place) : .absent(FirewallLoaded.place)
    }

    // MARK: Legacy tables

    /// The legacy tables of one family; nil when the kernel has none.
    ///
    /// Only tables that the kernel lists are asked for: it would load the others.
    private func legacy(_ version: Netfilter.Version) -> [FirewallFacts.RuleSet]? {
        let path: TreePath = version == .ipv4 ? "/proc/net/ip_tables_names" : "/proc/net/ip6_tables_names"
        let place = Place(path.description)
        let tables: [String]
        switch reader.text(path, limit: 65_536) {
        case .absent: return nil
        case .unreadable(let reason): return [doubt(version, reason, place)]
        // Address translation decides nothing over packets that no rule names.
        case .found(let text): tables = text.split(separator: "\n").map(String.init).filter { $0 != "nat" }
        }
        guard !tables.isEmpty else { return [] }
        var ruleset: Ruleset?
        for table in tables.prefix(16) {
            switch Netfilter.readLegacyTable(version, table: table) {
            case .value(let read):
                let part = Ruleset.legacyTable(info: read.info, entries: read.entries, family: version.family)
                if ruleset?.merge(part) == nil { ruleset = part }
            case .denied: return [doubt(version, "the table '\(table)' needs CAP_NET_ADMIN", place)]
            // The table went away in between.
            case .unsupported: continue
            case .failed(let reason): return [doubt(version, "the table '\(table)': \(reason)", place)]
            }
        }
        guard let family = ruleset.flatMap({ FirewallLoaded.family($0, version.family, place) }) else { return [] }
        return [FirewallLoaded.ruleSet("iptables", version.answers(family))]
    }

    private func doubt(_ version: Netfilter.Version, _ reason: String, _ place: Place) -> FirewallFacts.RuleSet {
        let family = FirewallFacts.Family.undecided(EscapedText(reason).description, place)
        return FirewallLoaded.ruleSet("iptables", version.answers(family))
    }

    // MARK: Rule sets

    private static func ruleSet(_ kind: String, _ answers: FirewallAnswers) -> FirewallFacts.RuleSet {
        FirewallFacts.RuleSet(
            kind: kind, unit: nil, isActive: true, activity: activity, ipv4: answers.ipv4, ipv6: answers.ipv6)
    }

    /// The facts of rules of both families; nil when there is no chain that inbound packets pass.
    static func ruleSet(_ kind: String, _ ruleset: Ruleset, _ place: Place) -> FirewallFacts.RuleSet? {
        let answers = FirewallAnswers(ipv4: family(ruleset, .ipv4, place), ipv6: family(ruleset, .ipv6, place))
        return answers.ipv4 == nil && answers.ipv6 == nil ? nil : ruleSet(kind, answers)
    }

    /// The answer for one family; nil when no chain of it stands at the hooks.
    private static func family(
        _ ruleset: Ruleset, _ family: AddressFamily, _ place: Place
    ) -> FirewallFacts.Family? {
        let verdict = ruleset.verdict(for: family)
        // Evidence without a place in the source says that something is missing from it.
        if case .allow(let evidence) = verdict.policy, evidence.place == .whole { return nil }
        return FirewallFacts.Family(verdict, source: place)
    }
}

extension Netfilter.Version {
    fileprivate var family: AddressFamily { self == .ipv4 ? .ipv4 : .ipv6 }

    fileprivate func answers(_ family: FirewallFacts.Family) -> FirewallAnswers {
        self == .ipv4 ? FirewallAnswers(ipv4: family, ipv6: nil) : FirewallAnswers(ipv4: nil, ipv6: family)
    }
}
