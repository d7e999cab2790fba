/// What vouches for files, and for which of their bytes.
///
/// A signature that is mathematically right, a digest that was recomputed, a file name in a list are facts. Whether the key
/// is the one that was expected and the algorithm acceptable is judged from them.
public struct AuthenticityFacts: Codable, Hashable, Sendable {
    /// The files that were asked about, in the order of the question.
    public var files: [VouchedFileFacts]
    /// What is signed, or should be: files refer to it by its index.
    public var documents: [SignedDocumentFacts]
    /// The certificates that signatures were compared with.
    public var keys: [PinnedKeyFacts]
    /// Certificates that are pinned and disabled: nothing by them counts.
    public var disabledKeys: [PinnedKeyFacts]
    /// The source that the files must come from, if the user named one.
    public var expectedSource: String?
    /// What the user said that the files must be.
    public var expectation: IdentityExpectation
    /// The time of judgement in seconds since 1970, which keys and signatures were examined at.
    public var evaluatedAt: Int64

    /// Starts without files.
    public init(evaluatedAt: Int64) {
        files = []
        documents = []
        keys = []
        disabledKeys = []
        expectation = IdentityExpectation()
        self.evaluatedAt = evaluatedAt
    }
}

/// What the user said that a file must be (`--expect arch=aarch64,version=3.0`).
public struct IdentityExpectation: Codable, Hashable, Sendable {
    /// The architecture, as `uname -m` calls it.
    public var architecture: String?
    /// The version.
    public var version: String?

    /// Makes it.
    public init(architecture: String? = nil, version: String? = nil) {
        self.architecture = architecture
        self.version = version
    }
}

/// An OpenPGP certificate that is accepted for a source.
public struct PinnedKeyFacts: Codable, Hashable, Sendable {
    /// The source that it is pinned for (`azure-linux`), or the option that gave it (`--key FILE`).
    public var source: String
    /// Where the certificate was read, escaped; `built in` for what the tool ships.
    public var origin: String
    /// The fingerprint of the primary key, lower-case hexadecimal.
    public var fingerprint: String
    /// The user IDs, escaped; nothing authenticates them.
    public var userIDs: [String]
    /// The algorithm of the primary key (`rsa2048`).
    public var algorithm: String
    /// When the primary key was made, in seconds since 1970.
    public var created: Int64
    /// When the primary key expires, in seconds since 1970.
    public var expires: Int64?
    /// The revocation, as a sentence.
    public var revocation: String?
    /// Patterns of the file names that this source publishes (`*.azl3.*.rpm`); `*` and `?` as in a shell.
    public var fileNames: [String]

    /// Makes it.
    public init(
        source: String, origin: String, fingerprint: String, userIDs: [String], algorithm: String, created: Int64,
        expires: Int64?, revocation: String?, fileNames: [String]
    ) {
        self.source = source
        self.origin = origin
        self.fingerprint = fingerprint
        self.userIDs = userIDs
        self.algorithm = algorithm
        self.created = created
        self.expires = expires
        self.revocation = revocation
        self.fileNames = fileNames
    }
}

/// Bytes that are signed, or should be.
public struct SignedDocumentFacts: Codable, Hashable, Sendable {
    /// What the bytes are.
    public enum Kind: String, Codable, Hashable, Sendable {
        /// A list of checksums.
        case checksumList
        /// The main header of an RPM package.
        case packageHeader
        /// `repomd.xml`.
        case repositoryIndex
        /// Debian's `Release` or `InRelease`.
        case release
    }

    /// What the bytes are.
    public var kind: Kind
    /// The file, escaped.
    public var name: String
    /// The signatures over exactly these bytes, in the order of the file.
    public var signatures: [SignatureFacts]
    /// Where signatures were looked for, with the reason when none was found, or when what was found is no signature.
    public var searched: [SignatureSearch]
    /// What the signed bytes say about freshness, for a `Release`.
    public var release: ReleaseFacts?
    /// What is odd and not covered by a signature, as sentences (text around a cleartext signature).
    public var remarks: [String]

    /// Makes it.
    public init(kind: Kind, name: String, signatures: [SignatureFacts], searched: [SignatureSearch]) {
        self.kind = kind
        self.name = name
        self.signatures = signatures
        self.searched = searched
        remarks = []
    }
}

