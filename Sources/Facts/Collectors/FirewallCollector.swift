import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayFirewall
import AssaySystemd

/// Collects the packet filters that a boot of the subject loads, and those that the running kernel has.
struct FirewallCollector {
    /// Units that distributions ship to load a packet filter.
    static let unitNames = [
        "nftables.service", "iptables.service", "ip6tables.service", "netfilter-persistent.service",
        "firewalld.service", "ufw.service",
    ]
    /// Programs that load rules by themselves, by which a unit of any name is recognised.
    static let loaders: Set<String> = [
        "nft", "iptables", "ip6tables", "iptables-restore", "ip6tables-restore", "iptables-legacy",
        "ip6tables-legacy", "iptables-legacy-restore", "ip6tables-legacy-restore", "iptables-nft-restore",
        "ip6tables-nft-restore",
    ]
    /// Scripts of Azure Linux: that of its package, and where its OS Guard image has it.
    static let azureScripts: Set<String> = ["/etc/systemd/scripts/iptables", "/usr/libexec/iptables"]
    /// Files of rules that no unit needs to name, with the unit that usually does.
    static let usualFiles = [
        ("/etc/nftables.conf", "nftables.service"), ("/etc/sysconfig/nftables.conf", "nftables.service"),
        ("/etc/sysconfig/iptables", "iptables.service"), ("/etc/sysconfig/ip6tables", "ip6tables.service"),
        ("/etc/iptables/rules.v4", "netfilter-persistent.service"),
        ("/etc/iptables/rules.v6", "netfilter-persistent.service"),
    ]

    let reader: SubjectReader
    let isLive: Bool
    let units: ServiceUnits

    /// What was found on the way.
    private struct Collected {
        var rules: FirewallRules
        var facts = FirewallFacts()
        var writes: [SysctlFacts.ServiceWrite] = []
        /// Files of rules that some unit loads.
        var used: Set<String> = []
    }

    /// Reads the configured and, on a live host, the loaded rule sets; and what the scripts write to sysctl keys.
    func collect() -> (facts: FirewallFacts, writes: [SysctlFacts.ServiceWrite]) {
        var collected = Collected(rules: FirewallRules(reader))
        var seen: Set<String> = []
        for name in FirewallCollector.unitNames + units.started.sorted() {
            guard name.hasSuffix(".service") else { continue }
            let loaded = units.set.load(name)
            guard seen.insert(loaded.name).inserted else { continue }
            let isKnown = FirewallCollector.unitNames.contains(name)
            switch loaded.state {
            case .loaded:
                let unit = FirewallUnit(loaded, units, reader, isLive: isLive)
                guard isKnown || unit.commands.contains(where: { FirewallCollector.loaders.contains($0.name) }) else {
                    continue
                }
                add(unit, &collected)
            case .unknown(let reason) where isKnown:
                collected.facts.gaps.append(Gap(Place(name), reason: EscapedText(reason).description))
            case .unknown, .masked, .notFound, .badSetting: continue
            }
        }
        addUnused(&collected)
        collected.facts.gaps += collected.rules.files.gaps
        if isLive { collected.facts.loaded = FirewallLoaded(reader: reader).observe() }
        return (collected.facts, collected.writes)
    }

    // MARK: Units

    private func add(_ unit: FirewallUnit, _ collected: inout Collected) {
        let programs = Set(unit.commands.map(\.name))
        let kind: String
        let answers: FirewallAnswers
        if unit.commands.contains(where: { FirewallCollector.azureScripts.contains($0.program) }) {
            kind = "azure-script"
            answers = script(unit, &collected)
        } else if programs.contains("firewalld") {
            kind = "firewalld"
            answers = collected.rules.firewalld()
        } else if programs.contains("ufw-init") {
            kind = "ufw"
            answers = collected.rules.ufw()
        } else if programs.contains("netfilter-persistent") {
            kind = "iptables"
            collected.used.formUnion(["/etc/iptables/rules.v4", "/etc/iptables/rules.v6"])
            answers = collected.rules.persistent()
        } else if programs.contains("iptables.init") || programs.contains("ip6tables.init") {
            kind = "iptables"
            answers = restored(unit, &collected)
        } else if programs.contains("nft") {
            kind = "nftables"
            answers = nftables(unit, &collected)
        } else if !programs.isDisjoint(with: FirewallCollector.loaders) {
            kind = "iptables"
            answers = restored(unit, &collected)
        } else {
            kind = unit.name.hasPrefix("nft") ? "nftables" : "iptables"
            answers = script(unit, &collected)
        }
        collected.facts.configured.append(
            FirewallFacts.RuleSet(
                kind: kind, unit: EscapedText(unit.name).description, isActive: unit.isActive,
                activity: unit.activity, ipv4: answers.ipv4, ipv6: answers.ipv6))
    }

