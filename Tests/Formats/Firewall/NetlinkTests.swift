import AssayFirewall
import Testing

/// Writes messages as the kernel does: `linux/netfilter/nf_tables.h`, little-endian headers, big-endian numbers.
enum Netlink {
    static func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    static func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        let length = UInt16(4 + value.count)
        let header = [UInt8(length & 255), UInt8(length >> 8), UInt8(type & 255), UInt8(type >> 8)]
        return header + value + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
    }

    static func text(_ type: UInt16, _ value: String) -> [UInt8] { attribute(type, Array(value.utf8) + [0]) }

    static func message(_ kind: UInt8, family: UInt8, _ attributes: [[UInt8]], flags: UInt8 = 2) -> [UInt8] {
        let body: [UInt8] = [family, 0, 0, 0] + Array(attributes.joined())
        let length = UInt32(16 + body.count)
        let size = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        let header: [UInt8] = [kind, 10, flags, 0, 1, 0, 0, 0, 0, 0, 0, 0]
        return size + header + body
    }

    static func chain(_ name: String, policy: UInt32?, family: UInt8 = 1, hook: UInt32 = 1) -> [UInt8] {
        var parts = [text(1, "f"), text(3, name)]
        if let policy {
            parts.append(attribute(4, attribute(1, number(hook)) + attribute(2, number(0))))
            parts.append(attribute(5, number(policy)))
        }
        return message(3, family: family, parts)
    }

    static func expression(_ name: String, _ parts: [UInt8]) -> [UInt8] {
        attribute(1, text(1, name) + attribute(2, parts))
    }

    static func verdict(_ code: Int32, chain: String? = nil) -> [UInt8] {
        let inner = attribute(1, number(UInt32(bitPattern: code))) + (chain.map { text(2, $0) } ?? [])
        return expression("immediate", attribute(1, number(0)) + attribute(2, attribute(2, inner)))
    }

    static func compare(_ operation: UInt32, _ value: [UInt8]) -> [UInt8] {
        expression("cmp", attribute(1, number(1)) + attribute(2, number(operation)) + attribute(3, attribute(1, value)))
    }

    static func meta(_ key: UInt32) -> [UInt8] {
        expression("meta", attribute(1, number(1)) + attribute(2, number(key)))
    }

    static func payload(_ base: UInt32, _ offset: UInt32, _ length: UInt32) -> [UInt8] {
        let place = attribute(2, number(base)) + attribute(3, number(offset)) + attribute(4, number(length))
        return expression("payload", attribute(1, number(1)) + place)
    }

    static func rule(_ chain: String, _ expressions: [[UInt8]], family: UInt8 = 1) -> [UInt8] {
        message(
            6, family: family,
            [
                text(1, "f"), text(2, chain), attribute(3, [0, 0, 0, 0, 0, 0, 0, 9]),
                attribute(4, Array(expressions.joined())),
            ])
    }

    static let table = message(0, family: 1, [text(1, "f"), attribute(2, number(0))])
    static let ssh = rule(
        "i", [meta(16), compare(0, [6]), payload(2, 2, 2), compare(0, [0, 22]), expression("counter", []), verdict(1)])
    static let done: [UInt8] = [20, 0, 0, 0, 3, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    static let sample =
        table + chain("i", policy: 0) + chain("u", policy: nil) + ssh
        + rule("i", [meta(4), compare(0, [1, 0, 0, 0]), verdict(1)])
        + rule("i", [verdict(-3, chain: "u")])
        + rule("u", [expression("limit", attribute(1, [0, 0, 0, 0, 0, 0, 0, 1])), verdict(0)]) + done
}

@Test func `messages of the kernel become chains`() {
    let verdict = Ruleset.netlink([Netlink.sample]).verdict()
    #expect(verdict.ipv4.answer == .deny)
    #expect(verdict.ipv6.answer == .deny)
    #expect(verdict.ipv4.exceptions == ["tcp dport 22", "iif lo"])
    #expect(verdict.ipv4.accepted.first?.evidence.place == .handle(9))
    #expect(verdict.ipv4.policy.evidence?.source == "nf_tables")
}

