/// One condition of a rule: a property of a packet and the values that it may have.
struct Condition: Hashable, Sendable {
    /// The property.
    enum Subject: Hashable, Sendable {
        case inputInterface
        case source
        case destination
        case connectionState
        case networkProtocol
        case transportProtocol
        case destinationPort
        case sourcePort
        case icmpType
        case packetType
        case destinationType
        /// A rate, a quota, a chance.
        case rate
        /// Always holds.
        case always
        /// Any other property; `narrows` when it cannot hold for most packets.
        case other(narrows: Bool)
        case unknown
    }

    var subject: Subject
    var values: [String] = []
    var negated = false
    /// The families for which it can hold at all.
    var families = Families.both
    /// In the words of nftables.
    var text: String

    /// A condition with its text made of `words` and the values.
    init(
        _ subject: Subject, _ words: String, _ values: [String] = [], negated: Bool = false, families: Families = .both
    ) {
        self.subject = subject
        self.values = values
        self.negated = negated
        self.families = families
        let list = values.prefix(20).joined(separator: ",") + (values.count > 20 ? ",…" : "")
        let head = words.isEmpty && negated ? "l4proto" : words
        text = head + (negated ? " !=" : "") + (values.isEmpty || head.isEmpty ? "" : " ") + list
        if subject == .networkProtocol, isUnderstood { self.families = networkFamilies }
    }

    /// What `judged` says about the packet in question.
    struct Judged {
        var reach: Match.Reach
        var traits: Match.Traits = []
        var exclusion: Match.Exclusion?
    }

    var judged: Judged {
        guard isUnderstood else { return Judged(reach: .unknown) }
        switch subject {
        case .inputInterface: return interface
        case .source: return source
        case .destination: return destination
        case .connectionState: return state
        case .networkProtocol, .always: return Judged(reach: .every)
        case .transportProtocol: return transport
        case .destinationPort: return Judged(reach: .some, traits: fewPorts ? .narrowed : [])
        case .sourcePort: return Judged(reach: .some)
        case .icmpType: return Judged(reach: .some, traits: .icmp)
        case .packetType: return general(values.contains { $0 == "host" || $0 == "unicast" })
        case .destinationType: return general(values.contains("local"))
        case .rate: return Judged(reach: .sampled)
        case .other(let narrows): return Judged(reach: .some, traits: narrows ? .narrowed : [])
        case .unknown: return Judged(reach: .unknown)
        }
    }

    /// Whether the values are known; those of a set that is filled elsewhere are not.
    private var isUnderstood: Bool {
        switch subject {
        case .networkProtocol: values.allSatisfy { Condition.networkProtocols.contains($0) }
        case .connectionState: !values.isEmpty && values.allSatisfy { Condition.states.contains($0) }
        case .packetType, .destinationType: !values.contains { $0.hasPrefix("@") }
        case .source, .inputInterface, .destination, .transportProtocol:
            !negated || !values.contains { $0.hasPrefix("@") }
        default: true
        }
    }

    private static let networkProtocols: Set<String> = [
        "ipv4", "ip", "2", "0x0800", "0x800", "ipv6", "ip6", "10", "0x86dd", "arp", "vlan", "8021q", "8021ad", "3", "7",
    ]

    private func general(_ holds: Bool) -> Judged {
        holds != negated ? Judged(reach: .every) : Judged(reach: .some, traits: .narrowed)
    }

    private var interface: Judged {
        if values.contains(where: { $0 == "*" || $0 == "+" || $0.isEmpty }) {
            return Judged(reach: negated ? .some : .every)
        }
        guard values.allSatisfy({ $0 == "lo" }), !values.isEmpty else { return Judged(reach: .some) }
        guard negated else { return Judged(reach: .some, traits: .loopback) }
        return Judged(reach: .every, exclusion: Match.Exclusion(text: "iif lo", traits: .loopback))
    }

