/// The left side of an nftables relation: which property of a packet is looked at.
///
/// Grammar: nft(8), sections "Primary expressions" and "Payload expressions".
struct NftSelector {
    var subject: Condition.Subject
    var text: String
    var families = Families.both
    /// The transport protocol that the property belongs to.
    var transport: String?

    private init(
        _ subject: Condition.Subject, _ text: String, families: Families = .both, transport: String? = nil
    ) {
        self.subject = subject
        self.text = text
        self.families = families
        self.transport = transport
    }

    /// Reads a selector at `index` and leaves `index` behind it; nil when there is none.
    init?(_ words: [NftToken], _ index: inout Int) {
        guard index < words.count, words[index].kind == .word else { return nil }
        let first = words[index].text
        let second = index + 1 < words.count ? words[index + 1].text : ""
        index += 1
        if let selector = NftSelector.meta(first) {
            self = selector
            return
        }
        let selector: NftSelector?
        switch first {
        case "meta":
            index += 1
            selector = NftSelector.meta(second) ?? NftSelector(.other(narrows: true), "meta \(second)")
        case "ct":
            index += 1
            selector = NftSelector.tracking(second, words, &index)
        case "ip", "ip6":
            index += 1
            selector = NftSelector.network(first, second)
        case "tcp", "udp", "udplite", "sctp", "dccp", "th":
            index += 1
            if second == "option" { index += 2 }
            selector = NftSelector.transport(first, second)
        case "icmp", "icmpv6":
            index += 1
            selector = NftSelector(
                .icmpType, second == "type" ? "\(first) type" : "\(first) \(second)",
                families: first == "icmp" ? .ipv4 : .ipv6)
        case "fib": selector = NftSelector.route(words, &index)
        case "ether" where second == "type":
            index += 1
            selector = NftSelector(.networkProtocol, "meta protocol")
        case "ether", "vlan", "esp", "ah", "comp", "igmp", "arp", "dccp-option", "frag", "hbh", "mh", "dst", "socket":
            index += 1
            selector = NftSelector(.other(narrows: true), "\(first) \(second)")
        default: selector = nil
        }
        guard let selector else { return nil }
        self = selector
    }

    /// Joins a second selector with a dot: the values are pairs.
    mutating func concatenate(_ other: NftSelector) {
        let narrows = [subject, other.subject].contains {
            $0 == .source || $0 == .destinationPort || $0 == .other(narrows: true)
        }
        subject = .other(narrows: narrows)
        text += " . " + (other.transport.map { $0 + " " } ?? "") + other.text
        families.formIntersection(other.families)
        transport = transport ?? other.transport
    }

    private static func meta(_ key: String) -> NftSelector? {
        switch key {
        case "iif", "iifname": NftSelector(.inputInterface, "iif")
        case "iiftype": NftSelector(.inputInterface, "iiftype")
        case "oif", "oifname", "oiftype": NftSelector(.other(narrows: true), key)
        case "nfproto", "protocol": NftSelector(.networkProtocol, "meta \(key)")
        case "l4proto": NftSelector(.transportProtocol, "")
        case "pkttype": NftSelector(.packetType, "pkttype")
        case "mark", "skuid", "skgid", "iifgroup", "oifgroup", "cgroup", "rtclassid", "ibrname", "obrname", "cpu":
            NftSelector(.other(narrows: true), key)
        case "length", "priority": NftSelector(.other(narrows: false), key)
        case "random", "time", "day", "hour": NftSelector(.rate, key)
        default: nil
        }
    }

    private static func tracking(_ key: String, _ words: [NftToken], _ index: inout Int) -> NftSelector? {
        switch key {
        case "state": return NftSelector(.connectionState, "ct state")
        case "count":
            let isOver = index < words.count && words[index].text == "over"
            if isOver { index += 1 }
            return NftSelector(isOver ? .other(narrows: false) : .rate, isOver ? "ct count over" : "ct count")
        case "original", "reply":
            guard index < words.count else { return nil }
            var text = "ct \(key)"
            if ["ip", "ip6"].contains(words[index].text) {
                text += " " + words[index].text
                index += 1
            }
            guard index < words.count else { return nil }
            text += " " + words[index].text
            index += 1
            return NftSelector(.other(narrows: true), text)
        case "direction", "bytes", "packets", "avgpkt", "expiration", "protocol", "l3proto":
            return NftSelector(.unknown, "ct \(key)")
        default: return NftSelector(.other(narrows: true), "ct \(key)")
        }
    }

    private static func network(_ name: String, _ field: String) -> NftSelector {
        let families: Families = name == "ip" ? .ipv4 : .ipv6
        let text = "\(name) \(field)"
        switch field {
        case "saddr": return NftSelector(.source, text, families: families)
        case "daddr": return NftSelector(.destination, text, families: families)
        case "protocol", "nexthdr": return NftSelector(.transportProtocol, "", families: families)
        case "version": return NftSelector(.always, text, families: families)
        default: return NftSelector(.other(narrows: false), text, families: families)
        }
    }

    private static func transport(_ name: String, _ field: String) -> NftSelector {
        let transport = name == "th" ? nil : name
        switch field {
        case "dport": return NftSelector(.destinationPort, "dport", transport: transport)
        case "sport": return NftSelector(.sourcePort, "sport", transport: transport)
        default: return NftSelector(.other(narrows: false), field, transport: transport)
        }
    }

    private static func route(_ words: [NftToken], _ index: inout Int) -> NftSelector? {
        var parts: [String] = []
        while index < words.count, parts.count < 12 {
            parts.append(words[index].text)
            index += 1
            if ["type", "oif", "oifname"].contains(parts.last), parts.dropLast().last != "." { break }
        }
        let text = "fib " + parts.joined(separator: " ")
        guard parts.last == "type" else { return NftSelector(.other(narrows: true), text) }
        return NftSelector(parts.first == "daddr" ? .destinationType : .other(narrows: true), text)
    }

    /// Values with the names that the kernel's tables give to well-known numbers taken back.
    func named(_ values: [String]) -> [String] {
        switch subject {
        case .destinationPort, .sourcePort: values.map { Names.port($0) }
        case .icmpType: values.map { Names.icmp($0, isVersion6: families == .ipv6) }
        case .transportProtocol: values.map { Names.transport($0) }
        case .inputInterface where text == "iiftype": values.map { $0 == "loopback" ? "lo" : $0 }
        default: values
        }
    }
}
