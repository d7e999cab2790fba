internal import Crypto

/// A digest in the making, by the algorithm a signature names.
enum RunningHash: Sendable {
    case sha1(Insecure.SHA1)
    case sha256(SHA256)
    case sha384(SHA384)
    case sha512(SHA512)

    /// Starts a digest, or nil for an algorithm that is not computed here.
    init?(_ algorithm: HashAlgorithm) {
        switch algorithm {
        case .sha1: self = .sha1(Insecure.SHA1())
        case .sha256: self = .sha256(SHA256())
        case .sha384: self = .sha384(SHA384())
        case .sha512: self = .sha512(SHA512())
        default: return nil
        }
    }

    mutating func update(_ bytes: some Collection<UInt8>) {
        let used: Void? = bytes.withContiguousStorageIfAvailable { buffer in
            unsafe update(UnsafeRawBufferPointer(buffer))
        }
        if used == nil { update(Array(bytes)) }
    }

    /// Takes bytes that stay valid during the call.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard unsafe !bytes.isEmpty else { return }
        // Each context is taken out of the enum first: while both held it, the library would copy its state.
        switch self {
        case .sha1(var hash):
            self = Self.idle
            unsafe hash.update(bufferPointer: bytes)
            self = .sha1(hash)
        case .sha256(var hash):
            self = Self.idle
            unsafe hash.update(bufferPointer: bytes)
            self = .sha256(hash)
        case .sha384(var hash):
            self = Self.idle
            unsafe hash.update(bufferPointer: bytes)
            self = .sha384(hash)
        case .sha512(var hash):
            self = Self.idle
            unsafe hash.update(bufferPointer: bytes)
            self = .sha512(hash)
        }
    }

    private static let idle = RunningHash.sha256(SHA256())

    /// The digest of all bytes so far; more can follow in a copy.
    func digest() -> DigestValue {
        switch self {
        case .sha1(let hash): .sha1(hash.finalize())
        case .sha256(let hash): .sha256(hash.finalize())
        case .sha384(let hash): .sha384(hash.finalize())
        case .sha512(let hash): .sha512(hash.finalize())
        }
    }
}

/// A digest and its algorithm.
enum DigestValue: Sendable {
    case sha1(Insecure.SHA1Digest)
    case sha256(SHA256Digest)
    case sha384(SHA384Digest)
    case sha512(SHA512Digest)

    var bytes: [UInt8] {
        switch self {
        case .sha1(let digest): Array(digest)
        case .sha256(let digest): Array(digest)
        case .sha384(let digest): Array(digest)
        case .sha512(let digest): Array(digest)
        }
    }
}