/// A place where a signature was looked for.
public struct SignatureSearch: Codable, Hashable, Sendable {
    /// What was there.
    public enum Result: String, Codable, Hashable, Sendable {
        /// At least one signature.
        case found
        /// Nothing of that name.
        case absent
        /// Something that is no acceptable signature.
        case malformed
        /// It could not be read.
        case unreadable
    }

    /// Where.
    public var place: Place
    /// What was there.
    public var result: Result
    /// Why, for what is malformed or unreadable.
    public var reason: String?

    /// Makes it.
    public init(_ place: Place, _ result: Result, reason: String? = nil) {
        self.place = place
        self.result = result
        self.reason = reason
    }
}

/// One OpenPGP signature (RFC 9580, https://www.rfc-editor.org/rfc/rfc9580).
public struct SignatureFacts: Codable, Hashable, Sendable {
    /// What the mathematics say.
    public enum Check: String, Codable, Hashable, Sendable {
        /// The key made this signature of these bytes.
        case valid
        /// It did not.
        case invalid
        /// That could not be checked; the faults say why.
        case notChecked
    }

    /// Something against it.
    public struct Fault: Codable, Hashable, Sendable {
        /// The stable name (`weak-hash`).
        public var code: String
        /// The sentence.
        public var text: String

        /// Makes it.
        public init(code: String, text: String) {
            self.code = code
            self.text = text
        }
    }

    /// Where it stands.
    public var place: Place
    /// Which bytes it signs, for an RPM package: `header`, or `header and payload`; else nil, for the whole document.
    public var scope: String?
    /// The version of the packet: 3, 4 or 6.
    public var version: Int
    /// The hash algorithm (`sha256`).
    public var hashAlgorithm: String
    /// The public-key algorithm, with the size when the key is known (`rsa4096`).
    public var keyAlgorithm: String
    /// The size of the signing key in bits, when the key is known.
    public var keyBits: Int?
    /// When it was made, as it says itself, in seconds since 1970.
    public var created: Int64
    /// When it expires, in seconds since 1970.
    public var expires: Int64?
    /// The fingerprints and key IDs that it names as its maker, lower-case hexadecimal.
    public var claimedIssuers: [String]
    /// What the mathematics say.
    public var check: Check
    /// The fingerprint of the key that made it, when it is valid.
    public var signingKey: String?
    /// The fingerprint of that key's certificate, when it is valid.
    public var certificate: String?
    /// What is against it, in the order of the examination.
    public var faults: [Fault]

    /// Makes it.
    public init(
        place: Place, scope: String?, version: Int, hashAlgorithm: String, keyAlgorithm: String, keyBits: Int?,
        created: Int64, expires: Int64?, claimedIssuers: [String], check: Check, signingKey: String?,
        certificate: String?, faults: [Fault]
    ) {
        self.place = place
        self.scope = scope
        self.version = version
        self.hashAlgorithm = hashAlgorithm
        self.keyAlgorithm = keyAlgorithm
        self.keyBits = keyBits
        self.created = created
        self.expires = expires
        self.claimedIssuers = claimedIssuers
        self.check = check
        self.signingKey = signingKey
        self.certificate = certificate
        self.faults = faults
    }
}

/// What a Debian `Release` says about itself (https://wiki.debian.org/DebianRepository/Format).
public struct ReleaseFacts: Codable, Hashable, Sendable {
    /// `Origin`, escaped.
    public var origin: String?
    /// `Suite`, escaped.
    public var suite: String?
    /// `Codename`, escaped.
    public var codename: String?
    /// `Date` in seconds since 1970.
    public var date: Int64?
    /// `Valid-Until` in seconds since 1970.
    public var validUntil: Int64?
    /// The suite or codename under which it was fetched, when the place tells it.
    public var requestedAs: String?

    /// Makes it.
    public init(
        origin: String?, suite: String?, codename: String?, date: Int64?, validUntil: Int64?, requestedAs: String?
    ) {
        self.origin = origin
        self.suite = suite
        self.codename = codename
        self.date = date
        self.validUntil = validUntil
        self.requestedAs = requestedAs
    }
}

/// A file whose authenticity was asked for.
public struct VouchedFileFacts: Codable, Hashable, Sendable {
    /// What the file is, by its content.
    public enum Kind: String, Codable, Hashable, Sendable {
        /// An ISO 9660 image.
        case isoImage
        /// An RPM package.
        case rpmPackage
        /// A Debian package.
        case debianPackage
        /// An index of a repository, or a file that such an index lists.
        case repositoryMetadata
        /// Any other file that a list of checksums names.
        case other
    }

