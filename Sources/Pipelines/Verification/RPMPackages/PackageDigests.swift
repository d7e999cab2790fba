import AssayRPM
import Crypto

/// Digests in the making, by the algorithms that packages and repositories name.
enum PackageDigests {
    /// A digest that nothing was given to yet; nil for SHA-224, which Crypto does not have.
    static func start(_ algorithm: DigestAlgorithm) -> (any HashFunction & Sendable)? {
        switch algorithm {
        case .md5: Insecure.MD5()
        case .sha1: Insecure.SHA1()
        case .sha256: SHA256()
        case .sha384: SHA384()
        case .sha512: SHA512()
        case .sha3: SHA3_256()
        case .sha224: nil
        }
    }

    /// How much a digest proves: nothing when it is not computed or can be forged.
    static func strength(_ algorithm: DigestAlgorithm?) -> Int {
        switch algorithm {
        case .sha512: 3
        case .sha384: 2
        case .sha256, .sha3: 1
        case .md5, .sha1: 0
        case .sha224, nil: -1
        }
    }

    /// The digest's bytes.
    static func bytes(_ hash: any HashFunction) -> [UInt8] { finish(hash) }

    private static func finish(_ hash: some HashFunction) -> [UInt8] { Array(hash.finalize()) }
}
