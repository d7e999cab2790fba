import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayFirewall

/// Reads the rules of each kind of packet filter from the subject's files.
struct FirewallRules {
    private(set) var files: FirewallFiles

    init(_ reader: SubjectReader) { files = FirewallFiles(reader) }

    // MARK: nftables

    /// The rules that `nft -f path` loads.
    mutating func nftables(_ path: String) -> FirewallAnswers {
        loaded(path) { rules, file in
            let ruleset = Ruleset.nftables(file) { rules.files.included($0) }
            return FirewallAnswers(ruleset.verdict(), source: Place(EscapedText(path).description))
        }
    }

    // MARK: iptables

    /// The rules that `iptables-restore path` loads.
    mutating func iptables(_ path: String, _ family: AddressFamily) -> FirewallFacts.Family {
        let answers = loaded(path) { _, file in
            let verdict = Ruleset.iptablesSave(file, family: family).verdict(for: family)
            return FirewallAnswers(
                both: FirewallFacts.Family(verdict, source: Place(EscapedText(path).description)))
        }
        return answers.ipv4 ?? .missing(path)
    }

    /// The rules of iptables-persistent, each loaded by its plugin.
    mutating func persistent() -> FirewallAnswers {
        FirewallAnswers(
            ipv4: persistent("15-ip4tables", "/etc/iptables/rules.v4", .ipv4),
            ipv6: persistent("25-ip6tables", "/etc/iptables/rules.v6", .ipv6))
    }

    private mutating func persistent(
        _ plugin: String, _ path: String, _ family: AddressFamily
    ) -> FirewallFacts.Family {
        let program = "/usr/share/netfilter-persistent/plugins.d/" + plugin
        switch files.reader.status(TreePath(program)) {
        case .absent: return .missing(program)
        case .unreadable(let reason): return .undecided(reason, Place(program))
        case .found(let status):
            guard status.isExecutable else {
                return FirewallFacts.Family(
                    inbound: .allow, reason: "has mode \(String(status.mode, radix: 8)), so no rule is loaded",
                    place: Place(program))
            }
            return iptables(path, family)
        }
    }

    // MARK: Scripts

    /// What a script that a service runs leaves behind; nil when the program is no shell script.
    mutating func script(_ path: String) -> (answers: FirewallAnswers, script: ServiceScript?)? {
        let place = Place(EscapedText(path).description)
        switch files.file(path) {
        case .absent: return (FirewallAnswers(both: .missing(path)), nil)
        case .unreadable(let reason): return (FirewallAnswers(both: .undecided(reason, place)), nil)
        case .found(let file):
            // The interpreter: a path that ends in the name of a shell, perhaps with options.
            let line = String(decoding: file.bytes.prefix(200).prefix { $0 != 0x0A }, as: UTF8.self)
            let words = line.dropFirst(2).split { $0 == " " || $0 == "\t" || $0 == "/" || $0 == "\r" }
            guard line.hasPrefix("#!"), words.contains(where: { ["sh", "bash", "dash", "ash"].contains($0) }) else {
                return nil
            }
            let script = ServiceScript(file) { files.lookup($0) }
            return (FirewallAnswers(script.verdict, source: place), script)
        }
    }

    // MARK: firewalld and ufw

    /// The rules of firewalld's configuration.
    mutating func firewalld() -> FirewallAnswers {
        let path = "/etc/firewalld/firewalld.conf"
        let configuration = files.file(path)
        let zones = files.files(["/etc/firewalld/zones", "/usr/lib/firewalld/zones"], suffix: ".xml")
        let policies = files.files(["/etc/firewalld/policies", "/usr/lib/firewalld/policies"], suffix: ".xml")
        let direct = files.file("/etc/firewalld/direct.xml")
        guard !configuration.isUnreadable, !direct.isUnreadable, let zones, let policies else {
            return unreadable(below: "/etc/firewalld")
        }
        let firewalld = Firewalld(
            configuration: configuration.value, zones: zones, policies: policies, direct: direct.value)
        return FirewallAnswers(firewalld.verdict, source: Place(path))
    }

    /// The rules of ufw's configuration.
    mutating func ufw() -> FirewallAnswers {
        let path = "/etc/ufw/ufw.conf"
        return loaded(path) { rules, configuration in
            rules.loaded("/etc/default/ufw") { rules, defaults in
                var readings: [Reading<SourceFile>] = []
                func read(_ suffix: String) -> UFW.Rules {
                    let stages = ["before", "user", "after"].map { name in
                        rules.files.file("/etc/ufw/\(name)\(suffix).rules")
                    }
                    readings += stages
                    return UFW.Rules(before: stages[0].value, user: stages[1].value, after: stages[2].value)
                }
                let verdict = UFW.verdict(
                    configuration: configuration, defaults: defaults, ipv4: read(""), ipv6: read("6"))
                guard !readings.contains(where: \.isUnreadable) else { return rules.unreadable(below: "/etc/ufw") }
                return FirewallAnswers(verdict, source: Place(path))
            }
        }
    }

    // MARK: Files

    /// What `body` says of the file at `path`, or that it is missing or cannot be read.
    private mutating func loaded(
        _ path: String, _ body: (inout FirewallRules, SourceFile) -> FirewallAnswers
    ) -> FirewallAnswers {
        switch files.file(path) {
        case .found(let file): body(&self, file)
        case .absent: FirewallAnswers(both: .missing(path))
        case .unreadable(let reason):
            FirewallAnswers(both: .undecided(reason, Place(EscapedText(path).description)))
        }
    }

    private func unreadable(below directory: String) -> FirewallAnswers {
        let gap = files.gaps.last { $0.place.path.hasPrefix(directory) }
        return FirewallAnswers(both: .undecided(gap?.reason ?? "could not be read", gap?.place ?? Place(directory)))
    }
}

extension Reading {
    /// Whether it could not be read.
    fileprivate var isUnreadable: Bool {
        guard case .unreadable = self else { return false }
        return true
    }
}