    /// The path as it was given or found, escaped.
    public var name: String
    /// What it is.
    public var kind: Kind
    /// The size in bytes.
    public var size: UInt64
    /// Why it could not be read to the end or understood, if so; such a file was not verified.
    public var problem: FileProblem?
    /// What vouches for it; empty when nothing was found that could.
    public var vouchers: [VoucherFacts]
    /// What the ISO image says that it is.
    public var image: ISOImageFacts?
    /// What the package says that it is.
    public var package: PackageIdentityFacts?
    /// Which bytes of an RPM package are protected by what, in the order of the file.
    public var coverage: [CoverageFacts]
    /// Bytes of a package that nobody vouches for and that are not as honest tools write them.
    public var unsignedContent: [UnsignedContent]
    /// The digests of the file's bytes that were computed, by algorithm, lower-case hexadecimal.
    public var digests: [String: String]

    /// Starts with name, kind and size.
    public init(name: String, kind: Kind, size: UInt64) {
        self.name = name
        self.kind = kind
        self.size = size
        vouchers = []
        coverage = []
        unsignedContent = []
        digests = [:]
    }
}

/// Why a file could not be verified.
public struct FileProblem: Codable, Hashable, Sendable {
    /// Whether it is against the format (a refusal), and not merely unreadable or unsupported (unknown).
    public var isMalformed: Bool
    /// The sentence.
    public var reason: String
    /// Where.
    public var place: Place

    /// Makes it.
    public init(isMalformed: Bool, reason: String, place: Place) {
        self.isMalformed = isMalformed
        self.reason = reason
        self.place = place
    }
}

/// One way from a file to a signed document.
public struct VoucherFacts: Codable, Hashable, Sendable {
    /// The statements, from the file outward: the file's entry in a list, the list's entry in another.
    ///
    /// Empty when the document is the file itself, or a signature covers the file directly.
    public var links: [LinkFacts]
    /// The signed document that the last list stands in, as an index of `AuthenticityFacts.documents`; nil when the way
    /// ends before one.
    public var document: Int?

    /// Makes it.
    public init(links: [LinkFacts], document: Int?) {
        self.links = links
        self.document = document
    }
}

/// A statement about the bytes of a file.
public struct LinkFacts: Codable, Hashable, Sendable {
    /// Why there is no usable statement.
    public enum Fault: String, Codable, Hashable, Sendable {
        /// The list does not name the file.
        case notListed
        /// The list names it more than once, or in a way that two readers understand differently.
        case ambiguous
        /// No digest algorithm that is accepted or known.
        case noUsableDigest
        /// The file could not be read.
        case unreadable
        /// The list could not be understood.
        case malformedList
    }

    /// The file, or the part of one, that the statement is about.
    public var file: String
    /// The list that makes it, with the line where one is known.
    public var statedBy: Place
    /// The digest algorithm (`SHA-256`).
    public var algorithm: String?
    /// The digest that is stated, lower-case hexadecimal.
    public var expected: String?
    /// The digest of the bytes that are there, lower-case hexadecimal.
    public var computed: String?
    /// The size that is stated, in bytes.
    public var expectedSize: UInt64?
    /// The size that is there, in bytes.
    public var size: UInt64?
    /// Why there is nothing to compare.
    public var fault: Fault?
    /// The sentence for the fault, or what else is to be said.
    public var detail: String?

    /// Makes it.
    public init(file: String, statedBy: Place) {
        self.file = file
        self.statedBy = statedBy
    }
}

/// What an ISO image says that it is.
public struct ISOImageFacts: Codable, Hashable, Sendable {
    /// The embedded media check of implantisomd5.
    public struct MediaCheckFacts: Codable, Hashable, Sendable {
        /// Bytes that it covers.
        public var length: UInt64
        /// The MD5 that is implanted.
        public var expected: String
        /// The MD5 of the image.
        public var computed: String?
        /// The first fragment that differs, counted from 1, with the byte where it begins.
        public var firstWrongFragment: Int?
        /// Where that fragment begins, in bytes.
        public var wrongFragmentOffset: UInt64?

