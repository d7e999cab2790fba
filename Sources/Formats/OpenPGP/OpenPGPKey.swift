internal import AssayBytes
internal import Crypto

/// The public part of one key, primary or subkey (RFC 9580, section 5.5.2).
public struct OpenPGPKey: Hashable, Sendable {
    /// The version of the packet: 4 or 6.
    public let version: Int
    /// When it says that it was made, in seconds since 1970.
    public let creationTime: Int64
    /// The algorithm.
    public let algorithm: PublicKeyAlgorithm
    /// The algorithm with its size or curve: `rsa4096`, `nistp256`, `ed25519`, `dsa1024`.
    public let algorithmName: String
    /// The size in bits (of the modulus, of the curve), or nil where the algorithm is not known here.
    public let sizeInBits: Int?
    /// What names the key.
    public let fingerprint: Fingerprint

    private let body: [UInt8]
    let material: KeyMaterial

    /// The short name.
    public var keyID: KeyID { fingerprint.keyID }

    /// Whether it is an RSA or DSA key of less than 2048 bits.
    public var isWeak: Bool {
        guard let sizeInBits, [1, 2, 3, 16, 17, 20].contains(algorithm.rawValue) else { return false }
        return sizeInBits < 2048
    }

    /// Whether signatures by this key can be checked.
    public var isSupported: Bool { unsupportedReason == nil }

    /// Why signatures by this key cannot be checked, or nil when they can.
    public var unsupportedReason: String? {
        guard case .unsupported(let reason) = material else { return nil }
        return reason
    }

    /// Compares the packets.
    public static func == (left: OpenPGPKey, right: OpenPGPKey) -> Bool { left.body == right.body }

    /// Hashes the fingerprint.
    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }

    /// Reads the body of a public-key or public-subkey packet.
    init(body: [UInt8]) throws {
        var cursor = ByteCursor(body.span)
        let version = try cursor.u8()
        guard version == 4 || version == 6 else {
            throw OpenPGPError(.unsupportedVersion, "the key is of version \(version); versions 4 and 6 are read")
        }
        let creationTime = try cursor.u32(.big)
        let algorithm = PublicKeyAlgorithm(rawValue: try cursor.u8())
        if version == 6 {
            let length = try cursor.u32(.big)
            guard Int(exactly: length) == cursor.remaining else {
                throw OpenPGPError(.malformedKey, "the key does not have the \(length) bytes of numbers that it says")
            }
            guard algorithm != .eddsaLegacy else {
                throw OpenPGPError(.malformedKey, "a version 6 key must not use the old form of EdDSA")
            }
        }
        let numbers = try cursor.bytes(cursor.remaining)
        let parsed = try ParsedKeyMaterial.parse(algorithm, numbers)
        self.version = Int(version)
        self.creationTime = Int64(creationTime)
        self.algorithm = algorithm
        self.algorithmName = parsed.name
        self.sizeInBits = parsed.bits
        self.material = parsed.material
        self.body = body
        let hashed = Self.hashed(body, version: Int(version))
        self.fingerprint = Fingerprint(
            unchecked: version == 6 ? Array(SHA256.hash(data: hashed)) : Array(Insecure.SHA1.hash(data: hashed)))
    }

    /// What signatures over this key hash, and what its fingerprint is the digest of (RFC 9580, section 5.2.4).
    var hashedForm: [UInt8] { Self.hashed(body, version: version) }

    private static func hashed(_ body: [UInt8], version: Int) -> [UInt8] {
        // A packet body is under 16 KiB, so both lengths hold it.
        let length = UInt32(truncatingIfNeeded: body.count)
        let head: [UInt8] = version == 6 ? [0x9B] + length.bigEndianBytes : [0x99] + length.bigEndianBytes.suffix(2)
        return head + body
    }
}

extension UInt32 {
    /// The four bytes, highest first.
    var bigEndianBytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: self >> (24 - 8 * UInt32($0))) } }
}
