/// Follows the packet in question (see `Match`) through all chains that inbound packets pass.
///
/// A drop is final. An accept ends only its base chain: another base chain can still drop. So inbound traffic is denied
/// when one base chain certainly drops, and allowed when every one certainly accepts.
/// Reference: <https://wiki.nftables.org/wiki-nftables/index.php/Configuring_chains>.
struct RulesetJudge {
    struct Outcomes: OptionSet, Hashable {
        let rawValue: UInt8

        static let accept = Outcomes(rawValue: 1)
        static let drop = Outcomes(rawValue: 2)
        static let leave = Outcomes(rawValue: 4)
    }

    /// What a chain does.
    struct Walk {
        var outcomes: Outcomes = []
        var dropEvidence: FirewallEvidence?
        var acceptEvidence: FirewallEvidence?
        /// Why more than one outcome is possible.
        var doubt: String?
        /// What is accepted besides.
        var accepted: [AcceptedTraffic] = []
        /// What leaves the chain besides.
        var leaving: [AcceptedTraffic] = []

        mutating func add(_ other: Walk, without: Outcomes) {
            outcomes.formUnion(other.outcomes.subtracting(without))
            dropEvidence = dropEvidence ?? other.dropEvidence
            acceptEvidence = acceptEvidence ?? other.acceptEvidence
            doubt = doubt ?? other.doubt
        }
    }

    let ruleset: Ruleset
    let family: AddressFamily
    private var done: [ChainKey: Walk] = [:]
    private var active: Set<ChainKey> = []
    private var work = 0

    init(ruleset: Ruleset, family: AddressFamily) {
        self.ruleset = ruleset
        self.family = family
    }

    mutating func verdict() -> InboundVerdict {
        var bases: [(key: ChainKey, chain: Chain)] = []
        for key in ruleset.order where key.families.contains(family) {
            if let chain = ruleset.chains[key], chain.isBase { bases.append((key, chain)) }
        }
        let walks = bases.map { (walk: base($0.key, $0.chain), evidence: $0.chain.evidence) }
        let denying = walks.filter { $0.walk.outcomes == .drop }
        if let narrowest = denying.min(by: { $0.walk.accepted.count < $1.walk.accepted.count }) {
            let evidence = narrowest.walk.dropEvidence ?? narrowest.evidence
            return InboundVerdict(.deny(evidence), accepted: narrowest.walk.accepted)
        }
        for walk in walks where walk.walk.outcomes != .accept {
            return InboundVerdict(.undecided(walk.walk.doubt ?? reason(walk.evidence, "cannot be decided")))
        }
        let evidence = walks.compactMap(\.walk.acceptEvidence).first
        let missing = FirewallEvidence(
            source: ruleset.source, place: .whole, text: "no \(family.rawValue) chain at the input hook")
        return InboundVerdict(.allow(evidence ?? missing))
    }

    private mutating func base(_ key: ChainKey, _ chain: Chain) -> Walk {
        var walk = self.walk(key, depth: 0)
        guard walk.outcomes.contains(.leave) || !walk.leaving.isEmpty else { return walk }
        let reachesEnd = walk.outcomes.contains(.leave)
        walk.outcomes.remove(.leave)
        switch chain.policy {
        case .accept:
            walk.accepted += walk.leaving
            if reachesEnd {
                walk.outcomes.insert(.accept)
                walk.acceptEvidence = walk.acceptEvidence ?? chain.evidence
            }
        case .drop:
            if reachesEnd {
                walk.outcomes.insert(.drop)
                walk.dropEvidence = walk.dropEvidence ?? chain.evidence
            }
        case .unknown:
            walk.accepted += walk.leaving
            if reachesEnd {
                walk.outcomes.formUnion([.accept, .drop])
                walk.doubt = walk.doubt ?? reason(chain.evidence, "policy not understood")
            }
        }
        return walk
    }

