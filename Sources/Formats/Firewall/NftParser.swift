extension Ruleset {
    /// Reads an nftables text such as `/etc/nftables.conf`, beginning with an empty packet filter.
    ///
    /// Format: nft(8), <https://www.netfilter.org/projects/nftables/manpage.html>. Since `nft -f` loads all or nothing, a
    /// text that cannot be read to its end makes every answer undecided, with file and line.
    ///
    /// - Parameters:
    ///   - file: the text.
    ///   - include: the files that an `include` names, in the order in which nft reads them (sorted by name). The argument
    ///     is the pattern as written, perhaps a glob or a relative path (nft looks for that in its directory, `/etc`);
    ///     nil when it cannot be read.
    /// - Returns: the chains, or a ruleset that says why there are none.
    public static func nftables(_ file: SourceFile, include: (String) -> [SourceFile]?) -> Ruleset {
        var parser = NftParser(source: file.path)
        withoutActuallyEscaping(include) { parser.run(file, include: $0) }
        return parser.ruleset()
    }
}

/// Follows the commands of an nftables text and keeps the chains that result.
struct NftParser {
    /// A chain while its rules are still words.
    private struct RawChain {
        var chain: Chain
        var rules: [[NftToken]] = []
        var isHooked = false
    }

    /// The sets and maps of a table with the words of their elements.
    private struct Table {
        var dormant = false
        var sets: [String: [NftToken]] = [:]
    }

    private struct TableKey: Hashable {
        var family: String
        var name: String
    }

    /// A parse that cannot go on.
    private struct Stop: Error {
        var reason: String
    }

    private var chains: [ChainKey: RawChain] = [:]
    private var order: [ChainKey] = []
    private var tables: [TableKey: Table] = [:]
    private var variables: [String: [NftToken]] = [:]
    private var tokens: [NftToken] = []
    private var index = 0
    private var budget = Limits.tokens
    private var files = 0
    private var depth = 0
    private var problem: String?
    private let source: String
    private var file: TextPlace

    init(source: String) {
        self.source = source
        file = TextPlace(source: source, line: 1)
    }

    mutating func run(_ file: SourceFile, include: @escaping (String) -> [SourceFile]?) {
        do throws(Stop) {
            try read(file, include: include)
        } catch {
            problem = error.reason
        }
    }

    /// The chains, with their rules understood as far as possible.
    func ruleset() -> Ruleset {
        var result = Ruleset(source: source)
        if let problem {
            result.fail(problem)
            return result
        }
        var count = 0
        for key in order {
            guard let raw = chains[key] else { continue }
            let table = tables[TableKey(family: key.family, name: key.table)] ?? Table()
            var chain = raw.chain
            chain.isBase = raw.isHooked && !table.dormant
            for words in raw.rules {
                var rule = NftRuleParser(words, families: key.families, sets: table.sets)
                chain.rules += rule.rules()
                if let problem = rule.problem { result.fail(problem) }
            }
            count += chain.rules.count
            guard count <= Limits.rules else {
                result.fail("\(source): too many rules")
                return result
            }
            result.chains[key] = chain
            result.order.append(key)
        }
        return result
    }

    // MARK: Words

    private mutating func read(_ file: SourceFile, include: @escaping (String) -> [SourceFile]?) throws(Stop) {
        files += 1
        guard files <= Limits.includes, depth < Limits.includeDepth, file.bytes.count <= Limits.text else {
            throw Stop(reason: "\(file.path): too many or too large included files")
        }
        var lexer = NftLexer(file)
        let words = lexer.run(limit: budget)
        budget -= words.count
        if let problem = lexer.problem { throw Stop(reason: problem) }
        let saved = (tokens, index, self.file)
        tokens = words
        index = 0
        self.file = TextPlace(source: file.path, line: 1)
        depth += 1
        while index < tokens.count { try command(include) }
        depth -= 1
        (tokens, index, self.file) = saved
    }

    private var here: TextPlace { index < tokens.count ? tokens[index].place : (tokens.last?.place ?? file) }

    private func peek() -> NftToken? { index < tokens.count ? tokens[index] : nil }

    private func stop(_ why: String) -> Stop { Stop(reason: here.reason(why)) }

    private mutating func skipSeparators() {
        while let token = peek(), token.endsStatement { index += 1 }
    }

    private mutating func skipNewlines() {
        while let token = peek(), token.kind == .newline { index += 1 }
    }

    private mutating func word() throws(Stop) -> String {
        guard let token = peek(), token.kind == .word || token.kind == .quoted else { throw stop("a name is missing") }
        index += 1
        guard token.kind == .word, token.text.hasPrefix("$") else { return token.text }
        let value = try variable(token)
        guard value.count == 1, let first = value.first else { throw stop("'\(token.text)' is not one word") }
        return first.text
    }

