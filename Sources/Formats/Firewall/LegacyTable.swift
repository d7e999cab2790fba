public import AssayBytes

extension Ruleset {
    /// Reads a table of legacy iptables as the kernel hands it out.
    ///
    /// Layouts: `linux/netfilter_ipv4/ip_tables.h`, `linux/netfilter_ipv6/ip6_tables.h`, 64-bit. The policy of a hook is
    /// the verdict of the entry at its underflow. Entries that do not fit make the answer undecided.
    ///
    /// - Parameters:
    ///   - info: the 84 bytes of `struct ipt_getinfo` (IPT_SO_GET_INFO).
    ///   - entries: the entries of `struct ipt_get_entries` (IPT_SO_GET_ENTRIES) without its header.
    ///   - family: the protocol that was asked for.
    ///   - order: the byte order of the machine.
    /// - Returns: the chains, or a ruleset that says why there are none.
    public static func legacyTable(
        info: [UInt8], entries: [UInt8], family: AddressFamily, order: Endianness = .little
    ) -> Ruleset {
        var reader = LegacyTable(info: info, entries: entries, family: family, order: order)
        return reader.read()
    }
}

/// Walks over the entries of a table.
struct LegacyTable {
    private struct Entry {
        var offset: Int
        var end: Int
        var rule: Rule
        /// The name of the chain that begins behind this entry.
        var opens: String?
        var jump: (target: Int, isGoto: Bool)?
    }

    /// Where the parts of an entry lie.
    private struct Layout {
        var width: Int
        var interface: Int
        var interfaceMask: Int
        var transport: Int
        var flags: Int
        var targetOffset: Int
        var size: Int
    }

    private let info: [UInt8]
    private let bytes: [UInt8]
    private let family: AddressFamily
    private let order: Endianness
    private let layout: Layout
    private let source: String

    init(info: [UInt8], entries: [UInt8], family: AddressFamily, order: Endianness) {
        self.info = info
        bytes = entries
        self.family = family
        self.order = order
        let isVersion4 = family == .ipv4
        source = isVersion4 ? "ip_tables" : "ip6_tables"
        layout =
            isVersion4
            ? Layout(width: 4, interface: 16, interfaceMask: 48, transport: 80, flags: 82, targetOffset: 88, size: 112)
            : Layout(
                width: 16, interface: 64, interfaceMask: 96, transport: 128, flags: 131, targetOffset: 140, size: 168)
    }

    private func evidence(_ offset: Int, _ text: String) -> FirewallEvidence {
        FirewallEvidence(source: source, place: .offset(offset), text: text)
    }

    private func word(_ offset: Int) -> Int? {
        guard offset + 4 <= info.count else { return nil }
        return info[offset...].number32(order).flatMap { Int(exactly: $0) }
    }

    mutating func read() -> Ruleset {
        var result = Ruleset(source: source)
        guard info.count == 84, let hooks = word(32), let size = word(80), size == bytes.count else {
            result.fail("\(source): the header does not fit the entries")
            return result
        }
        let table = info[..<32].cString
        var entries: [Entry] = []
        var offset = 0
        while offset < bytes.count {
            guard let (entry, length) = entry(at: offset), entries.count < Limits.rules else {
                result.fail("\(source): malformed entry at byte \(offset)")
                return result
            }
            entries.append(entry)
            offset += length
        }
        addBaseChains(&result, table, entries, hooks)
        addUserChains(&result, table, entries)
        return result
    }

    private func key(_ table: String, _ name: String) -> ChainKey {
        ChainKey(family: family == .ipv4 ? "ip" : "ip6", table: table, name: name)
    }

    private func addBaseChains(_ result: inout Ruleset, _ table: String, _ entries: [Entry], _ hooks: Int) {
        // NF_INET_PRE_ROUTING and NF_INET_LOCAL_IN.
        for (hook, name) in [(0, "PREROUTING"), (1, "INPUT")] where hooks >> hook & 1 != 0 {
            guard let start = word(36 + 4 * hook), let underflow = word(56 + 4 * hook), start <= underflow,
                let last = entries.firstIndex(where: { $0.offset == underflow }),
                let first = entries.firstIndex(where: { $0.offset == start })
            else {
                result.fail("\(source): the hook \(name) does not fit the entries")
                continue
            }
            var chain = Chain(evidence: evidence(underflow, "\(table) \(name): policy"))
            chain.isBase = true
            chain.rules = entries[first..<last].map { resolved($0) }
            let policy = entries[last].rule
            switch (policy.action, policy.match.reach) {
            case (.accept, .every): chain.policy = .accept
            case (.drop, .every): chain.policy = .drop
            default: chain.policy = .unknown
            }
            chain.evidence = evidence(underflow, "\(table) \(name): policy \(chain.policy)")
            result.chains[key(table, name)] = chain
            result.order.append(key(table, name))
        }
    }

    private func addUserChains(_ result: inout Ruleset, _ table: String, _ entries: [Entry]) {
        var name: String?
        for entry in entries {
            if entry.opens != nil {
                name = LegacyTable.chainName(entry.end)
                if let name {
                    let key = key(table, name)
                    result.chains[key] = Chain(evidence: evidence(entry.offset, "chain \(entry.opens ?? "")"))
                    result.order.append(key)
                }
            } else if let name {
                result.chains[key(table, name)]?.rules.append(resolved(entry))
            }
        }
    }

