/// One reason why a signature is not plainly good.
public struct SignatureFault: Hashable, Sendable, CustomStringConvertible {
    /// The reason, for code that decides by it.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The stable name, in lower case with hyphens.
        public let name: String

        /// The stable name.
        public var description: String { name }
    }

    /// The reason.
    public let code: Code
    /// The sentence for people.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

extension SignatureFault.Code {
    /// The mathematics say no: other bytes, or another key.
    public static let badSignature = Self(name: "bad-signature")
    /// None of the certificates has the key.
    public static let unknownKey = Self(name: "unknown-key")
    /// The key, or its primary key, is expired at the evaluation time, and was not when it signed.
    public static let expiredKey = Self(name: "expired-key")
    /// The key, or its primary key, was already expired when it signed.
    public static let signedAfterExpiry = Self(name: "signed-after-key-expiry")
    /// The key, or its primary key, was revoked before it signed, or for a reason that leaves no signature good.
    public static let revokedKey = Self(name: "revoked-key")
    /// The key, or its primary key, was retired or superseded after it signed.
    public static let revokedLater = Self(name: "key-revoked-later")
    /// A revocation could not be decided.
    public static let undecidedRevocation = Self(name: "undecided-revocation")
    /// The key must not sign data, or is a subkey without the signature over its primary key.
    public static let notASigningKey = Self(name: "not-a-signing-key")
    /// No valid self-signature binds the key.
    public static let unboundKey = Self(name: "unbound-key")
    /// The self-signature that binds the key, or its primary key, is made with a weak hash.
    public static let weakBinding = Self(name: "weak-binding")
    /// The signature itself is expired.
    public static let expiredSignature = Self(name: "expired-signature")
    /// The signature is made with MD5, SHA-1 or RIPEMD-160.
    public static let weakHash = Self(name: "weak-hash")
    /// RSA or DSA of less than 2048 bits.
    public static let weakKey = Self(name: "weak-key")
    /// A public-key algorithm that is not checked here.
    public static let unsupportedAlgorithm = Self(name: "unsupported-algorithm")
    /// A hash algorithm that is not computed here.
    public static let unsupportedHash = Self(name: "unsupported-hash")
    /// A critical part that is not understood.
    public static let criticalSubpacket = Self(name: "critical-subpacket")
    /// The signature is dated after the evaluation time.
    public static let createdInTheFuture = Self(name: "created-in-the-future")
    /// The signature is dated before its key.
    public static let createdBeforeKey = Self(name: "created-before-key")
    /// A signature over a key or a user ID, where one over a document is needed.
    public static let wrongType = Self(name: "wrong-signature-type")
    /// The signed part names another key as the maker than the one that made it.
    public static let issuerMismatch = Self(name: "issuer-mismatch")
    /// The document was not hashed for this signature.
    public static let notHashed = Self(name: "not-hashed")
}