    private func variable(_ token: NftToken) throws(Stop) -> [NftToken] {
        guard let value = variables[String(token.text.dropFirst())] else {
            throw Stop(reason: token.place.reason("unknown variable '\(token.text)'"))
        }
        return value
    }

    private mutating func accept(_ text: String) -> Bool {
        guard let token = peek(), token.text == text, token.kind != .quoted else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ mark: String) throws(Stop) {
        guard accept(mark) else { throw stop("'\(mark)' is missing") }
    }

    /// The words up to the end of the statement, with variables replaced; line ends inside braces are dropped.
    private mutating func statement() throws(Stop) -> [NftToken] {
        var result: [NftToken] = []
        var open = 0
        while let token = peek() {
            if open == 0, token.endsStatement || token.isMark("}") { break }
            index += 1
            if token.kind == .newline { continue }
            if token.isMark("{") || token.isMark("(") { open += 1 }
            if token.isMark("}") || token.isMark(")") { open -= 1 }
            guard open >= 0 else { throw stop("'\(token.text)' without its beginning") }
            if token.kind == .word, token.text.hasPrefix("$") {
                let value = try variable(token)
                budget -= value.count
                guard budget > 0 else { throw stop("text too long") }
                result += value.map { NftToken(kind: $0.kind, text: $0.text, place: token.place) }
            } else {
                result.append(token)
            }
        }
        guard open == 0 else { throw stop("'}' is missing") }
        return result
    }

    // MARK: Commands

    /// Follows a statement that stands at the top and inside of blocks, such as `include` or `define`.
    ///
    /// False when it is none of them.
    private mutating func common(_ include: @escaping (String) -> [SourceFile]?) throws(Stop) -> Bool {
        guard let token = peek(), token.kind == .word else { return false }
        switch token.text {
        case "include":
            index += 1
            let pattern = try word()
            guard let found = include(pattern) else { throw stop("cannot read the included '\(pattern)'") }
            let isGlob = pattern.contains { "*?[".contains($0) }
            if found.isEmpty, !isGlob { throw stop("the included '\(pattern)' is missing") }
            for file in found { try read(file, include: include) }
        case "define", "redefine":
            index += 1
            let name = try word()
            try expect("=")
            skipNewlines()
            let value = try statement()
            guard !value.isEmpty else { throw stop("a definition without a value") }
            variables[name] = value
        case "undefine":
            index += 1
            variables[try word()] = nil
        case "error":
            throw stop("an error statement")
        default: return false
        }
        return true
    }

    private mutating func command(_ include: @escaping (String) -> [SourceFile]?) throws(Stop) {
        skipSeparators()
        guard let token = peek() else { return }
        if try common(include) { return }
        guard token.kind == .word else { throw stop("unexpected '\(token.text)'") }
        index += 1
        switch token.text {
        case "add", "create": try add(include, inserting: false)
        case "insert": try add(include, inserting: true)
        case "table", "chain", "rule", "set", "map", "element", "flowtable", "counter", "quota", "ct", "limit",
            "secmark",
            "synproxy":
            index -= 1
            try add(include, inserting: false)
        case "delete", "destroy": try delete()
        case "flush": try flush()
        case "replace", "rename", "reset": try change(token.text)
        case "list", "get", "describe", "monitor", "export": _ = try statement()
        default:
            // A rule may stand without its verb: `inet filter input accept`.
            index -= 1
            try addRule(inserting: false)
        }
        guard let end = peek() else { return }
        guard end.endsStatement else { throw stop("unexpected '\(end.text)'") }
    }

    private static let families: Set<String> = ["ip", "ip6", "inet", "arp", "bridge", "netdev"]

    private mutating func family() -> String {
        guard let token = peek(), token.kind == .word, NftParser.families.contains(token.text) else { return "ip" }
        index += 1
        return token.text
    }

    private mutating func tableKey() throws(Stop) -> TableKey { TableKey(family: family(), name: try word()) }

    private mutating func chainKey() throws(Stop) -> ChainKey {
        let table = try tableKey()
        return ChainKey(family: table.family, table: table.name, name: try word())
    }