    /// Walks a chain from its first rule on.
    private mutating func walk(_ key: ChainKey, depth: Int) -> Walk {
        if let walk = done[key] { return walk }
        guard let chain = ruleset.chains[key] else { return lost(key, "no such chain") }
        guard depth < Limits.jumpDepth, !active.contains(key) else { return lost(key, "jumps too deep or in a circle") }
        active.insert(key)
        defer { active.remove(key) }
        var main = Walk()
        // Packets that the deciding rule left out walk on; `aside` is what becomes of them.
        var left: [AcceptedTraffic] = []
        var aside: Walk?
        for rule in chain.rules where rule.match.families.contains(family) {
            work += 1
            guard work < Limits.work else {
                main.add(lost(key, "too many rules"), without: [])
                done[key] = main
                return main
            }
            if rule.action == .none { continue }
            let step = effect(of: rule, key: key, depth: depth, room: max(0, Limits.accepted - main.accepted.count))
            work += step.accepted.count
            main.accepted += step.accepted
            main.leaving += step.leaving
            trim(&main)
            if aside == nil {
                main.add(step.walk, without: step.goesOn ? .leave : [])
            } else {
                aside?.add(step.walk, without: step.goesOn ? .leave : [])
            }
            guard !step.goesOn else { continue }
            if aside != nil || step.leftOut.isEmpty { return finish(key, main, aside, left) }
            left = step.leftOut
            aside = Walk()
        }
        if aside == nil {
            main.outcomes.insert(.leave)
        } else {
            aside?.outcomes.insert(.leave)
        }
        return finish(key, main, aside, left)
    }

    private mutating func finish(
        _ key: ChainKey, _ walk: Walk, _ aside: Walk?, _ left: [AcceptedTraffic]
    ) -> Walk {
        var result = walk
        if let aside {
            if aside.outcomes.contains(.accept) { result.accepted += left }
            if aside.outcomes.contains(.leave) { result.leaving += left }
        }
        trim(&result)
        done[key] = result
        return result
    }

    private func trim(_ walk: inout Walk) {
        if walk.accepted.count > Limits.accepted { walk.accepted.removeLast(walk.accepted.count - Limits.accepted) }
        if walk.leaving.count > Limits.accepted { walk.leaving.removeLast(walk.leaving.count - Limits.accepted) }
    }

    private func lost(_ key: ChainKey, _ why: String) -> Walk {
        let evidence = FirewallEvidence(source: ruleset.source, place: .whole, text: "chain \(key.name)")
        return Walk(outcomes: [.accept, .drop], doubt: reason(evidence, why))
    }

    /// What one rule does to the packet in question, and to the others that it matches.
    private struct Step {
        var walk = Walk()
        /// Whether the packet in question can get to the next rule.
        var goesOn = true
        var accepted: [AcceptedTraffic] = []
        var leaving: [AcceptedTraffic] = []
        /// Packets that get to the next rule although the packet in question does not.
        var leftOut: [AcceptedTraffic] = []
    }

    private mutating func effect(of rule: Rule, key: ChainKey, depth: Int, room: Int) -> Step {
        var target = Walk()
        var isGoto = false
        switch rule.action {
        case .none: break
        case .accept: target = Walk(outcomes: .accept, acceptEvidence: rule.evidence)
        case .drop: target = Walk(outcomes: .drop, dropEvidence: rule.evidence)
        case .leave:
            target.outcomes = .leave
            isGoto = true
        case .unknown:
            target = Walk(outcomes: [.accept, .drop, .leave], doubt: reason(rule.evidence, "not understood"))
        case .jump(let name), .goto(let name):
            if case .goto = rule.action { isGoto = true }
            target = walk(ChainKey(family: key.family, table: key.table, name: name), depth: depth + 1)
        }
        let own = AcceptedTraffic(kind: rule.match.kind, text: rule.match.text, evidence: rule.evidence)
        var step = Step()
        switch rule.match.reach {
        case .every:
            step.walk = target
            step.goesOn = target.outcomes.contains(.leave) && !isGoto
            step.accepted = target.accepted
            step.leaving = isGoto ? target.leaving : []
            step.leftOut = rule.match.exclusions.map {
                AcceptedTraffic(kind: Match.kind($0.traits), text: $0.text, evidence: rule.evidence)
            }
            if !isGoto { step.leftOut += target.leaving }
        case .sampled where rule.action == .accept:
            step.walk = target
            step.goesOn = false
        case .some, .sampled:
            step.accepted = target.accepted.prefix(room).map { $0.inside(own) }
            if target.outcomes.contains(.accept) { step.accepted.append(own) }
            if isGoto, target.outcomes.contains(.leave) { step.leaving = [own] }
        case .unknown:
            step.walk = target
            step.walk.outcomes.remove(.leave)
            if isGoto, target.outcomes.contains(.leave) { step.walk.outcomes.insert(.leave) }
            step.walk.doubt = target.doubt ?? reason(rule.evidence, "condition not understood")
            step.accepted = target.accepted
            if target.outcomes.contains(.accept) { step.accepted.append(own) }
        }
        return step
    }
}
