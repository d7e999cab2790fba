/// What is wrong with a root hash, with its signature or with what was given to make or check one.
///
/// A parser throws it; a verification that could be made returns it as a value.
public struct RootHashSignatureFault: Error, Hashable, Sendable, CustomStringConvertible {
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
    /// What to do now, where that is known.
    public let hint: String?

    init(_ code: Code, _ description: String, hint: String? = nil) {
        self.code = code
        self.description = description
        self.hint = hint
    }
}

extension RootHashSignatureFault.Code {
    // The text of a root hash.

    /// No text at all.
    public static let emptyRootHash = Self(name: "empty-root-hash")
    /// An odd number of digits.
    public static let oddRootHash = Self(name: "odd-root-hash")
    /// Not the length of a digest.
    public static let rootHashLength = Self(name: "root-hash-length")
    /// A character that is no hexadecimal digit.
    public static let rootHashNotHexadecimal = Self(name: "root-hash-not-hexadecimal")
    /// Digits A to F.
    public static let upperCaseRootHash = Self(name: "upper-case-root-hash")
    /// White space or a newline around the digits.
    public static let spaceInRootHash = Self(name: "space-in-root-hash")

    // The form of a signature.

    /// No bytes.
    public static let empty = Self(name: "empty")
    /// More bytes than a signature of a root hash can have.
    public static let tooLarge = Self(name: "too-large")
    /// PEM text instead of DER.
    public static let pem = Self(name: "pem")
    /// A MIME message instead of DER.
    public static let mime = Self(name: "mime")
    /// Base64 text instead of DER.
    public static let base64 = Self(name: "base64")
    /// BER of indefinite length.
    public static let indefiniteLength = Self(name: "indefinite-length")
    /// BER with a length of more bytes than it needs.
    public static let nonMinimalLength = Self(name: "non-minimal-length")
    /// The bytes end early, or a value is longer than the one that holds it.
    public static let truncated = Self(name: "truncated")
    /// Bytes behind the end.
    public static let trailingBytes = Self(name: "trailing-bytes")
    /// Another breach of DER, or of the structure of SignedData.
    public static let malformed = Self(name: "malformed")
    /// PKCS#7 of another type than signedData.
    public static let notSignedData = Self(name: "not-signed-data")
    /// A version, or a pair of versions, that the kernel does not read.
    public static let unsupportedVersion = Self(name: "unsupported-version")
    /// The signed content is inside.
    public static let contentPresent = Self(name: "content-present")
    /// Content of another type than data.
    public static let contentNotData = Self(name: "content-not-data")
    /// Certificate revocation lists are inside.
    public static let revocationListPresent = Self(name: "revocation-list-present")
    /// Nobody signed.
    public static let noSigner = Self(name: "no-signer")
    /// More than one signed.
    public static let severalSigners = Self(name: "several-signers")
    /// Signed attributes.
    public static let signedAttributesPresent = Self(name: "signed-attributes-present")
    /// Unsigned attributes.
    public static let unsignedAttributesPresent = Self(name: "unsigned-attributes-present")
    /// MD5, SHA-1 or another digest with known collisions.
    public static let weakDigest = Self(name: "weak-digest")
    /// A digest that is not SHA-256, SHA-384 or SHA-512.
    public static let unsupportedDigest = Self(name: "unsupported-digest")
    /// The fields that name the digest contradict each other.
    public static let digestContradiction = Self(name: "digest-contradiction")
    /// A signature algorithm that is not RSA PKCS#1 v1.5 or ECDSA.
    public static let unsupportedSignatureAlgorithm = Self(name: "unsupported-signature-algorithm")

    // The verdict about a signature.

    /// The signer identifier names none of the certificates.
    public static let otherCertificate = Self(name: "other-certificate")
    /// The signature is not one of this root hash by this key.
    public static let wrongSignature = Self(name: "wrong-signature")
    /// A newline behind the root hash was signed too.
    public static let newlineSigned = Self(name: "newline-signed")
    /// The bytes of the digest were signed instead of its text.
    public static let rawDigestSigned = Self(name: "raw-digest-signed")
    /// The text was signed in upper case.
    public static let upperCaseSigned = Self(name: "upper-case-signed")
    /// The text was hashed twice.
    public static let hashedTwice = Self(name: "hashed-twice")
    /// The signature was made with another digest than is named.
    public static let otherDigestSigned = Self(name: "other-digest-signed")
    /// RSA with PSS padding.
    public static let otherPaddingSigned = Self(name: "other-padding-signed")
    /// The key of the certificate is of another kind than the signature.
    public static let otherKeyType = Self(name: "other-key-type")
    /// The certificate was not valid any more.
    public static let certificateExpired = Self(name: "certificate-expired")
    /// The certificate was not valid yet.
    public static let certificateNotYetValid = Self(name: "certificate-not-yet-valid")

    // Certificates and keys.

    /// No certificate was given.
    public static let noCertificate = Self(name: "no-certificate")
    /// More certificates than are looked at.
    public static let tooManyCertificates = Self(name: "too-many-certificates")
    /// Not an X.509 certificate.
    public static let certificateMalformed = Self(name: "certificate-malformed")
    /// A certificate that the library cannot read because of the algorithm of its own signature.
    public static let unsupportedCertificate = Self(name: "unsupported-certificate")
    /// An RSA key of less than 2048 bits.
    public static let weakKey = Self(name: "weak-key")
    /// A key that is neither RSA nor on P-256, P-384 or P-521.
    public static let unsupportedKey = Self(name: "unsupported-key")
    /// Not a private key.
    public static let privateKeyMalformed = Self(name: "private-key-malformed")
    /// A private key behind a passphrase.
    public static let privateKeyEncrypted = Self(name: "private-key-encrypted")
    /// The private key is not that of the certificate.
    public static let privateKeyMismatch = Self(name: "private-key-mismatch")
    /// The library refused to sign.
    public static let signingFailed = Self(name: "signing-failed")
    /// A raw signature of a length that the key cannot make.
    public static let rawSignatureLength = Self(name: "raw-signature-length")
}
