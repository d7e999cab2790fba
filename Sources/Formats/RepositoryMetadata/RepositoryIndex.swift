public import AssayBytes

/// A file that a repository's index names: the list of its packages, of their files, of updates.
public struct MetadataFile: Hashable, Sendable {
    /// What it is: `primary`, `filelists`, `other`, `updateinfo`.
    public let type: String
    /// Where it is.
    public let location: RepositoryPath
    /// Another root than the repository's that the location is said to be relative to; hardly ever there.
    public let base: String?
    /// Its digest as it lies there, compressed.
    public let checksum: MetadataChecksum
    /// The digest of what it gives when it is uncompressed.
    public let openChecksum: MetadataChecksum?
    /// Its size as it lies there.
    public let size: ByteCount?
    /// The size of what it gives when it is uncompressed.
    public let openSize: ByteCount?
    /// When it was made, in seconds since 1970.
    public let timestamp: UInt64?
}

/// A repository's index: `repomd.xml`.
///
/// Its signature, `repomd.xml.asc`, is over the bytes of the document; every other file of the repository is under it by
/// the digests here and in the list of packages.
public struct RepositoryIndex: Hashable, Sendable {
    /// What the maker calls this state of the repository; often a time in seconds since 1970.
    public let revision: String?
    /// The files, in the order of the document, each type once.
    public let files: [MetadataFile]

    /// The largest document that is read; real ones have a few kilobytes.
    public static let maximumSize = 16 << 20
    private static let maximumFiles = 1_000
    private static let data = "repomd/data"
    private static let values = ["location", "checksum", "open-checksum", "size", "open-size", "timestamp"]

    /// The file of `type`.
    public func file(_ type: String) -> MetadataFile? { files.first { $0.type == type } }

    /// Parses the whole document.
    ///
    /// - Throws: `MetadataError` when it is not one, when a type stands there twice, when a file has no location or no
    ///   checksum, or when a location leads out of the repository.
    public init(_ document: [UInt8]) throws(MetadataError) {
        let data = RepositoryIndex.data
        let wanted = Set(["repomd/revision", data] + RepositoryIndex.values.map { data + "/" + $0 })
        var reader = ElementReader(root: "repomd", wanted: wanted, maximumBytes: RepositoryIndex.maximumSize)
        let elements = try reader.append(document)
        try reader.finish()
        var revision: String?
        var files: [MetadataFile] = []
        var types: Set<String> = []
        var values = ElementValues()
        for element in elements {
            switch element.path {
            case data:
                let file = try MetadataFile(element, values)
                guard types.insert(file.type).inserted else {
                    throw element.error(.missingValue, "the type '\(file.type)' twice")
                }
                files.append(file)
                guard files.count <= RepositoryIndex.maximumFiles else {
                    throw element.error(.tooLarge, "more than \(RepositoryIndex.maximumFiles) files")
                }
                values = ElementValues()
            case "repomd/revision":
                guard revision == nil else { throw element.error(.missingValue, "the revision twice") }
                revision = element.text
            default: try values.add(element, as: String(element.path.dropFirst(data.count + 1)))
            }
        }
        self.revision = revision
        self.files = files
    }
}

extension MetadataFile {
    init(_ element: ElementReader.Element, _ values: ElementValues) throws(MetadataError) {
        guard let type = element.attributes["type"], !type.isEmpty else {
            throw element.error(.missingValue, "a file without a type")
        }
        guard let checksum = try values.checksum("checksum") else {
            throw element.error(.missingValue, "no 'checksum' of '\(EscapedText(type))'")
        }
        let number = { (name: String) throws(MetadataError) -> UInt64? in
            try ElementValues.number(values.text(name), values[name])
        }
        // Some makers write a fraction of a second.
        let timestamp = values.text("timestamp").map { String($0.prefix { $0 != "." }) }
        self.init(
            type: type, location: try values.location(in: element),
            base: values["location"]?.attributes["xml:base"], checksum: checksum,
            openChecksum: try values.checksum("open-checksum"), size: try number("size").map { ByteCount($0) },
            openSize: try number("open-size").map { ByteCount($0) },
            timestamp: try ElementValues.number(timestamp, values["timestamp"]))
    }
}
