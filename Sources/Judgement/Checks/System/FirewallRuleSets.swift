import AssayFacts
import AssayFindings

/// What the rule sets of one layer say together: a packet must pass every one, so one that denies is enough.
struct FirewallRuleSets {
    /// The answer for one address family.
    struct Answer {
        let name: String
        /// What happens by default; nil when no active rule set says anything.
        var inbound: FirewallFacts.Inbound?
        /// Why it is undecided.
        var doubt: String?
        /// What is accepted although it must not be.
        var surplus: [Evidence] = []
    }

    /// The layer's name.
    let layer: String
    /// Every rule set, those that are not active among them.
    let sets: [FirewallFacts.RuleSet]
    let ipv4: Answer
    let ipv6: Answer
    private let place: Place

    /// - Parameters:
    ///   - sets: the rule sets.
    ///   - layer: what loads them.
    ///   - place: where one that is missing would be.
    ///   - admission: what may be accepted; nil when anything may.
    init(_ sets: [FirewallFacts.RuleSet], layer: String, place: Place, _ admission: FirewallAdmission?) {
        self.sets = sets
        self.layer = layer
        self.place = place
        ipv4 = FirewallRuleSets.answer("IPv4", sets, \.ipv4, admission)
        ipv6 = FirewallRuleSets.answer("IPv6", sets, \.ipv6, admission)
    }

    private static func answer(
        _ name: String, _ sets: [FirewallFacts.RuleSet],
        _ family: KeyPath<FirewallFacts.RuleSet, FirewallFacts.Family?>, _ admission: FirewallAdmission?
    ) -> Answer {
        var answer = Answer(name: name)
        var surplus: [Evidence]?
        for set in sets where set.isActive != false {
            guard let own = set[keyPath: family] else { continue }
            var inbound = own.inbound
            if inbound == .deny, set.isActive == nil { inbound = .undecided }
            switch inbound {
            case .allow: break
            case .undecided:
                let reason = own.inbound == .undecided ? own.reason : set.activity
                answer.doubt = answer.doubt ?? "\(name), \(set.kind) ('\(own.place.text)'): \(reason)"
            case .deny:
                let more = own.accepted.filter { admission?.admits($0) == false }.map {
                    Evidence(Location(own.place), "\(name) accepts \($0)", how: how(set), isException: true)
                }
                // What one rule set accepts, another that denies may still keep out.
                if more.count < surplus?.count ?? .max { surplus = more }
            }
            let order: [FirewallFacts.Inbound] = [.deny, .undecided, .allow]
            answer.inbound = order.first { $0 == inbound || $0 == answer.inbound }
        }
        answer.surplus = surplus ?? []
        return answer
    }

    /// Whether both families are denied; nil when that cannot be told.
    var isDenied: Bool? {
        let answers = [ipv4.inbound, ipv6.inbound]
        if answers.allSatisfy({ $0 == .deny }) { return true }
        return answers.contains(nil) || answers.contains(.allow) ? false : nil
    }

    /// Whether only one family is denied.
    var isHalf: Bool { (ipv4.inbound == .deny) != (ipv6.inbound == .deny) }

    /// The first reason why it cannot be told.
    var doubt: String? { ipv4.doubt ?? ipv6.doubt }

    /// What is accepted although it must not be.
    var surplus: [Evidence] { ipv4.surplus + ipv6.surplus }

    /// Why rules that would deny are not loaded.
    var hindrance: String? {
        let idle = sets.first { $0.isActive == false && ($0.ipv4?.inbound == .deny || $0.ipv6?.inbound == .deny) }
        return idle?.activity
    }

    // MARK: Evidence

    private static func how(_ set: FirewallFacts.RuleSet) -> String { "\(set.kind), \(set.activity)" }

    /// What the rule sets say.
    func evidence() -> [Evidence] { sets.flatMap { evidence($0) } }

    /// The same, with what keeps packets from being denied first.
    var objections: [Evidence] {
        var missing: [Evidence] = []
        for answer in [ipv4, ipv6] where answer.inbound == nil {
            missing.append(
                Evidence(Location(place), "\(answer.name): no active rule set", how: layer, isException: true))
        }
        let all = missing + sets.flatMap { evidence($0, isObjecting: true) }
        return all.filter(\.isException) + all.filter { !$0.isException }
    }

    private func evidence(_ set: FirewallFacts.RuleSet, isObjecting: Bool = false) -> [Evidence] {
        [("IPv4", set.ipv4), ("IPv6", set.ipv6)].compactMap { name, family in
            family.map { family in
                let isException = isObjecting && (family.inbound != .deny || set.isActive != true)
                return Evidence(
                    Location(family.place),
                    "\(name) \(family.inbound.rawValue): \(family.reason)\(FirewallRuleSets.shown(family.accepted))",
                    how: FirewallRuleSets.how(set), isException: isException)
            }
        }
    }

    private static func shown(_ accepted: [String]) -> String {
        guard !accepted.isEmpty else { return "" }
        let more = accepted.count > 20 ? " and \(accepted.count - 20) more" : ""
        return "; accepts " + accepted.prefix(20).joined(separator: ", ") + more
    }
}
