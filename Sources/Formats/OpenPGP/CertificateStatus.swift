/// What a certificate says of one of its keys at a time.
public struct KeyStatus: Hashable, Sendable {
    /// The key.
    public let key: OpenPGPKey
    /// Whether a self-signature that was verified, and valid at the time, binds it.
    public let isBound: Bool
    /// The weakest hash algorithm that the newest self-signature rests on, or nil when nothing binds it.
    public let bindingHash: HashAlgorithm?
    /// What may be done with it, or nil where the newest self-signature does not say.
    public let keyFlags: KeyFlags?
    /// Whether it may sign data.
    ///
    /// The flag is set, and a subkey has signed its primary key in turn. A version 4 primary key without flags may sign.
    public let canSign: Bool
    /// When it expires or expired, in seconds since 1970, or nil for never.
    public let expirationTime: Int64?
    /// The revocations that count at the time: hard ones always, soft ones from when they were made.
    public let revocations: [Revocation]
    /// How many revocations could not be decided.
    public let undecidedRevocations: Int

    /// Whether it is expired at `time` (seconds since 1970).
    public func isExpired(at time: Int64) -> Bool { expirationTime.map { time >= $0 } ?? false }

    /// The revocation that makes a signature of `time` worthless: a hard one, or a soft one from before.
    public func revocation(ofSignatureAt time: Int64) -> Revocation? {
        revocations.first { !$0.reason.isSoft } ?? revocations.first { $0.creationTime <= time }
    }
}

/// What a certificate says of itself at a time.
public struct CertificateStatus: Hashable, Sendable {
    /// The primary key.
    public let primaryKey: KeyStatus
    /// The subkeys, in the order of the certificate.
    public let subkeys: [KeyStatus]
    /// The user IDs that are bound and not revoked, in the order of the certificate.
    public let userIDs: [OpenPGPUserID]
}

extension OpenPGPCertificate {
    /// What the certificate says of itself at `time`, in seconds since 1970.
    ///
    /// The newest self-signature that is valid at the time decides. For the primary key that is the newest over it and
    /// the newest over a user ID; where the two, or two of the same second, disagree, the stricter one.
    public func status(at time: Int64) -> CertificateStatus {
        CertificateStatus(
            primaryKey: primaryStatus(at: time), subkeys: subkeys.map { Self.status(of: $0, at: time) },
            userIDs: userIDs.filter { $0.isValid(at: time) })
    }

    /// The status of the key at `index` of `keys`.
    func keyStatus(_ index: Int, at time: Int64) -> KeyStatus {
        index == 0 ? primaryStatus(at: time) : Self.status(of: subkeys[index - 1], at: time)
    }

    func primaryStatus(at time: Int64) -> KeyStatus {
        Self.status(
            of: primaryKey, isPrimary: true,
            [directSignatures, userIDs.filter { $0.isValid(at: time) }.flatMap(\.bindings)], revocations,
            undecidedRevocations, at: time)
    }

    private static func status(of subkey: OpenPGPSubkey, at time: Int64) -> KeyStatus {
        status(
            of: subkey.key, isPrimary: false, [subkey.bindings], subkey.revocations, subkey.undecidedRevocations,
            at: time)
    }

    private static func status(
        of key: OpenPGPKey, isPrimary: Bool, _ groups: [[SelfSignature]], _ revocations: [Revocation],
        _ undecided: Int, at time: Int64
    ) -> KeyStatus {
        let newest = groups.flatMap { bindings in
            let valid = bindings.filter { $0.isValid(at: time) }
            let newestTime = valid.map(\.creationTime).max()
            return valid.filter { $0.creationTime == newestTime }
        }
        let flags = newest.compactMap(\.keyFlags)
        let common: KeyFlags? = flags.first.map { first in flags.dropFirst().reduce(first) { $0.intersection($1) } }
        let isFlagged = common?.contains(.sign) ?? (isPrimary && key.version == 4)
        let isProven = isPrimary || newest.allSatisfy { $0.backSignatureHash != nil }
        let lifetime = newest.compactMap(\.keyLifetime).min()
        return KeyStatus(
            key: key, isBound: !newest.isEmpty,
            bindingHash: newest.map(\.weakestHash).first(where: \.isWeak) ?? newest.first?.hashAlgorithm,
            keyFlags: common, canSign: !newest.isEmpty && isFlagged && isProven && key.algorithm.rawValue != 2,
            expirationTime: lifetime.map { key.creationTime + $0 },
            revocations: revocations.filter { !$0.reason.isSoft || $0.creationTime <= time },
            undecidedRevocations: undecided)
    }
}
