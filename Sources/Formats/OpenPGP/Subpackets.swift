internal import AssayBytes

/// What may be done with a key (RFC 9580, section 5.2.3.29).
public struct KeyFlags: OptionSet, Hashable, Sendable {
    /// The first octet of the flags.
    public let rawValue: UInt8

    /// Makes flags of that octet.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Certify other keys and user IDs.
    public static let certify = Self(rawValue: 0x01)
    /// Sign data.
    public static let sign = Self(rawValue: 0x02)
    /// Encrypt messages.
    public static let encryptCommunications = Self(rawValue: 0x04)
    /// Encrypt storage.
    public static let encryptStorage = Self(rawValue: 0x08)
    /// Authenticate.
    public static let authenticate = Self(rawValue: 0x20)
}

/// Why something was revoked (RFC 9580, section 5.2.3.31).
public struct RevocationReason: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number in the packet.
    public let rawValue: UInt8

    /// The reason of number `rawValue`, known or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No reason was given.
    public static let none = Self(rawValue: 0)
    /// Another key took its place.
    public static let superseded = Self(rawValue: 1)
    /// Others may have the secret key.
    public static let compromised = Self(rawValue: 2)
    /// It is no longer used.
    public static let retired = Self(rawValue: 3)
    /// The user ID is no longer valid.
    public static let userIDInvalid = Self(rawValue: 32)

    /// Whether signatures made before the revocation stay good; every reason that is not known is hard.
    public var isSoft: Bool { [.superseded, .retired, .userIDInvalid].contains(self) }

    /// The name, such as `compromised`, or `reason-99`.
    public var description: String {
        switch self {
        case .none: "no-reason"
        case .superseded: "superseded"
        case .compromised: "compromised"
        case .retired: "retired"
        case .userIDInvalid: "user-id-invalid"
        default: "reason-\(rawValue)"
        }
    }
}

/// Who a signature says that it is by; a hint for the search of a key, never a proof.
struct IssuerHints: Hashable, Sendable {
    var fingerprints: [Fingerprint] = []
    var keyIDs: [KeyID] = []

    /// The most hints of each kind that are looked at.
    static let maximumCount = 8

    var isEmpty: Bool { fingerprints.isEmpty && keyIDs.isEmpty }

    /// Whether a hint names `key`.
    func names(_ key: OpenPGPKey) -> Bool { fingerprints.contains(key.fingerprint) || keyIDs.contains(key.keyID) }

    mutating func add(_ other: IssuerHints) {
        fingerprints += other.fingerprints
        keyIDs += other.keyIDs
    }
}

/// One area of subpackets of a signature (RFC 9580, section 5.2.3).
struct Subpackets: Hashable, Sendable {
    var creationTime: UInt32?
    var expiration: UInt32?
    var keyExpiration: UInt32?
    var keyFlags: KeyFlags?
    var isPrimaryUserID = false
    var revocationReason: RevocationReason?
    var issuers = IssuerHints()
    var embeddedSignatures: [[UInt8]] = []
    var namesRevoker = false
    /// Critical parts that are not understood here, by name.
    var unknownCritical: [String] = []

    /// The most embedded signatures of one area.
    private static let maximumEmbedded = 4
    /// The most critical parts that are named.
    private static let maximumNamed = 8

    /// The types that are understood, or that mean nothing for the verification of what they stand in.
    private static let understood: Set<UInt8> = [
        2, 3, 4, 5, 7, 9, 11, 12, 16, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 32, 33, 34, 35, 39,
    ]

    init() {}

    /// Reads an area to its last byte.
    ///
    /// - Throws: a subpacket that is cut off, and two of one kind that decide and disagree.
    init(_ area: [UInt8]) throws {
        var cursor = ByteCursor(area.span)
        while !cursor.isAtEnd {
            let length = try Self.length(&cursor)
            guard length > 0 else { throw OpenPGPError(.malformedSignature, "a subpacket has no type") }
            guard let count = Int(exactly: length), count <= cursor.remaining else {
                throw OpenPGPError(.malformedSignature, "a subpacket is longer than its area")
            }
            let type = try cursor.u8()
            try read(type & 0x7F, isCritical: type & 0x80 != 0, try cursor.bytes(count - 1))
        }
    }

    private static func length(_ cursor: inout ByteCursor) throws -> UInt32 {
        let octet = try cursor.u8()
        switch octet {
        case 0..<192: return UInt32(octet)
        case 255: return try cursor.u32(.big)
        default: return (UInt32(octet) - 192) << 8 + UInt32(try cursor.u8()) + 192
        }
    }

    private mutating func read(_ type: UInt8, isCritical: Bool, _ body: [UInt8]) throws {
        switch type {
        case 2: try set(\.creationTime, try number(body), "creation times")
        case 3: try set(\.expiration, try number(body), "expirations")
        case 9: try set(\.keyExpiration, try number(body), "key expirations")
        case 12: namesRevoker = true
        case 16 where body.count == 8 && issuers.keyIDs.count < IssuerHints.maximumCount:
            issuers.keyIDs.append(KeyID(rawValue: body.reduce(0) { $0 << 8 | UInt64($1) }))
        case 20 where isCritical: unknown("notation '\(Self.notationName(body))'")
        case 25: isPrimaryUserID = body.contains { $0 != 0 }
        case 27: try set(\.keyFlags, KeyFlags(rawValue: body.first ?? 0), "key flags")
        case 29: revocationReason = RevocationReason(rawValue: body.first ?? 0)
        case 32 where embeddedSignatures.count < Self.maximumEmbedded: embeddedSignatures.append(body)
        case 33 where issuers.fingerprints.count < IssuerHints.maximumCount:
            if body.count == 21, body[0] == 4 { issuers.fingerprints.append(Fingerprint(unchecked: Array(body[1...]))) }
            if body.count == 33, body[0] == 6 { issuers.fingerprints.append(Fingerprint(unchecked: Array(body[1...]))) }
        default:
            if isCritical, !Self.understood.contains(type) { unknown("subpacket \(type)") }
        }
    }

    private mutating func unknown(_ name: String) {
        if unknownCritical.count < Self.maximumNamed { unknownCritical.append(name) }
    }

    private mutating func set<Value: Equatable>(
        _ path: WritableKeyPath<Subpackets, Value?>, _ value: Value, _ name: String
    ) throws {
        guard self[keyPath: path].map({ $0 == value }) ?? true else {
            throw OpenPGPError(.malformedSignature, "the signature has two \(name) that disagree")
        }
        self[keyPath: path] = value
    }

    private func number(_ body: [UInt8]) throws -> UInt32 {
        guard body.count == 4 else { throw OpenPGPError(.malformedSignature, "a time has \(body.count) bytes, not 4") }
        return body.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The name in a notation: 4 octets of flags, two lengths, name and value.
    private static func notationName(_ body: [UInt8]) -> String {
        guard body.count >= 8 else { return "malformed" }
        let length = Int(body[4]) << 8 | Int(body[5])
        return EscapedText(body.dropFirst(8).prefix(min(length, 64))).description
    }
}
