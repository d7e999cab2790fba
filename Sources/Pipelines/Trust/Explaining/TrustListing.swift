import AssayFacts
import AssayTrustStore

/// Which certificates of a store are listed.
public struct TrustFilter: Hashable, Sendable {
    /// Only those trusted for one of these purposes.
    public var purposes: [String] = []
    /// Only those of these states: `anchor`, `neutral`, `distrusted`.
    public var states: [String] = []
    /// Only those whose validity ends before this moment, in seconds since 1970.
    public var expiresBefore: Int64?
    /// Only those with one of these keys: `rsa`, `ec`, `dsa`, `other`, or a text such as `RSA 2048`.
    public var keys: [String] = []
    /// Only those whose issuer has this text, in either case.
    public var issuer: String?

    /// Makes a filter that lets everything through.
    public init() {}
}

/// The certificates of a store.
public struct TrustList: Hashable, Sendable, Encodable {
    /// The version of this form.
    public let schemaVersion = 1
    /// The moment of the question, RFC 3339 in UTC.
    public var evaluatedAt: String
    /// How sources were joined: `assay` or `p11-kit`.
    public var rules: String
    /// How many certificates the store has in all.
    public var total: Int
    /// Those that the filter lets through, in load order.
    public var certificates: [ListedCertificate]
    /// Distrust of certificates that no source has.
    public var unmatchedDistrust: [SourcePlace]
}

extension Trust {
    /// Lists the certificates of a system's sources.
    ///
    /// - Throws: `TrustError`, `TrustSourcesError`, `FileSystemError`.
    public static func list(
        _ system: TrustSystem, _ filter: TrustFilter = TrustFilter(), at time: Int64
    ) throws -> TrustList {
        let purposes = try filter.purposes.map(Purpose.named)
        let store = try system.store().store
        let entries = store.entries.filter { entry in
            (purposes.isEmpty || purposes.contains { entry.decision(for: $0).isTrusted })
                && (filter.states.isEmpty || filter.states.contains(entry.standing.rawValue))
                && (filter.keys.isEmpty || filter.keys.contains { entry.certificate.key.matches($0) })
                && (filter.expiresBefore.map { limit in entry.certificate.notAfter.map { $0 < limit } ?? false }
                    ?? true)
                && (filter.issuer.map { text in
                    NameText.text(entry.certificate.issuer).lowercased().contains(text.lowercased())
                } ?? true)
        }
        return TrustList(
            evaluatedAt: UTCTime.text(time), rules: store.rules.rawValue, total: store.entries.count,
            certificates: entries.map { ListedCertificate($0, at: time) },
            unmatchedDistrust: store.unmatchedDistrust.map { SourcePlace($0.origin) })
    }
}

extension TrustCertificate.Key {
    /// Whether it is of the kind `text`, or is called that.
    fileprivate func matches(_ text: String) -> Bool {
        let text = text.lowercased()
        switch self {
        case .rsa(let bits): return text == "rsa" || text == "rsa \(bits)" || text == "rsa\(bits)"
        case .ellipticCurve(let name, _): return text == "ec" || text == name.lowercased()
        case .dsa(let bits): return text == "dsa" || text == "dsa \(bits)" || text == "dsa\(bits)"
        case .other(let name): return text == "other" || text == name.lowercased()
        }
    }
}