    /// The rules of a unit that runs `nft -f FILE` once, perhaps after `nft flush ruleset`.
    private func nftables(_ unit: FirewallUnit, _ collected: inout Collected) -> FirewallAnswers {
        var file: String?
        for command in unit.commands {
            var arguments = command.arguments
            if arguments == ["flush", "ruleset"], file == nil { continue }
            guard command.name == "nft", file == nil, arguments.count == 2, let option = arguments.first,
                ["-f", "--file"].contains(option), let name = arguments.popLast(), name.hasPrefix("/"),
                !name.contains("%"), !name.contains("$")
            else {
                return FirewallAnswers(both: .undecided("'\(command.shown)' is not followed", command.place))
            }
            file = name
        }
        guard let file else { return FirewallAnswers(both: .undecided("loads no file of rules", unit.place)) }
        collected.used.insert(file)
        return collected.rules.nftables(file)
    }

    /// The rules of a unit that runs `iptables-restore FILE`, or the script of Fedora's that does.
    private func restored(_ unit: FirewallUnit, _ collected: inout Collected) -> FirewallAnswers {
        var answers = FirewallAnswers(ipv4: nil, ipv6: nil)
        for command in unit.commands {
            let file: String
            let isVersion6 = command.name.hasPrefix("ip6")
            let path = isVersion6 ? \FirewallAnswers.ipv6 : \FirewallAnswers.ipv4
            if command.name.hasSuffix(".init") {
                file = isVersion6 ? "/etc/sysconfig/ip6tables" : "/etc/sysconfig/iptables"
            } else if let last = command.arguments.last, last.hasPrefix("/"), command.name.hasSuffix("-restore"),
                answers[keyPath: path] == nil,
                command.arguments.dropLast().allSatisfy({ ["-w", "--wait", "-c", "--counters"].contains($0) })
            {
                file = last
            } else {
                return FirewallAnswers(both: .undecided("'\(command.shown)' is not followed", command.place))
            }
            collected.used.insert(file)
            answers[keyPath: path] = collected.rules.iptables(file, isVersion6 ? .ipv6 : .ipv4)
        }
        return answers
    }

    /// The rules and the sysctl writes of a unit that runs one shell script.
    private func script(_ unit: FirewallUnit, _ collected: inout Collected) -> FirewallAnswers {
        guard let command = unit.commands.first else {
            return FirewallAnswers(both: .undecided("runs nothing", unit.place))
        }
        guard unit.commands.count == 1, let (answers, script) = collected.rules.script(command.program) else {
            return FirewallAnswers(both: .undecided("'\(command.shown)' is not followed", command.place))
        }
        let path = EscapedText(command.program).description
        for write in script?.sysctlWrites ?? [] {
            collected.writes.append(
                SysctlFacts.ServiceWrite(
                    key: EscapedText(write.key).description, value: EscapedText(write.value).description,
                    place: Place(path, line: write.line), unit: EscapedText(unit.name).description,
                    // A write that may not happen is certain only when the unit is not started.
                    startsAtBoot: write.isConditional && unit.isActive != false ? nil : unit.isActive))
        }
        return answers
    }

    // MARK: Files alone

    /// Adds rule sets for files of rules that no unit loads.
    private func addUnused(_ collected: inout Collected) {
        for (path, unit) in FirewallCollector.usualFiles where !collected.used.contains(path) {
            guard reader.exists(TreePath(path)) != false else { continue }
            let answers: FirewallAnswers
            if path.hasSuffix(".conf") {
                answers = collected.rules.nftables(path)
            } else if path.hasSuffix("6tables") || path.hasSuffix(".v6") {
                answers = FirewallAnswers(ipv4: nil, ipv6: collected.rules.iptables(path, .ipv6))
            } else {
                answers = FirewallAnswers(ipv4: collected.rules.iptables(path, .ipv4), ipv6: nil)
            }
            collected.facts.configured.append(
                FirewallFacts.RuleSet(
                    kind: path.hasSuffix(".conf") ? "nftables" : "iptables", unit: nil,
                    isActive: units.hasSystemd ? false : nil, activity: idleness(unit), ipv4: answers.ipv4,
                    ipv6: answers.ipv6))
        }
    }

    /// Why nothing loads a file that `unit` usually loads.
    private func idleness(_ unit: String) -> String {
        guard units.hasSystemd else { return "without systemd it is not known what loads it" }
        switch units.set.load(unit).state {
        case .masked, .badSetting, .unknown: return units.startReason(unit)
        case .loaded, .notFound: return "no unit loads it"
        }
    }
}

extension FirewallUnit.Command {
    /// The command as it stands there, escaped and shortened.
    var shown: String {
        let text = ([program] + arguments.prefix(20)).joined(separator: " ")
        return EscapedText(text.utf8.prefix(120)).description + (text.utf8.count > 120 ? "…" : "")
    }
}
