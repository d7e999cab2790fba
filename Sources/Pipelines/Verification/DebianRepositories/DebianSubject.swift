import AssayBytes
import AssayCompression
import AssayDebianArchive
import AssayFacts
import AssayFileSystem

/// A `.deb` file that was hashed and read.
struct DebianSubject: Sendable {
    /// What its control file says, as it stands there.
    struct Identity: Sendable {
        let name: String
        let version: String
        let architecture: String
    }

    private(set) var file: VouchedFileFacts
    /// The digests of all its bytes; none when they could not be read.
    private var digests: [ReleaseFile.Algorithm: [UInt8]] = [:]
    private(set) var identity: Identity?
    /// The opened file, while another digest may be asked for.
    private let source: FileSource?

    /// The largest control archive, compressed and decompressed, and the largest control file in it, in bytes.
    private static let maximumArchive: UInt64 = 32 << 20
    private static let maximumControl: UInt64 = 1 << 20

    /// Reads a package of a repository, which is opened for this and closed again.
    ///
    /// - Throws: `CancellationError` only.
    init(
        _ path: TreePath, in tree: DebianTree, hashing algorithms: Set<ReleaseFile.Algorithm>,
        _ progress: any VerificationProgress
    ) throws {
        file = VouchedFileFacts(name: tree.name(path), kind: .debianPackage, size: 0)
        source = nil
        let opened: FileSource
        do {
            opened = try tree.directory.open(path)
        } catch {
            file.problem = DebianProblem.facts(error, at: Place(file.name))
            return
        }
        try read(opened, hashing: algorithms, progress)
    }

    /// Reads a package that the user named, which stays open.
    ///
    /// - Throws: `CancellationError` only.
    init(_ subject: SubjectFile, _ progress: any VerificationProgress) throws {
        file = VouchedFileFacts(name: subject.name, kind: .debianPackage, size: 0)
        source = subject.source
        try read(subject.source, hashing: [.sha256], progress)
    }

    private mutating func read(
        _ source: FileSource, hashing algorithms: Set<ReleaseFile.Algorithm>, _ progress: any VerificationProgress
    ) throws {
        let name = file.name
        file.size = source.size.rawValue
        let content = try DebianContent(
            source, format: nil, hashing: algorithms, ofDecompressed: false, limit: 0, progress, consume: nil)
        if let failure = content.failure {
            file.problem = DebianProblem.facts(failure, at: Place(name))
            return
        }
        digests = content.stored
        for (algorithm, digest) in digests { file.digests[algorithm.displayName] = Hex.encode(digest) }
        do {
            try readPackage(source)
        } catch {
            file.problem = DebianProblem.facts(error, at: Place(name))
        }
    }

    private mutating func readPackage(_ source: FileSource) throws {
        let package = try DebianPackage(source)
        for member in package.extraMembers {
            file.unsignedContent.append(
                UnsignedContent(
                    code: "deb-extra-member",
                    text: "the member '\(EscapedText(member.name))' is none of a package's own; dpkg passes over it",
                    place: Place(file.name, offset: member.header.rawValue), count: member.content.count.rawValue))
        }
        for remark in package.remarks {
            file.unsignedContent.append(
                UnsignedContent(code: "deb-structure", text: remark, place: Place(file.name), count: 0))
        }
        let control = try Self.control(package, source)
        let identity = Identity(
            name: try Self.field("Package", control), version: try Self.field("Version", control),
            architecture: try Self.field("Architecture", control))
        self.identity = identity
        func escaped(_ text: String) -> String { EscapedText(text).description }
        let withoutEpoch = identity.version.utf8.firstIndex(of: 0x3A).map {
            String(identity.version[identity.version.utf8.index(after: $0)...])
        }
        file.package = PackageIdentityFacts(
            name: escaped(identity.name), version: escaped(identity.version),
            architecture: escaped(identity.architecture), vendor: control["Vendor"].map(escaped),
            fileName: escaped("\(identity.name)_\(withoutEpoch ?? identity.version)_\(identity.architecture).deb"))
    }

    private static func field(_ name: String, _ control: ControlParagraph) throws -> String {
        guard let field = control.field(name), field.lines.count == 1, let text = field.text, !text.isEmpty else {
            throw DebianContentFault.control("the control file's field '\(name)' is not one line of text")
        }
        return text
    }

    private static func control(_ package: DebianPackage, _ source: FileSource) throws -> ControlParagraph {
        let extent = package.control.member.content
        let compressed = try extent.bytes(in: source, limit: ByteCount(maximumArchive))
        let format: CompressionFormat? =
            switch package.control.compression {
            case .none: nil
            case .gzip: .gzip
            case .xz: .xz
            case .zstandard: .zstd
            case .bzip2: .bzip2
            case .lzma: .lzma
            }
        let tar =
            try format.map {
                try Decompressor($0, limits: DecompressionLimits(output: ByteCount(maximumArchive)))
                    .bytes(of: compressed)
            } ?? compressed
        let archive = ByteArraySource(tar)
        guard let entry = try TarArchive(archive).entry("control"), entry.kind == .file else {
            throw DebianContentFault.control("there is no control file in it")
        }
        return try ControlParagraph(only: entry.content.bytes(in: archive, limit: ByteCount(maximumControl)))
    }

    /// The digest of all bytes; from a second pass over the opened file where it was not computed yet.
    ///
    /// - Throws: `CancellationError` only.
    func digest(_ algorithm: ReleaseFile.Algorithm, _ progress: any VerificationProgress) throws -> [UInt8]? {
        if let digest = digests[algorithm] { return digest }
        guard let source, !digests.isEmpty else { return nil }
        progress.expect(source.size.rawValue)
        return try DebianContent(
            source, format: nil, hashing: [algorithm], ofDecompressed: false, limit: 0, progress, consume: nil
        ).stored[algorithm]
    }
}

/// Why a package's content is not that of a package.
enum DebianContentFault: Error, CustomStringConvertible {
    /// The control archive or file.
    case control(String)

    var description: String {
        switch self {
        case .control(let text): text
        }
    }
}