    /// Chains are named by the offset of their first rule, which is what jumps hold.
    private static func chainName(_ offset: Int) -> String { "@\(offset)" }

    private func resolved(_ entry: Entry) -> Rule {
        guard let jump = entry.jump else { return entry.rule }
        var rule = entry.rule
        let name = LegacyTable.chainName(jump.target)
        rule.action = jump.isGoto ? .goto(name) : .jump(name)
        return rule
    }

    // MARK: Entries

    private func entry(at offset: Int) -> (Entry, length: Int)? {
        let rest = bytes[offset...]
        guard rest.count >= layout.size + 32,
            let targetOffset = rest.dropFirst(layout.targetOffset).number16(order).map({ Int($0) }),
            let next = rest.dropFirst(layout.targetOffset + 2).number16(order).map({ Int($0) }),
            targetOffset >= layout.size, targetOffset + 32 <= next, next <= rest.count
        else { return nil }
        let body = rest.prefix(next)
        var match = Match(Families(family))
        for condition in header(body) { match.add(condition) }
        var matches = body.prefix(targetOffset).dropFirst(layout.size)
        while !matches.isEmpty {
            guard let size = matches.number16(order).map({ Int($0) }), size >= 32, size <= matches.count else {
                return nil
            }
            let name = matches.dropFirst(2).prefix(29).cString
            let revision = matches.dropFirst(31).first.map { UInt64($0) } ?? 0
            let data = matches.prefix(size).dropFirst(32)
            for condition in XTMatch.conditions(name, revision: revision, data, family: family, order: order) {
                match.add(condition)
            }
            matches = matches.dropFirst(size)
        }
        let target = body.dropFirst(targetOffset)
        guard let size = target.number16(order), Int(size) + targetOffset <= next else { return nil }
        let name = target.dropFirst(2).prefix(29).cString
        var rule = Rule(match: match, action: .none, evidence: evidence(offset, match.text))
        var entry = Entry(offset: offset, end: offset + next, rule: rule)
        if name == "ERROR" {
            entry.opens = target.dropFirst(32).cString
        } else if name.isEmpty {
            guard let verdict = target.dropFirst(32).number32(order).map({ Int32(bitPattern: $0) }) else { return nil }
            let isGoto = body.dropFirst(layout.flags).first.map { $0 & 2 != 0 } ?? false
            switch verdict {
            case -1: rule.action = .drop
            case -2: rule.action = .accept
            case -5: rule.action = .leave
            case 0...:
                // A jump to the next entry is a rule without a target.
                if Int(verdict) != offset + next { entry.jump = (Int(verdict), isGoto) }
            default: rule.action = .unknown
            }
        } else {
            rule.action = IPTablesRule.action(ofTarget: name) ?? .unknown
        }
        rule.evidence = evidence(offset, "\(match.text) \(entry.jump.map { "jump \($0.target)" } ?? "\(rule.action)")")
        entry.rule = rule
        return (entry, next)
    }

    /// The conditions in the fixed part of an entry.
    private func header(_ body: ArraySlice<UInt8>) -> [Condition] {
        var result: [Condition] = []
        let width = layout.width
        let inverse = body.dropFirst(layout.flags + 1).first ?? 0
        let network = family == .ipv4 ? "ip" : "ip6"
        func field(_ offset: Int, _ length: Int) -> [UInt8] { Array(body.dropFirst(offset).prefix(length)) }
        func address(_ index: Int, _ name: String, _ subject: Condition.Subject, _ flag: UInt8) {
            let mask = field((2 + index) * width, width)
            guard mask.contains(where: { $0 != 0 }) || inverse & flag != 0 else { return }
            let bits = mask.reduce(0) { $0 + $1.nonzeroBitCount }
            let text = NetlinkLoad.text(field(index * width, width)) + (bits < width * 8 ? "/\(bits)" : "")
            result.append(Condition(subject, "\(network) \(name)", [text], negated: inverse & flag != 0))
        }
        func interface(_ index: Int, _ subject: Condition.Subject, _ name: String, _ flag: UInt8) {
            let mask = field(layout.interfaceMask + 16 * index, 16)
            guard mask.contains(where: { $0 != 0 }) else { return }
            // The mask covers the NUL of a whole name.
            let text = field(layout.interface + 16 * index, 16)[...].cString
            let isWhole = mask.filter { $0 != 0 }.count > text.utf8.count
            result.append(Condition(subject, name, [isWhole ? text : text + "+"], negated: inverse & flag != 0))
        }
        interface(0, .inputInterface, "iif", 0x01)
        interface(1, .other(narrows: true), "oif", 0x02)
        address(0, "saddr", .source, 0x08)
        address(1, "daddr", .destination, 0x10)
        let transport = body.dropFirst(layout.transport).number16(order) ?? 0
        if transport != 0 {
            let name = Names.transport("\(transport)")
            result.append(Condition(.transportProtocol, "", [name], negated: inverse & 0x40 != 0))
        }
        let flags = body.dropFirst(layout.flags).first ?? 0
        if flags & 1 != 0, family == .ipv4 { result.append(Condition(.other(narrows: true), "frag")) }
        return result
    }
}
