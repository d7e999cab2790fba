/// Turns the words of one nftables rule into conditions and a verdict.
///
/// Grammar: nft(8), sections "Statements", "Expressions" and "Payload expressions". What is not known to it becomes an
/// unknown condition, so that the verdict of the rule counts as possible only.
struct NftRuleParser {
    private let words: [NftToken]
    private let sets: [String: [NftToken]]
    private var index = 0 { didSet { index = min(index, words.count) } }
    private var match: Match
    private var result: [Rule] = []
    private let evidence: FirewallEvidence
    /// Why the text that holds the rule would be refused.
    private(set) var problem: String?

    init(_ words: [NftToken], families: Families, sets: [String: [NftToken]]) {
        self.words = words
        self.sets = sets
        match = Match(families)
        let text = words.prefix(60).map { $0.kind == .quoted ? "\"\($0.text)\"" : $0.text }.joined(separator: " ")
        evidence = (words.first?.place ?? TextPlace(source: "", line: 0)).evidence(text)
    }

    /// The rule, or one for each element when its verdict comes from a map.
    mutating func rules() -> [Rule] {
        while index < words.count {
            if !statement() { break }
        }
        return result
    }

    private var next: String? { index < words.count ? words[index].text : nil }

    private func peek(_ distance: Int) -> String? {
        index + distance < words.count ? words[index + distance].text : nil
    }

    private mutating func take() -> String {
        defer { index += 1 }
        return next ?? ""
    }

    private mutating func finish(_ action: Rule.Action) -> Bool {
        result.append(Rule(match: match, action: action, evidence: evidence))
        index = words.count
        return false
    }

    /// Gives up on the rest of the rule: its last verdict, if any, may or may not be reached.
    private mutating func giveUp() -> Bool {
        match.add(Condition(.unknown, words[index...].prefix(8).map(\.text).joined(separator: " ")))
        return finishWithTail()
    }

    /// Skips what stands before the verdict at the end of the rule.
    private mutating func finishWithTail() -> Bool {
        var open = 0
        var last: Int?
        for position in index..<words.count {
            if words[position].isMark("{") { open += 1 }
            if words[position].isMark("}") { open -= 1 }
            if open == 0, words[position].kind == .word, NftRuleParser.verdicts.contains(words[position].text) {
                last = position
            }
        }
        guard let last else {
            let verdict = words[index...].contains { NftRuleParser.verdicts.contains($0.text) }
            let isSilent = !verdict && !words[index...].contains { $0.text == "vmap" || $0.text.hasPrefix("@") }
            return finish(isSilent && match.reach == .some ? .none : .unknown)
        }
        index = last
        return statement()
    }

    private static let verdicts: Set<String> = [
        "accept", "drop", "reject", "jump", "goto", "return", "continue", "queue", "dnat", "snat", "redirect",
        "masquerade",
    ]

    // MARK: Statements

    private mutating func statement() -> Bool {
        guard let token = index < words.count ? words[index] : nil else { return false }
        guard token.kind == .word else { return giveUp() }
        switch token.text {
        case "accept": return finish(.accept)
        case "drop": return finish(.drop)
        case "return": return finish(.leave)
        case "continue": return finish(.none)
        case "jump", "goto":
            guard let name = peek(1) else { return finish(.unknown) }
            return finish(token.text == "jump" ? .jump(name) : .goto(name))
        case "reject": return reject()
        case "queue", "synproxy": return finish(.unknown)
        case "masquerade", "redirect", "snat", "dnat": return finish(.accept)
        case "counter":
            index += 1
            if next == "name" {
                index += 2
            } else {
                while let word = next, word == "packets" || word == "bytes" { index += 2 }
            }
        case "log": log()
        case "comment": index += 2
        case "notrack", "last": index += 1
        case "limit": rate(["rate", "over", "name", "burst", "packets", "bytes", "kbytes", "mbytes"])
        case "quota": rate(["over", "until", "name", "used", "bytes", "kbytes", "mbytes", "gbytes"])
        case "dup", "flow", "tproxy", "fwd": return finishAfterStatement()
        case "add", "update", "delete": return setStatement()
        default: return expression()
        }
        return true
    }

