import AssayBytes
import AssayChecksumList
import Crypto

/// The digests of lists that protect and are computed, the strongest last.
enum ListedDigest: String, CaseIterable, Comparable, Sendable {
    case sha256 = "SHA-256"
    case sha384 = "SHA-384"
    case sha512 = "SHA-512"

    /// The one that a list's entry is of, or nil when that does not protect or is not computed here.
    init?(_ algorithm: ChecksumAlgorithm) {
        switch algorithm {
        case .sha256: self = .sha256
        case .sha384: self = .sha384
        case .sha512: self = .sha512
        default: return nil
        }
    }

    static func < (left: Self, right: Self) -> Bool { left.strength < right.strength }

    private var strength: Int {
        switch self {
        case .sha256: 256
        case .sha384: 384
        case .sha512: 512
        }
    }
}

/// A digest of a file in the making.
enum RunningDigest: Sendable {
    case sha256(SHA256)
    case sha384(SHA384)
    case sha512(SHA512)

    private static let idle = RunningDigest.sha256(SHA256())

    init(_ algorithm: ListedDigest) {
        switch algorithm {
        case .sha256: self = .sha256(SHA256())
        case .sha384: self = .sha384(SHA384())
        case .sha512: self = .sha512(SHA512())
        }
    }

    var algorithm: ListedDigest {
        switch self {
        case .sha256: .sha256
        case .sha384: .sha384
        case .sha512: .sha512
        }
    }

    /// Takes the next bytes of the file.
    mutating func update(_ bytes: Span<UInt8>) {
        // The context leaves the enum first: while both hold it, the library copies its state at each change.
        switch self {
        case .sha256(var hash):
            self = Self.idle
            // The buffer is only read while the closure runs.
            unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
            self = .sha256(hash)
        case .sha384(var hash):
            self = Self.idle
            unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
            self = .sha384(hash)
        case .sha512(var hash):
            self = Self.idle
            unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
            self = .sha512(hash)
        }
    }

    /// The digest as lower-case hexadecimal.
    var hexadecimal: String {
        switch self {
        case .sha256(let hash): Hex.encode(hash.finalize())
        case .sha384(let hash): Hex.encode(hash.finalize())
        case .sha512(let hash): Hex.encode(hash.finalize())
        }
    }
}
