/// The configuration of firewalld, judged by its default zone.
///
/// Formats: firewalld.conf(5), firewalld.zone(5), firewalld.policy(5), firewalld.direct(5),
/// <https://firewalld.org/documentation/>. What a program sets while firewalld runs, and zones that NetworkManager keeps
/// in its connections, are not seen here.
public struct Firewalld: Sendable {
    /// The settings of firewalld.conf, with the line of each.
    public let settings: [String: Setting]
    /// The zone of interfaces that are bound to no other.
    public let defaultZone: String
    /// The answers for both families.
    public let verdict: FirewallVerdict

    /// A value of firewalld.conf.
    public struct Setting: Hashable, Sendable {
        /// What stands behind the `=`.
        public let value: String
        /// The line, counted from 1.
        public let line: Int
    }

    /// Judges a configuration.
    ///
    /// - Parameters:
    ///   - configuration: `/etc/firewalld/firewalld.conf`; nil when there is none (the defaults hold).
    ///   - zones: the XML files of `/etc/firewalld/zones` and then of `/usr/lib/firewalld/zones`: the first file of a name
    ///     counts.
    ///   - policies: the XML files of `/etc/firewalld/policies` and then of `/usr/lib/firewalld/policies`.
    ///   - direct: `/etc/firewalld/direct.xml`, where it exists.
    public init(
        configuration: SourceFile?, zones: [SourceFile], policies: [SourceFile] = [], direct: SourceFile? = nil
    ) {
        let values = assignments(configuration?.bytes ?? [])
        settings = values.mapValues { Setting(value: $0.value, line: $0.line) }
        let name = values["DefaultZone"]?.value ?? ""
        defaultZone = name.isEmpty ? "public" : name
        var judge = FirewalldJudge(defaultZone: defaultZone)
        judge.readZones(zones)
        judge.readPolicies(policies)
        if let direct { judge.readDirect(direct) }
        verdict = judge.verdict()
    }
}

/// Collects what the files of firewalld say about inbound packets.
struct FirewalldJudge {
    private let defaultZone: String
    private var policy = InboundPolicy.undecided("")
    private var accepted: [AddressFamily: [AcceptedTraffic]] = [.ipv4: [], .ipv6: []]
    private var overrides: [AddressFamily: InboundPolicy] = [:]

    init(defaultZone: String) {
        self.defaultZone = defaultZone
        policy = .undecided("firewalld: the default zone '\(shortened(defaultZone))' has no file")
    }

    func verdict() -> FirewallVerdict {
        func answer(_ family: AddressFamily) -> InboundVerdict {
            InboundVerdict(overrides[family] ?? policy, accepted: accepted[family] ?? [])
        }
        return FirewallVerdict(ipv4: answer(.ipv4), ipv6: answer(.ipv6))
    }

    /// The files that count, by their name without `.xml`.
    private func effective(_ files: [SourceFile]) -> [(name: String, file: SourceFile)] {
        var seen: Set<String> = []
        var result: [(name: String, file: SourceFile)] = []
        for file in files.prefix(2000) {
            guard let base = file.path.split(separator: "/").last, base.hasSuffix(".xml") else { continue }
            let name = String(base.dropLast(4))
            if seen.insert(name).inserted { result.append((name, file)) }
        }
        return result
    }

    private mutating func add(
        _ kind: AcceptedTraffic.Kind, _ text: String, _ evidence: FirewallEvidence, only: AddressFamily? = nil
    ) {
        for family in AddressFamily.allCases where only ?? family == family {
            guard (accepted[family]?.count ?? 0) < Limits.accepted else { continue }
            accepted[family]?.append(AcceptedTraffic(kind: kind, text: text, evidence: evidence))
        }
    }

    private mutating func override(_ family: AddressFamily?, _ new: InboundPolicy) {
        for each in AddressFamily.allCases where family ?? each == each && overrides[each] == nil {
            overrides[each] = new
        }
    }

    private func root(_ file: SourceFile, _ name: String) -> Result<XMLElement, XMLError> {
        do throws(XMLError) {
            let root = try XMLReader.read(file.bytes)
            guard root.name == name else { throw XMLError(line: root.line, message: "not a '\(name)'") }
            return .success(root)
        } catch {
            return .failure(error)
        }
    }

    // MARK: Zones

