/// What the options of an iptables rule say, in the words of conditions.
///
/// Options: iptables(8), iptables-extensions(8). An option that is not known here makes the rule's condition unknown.
struct IPTablesRule {
    private(set) var match: Match
    private(set) var action = Rule.Action.none
    /// The table that the words name with `-t`.
    private(set) var table: String?
    private let family: AddressFamily
    private var arguments: ArraySlice<String>
    private var negated = false
    private var modules: [String] = []
    private var used: Set<String> = []

    init(_ arguments: ArraySlice<String>, family: AddressFamily) {
        self.arguments = arguments
        self.family = family
        match = Match(Families(family))
        while let option = self.arguments.popFirst() {
            if option == "!" {
                negated = true
            } else {
                read(separated(option))
                negated = false
            }
        }
        finish()
    }

    /// The option without a value that is glued to it (`--dport=22`, `-ptcp`); the value becomes the next argument.
    private mutating func separated(_ option: String) -> String {
        if option.hasPrefix("--"), let equals = option.firstIndex(of: "=") {
            arguments = [String(option[option.index(after: equals)...])] + arguments
            return String(option[..<equals])
        }
        guard option.utf8.count > 2, !option.hasPrefix("--"), let letter = option.dropFirst().first,
            option.hasPrefix("-"), "psdijgmtoc".contains(letter)
        else { return option }
        arguments = [String(option.dropFirst(2))] + arguments
        return String(option.prefix(2))
    }

    private var network: String { family == .ipv4 ? "ip" : "ip6" }

    private mutating func value() -> String { arguments.popFirst() ?? "" }

    /// Everything up to the next option.
    private mutating func values() -> [String] {
        var result: [String] = []
        while let first = arguments.first, !first.hasPrefix("-"), first != "!" {
            result.append(first)
            arguments = arguments.dropFirst()
        }
        return result
    }

    private mutating func add(_ subject: Condition.Subject, _ words: String, _ values: [String] = []) {
        match.add(Condition(subject, words, values, negated: negated))
    }

    private func list(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }

    private mutating func read(_ option: String) {
        switch option {
        case "-p", "--protocol", "--proto": add(.transportProtocol, "", [Names.transport(value())])
        case "-s", "--source", "--src": add(.source, "\(network) saddr", list(value()))
        case "-d", "--destination", "--dst": add(.destination, "\(network) daddr", list(value()))
        case "-i", "--in-interface": add(.inputInterface, "iif", [value()])
        case "-o", "--out-interface": add(.other(narrows: true), "oif", [value()])
        case "-f", "--fragment": add(.other(narrows: true), "frag")
        case "-j", "--jump": jump(to: value(), isGoto: false)
        case "-g", "--goto": jump(to: value(), isGoto: true)
        case "-m", "--match": modules.append(value())
        case "-t", "--table": table = value()
        case "-c", "--set-counters":
            _ = value()
            _ = value()
        case "-4", "--ipv4": if family == .ipv6 { match.families = [] }
        case "-6", "--ipv6": if family == .ipv4 { match.families = [] }
        case "-w", "--wait", "-W", "--wait-interval": _ = values()
        case "-n", "-v", "-x", "--numeric", "--verbose": break
        default: extended(option)
        }
    }

    /// Options of matches and targets.
    private mutating func extended(_ option: String) {
        used.formUnion(modules)
        switch option {
        case "--dport", "--destination-port", "--dports", "--destination-ports":
            add(.destinationPort, "dport", list(value()).map { Names.port($0) })
        case "--sport", "--source-port", "--sports", "--source-ports":
            add(.sourcePort, "sport", list(value()).map { Names.port($0) })
        case "--ports", "--port": add(.other(narrows: false), "port", list(value()))
        case "--state", "--ctstate": add(.connectionState, "ct state", list(value().lowercased()))
        case "--icmp-type", "--icmpv6-type": icmp(value())
        case "--syn", "--tcp-option": add(.other(narrows: false), String(option.dropFirst(2)), values())
        case "--tcp-flags": add(.other(narrows: false), "flags", values())
        case "--comment": _ = value()
        case "--pkt-type": add(.packetType, "pkttype", [value().lowercased()])
        case "--dst-type": add(.destinationType, "fib daddr type", list(value().lowercased()))
        case "--src-type": add(.other(narrows: true), "fib saddr type", list(value().lowercased()))
        case "--limit-iface-in", "--limit-iface-out": break
        case "--set" where modules.contains("recent"): used.insert("recent always")
        case "--src-range": add(.other(narrows: true), "\(network) saddr", [value()])
        case "--dst-range": add(.other(narrows: false), "\(network) daddr", [value()])
        case "--reject-with":
            if value() == "tcp-reset" { match.add(Condition(.transportProtocol, "", ["tcp"])) }
        case "--ctdir":
            if value().uppercased() != "ORIGINAL" || negated { add(.unknown, "ct direction") }
        default:
            if !IPTablesRule.silent.contains(option), !hasTargetOptions, !modulesExplain {
                match.add(Condition(.unknown, option))
            }
            _ = values()
        }
    }

