import AssayFirewall
import Foundation
import Testing

enum Vectors {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Vectors/Firewall")

    static func azure(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: "azurelinux/\(name)")))
    }

    static func script(_ name: String) throws -> ServiceScript {
        let path = "/etc/systemd/scripts/"
        return ServiceScript(SourceFile(path: path + name, bytes: try azure(name))) { wanted in
            wanted.hasPrefix(path) ? try? azure(String(wanted.dropFirst(path.count))) : nil
        }
    }
}

func script(_ text: String, _ files: [String: String] = [:]) -> ServiceScript {
    ServiceScript(file("/s", text)) { files[$0].map { Array($0.utf8) } }
}

@Test func `the script of Azure Linux denies all but SSH and ICMP`() throws {
    let script = try Vectors.script("iptables")
    #expect(script.touchesFirewall)
    #expect(script.ruleset.problems == [])
    #expect(script.verdict.ipv4.answer == .deny)
    #expect(
        script.verdict.ipv4.exceptions == [
            "iif lo", "ct state related,established", "tcp dport 22", "icmp type 11", "icmp type 3",
        ])
    #expect(script.verdict.ipv4.openings == ["tcp dport 22"])
    #expect(script.verdict.ipv4.policy.evidence?.source == "/etc/systemd/scripts/ip4save")
    #expect(script.verdict.ipv4.line == 3)
    #expect(script.verdict.ipv6.answer == .deny)
    #expect(script.verdict.ipv6.openings == ["tcp dport 22", "udp dport 546 ip6 daddr fe80::/64"])
}

@Test func `the script of Azure Linux writes these kernel parameters`() throws {
    let writes = try Vectors.script("iptables").sysctlWrites
    #expect(writes.count == 14)
    #expect(writes.first?.key == "net.ipv4.icmp_echo_ignore_broadcasts")
    let cookies = writes.first { $0.key == "net.ipv4.tcp_syncookies" }
    #expect(cookies?.value == "1")
    #expect(cookies?.line == 18)
    #expect(cookies?.isConditional == false)
    #expect(writes.last?.key == "net.ipv4.tcp_ecn")
    #expect(writes.last?.value == "0")
}

@Test func `the stop script of Azure Linux opens both families`() throws {
    let script = try Vectors.script("iptables.stop")
    #expect(script.verdict.ipv4.answer == .allow)
    #expect(script.verdict.ipv6.answer == .allow)
    #expect(script.verdict.ipv4.line == 14)
}

@Test func `a variable that grows and is used a thousand times is undecided`() {
    let text = "a=aaaaaaaaaaaaaaaa\n" + String(repeating: "a=$a$a$a$a\n", count: 2_000) + "iptables -P INPUT DROP\n"
    let script = script(text)
    #expect(script.verdict.ipv4.answer == .undecided)
    #expect(script.ruleset.problems.contains { $0.contains("variables expand to too much text") })
}

@Test func `a script whose rules cannot be read is undecided`() {
    let verdict = script("iptables -P INPUT DROP\niptables-restore < /gone\n").verdict
    #expect(verdict.ipv4.reason.contains("/s:2: cannot read '/gone'"))
}

