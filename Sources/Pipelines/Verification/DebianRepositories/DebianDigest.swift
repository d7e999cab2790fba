import AssayDebianArchive
import Crypto

/// Digests in the making, by the algorithms that repositories state.
struct DebianDigest: Sendable {
    private var sha256: SHA256?
    private var sha512: SHA512?

    /// Starts digests; of other algorithms than SHA-256 and SHA-512 none is computed.
    init(_ algorithms: Set<ReleaseFile.Algorithm>) {
        sha256 = algorithms.contains(.sha256) ? SHA256() : nil
        sha512 = algorithms.contains(.sha512) ? SHA512() : nil
    }

    /// Takes bytes that stay valid during the call.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        unsafe sha256?.update(bufferPointer: bytes)
        unsafe sha512?.update(bufferPointer: bytes)
    }

    /// Takes bytes.
    mutating func update(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    /// The digests of all bytes so far.
    var values: [ReleaseFile.Algorithm: [UInt8]] {
        var result: [ReleaseFile.Algorithm: [UInt8]] = [:]
        result[.sha256] = sha256.map { Array($0.finalize()) }
        result[.sha512] = sha512.map { Array($0.finalize()) }
        return result
    }
}

extension ReleaseFile.Algorithm {
    /// The name in facts (`SHA-256`).
    var displayName: String {
        switch self {
        case .md5: "MD5"
        case .sha1: "SHA-1"
        case .sha256: "SHA-256"
        case .sha512: "SHA-512"
        }
    }
}
