import AssayBytes

/// A property of the packet in a register, and how its values are written.
struct NetlinkLoad {
    /// How the bytes of a value are to be read.
    private enum Format {
        case hex
        case port
        case address(width: Int)
        case interfaceIndex
        case interfaceName
        case transport
        case byte
        case icmp
        case etherType
        case state
        case addressType
        case packetType
    }

    private(set) var subject: Condition.Subject
    private(set) var text: String
    private(set) var families: Families = .both
    private var format = Format.hex
    /// What the value was masked with.
    var mask: [UInt8]?

    /// Reads a load expression: `meta`, `ct`, `payload`, `fib` or another.
    init(_ name: String, _ data: NetlinkAttributes, families: Families, transport: String?) {
        subject = .other(narrows: true)
        text = name
        switch name {
        case "meta": meta(data.number(2) ?? .max)
        case "ct": tracking(data.number(2) ?? .max)
        case "payload":
            payload(
                base: data.number(2) ?? .max, offset: data.number(3) ?? .max, length: data.number(4) ?? 0, families,
                transport)
        case "fib":
            // NFT_FIB_RESULT_ADDRTYPE of the destination.
            let isDestination = data.number(3).map { $0 & 2 != 0 } ?? false
            if data.number(2) == 3 { set(isDestination ? .destinationType : subject, "fib daddr type", .addressType) }
        case "numgen", "hash": subject = .rate
        case "exthdr": subject = .other(narrows: false)
        default: break
        }
    }

    private mutating func set(_ subject: Condition.Subject, _ text: String, _ format: Format) {
        self.subject = subject
        self.text = text
        self.format = format
    }

    private mutating func meta(_ key: UInt64) {
        switch key {
        case 1: set(.networkProtocol, "meta protocol", .etherType)
        case 4: set(.inputInterface, "iif", .interfaceIndex)
        case 6: set(.inputInterface, "iif", .interfaceName)
        case 15: set(.networkProtocol, "meta nfproto", .byte)
        case 16: set(.transportProtocol, "", .transport)
        case 19: set(.packetType, "pkttype", .packetType)
        case 24, 30, 31, 32: set(.rate, "meta \(key)", .hex)
        case 0, 2: set(.other(narrows: false), "meta \(key)", .hex)
        default: set(.other(narrows: true), "meta \(key)", .hex)
        }
    }

    private mutating func tracking(_ key: UInt64) {
        switch key {
        case 0: set(.connectionState, "ct state", .state)
        case 1, 5, 7, 10, 14, 15, 16: set(.unknown, "ct \(key)", .hex)
        default: set(.other(narrows: true), "ct \(key)", .hex)
        }
    }

    private mutating func payload(
        base: UInt64, offset: UInt64, length: UInt64, _ families: Families, _ transport: String?
    ) {
        text = "@\(base),\(offset),\(length)"
        subject = .other(narrows: false)
        switch (base, families) {
        case (1, .ipv4): network("ip", offset, length, source: 12, width: 4, next: 9)
        case (1, .ipv6): network("ip6", offset, length, source: 8, width: 16, next: 6)
        case (2, _) where length == 2 && offset == 0: set(.sourcePort, "sport", .port)
        case (2, _) where length == 2 && offset == 2: set(.destinationPort, "dport", .port)
        case (2, _) where length == 1 && offset == 0 && transport == "icmp": set(.icmpType, "icmp type", .icmp)
        case (2, _) where length == 1 && offset == 0 && transport == "icmpv6": set(.icmpType, "icmpv6 type", .icmp)
        default: break
        }
    }

    private mutating func network(
        _ name: String, _ offset: UInt64, _ length: UInt64, source: UInt64, width: UInt64, next: UInt64
    ) {
        if offset == source, length <= width {
            set(.source, "\(name) saddr", .address(width: Int(width)))
        } else if offset == source + width, length <= width {
            set(.destination, "\(name) daddr", .address(width: Int(width)))
        } else if offset == next, length == 1 {
            set(.transportProtocol, "", .transport)
        }
    }

    /// The first part of several that are looked up together.
    var concatenated: NetlinkLoad {
        var result = self
        let narrows = subject == .source || subject == .destinationPort || subject == .other(narrows: true)
        result.set(.other(narrows: narrows), text + " . …", .hex)
        return result
    }

    /// Whether a mask other than that of an address prefix lies on the value.
    var isMasked: Bool {
        guard let mask else { return false }
        if case .address = format { return prefixLength(mask) == nil }
        return true
    }

    func maskedStates(_ order: Endianness) -> [String] { Names.states(mask?[...].number32(order) ?? 0) }