    mutating func readZones(_ files: [SourceFile]) {
        for (name, file) in effective(files) {
            var place = TextPlace(source: file.path, line: 1)
            let zone: XMLElement
            switch root(file, "zone") {
            case .success(let root): zone = root
            case .failure(let error):
                place.line = error.line
                if name == defaultZone { policy = .undecided(place.reason(error.message)) }
                continue
            }
            place.line = zone.line
            let target = zone.attributes["target"] ?? "default"
            let evidence = place.evidence("zone \(name): target \(target)")
            if name == defaultZone {
                readTarget(target, evidence, zone)
                readContent(of: zone, file.path, prefix: "")
            } else {
                readBindings(of: zone, name, target, file.path)
            }
        }
    }

    private mutating func readTarget(_ target: String, _ evidence: FirewallEvidence, _ zone: XMLElement) {
        switch target {
        case "default", "%%REJECT%%", "DROP":
            policy = .deny(evidence)
            let state = FirewallEvidence(source: "firewalld", place: .whole, text: "every zone lets these in")
            add(.established, "ct state established,related", state)
            add(.loopback, "iif lo", state)
            // Only the default target answers to ICMP, unless the list of blocked types is turned round.
            let isInverted = zone.children.contains { $0.name == "icmp-block-inversion" }
            if target == "default", !isInverted { add(.icmp, "icmp", evidence) }
        case "ACCEPT": policy = .allow(evidence)
        default: policy = .undecided(reason(evidence, "unknown target"))
        }
    }

    /// Interfaces and sources that belong to another zone than the default one.
    private mutating func readBindings(of zone: XMLElement, _ name: String, _ target: String, _ path: String) {
        for binding in zone.children where binding.name == "interface" || binding.name == "source" {
            let value =
                binding.attributes["name"] ?? binding.attributes["address"] ?? binding.attributes["mac"]
                ?? binding.attributes["ipset"].map { "@" + $0 } ?? "?"
            let isInterface = binding.name == "interface"
            let words = isInterface ? "iif \(value)" : "saddr \(value)"
            let evidence = TextPlace(source: path, line: binding.line).evidence("zone \(name): \(words)")
            let family: AddressFamily? = isInterface || value.hasPrefix("@") ? nil : FirewalldJudge.family(of: value)
            if target == "ACCEPT" {
                if !isInterface, value.hasSuffix("/0") {
                    override(family, .allow(evidence))
                } else {
                    add(isInterface ? .broad : .service, words, evidence, only: family)
                }
            } else {
                readContent(of: zone, path, prefix: words + " ")
            }
        }
    }

    private static func family(of address: String) -> AddressFamily? {
        if address.contains(".") { return .ipv4 }
        // A MAC address has five colons and no pair of them.
        let colons = address.utf8.count { $0 == UInt8(ascii: ":") }
        return colons == 5 && !address.contains("::") && address.utf8.count == 17 ? nil : colons > 0 ? .ipv6 : nil
    }

    /// What a zone or a policy lets in.
    private mutating func readContent(of element: XMLElement, _ path: String, prefix: String) {
        for child in element.children.prefix(Limits.accepted) {
            let place = TextPlace(source: path, line: child.line)
            if child.name == "rule" {
                readRule(child, place, prefix: prefix)
            } else if let (kind, text) = FirewalldJudge.opening(child) {
                add(kind, prefix + text, place.evidence("<\(child.name)> \(text)"))
            }
        }
    }

    private static func opening(_ child: XMLElement) -> (AcceptedTraffic.Kind, String)? {
        let transport = child.attributes["protocol"] ?? "tcp"
        let port = child.attributes["port"] ?? "?"
        switch child.name {
        case "service": return (.service, "service \(child.attributes["name"] ?? "?")")
        case "port":
            let condition = Condition(.destinationPort, "\(transport) dport", [port])
            return (Match.kind(condition.judged.traits), condition.text)
        case "source-port": return (.broad, "\(transport) sport \(port)")
        case "protocol":
            let value = Names.transport(child.attributes["value"] ?? "?")
            return (Condition.icmpProtocols.contains(value) ? .icmp : .broad, "l4proto \(value)")
        case "forward-port": return (.service, "\(transport) dport \(port) forwarded")
        default: return nil
        }
    }

