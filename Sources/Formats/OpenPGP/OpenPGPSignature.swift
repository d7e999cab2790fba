internal import AssayBytes

/// A signature as it was read, not yet verified (RFC 9580, section 5.2).
public struct OpenPGPSignature: Hashable, Sendable {
    /// The version of the packet: 3, 4 or 6.
    public let version: Int
    /// What it is about.
    public let type: SignatureType
    /// The algorithm of the key that made it.
    public let publicKeyAlgorithm: PublicKeyAlgorithm
    /// The hash algorithm.
    public let hashAlgorithm: HashAlgorithm
    /// When it says that it was made, in seconds since 1970; part of what is signed.
    public let creationTime: Int64
    /// When it says that it ends, in seconds since 1970, or nil for never; part of what is signed.
    public let expirationTime: Int64?
    /// The critical subpackets and notations that are not understood: such a signature must be refused.
    public let unknownCriticalParts: [String]
    /// Whether the armor that it came in had a wrong checksum.
    public let isArmorChecksumWrong: Bool

    let hashed: Subpackets
    let issuers: IssuerHints
    /// The embedded signatures of both areas; each proves itself.
    let embeddedSignatures: [[UInt8]]
    /// What is hashed behind the data.
    let trailer: [UInt8]
    /// What is hashed in front of the data (version 6).
    let salt: [UInt8]
    /// The first two bytes of the digest.
    let digestPrefix: [UInt8]
    let numbers: SignatureNumbers

    /// The fingerprints that the signature claims to be by; anyone can write them.
    public var claimedFingerprints: [Fingerprint] { issuers.fingerprints }
    /// The key IDs that the signature claims to be by; anyone can write them.
    public var claimedKeyIDs: [KeyID] { issuers.keyIDs }

    /// The most signatures of one file.
    public static let maximumCount = 64

    /// Reads the detached signatures of a file: packets, or armored `SIGNATURE` blocks with nothing between them.
    ///
    /// - Throws: `OpenPGPError` when anything but signatures is in it, when there is none, or when one is malformed or of
    ///   a version that is not read.
    public static func parse(_ bytes: [UInt8]) throws -> [OpenPGPSignature] {
        let (packets, checksums) = try Packet.armoredOrBinary(bytes, allowsTextOutside: false) { label in
            switch label {
            case "SIGNATURE": return
            case "SIGNED MESSAGE", "MESSAGE":
                throw OpenPGPError(.notDetached, "the file is a signed message, not a detached signature")
            default:
                throw OpenPGPError(.unexpectedPacket, "the file holds '\(label)', not a signature")
            }
        }
        return try signatures(packets, isChecksumWrong: checksums.contains(.wrong))
    }

    static func signatures(_ packets: [Packet], isChecksumWrong: Bool) throws -> [OpenPGPSignature] {
        var signatures: [OpenPGPSignature] = []
        for packet in packets {
            switch packet.tag {
            case Packet.Tag.signature:
                guard signatures.count < maximumCount else {
                    throw OpenPGPError(.tooMany, "more than \(maximumCount) signatures")
                }
                signatures.append(try OpenPGPSignature(body: packet.body, isArmorChecksumWrong: isChecksumWrong))
            case Packet.Tag.padding: continue
            case Packet.Tag.marker where packet.body == Array("PGP".utf8): continue
            case let tag where Packet.Tag.message.contains(tag):
                throw OpenPGPError(.notDetached, "the file is a message (packet \(tag)), not a detached signature")
            default:
                throw OpenPGPError(.unexpectedPacket, "the file holds packet \(packet.tag), not a signature")
            }
        }
        guard !signatures.isEmpty else { throw OpenPGPError(.noSignature, "the file holds no signature") }
        return signatures
    }

    /// Reads the body of a signature packet.
    init(body: [UInt8], isArmorChecksumWrong: Bool = false) throws {
        self = try OpenPGPError.naming("the signature") {
            var cursor = ByteCursor(body.span)
            let version = try cursor.u8()
            switch version {
            case 3: return try Self.version3(&cursor, isArmorChecksumWrong)
            case 4, 6: return try Self.version4(body, &cursor, isArmorChecksumWrong)
            default:
                throw OpenPGPError(
                    .unsupportedVersion, "the signature is of version \(version); versions 3, 4 and 6 are read")
            }
        }
    }