@Test(arguments: [
    (Netlink.table + Netlink.chain("i", policy: 1), Answer.allow, Answer.allow),
    (Netlink.table + Netlink.chain("i", policy: 0), .deny, .deny),
    (Netlink.table + Netlink.chain("i", policy: 0, hook: 2), .allow, .allow),
    (Netlink.chain("i", policy: 0, family: 2), .deny, .allow),
    (Netlink.chain("i", policy: 0, family: 10), .allow, .deny),
    (Netlink.chain("i", policy: 0, family: 7), .allow, .allow),
    (Netlink.chain("i", policy: 0) + Netlink.rule("i", [Netlink.verdict(1)]), .allow, .allow),
    (
        Netlink.chain("i", policy: 1) + Netlink.rule("i", [Netlink.expression("log", []), Netlink.verdict(0)]), .deny,
        .deny
    ),
    (Netlink.chain("i", policy: 1) + Netlink.rule("i", [Netlink.expression("reject", [])]), .deny, .deny),
    (
        Netlink.chain("i", policy: 1)
            + Netlink.rule("i", [Netlink.meta(15), Netlink.compare(0, [2]), Netlink.verdict(0)]), .deny, .allow
    ),
    (
        Netlink.chain("i", policy: 0) + Netlink.rule("i", [Netlink.expression("strange", []), Netlink.verdict(1)]),
        .undecided, .undecided
    ),
    (Netlink.chain("i", policy: 0) + Netlink.rule("i", [Netlink.expression("queue", [])]), .undecided, .undecided),
    (
        Netlink.message(0, family: 1, [Netlink.text(1, "f"), Netlink.attribute(2, Netlink.number(1))])
            + Netlink.chain("i", policy: 0), .allow, .allow
    ),
    ([], .allow, .allow),
    (Netlink.message(3, family: 1, [], flags: 0x12), .undecided, .undecided),
    (Array(Netlink.chain("i", policy: 0).dropLast()), .undecided, .undecided),
    (Netlink.rule("nowhere", []), .undecided, .undecided),
])
func `kernel chains are judged like text`(_ messages: [UInt8], _ ipv4: Answer, _ ipv6: Answer) {
    let verdict = Ruleset.netlink([messages]).verdict()
    #expect(verdict.ipv4.answer == ipv4, "\(verdict.ipv4.policy)")
    #expect(verdict.ipv6.answer == ipv6, "\(verdict.ipv6.policy)")
}

/// A table of legacy iptables: `INPUT` with one rule for SSH and the policy DROP.
enum LegacySample {
    private static func entry(_ verdict: Int32, tcpPort: UInt16? = nil, size: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 112)
        var matches: [UInt8] = []
        if let tcpPort {
            bytes[80] = 6
            matches = [48, 0] + Array("tcp".utf8) + [UInt8](repeating: 0, count: 27)
            let port = [UInt8(tcpPort & 255), UInt8(tcpPort >> 8)]
            matches += [0, 0, 255, 255] + port + port + [0, 0, 0, 0, 0, 0, 0, 0]
        }
        bytes[88] = UInt8(112 + matches.count)
        bytes[90] = UInt8(112 + matches.count + 40)
        let value = UInt32(bitPattern: verdict)
        let target =
            [40, 0] + [UInt8](repeating: 0, count: 30) + (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return bytes + matches + target + [0, 0, 0, 0]
    }

    static let rule = entry(-2, tcpPort: 22, size: 0)
    static let entries = rule + entry(-1, size: 0)

    static func info(_ size: Int) -> [UInt8] {
        var bytes = Array("filter".utf8) + [UInt8](repeating: 0, count: 78)
        bytes[32] = 2
        bytes[60] = UInt8(rule.count)
        bytes[76] = 2
        bytes[80] = UInt8(size & 255)
        bytes[81] = UInt8(size >> 8 & 255)
        return bytes
    }
}

@Test func `a legacy table is read from its bytes`() {
    let ruleset = Ruleset.legacyTable(
        info: LegacySample.info(LegacySample.entries.count), entries: LegacySample.entries, family: .ipv4)
    #expect(ruleset.problems == [])
    let verdict = ruleset.verdict(for: .ipv4)
    #expect(verdict.answer == .deny)
    #expect(verdict.exceptions == ["tcp dport 22"])
    #expect(verdict.policy.evidence?.place == .offset(LegacySample.rule.count))
    let short = Ruleset.legacyTable(
        info: LegacySample.info(LegacySample.entries.count), entries: LegacySample.rule, family: .ipv4)
    #expect(short.verdict(for: .ipv4).reason.contains("does not fit"))
}
