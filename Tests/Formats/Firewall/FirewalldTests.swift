import AssayFirewall
import Testing

private func zone(_ name: String, _ content: String, _ attributes: String = "", etc: Bool = false) -> SourceFile {
    file(
        (etc ? "/etc" : "/usr/lib") + "/firewalld/zones/\(name).xml",
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<zone\(attributes)>\n<short>x &amp; y</short>\n\(content)\n</zone>\n"
    )
}

private let ssh = "<service name=\"ssh\"/>"

@Test(arguments: [
    ("", Answer.deny, ["service ssh"]),
    (" target=\"default\"", .deny, ["service ssh"]),
    (" target=\"%%REJECT%%\"", .deny, ["service ssh"]),
    (" target=\"DROP\"", .deny, ["service ssh"]),
    (" target=\"ACCEPT\"", .allow, []),
    (" target=\"strange\"", .undecided, []),
])
func `the target of the default zone decides`(_ target: String, _ answer: Answer, _ openings: [String]) {
    let verdict = Firewalld(configuration: nil, zones: [zone("public", ssh, target)]).verdict
    for family in AddressFamily.allCases {
        #expect(verdict[family].answer == answer)
        #expect(verdict[family].openings == openings)
    }
}

@Test func `the configured zone counts and a zone in etc comes first`() {
    let configuration = file("/etc/firewalld/firewalld.conf", "# x\nDefaultZone=work\nIPv6_rpfilter=yes\n")
    let zones = [
        zone("work", "<port port=\"443\" protocol=\"tcp\"/>", etc: true), zone("work", ssh, " target=\"ACCEPT\""),
        zone("public", "", " target=\"ACCEPT\""),
    ]
    let firewalld = Firewalld(configuration: configuration, zones: zones)
    #expect(firewalld.defaultZone == "work")
    #expect(firewalld.settings["IPv6_rpfilter"]?.value == "yes")
    #expect(firewalld.settings["IPv6_rpfilter"]?.line == 3)
    #expect(firewalld.verdict.ipv4.openings == ["tcp dport 443"])
    #expect(firewalld.verdict.ipv4.policy.evidence?.source == "/etc/firewalld/zones/work.xml")
    let missing = Firewalld(configuration: configuration, zones: [zone("public", "")]).verdict.ipv4
    #expect(missing.reason.contains("'work' has no file"))
}

@Test func `a target answers to ICMP only by default`() {
    func kinds(_ target: String, _ content: String = "") -> [AcceptedTraffic.Kind] {
        Firewalld(configuration: nil, zones: [zone("public", content, target)]).verdict.ipv4.accepted.map(\.kind)
    }
    #expect(kinds("") == [.established, .loopback, .icmp])
    #expect(kinds("", "<icmp-block-inversion/>") == [.established, .loopback])
    #expect(kinds(" target=\"DROP\"") == [.established, .loopback])
}

@Test(arguments: [
    (
        "<rule family=\"ipv4\"><source address=\"10.0.0.0/8\"/><service name=\"http\"/><accept/></rule>", Answer.deny,
        Answer.deny, ["ip saddr 10.0.0.0/8 service http"]
    ),
    ("<rule family=\"ipv4\"><source address=\"0.0.0.0/0\"/><accept/></rule>", .allow, .deny, []),
    ("<rule family=\"ipv6\"><source address=\"::/0\"/><accept/></rule>", .deny, .allow, []),
    ("<rule family=\"ipv4\"><source address=\"10.0.0.1\"/><drop/></rule>", .deny, .deny, []),
    ("<rule><protocol value=\"tcp\"/><accept/></rule>", .deny, .deny, ["l4proto tcp"]),
])
func `rich rules open and exempt`(_ rule: String, _ ipv4: Answer, _ ipv6: Answer, _ openings: [String]) {
    let verdict = Firewalld(configuration: nil, zones: [zone("public", rule)]).verdict
    #expect(verdict.ipv4.answer == ipv4)
    #expect(verdict.ipv6.answer == ipv6)
    #expect(verdict.ipv4.openings == openings)
}

@Test func `interfaces and sources of other zones are exceptions`() {
    let zones = [
        zone("public", ssh),
        zone("trusted", "<interface name=\"eth1\"/><source address=\"10.0.0.0/8\"/>", " target=\"ACCEPT\""),
        zone("home", "<source address=\"fe80::/10\"/><service name=\"samba\"/>"),
        zone("idle", "<service name=\"nfs\"/>"),
    ]
    let verdict = Firewalld(configuration: nil, zones: zones).verdict
    #expect(verdict.ipv4.openings == ["service ssh", "iif eth1", "saddr 10.0.0.0/8", "saddr fe80::/10 service samba"])
    #expect(verdict.ipv6.openings == ["service ssh", "iif eth1", "saddr fe80::/10 service samba"])
}

@Test func `policies and direct rules can undo a zone`() {
    func policy(_ attributes: String) -> SourceFile {
        file(
            "/etc/firewalld/policies/p.xml",
            "<policy \(attributes)><ingress-zone name=\"ANY\"/><egress-zone name=\"HOST\"/></policy>")
    }
    func verdict(_ policies: [SourceFile], _ direct: String? = nil) -> FirewallVerdict {
        Firewalld(
            configuration: nil, zones: [zone("public", ssh)], policies: policies,
            direct: direct.map { file("/etc/firewalld/direct.xml", "<direct>\($0)</direct>") }
        ).verdict
    }
    #expect(verdict([policy("target=\"ACCEPT\" priority=\"-10\"")]).ipv4.answer == .allow)
    #expect(verdict([policy("target=\"ACCEPT\" priority=\"10\"")]).ipv4.answer == .deny)
    let start = "<rule ipv=\"ipv4\" table=\"filter\" chain=\"INPUT\" priority=\"0\">"
    #expect(verdict([], start + "-j ACCEPT</rule>").ipv4.answer == .allow)
    #expect(verdict([], start + "-j ACCEPT</rule>").ipv6.answer == .deny)
    #expect(verdict([], start + "-p tcp --dport 80 -j ACCEPT</rule>").ipv4.openings == ["service ssh", "tcp dport 80"])
    #expect(verdict([], start + "-m strange -j ACCEPT</rule>").ipv4.answer == .undecided)
}

@Test(arguments: [
    "<zone", "<zone></zon>", "<!DOCTYPE zone [<!ENTITY a \"b\">]><zone/>", "<zone a=\"1\" a=\"2\"/>",
    "<zone>&bomb;</zone>",
    "<zone/><zone/>", "zone", "", "<zone target=default/>", "<zone><!-- x</zone>", "<other/>",
    String(repeating: "<zone>", count: 100),
])
func `a zone that is not well-formed is undecided`(_ text: String) {
    let verdict = Firewalld(configuration: nil, zones: [file("/usr/lib/firewalld/zones/public.xml", text)]).verdict
    #expect(verdict.ipv4.answer == .undecided)
    #expect(verdict.ipv4.reason.contains("public.xml:"))
}

@Test func `comments, character data and references are understood`() {
    let text =
        "<!-- a --><zone target=\"&#68;RO&#x50;\"><![CDATA[<service name=\"no\"/>]]><!-- b --><service\n name='ssh' /></zone>"
    let verdict = Firewalld(configuration: nil, zones: [file("/etc/firewalld/zones/public.xml", text)]).verdict
    #expect(verdict.ipv4.openings == ["service ssh"])
    #expect(verdict.ipv4.policy.evidence?.text == "zone public: target DROP")
}