    /// Options that only tune a match which is judged by its name, or a target.
    private static let silent: Set<String> = [
        "--limit", "--limit-burst", "--log-prefix", "--log-level", "--log-tcp-options", "--log-ip-options", "--log-uid",
        "--log-tcp-sequence", "--nflog-group", "--nflog-prefix", "--set-mark", "--set-xmark", "--save-mark",
        "--restore-mark", "--hashlimit-mode",
    ]

    /// Whether options may belong to a target whose options do not matter here.
    private var hasTargetOptions = false

    private var modulesExplain: Bool {
        guard let last = modules.last else { return false }
        return IPTablesRule.reach(ofModule: last) != nil
    }

    private mutating func icmp(_ type: String) {
        guard type != "any" else { return }
        let isVersion6 = family == .ipv6
        let parts = type.split(separator: "/", maxSplits: 1).map(String.init)
        let number = Names.icmp(parts.first ?? type, isVersion6: isVersion6)
        let text = parts.count > 1 ? "\(number)/\(parts[1])" : number
        add(.icmpType, isVersion6 ? "icmpv6 type" : "icmp type", [text])
    }

    private mutating func jump(to target: String, isGoto: Bool) {
        hasTargetOptions = !["ACCEPT", "DROP", "RETURN"].contains(target)
        if let known = IPTablesRule.action(ofTarget: target) {
            action = known
        } else {
            action = isGoto ? .goto(target) : .jump(target)
            hasTargetOptions = false
        }
    }

    /// What a target does; nil when it is the name of a chain, or not known.
    static func action(ofTarget target: String) -> Rule.Action? {
        switch target {
        case "ACCEPT": .accept
        case "DROP", "REJECT", "TARPIT", "STEAL": .drop
        case "RETURN": .leave
        case "DNAT", "SNAT", "REDIRECT", "MASQUERADE", "NETMAP", "TPROXY", "SAME": .accept
        case "QUEUE", "NFQUEUE", "SYNPROXY", "CHAOS", "DELUDE": .unknown
        default: goesOn.contains(target) ? Rule.Action.none : nil
        }
    }

    /// Targets after which the next rule is looked at.
    static let goesOn: Set<String> = [
        "LOG", "NFLOG", "ULOG", "MARK", "CONNMARK", "CT", "NOTRACK", "TRACE", "AUDIT", "CLASSIFY", "DSCP", "TOS", "TTL",
        "HL", "TCPMSS", "TCPOPTSTRIP", "SET", "CHECKSUM", "SECMARK", "CONNSECMARK", "IDLETIMER", "RATEEST", "TEE",
        "LED",
        "ECN", "HMARK", "CONTINUE",
    ]

    /// What a match means whatever its options are; nil when its options decide or nothing is known of it.
    static func reach(ofModule name: String) -> Condition.Subject? {
        switch name {
        case "comment", "nfacct": .always
        case "limit", "hashlimit", "statistic", "quota", "random", "time", "rateest", "connbytes", "connlimit": .rate
        case "set", "recent", "mac", "owner", "policy", "mark", "connmark", "connlabel", "helper", "geoip", "iprange",
            "string", "bpf", "u32", "rpfilter", "socket", "ah", "esp", "realm", "physdev", "cgroup", "devgroup", "osf",
            "l2tp", "ipcomp", "ipvs", "account", "cluster", "eui64", "asn":
            .other(narrows: true)
        case "length", "ttl", "hl", "dscp", "tos", "ecn", "tcpmss", "frag", "hbh", "dst", "rt", "mh", "ipv6header",
            "srh",
            "sctp", "dccp", "cpu":
            .other(narrows: false)
        default: nil
        }
    }

    /// Matches whose options are read one by one.
    private static let read: Set<String> = [
        "tcp", "udp", "udplite", "icmp", "icmp6", "icmpv6", "ipv6-icmp", "state", "conntrack", "multiport", "addrtype",
        "pkttype", "standard",
    ]

    /// Adds what the named matches say.
    private mutating func finish() {
        for module in modules {
            if module == "recent", used.contains("recent always") { continue }
            if module == "iprange", match.traits.contains(.narrowed) { continue }
            if let subject = IPTablesRule.reach(ofModule: module) {
                if subject == .always { continue }
                // A limit on what is dropped leaves the packet in question alone; see `RulesetJudge`.
                match.add(Condition(subject, module))
            } else if !IPTablesRule.read.contains(module) {
                match.add(Condition(.unknown, module))
            }
        }
    }
}
