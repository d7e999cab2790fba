/// What a certificate's primary key says of one of its parts, in a signature that was verified.
public struct SelfSignature: Hashable, Sendable {
    /// When it was made, in seconds since 1970.
    public let creationTime: Int64
    /// When it ends, in seconds since 1970, or nil for never.
    public let expirationTime: Int64?
    /// How long after its creation the key lives, in seconds, or nil for ever.
    public let keyLifetime: Int64?
    /// What may be done with the key, or nil when it does not say.
    public let keyFlags: KeyFlags?
    /// Whether it makes its user ID the primary one.
    public let isPrimaryUserID: Bool
    /// The hash algorithm.
    public let hashAlgorithm: HashAlgorithm
    /// The hash algorithm of a subkey's own signature that it belongs to the primary key, or nil when there is none.
    public let backSignatureHash: HashAlgorithm?

    /// The weaker one of the hash algorithms that the binding rests on.
    var weakestHash: HashAlgorithm {
        if let backSignatureHash, backSignatureHash.isWeak { return backSignatureHash }
        return hashAlgorithm
    }

    func isValid(at time: Int64) -> Bool { creationTime <= time && expirationTime.map { time < $0 } ?? true }
}

/// A revocation, in a signature by the primary key that was verified.
public struct Revocation: Hashable, Sendable {
    /// When it was made, in seconds since 1970.
    public let creationTime: Int64
    /// Why; `none` where it does not say.
    public let reason: RevocationReason
    /// The hash algorithm.
    public let hashAlgorithm: HashAlgorithm
}

/// A user ID and what the primary key says of it.
public struct OpenPGPUserID: Hashable, Sendable {
    /// The bytes, mostly UTF-8 text; nothing but its owner's word stands behind them.
    public let bytes: [UInt8]
    /// The verified self-signatures over it.
    public let bindings: [SelfSignature]
    /// The verified revocations of it.
    public let revocations: [Revocation]
    /// How many revocations of it could not be decided.
    public let undecidedRevocations: Int

    /// Whether the newest self-signature at `time` (seconds since 1970) binds it and no revocation is newer.
    public func isValid(at time: Int64) -> Bool {
        guard let newest = bindings.filter({ $0.isValid(at: time) }).map(\.creationTime).max() else { return false }
        return !revocations.contains { !$0.reason.isSoft || ($0.creationTime >= newest && $0.creationTime <= time) }
    }
}

/// A subkey and what the primary key says of it.
public struct OpenPGPSubkey: Hashable, Sendable {
    /// The key.
    public let key: OpenPGPKey
    /// The verified binding signatures.
    public let bindings: [SelfSignature]
    /// The verified revocations.
    public let revocations: [Revocation]
    /// How many revocations could not be decided.
    public let undecidedRevocations: Int
}

/// Something in a certificate that was passed over, and why.
public struct CertificateRemark: Hashable, Sendable, CustomStringConvertible {
    /// The sentence for people.
    public let description: String
}

/// A transferable public key: a primary key, its user IDs and subkeys (RFC 9580, section 10.1).
///
/// Every self-signature in it was verified; what none binds is there, without a binding. What holds at which time is
/// asked of `status(at:)`. Signatures by others are passed over.
public struct OpenPGPCertificate: Hashable, Sendable {
    /// The primary key; its fingerprint names the certificate.
    public let primaryKey: OpenPGPKey
    /// The verified signatures over the primary key itself.
    public let directSignatures: [SelfSignature]
    /// The verified revocations of the primary key, and so of all.
    public let revocations: [Revocation]
    /// How many revocations of the primary key could not be decided: of an algorithm that is not checked here, or by a
    /// designated revoker.
    public let undecidedRevocations: Int
    /// The user IDs.
    public let userIDs: [OpenPGPUserID]
    /// The subkeys.
    public let subkeys: [OpenPGPSubkey]
    /// What was passed over, and why; the first few.
    public let remarks: [CertificateRemark]

    /// What names the certificate.
    public var fingerprint: Fingerprint { primaryKey.fingerprint }

    /// All keys, the primary one first.
    public var keys: [OpenPGPKey] { [primaryKey] + subkeys.map(\.key) }

    /// Reads the certificates of a file, binary or armored, and refuses the file when one cannot be read.
    ///
    /// Text outside of armored blocks is passed over: many vendors put a description there.
    ///
    /// - Throws: `OpenPGPError` when there is no certificate, or at the first that is malformed or of a version that is
    ///   not read (3 and 5 are named).
    public static func parse(_ bytes: [UInt8]) throws -> [OpenPGPCertificate] {
        let keyring = try OpenPGPKeyring(bytes)
        if let refused = keyring.refused.first { throw refused }
        return keyring.certificates
    }
}

/// The certificates of a file, and those of them that could not be read.
///
/// Vendors put keys of several versions into one file; one that is not understood must not take the others with it,
/// and must not vanish either.
public struct OpenPGPKeyring: Hashable, Sendable {
    /// The certificates, in the order of the file; several copies of one are merged.
    public let certificates: [OpenPGPCertificate]
    /// Why each of the others could not be read.
    public let refused: [OpenPGPError]

    /// Reads a file, binary or armored.
    ///
    /// - Throws: `OpenPGPError` when it is not a sequence of certificates at all.
    public init(_ bytes: [UInt8]) throws {
        let (packets, _) = try Packet.armoredOrBinary(bytes, allowsTextOutside: true) { label in
            switch label {
            case "PUBLIC KEY BLOCK": return
            case "PRIVATE KEY BLOCK":
                throw OpenPGPError(.secretKey, "the file holds a secret key, where a certificate is expected")
            default: throw OpenPGPError(.unexpectedPacket, "the file holds '\(label)', not a certificate")
            }
        }
        var reader = KeyringReader()
        for packet in packets { try reader.read(packet) }
        (certificates, refused) = try reader.finish()
    }
}