    private func prefixLength(_ mask: [UInt8]) -> Int? {
        let bits = mask.reduce(0) { $0 + $1.nonzeroBitCount }
        for (index, byte) in mask.enumerated() {
            let rest = max(0, min(8, bits - 8 * index))
            if byte != (rest == 0 ? 0 : UInt8(truncatingIfNeeded: 0xFF00 >> rest)) { return nil }
        }
        return bits
    }

    // MARK: Values

    /// A value as text.
    func render(_ value: ArraySlice<UInt8>, _ order: Endianness) -> String {
        switch format {
        case .hex: return "0x" + Hex.encode(value.prefix(32))
        case .port: return value.number16(.big).map { "\($0)" } ?? "?"
        case .address(let width): return address(value, width)
        case .interfaceIndex:
            let index = value.number32(order) ?? 0
            return index == 1 ? "lo" : "#\(index)"
        case .interfaceName: return value.contains(0) ? value.cString : value.cString + "*"
        case .transport: return value.first.map { Names.transport("\($0)") } ?? "?"
        case .byte, .icmp: return value.first.map { "\($0)" } ?? "?"
        case .etherType: return value.number16(.big) == 0x86DD ? "ip6" : value.number16(.big) == 0x0800 ? "ip" : "arp"
        case .state:
            let states = Names.states(value.number32(order) ?? 0)
            return states.count == 1 ? states[0] : states.isEmpty ? "none" : "several"
        case .addressType:
            let names = ["unspec", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable"]
            let index = value.number32(order).flatMap { Int(exactly: $0) } ?? 0
            return index < names.count ? names[index] : "\(index)"
        case .packetType:
            let names = ["host", "broadcast", "multicast", "other"]
            return value.first.map { Int($0) < names.count ? names[Int($0)] : "\($0)" } ?? "?"
        }
    }

    private func address(_ value: ArraySlice<UInt8>, _ width: Int) -> String {
        let bits = mask.flatMap { prefixLength($0) } ?? value.count * 8
        let full = Array(value.prefix(width)) + [UInt8](repeating: 0, count: max(0, width - value.count))
        return NetlinkLoad.text(full) + (bits < width * 8 ? "/\(bits)" : "")
    }

    /// An address as text; IPv6 as RFC 5952 recommends.
    static func text(_ address: [UInt8]) -> String {
        if address.count == 4 { return address.map { "\($0)" }.joined(separator: ".") }
        let groups = stride(from: 0, to: address.count - 1, by: 2).map {
            UInt16(address[$0]) << 8 | UInt16(address[$0 + 1])
        }
        var best = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start > max(1, best.count) { best = start..<end }
            start = max(end, start + 1)
        }
        let parts = groups.map { String($0, radix: 16) }
        guard !best.isEmpty else { return parts.joined(separator: ":") }
        return parts[..<best.lowerBound].joined(separator: ":") + "::"
            + parts[best.upperBound...].joined(separator: ":")
    }

    /// The values of a set's elements.
    func render(_ set: NetlinkSet, _ order: Endianness) -> [String] { intervals(set, order).map(\.value) }

    /// The elements with their values, intervals joined from their two ends; `*` stands for every other value.
    func intervals(_ set: NetlinkSet, _ order: Endianness) -> [(value: String, action: Rule.Action?)] {
        var result: [(value: String, action: Rule.Action?)] = []
        for element in set.elements where element.isCatchAll { result.append(("*", element.action)) }
        let elements = set.elements.filter { !$0.isCatchAll }
        guard set.isInterval, !set.isConcatenation else {
            return elements.map { (render($0.key[...], order), $0.action) } + result
        }
        let sorted = elements.sorted {
            $0.key == $1.key ? $0.isEnd && !$1.isEnd : $0.key.lexicographicallyPrecedes($1.key)
        }
        var all: [(value: String, action: Rule.Action?)] = []
        for (index, element) in sorted.enumerated() where !element.isEnd {
            let end = index + 1 < sorted.count ? sorted[index + 1].key : nil
            all.append((interval(element.key, end, order), element.action))
        }
        return all + result
    }

    /// The interval from `first` to before `end`; without an end to the largest value.
    private func interval(_ first: [UInt8], _ end: [UInt8]?, _ order: Endianness) -> String {
        var last = end ?? [UInt8](repeating: 0, count: first.count)
        for index in last.indices.reversed() {
            let (value, borrowed) = last[index].subtractingReportingOverflow(1)
            last[index] = value
            if !borrowed { break }
        }
        guard last != first else { return render(first[...], order) }
        if case .address(let width) = format, first.count == width, last.count == width {
            let mask = zip(first, last).map { ~($0 ^ $1) }
            if let bits = prefixLength(mask), zip(first, mask).allSatisfy({ $0 & ~$1 == 0 }),
                zip(last, mask).allSatisfy({ $0 | $1 == 0xFF })
            {
                return NetlinkLoad.text(first) + "/\(bits)"
            }
        }
        return render(first[...], order) + "-" + render(last[...], order)
    }
}
