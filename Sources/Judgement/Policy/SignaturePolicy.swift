/// The values that OpenPGP signatures are judged with.
///
/// Hash and key algorithms are named as signatures and keys name them (`sha256`, `rsa2048`); `SHA-256` and `RSA-2048` name
/// the same. Whether a key is the expected one is no matter of policy: it is pinned, or it is not.
public struct SignaturePolicy: Hashable, Sendable {
    /// The hash algorithms that are accepted, each with the last day (`YYYY-MM-DD` in UTC) on which a signature made
    /// with it is, by the signature's own date; nil is no end.
    public var hashes: [String: String?]
    /// The least size of a signing key in bits, by the family of its algorithm: `rsa`, `dsa`, `ecdsa`.
    public var minimumBits: [String: Int]
    /// How many acceptable signatures, by as many different pinned certificates, a document needs: 1 to 16.
    public var threshold: Int
    /// Whether a signature stays acceptable when its key expired after it was made.
    public var acceptsExpiredKeysForOlderSignatures: Bool
    /// The time of judgement in seconds since 1970; nil is now.
    public var evaluationTime: Int64?
    /// What is accepted of single keys.
    public var exceptions: [SignatureException]

    /// Makes a policy; what is left out is as in `standard`.
    public init(
        hashes: [String: String?] = ["sha256": nil, "sha384": nil, "sha512": nil],
        minimumBits: [String: Int] = ["rsa": 2048, "dsa": 2048], threshold: Int = 1,
        acceptsExpiredKeysForOlderSignatures: Bool = false, evaluationTime: Int64? = nil,
        exceptions: [SignatureException] = []
    ) {
        self.hashes = hashes
        self.minimumBits = minimumBits
        self.threshold = threshold
        self.acceptsExpiredKeysForOlderSignatures = acceptsExpiredKeysForOlderSignatures
        self.evaluationTime = evaluationTime
        self.exceptions = exceptions
    }

    /// SHA-2 from 256 bits, RSA and DSA from 2048 bits, one signature, no exception, judged now.
    public static let standard = SignaturePolicy()

    /// The faults of a signature that an exception can accept: what weakens it, and what its dates say.
    public static let excusableFaults: Set<String> = [
        "created-before-key", "created-in-the-future", "expired-key", "expired-signature", "key-revoked-later",
        "signed-after-key-expiry", "undecided-revocation", "weak-binding", "weak-hash", "weak-key",
    ]

    /// The faults that leave nothing to accept: the signature was not verified, or its key may not make it.
    public static let inexcusableFaults: Set<String> = [
        "bad-signature", "critical-subpacket", "issuer-mismatch", "not-a-signing-key", "not-hashed", "revoked-key",
        "unbound-key", "unknown-key", "unsupported-algorithm", "unsupported-hash", "wrong-signature-type",
    ]

    /// Why a hash algorithm is not accepted for a signature, or nil when it is.
    ///
    /// A weak one that `hashes` names is accepted until its day: the fault `weak-hash` says nothing more then.
    ///
    /// - Parameters:
    ///   - hash: the algorithm's name.
    ///   - created: when the signature says that it was made, in seconds since 1970.
    /// - Returns: the reason.
    public func refusal(ofHash hash: String, madeAt created: Int64) -> String? {
        let name = Self.plainName(hash)
        guard let entry = hashes.first(where: { Self.plainName($0.key) == name }) else {
            let accepted = hashes.keys.sorted().joined(separator: ", ")
            return "the policy does not accept \(hash) (accepted: \(accepted))"
        }
        guard let lastDay = entry.value else { return nil }
        guard let day = CalendarDate.seconds(lastDay) else { return "the last day of \(hash), '\(lastDay)', is no day" }
        return created < day + CalendarDate.secondsPerDay
            ? nil : "the policy accepts \(hash) only in signatures made until \(lastDay)"
    }

    /// Why the size of a signing key is not accepted, or nil when it is.
    ///
    /// - Parameters:
    ///   - algorithm: the algorithm's name, with or without the size.
    ///   - bits: the size, when it is known.
    /// - Returns: the reason.
    public func refusal(ofKey algorithm: String, bits: Int?) -> String? {
        guard let family = Self.family(of: algorithm) else { return nil }
        guard let entry = minimumBits.first(where: { Self.plainName($0.key) == family }) else { return nil }
        guard let bits else { return "the size of the \(algorithm) key is not known" }
        return bits >= entry.value ? nil : "the policy asks for \(entry.value) bits of \(family), this key has \(bits)"
    }

    /// The exceptions that accept a fault of a signature; none for a fault that cannot be accepted.
    ///
    /// Whether the patterns of `SignatureException.files` match is asked of them by the caller.
    ///
    /// - Parameters:
    ///   - fault: the fault's code.
    ///   - keys: the fingerprints of the signing key and of its certificate.
    ///   - today: the day of judgement, `YYYY-MM-DD` in UTC: the real one, whatever `evaluationTime` is.
    /// - Returns: those that hold on the day.
    public func exceptions(for fault: String, keys: [String], today: String) -> [SignatureException] {
        guard Self.excusableFaults.contains(fault) else { return [] }
        // Dates of the form YYYY-MM-DD are ordered like their text.
        return exceptions.filter {
            $0.faults.contains(fault) && keys.contains($0.key) && $0.expires >= today
        }
    }

    /// The family of a key algorithm that sizes are asked of; nil for those of one size.
    private static func family(of algorithm: String) -> String? {
        let name = plainName(algorithm)
        if name.hasPrefix("rsa") { return "rsa" }
        if name.hasPrefix("dsa") { return "dsa" }
        let curves = ["ecdsa", "nistp", "brainpoolp", "secp"]
        return curves.contains { name.hasPrefix($0) } ? "ecdsa" : nil
    }

    /// `sha256` of `SHA-256`.
    static func plainName(_ name: String) -> String {
        // Over bytes: splitting into characters takes longer than the rest of the question, and it is asked of every file.
        let isPlain = name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        if isPlain { return name }
        return String(
            decoding: name.utf8.lazy.filter { $0 != 0x2D }.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 },
            as: UTF8.self)
    }
}

/// Faults of one key's signatures that somebody accepts until a day.
public struct SignatureException: Hashable, Sendable {
    /// The fingerprint of the signing key or of its certificate, lower-case hexadecimal.
    public var key: String
    /// The codes of the faults, some of `SignaturePolicy.excusableFaults`.
    public var faults: Set<String>
    /// Why they are accepted.
    public var reason: String
    /// The last day on which they are, `YYYY-MM-DD` in UTC.
    public var expires: String
    /// The pattern of the names of the files that it is for (`*.el5.*.rpm`); nil is for all.
    public var files: String?

    /// Makes an exception.
    public init(key: String, faults: Set<String>, reason: String, expires: String, files: String? = nil) {
        self.key = key
        self.faults = faults
        self.reason = reason
        self.expires = expires
        self.files = files
    }
}
