import AssayFirewall
import Testing

private let before = """
    *filter
    :ufw-before-input - [0:0]
    :ufw-not-local - [0:0]
    -A ufw-before-input -i lo -j ACCEPT
    -A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
    -A ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny
    -A ufw-before-input -m conntrack --ctstate INVALID -j DROP
    -A ufw-before-input -j ufw-not-local
    -A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN
    -A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN
    -A ufw-not-local -j DROP
    COMMIT

    """

private func user(_ rules: String) -> String {
    "*filter\n:ufw-user-input - [0:0]\n:ufw-user-limit - [0:0]\n\(rules)\n-A ufw-user-limit -j REJECT\nCOMMIT\n"
}

private func ufw(
    _ configuration: String = "ENABLED=yes\n", _ defaults: String = "IPV6=yes\nDEFAULT_INPUT_POLICY=\"DROP\"\n",
    _ rules: String = "-A ufw-user-input -p tcp --dport 22 -j ACCEPT"
) -> FirewallVerdict {
    UFW.verdict(
        configuration: file("/etc/ufw/ufw.conf", configuration), defaults: file("/etc/default/ufw", defaults),
        ipv4: UFW.Rules(before: file("/etc/ufw/before.rules", before), user: file("/etc/ufw/user.rules", user(rules))),
        ipv6: UFW.Rules())
}

@Test func `ufw denies all but its rules`() {
    let verdict = ufw()
    #expect(verdict.ipv4.answer == .deny)
    #expect(verdict.ipv4.openings == ["tcp dport 22"])
    #expect(verdict.ipv4.policy.evidence?.source == "/etc/default/ufw")
    #expect(verdict.ipv4.line == 2)
    #expect(verdict.ipv6.answer == .deny)
}

@Test(arguments: [
    ("ENABLED=no\n", "DEFAULT_INPUT_POLICY=DROP\n", Answer.allow, Answer.allow),
    ("", "DEFAULT_INPUT_POLICY=DROP\n", .allow, .allow),
    ("ENABLED=yes\n", "IPV6=yes\nDEFAULT_INPUT_POLICY=\"ACCEPT\"\n", .allow, .allow),
    ("ENABLED=yes\n", "IPV6=yes\nDEFAULT_INPUT_POLICY=REJECT\n", .deny, .deny),
    ("ENABLED=yes\n", "IPV6=no\nDEFAULT_INPUT_POLICY=ACCEPT\n", .allow, .deny),
    ("ENABLED=yes\n", "IPV6=yes\n", .undecided, .undecided),
    ("ENABLED=yes\n", "IPV6=yes\nDEFAULT_INPUT_POLICY=maybe\n", .undecided, .undecided),
])
func `the settings of ufw decide`(_ configuration: String, _ defaults: String, _ ipv4: Answer, _ ipv6: Answer) {
    let verdict = ufw(configuration, defaults)
    #expect(verdict.ipv4.answer == ipv4, "\(verdict.ipv4.policy)")
    #expect(verdict.ipv6.answer == ipv6, "\(verdict.ipv6.policy)")
}

@Test func `a rule of ufw that allows everything undoes the policy`() {
    #expect(
        ufw("ENABLED=yes\n", "IPV6=yes\nDEFAULT_INPUT_POLICY=DROP\n", "-A ufw-user-input -j ACCEPT").ipv4.answer
            == .allow)
}
