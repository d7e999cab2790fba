import AssayFacts
import AssayTrustStore

/// The way from a host's certificate to an anchor.
public struct ChainAnswer: Hashable, Sendable, Encodable {
    /// A certificate on the way.
    public struct Step: Hashable, Sendable, Encodable {
        /// The certificate.
        public var certificate: CertificateSummary
        /// Its number in the file, from 1; nil when it comes from the store.
        public var numberInFile: Int?
        /// What the store calls it: `anchor`, `neutral`, `distrusted`; nil when no source has it.
        public var state: String?
        /// Where the store's sources have it.
        public var places: [SourcePlace]
        /// What speaks against it, for programs: `expired`, `no-issuer`, ….
        public var problems: [String]
        /// The same in words.
        public var reasons: [String]
    }

    /// From the first certificate of the file on; the last one is the anchor when the chain ends in one.
    public var steps: [Step]
    /// Whether it ends in an anchor.
    public var endsInAnchor: Bool
    /// How many certificates the file has.
    public var given: Int
    /// What was not looked into.
    public var notChecked: [String]

    init(_ verdict: ChainVerdict, given: Int) {
        steps = verdict.steps.map { step in
            Step(
                certificate: step.entry.map(CertificateSummary.init) ?? CertificateSummary(step.certificate),
                numberInFile: step.given.map { $0 + 1 }, state: step.entry?.standing.rawValue,
                places: (step.entry?.origins ?? []).map(SourcePlace.init), problems: step.problems.map(\.name),
                reasons: step.problems.map { $0.sentence(of: step.certificate) })
        }
        endsInAnchor = verdict.endsInAnchor
        self.given = given
        notChecked = ["host names", "revocation"] + (verdict.restrictsNames ? ["name constraints"] : [])
    }
}

extension ChainProblem {
    /// Stable and shown to programs.
    var name: String {
        switch self {
        case .noIssuer: "no-issuer"
        case .selfSigned: "self-signed"
        case .signatureMismatch: "signature-mismatch"
        case .signatureUnsupported: "signature-unsupported"
        case .expired: "expired"
        case .notYetValid: "not-yet-valid"
        case .noDates: "no-dates"
        case .distrusted: "distrusted"
        case .notAuthority: "not-an-authority"
        case .maySignNothing: "may-sign-nothing"
        case .pathTooLong: "path-too-long"
        case .otherUsage: "other-usage"
        case .notForPurpose: "not-for-purpose"
        case .distrustedAfter: "distrusted-after"
        case .limit: "limit"
        }
    }

    /// In words.
    func sentence(of certificate: TrustCertificate) -> String {
        switch self {
        case .noIssuer: return "nobody here has the name of its issuer, '\(NameText.text(certificate.issuer))'"
        case .selfSigned: return "it is self-signed, and no source makes it an anchor"
        case .signatureMismatch:
            return "'\(NameText.text(certificate.issuer))' is here, but with another key than the one that signed it"
        case .signatureUnsupported(let algorithm): return "its signature (\(algorithm)) cannot be checked"
        case .expired(let time): return "it expired at \(UTCTime.text(time))"
        case .notYetValid(let time): return "it is not valid before \(UTCTime.text(time))"
        case .noDates: return "a date of its validity is none"
        case .distrusted(let decision), .notForPurpose(let decision):
            let places = decision.because.prefix(3).map { SourcePlace($0).description }.joined(separator: ", ")
            return decision.rule.sentence + (places.isEmpty ? "" : " (\(places))")
        case .notAuthority: return "it signed a certificate, but is no certificate authority"
        case .maySignNothing: return "its key usage does not allow it to sign certificates"
        case .pathTooLong(let allowed):
            return "more than \(allowed) authorities stand below it, which it does not allow"
        case .otherUsage: return "its extended key usage does not have the purpose"
        case .distrustedAfter(let time):
            return "certificates below it that are newer than \(UTCTime.text(time)) are distrusted"
        case .limit: return "more certificates or paths than are tried"
        }
    }
}