    private var source: Judged {
        if values.contains(where: { prefixLength($0) == 0 }) { return Judged(reach: negated ? .some : .every) }
        let narrow = values.allSatisfy { (prefixLength($0) ?? 32) >= 8 }
        guard negated else { return Judged(reach: .some, traits: narrow ? .narrowed : []) }
        guard narrow else { return Judged(reach: .unknown) }
        let positive = Condition(subject, text.split(separator: " !=").first.map(String.init) ?? "saddr", values)
        return Judged(reach: .every, exclusion: Match.Exclusion(text: positive.text, traits: .narrowed))
    }

    private var destination: Judged {
        if values.contains(where: { prefixLength($0) == 0 }) { return Judged(reach: negated ? .some : .every) }
        guard !negated, !values.isEmpty, values.allSatisfy(isGroupAddress) else { return Judged(reach: .some) }
        return Judged(reach: .some, traits: .narrowed)
    }

    /// Multicast (RFC 5771, RFC 4291 section 2.7), the limited broadcast address, and link-local IPv6.
    private func isGroupAddress(_ value: String) -> Bool {
        let lower = value.lowercased()
        if lower.hasPrefix("ff") || lower.hasPrefix("fe8") || lower.hasPrefix("255.255.255.255") { return true }
        guard let first = lower.split(separator: ".").first.flatMap({ Int($0) }) else { return false }
        return (224...239).contains(first) && lower.contains(".")
    }

    private var state: Judged {
        let holdsNew = values.contains("new")
        let answers = values.allSatisfy { $0 == "established" || $0 == "related" || $0 == "dnat" || $0 == "snat" }
        guard negated else {
            if holdsNew { return Judged(reach: .every) }
            return Judged(reach: .some, traits: answers ? .established : .narrowed)
        }
        if holdsNew { return Judged(reach: .some, traits: .established) }
        let text = "ct state " + values.joined(separator: ",")
        return Judged(reach: .every, exclusion: Match.Exclusion(text: text, traits: answers ? .established : .narrowed))
    }

    static let states: Set<String> = ["new", "established", "related", "invalid", "untracked", "dnat", "snat"]

    private var transport: Judged {
        if values.contains(where: { $0 == "all" || $0 == "0" }) { return Judged(reach: negated ? .some : .every) }
        guard !negated, !values.isEmpty, values.allSatisfy({ Condition.icmpProtocols.contains($0) }) else {
            return Judged(reach: .some)
        }
        return Judged(reach: .some, traits: .icmp)
    }

    static let icmpProtocols: Set<String> = ["icmp", "icmpv6", "ipv6-icmp", "1", "58"]

    private var networkFamilies: Families {
        var result: Families = []
        for value in values {
            switch value {
            case "ipv4", "ip", "2", "0x0800", "0x800": result.insert(.ipv4)
            case "ipv6", "ip6", "10", "0x86dd": result.insert(.ipv6)
            default: break
            }
        }
        return negated ? Families.both.subtracting(result) : result
    }

    /// At most 1,024 ports in all.
    private var fewPorts: Bool {
        guard !negated else { return false }
        var count = 0
        for value in values {
            let ends = value.split(separator: value.contains("-") ? "-" : ":").map { UInt16($0) }
            guard ends.count == 2 else {
                if value.hasPrefix("<") || value.hasPrefix(">") { return false }
                count += 1
                continue
            }
            guard let low = ends[0], let high = ends[1], low <= high else { return false }
            count += Int(high) - Int(low) + 1
        }
        return count <= 1024
    }

    /// The length of the prefix in `address/length` or `address/netmask`; nil when there is none.
    private func prefixLength(_ value: String) -> Int? {
        guard let slash = value.lastIndex(of: "/") else { return nil }
        let text = value[value.index(after: slash)...]
        if let length = Int(text) { return length }
        if text == "0.0.0.0" || text == "::" { return 0 }
        let parts = text.split(separator: ".").map { UInt8($0) }
        guard parts.count == 4 else { return nil }
        return parts.reduce(0) { $0 + ($1?.nonzeroBitCount ?? 0) }
    }
}
