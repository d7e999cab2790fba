/// The number of a value in a header.
///
/// The same number means one thing in the signature header and another in the main header.
/// https://rpm.org/docs/6.0.x/manual/tags.html
public struct HeaderTag: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt32

    /// Makes a tag of `rawValue`.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The number.
    public var description: String { "tag \(rawValue)" }

    /// Orders by number.
    public static func < (left: HeaderTag, right: HeaderTag) -> Bool { left.rawValue < right.rawValue }

    /// The region that holds an image of a header of rpm before 4.0; old signature trailers carry it.
    public static let headerImage = HeaderTag(rawValue: 61)
    /// The region that a signature header is.
    public static let headerSignatures = HeaderTag(rawValue: 62)
    /// The region of a main header that never changes after the build.
    public static let headerImmutable = HeaderTag(rawValue: 63)
    /// The languages of the texts, and the lowest number of a tag that is not a region.
    public static let languages = HeaderTag(rawValue: 100)
}

extension HeaderTag {
    // MARK: Signature header

    /// Signature over the header by DSA, ECDSA or EdDSA.
    public static let dsaHeader = HeaderTag(rawValue: 267)
    /// Signature over the header by RSA.
    public static let rsaHeader = HeaderTag(rawValue: 268)
    /// SHA-1 of the header in hexadecimal.
    public static let sha1Header = HeaderTag(rawValue: 269)
    /// Number of bytes of header and payload, 64 bits wide.
    public static let longSize = HeaderTag(rawValue: 270)
    /// Number of bytes of the uncompressed payload, 64 bits wide.
    public static let longArchiveSize = HeaderTag(rawValue: 271)
    /// SHA-256 of the header in hexadecimal.
    public static let sha256Header = HeaderTag(rawValue: 273)
    /// IMA signatures of the packaged files, which no OpenPGP signature covers.
    public static let fileSignatures = HeaderTag(rawValue: 274)
    /// Number of bytes of an IMA signature.
    public static let fileSignatureLength = HeaderTag(rawValue: 275)
    /// fs-verity signatures of the packaged files, which no OpenPGP signature covers.
    public static let veritySignatures = HeaderTag(rawValue: 276)
    /// Algorithm of the fs-verity signatures.
    public static let veritySignatureAlgorithm = HeaderTag(rawValue: 277)
    /// Signatures over the header in base 64, any number of them.
    public static let openPGP = HeaderTag(rawValue: 278)
    /// SHA3-256 of the header in hexadecimal.
    public static let sha3Header = HeaderTag(rawValue: 279)
    /// Room for signatures in packages of version 6.
    public static let reserved = HeaderTag(rawValue: 999)
    /// Number of bytes of header and payload.
    public static let size = HeaderTag(rawValue: 1000)
    /// Signature over header and payload by RSA.
    public static let pgp = HeaderTag(rawValue: 1002)
    /// MD5 of header and payload.
    public static let md5 = HeaderTag(rawValue: 1004)
    /// Signature over header and payload by DSA.
    public static let gpg = HeaderTag(rawValue: 1005)
    /// Number of bytes of the uncompressed payload.
    public static let payloadSize = HeaderTag(rawValue: 1007)
    /// Room for signatures in packages of version 4.
    public static let reservedSpace = HeaderTag(rawValue: 1008)
}

extension HeaderTag {
    // MARK: Main header

    /// Name of the package.
    public static let name = HeaderTag(rawValue: 1000)
    /// Version of what is packaged.
    public static let version = HeaderTag(rawValue: 1001)
    /// Release of the package.
    public static let release = HeaderTag(rawValue: 1002)
    /// Number that goes before the version.
    public static let epoch = HeaderTag(rawValue: 1003)
    /// Time of the build in seconds since 1970.
    public static let buildTime = HeaderTag(rawValue: 1006)
    /// Host of the build.
    public static let buildHost = HeaderTag(rawValue: 1007)
    /// Who distributes the package.
    public static let vendor = HeaderTag(rawValue: 1011)
    /// Licence of what is packaged.
    public static let license = HeaderTag(rawValue: 1014)
    /// Who made the package.
    public static let packager = HeaderTag(rawValue: 1015)
    /// Architecture that the package is for.
    public static let architecture = HeaderTag(rawValue: 1022)
    /// File name of the source package; a source package has none.
    public static let sourceRPM = HeaderTag(rawValue: 1044)
    /// Number of bytes of the uncompressed payload.
    public static let archiveSize = HeaderTag(rawValue: 1046)
    /// Version of rpm that built the package.
    public static let rpmVersion = HeaderTag(rawValue: 1064)
    /// Whether the package is a source package.
    public static let sourcePackage = HeaderTag(rawValue: 1106)
    /// Format of the payload.
    public static let payloadFormat = HeaderTag(rawValue: 1124)
    /// Compression of the payload.
    public static let payloadCompressor = HeaderTag(rawValue: 1125)
    /// IMA signatures of the packaged files, under the header's signature.
    public static let headerFileSignatures = HeaderTag(rawValue: 5090)
    /// Number of bytes of an IMA signature, under the header's signature.
    public static let headerFileSignatureLength = HeaderTag(rawValue: 5091)
    /// Digest of the payload in hexadecimal.
    public static let payloadDigest = HeaderTag(rawValue: 5092)
    /// Algorithm of the two payload digests, as OpenPGP numbers it.
    public static let payloadDigestAlgorithm = HeaderTag(rawValue: 5093)
    /// Digest of the uncompressed payload in hexadecimal.
    public static let payloadDigestAlternative = HeaderTag(rawValue: 5097)
    /// Number of bytes of the payload, in packages of version 6.
    public static let compressedPayloadSize = HeaderTag(rawValue: 5112)
    /// Number of bytes of the uncompressed payload, in packages of version 6.
    public static let uncompressedPayloadSize = HeaderTag(rawValue: 5113)
    /// Format version of the package, from version 6 on.
    public static let rpmFormat = HeaderTag(rawValue: 5114)
    /// SHA-512 of the payload in hexadecimal.
    public static let payloadSHA512 = HeaderTag(rawValue: 5121)
    /// SHA-512 of the uncompressed payload in hexadecimal.
    public static let payloadSHA512Alternative = HeaderTag(rawValue: 5122)
    /// SHA3-256 of the payload in hexadecimal.
    public static let payloadSHA3 = HeaderTag(rawValue: 5123)
    /// SHA3-256 of the uncompressed payload in hexadecimal.
    public static let payloadSHA3Alternative = HeaderTag(rawValue: 5124)
}
