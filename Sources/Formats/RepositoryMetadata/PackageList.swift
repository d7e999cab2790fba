public import AssayBytes

/// A package of a repository's list.
public struct ListedPackage: Hashable, Sendable, CustomStringConvertible {
    /// Name of the package.
    public let name: String
    /// Number that goes before the version.
    public let epoch: UInt64
    /// Version of what is packaged.
    public let version: String
    /// Release of the package.
    public let release: String
    /// The architecture that the package is for; `src` for a source package.
    public let architecture: String
    /// Where its file is.
    public let location: RepositoryPath
    /// Another root than the repository's that the location is said to be relative to; hardly ever there.
    public let base: String?
    /// The digest of the whole file.
    public let checksum: MetadataChecksum
    /// The size of the whole file.
    public let size: ByteCount?
    /// Time of the build in seconds since 1970.
    public let buildTime: UInt64?
    /// Who distributes the package.
    public let vendor: String?
    /// File name of the source package that it was built from.
    public let sourceRPM: String?

    /// `name-epoch:version-release.architecture`, without an epoch of zero.
    public var description: String {
        "\(name)-\(epoch == 0 ? "" : "\(epoch):")\(version)-\(release).\(architecture)"
    }
}

/// Reads a repository's list of packages, `primary.xml`, in whatever pieces it comes out of its compression.
///
/// Give every piece to `append`, then call `finish`; only the piece and one package are in memory. What `append` gives
/// counts only when `finish` does not throw and the caller has found the file's digest right.
public struct PackageListReader: Sendable {
    /// What the document was as a whole.
    public struct Summary: Hashable, Sendable {
        /// The number of packages that it has.
        public let packages: Int
        /// The number of packages that it says it has.
        public let declaredPackages: UInt64?
    }

    /// The most packages that are read.
    public static let maximumPackages = 1_000_000

    private static let package = "metadata/package"
    private static let values = [
        "name", "arch", "version", "checksum", "location", "size", "time", "format/rpm:vendor", "format/rpm:sourcerpm",
    ]

    private var reader: ElementReader
    private var current = ElementValues()
    private var count = 0

    /// Starts a document of at most `maximumSize` uncompressed bytes.
    public init(maximumSize: ByteCount = .mebibytes(2048)) {
        let package = PackageListReader.package
        reader = ElementReader(
            root: "metadata", wanted: Set([package] + PackageListReader.values.map { package + "/" + $0 }),
            maximumBytes: maximumSize.asInt ?? .max)
    }

    /// Takes the next uncompressed bytes and gives the packages that end in them.
    ///
    /// - Throws: `MetadataError` when the document is not a list of packages, when a package has no name, version,
    ///   architecture, location or checksum, or has one of them twice, or when a location leads out of the repository.
    public mutating func append(_ chunk: [UInt8]) throws(MetadataError) -> [ListedPackage] {
        var packages: [ListedPackage] = []
        for element in try reader.append(chunk) {
            guard element.path == PackageListReader.package else {
                try current.add(element, as: String(element.path.dropFirst(PackageListReader.package.count + 1)))
                continue
            }
            packages.append(try ListedPackage(element, current))
            current = ElementValues()
            count += 1
            guard count <= PackageListReader.maximumPackages else {
                throw element.error(.tooLarge, "more than \(PackageListReader.maximumPackages) packages")
            }
        }
        return packages
    }

    /// Says that no more bytes come.
    ///
    /// - Returns: how many packages there were and should have been.
    /// - Throws: `MetadataError.truncated` when the document is not complete.
    public mutating func finish() throws(MetadataError) -> Summary {
        try reader.finish()
        let declared = reader.rootAttributes?["packages"].flatMap { UInt64($0) }
        return Summary(packages: count, declaredPackages: declared)
    }
}

extension ListedPackage {
    init(_ element: ElementReader.Element, _ values: ElementValues) throws(MetadataError) {
        guard element.attributes["type"] == "rpm" else {
            throw element.error(.value, "a package of the type '\(EscapedText(element.attributes["type"] ?? ""))'")
        }
        guard let version = values["version"], let number = version.attributes["ver"],
            let release = version.attributes["rel"], !number.isEmpty, !release.isEmpty
        else { throw element.error(.missingValue, "no 'version'") }
        guard let checksum = try values.checksum("checksum") else {
            throw element.error(.missingValue, "no 'checksum'")
        }
        let epoch = version.attributes["epoch"].flatMap { $0.isEmpty ? nil : $0 }
        let size = values["size"]
        let time = values["time"]
        self.init(
            name: try values.required("name", in: element),
            epoch: try ElementValues.number(epoch, version) ?? 0, version: number, release: release,
            architecture: try values.required("arch", in: element), location: try values.location(in: element),
            base: values["location"]?.attributes["xml:base"], checksum: checksum,
            size: try ElementValues.number(size?.attributes["package"], size).map { ByteCount($0) },
            buildTime: try ElementValues.number(time?.attributes["build"], time),
            vendor: values.text("format/rpm:vendor"), sourceRPM: values.text("format/rpm:sourcerpm"))
    }
}