    private mutating func add(
        _ include: @escaping (String) -> [SourceFile]?, inserting: Bool
    ) throws(Stop) {
        guard let token = peek(), token.kind == .word else { throw stop("an object is missing") }
        switch token.text {
        case "table":
            index += 1
            let key = try tableKey()
            if tables[key] == nil { tables[key] = Table() }
            if accept("{") { try tableBody(key, include) }
        case "chain":
            index += 1
            let key = try chainKey()
            declare(key)
            if accept("{") { try chainBody(key, include) }
        case "rule":
            index += 1
            try addRule(inserting: inserting)
        case "element", "set", "map":
            index += 1
            let key = try tableKey()
            let name = try word()
            let body = try statement()
            addElements(key, name, token.text == "element" ? body : NftParser.elements(of: body))
        case "flowtable", "counter", "quota", "ct", "limit", "secmark", "synproxy":
            _ = try statement()
        default: try addRule(inserting: inserting)
        }
    }

    private mutating func addElements(_ key: TableKey, _ name: String, _ words: [NftToken]) {
        let inner = words.filter { !$0.isMark("{") && !$0.isMark("}") }
        guard !inner.isEmpty else {
            if tables[key]?.sets[name] == nil { tables[key, default: Table()].sets[name] = [] }
            return
        }
        let comma = NftToken(kind: .mark, text: ",", place: inner[0].place)
        tables[key, default: Table()].sets[name, default: []] += inner + [comma]
    }

    /// The words inside `elements = { … }` of a set's body.
    private static func elements(of body: [NftToken]) -> [NftToken] {
        guard let start = body.firstIndex(where: { $0.text == "elements" && $0.kind == .word }) else { return [] }
        let rest = body[(start + 1)...].drop { $0.isMark("=") }
        guard let close = rest.firstIndex(where: { $0.isMark("}") }) else { return [] }
        return Array(rest[..<close])
    }

    private mutating func declare(_ key: ChainKey) {
        let table = TableKey(family: key.family, name: key.table)
        if tables[table] == nil { tables[table] = Table() }
        guard chains[key] == nil else { return }
        order.append(key)
        let text = "chain \(key.family) \(key.table) \(key.name)"
        chains[key] = RawChain(chain: Chain(evidence: here.evidence(text)))
    }

    private mutating func addRule(inserting: Bool) throws(Stop) {
        let key = try chainKey()
        guard chains[key] != nil else { throw stop("unknown chain '\(key.name)'") }
        var position: Int?
        var isPlaced = false
        if let token = peek(), token.kind == .word, ["position", "index", "handle"].contains(token.text) {
            index += 1
            let value = Int(try word())
            isPlaced = true
            if token.text == "index" { position = value }
        }
        let words = try statement()
        guard !words.isEmpty else { throw stop("an empty rule") }
        let count = chains[key]?.rules.count ?? 0
        guard !isPlaced else {
            guard let position, position >= 0, position < count else {
                throw stop("a rule's position that cannot be known")
            }
            chains[key]?.rules.insert(words, at: inserting ? position : position + 1)
            return
        }
        guard count < Limits.rules else { throw stop("too many rules") }
        if inserting, count > 2000 { throw stop("too many inserted rules") }
        chains[key]?.rules.insert(words, at: inserting ? 0 : count)
    }

    private mutating func delete() throws(Stop) {
        let object = try word()
        switch object {
        case "table":
            let key = try tableKey()
            _ = try statement()
            tables[key] = nil
            try forget { $0.family == key.family && $0.table == key.name }
        case "chain":
            let key = try chainKey()
            _ = try statement()
            try forget { $0 == key }
        case "rule": throw stop("a rule deleted by its handle")
        case "set", "map", "element", "flowtable", "counter", "quota", "ct", "limit", "secmark", "synproxy":
            _ = try statement()
        default: throw stop("unknown command 'delete \(object)'")
        }
    }

    /// Counts a walk over all chains: hostile text could ask for very many.
    private mutating func scan() throws(Stop) {
        budget -= order.count
        guard budget > 0 else { throw stop("too many commands") }
    }

    private mutating func forget(_ matches: (ChainKey) -> Bool) throws(Stop) {
        try scan()
        order.removeAll(where: matches)
        let gone = chains.keys.filter(matches)
        for key in gone { chains[key] = nil }
    }

    private mutating func flush() throws(Stop) {
        let object = try word()
        switch object {
        case "ruleset":
            let family = peek().flatMap { $0.kind == .word ? $0.text : nil }
            if family != nil { index += 1 }
            if let family, !NftParser.families.contains(family) { throw stop("unknown family '\(family)'") }
            tables = tables.filter { family != nil && $0.key.family != family }
            try forget { family == nil || $0.family == family }
        case "table":
            let key = try tableKey()
            try scan()
            for chain in order where chain.family == key.family && chain.table == key.name { chains[chain]?.rules = [] }
        case "chain":
            let key = try chainKey()
            chains[key]?.rules = []
        case "set", "map":
            let key = try tableKey()
            let name = try word()
            tables[key]?.sets[name] = []
        default: throw stop("unknown command 'flush \(object)'")
        }
    }

