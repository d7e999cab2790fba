import AssayFirewall
import Testing

@Test(arguments: NftablesCases.all)
func `an nftables text is judged for both families`(_ test: Case) {
    let ruleset = nft(test.text)
    let verdict = ruleset.verdict()
    #expect(ruleset.problems == [])
    #expect(verdict.ipv4.answer == test.ipv4, "\(verdict.ipv4.policy)")
    #expect(verdict.ipv6.answer == test.ipv6, "\(verdict.ipv6.policy)")
    if let exceptions = test.exceptions { #expect(verdict.ipv4.exceptions == exceptions) }
}

@Test func `the evidence names the line that decides`() {
    let policy = nft(inet("tcp dport 22 accept")).verdict().ipv4
    #expect(policy.answer == .deny)
    #expect(policy.line == 4)
    #expect(policy.accepted.map(\.kind) == [.service])
    let early = nft(inet("tcp dport 22 accept\naccept")).verdict().ipv4
    #expect(early.line == 6)
    #expect(early.policy.evidence?.text == "accept")
    #expect(early.policy.evidence?.source == "test.nft")
}

@Test(arguments: [
    ("accept", "broad"), ("iif lo accept", "loopback"), ("ct state related accept", "established"),
    ("icmp type 8 accept", "icmp"), ("tcp dport 22 accept", "service"), ("udp sport 53 accept", "broad"),
    ("iif eth9 accept", "broad"), ("tcp dport 1024-65535 accept", "broad"), ("meta l4proto tcp accept", "broad"),
    ("ip daddr 224.0.0.251 udp dport 5353 accept", "service"), ("ip saddr 0.0.0.0/1 accept", "broad"),
    ("meta mark 7 accept", "service"),
])
func `an exception says how much it opens`(_ rule: String, _ kind: String) {
    let accepted = nft(inet("tcp dport 1 \(rule)")).verdict().ipv4.accepted
    #expect(accepted.count == 1)
    let plain = nft(inet(rule)).verdict().ipv4
    #expect(plain.answer == .allow || plain.accepted.map(\.kind.rawValue) == [kind])
}

@Test(arguments: [
    ("table inet f {", 1, "'}' is missing"),
    ("table inet f {\n bogus x\n}", 2, "unknown object"),
    ("include \"/none.nft\"", 1, "cannot read"),
    ("table inet f { chain i { type filter hook input priority 0; policy $p; } }", 1, "unknown variable"),
    ("table inet f { chain i { type filter hook nowhere priority 0; } }", 1, "unknown hook"),
    ("table inet f { chain i { accept } }", 1, "';' is missing"),
    ("\n\ndelete rule inet f i handle 3", 3, "deleted by its handle"),
    ("table inet f { chain i { type filter hook input priority 0; policy maybe; } }", 1, "unknown policy"),
    ("add rule inet f i accept", 1, "unknown chain"),
    ("table inet f { comment \"x\n }", 1, "without an end"),
])
func `a text that cannot be followed is undecided with its line`(_ text: String, _ line: Int, _ why: String) {
    let verdict = nft(text).verdict().ipv4
    #expect(verdict.answer == .undecided)
    #expect(verdict.reason.hasPrefix("test.nft:\(line):") && verdict.reason.contains(why), "\(verdict.reason)")
}

@Test func `an unknown condition matters only where it could change the answer`() {
    #expect(nft(inet("strange thing 7 drop")).verdict().ipv4.answer == .deny)
    let open = nft(inet("strange thing 7 accept")).verdict().ipv4
    #expect(open.answer == .undecided)
    #expect(open.reason.hasPrefix("test.nft:5:"))
    #expect(nft(inet("tcp dport 22 strange thing accept")).verdict().ipv4.answer == .deny)
    #expect(nft(inet("strange thing 7 drop", policy: "accept")).verdict().ipv4.answer == .undecided)
    #expect(nft(inet("queue num 1")).verdict().ipv4.answer == .undecided)
}

@Test func `included files are read in their order and relative to the lookup`() {
    let main = "flush ruleset\ninclude \"/etc/nftables.d/*.nft\"\n"
    let parts = [
        file("/etc/nftables.d/1.nft", inet("")),
        file(
            "/etc/nftables.d/2.nft", "add rule inet filter input tcp dport 22 accept\nadd rule inet filter input accept"
        ),
    ]
    let verdict = nft(main, ["/etc/nftables.d/*.nft": parts]).verdict().ipv4
    #expect(verdict.answer == .allow)
    #expect(verdict.policy.evidence?.source == "/etc/nftables.d/2.nft")
    #expect(verdict.line == 2)
    #expect(nft(main, ["/etc/nftables.d/*.nft": []]).verdict().ipv4.answer == .allow)
    let loop = [file("a", "include \"a\"\n")]
    #expect(nft("include \"a\"", ["a": loop]).verdict().ipv4.answer == .undecided)
}

@Test func `chains that jump in a circle are undecided`() {
    let text = inet("jump a", more: "chain b { }\nchain a { jump b; }\n") + "add rule inet filter b jump a\n"
    #expect(nft(text).verdict().ipv4.reason.contains("circle"))
}