    private static func version3(_ cursor: inout ByteCursor, _ isArmorChecksumWrong: Bool) throws -> Self {
        guard try cursor.u8() == 5 else {
            throw OpenPGPError(.malformedSignature, "the hashed part of the version 3 signature is not 5 bytes long")
        }
        let hashed = try cursor.bytes(5)
        let keyID = KeyID(rawValue: try cursor.u64(.big))
        let algorithm = PublicKeyAlgorithm(rawValue: try cursor.u8())
        let hash = HashAlgorithm(rawValue: try cursor.u8())
        let prefix = try cursor.bytes(2)
        return Self(
            version: 3, type: SignatureType(rawValue: hashed[0]), publicKeyAlgorithm: algorithm, hashAlgorithm: hash,
            creationTime: hashed.dropFirst().reduce(0) { $0 << 8 | Int64($1) }, expirationTime: nil,
            unknownCriticalParts: [], isArmorChecksumWrong: isArmorChecksumWrong, hashed: Subpackets(),
            issuers: IssuerHints(fingerprints: [], keyIDs: [keyID]), embeddedSignatures: [], trailer: hashed, salt: [],
            digestPrefix: prefix, numbers: try .parse(algorithm, try cursor.bytes(cursor.remaining)))
    }

    private static func version4(
        _ body: [UInt8], _ cursor: inout ByteCursor, _ isArmorChecksumWrong: Bool
    ) throws -> Self {
        let version = body[0]
        let type = SignatureType(rawValue: try cursor.u8())
        let algorithm = PublicKeyAlgorithm(rawValue: try cursor.u8())
        let hash = HashAlgorithm(rawValue: try cursor.u8())
        let hashed = try Subpackets(try area(&cursor, version))
        let hashedEnd = cursor.position
        let unhashed = try Self.unhashed(try area(&cursor, version))
        let prefix = try cursor.bytes(2)
        var salt: [UInt8] = []
        if version == 6 {
            let size = Int(try cursor.u8())
            guard hash.saltSize.map({ $0 == size }) ?? true else {
                throw OpenPGPError(.malformedSignature, "the salt has \(size) bytes, which is not what \(hash) demands")
            }
            salt = try cursor.bytes(size)
            guard algorithm != .eddsaLegacy else {
                throw OpenPGPError(.malformedSignature, "a version 6 signature must not use the old form of EdDSA")
            }
        }
        guard let creation = hashed.creationTime else {
            throw OpenPGPError(.malformedSignature, "the signature has no creation time in its signed part")
        }
        var issuers = hashed.issuers
        issuers.add(unhashed.issuers)
        // A packet is under 256 KiB, so four octets hold the length.
        let length = UInt32(truncatingIfNeeded: hashedEnd)
        // An expiration of zero seconds means never (RFC 9580, section 5.2.3.18).
        let expiration = hashed.expiration.flatMap { $0 == 0 ? nil : Int64(creation) + Int64($0) }
        return Self(
            version: Int(version), type: type, publicKeyAlgorithm: algorithm, hashAlgorithm: hash,
            creationTime: Int64(creation), expirationTime: expiration, unknownCriticalParts: hashed.unknownCritical,
            isArmorChecksumWrong: isArmorChecksumWrong, hashed: hashed, issuers: issuers,
            embeddedSignatures: hashed.embeddedSignatures + unhashed.embeddedSignatures,
            trailer: Array(body[..<hashedEnd]) + [version, 0xFF] + length.bigEndianBytes, salt: salt,
            digestPrefix: prefix, numbers: try .parse(algorithm, try cursor.bytes(cursor.remaining)))
    }

    private static func area(_ cursor: inout ByteCursor, _ version: UInt8) throws -> [UInt8] {
        let length = version == 6 ? try cursor.u32(.big) : UInt32(try cursor.u16(.big))
        guard let count = Int(exactly: length), count <= cursor.remaining else {
            throw OpenPGPError(.malformedSignature, "an area of subpackets is longer than the signature")
        }
        return try cursor.bytes(count)
    }

    /// Nothing signs this area: only who to ask, and signatures that prove themselves, are taken from it.
    private static func unhashed(_ area: [UInt8]) throws -> Subpackets {
        var all = Subpackets()
        let read = try Subpackets(area)
        all.issuers = read.issuers
        all.embeddedSignatures = read.embeddedSignatures
        return all
    }

    private init(
        version: Int, type: SignatureType, publicKeyAlgorithm: PublicKeyAlgorithm, hashAlgorithm: HashAlgorithm,
        creationTime: Int64, expirationTime: Int64?, unknownCriticalParts: [String], isArmorChecksumWrong: Bool,
        hashed: Subpackets, issuers: IssuerHints, embeddedSignatures: [[UInt8]], trailer: [UInt8], salt: [UInt8],
        digestPrefix: [UInt8], numbers: SignatureNumbers
    ) {
        self.version = version
        self.type = type
        self.publicKeyAlgorithm = publicKeyAlgorithm
        self.hashAlgorithm = hashAlgorithm
        self.creationTime = creationTime
        self.expirationTime = expirationTime
        self.unknownCriticalParts = unknownCriticalParts
        self.isArmorChecksumWrong = isArmorChecksumWrong
        self.hashed = hashed
        self.issuers = issuers
        self.embeddedSignatures = embeddedSignatures
        self.trailer = trailer
        self.salt = salt
        self.digestPrefix = digestPrefix
        self.numbers = numbers
    }
}
