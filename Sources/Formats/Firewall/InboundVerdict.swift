/// The two protocols for which the question "is inbound traffic denied by default" is asked apart.
public enum AddressFamily: String, Hashable, Sendable, CaseIterable {
    /// IP version 4.
    case ipv4
    /// IP version 6.
    case ipv6
}

/// A file that a caller read for a parser, with the name under which it appears in evidence.
public struct SourceFile: Hashable, Sendable {
    /// The path in the subject.
    public let path: String
    /// The content.
    public let bytes: [UInt8]

    /// Names `bytes` as the content of `path`.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// What decided an answer: where it stands and what stands there.
public struct FirewallEvidence: Hashable, Sendable {
    /// Where in its source a piece of evidence stands.
    public enum Place: Hashable, Sendable {
        /// A line, counted from 1.
        case line(Int)
        /// Bytes from the start of a binary table.
        case offset(Int)
        /// The kernel's handle of a rule or a chain.
        case handle(UInt64)
        /// The source as a whole: something is missing from it.
        case whole
    }

    /// The path of the file, or the name of the kernel interface.
    public let source: String
    /// Where in `source`.
    public let place: Place
    /// What stands there, escaped for printing and shortened to 200 characters.
    public let text: String

    init(source: String, place: Place, text: String) {
        self.source = source
        self.place = place
        self.text = shortened(text)
    }
}

/// The fate of an inbound packet that no rule names.
public enum InboundPolicy: Hashable, Sendable {
    /// It is dropped or rejected.
    case deny(FirewallEvidence)
    /// It is let in.
    case allow(FirewallEvidence)
    /// Nothing can be said, for this reason (which names the file and line where there is one).
    case undecided(String)

    /// Whether unnamed packets are kept out for certain.
    public var isDeny: Bool {
        if case .deny = self { return true }
        return false
    }
}

/// Traffic that is let in although the default is to deny.
public struct AcceptedTraffic: Hashable, Sendable {
    /// How much an exception opens.
    public enum Kind: String, Hashable, Sendable {
        /// Packets of the machine to itself.
        case loopback
        /// Packets that belong to a connection which was allowed before.
        case established
        /// ICMP or ICMPv6.
        case icmp
        /// Something narrow: ports, source addresses, multicast groups, a mark.
        case service
        /// A whole protocol, a whole interface, a source port, or a large range of ports.
        case broad
    }

    /// How much it opens.
    public let kind: Kind
    /// The condition in the words of nftables, such as `tcp dport 22`.
    public let text: String
    /// The rule.
    public let evidence: FirewallEvidence

    init(kind: Kind, text: String, evidence: FirewallEvidence) {
        self.kind = kind
        self.text = shortened(text)
        self.evidence = evidence
    }

    /// The same traffic under the condition of `outer` as well.
    func inside(_ outer: AcceptedTraffic) -> AcceptedTraffic {
        AcceptedTraffic(inner: self, outer: outer)
    }

    /// Both texts are escaped already.
    private init(inner: AcceptedTraffic, outer: AcceptedTraffic) {
        kind = inner.kind == .broad ? outer.kind : inner.kind
        text = outer.text.utf8.count > 150 ? outer.text : outer.text + " " + inner.text
        evidence = inner.evidence
    }
}

/// The answer for one address family.
public struct InboundVerdict: Hashable, Sendable {
    /// What happens to packets that no rule names.
    public let policy: InboundPolicy
    /// What is let in all the same, in the order of the rules, at most 1,000 entries; empty unless `policy` is deny.
    public let accepted: [AcceptedTraffic]

    init(_ policy: InboundPolicy, accepted: [AcceptedTraffic] = []) {
        self.policy = policy
        guard policy.isDeny else {
            self.accepted = []
            return
        }
        var seen: Set<String> = []
        self.accepted = Array(accepted.filter { seen.insert($0.text).inserted }.prefix(Limits.accepted))
    }

    /// The texts of `accepted`.
    public var exceptions: [String] { accepted.map(\.text) }

    /// The answer when the packet has to pass both `self` and `other`: one that denies is enough.
    public func combined(with other: InboundVerdict) -> InboundVerdict {
        switch (policy, other.policy) {
        case (.deny, .deny): other.accepted.count < accepted.count ? other : self
        case (.deny, _): self
        case (_, .deny): other
        case (.undecided, _): self
        case (_, .undecided): other
        default: self
        }
    }
}

/// The answers for both address families.
public struct FirewallVerdict: Hashable, Sendable {
    /// The answer for IP version 4.
    public let ipv4: InboundVerdict
    /// The answer for IP version 6.
    public let ipv6: InboundVerdict

    init(ipv4: InboundVerdict, ipv6: InboundVerdict) {
        self.ipv4 = ipv4
        self.ipv6 = ipv6
    }

    init(both policy: InboundPolicy) {
        self.init(ipv4: InboundVerdict(policy), ipv6: InboundVerdict(policy))
    }

    /// The answer for `family`.
    public subscript(family: AddressFamily) -> InboundVerdict { family == .ipv4 ? ipv4 : ipv6 }

    /// The answer when both firewalls are loaded: a packet has to pass both.
    public func combined(with other: FirewallVerdict) -> FirewallVerdict {
        FirewallVerdict(ipv4: ipv4.combined(with: other.ipv4), ipv6: ipv6.combined(with: other.ipv6))
    }
}

/// What bounds the work on one subject; beyond a limit the answer is undecided.
enum Limits {
    static let text = 8 << 20
    static let tokens = 1_000_000
    static let rules = 200_000
    static let includes = 256
    static let includeDepth = 16
    static let jumpDepth = 64
    static let accepted = 1000
    static let work = 2_000_000
    static let messages = 16 << 20
}
