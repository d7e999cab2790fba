/// A hash algorithm by its OpenPGP number (RFC 9580, section 9.5: https://www.rfc-editor.org/rfc/rfc9580#section-9.5).
public struct HashAlgorithm: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number in the packet.
    public let rawValue: UInt8

    /// The algorithm of number `rawValue`, known or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// MD5: broken.
    public static let md5 = Self(rawValue: 1)
    /// SHA-1: broken.
    public static let sha1 = Self(rawValue: 2)
    /// RIPEMD-160: as short as SHA-1.
    public static let ripemd160 = Self(rawValue: 3)
    /// SHA-256.
    public static let sha256 = Self(rawValue: 8)
    /// SHA-384.
    public static let sha384 = Self(rawValue: 9)
    /// SHA-512.
    public static let sha512 = Self(rawValue: 10)
    /// SHA-224.
    public static let sha224 = Self(rawValue: 11)

    /// Whether the algorithm has known collisions, or is too short to be without.
    public var isWeak: Bool { [.md5, .sha1, .ripemd160].contains(self) }

    /// Whether this library computes it.
    public var isSupported: Bool { [.sha1, .sha256, .sha384, .sha512].contains(self) }

    /// The name, such as `sha256`, or `hash-99` for an unknown number.
    public var description: String { Self.names[rawValue] ?? "hash-\(rawValue)" }

    /// The length of the salt of a version 6 signature in bytes (RFC 9580, table 23), or nil where none is defined.
    var saltSize: Int? {
        switch rawValue {
        case 8, 11, 12: 16
        case 9: 24
        case 10, 14: 32
        default: nil
        }
    }

    private static let names: [UInt8: String] = [
        1: "md5", 2: "sha1", 3: "ripemd160", 8: "sha256", 9: "sha384", 10: "sha512", 11: "sha224", 12: "sha3-256",
        14: "sha3-512",
    ]
}

/// A public-key algorithm by its OpenPGP number (RFC 9580, section 9.1; RFC draft-ietf-openpgp-pqc for 30 and above).
public struct PublicKeyAlgorithm: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number in the packet.
    public let rawValue: UInt8

    /// The algorithm of number `rawValue`, known or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// RSA.
    public static let rsa = Self(rawValue: 1)
    /// RSA, to sign only (deprecated number).
    public static let rsaSignOnly = Self(rawValue: 3)
    /// DSA.
    public static let dsa = Self(rawValue: 17)
    /// ECDSA.
    public static let ecdsa = Self(rawValue: 19)
    /// EdDSA in the form before RFC 9580.
    public static let eddsaLegacy = Self(rawValue: 22)
    /// Ed25519.
    public static let ed25519 = Self(rawValue: 27)
    /// Ed448.
    public static let ed448 = Self(rawValue: 28)

    /// Whether signatures of this algorithm can be checked by this library.
    public var isSupported: Bool { [.rsa, .rsaSignOnly, .ecdsa, .eddsaLegacy, .ed25519].contains(self) }

    /// The name, such as `rsa`, or `public-key-99` for an unknown number.
    public var description: String { Self.names[rawValue] ?? "public-key-\(rawValue)" }

    private static let names: [UInt8: String] = [
        1: "rsa", 2: "rsa-encrypt-only", 3: "rsa-sign-only", 16: "elgamal", 17: "dsa", 18: "ecdh", 19: "ecdsa",
        20: "elgamal-sign", 21: "x9.42-dh", 22: "eddsa", 25: "x25519", 26: "x448", 27: "ed25519", 28: "ed448",
        30: "mldsa65-ed25519", 31: "mldsa87-ed448", 32: "slhdsa-shake128s", 33: "slhdsa-shake128f",
        34: "slhdsa-shake256s", 35: "mlkem768-x25519", 36: "mlkem1024-x448",
    ]
}

/// What a signature is about, by its OpenPGP number (RFC 9580, section 5.2.1).
public struct SignatureType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number in the packet.
    public let rawValue: UInt8

    /// The type of number `rawValue`, known or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A document, byte by byte.
    public static let binary = Self(rawValue: 0x00)
    /// A document whose line endings are made CR LF first.
    public static let text = Self(rawValue: 0x01)
    /// A subkey, by its primary key.
    public static let subkeyBinding = Self(rawValue: 0x18)
    /// A primary key, by its subkey.
    public static let primaryKeyBinding = Self(rawValue: 0x19)
    /// A key itself.
    public static let directKey = Self(rawValue: 0x1F)
    /// A key is revoked.
    public static let keyRevocation = Self(rawValue: 0x20)
    /// A subkey is revoked.
    public static let subkeyRevocation = Self(rawValue: 0x28)
    /// A certification is revoked.
    public static let certificationRevocation = Self(rawValue: 0x30)

    /// Whether it signs a document.
    public var isOfDocument: Bool { self == .binary || self == .text }

    /// Whether it certifies that a user ID belongs to a key.
    var isCertification: Bool { (0x10...0x13).contains(rawValue) }

    /// Whether it revokes something.
    var isRevocation: Bool { [.keyRevocation, .subkeyRevocation, .certificationRevocation].contains(self) }

    /// The name, such as `binary`, or `type-0x40`.
    public var description: String {
        switch rawValue {
        case 0x00: "binary"
        case 0x01: "text"
        case 0x10...0x13: "certification"
        case 0x18: "subkey-binding"
        case 0x19: "primary-key-binding"
        case 0x1F: "direct-key"
        case 0x20: "key-revocation"
        case 0x28: "subkey-revocation"
        case 0x30: "certification-revocation"
        default: "type-" + String(rawValue, radix: 16)
        }
    }
}
