/// The address families as a set.
struct Families: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let ipv4 = Families(rawValue: 1)
    static let ipv6 = Families(rawValue: 2)
    static let both: Families = [.ipv4, .ipv6]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ family: AddressFamily) { self = family == .ipv4 ? .ipv4 : .ipv6 }

    func contains(_ family: AddressFamily) -> Bool { contains(Families(family)) }
}

/// Which packets a rule looks at, seen from the packet that the question is about.
///
/// That packet opens a connection, comes from an arbitrary host through an interface other than loopback, and belongs to
/// no protocol, port, address or mark that a rule names.
struct Match: Hashable, Sendable {
    /// How a rule relates to the packet in question.
    enum Reach: Hashable, Sendable {
        /// It matches.
        case every
        /// It does not match: the rule is about something more special.
        case some
        /// It matches up to a rate, or by chance.
        case sampled
        /// Nothing is known.
        case unknown
    }

    /// What is known about the packets that match.
    struct Traits: OptionSet, Hashable, Sendable {
        let rawValue: UInt8

        static let loopback = Traits(rawValue: 1)
        static let established = Traits(rawValue: 2)
        static let icmp = Traits(rawValue: 4)
        static let narrowed = Traits(rawValue: 8)
    }

    /// Packets that an otherwise general rule leaves out.
    struct Exclusion: Hashable, Sendable {
        var text: String
        var traits: Traits
    }

    var families: Families
    private(set) var reach = Reach.every
    private(set) var traits: Traits = []
    private(set) var texts: [String] = []
    private(set) var exclusions: [Exclusion] = []

    init(_ families: Families = .both) { self.families = families }

    var text: String { texts.isEmpty ? "all" : texts.joined(separator: " ") }

    var kind: AcceptedTraffic.Kind { Match.kind(traits) }

    static func kind(_ traits: Traits) -> AcceptedTraffic.Kind {
        if traits.contains(.loopback) { return .loopback }
        if traits.contains(.established) { return .established }
        if traits.contains(.icmp) { return .icmp }
        return traits.contains(.narrowed) ? .service : .broad
    }

    /// Adds a condition that must hold too.
    mutating func add(_ condition: Condition) {
        families.formIntersection(condition.families)
        let judged = condition.judged
        // `icmp` and then `icmp type 8` are said once.
        if let last = texts.last, condition.text.hasPrefix(last + " ") { texts.removeLast() }
        if !condition.text.isEmpty, !texts.contains(condition.text) { texts.append(condition.text) }
        traits.formUnion(judged.traits)
        if let exclusion = judged.exclusion { exclusions.append(exclusion) }
        switch (reach, judged.reach) {
        case (_, .every), (.some, _): break
        case (_, .some): reach = .some
        case (.unknown, _): break
        case (_, .unknown): reach = .unknown
        case (_, .sampled): reach = .sampled
        }
        // A rule about something special says nothing of the packets that it leaves out.
        if reach != .every { exclusions = [] }
    }
}
