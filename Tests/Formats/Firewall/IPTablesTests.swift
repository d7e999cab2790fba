import AssayFirewall
import Testing

func save(_ rules: String, policy: String = "DROP") -> String {
    "# Generated\n*filter\n:INPUT \(policy) [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [1:2]\n:user - [0:0]\n\(rules)\nCOMMIT\n"
}

enum IPTablesCases {
    /// Texts that iptables-restore accepts; the answer for IPv4 stands in `ipv4`.
    static let all: [Case] = [
        Case("a drop policy", save(""), .deny, .allow, []),
        Case("an accept policy", save("", policy: "ACCEPT"), .allow, .allow),
        Case(
            "an accept policy and rules that only accept",
            save("-A INPUT -p tcp --dport 22 -j ACCEPT", policy: "ACCEPT"), .allow, .allow),
        Case(
            "an accept of everything", save("-A INPUT -j ACCEPT\n-A INPUT -p tcp --dport 22 -j ACCEPT"), .allow, .allow),
        Case("an accept of 0.0.0.0/0", save("-A INPUT -s 0.0.0.0/0 -p all -j ACCEPT"), .allow, .allow),
        Case(
            "an accept with a comment only", save("-A INPUT -m comment --comment \"all of \\\"it\\\"\" -j ACCEPT"),
            .allow, .allow),
        Case(
            "an accept of new connections", save("-A INPUT -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT"), .allow,
            .allow),
        Case("an accept up to a rate", save("-A INPUT -m limit --limit 5/min -j ACCEPT"), .allow, .allow),
        Case(
            "a last drop", save("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT -j DROP", policy: "ACCEPT"),
            .deny, .allow, ["tcp dport 22"]),
        Case(
            "a last reject",
            save("-A INPUT -i lo -j ACCEPT\n-A INPUT -j REJECT --reject-with icmp-host-prohibited", policy: "ACCEPT"),
            .deny, .allow, ["iif lo"]),
        Case(
            "a reject for TCP only", save("-A INPUT -p tcp -j REJECT --reject-with tcp-reset", policy: "ACCEPT"),
            .allow, .allow),
        Case(
            "a drop of all but loopback", save("-A INPUT ! -i lo -j DROP", policy: "ACCEPT"), .deny, .allow, ["iif lo"]),
        Case(
            "a drop of new connections", save("-A INPUT -m state --state NEW -j DROP", policy: "ACCEPT"), .deny, .allow,
            []),
        Case("a drop up to a rate", save("-A INPUT -m limit --limit 5/min -j DROP", policy: "ACCEPT"), .allow, .allow),
        Case(
            "a user's chain that drops",
            save("-A INPUT -j user\n-A user -p udp --dport 53 -j ACCEPT\n-A user -j DROP", policy: "ACCEPT"), .deny,
            .allow, ["udp dport 53"]),
        Case(
            "a user's chain that comes back",
            save("-A INPUT -j user\n-A user -s 10.0.0.0/8 -j RETURN\n-A user -j DROP", policy: "ACCEPT"), .deny, .allow,
            ["ip saddr 10.0.0.0/8"]),
        Case(
            "a goto", save("-A INPUT -g user\n-A INPUT -j ACCEPT\n-A user -p tcp --dport 22 -j ACCEPT"), .deny, .allow,
            ["tcp dport 22"]),
        Case(
            "several ports", save("-A INPUT -p tcp -m multiport --dports 22,80,8000:8010 -j ACCEPT"), .deny, .allow,
            ["tcp dport 22,80,8000-8010"]),
        Case("local addresses", save("-A INPUT -m addrtype --dst-type LOCAL -j ACCEPT"), .allow, .allow),
        Case(
            "a log is not an end",
            save(
                "-A INPUT -j LOG --log-prefix \"FIREWALL:INPUT \"\n-A INPUT -p icmp --icmp-type echo-request -j ACCEPT"),
            .deny, .allow, ["icmp type 8"]),
        Case(
            "another table that drops", "*raw\n:PREROUTING DROP [0:0]\nCOMMIT\n" + save("", policy: "ACCEPT"), .deny,
            .allow, []),
        Case(
            "counters before the rules", save("[12:3456] -A INPUT -p tcp --dport 22 -j ACCEPT"), .deny, .allow,
            ["tcp dport 22"]),
        Case(
            "Docker's chains",
            save(
                """
                :DOCKER - [0:0]
                :DOCKER-USER - [0:0]
                -A FORWARD -j DOCKER-USER
                -A FORWARD -o docker0 -j DOCKER
                -A DOCKER-USER -j RETURN
                """, policy: "ACCEPT"), .allow, .allow),
        Case(
            "an insert",
            save(
                "-A INPUT -j DROP\n-I INPUT -p tcp --dport 22 -j ACCEPT\n-I INPUT 2 -p tcp --dport 23 -j ACCEPT",
                policy: "ACCEPT"), .deny, .allow, ["tcp dport 22", "tcp dport 23"]),
        Case("a rule that is deleted again", save("-A INPUT -j ACCEPT\n-D INPUT -j ACCEPT"), .deny, .allow, []),
        Case("a policy by command", save("-P INPUT DROP", policy: "ACCEPT"), .deny, .allow, []),
    ]
}