    /// A rule of the rich language, firewalld.richlanguage(5).
    private mutating func readRule(_ rule: XMLElement, _ place: TextPlace, prefix: String) {
        guard rule.children.contains(where: { $0.name == "accept" }) else { return }
        let family = rule.attributes["family"].flatMap { AddressFamily(rawValue: $0) }
        var words: [String] = []
        var traits: Match.Traits = []
        var isSpecial = false
        for child in rule.children {
            switch child.name {
            case "source", "destination":
                let value =
                    child.attributes["address"] ?? child.attributes["mac"] ?? child.attributes["ipset"].map { "@" + $0 }
                let isNegated = ["yes", "true", "True"].contains(child.attributes["invert"] ?? "")
                let name = (family == .ipv6 ? "ip6 " : "ip ") + (child.name == "source" ? "saddr" : "daddr")
                let condition = Condition(
                    child.name == "source" ? .source : .destination, name, [value ?? "?"], negated: isNegated)
                let judged = condition.judged
                words.append(condition.text)
                traits.formUnion(judged.traits)
                if judged.reach == .some { isSpecial = true }
            default:
                guard let (kind, text) = FirewalldJudge.opening(child) else { continue }
                words.append(text)
                isSpecial = true
                if kind == .service { traits.insert(.narrowed) }
                if kind == .icmp { traits.insert(.icmp) }
            }
        }
        let text = words.joined(separator: " ")
        let evidence = place.evidence("rich rule: \(text) accept")
        if isSpecial {
            add(Match.kind(traits), prefix + text, evidence, only: family)
        } else if prefix.isEmpty, !rule.children.contains(where: { $0.name == "icmp-type" }) {
            override(family, .allow(evidence))
        } else {
            add(prefix.isEmpty ? .icmp : .broad, prefix + (text.isEmpty ? "all" : text), evidence, only: family)
        }
    }

    // MARK: Policies and direct rules

    mutating func readPolicies(_ files: [SourceFile]) {
        for (name, file) in effective(files) {
            guard case .success(let policy) = root(file, "policy") else {
                override(nil, .undecided("\(shortened(file.path)): not a readable policy"))
                continue
            }
            let zones = { (kind: String) in policy.children(kind).compactMap { $0.attributes["name"] } }
            let ingress = zones("ingress-zone")
            guard zones("egress-zone").contains("HOST"), ingress.contains("ANY") || ingress.contains(defaultZone) else {
                continue
            }
            let target = policy.attributes["target"] ?? "CONTINUE"
            let evidence = TextPlace(source: file.path, line: policy.line).evidence("policy \(name): target \(target)")
            let priority = policy.attributes["priority"].flatMap { Int($0) } ?? -1
            if target == "ACCEPT" {
                // A policy of a positive priority comes after the zone, whose target has decided then.
                if priority < 0 { override(nil, .allow(evidence)) }
            } else {
                readContent(of: policy, file.path, prefix: "")
            }
        }
    }

    mutating func readDirect(_ file: SourceFile) {
        guard case .success(let direct) = root(file, "direct") else {
            override(nil, .undecided("\(shortened(file.path)): not a readable list of direct rules"))
            return
        }
        for rule in direct.children.prefix(Limits.accepted) {
            let place = TextPlace(source: file.path, line: rule.line)
            let version = rule.attributes["ipv"] ?? ""
            guard let family = AddressFamily(rawValue: version) else { continue }
            let words = SaveWords.split(rule.text.split(separator: "\n").joined(separator: " ")[...])
            if rule.name == "passthrough" {
                if words?.contains("INPUT") ?? true { undecided(family, place, rule.text) }
                continue
            }
            guard rule.name == "rule", rule.attributes["chain"]?.hasPrefix("INPUT") ?? false,
                rule.attributes["table"] == "filter"
            else { continue }
            guard let words else {
                undecided(family, place, rule.text)
                continue
            }
            let parsed = IPTablesRule(words[...], family: family)
            let evidence = place.evidence(rule.text)
            switch (parsed.action, parsed.match.reach) {
            case (.accept, .every), (.accept, .sampled): override(family, .allow(evidence))
            case (.accept, .some): add(parsed.match.kind, parsed.match.text, evidence, only: family)
            case (.none, _), (.drop, _), (.leave, _): break
            default: undecided(family, place, rule.text)
            }
        }
    }

    private mutating func undecided(_ family: AddressFamily, _ place: TextPlace, _ text: String) {
        override(family, .undecided(place.reason("a direct rule is not understood: \(text)")))
    }
}
