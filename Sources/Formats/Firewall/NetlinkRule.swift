import AssayBytes

/// Turns the expressions of one kernel rule into conditions and a verdict.
///
/// A rule is a program for a machine of registers: expressions load a property, mask it, and compare it. Constants and
/// attribute numbers: `linux/netfilter/nf_tables.h`.
struct NetlinkRule {
    private let key: ChainKey
    private let place: FirewallEvidence.Place
    private let order: Endianness
    private let sets: [NetlinkRuleset.SetKey: NetlinkSet]
    private var match: Match
    private var registers: [UInt64: NetlinkLoad] = [:]
    private var transport: String?
    private var low: (register: UInt64, value: String)?
    private var action: Rule.Action?
    private var branches: [(match: Match, action: Rule.Action)] = []

    init(
        _ key: ChainKey, _ place: FirewallEvidence.Place, order: Endianness,
        sets: [NetlinkRuleset.SetKey: NetlinkSet]
    ) {
        self.key = key
        self.place = place
        self.order = order
        self.sets = sets
        match = Match(key.families)
    }

    func rules() -> [Rule] {
        func rule(_ match: Match, _ action: Rule.Action) -> Rule {
            let text = "\(key.family) \(key.table) \(key.name): \(match.text) \(action)"
            return Rule(
                match: match, action: action,
                evidence: FirewallEvidence(source: NetlinkRuleset.source, place: place, text: text))
        }
        return branches.map { rule($0.match, $0.action) } + [rule(match, action ?? .none)]
    }

    mutating func read(_ list: ArraySlice<UInt8>) throws(NetlinkError) {
        for element in try NetlinkAttributes(list, order: order).list where action == nil {
            let expression = try NetlinkAttributes(element.bytes, order: order)
            guard let name = expression.text(1) else { throw NetlinkError(message: "an expression without a name") }
            let data = try NetlinkAttributes(expression[2] ?? [], order: order)
            if low != nil, name != "cmp" { closeRange() }
            try read(name, data)
        }
        closeRange()
    }

    private mutating func read(_ name: String, _ data: NetlinkAttributes) throws(NetlinkError) {
        switch name {
        case "counter", "log", "notrack", "last", "tproxy", "dup", "flow_offload", "byteorder": break
        case "immediate": try immediate(data)
        case "reject": action = .drop
        case "masq", "nat", "redir": action = .accept
        case "queue", "synproxy", "fwd": action = .unknown
        case "limit", "quota", "connlimit": rate(name, data)
        case "objref": objectReference(data)
        case "dynset": if data[6] != nil || data[9] != nil { match.add(Condition(.rate, "limit")) }
        case "meta", "ct", "payload", "fib", "exthdr", "rt", "socket", "xfrm", "osf", "numgen", "hash", "tunnel":
            load(name, data)
        case "bitwise": try bitwise(data)
        case "cmp": try compare(data)
        case "range": try range(data)
        case "lookup": try lookup(data)
        case "match": extensionMatch(data)
        case "target":
            let target = IPTablesRule.action(ofTarget: data.text(1) ?? "")
            if target != Rule.Action.none { action = target ?? .unknown }
        default: match.add(Condition(.unknown, name))
        }
    }

    // MARK: Verdicts

    private mutating func immediate(_ data: NetlinkAttributes) throws(NetlinkError) {
        guard let register = data.number(1), let value = data[2] else {
            throw NetlinkError(message: "an immediate without a register")
        }
        guard register == 0 else {
            registers[register] = nil
            return
        }
        guard let verdict = try NetlinkAttributes(value, order: order)[2] else {
            throw NetlinkError(message: "an immediate without a verdict")
        }
        let action = try NetlinkRuleset.action(verdict, order: order)
        if action != .none { self.action = action }
    }

    private mutating func rate(_ name: String, _ data: NetlinkAttributes) {
        let flagsType: UInt16 = name == "limit" ? 5 : 2
        let isOver = data.number(flagsType).map { $0 & 1 != 0 } ?? false
        match.add(Condition(isOver ? .other(narrows: false) : .rate, name))
    }

    /// A reference to a named object: a limit or a quota is a condition, a counter or a helper is not.
    private mutating func objectReference(_ data: NetlinkAttributes) {
        switch data.number(1) {
        case 1, 3, 7, 8, 9: break
        case 2, 4, 5: match.add(Condition(.rate, "limit"))
        default: match.add(Condition(.unknown, "object"))
        }
    }

    private mutating func extensionMatch(_ data: NetlinkAttributes) {
        guard let name = data.text(1) else { return }
        let family: AddressFamily = match.families == .ipv6 ? .ipv6 : .ipv4
        let revision = data.number(2) ?? 0
        for condition in XTMatch.conditions(name, revision: revision, data[3] ?? [], family: family, order: order) {
            match.add(condition)
        }
    }

    // MARK: Registers

    private mutating func load(_ name: String, _ data: NetlinkAttributes) {
        // With a source register these change the packet or its surroundings: no condition.
        let source: UInt16 = name == "meta" ? 3 : name == "ct" ? 5 : name == "payload" ? 6 : 0
        if source != 0, data[source] != nil { return }
        let target: UInt16 = ["socket", "hash"].contains(name) ? 2 : 1
        guard let register = data.number(target) else { return }
        registers[register] = NetlinkLoad(name, data, families: match.families, transport: transport)
    }

