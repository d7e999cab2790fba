/// The sources of a subject's CA trust store, what they mean, and the store that is published.
///
/// Which anchors are too old, too weak or out of date is judged from them.
public struct TrustFacts: Codable, Hashable, Sendable {
    /// The layout of the sources: `ca-trust` or `debian`; nil when there are none.
    public var layout: String?
    /// How many source files were read.
    public var sourceCount = 0
    /// Sources that cannot be used.
    public var faults: [TrustSourceFault] = []
    /// What is odd in the sources, or lies beside them and is none.
    public var remarks: [Gap] = []
    /// How many certificates the sources have, by standing: `anchor`, `neutral`, `distrusted`.
    public var counts: [String: Int] = [:]
    /// The anchors, in load order; distrusted certificates are none.
    public var anchors: [TrustAnchorFacts] = []
    /// The store that is published; nil when there is none.
    public var store: TrustStoreFacts?

    /// Starts empty.
    public init() {}
}

/// A source of a trust store that cannot be used.
public struct TrustSourceFault: Codable, Hashable, Sendable {
    /// Where.
    public var place: Place
    /// What is wrong.
    public var reason: String
    /// Whether it could not be read, so that nothing is known about what it says.
    public var isUnreadable: Bool

    /// Makes it.
    public init(_ place: Place, reason: String, isUnreadable: Bool) {
        self.place = place
        self.reason = reason
        self.isUnreadable = isUnreadable
    }
}

/// A certificate that sources make a trust anchor.
public struct TrustAnchorFacts: Codable, Hashable, Sendable {
    /// The label, escaped.
    public var label: String
    /// SHA-256 of the certificate, 64 lower-case hexadecimal digits.
    public var fingerprint: String
    /// Where it is made an anchor first.
    public var place: Place
    /// What it is trusted for: `server-auth`, `email`, `code-signing`.
    public var purposes: [String]
    /// Whether it is a certificate authority.
    public var isAuthority: Bool
    /// Whether issuer and subject are the same.
    public var isSelfIssued: Bool
    /// Start of validity in seconds since 1970; nil when the date is none.
    public var notBefore: Int64?
    /// End of validity in seconds since 1970; nil when the date is none.
    public var notAfter: Int64?
    /// The digest of its signature (`SHA-1`); nil for algorithms without one of their own, or that we do not know.
    public var signatureDigest: String?
    /// The object identifier of its signature's algorithm.
    public var signatureAlgorithm: String
    /// The kind of its key: `RSA`, `DSA`, `EC`, or another algorithm's name or object identifier.
    public var keyKind: String
    /// The name of the curve, for `EC`.
    public var curve: String?
    /// The bits of the modulus, prime or field, where they are known.
    public var keyBits: Int?
    /// From when on new server certificates below it are distrusted, in seconds since 1970.
    public var serverDistrustAfter: Int64?
    /// From when on new mail certificates below it are distrusted, in seconds since 1970.
    public var emailDistrustAfter: Int64?

    /// Makes it; what is left out is filled in after.
    public init(label: String, fingerprint: String, place: Place) {
        self.label = label
        self.fingerprint = fingerprint
        self.place = place
        purposes = []
        isAuthority = false
        isSelfIssued = false
        signatureAlgorithm = ""
        keyKind = ""
    }
}

/// A trust store as it is published.
public struct TrustStoreFacts: Codable, Hashable, Sendable {
    /// What is wrong with one of its files.
    public struct Problem: Codable, Hashable, Sendable {
        /// Where.
        public var place: Place
        /// `manifest`, `missing`, `changed`, `replaced`, `unexpected` or `unreadable`.
        public var kind: String
        /// The sentence.
        public var detail: String

        /// Makes it.
        public init(_ place: Place, kind: String, detail: String) {
            self.place = place
            self.kind = kind
            self.detail = detail
        }
    }

    /// Where it lies: its folder, or its one file.
    public var place: Place
    /// Whether assay published it, so that a manifest says what it has to be.
    public var hasManifest: Bool
    /// How many files and links are as the manifest says; without one, how many files were compared by content.
    public var intact = 0
    /// What is not as the manifest says, or could not be read.
    public var problems: [Problem] = []
    /// What is not as the sources give it now.
    public var differences: [Gap] = []
    /// Why it was not compared with the sources; nil when it was.
    public var notCompared: String?
    /// Faults of sources that were passed over when it was made, as its manifest lists them.
    public var passedOver: [Gap] = []

    /// Makes it.
    public init(place: Place, hasManifest: Bool) {
        self.place = place
        self.hasManifest = hasManifest
    }
}