@Test(arguments: IPTablesCases.all)
func `a text of iptables-save is judged`(_ test: Case) {
    let ruleset = Ruleset.iptablesSave(file("rules.v4", test.text), family: .ipv4)
    let verdict = ruleset.verdict(for: .ipv4)
    #expect(ruleset.problems == [])
    #expect(verdict.answer == test.ipv4, "\(verdict.policy)")
    if let exceptions = test.exceptions { #expect(verdict.exceptions == exceptions) }
    #expect(ruleset.verdict(for: .ipv6).answer == .allow)
}

@Test(arguments: [
    ("*filter\n:INPUT DROP [0:0]\n", "COMMIT is missing"),
    (":INPUT DROP [0:0]\n", "outside of a table"),
    ("*filter\n*nat\nCOMMIT\n", "before COMMIT"),
    (save("-A nowhere -j DROP"), "unknown chain"),
    (save("-A INPUT -j nowhere"), "unknown target"),
    (save("-A INPUT -m comment --comment \"x -j ACCEPT"), "a quote"),
    (save("INPUT -j ACCEPT"), "neither a rule"),
    (save("-A INPUT --strange 7 -j ACCEPT"), "condition not understood"),
    (save("-A INPUT -m strange -j ACCEPT"), "condition not understood"),
    (save("-A INPUT -j NFQUEUE --queue-num 1"), "not understood"),
    (save("", policy: "MAYBE"), "unknown policy"),
])
func `a text that cannot be followed says why`(_ text: String, _ why: String) {
    let verdict = Ruleset.iptablesSave(file("rules.v4", text), family: .ipv4).verdict(for: .ipv4)
    #expect(verdict.answer == .undecided)
    #expect(verdict.reason.contains(why), "\(verdict.reason)")
}

@Test func `options of an unknown kind do not matter behind a narrow condition`() {
    let text = save("-A INPUT -p tcp --dport 22 -m strange --odd 1 -j ACCEPT")
    let verdict = Ruleset.iptablesSave(file("r", text), family: .ipv4).verdict(for: .ipv4)
    #expect(verdict.answer == .deny)
    #expect(verdict.openings.count == 1)
}

@Test func `rules of both families stay apart when they are merged`() {
    var both = Ruleset.iptablesSave(file("v4", save("")), family: .ipv4)
    both.merge(Ruleset.iptablesSave(file("v6", save("-A INPUT -j ACCEPT")), family: .ipv6))
    #expect(both.verdict().ipv4.answer == .deny)
    #expect(both.verdict().ipv6.answer == .allow)
    both.merge(Ruleset.iptablesSave(file("again", save("-A INPUT -p tcp --dport 1 -j ACCEPT")), family: .ipv6))
    #expect(both.verdict().ipv6.answer == .deny)
    #expect(both.verdict().ipv6.exceptions == ["tcp dport 1"])
}
