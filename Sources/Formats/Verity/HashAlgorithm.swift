/// The hash functions of a tree that Assay computes, by the names that the superblock and the kernel use.
public enum HashAlgorithm: String, CaseIterable, Codable, Hashable, Sendable {
    /// SHA-1: broken, written only when asked for by name.
    case sha1
    /// SHA-256, what `veritysetup` takes by default.
    case sha256
    /// SHA-384.
    case sha384
    /// SHA-512.
    case sha512

    /// The length of a digest in bytes.
    public var digestSize: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// Whether collisions can be made at a price that an attacker pays.
    public var isWeak: Bool { self == .sha1 }
}

/// How salt and block are joined, and digests are packed: the `hash_type` of the superblock.
public enum HashType: UInt32, CaseIterable, Codable, Hashable, Sendable {
    /// As Chrome OS began it: the block, then the salt; digests back to back.
    case chromeOS = 0
    /// The salt, then the block; each digest padded with zeros to a power of two.
    case normal = 1
}
