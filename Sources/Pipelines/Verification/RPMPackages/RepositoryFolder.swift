import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayRPM
import AssayRepositoryMetadata

/// A folder with `repodata`, whose files are opened below it and nowhere else.
struct RepositoryFolder: Sendable {
    /// The path as it was given, without slashes at its end.
    let path: String
    /// The folder.
    let root: RootedDirectory

    /// Opens it.
    init(path: String) throws {
        root = try RootedDirectory(path: path)
        var path = path
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    /// The name of a file of the folder for display, escaped.
    func name(_ file: TreePath) -> String {
        let folder = EscapedText(path).description
        return (folder == "/" ? "" : folder) + file.description
    }

    /// Why a file that a list names could not be opened; `base` is the other place that the list names for it.
    static func reason(_ error: any Error, listedBelow base: String?) -> String {
        guard (error as? FileSystemError)?.code == .notFound else { return "\(error)" }
        let elsewhere = base.map { " (below '\(EscapedText($0))', where nothing is looked for)" } ?? ""
        return "it is listed\(elsewhere) but not there"
    }
}

extension MetadataChecksum {
    /// The algorithm, if it is known.
    var digestAlgorithm: DigestAlgorithm? {
        switch algorithm {
        case .md5: .md5
        case .sha1: .sha1
        case .sha224: .sha224
        case .sha256: .sha256
        case .sha384: .sha384
        case .sha512: .sha512
        case nil: nil
        }
    }

    /// What the metadata says about `file`, with `computed` to compare.
    func link(to file: String, statedBy list: Place, computed: [UInt8]?) -> LinkFacts {
        var link = LinkFacts(file: file, statedBy: list)
        link.algorithm = digestAlgorithm?.rawValue ?? EscapedText(type).description
        link.expected = Hex.encode(digest)
        link.computed = computed.map { Hex.encode($0) }
        switch PackageDigests.strength(digestAlgorithm) {
        case 1...: break
        case 0:
            link.fault = .noUsableDigest
            link.detail = "\(link.algorithm ?? "the digest") can be forged"
        default:
            link.fault = .noUsableDigest
            link.detail = "the algorithm '\(EscapedText(type))' is not computed here"
        }
        return link
    }
}
