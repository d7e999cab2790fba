/// Why a chain of certificates is not trusted.
public enum ChainProblem: Hashable, Sendable {
    /// No certificate has the name of the issuer.
    case noIssuer
    /// It is signed with its own key, and no source makes it an anchor.
    case selfSigned
    /// Certificates have the issuer's name, but none has the key that signed it.
    case signatureMismatch
    /// The signature's algorithm, dotted, or the issuer's key cannot be checked.
    case signatureUnsupported(String)
    /// Its validity ended, in seconds since 1970.
    case expired(Int64)
    /// Its validity begins later, in seconds since 1970.
    case notYetValid(Int64)
    /// A date is none.
    case noDates
    /// It, its name or its key is distrusted.
    case distrusted(TrustDecision)
    /// It signed a certificate, but is no certificate authority.
    case notAuthority
    /// Its key usage does not allow its key to sign certificates.
    case maySignNothing
    /// More authorities stand below it than it allows.
    case pathTooLong(allowed: Int)
    /// Its extended key usage does not have the purpose.
    case otherUsage
    /// It is an anchor, but not for the purpose.
    case notForPurpose(TrustDecision)
    /// The chain's first certificate is newer than the anchor is trusted for, in seconds since 1970.
    case distrustedAfter(Int64)
    /// There are more certificates or paths than are tried.
    case limit

    /// Whether it leaves the question open instead of answering it with no.
    public var isUndecided: Bool {
        switch self {
        case .signatureUnsupported, .noDates, .limit: true
        default: false
        }
    }

    /// How far a path got, so that the best of several is told.
    var weight: Int {
        switch self {
        case .noIssuer, .selfSigned, .signatureMismatch, .signatureUnsupported, .limit: 100
        default: 1
        }
    }
}

/// A certificate of a path.
public struct ChainStep: Hashable, Sendable {
    /// The certificate.
    public var certificate: TrustCertificate
    /// What the store knows of it.
    public var entry: TrustEntry?
    /// Its number among those given, from 0; nil when it comes from the store.
    public var given: Int?
    /// What speaks against the path here.
    public var problems: [ChainProblem] = []
}

/// Whether a chain is trusted for a purpose at a time.
public struct ChainVerdict: Hashable, Sendable {
    /// From the first given certificate on; the last one is the anchor when the chain ends in one.
    public var steps: [ChainStep]
    /// Whether some certificate restricts the names below it, which is not looked into.
    public var restrictsNames: Bool

    /// Everything that speaks against it.
    public var problems: [ChainProblem] { steps.flatMap(\.problems) }
    /// Whether nothing does.
    public var isTrusted: Bool { problems.isEmpty && endsInAnchor }
    /// Whether it is not trusted only because something could not be checked.
    public var isUndecided: Bool { !isTrusted && problems.allSatisfy(\.isUndecided) }
    /// Whether the last certificate is an anchor.
    public var endsInAnchor: Bool { steps.last?.entry?.standing == .anchor }
}
