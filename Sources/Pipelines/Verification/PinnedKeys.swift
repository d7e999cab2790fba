import AssayBytes
public import AssayFacts
public import AssayOpenPGP

/// A certificate that is accepted for a source.
public struct PinnedKey: Hashable, Sendable {
    /// The source (`azure-linux`), or the option that gave the certificate (`--key FILE`).
    public var source: String
    /// Where the certificate was read, escaped.
    public var origin: String
    /// The certificate, its copies merged.
    public var certificate: OpenPGPCertificate
    /// Patterns of the file names that the source publishes.
    public var fileNames: [String]

    /// Makes it.
    public init(source: String, origin: String, certificate: OpenPGPCertificate, fileNames: [String]) {
        self.source = source
        self.origin = origin
        self.certificate = certificate
        self.fileNames = fileNames
    }

    /// What is observed of the certificate at `time` (seconds since 1970).
    public func facts(at time: Int64) -> PinnedKeyFacts {
        let key = certificate.primaryKey
        let status = certificate.status(at: time)
        return PinnedKeyFacts(
            source: source, origin: origin, fingerprint: certificate.fingerprint.description,
            userIDs: certificate.userIDs.map { EscapedText($0.bytes).description }, algorithm: key.algorithmName,
            created: key.creationTime, expires: status.primaryKey.expirationTime,
            revocation: status.primaryKey.revocations.first.map {
                "revoked at \(UTCTime.text($0.creationTime)) (\($0.reason))"
            }, fileNames: fileNames)
    }
}

/// All certificates of a run.
public struct PinnedKeys: Hashable, Sendable {
    /// The keys, those of one source together.
    public var keys: [PinnedKey] {
        didSet { certificates = Self.certificates(of: keys) }
    }
    /// Each certificate once; every signature of a run is compared with them.
    public private(set) var certificates: [OpenPGPCertificate]

    /// Makes it.
    public init(_ keys: [PinnedKey] = []) {
        self.keys = keys
        certificates = Self.certificates(of: keys)
    }

    private static func certificates(of keys: [PinnedKey]) -> [OpenPGPCertificate] {
        var seen: Set<Fingerprint> = []
        return keys.map(\.certificate).filter { seen.insert($0.fingerprint).inserted }
    }
}
