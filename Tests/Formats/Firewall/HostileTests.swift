import AssayFirewall
import AssayTestSupport
import Testing

/// A parser that takes any bytes, with an input that it understands.
struct Target: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var sample: [UInt8]
    var run: @Sendable ([UInt8]) -> FirewallVerdict?

    static let all: [Target] = [
        Target(testDescription: "nftables", sample: Array(richNft.utf8)) { bytes in
            Ruleset.nftables(SourceFile(path: "x", bytes: bytes)) { _ in [] }.verdict()
        },
        Target(testDescription: "iptables-save", sample: Array(richSave.utf8)) { bytes in
            Ruleset.iptablesSave(SourceFile(path: "x", bytes: bytes), family: .ipv4).verdict()
        },
        Target(testDescription: "script", sample: Array(richScript.utf8)) { bytes in
            ServiceScript(SourceFile(path: "x", bytes: bytes)) { _ in nil }.verdict
        },
        Target(testDescription: "firewalld zone", sample: Array(richZone.utf8)) { bytes in
            let zone = SourceFile(path: "/etc/firewalld/zones/public.xml", bytes: bytes)
            return Firewalld(configuration: zone, zones: [zone], policies: [zone], direct: zone).verdict
        },
        Target(testDescription: "firewalld direct", sample: Array(richDirect.utf8)) { bytes in
            let file = SourceFile(path: "/etc/firewalld/direct.xml", bytes: bytes)
            return Firewalld(configuration: nil, zones: [], direct: file).verdict
        },
        Target(testDescription: "ufw", sample: Array(richSave.utf8)) { bytes in
            let file = SourceFile(path: "x", bytes: bytes)
            let on = SourceFile(path: "y", bytes: Array("ENABLED=yes\nIPV6=yes\nDEFAULT_INPUT_POLICY=DROP\n".utf8))
            return UFW.verdict(
                configuration: on, defaults: on, ipv4: UFW.Rules(before: file), ipv6: UFW.Rules(user: file))
        },
        Target(testDescription: "netlink", sample: Netlink.sample) { Ruleset.netlink([$0]).verdict() },
        Target(testDescription: "legacy table", sample: LegacySample.entries) { bytes in
            Ruleset.legacyTable(info: LegacySample.info(bytes.count), entries: bytes, family: .ipv4).verdict()
        },
        Target(testDescription: "legacy header", sample: LegacySample.info(LegacySample.entries.count)) { bytes in
            Ruleset.legacyTable(info: bytes, entries: LegacySample.entries, family: .ipv4).verdict()
        },
    ]

    private static let richNft = NftablesCases.all.map(\.text).filter { $0.utf8.count < 500 }.prefix(24).joined()
    private static let richSave = IPTablesCases.all.map(\.text).suffix(8).joined()
    private static let richScript = """
        #!/bin/sh
        IPT="/sbin/iptables"; test -x $IPT || echo "none"
        iptables-restore <<-EOF
        *filter
        :INPUT DROP [0:0]
        COMMIT
        EOF
        case "$1" in a|b) echo ${X:-y} $(ls `pwd`) ;; esac
        for f in /proc/sys/net/*; do echo 1 >> "$f"; done && { echo 0 2>&1; } | cat
        echo 1 > /proc/sys/net/ipv4/tcp_syncookies # x
        $IPT -I INPUT 1 -p tcp --dport=22 -j ACCEPT; (iptables -F) &

        """
    private static let richZone = """
        <?xml version="1.0"?><!-- c --><zone target="%%REJECT%%"><short>P &lt; &#x41;</short><service name="ssh"/>
        <rule family="ipv4"><source address="10.0.0.0/8" invert="yes"/><port port="1-9" protocol="udp"/><accept/></rule>
        <![CDATA[ x ]]><interface name='eth0'/><source-port port="5" protocol="tcp"/></zone>
        """
    private static let richDirect = """
        <direct><rule ipv="ipv4" table="filter" chain="INPUT" priority="0">-p tcp -m multiport --dports 1,2:3 -j ACCEPT</rule>
        <passthrough ipv="ipv6">-A INPUT -j DROP</passthrough></direct>
        """
}

@Test(arguments: Target.all)
func `input cut anywhere never crashes`(_ target: Target) {
    let step = max(1, target.sample.count / 400)
    for count in stride(from: 0, through: target.sample.count, by: step) {
        #expect(target.run(Array(target.sample.prefix(count))) != nil)
    }
}

@Test(arguments: Target.all)
func `input with flipped bits and mixed pieces never crashes`(_ target: Target) {
    var random = SeededNumbers(state: 20_26)
    let sample = target.sample
    let marks = Array("{};\"'\\\n$&<>|()[]@:!=-#*, ".utf8) + [0, 1, 0x7F, 0x80, 0xFF]
    for _ in 0..<250 {
        var bytes = sample
        for _ in 0...Int.random(in: 0..<4, using: &random) {
            guard !bytes.isEmpty else { break }
            let index = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[index] = marks.randomElement(using: &random) ?? 0
            case 2: bytes.remove(at: index)
            case 3: bytes.insert(marks.randomElement(using: &random) ?? 0, at: index)
            default:
                let other = Int.random(in: 0..<sample.count, using: &random)
                bytes.replaceSubrange(
                    index..<min(bytes.count, index + 9), with: sample[other..<min(sample.count, other + 9)])
            }
        }
        #expect(target.run(bytes) != nil)
    }
}

@Test func `very many or very deep things end in an answer`() {
    let deep =
        "table inet f {\n" + (0..<500).map { "chain c\($0) { jump c\($0 + 1); jump c\($0 + 1); }\n" }.joined()
        + "chain c500 { tcp dport 1 accept; }\nchain i { type filter hook input priority 0; policy drop; tcp dport 2 jump c0; jump c0; }\n}\n"
    #expect(nft(deep).verdict().ipv4.answer == .undecided)
    let double =
        "table inet f {\n"
        + (0..<40).map { "chain c\($0) { tcp dport \($0) jump c\($0 + 1); udp dport \($0) jump c\($0 + 1); }\n" }
        .joined() + "chain c40 { accept; }\nchain i { type filter hook input priority 0; policy drop; jump c0; }\n}\n"
    let verdict = nft(double).verdict().ipv4
    #expect(verdict.accepted.count <= 1000)
    #expect(nft(String(repeating: "{", count: 100_000)).verdict().ipv4.answer == .undecided)
    #expect(nft(String(repeating: "table inet f { chain i { ", count: 20_000)).verdict().ipv4.answer == .undecided)
    let flushes =
        (0..<3000).map { "add table ip t\($0)\nadd chain ip t\($0) c\n" }.joined()
        + String(repeating: "delete table ip x\n", count: 3000)
    #expect(nft(flushes).verdict().ipv4.answer == .undecided)
    let rules =
        "*filter\n:INPUT DROP [0:0]\n" + String(repeating: "-I INPUT -p tcp --dport 1 -j ACCEPT\n", count: 20_000)
        + "COMMIT\n"
    #expect(Ruleset.iptablesSave(file("x", rules), family: .ipv4).verdict(for: .ipv4).answer == .undecided)
}
