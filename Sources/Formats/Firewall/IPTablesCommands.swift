/// The chains of iptables or ip6tables as commands change them.
///
/// Both the lines of iptables-save and the commands of a script are followed by it: iptables(8), iptables-restore(8).
struct IPTablesCommands {
    let family: AddressFamily
    private(set) var ruleset: Ruleset
    /// The words of each rule, for `-D` and `-I`, beside the rules themselves.
    private var words: [ChainKey: [[String]]] = [:]
    private var budget = Limits.work

    init(family: AddressFamily, source: String) {
        self.family = family
        ruleset = Ruleset(source: source)
    }

    private static let hooks: [String: Set<String>] = [
        "filter": ["INPUT"], "mangle": ["PREROUTING", "INPUT"], "raw": ["PREROUTING"], "security": ["INPUT"],
        "nat": ["PREROUTING", "INPUT"],
    ]
    private static let builtIn: Set<String> = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]

    func key(_ table: String, _ chain: String) -> ChainKey {
        ChainKey(family: family == .ipv4 ? "ip" : "ip6", table: table, name: chain)
    }

    mutating func fail(_ place: TextPlace, _ why: String) { ruleset.fail(place.reason(why)) }

    /// Whether the chain exists: built-in ones always do.
    func exists(_ key: ChainKey) -> Bool {
        ruleset.chains[key] != nil || IPTablesCommands.builtIn.contains(key.name)
    }

    /// Makes the chain when it does not exist.
    mutating func declare(_ key: ChainKey, _ place: TextPlace) {
        guard ruleset.chains[key] == nil else { return }
        var chain = Chain(evidence: place.evidence("chain \(key.name) of table \(key.table): policy ACCEPT"))
        chain.isBase = IPTablesCommands.hooks[key.table]?.contains(key.name) ?? false
        ruleset.chains[key] = chain
        ruleset.order.append(key)
    }

    mutating func setPolicy(_ key: ChainKey, _ policy: String, _ place: TextPlace) {
        declare(key, place)
        switch policy {
        case "ACCEPT": ruleset.chains[key]?.policy = .accept
        case "DROP": ruleset.chains[key]?.policy = .drop
        case "-": return
        default:
            fail(place, "unknown policy '\(policy)'")
            return
        }
        ruleset.chains[key]?.evidence = place.evidence("chain \(key.name) of table \(key.table): policy \(policy)")
    }

    /// Empties all chains of `table`; the user's chains go when `deleting`.
    mutating func flush(table: String, deleting: Bool) {
        budget -= ruleset.order.count
        guard budget > 0 else { return }
        for key in ruleset.order where key.table == table {
            empty(key)
            if deleting, !IPTablesCommands.builtIn.contains(key.name) { forget(key) }
        }
        ruleset.order.removeAll { ruleset.chains[$0] == nil }
    }

    private mutating func forget(_ key: ChainKey) {
        ruleset.chains[key] = nil
        words[key] = nil
    }

    private mutating func empty(_ key: ChainKey) {
        ruleset.chains[key]?.rules = []
        words[key] = []
    }

    /// Follows one command line, without the name of the program.
    mutating func run(_ arguments: [String], table defaultTable: String = "filter", place: TextPlace) {
        budget -= 1 + ruleset.order.count / 1000
        guard budget > 0 else {
            fail(place, "too many commands")
            return
        }
        var table = defaultTable
        var rest: [String] = []
        var iterator = arguments.makeIterator()
        while let word = iterator.next() {
            if word == "-t" || word == "--table" {
                table = iterator.next() ?? table
            } else if word.hasPrefix("--table=") {
                table = String(word.dropFirst(8))
            } else {
                rest.append(word)
            }
        }
        while let first = rest.first,
            ["-w", "--wait", "-n", "-v", "-x", "-4", "-6", "--ipv4", "--ipv6"].contains(first)
        {
            rest.removeFirst()
            if first == "-w" || first == "--wait", let next = rest.first, Int(next) != nil { rest.removeFirst() }
        }
        guard let verb = rest.first else {
            fail(place, "a command without an action")
            return
        }
        perform(verb, Array(rest.dropFirst()), table, place)
    }

    private mutating func perform(_ verb: String, _ rest: [String], _ table: String, _ place: TextPlace) {
        let chain = rest.first.flatMap { $0.hasPrefix("-") ? nil : $0 }
        let key = key(table, chain ?? "")
        switch verb {
        case "-P", "--policy":
            guard rest.count >= 2, IPTablesCommands.builtIn.contains(key.name) else {
                return fail(place, "not a policy")
            }
            setPolicy(key, rest[1], place)
        case "-N", "--new-chain", "-X", "--delete-chain", "-F", "--flush", "-E", "--rename-chain":
            changeChain(verb, rest, key, chain != nil, place)
        case "-A", "--append":
            guard chain != nil else { return fail(place, "a chain's name is missing") }
            insert(Array(rest.dropFirst()), at: nil, key, place)
        case "-I", "--insert", "-R", "--replace", "-D", "--delete":
            guard chain != nil else { return fail(place, "a chain's name is missing") }
            changeRule(verb, Array(rest.dropFirst()), key, place)
        case "-Z", "--zero", "-L", "--list", "-S", "--list-rules", "-C", "--check", "-V", "--version", "-h", "--help":
            break
        default: fail(place, "unknown action '\(verb)'")
        }
    }

    private mutating func changeChain(
        _ verb: String, _ rest: [String], _ key: ChainKey, _ isNamed: Bool, _ place: TextPlace
    ) {
        if !["-N", "--new-chain"].contains(verb), !isNamed || !verb.contains("F") { budget -= ruleset.order.count }
        switch verb {
        case "-N", "--new-chain":
            guard isNamed else { return fail(place, "a chain's name is missing") }
            declare(key, place)
        case "-X", "--delete-chain":
            guard isNamed else {
                for other in ruleset.order where other.table == key.table {
                    if !IPTablesCommands.builtIn.contains(other.name) { forget(other) }
                }
                ruleset.order.removeAll { ruleset.chains[$0] == nil }
                return
            }
            forget(key)
            ruleset.order.removeAll { $0 == key }
        case "-F", "--flush":
            guard isNamed else { return flush(table: key.table, deleting: false) }
            empty(key)
        default:
            guard rest.count >= 2, let chain = ruleset.chains[key] else { return fail(place, "cannot rename a chain") }
            let renamed = self.key(key.table, rest[1])
            let moved = words[key]
            forget(key)
            ruleset.chains[renamed] = chain
            words[renamed] = moved
            ruleset.order.removeAll { $0 == key || $0 == renamed }
            ruleset.order.append(renamed)
        }
    }

    private mutating func changeRule(_ verb: String, _ arguments: [String], _ key: ChainKey, _ place: TextPlace) {
        let number = arguments.first.flatMap { Int($0) }
        let rest = number == nil ? arguments : Array(arguments.dropFirst())
        let count = ruleset.chains[key]?.rules.count ?? 0
        budget -= count
        switch verb {
        case "-I", "--insert":
            let position = (number ?? 1) - 1
            guard position >= 0, position <= count else { return fail(place, "no rule with this number") }
            insert(rest, at: position, key, place)
        case "-R", "--replace":
            guard let number, number >= 1, number <= count else { return fail(place, "no rule with this number") }
            remove(key, number - 1)
            insert(rest, at: number - 1, key, place)
        default:
            let position = number.map { $0 - 1 } ?? words[key]?.firstIndex(of: rest)
            guard let position, position >= 0, position < count else { return fail(place, "no such rule to delete") }
            remove(key, position)
        }
    }

    private mutating func remove(_ key: ChainKey, _ position: Int) {
        ruleset.chains[key]?.rules.remove(at: position)
        words[key]?.remove(at: position)
    }

    /// Adds the rule that `arguments` describe, at the end when `position` is nil.
    private mutating func insert(_ arguments: [String], at position: Int?, _ key: ChainKey, _ place: TextPlace) {
        guard exists(key) else { return fail(place, "unknown chain '\(key.name)'") }
        declare(key, place)
        let rule = IPTablesRule(arguments[...], family: family)
        switch rule.action {
        case .jump(let name), .goto(let name):
            guard exists(self.key(key.table, name)) else { return fail(place, "unknown target '\(name)'") }
        default: break
        }
        let count = ruleset.chains[key]?.rules.count ?? 0
        guard count < Limits.rules else { return fail(place, "too many rules") }
        let text = "-A \(key.name) " + arguments.prefix(60).joined(separator: " ")
        let new = Rule(match: rule.match, action: rule.action, evidence: place.evidence(text))
        ruleset.chains[key]?.rules.insert(new, at: position ?? count)
        words[key, default: []].insert(arguments, at: position ?? count)
    }
}
