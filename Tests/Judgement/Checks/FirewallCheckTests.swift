import AssayFacts
import AssayFindings
import Testing

struct FirewallCheckTests {
    private typealias Family = FirewallFacts.Family
    private typealias RuleSet = FirewallFacts.RuleSet

    private static let file = Place("/etc/nftables.conf", line: 3)
    private static let kernel = Place("netlink nf_tables")
    private static let standard = ["iif lo (loopback)", "ct state established,related (established)", "icmp (icmp)"]

    private static func family(
        _ inbound: FirewallFacts.Inbound, _ accepted: [String] = [], _ place: Place = file
    ) -> Family {
        Family(
            inbound: inbound, reason: inbound == .undecided ? "rule not understood" : "policy", place: place,
            accepted: inbound == .deny ? standard + accepted : [])
    }

    /// A rule set that a unit loads.
    private static func configured(
        _ ipv4: FirewallFacts.Inbound?, _ ipv6: FirewallFacts.Inbound?, active: Bool? = true, accepts: [String] = []
    ) -> RuleSet {
        RuleSet(
            kind: "nftables", unit: "nftables.service", isActive: active,
            activity: active == true ? "default.target starts nftables.service" : "nftables.service is disabled",
            ipv4: ipv4.map { family($0, accepts) }, ipv6: ipv6.map { family($0, accepts) })
    }

    /// A rule set of the running kernel.
    private static func loaded(
        _ ipv4: FirewallFacts.Inbound?, _ ipv6: FirewallFacts.Inbound?, accepts: [String] = []
    ) -> RuleSet {
        RuleSet(
            kind: "nftables", unit: nil, isActive: true, activity: "loaded in the running kernel",
            ipv4: ipv4.map { family($0, accepts, kernel) }, ipv6: ipv6.map { family($0, accepts, kernel) })
    }

    private static func root(_ sets: RuleSet..., gaps: [Gap] = []) -> Facts {
        Made.root().with { facts in
            var firewall = FirewallFacts()
            firewall.configured = sets
            firewall.gaps = gaps
            facts.firewall = firewall
        }
    }

    private static func host(
        _ sets: [RuleSet], _ loaded: Observation<[RuleSet]>, gaps: [Gap] = []
    ) -> Facts {
        Made.host(nil).with { facts in
            var firewall = FirewallFacts()
            firewall.configured = sets
            firewall.gaps = gaps
            firewall.loaded = loaded
            facts.firewall = firewall
        }
    }

    private static let gap = Gap(Place("/etc/sysconfig/iptables"), reason: "permission denied")
    private static let id = "network.firewall"

    @Test(arguments: [
        Case("nobody looked", id, Made.root(), .unknown, .unknown, says: "no packet filter was looked for"),
        Case("both denied", id, root(configured(.deny, .deny)), .pass, .on, says: "for IPv4 and IPv6"),
        Case(
            "one unit for each family", id, root(configured(.deny, nil), configured(nil, .deny)), .pass, .on,
            says: "for IPv4 and IPv6"),
        Case(
            "one that denies is enough", id, root(configured(.allow, .allow), configured(.deny, .deny)), .pass, .on,
            says: "for IPv4 and IPv6"),
        Case("nothing", id, root(), .fail, .off, says: "no packet filter is configured"),
        Case("nothing, and available will do", id, root(), .fail, .off, says: "no packet", expected: .available),
        Case("IPv4 only", id, root(configured(.deny, nil)), .fail, .available, says: "denied for IPv4 only"),
        Case("IPv6 open", id, root(configured(.deny, .allow)), .fail, .available, says: "denied for IPv4 only"),
        Case("open", id, root(configured(.allow, .allow)), .fail, .available, says: "no rule set that starts at boot"),
        Case(
            "disabled", id, root(configured(.deny, .deny, active: false)), .fail, .available,
            says: "denies inbound packets; nftables.service is disabled"),
        Case(
            "disabled, and available will do", id, root(configured(.deny, .deny, active: false)), .pass, .available,
            says: "nftables.service is disabled", expected: .available),
        Case(
            "perhaps started", id, root(configured(.deny, .deny, active: nil)), .unknown, .unknown,
            says: "nftables.service is disabled"),
        Case(
            "undecided", id, root(configured(.deny, .undecided)), .unknown, .unknown,
            says: "IPv6, nftables ('/etc/nftables.conf:3'): rule not understood"),
        Case(
            "undecided beside a certain no", id, root(configured(.undecided, .allow)), .fail, .available,
            says: "no rule set"),
        Case(
            "a file that could not be read may deny", id, root(configured(.allow, .allow), gaps: [gap]), .unknown,
            .unknown, says: "'/etc/sysconfig/iptables' could not be read: permission denied"),
        Case(
            "a gap beside rules that deny", id, root(configured(.deny, .deny), gaps: [gap]), .pass, .on,
            says: "denied by default"),
    ])
    func `a root is judged by what a boot loads`(test: Case) { hold(test) }

