/// The hash function of an entry of a checksum list.
public enum ChecksumAlgorithm: Hashable, Sendable, CustomStringConvertible {
    /// MD5, broken.
    case md5
    /// SHA-1, broken.
    case sha1
    /// SHA-224.
    case sha224
    /// SHA-256.
    case sha256
    /// SHA-384.
    case sha384
    /// SHA-512.
    case sha512
    /// BLAKE2b of this many bits.
    case blake2b(bits: Int)
    /// What the list calls by a name that is not read here; such an entry can be found but not checked.
    case other(String)

    /// Bytes of a digest, or nil where that is not known.
    public var digestLength: Int? {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha224: 28
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        case .blake2b(let bits): bits / 8
        case .other: nil
        }
    }

    /// The name that BSD-style lines use.
    public var description: String {
        switch self {
        case .md5: "MD5"
        case .sha1: "SHA1"
        case .sha224: "SHA224"
        case .sha256: "SHA256"
        case .sha384: "SHA384"
        case .sha512: "SHA512"
        case .blake2b(512): "BLAKE2b"
        case .blake2b(let bits): "BLAKE2b-\(bits)"
        case .other(let name): name
        }
    }

    /// The algorithm that a BSD-style line names: `SHA256`, OpenSSL's `SHA2-256`, `BLAKE2b-256`.
    init(tag: String) {
        switch tag {
        case "MD5": self = .md5
        case "SHA1": self = .sha1
        case "SHA224", "SHA2-224": self = .sha224
        case "SHA256", "SHA2-256": self = .sha256
        case "SHA384", "SHA2-384": self = .sha384
        case "SHA512", "SHA2-512": self = .sha512
        case "BLAKE2b", "BLAKE2b-512", "BLAKE2B-512": self = .blake2b(bits: 512)
        default:
            let prefix = "BLAKE2b-"
            if tag.utf8.starts(with: prefix.utf8), let bits = Int(tag.dropFirst(prefix.count)),
                bits % 8 == 0, (8..<512).contains(bits)
            {
                self = .blake2b(bits: bits)
            } else {
                self = .other(tag)
            }
        }
    }

    /// The algorithm that a digest of this many bytes is of, by custom, when neither line nor file name says it.
    init?(digestLength: Int) {
        let common: [ChecksumAlgorithm] = [.md5, .sha1, .sha224, .sha256, .sha384, .sha512]
        guard let match = common.first(where: { $0.digestLength == digestLength }) else { return nil }
        self = match
    }

    /// The algorithm that the name of a list tells: `SHA256SUMS`, `x.iso.sha512`, `B2SUMS`.
    ///
    /// - Returns: nil when the name tells none or several.
    public init?(listName: String) {
        let bytes = listName.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        let words: [(String, ChecksumAlgorithm)] = [
            ("md5", .md5), ("sha1", .sha1), ("sha224", .sha224), ("sha256", .sha256), ("sha384", .sha384),
            ("sha512", .sha512), ("b2sum", .blake2b(bits: 512)), ("blake2b", .blake2b(bits: 512)),
        ]
        let found = words.filter { word in Self.holds(bytes, Array(word.0.utf8)) }.map(\.1)
        guard let first = found.first, Set(found).count == 1 else { return nil }
        self = first
    }

    /// Whether `word` stands in `bytes` with no digit behind it: `sha1` does not stand in `sha128`.
    private static func holds(_ bytes: [UInt8], _ word: [UInt8]) -> Bool {
        guard bytes.count >= word.count else { return false }
        return (0...(bytes.count - word.count)).contains { start in
            let end = start + word.count
            guard bytes[start..<end].elementsEqual(word) else { return false }
            return end == bytes.count || !(0x30...0x39).contains(bytes[end])
        }
    }
}