    /// A statement whose operands are not read; without a verdict behind it the packet goes on.
    private mutating func finishAfterStatement() -> Bool {
        let hasVerdict = words[index...].contains { NftRuleParser.verdicts.contains($0.text) }
        return hasVerdict ? finishWithTail() : finish(next == "fwd" ? .unknown : .none)
    }

    private mutating func reject() -> Bool {
        if peek(1) == "with" {
            switch peek(2) {
            case "tcp": match.add(Condition(.transportProtocol, "", ["tcp"]))
            case "icmp": match.families.formIntersection(.ipv4)
            case "icmpv6": match.families.formIntersection(.ipv6)
            default: break
            }
        }
        return finish(.drop)
    }

    private mutating func log() {
        index += 1
        while let word = next {
            switch word {
            case "prefix", "group", "snaplen", "queue-threshold", "level": index += 2
            case "flags":
                index += 2
                if peek(-1) == "tcp" || peek(-1) == "ip" { index += 1 }
                while next == "," { index += 2 }
            default: return
            }
        }
    }

    /// A rate or a quota: its words, its numbers and its units.
    private mutating func rate(_ known: Set<String>) {
        let start = index
        let isOver = words[index...].prefix(4).contains { $0.text == "over" }
        index += 1
        while index < words.count {
            let token = words[index]
            let isNumber = token.text.utf8.first.map { (0x30...0x39).contains($0) } ?? false
            guard known.contains(token.text) || isNumber || token.text.contains("/") || token.kind == .quoted else {
                break
            }
            if token.text == "name" { index += 1 }
            index += 1
        }
        let text = words[start..<min(index, words.count)].map(\.text).joined(separator: " ")
        match.add(Condition(isOver ? .other(narrows: false) : .rate, text))
    }

    private mutating func setStatement() -> Bool {
        guard peek(1)?.hasPrefix("@") == true, peek(2) == "{" else { return giveUp() }
        let start = index
        index += 2
        let body = braces()
        // The key decides for which packets the statement, and all behind it, is reached.
        if body.first?.text == "ip" { match.families.formIntersection(.ipv4) }
        if body.first?.text == "ip6" { match.families.formIntersection(.ipv6) }
        if body.contains(where: { $0.text == "limit" || $0.text == "count" || $0.text == "quota" }) {
            match.add(Condition(.rate, words[start..<index].prefix(12).map(\.text).joined(separator: " ")))
        }
        return true
    }

    /// The words inside the braces at the current place, which is left behind them.
    private mutating func braces() -> ArraySlice<NftToken> {
        guard index < words.count, words[index].isMark("{") else { return [] }
        let start = index + 1
        var open = 0
        while index < words.count {
            if words[index].isMark("{") { open += 1 }
            if words[index].isMark("}") { open -= 1 }
            index += 1
            if open == 0 { return words[start..<(index - 1)] }
        }
        return words[start..<index]
    }

    // MARK: Expressions

    private mutating func expression() -> Bool {
        let start = index
        guard var selector = NftSelector(words, &index) else {
            index = start
            return giveUp()
        }
        if next == "set" {
            index += 1
            return assignment()
        }
        while next == "." {
            index += 1
            guard let part = NftSelector(words, &index) else { return giveUp() }
            selector.concatenate(part)
        }
        match.families.formIntersection(selector.families)
        if let transport = selector.transport { match.add(Condition(.transportProtocol, "", [transport])) }
        switch next {
        case "vmap": return verdictMap(selector)
        case "map": return giveUp()
        default: return relation(selector)
        }
    }

    /// `meta mark set …` changes the packet's surroundings only; its value ends where a known statement begins.
    private mutating func assignment() -> Bool {
        let start = index
        if NftSelector(words, &index) == nil {
            index = start + 1
        }
        while let word = next, ["and", "or", "xor", "&", "|", "^", "<<", ">>"].contains(word) { index += 2 }
        if next == "map" {
            index += 1
            if next == "{" { _ = braces() } else { index += 1 }
        }
        return true
    }

