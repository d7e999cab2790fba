import AssayFacts
import AssayTrustStore

/// A certificate of the store with what it is trusted for.
public struct ListedCertificate: Hashable, Sendable, Encodable {
    /// The certificate.
    public var certificate: CertificateSummary
    /// `anchor`, `neutral` or `distrusted`.
    public var state: String
    /// The named purposes that it is trusted for.
    public var purposes: [String]
    /// The purposes that sources reject.
    public var rejected: [String]
    /// Whether its validity ended before the moment of the question.
    public var isExpired: Bool
    /// From when on new server certificates below it are distrusted, RFC 3339 in UTC.
    public var serverDistrustAfter: String?
    /// From when on new mail certificates below it are distrusted, RFC 3339 in UTC.
    public var emailDistrustAfter: String?
    /// Where it stands, in load order.
    public var places: [SourcePlace]

    init(_ entry: TrustEntry, at time: Int64) {
        certificate = CertificateSummary(entry)
        state = entry.standing.rawValue
        purposes = Purpose.named.filter { entry.decision(for: $0.purpose).isTrusted }.map(\.name)
        rejected = entry.rejectedUsage.map(\.name)
        isExpired = entry.certificate.notAfter.map { $0 < time } ?? false
        serverDistrustAfter = entry.serverDistrustAfter.map(UTCTime.text)
        emailDistrustAfter = entry.emailDistrustAfter.map(UTCTime.text)
        places = entry.origins.map(SourcePlace.init)
    }
}
