/// By whose rules sources become a store.
public enum TrustRules: String, Hashable, Sendable, CaseIterable {
    /// Ours: every source is heard, distrust counts in every output.
    case assay
    /// p11-kit's joins and layouts (0.26.4), where they are safe: distrust still counts in every output.
    case p11Kit = "p11-kit"
}

/// Where something is said.
public struct Origin: Hashable, Sendable {
    /// The path in the subject, escaped.
    public var path: String
    /// The line, counted from 1.
    public var line: Int
    /// The folder's role.
    public var role: SourceRole
    /// The trust path's number.
    public var token: Int

    /// Makes one.
    public init(path: String, line: Int, role: SourceRole, token: Int) {
        self.path = path
        self.line = line
        self.role = role
        self.token = token
    }
}

/// Why a certificate is, or is not, trusted for a purpose.
///
/// Raw values are stable and shown.
public enum TrustRule: String, Hashable, Sendable, CaseIterable {
    /// An anchor without any restriction.
    case anchorForAll = "anchor"
    /// An anchor; the extended key usage that a source attached has the purpose.
    case attachedUsage = "attached-usage"
    /// An anchor; its own extended key usage has the purpose.
    case ownUsage = "own-usage"
    /// Not: the usage that a source attached does not have the purpose.
    case notInAttachedUsage = "not-in-attached-usage"
    /// Not: its own extended key usage does not have the purpose.
    case notInOwnUsage = "not-in-own-usage"
    /// Not: a source rejects this purpose.
    case purposeRejected = "purpose-rejected"
    /// Not: this very certificate is distrusted.
    case distrustedCertificate = "distrusted-certificate"
    /// Not: its issuer and serial number are distrusted.
    case distrustedName = "distrusted-name"
    /// Not: its public key is distrusted.
    case distrustedKey = "distrusted-key"
    /// Not: no source makes it an anchor.
    case neutral
    /// Not: an anchor, but no certificate authority.
    case notAuthority = "not-an-authority"
    /// Not: no source has it.
    case unknown
}

/// Whether a certificate is trusted for a purpose, by which rule, because of which lines.
public struct TrustDecision: Hashable, Sendable {
    /// The answer.
    public var isTrusted: Bool
    /// The rule that decides.
    public var rule: TrustRule
    /// The lines that decide, the strongest first; never empty but for `unknown`.
    public var because: [Origin]

    /// Makes one.
    public init(isTrusted: Bool, rule: TrustRule, because: [Origin]) {
        self.isTrusted = isTrusted
        self.rule = rule
        self.because = because
    }
}

/// One certificate of a store, with everything that the sources say about it together.
public struct TrustEntry: Hashable, Sendable {
    /// The certificate.
    public var certificate: TrustCertificate
    /// The label: the first that a source gives, else the subject's CN, OU or O, as bytes.
    public var label: [UInt8]
    /// What it is after all sources were heard.
    public var standing: Standing
    /// The rule behind a distrust, and its lines; nil when not distrusted.
    public var distrust: TrustDecision?
    /// Whether it is a certificate authority, by the attached or its own basic constraints.
    public var isAuthority: Bool
    /// The extended key usage that sources attached; nil when none did.
    ///
    /// Sorted; in the file's order by p11-kit's rules.
    public var attachedUsage: [Purpose]?
    /// The purposes that sources reject.
    ///
    /// Sorted; in the file's order by p11-kit's rules.
    public var rejectedUsage: [Purpose]
    /// The certificate's own extended key usage; nil when it has none.
    public var ownUsage: [Purpose]?
    /// From when on new server certificates below it are distrusted, in seconds since 1970: the earliest that is said.
    public var serverDistrustAfter: Int64?
    /// From when on new mail certificates below it are distrusted, in seconds since 1970: the earliest that is said.
    public var emailDistrustAfter: Int64?
    /// Where the certificate stands, in load order.
    public var origins: [Origin]
    /// Where it is made an anchor, in load order.
    public var anchorOrigins: [Origin] = []
    /// Where the attached usages stand.
    public var usageOrigins: [Origin]
    /// Where the rejected usages stand.
    public var rejectOrigins: [Origin]
    /// The rules that it was made by: p11-kit does not hear rejections that are attached without a trusted usage.
    public var rules: TrustRules = .assay
}

/// What a set of sources means.
public struct TrustStore: Hashable, Sendable {
    /// The rules that it was made by.
    public var rules: TrustRules
    /// Every certificate once, in load order; by p11-kit's rules an anchor stands where it is anchored.
    public var entries: [TrustEntry]
    /// Distrust that names a certificate which no source has.
    public var unmatchedDistrust: [UnmatchedDistrust]
    /// Every distrust, for certificates that no source has.
    var distrust = DistrustIndex()
}

/// Distrust of a certificate that no source has.
public struct UnmatchedDistrust: Hashable, Sendable {
    /// What is distrusted.
    public var object: DistrustObject
    /// Where that is said.
    public var origin: Origin
}