    @Test(arguments: [
        Case(
            "loaded and configured", id, host([configured(.deny, .deny)], .found([loaded(.deny, .deny)], kernel)),
            .pass, .on, says: "denied by default"),
        Case(
            "loaded, configured undecided", id,
            host([configured(.undecided, .undecided)], .found([loaded(.deny, .deny)], kernel)), .pass, .on,
            says: "denied by default"),
        Case(
            "loaded only", id, host([], .found([loaded(.deny, .deny)], kernel)), .fail, .on, .conflict,
            says: "nothing that starts at boot loads such rules"),
        Case(
            "loaded, with a file that could not be read", id,
            host([], .found([loaded(.deny, .deny)], kernel), gaps: [gap]), .unknown, .unknown,
            says: "whether a boot loads such rules is not known"),
        Case(
            "configured only", id, host([configured(.deny, .deny)], .found([], kernel)), .fail, .available, .conflict,
            says: "the running kernel does not have them"),
        Case(
            "configured for a kernel without packet filter", id, host([configured(.deny, .deny)], .absent(kernel)),
            .fail, .available, .conflict, says: "the running kernel does not have them"),
        Case("nothing at all", id, host([], .absent(kernel)), .fail, .off, says: "no packet filter loaded"),
        Case("nothing loaded", id, host([], .found([], kernel)), .fail, .off, says: "no packet filter loaded"),
        Case(
            "a gap in files does not excuse the kernel", id, host([], .found([], kernel), gaps: [gap]), .fail, .off,
            says: "no packet filter loaded"),
        Case(
            "loaded and open", id, host([], .found([loaded(.allow, nil)], kernel)), .fail, .off,
            says: "no rule set of the running kernel"),
        Case(
            "loaded for IPv4", id, host([], .found([loaded(.deny, nil)], kernel)), .fail, .available,
            says: "IPv4 only"),
        Case(
            "loaded and undecided", id, host([configured(.deny, .deny)], .found([loaded(.undecided, .deny)], kernel)),
            .unknown, .unknown, says: "IPv4, nftables ('netlink nf_tables')"),
        Case(
            "without privilege", id,
            host([configured(.deny, .deny)], .unreadable(kernel, reason: "needs CAP_NET_ADMIN")), .unknown, .unknown,
            says: "('netlink nf_tables': needs CAP_NET_ADMIN)"),
    ])
    func `a host is judged by what its kernel has loaded`(test: Case) { hold(test) }

    @Test(
        arguments: [
            ("tcp dport 22 (service)", "ssh", true), ("service ssh (service)", "ssh", true),
            ("ip saddr 10.0.0.0/8 tcp dport 22 (service)", "ssh", true), ("tcp dport 22 (service)", "22", true),
            ("tcp dport 22,80 (service)", "ssh", false), ("tcp dport 22,80 (service)", "ssh, http", true),
            ("udp dport 22 (service)", "ssh", false), ("tcp dport 20-30 (broad)", "ssh", false),
            ("tcp dport != 22 (broad)", "ssh", false), ("tcp sport 22 (broad)", "ssh", false),
            ("service sshd-alt (service)", "ssh", false), ("service mdns (service)", "ssh", false),
            ("service dhcpv6-client (service)", "ssh", true), ("udp dport 546 (service)", "ssh", true),
            ("udp dport 53 (service)", "53/udp", true), ("udp dport 53 (service)", "53", false),
            ("iif \"lo0\" (broad)", "ssh", false), ("ct state established tcp dport 80 (service)", "ssh", false),
            ("iif lo (loopback)", "", true), ("all (broad)", "ssh", false),
        ])
    func `only what the row names is let in`(accepted: String, parameter: String, isAdmitted: Bool) {
        let facts = Self.root(Self.configured(.deny, .deny, accepts: [accepted]))
        let finding = judge(Self.id, facts, parameters: ["accept": parameter])
        #expect(finding.verdict == (isAdmitted ? .pass : .fail), "\(finding.message)")
        #expect(finding.state == .on)
        guard !isAdmitted else { return }
        #expect(finding.message.contains("IPv4 accepts \(accepted)"), "\(finding.message)")
        #expect(finding.message.hasSuffix("and 1 more"))
        #expect(finding.evidence.first?.isException == true)
    }

    @Test func `what a second rule set keeps out is not let in`() {
        let facts = Self.root(
            Self.configured(.deny, .deny, accepts: ["all (broad)"]), Self.configured(.deny, .deny))
        #expect(judge(Self.id, facts, parameters: ["accept": "ssh"]).verdict == .pass)
    }

    @Test func `a pass shows no exceptions`() {
        let facts = Self.root(Self.configured(.deny, .deny), Self.configured(.allow, .allow, active: false))
        let finding = judge(Self.id, facts)
        #expect(finding.verdict == .pass)
        #expect(finding.evidence.count == 4)
        #expect(finding.evidence.filter(\.isException) == [])
    }
}
