import AssayBytes

/// The conditions inside the binary matches of xtables, which both legacy iptables and iptables-nft hand to the kernel.
///
/// Layouts: `linux/netfilter/xt_*.h`; numbers are in the byte order of the machine. A match that is not known is an
/// unknown condition.
enum XTMatch {
    static func conditions(
        _ name: String, revision: UInt64, _ info: ArraySlice<UInt8>, family: AddressFamily, order: Endianness
    ) -> [Condition] {
        let unknown = [Condition(.unknown, name)]
        func byte(_ offset: Int) -> UInt8? { info.dropFirst(offset).first }
        func half(_ offset: Int) -> UInt16? { info.dropFirst(offset).number16(order) }
        func word(_ offset: Int) -> UInt32? { info.dropFirst(offset).number32(order) }
        switch name {
        case "tcp", "udp":
            guard let sourceLow = half(0), let sourceHigh = half(2), let low = half(4), let high = half(6) else {
                return unknown
            }
            let inverse = (name == "tcp" ? byte(11) : byte(8)) ?? 0
            var result = ports("sport", .sourcePort, sourceLow, sourceHigh, inverse & 1 != 0)
            result += ports("dport", .destinationPort, low, high, inverse & 2 != 0)
            if name == "tcp", byte(8) != 0 || byte(9) != 0 { result.append(Condition(.other(narrows: false), "flags")) }
            return result
        case "conntrack":
            return tracking(revision, half(146), half(148), revision >= 2 ? half(150) : byte(150).map { UInt16($0) })
        case "state": return word(0).map { [Condition(.connectionState, "ct state", Names.states($0))] } ?? unknown
        case "addrtype":
            guard let source = half(0), let destination = half(2), let flags = word(4) else { return unknown }
            let isInverted = revision == 0 ? (word(8) ?? 0) != 0 : flags & 2 != 0
            var result: [Condition] = []
            if source != 0 { result.append(Condition(.other(narrows: true), "fib saddr type")) }
            if destination != 0 {
                let names = ["unspec", "unicast", "local", "broadcast", "anycast", "multicast"]
                let values = names.indices.filter { destination >> $0 & 1 != 0 }.map { names[$0] }
                result.append(Condition(.destinationType, "fib daddr type", values, negated: isInverted))
            }
            return result
        case "multiport": return multiport(revision, info, order) ?? unknown
        case "icmp", "icmp6":
            guard let type = byte(0), let inverse = byte(3) else { return unknown }
            if family == .ipv4, type == 0xFF, inverse == 0 { return [] }
            let words = family == .ipv4 ? "icmp type" : "icmpv6 type"
            return [Condition(.icmpType, words, ["\(type)"], negated: inverse != 0)]
        case "pkttype":
            guard let type = word(0), let inverse = word(4) else { return unknown }
            let names = ["host", "broadcast", "multicast"]
            let value = Int(exactly: type).flatMap { $0 < names.count ? names[$0] : nil } ?? "other"
            return [Condition(.packetType, "pkttype", [value], negated: inverse != 0)]
        case "recent":
            // XT_RECENT_SET without a check enters the address into a list and always holds.
            guard let checks = byte(8) else { return unknown }
            return checks & 2 != 0 ? [] : [Condition(.other(narrows: true), name)]
        default:
            guard let subject = IPTablesRule.reach(ofModule: name) else { return unknown }
            return subject == .always ? [] : [Condition(subject, name)]
        }
    }

    private static func ports(
        _ words: String, _ subject: Condition.Subject, _ low: UInt16, _ high: UInt16, _ isInverted: Bool
    ) -> [Condition] {
        if low == 0, high == 0xFFFF, !isInverted { return [] }
        return [Condition(subject, words, [low == high ? "\(low)" : "\(low)-\(high)"], negated: isInverted)]
    }

    /// `struct xt_conntrack_mtinfo1` to `3`: only the state is looked at (XT_CONNTRACK_STATE is 1).
    private static func tracking(
        _ revision: UInt64, _ flags: UInt16?, _ inverse: UInt16?, _ states: UInt16?
    ) -> [Condition] {
        guard revision >= 1, revision <= 3, let flags, let inverse, let states else {
            return [Condition(.unknown, "conntrack")]
        }
        var result: [Condition] = []
        if flags & 1 != 0 {
            // The tracked states, and the bits for translated addresses, which no default depends on.
            var values = Names.states(UInt32(states) & 0x4F)
            if UInt32(states) & ~0x4F != 0 || values.isEmpty { values.append("dnat") }
            result.append(Condition(.connectionState, "ct state", values, negated: inverse & 1 != 0))
        }
        // XT_CONNTRACK_STATE_ALIAS tells only how it was written; XT_CONNTRACK_DIRECTION and the rest are not followed.
        if flags & ~0x2001 != 0 { result.append(Condition(.unknown, "conntrack")) }
        return result
    }

    private static func multiport(_ revision: UInt64, _ info: ArraySlice<UInt8>, _ order: Endianness) -> [Condition]? {
        let bytes = Array(info)
        guard bytes.count >= 32, revision == 0 || bytes.count >= 48 else { return nil }
        let count = Int(bytes[1])
        guard count <= 15 else { return nil }
        var values: [String] = []
        var index = 0
        while index < count {
            guard let port = bytes[(2 + 2 * index)...].number16(order) else { return nil }
            if revision >= 1, bytes[32 + index] != 0, index + 1 < count,
                let high = bytes[(4 + 2 * index)...].number16(order)
            {
                values.append("\(port)-\(high)")
                index += 1
            } else {
                values.append("\(port)")
            }
            index += 1
        }
        let isInverted = revision >= 1 && bytes[47] != 0
        switch bytes[0] {
        case 0: return [Condition(.sourcePort, "sport", values, negated: isInverted)]
        case 1: return [Condition(.destinationPort, "dport", values, negated: isInverted)]
        default: return [Condition(.other(narrows: false), "port", values, negated: isInverted)]
        }
    }
}
