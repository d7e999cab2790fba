import AssayBytes

/// A package as a repository's Packages index lists it.
///
/// <https://wiki.debian.org/DebianRepository/Format#A.22Packages.22_Indices>
public struct RepositoryPackage: Hashable, Sendable {
    /// The line that its paragraph begins on, counted from 1.
    public let line: Int
    /// The name.
    public let name: String
    /// The version with epoch and revision.
    public let version: String
    /// The architecture, `all` for packages of every one.
    public let architecture: String
    /// The path of the `.deb` file relative to the repository's root, without `./` before it.
    public let path: String
    /// Bytes of the file.
    public let size: UInt64
    /// The file's SHA-256 digest.
    public let sha256: [UInt8]?
    /// The file's SHA-512 digest.
    public let sha512: [UInt8]?
    /// Whether there is an MD5 or SHA-1 digest, which proves nothing.
    public let hasWeakDigest: Bool

    /// The fields that are read.
    static let fields = [
        "Package", "Version", "Architecture", "Filename", "Size", "SHA256", "SHA512", "MD5sum", "SHA1",
    ]

    /// Reads the fields of a paragraph.
    init(_ paragraph: ControlParagraph) throws(ControlFileError) {
        line = paragraph.line
        name = try paragraph.required("Package")
        version = try paragraph.required("Version")
        architecture = try paragraph.required("Architecture")
        let path = try paragraph.required("Filename")
        guard let normalized = RepositoryPath.normalized(path.utf8) else {
            throw ControlFileError(
                line: paragraph.field("Filename")?.line ?? line,
                detail: "the path '\(EscapedText(path))' is not in the repository")
        }
        self.path = normalized
        let sizeText = try paragraph.required("Size")
        guard let size = NumberField.parse(Array(sizeText.utf8)[...], radix: 10) else {
            throw ControlFileError(
                line: paragraph.field("Size")?.line ?? line, detail: "the size '\(EscapedText(sizeText))' is no number")
        }
        self.size = size
        sha256 = try Self.digest(paragraph, "SHA256", 32)
        sha512 = try Self.digest(paragraph, "SHA512", 64)
        hasWeakDigest = paragraph.field("MD5sum") != nil || paragraph.field("SHA1") != nil
    }

    private static func digest(
        _ paragraph: ControlParagraph, _ name: String, _ length: Int
    ) throws(ControlFileError) -> [UInt8]? {
        guard paragraph.field(name) != nil else { return nil }
        guard let digest = Hex.decode(try paragraph.required(name)), digest.count == length else {
            throw ControlFileError(
                line: paragraph.field(name)?.line ?? paragraph.line, detail: "the \(name) digest is not \(length) bytes"
            )
        }
        return digest
    }
}

/// Reads a Packages index piece by piece, so that memory does not grow with the index.
public struct PackagesFileReader: Sendable {
    private var reader = ControlFileReader(keeping: RepositoryPackage.fields)

    /// Makes a reader at the start of an index that is not compressed (any more).
    public init() {}

    /// Reads the next bytes of the index and returns the packages whose paragraphs ended in them.
    ///
    /// - Throws: `ControlFileError`; the reader is of no use after that.
    public mutating func read(_ chunk: [UInt8]) throws -> [RepositoryPackage] {
        try reader.read(chunk).map { try RepositoryPackage($0) }
    }

    /// Ends the index and returns the last package.
    ///
    /// - Throws: `ControlFileError`.
    public mutating func finish() throws -> RepositoryPackage? { try reader.finish().map { try RepositoryPackage($0) } }
}
