public import AssayBytes

extension Ruleset {
    /// Reads what the kernel answers to dumps of nf_tables' tables, chains, rules, sets and set elements.
    ///
    /// Constants: `linux/netfilter/nf_tables.h`. Truncated messages make every answer undecided.
    ///
    /// - Parameters:
    ///   - buffers: what was received, each with one or more whole messages, in any order of the dumps.
    ///   - order: the byte order of the machine that the messages come from.
    /// - Returns: the chains, or a ruleset that says why there are none.
    public static func netlink(_ buffers: [[UInt8]], order: Endianness = .little) -> Ruleset {
        var reader = NetlinkRuleset(order: order)
        do throws(NetlinkError) {
            var size = 0
            for buffer in buffers {
                size += buffer.count
                guard size <= Limits.messages else { throw NetlinkError(message: "too many messages") }
                for message in try NetlinkMessage.read(buffer, order: order) { try reader.add(message) }
            }
            return try reader.ruleset()
        } catch {
            var result = Ruleset(source: NetlinkRuleset.source)
            result.fail("\(NetlinkRuleset.source): \(error.message)")
            return result
        }
    }
}

/// A set or a map of the kernel.
struct NetlinkSet {
    /// One element; for an interval its first key, or the first key behind it.
    struct Element {
        var key: [UInt8]
        var isEnd = false
        var isCatchAll = false
        var action: Rule.Action?
    }

    var isInterval = false
    var isConcatenation = false
    var elements: [Element] = []
}

/// Puts messages together to chains.
struct NetlinkRuleset {
    static let source = "nf_tables"

    /// Sets are named inside their table.
    struct SetKey: Hashable {
        var family: String
        var table: String
        var name: String
    }

    private let order: Endianness
    private var chains: [ChainKey: Chain] = [:]
    private var names: [ChainKey] = []
    private var rules: [(key: ChainKey, attributes: NetlinkAttributes)] = []
    private var sets: [SetKey: NetlinkSet] = [:]
    private var dormant: Set<SetKey> = []

    init(order: Endianness) { self.order = order }

    mutating func add(_ message: NetlinkMessage) throws(NetlinkError) {
        guard message.family != "other" else { return }
        let attributes = message.attributes
        guard let table = attributes.text(1) else { throw NetlinkError(message: "a message without a table") }
        switch message.kind {
        case .table:
            // NFT_TABLE_F_DORMANT: its chains are not hooked.
            if attributes.number(2).map({ $0 & 1 != 0 }) ?? false {
                dormant.insert(SetKey(family: message.family, table: table, name: ""))
            }
        case .chain: try addChain(message.family, table, attributes)
        case .rule:
            guard let name = attributes.text(2) else { throw NetlinkError(message: "a rule without a chain") }
            guard rules.count < Limits.rules else { throw NetlinkError(message: "too many rules") }
            rules.append((ChainKey(family: message.family, table: table, name: name), attributes))
        case .set:
            guard let name = attributes.text(2) else { throw NetlinkError(message: "a set without a name") }
            let flags = attributes.number(3) ?? 0
            let key = SetKey(family: message.family, table: table, name: name)
            sets[key, default: NetlinkSet()].isInterval = flags & 0x4 != 0
            sets[key]?.isConcatenation = flags & 0x80 != 0
        case .elements: try addElements(message.family, table, attributes)
        }
    }

    private mutating func addChain(
        _ family: String, _ table: String, _ attributes: NetlinkAttributes
    ) throws(NetlinkError) {
        guard let name = attributes.text(3) else { throw NetlinkError(message: "a chain without a name") }
        let key = ChainKey(family: family, table: table, name: name)
        let place: FirewallEvidence.Place = attributes.number(2).map { .handle($0) } ?? .whole
        var text = "chain \(family) \(table) \(name)"
        var chain = Chain(evidence: FirewallEvidence(source: NetlinkRuleset.source, place: place, text: text))
        if let hook = attributes[4] {
            let values = try NetlinkAttributes(hook, order: order)
            guard let number = values.number(1) else { throw NetlinkError(message: "a hook without a number") }
            // NF_INET_PRE_ROUTING and NF_INET_LOCAL_IN.
            chain.isBase = number <= 1
            chain.priority = values.number(2).map { Int(Int32(truncatingIfNeeded: $0)) } ?? 0
            switch attributes.number(5) {
            case 0: chain.policy = .drop
            case 1, nil: chain.policy = .accept
            default: chain.policy = .unknown
            }
            text += ": hook \(number == 1 ? "input" : "\(number)") policy \(chain.policy)"
            chain.evidence = FirewallEvidence(source: NetlinkRuleset.source, place: place, text: text)
        }
        if chains[key] == nil { names.append(key) }
        chains[key] = chain
    }

    private mutating func addElements(
        _ family: String, _ table: String, _ attributes: NetlinkAttributes
    ) throws(NetlinkError) {
        guard let name = attributes.text(2) else { throw NetlinkError(message: "elements without a set") }
        let key = SetKey(family: family, table: table, name: name)
        guard let list = attributes[3] else { return }
        for entry in try NetlinkAttributes(list, order: order).list {
            let values = try NetlinkAttributes(entry.bytes, order: order)
            var element = NetlinkSet.Element(key: [])
            if let data = values[1] { element.key = Array(try NetlinkAttributes(data, order: order)[1] ?? []) }
            let flags = values.number(3) ?? 0
            element.isEnd = flags & 1 != 0
            element.isCatchAll = flags & 2 != 0
            if let data = values[2], let verdict = try NetlinkAttributes(data, order: order)[2] {
                element.action = try NetlinkRuleset.action(verdict, order: order)
            }
            sets[key, default: NetlinkSet()].elements.append(element)
        }
    }

    /// The verdict in NFTA_DATA_VERDICT.
    static func action(_ verdict: ArraySlice<UInt8>, order: Endianness) throws(NetlinkError) -> Rule.Action {
        let values = try NetlinkAttributes(verdict, order: order)
        guard let code = values.number(1) else { throw NetlinkError(message: "a verdict without a code") }
        switch Int32(truncatingIfNeeded: code) {
        case 0: return .drop
        case 1: return .accept
        case -1: return .none
        case -3: return values.text(2).map { .jump($0) } ?? .unknown
        case -4: return values.text(2).map { .goto($0) } ?? .unknown
        case -5: return .leave
        default: return .unknown
        }
    }

    func ruleset() throws(NetlinkError) -> Ruleset {
        var result = Ruleset(source: NetlinkRuleset.source)
        for key in names {
            guard var chain = chains[key] else { continue }
            if dormant.contains(SetKey(family: key.family, table: key.table, name: "")) { chain.isBase = false }
            result.chains[key] = chain
            result.order.append(key)
        }
        var count = 0
        for (key, attributes) in rules {
            guard result.chains[key] != nil else { throw NetlinkError(message: "a rule of an unknown chain") }
            let handle = attributes.number(3).map { FirewallEvidence.Place.handle($0) } ?? .whole
            var rule = NetlinkRule(key, handle, order: order, sets: sets)
            if let list = attributes[4] { try rule.read(list) }
            let rules = rule.rules()
            count += rules.count
            guard count <= Limits.rules else { throw NetlinkError(message: "too many rules") }
            result.chains[key]?.rules += rules
        }
        return result
    }
}
