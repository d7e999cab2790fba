/// What an entry of an RPM header is about, by its number.
///
/// https://rpm-software-management.github.io/rpm/manual/tags.html
public struct RPMTag: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt32

    /// Makes the tag of number `rawValue`.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The number as text.
    public var description: String { "tag \(rawValue)" }

    /// Whether the entry marks a region (HEADERIMAGE, HEADERSIGNATURES, HEADERIMMUTABLE) and has no value of its own.
    public var isRegion: Bool { (61...63).contains(rawValue) }

    /// Name of the package.
    public static let name = RPMTag(rawValue: 1000)
    /// Version.
    public static let version = RPMTag(rawValue: 1001)
    /// Release.
    public static let release = RPMTag(rawValue: 1002)
    /// Epoch; absent means 0.
    public static let epoch = RPMTag(rawValue: 1003)
    /// When it was installed, in seconds since 1970.
    public static let installTime = RPMTag(rawValue: 1008)
    /// Vendor.
    public static let vendor = RPMTag(rawValue: 1011)
    /// Architecture.
    public static let architecture = RPMTag(rawValue: 1022)
    /// Paths in packages older than rpm 4.
    public static let oldFileNames = RPMTag(rawValue: 1027)
    /// For each file whether it is installed.
    public static let fileStates = RPMTag(rawValue: 1029)
    /// For each file its type and permissions.
    public static let fileModes = RPMTag(rawValue: 1030)
    /// For each file its marks (configuration, documentation, ghost).
    public static let fileFlags = RPMTag(rawValue: 1037)
    /// File name of the source package.
    public static let sourceRPM = RPMTag(rawValue: 1044)
    /// For each file the number of its directory.
    public static let directoryIndexes = RPMTag(rawValue: 1116)
    /// For each file the last component of its path.
    public static let baseNames = RPMTag(rawValue: 1117)
    /// Directories, each with a slash at its end.
    public static let directoryNames = RPMTag(rawValue: 1118)
    /// For each file its capabilities as text.
    public static let fileCapabilities = RPMTag(rawValue: 5010)

    /// OpenPGP signature over header and payload, RSA.
    public static let signaturePGP = RPMTag(rawValue: 259)
    /// OpenPGP signature over header and payload, DSA.
    public static let signatureGPG = RPMTag(rawValue: 262)
    /// OpenPGP signature over the header, DSA, ECDSA or EdDSA.
    public static let headerDSA = RPMTag(rawValue: 267)
    /// OpenPGP signature over the header, RSA.
    public static let headerRSA = RPMTag(rawValue: 268)
    /// SHA-1 of the header as hexadecimal text.
    public static let headerSHA1 = RPMTag(rawValue: 269)
    /// SHA-256 of the header as hexadecimal text.
    public static let headerSHA256 = RPMTag(rawValue: 273)
    /// OpenPGP signatures over the header in base 64, from rpm 6 on.
    public static let openPGP = RPMTag(rawValue: 278)
}
