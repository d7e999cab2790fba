import AssayBytes

/// A digest of a file of a repository, as its metadata states it.
public struct MetadataChecksum: Hashable, Sendable {
    /// An algorithm that metadata names.
    public enum Algorithm: String, Hashable, Sendable {
        /// MD5.
        case md5
        /// SHA-1, also called `sha`.
        case sha1
        /// SHA-224.
        case sha224
        /// SHA-256.
        case sha256
        /// SHA-384.
        case sha384
        /// SHA-512.
        case sha512

        /// Bytes of a digest.
        public var size: Int {
            switch self {
            case .md5: 16
            case .sha1: 20
            case .sha224: 28
            case .sha256: 32
            case .sha384: 48
            case .sha512: 64
            }
        }

        /// Whether two different files with the same digest can be made.
        public var isWeak: Bool { self == .md5 || self == .sha1 }
    }

    /// The name of the algorithm as the metadata has it.
    public let type: String
    /// The algorithm; nil for a name that is not known, so that the digest cannot be verified.
    public let algorithm: Algorithm?
    /// The digest.
    public let digest: [UInt8]

    /// Checks a digest's text; nil when it is not hexadecimal or has not its algorithm's length.
    init?(type: String, text: String) {
        guard let digest = Hex.decode(text), !digest.isEmpty, digest.count <= 128 else { return nil }
        let algorithm = type == "sha" ? .sha1 : Algorithm(rawValue: type)
        guard algorithm == nil || algorithm?.size == digest.count else { return nil }
        self.type = type
        self.algorithm = algorithm
        self.digest = digest
    }
}