    private mutating func relation(_ selector: NftSelector) -> Bool {
        var negated = false
        var order = ""
        var isMasked = false
        if let word = next, ["&", "and", "|", "or", "^", "xor", "<<", ">>", "/"].contains(word) {
            isMasked = true
            while let word = next, !["==", "!=", "eq", "ne", "<", ">", "<=", ">=", "vmap"].contains(word) {
                guard word != "{", !NftRuleParser.verdicts.contains(word) else { return giveUp() }
                index += 1
            }
            if next == "vmap" { return giveUp() }
        }
        switch next {
        case "==", "eq": index += 1
        case "!=", "ne", "!":
            negated = true
            index += 1
        case "<", "lt", "<=", "le":
            order = "<"
            index += 1
        case ">", "gt", ">=", "ge":
            order = ">"
            index += 1
        default: break
        }
        let start = index
        guard let values = values() else { return giveUp() }
        let shown = start < words.count && words[start].text.hasPrefix("@") ? [words[start].text] : values
        if next == "/" || next == "&" || next == "|" {
            isMasked = true
            index += 2
            while next == "," || next == "|" { index += 2 }
        }
        guard !isMasked else {
            let subject: Condition.Subject = selector.subject == .connectionState ? .unknown : .other(narrows: true)
            match.add(Condition(subject, selector.text, shown, negated: negated))
            return true
        }
        var condition = Condition(
            selector.subject, selector.text, order.isEmpty ? selector.named(values) : values.map { order + $0 },
            negated: negated)
        if shown != values { condition.text = Condition(selector.subject, selector.text, shown, negated: negated).text }
        match.add(condition)
        return true
    }

    /// The values on the right side of a relation; nil when there are none.
    private mutating func values() -> [String]? {
        guard index < words.count else { return nil }
        let first = words[index]
        if first.isMark("{") { return NftRuleParser.list(braces()) }
        guard first.kind != .mark else { return nil }
        if first.kind == .word, first.text.hasPrefix("@") {
            index += 1
            let elements = sets[String(first.text.dropFirst())]
            let values = elements.map { NftRuleParser.list($0[...]) } ?? []
            return values.isEmpty ? [first.text] : values
        }
        if first.kind == .word, NftRuleParser.verdicts.contains(first.text) { return nil }
        var result = [take()]
        while next == "," || (next == "." && peek(1) != nil) {
            index += 1
            result.append(take())
        }
        return result
    }

    /// The keys of a set's elements, without their time-outs, comments and values.
    private static func list(_ words: ArraySlice<NftToken>) -> [String] {
        var result: [String] = []
        for element in words.split(whereSeparator: { $0.isMark(",") }).prefix(10_000) {
            let key = element.prefix {
                !$0.isMark(":") && !["timeout", "comment", "expires", "counter"].contains($0.text)
            }
            let text = key.map(\.text).joined(separator: key.contains { $0.text == "." } ? " " : "")
            if !text.isEmpty { result.append(text) }
        }
        return result
    }

    // MARK: Verdict maps

    private mutating func verdictMap(_ selector: NftSelector) -> Bool {
        index += 1
        let elements: ArraySlice<NftToken>
        if next == "{" {
            elements = braces()
        } else if let name = next, name.hasPrefix("@"), let known = sets[String(name.dropFirst())] {
            index += 1
            elements = known[...]
        } else {
            return giveUp()
        }
        guard index >= words.count || next == "comment" || next == "counter" else { return giveUp() }
        var last: Rule?
        for element in elements.split(whereSeparator: { $0.isMark(",") }) {
            guard let colon = element.firstIndex(where: { $0.isMark(":") }), result.count < 10_000 else {
                return giveUp()
            }
            let key = NftRuleParser.list(element[..<colon])
            let verdict = element[(colon + 1)...].map(\.text)
            let action: Rule.Action
            switch (verdict.first, verdict.count) {
            case ("accept", 1): action = .accept
            case ("drop", 1): action = .drop
            case ("return", 1): action = .leave
            case ("continue", 1): action = .none
            case ("jump", 2): action = .jump(verdict[1])
            case ("goto", 2): action = .goto(verdict[1])
            default: return giveUp()
            }
            var rule = Rule(match: match, action: action, evidence: evidence)
            if key == ["*"] {
                // The element for every other key: looked at last.
                rule.match.add(Condition(.always, selector.text, ["*"]))
                last = rule
                continue
            }
            rule.match.add(Condition(selector.subject, selector.text, selector.named(key)))
            result.append(rule)
        }
        if let last { result.append(last) }
        index = words.count
        return false
    }
}