    private mutating func change(_ verb: String) throws(Stop) {
        let object = try word()
        if verb == "reset" {
            _ = try statement()
            return
        }
        throw stop("'\(verb) \(object)' is not followed")
    }

    // MARK: Blocks

    /// What stands in a block ends with a line end or a semicolon, also before the closing brace: nft refuses a text
    /// without it, and then nothing of it is loaded.
    private func requireSeparator() throws(Stop) {
        guard let token = peek(), token.endsStatement else { throw stop("a line end or ';' is missing") }
    }

    private mutating func tableBody(
        _ key: TableKey, _ include: @escaping (String) -> [SourceFile]?
    ) throws(Stop) {
        while true {
            skipSeparators()
            if accept("}") { return }
            if try common(include) { continue }
            guard let token = peek(), token.kind == .word else { throw stop("'}' is missing") }
            index += 1
            switch token.text {
            case "flags":
                let words = try statement()
                if words.contains(where: { $0.text == "dormant" }) { tables[key]?.dormant = true }
            case "comment": _ = try statement()
            case "chain":
                let chain = ChainKey(family: key.family, table: key.name, name: try word())
                declare(chain)
                skipNewlines()
                try expect("{")
                try chainBody(chain, include)
            case "set", "map":
                let name = try word()
                skipNewlines()
                addElements(key, name, NftParser.elements(of: try block()))
            case "flowtable", "counter", "quota", "ct", "limit", "secmark", "synproxy":
                while let token = peek(), !token.isMark("{"), !token.endsStatement { index += 1 }
                _ = try block()
            default: throw stop("unknown object '\(token.text)'")
            }
            try requireSeparator()
        }
    }

    /// The words between braces, those of inner blocks included, and variables replaced.
    private mutating func block() throws(Stop) -> [NftToken] {
        try expect("{")
        var result: [NftToken] = []
        while true {
            skipSeparators()
            if accept("}") { return result }
            guard peek() != nil else { throw stop("'}' is missing") }
            let words = try statement()
            guard !words.isEmpty else { throw stop("'}' is missing") }
            result += words
        }
    }

    private mutating func chainBody(
        _ key: ChainKey, _ include: @escaping (String) -> [SourceFile]?
    ) throws(Stop) {
        while true {
            skipSeparators()
            if accept("}") { return }
            if try common(include) { continue }
            guard let token = peek() else { throw stop("'}' is missing") }
            switch (token.kind, token.text) {
            case (.word, "type"): try hook(key)
            case (.word, "policy"):
                let words = try statement()
                try setPolicy(key, words)
            case (.word, "flags"), (.word, "comment"), (.word, "devices"): _ = try statement()
            default:
                let words = try statement()
                guard !words.isEmpty else { throw stop("unexpected '\(token.text)'") }
                chains[key]?.rules.append(words)
            }
            try requireSeparator()
        }
    }

    private mutating func hook(_ key: ChainKey) throws(Stop) {
        let place = here
        let words = try statement()
        guard let hook = words.firstIndex(where: { $0.text == "hook" }), hook + 1 < words.count, words.count >= 6,
            ["filter", "nat", "route"].contains(words[1].text), words.contains(where: { $0.text == "priority" })
        else { throw Stop(reason: place.reason("a chain's type is not understood")) }
        let name = words[hook + 1].text
        switch name {
        case "input", "prerouting":
            chains[key]?.isHooked = !key.families.isEmpty
        case "forward", "output", "postrouting", "ingress", "egress": break
        default: throw Stop(reason: place.reason("unknown hook '\(name)'"))
        }
        let text = "chain \(key.family) \(key.table) \(key.name): " + words.map(\.text).joined(separator: " ")
        chains[key]?.chain.evidence = place.evidence(text + " (policy accept)")
    }

    private mutating func setPolicy(_ key: ChainKey, _ words: [NftToken]) throws(Stop) {
        guard words.count == 2, let first = words.first else { throw stop("a policy is not understood") }
        switch words[1].text {
        case "accept": chains[key]?.chain.policy = .accept
        case "drop": chains[key]?.chain.policy = .drop
        default: throw Stop(reason: first.place.reason("unknown policy '\(words[1].text)'"))
        }
        let text = "chain \(key.family) \(key.table) \(key.name): policy \(words[1].text)"
        chains[key]?.chain.evidence = first.place.evidence(text)
    }
}