@Test(arguments: [
    ("iptables -P INPUT DROP", Answer.deny, Answer.allow),
    ("IPT=/sbin/iptables\n$IPT -P INPUT DROP\n${IPT} -A INPUT -p tcp --dport 22 -j ACCEPT", .deny, .allow),
    ("iptables -P INPUT DROP; ip6tables -P INPUT DROP", .deny, .deny),
    ("iptables -P INPUT DROP\niptables -P INPUT ACCEPT", .allow, .allow),
    ("iptables -A INPUT -j DROP\niptables -F", .allow, .allow),
    ("iptables -A INPUT -j DROP\niptables -t nat -F", .deny, .allow),
    ("if true; then echo hello; fi\niptables -P INPUT DROP", .deny, .allow),
    ("if [ -f /x ]; then iptables -P INPUT DROP; fi", .undecided, .undecided),
    ("[ -x /sbin/iptables ] && iptables -P INPUT DROP", .undecided, .undecided),
    ("[ -x /sbin/iptables ] || exit 0\niptables -P INPUT DROP", .undecided, .undecided),
    ("iptables -P INPUT DROP\n[ -x /y ] || exit 0\necho done", .deny, .allow),
    ("iptables -P INPUT DROP || exit 1\n", .deny, .allow),
    ("for i in a b; do\n iptables -A INPUT -i $i -j ACCEPT\ndone", .undecided, .undecided),
    ("case \"$1\" in\n start) iptables -P INPUT DROP ;;\nesac", .undecided, .undecided),
    ("start() {\n iptables -P INPUT DROP\n}\nstart", .undecided, .undecided),
    ("iptables -A INPUT -s $HOSTS -j ACCEPT", .undecided, .undecided),
    ("$CMD -A INPUT -j DROP", .undecided, .undecided),
    ("cat /f | iptables-restore", .undecided, .undecided),
    ("iptables-restore /good", .deny, .allow),
    ("iptables-restore <<EOF\n*filter\n:INPUT\nCOMMIT\nEOF\n", .undecided, .undecided),
    ("iptables-restore <<EOF\n*filter\n:INPUT DROP [0:0]\nCOMMIT\nEOF\n", .deny, .allow),
    ("cat <<EOF\niptables -P INPUT DROP\nEOF\n", .allow, .allow),
    ("# iptables -P INPUT DROP\necho iptables -P INPUT DROP", .allow, .allow),
    ("exit 0\niptables -P INPUT DROP", .allow, .allow),
    ("nft -f /good.nft", .deny, .deny),
    ("iptables -P INPUT DROP\nnft flush ruleset", .allow, .allow),
    (". /lib.sh\niptables -P INPUT DROP", .deny, .allow),
    (". /gone.sh\niptables -P INPUT DROP", .undecided, .undecided),
    ("echo 'unfinished\niptables -P INPUT DROP", .undecided, .undecided),
    ("ufw enable", .undecided, .undecided),
])
func `a script is followed without being run`(_ text: String, _ ipv4: Answer, _ ipv6: Answer) {
    let files = [
        "/good": save(""), "/good.nft": inet(""), "/lib.sh": "say() { echo \"$1\"; }\n",
    ]
    let verdict = script(text, files).verdict
    #expect(verdict.ipv4.answer == ipv4, "\(verdict.ipv4.policy)")
    #expect(verdict.ipv6.answer == ipv6, "\(verdict.ipv6.policy)")
}

@Test(arguments: [
    ("echo 1 > /proc/sys/net/ipv4/tcp_syncookies", ["net.ipv4.tcp_syncookies=1"]),
    ("echo -n \"0\" >/proc/sys/net/ipv4/conf/eth0.1/rp_filter", ["net.ipv4.conf.eth0/1.rp_filter=0"]),
    ("sysctl -w net.ipv4.ip_forward=0 net/ipv4/tcp_ecn=2", ["net.ipv4.ip_forward=0", "net.ipv4.tcp_ecn=2"]),
    ("/sbin/sysctl -q kernel.kptr_restrict=2", ["kernel.kptr_restrict=2"]),
    ("if x; then echo 1 > /proc/sys/kernel/sysrq; fi", ["kernel.sysrq=1 conditional"]),
    ("echo $V > /proc/sys/kernel/sysrq", []), ("echo 1 > /tmp/x", []), ("# echo 1 > /proc/sys/kernel/sysrq", []),
])
func `writes to kernel parameters are listed`(_ text: String, _ expected: [String]) {
    let found = script(text).sysctlWrites.map { "\($0.key)=\($0.value)\($0.isConditional ? " conditional" : "")" }
    #expect(found == expected)
}
