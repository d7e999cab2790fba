internal import AssayBytes

/// Why bytes could not be read as OpenPGP.
public struct OpenPGPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, for code that decides by it.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The stable name, in lower case with hyphens.
        public let name: String

        /// The stable name.
        public var description: String { name }
    }

    /// What is wrong.
    public let code: Code
    /// The sentence for people.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// Runs `body` and gives its truncation errors the name of what was read.
    static func naming<Value>(_ subject: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as ByteError {
            throw OpenPGPError(.truncated, "\(subject) is cut off: \(error)")
        }
    }
}

extension OpenPGPError.Code {
    /// No bytes, or nothing but white space.
    public static let empty = Self(name: "empty")
    /// More bytes than are looked at.
    public static let tooLarge = Self(name: "too-large")
    /// More packets, signatures or keys than are looked at.
    public static let tooMany = Self(name: "too-many")
    /// The bytes end early.
    public static let truncated = Self(name: "truncated")
    /// Armor that breaks its rules.
    public static let malformedArmor = Self(name: "malformed-armor")
    /// Text before, between or behind armored blocks where only blocks may stand.
    public static let textOutsideArmor = Self(name: "text-outside-armor")
    /// Neither armor nor a packet.
    public static let notOpenPGP = Self(name: "not-openpgp")
    /// A packet whose header breaks the rules.
    public static let malformedPacket = Self(name: "malformed-packet")
    /// A partial or indeterminate length where the length must be known.
    public static let partialLength = Self(name: "partial-length")
    /// A packet of a type that has no place here.
    public static let unexpectedPacket = Self(name: "unexpected-packet")
    /// A secret key.
    public static let secretKey = Self(name: "secret-key")
    /// A clearsigned or inline-signed message where a detached signature must stand.
    public static let notDetached = Self(name: "not-detached")
    /// A packet of a version that is not read.
    public static let unsupportedVersion = Self(name: "unsupported-version")
    /// A key packet that breaks the rules of its algorithm or version.
    public static let malformedKey = Self(name: "malformed-key")
    /// A signature packet that breaks the rules of its algorithm or version.
    public static let malformedSignature = Self(name: "malformed-signature")
    /// No certificate.
    public static let noCertificate = Self(name: "no-certificate")
    /// No signature.
    public static let noSignature = Self(name: "no-signature")
    /// A clearsigned message that breaks its rules.
    public static let malformedCleartext = Self(name: "malformed-cleartext")
}