    private mutating func bitwise(_ data: NetlinkAttributes) throws(NetlinkError) {
        guard let source = data.number(1), let target = data.number(2) else {
            throw NetlinkError(message: "a bitwise without registers")
        }
        var load = registers[source]
        if let mask = data[4] { load?.mask = Array(try NetlinkAttributes(mask, order: order)[1] ?? []) }
        if let change = data[5], try NetlinkAttributes(change, order: order)[1]?.contains(where: { $0 != 0 }) ?? false {
            load = nil
        }
        if let operation = data.number(6), operation != 0 { load = nil }
        registers[target] = load
    }

    private mutating func add(_ load: NetlinkLoad, _ values: [String], negated: Bool) {
        var values = values
        var negated = negated
        if load.isMasked {
            // A masked state is compared with zero: "none of these" when equal.
            guard load.subject == .connectionState, values == ["none"] else {
                match.add(
                    Condition(load.subject == .connectionState ? .unknown : .other(narrows: true), load.text, values))
                return
            }
            values = load.maskedStates(order)
            negated.toggle()
        }
        if load.subject == .transportProtocol, !negated, values.count == 1 { transport = values.first }
        match.add(Condition(load.subject, load.text, values, negated: negated, families: load.families))
    }

    private mutating func closeRange() {
        guard let low else { return }
        self.low = nil
        if let load = registers[low.register] { add(load, [">=" + low.value], negated: false) }
    }

    private mutating func compare(_ data: NetlinkAttributes) throws(NetlinkError) {
        guard let register = data.number(1), let operation = data.number(2), let nested = data[3],
            let value = try NetlinkAttributes(nested, order: order)[1]
        else { throw NetlinkError(message: "a comparison without its parts") }
        guard let load = registers[register] else {
            match.add(Condition(.unknown, "comparison"))
            return
        }
        let text = load.render(value, order)
        if operation == 3, let low, low.register == register {
            self.low = nil
            add(load, [low.value + "-" + text], negated: false)
            return
        }
        closeRange()
        switch operation {
        case 0: add(load, [text], negated: false)
        case 1: add(load, [text], negated: true)
        case 5: low = (register, text)
        case 2, 3: add(load, ["<" + text], negated: false)
        default: add(load, [">" + text], negated: false)
        }
    }

    private mutating func range(_ data: NetlinkAttributes) throws(NetlinkError) {
        guard let register = data.number(1), let operation = data.number(2), let first = data[3], let last = data[4],
            let low = try NetlinkAttributes(first, order: order)[1],
            let high = try NetlinkAttributes(last, order: order)[1]
        else { throw NetlinkError(message: "a range without its parts") }
        guard let load = registers[register] else {
            match.add(Condition(.unknown, "range"))
            return
        }
        add(load, [load.render(low, order) + "-" + load.render(high, order)], negated: operation == 1)
    }

    // MARK: Sets

    private mutating func lookup(_ data: NetlinkAttributes) throws(NetlinkError) {
        guard let name = data.text(1), let register = data.number(2) else {
            throw NetlinkError(message: "a lookup without its parts")
        }
        let set = sets[NetlinkRuleset.SetKey(family: key.family, table: key.table, name: name)]
        guard var load = registers[register], !load.isMasked else {
            match.add(Condition(.unknown, "@\(name)"))
            if data.number(3) == 0 { action = .unknown }
            return
        }
        if let set, set.isConcatenation { load = load.concatenated }
        guard let target = data.number(3) else {
            let isInverted = data.number(5).map { $0 & 1 != 0 } ?? false
            let isNamed = !name.hasPrefix("__set")
            let values = set.map { load.render($0, order) } ?? []
            var condition = Condition(load.subject, load.text, values, negated: isInverted, families: load.families)
            if isNamed || values.isEmpty {
                let shown = Condition(load.subject, load.text, ["@\(name)"], negated: isInverted)
                condition = values.isEmpty ? shown : condition
                condition.text = shown.text
            }
            if load.subject == .transportProtocol, !isInverted { transport = values.count == 1 ? values.first : nil }
            match.add(condition)
            return
        }
        guard target == 0 else {
            registers[target] = nil
            return
        }
        verdictMap(load, set)
    }

    /// One rule for each element; a packet that is in none goes on with the next expression.
    private mutating func verdictMap(_ load: NetlinkLoad, _ set: NetlinkSet?) {
        guard let set, set.elements.count <= 10_000 else {
            match.add(Condition(.unknown, load.text))
            action = .unknown
            return
        }
        var other: (match: Match, action: Rule.Action)?
        for element in load.intervals(set, order) {
            guard let action = element.action else { continue }
            var branch = match
            if element.value == "*" {
                other = (branch, action)
                continue
            }
            branch.add(Condition(load.subject, load.text, [element.value], families: load.families))
            branches.append((branch, action))
        }
        if let other { branches.append(other) }
    }
}
