import AssayFacts
import AssaySubjects
import AssayTrustStore

/// Why a certificate or a chain is trusted, or is not.
public struct TrustExplanation: Hashable, Sendable, Encodable {
    /// The version of this form.
    public let schemaVersion = 1
    /// The moment of the question, RFC 3339 in UTC.
    public var evaluatedAt: String
    /// The purpose that the answer is about.
    public var purpose: String
    /// Whether the certificate, or the chain, is trusted for it; nil when that could not be decided.
    public var isTrusted: Bool?
    /// The certificate; nil for a chain.
    public var certificate: ListedCertificate?
    /// For a certificate: each named purpose.
    public var purposes: [PurposeAnswer] = []
    /// For a certificate: each output.
    public var outputs: [OutputAnswer] = []
    /// For a certificate: what else is to be known (expired, SHA-1, …).
    public var notes: [String] = []
    /// For a chain: the way to the anchor.
    public var chain: ChainAnswer?
}

/// A question about trust.
public struct TrustQuestion: Hashable, Sendable {
    /// A file, or a fingerprint.
    public var subject: String
    /// The purpose that decides the answer.
    public var purpose = "server-auth"
    /// The moment, in seconds since 1970.
    public var time: Int64

    /// Makes a question.
    public init(subject: String, time: Int64) {
        self.subject = subject
        self.time = time
    }
}

extension Trust {
    /// Explains a certificate of the store, an authority's certificate from a file, or the chain that a file has.
    ///
    /// - Throws: `TrustError`, `TrustSourcesError`, `FileSystemError`.
    public static func explain(_ question: TrustQuestion, in system: TrustSystem) throws -> TrustExplanation {
        let purpose = try Purpose.named(question.purpose)
        let reference = try CertificateReference(question.subject)
        let store = try system.store().store
        if case .certificates(let certificates) = reference, let first = certificates.first {
            let isChain = certificates.contains { $0 != first }
            if isChain || (store.entry(for: first) == nil && !first.isAuthorityByItself) {
                return explainChain(certificates, purpose, question, store)
            }
        }
        let (certificate, entry) = try reference.single(in: store)
        let decision = store.decision(for: certificate, purpose: purpose)
        var explanation = TrustExplanation(
            evaluatedAt: UTCTime.text(question.time), purpose: purpose.name, isTrusted: decision.isTrusted)
        explanation.certificate =
            entry.map { ListedCertificate($0, at: question.time) }
            ?? ListedCertificate(unknown: certificate, store.decision(for: certificate, purpose: .any), question.time)
        let named = Purpose.named.map(\.purpose)
        explanation.purposes = (named + (named.contains(purpose) ? [] : [purpose])).map {
            PurposeAnswer($0, store.decision(for: certificate, purpose: $0))
        }
        explanation.outputs = StoreOutput.allCases.map { output in
            guard let entry else {
                return OutputAnswer(
                    output, isListed: false,
                    store.decision(for: certificate, purpose: output.purpose ?? .any))
            }
            let isListed = store.entries(in: output).contains { $0.certificate == certificate }
            return OutputAnswer(output, isListed: isListed, store.includes(entry, in: output))
        }
        explanation.notes = CertificateNotes.notes(certificate, entry, at: question.time)
        return explanation
    }

    private static func explainChain(
        _ certificates: [TrustCertificate], _ purpose: Purpose, _ question: TrustQuestion, _ store: TrustStore
    ) -> TrustExplanation {
        let verdict = store.chain(from: certificates, purpose: purpose, time: question.time)
        var explanation = TrustExplanation(
            evaluatedAt: UTCTime.text(question.time), purpose: purpose.name,
            isTrusted: verdict.isUndecided ? nil : verdict.isTrusted)
        explanation.chain = ChainAnswer(verdict, given: certificates.count)
        return explanation
    }
}

extension ListedCertificate {
    /// A certificate that no source has.
    fileprivate init(unknown certificate: TrustCertificate, _ decision: TrustDecision, _ time: Int64) {
        self.certificate = CertificateSummary(certificate)
        state = decision.rule == .unknown ? "unknown" : "distrusted"
        purposes = []
        rejected = []
        isExpired = certificate.notAfter.map { $0 < time } ?? false
        places = []
    }
}

/// What is to be known of a certificate beside the store's rules.
enum CertificateNotes {
    private static let fewestModulusBits = 2048
    private static let fewestFieldBits = 224

    static func notes(_ certificate: TrustCertificate, _ entry: TrustEntry?, at time: Int64) -> [String] {
        var notes: [String] = []
        if let end = certificate.notAfter, end < time {
            notes.append("expired at \(UTCTime.text(end)): programs that look at dates refuse what it signed")
        }
        if let begin = certificate.notBefore, begin > time {
            notes.append("not valid before \(UTCTime.text(begin))")
        }
        if certificate.notBefore == nil || certificate.notAfter == nil { notes.append("a date of it is none") }
        switch certificate.key {
        case .rsa(let bits) where bits < fewestModulusBits: notes.append("a weak key: RSA with \(bits) bits")
        case .ellipticCurve(let name, let bits) where bits < fewestFieldBits: notes.append("a weak key: \(name)")
        case .dsa: notes.append("a DSA key, which hardly a program accepts")
        default: break
        }
        if ["1.2.840.113549.1.1.5", "1.2.840.10045.4.1", "1.2.840.10040.4.3"].contains(certificate.signatureAlgorithm) {
            notes.append(
                certificate.isSelfIssued
                    ? "signed with SHA-1, which does not matter where it is the anchor"
                    : "signed with SHA-1, which many programs refuse")
        }
        if let entry, !entry.anchorOrigins.isEmpty, !entry.isAuthority {
            notes.append("made an anchor, but it is no certificate authority: no output trusts it")
        }
        if let date = entry?.serverDistrustAfter {
            notes.append(
                "server certificates newer than \(UTCTime.text(date)) are distrusted; bundles cannot say that")
        }
        if let date = entry?.emailDistrustAfter {
            notes.append("mail certificates newer than \(UTCTime.text(date)) are distrusted; bundles cannot say that")
        }
        return notes
    }
}