        /// Makes it.
        public init(length: UInt64, expected: String, computed: String?) {
            self.length = length
            self.expected = expected
            self.computed = computed
        }
    }

    /// A way in which the image boots.
    public struct BootMethod: Codable, Hashable, Sendable {
        /// `BIOS`, `UEFI`, and so on.
        public var platform: String
        /// The architecture, as `uname -m` calls it, if the method tells it.
        public var architecture: String?
        /// The boot file or catalog entry, with its offset in the image.
        public var place: Place
        /// How it is found (`El Torito`, `EFI/BOOT`, `EFI system partition`).
        public var how: String

        /// Makes it.
        public init(platform: String, architecture: String?, place: Place, how: String) {
            self.platform = platform
            self.architecture = architecture
            self.place = place
            self.how = how
        }
    }

    /// The volume identifier, escaped.
    public var volumeID: String
    /// When the volume was made, in seconds since 1970.
    public var created: Int64?
    /// How it boots.
    public var bootMethods: [BootMethod]
    /// The architectures that it boots on, as `uname -m` calls them.
    public var architectures: [String]
    /// Versions found, with where: volume identifier, `.treeinfo`, `.disk/info`, os-release.
    public var versions: [Sourced<String>]
    /// The product that its own files name (`Debian GNU/Linux`), with where.
    public var products: [Sourced<String>]
    /// The architecture that the file name says.
    public var nameArchitecture: String?
    /// The version that the file name says.
    public var nameVersion: String?
    /// The media check, if one is implanted.
    public var mediaCheck: Observation<MediaCheckFacts>
    /// Bytes that are missing at the end.
    public var missingBytes: UInt64
    /// Bytes behind the end of the volume.
    public var trailingBytes: UInt64
    /// What is odd, as sentences.
    public var remarks: [String]

    /// Makes it.
    public init(volumeID: String, mediaCheck: Observation<MediaCheckFacts>) {
        self.volumeID = volumeID
        self.mediaCheck = mediaCheck
        bootMethods = []
        architectures = []
        versions = []
        products = []
        missingBytes = 0
        trailingBytes = 0
        remarks = []
    }
}

/// What a package says that it is.
public struct PackageIdentityFacts: Codable, Hashable, Sendable {
    /// The name, escaped.
    public var name: String
    /// Epoch, version and release as the format writes them (`1:2.3-4.azl3`), escaped.
    public var version: String
    /// The architecture.
    public var architecture: String?
    /// The vendor that the package names; nothing but the signature authenticates it.
    public var vendor: String?
    /// The file name that fits these.
    public var fileName: String
    /// What else a list says about the package, where it is not what the package says: sentences.
    public var contradictions: [String]

    /// Makes it.
    public init(name: String, version: String, architecture: String?, vendor: String?, fileName: String) {
        self.name = name
        self.version = version
        self.architecture = architecture
        self.vendor = vendor
        self.fileName = fileName
        contradictions = []
    }
}

/// A range of a package and what protects it.
public struct CoverageFacts: Codable, Hashable, Sendable {
    /// What protects it.
    public enum Protection: String, Codable, Hashable, Sendable {
        /// A signature that is mathematically valid covers it.
        case signed
        /// Only digests that nobody signed cover it.
        case digestOnly
        /// Nothing: whoever handed over the file chose these bytes.
        case attackerControlled
    }

    /// `lead`, `signature header`, `padding`, `header`, `payload`, or a tag of the signature header.
    public var part: String
    /// The first byte.
    public var offset: UInt64
    /// How many bytes.
    public var count: UInt64
    /// What protects it.
    public var protection: Protection
    /// By which signatures or digests, or why by none.
    public var reason: String

    /// Makes it.
    public init(part: String, offset: UInt64, count: UInt64, protection: Protection, reason: String) {
        self.part = part
        self.offset = offset
        self.count = count
        self.protection = protection
        self.reason = reason
    }
}

/// Something that no signature covers and that is worth knowing.
public struct UnsignedContent: Codable, Hashable, Sendable {
    /// The stable name (`unknown-signature-tag`).
    public var code: String
    /// The sentence.
    public var text: String
    /// Where.
    public var place: Place
    /// How many bytes.
    public var count: UInt64

    /// Makes it.
    public init(code: String, text: String, place: Place, count: UInt64) {
        self.code = code
        self.text = text
        self.place = place
        self.count = count
    }
}
