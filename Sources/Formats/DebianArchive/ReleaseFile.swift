import AssayBytes

/// A repository's Release file: what the repository is, and the digests of its indices.
///
/// <https://wiki.debian.org/DebianRepository/Format#A.22Release.22_files>. The text is what was signed: of an InRelease
/// file only what stands inside its signature, unwrapped.
public struct ReleaseFile: Hashable, Sendable {
    /// A list of digests.
    public enum Algorithm: String, Hashable, Sendable, CaseIterable {
        /// MD5, broken.
        case md5 = "MD5Sum"
        /// SHA-1, broken.
        case sha1 = "SHA1"
        /// SHA-256.
        case sha256 = "SHA256"
        /// SHA-512.
        case sha512 = "SHA512"

        /// Bytes of a digest.
        public var digestLength: Int {
            switch self {
            case .md5: 16
            case .sha1: 20
            case .sha256: 32
            case .sha512: 64
            }
        }
    }

    /// An index of the repository.
    public struct Index: Hashable, Sendable {
        /// The path relative to the Release file.
        public let path: String
        /// Bytes.
        public let size: UInt64
        /// The digest.
        public let digest: [UInt8]
        /// Where the file is as well when the repository serves files by digest.
        public let byHashPath: String
    }

    /// Who made the repository.
    public let origin: String?
    /// What it is called.
    public let label: String?
    /// The suite, such as `stable`.
    public let suite: String?
    /// The release's number.
    public let version: String?
    /// The release's name, such as `bookworm`.
    public let codename: String?
    /// When it was made, in seconds since 1970.
    public let date: Int64?
    /// Until when it may be used, in seconds since 1970.
    public let validUntil: Int64?
    /// Whether indices are served under their digests too.
    public let acquireByHash: Bool
    /// The architectures.
    public let architectures: [String]
    /// The components.
    public let components: [String]
    /// The whole paragraph, with fields that are not read here.
    public let paragraph: ControlParagraph

    private let indices: [Algorithm: [String: Index]]

    /// Reads a Release file.
    ///
    /// - Throws: `ControlFileError`: for what is not one paragraph, a date that is none, a list with a malformed line, a
    ///   path that leaves the repository, or two lines for one path that differ.
    public init(_ bytes: [UInt8]) throws {
        let paragraph = try ControlParagraph(only: bytes)
        self.paragraph = paragraph
        func text(_ name: String) throws(ControlFileError) -> String? {
            try paragraph.field(name) == nil ? nil : paragraph.required(name)
        }
        func words(_ name: String) -> [String] {
            paragraph[name]?.utf8.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A }.map { String(Substring($0)) } ?? []
        }
        func time(_ name: String) throws(ControlFileError) -> Int64? {
            guard let text = try text(name) else { return nil }
            guard let seconds = RepositoryDate.seconds(text) else {
                throw ControlFileError(
                    line: paragraph.field(name)?.line ?? 0, detail: "'\(EscapedText(text))' is not a date")
            }
            return seconds
        }
        origin = try text("Origin")
        label = try text("Label")
        suite = try text("Suite")
        version = try text("Version")
        codename = try text("Codename")
        date = try time("Date")
        validUntil = try time("Valid-Until")
        acquireByHash = try text("Acquire-By-Hash").map { $0.utf8.map(lowered).elementsEqual("yes".utf8) } ?? false
        architectures = words("Architectures")
        components = words("Components")
        var indices: [Algorithm: [String: Index]] = [:]
        for algorithm in Algorithm.allCases {
            guard let field = paragraph.field(algorithm.rawValue) else { continue }
            indices[algorithm] = try Self.indices(field, algorithm)
        }
        try Self.compareSizes(indices, paragraph)
        self.indices = indices
    }

    /// The algorithms of which there is a list.
    public var algorithms: Set<Algorithm> { Set(indices.keys) }

    /// What the list of `algorithm` says about the index at `path`, or nil when it says nothing.
    public func index(_ path: String, _ algorithm: Algorithm) -> Index? { indices[algorithm]?[path] }

    /// All that the list of `algorithm` says, by path.
    public func indices(_ algorithm: Algorithm) -> [Index] {
        (indices[algorithm] ?? [:]).values.sorted { $0.path < $1.path }
    }

    private static func indices(
        _ field: ControlParagraph.Field, _ algorithm: Algorithm
    ) throws(ControlFileError) -> [String: Index] {
        var result: [String: Index] = [:]
        for (number, line) in field.lines.enumerated() where !line.isEmpty {
            let at = field.line + number
            let parts = line.split { $0 == 0x20 || $0 == 0x09 }
            guard parts.count == 3, let digest = Hex.decode(String(decoding: parts[0], as: UTF8.self)),
                digest.count == algorithm.digestLength, let size = NumberField.parse(parts[1], radix: 10)
            else { throw ControlFileError(line: at, detail: "no digest, size and path of \(algorithm.rawValue)") }
            guard let path = RepositoryPath.normalized(parts[2]) else {
                throw ControlFileError(line: at, detail: "the path '\(EscapedText(parts[2]))' is not in the repository")
            }
            let folder = path.utf8.lastIndex(of: 0x2F).map { String(path[...$0]) } ?? ""
            let index = Index(
                path: path, size: size, digest: digest,
                byHashPath: "\(folder)by-hash/\(algorithm.rawValue)/\(Hex.encode(digest))")
            if let other = result.updateValue(index, forKey: path), other != index {
                throw ControlFileError(line: at, detail: "'\(EscapedText(path))' is listed with two different digests")
            }
        }
        return result
    }

    /// Two lists that give one file different sizes contradict each other.
    private static func compareSizes(
        _ indices: [Algorithm: [String: Index]], _ paragraph: ControlParagraph
    ) throws(ControlFileError) {
        var sizes: [String: UInt64] = [:]
        for algorithm in Algorithm.allCases {
            for (path, index) in indices[algorithm] ?? [:] {
                if let size = sizes.updateValue(index.size, forKey: path), size != index.size {
                    throw ControlFileError(
                        line: paragraph.field(algorithm.rawValue)?.line ?? 0,
                        detail: "'\(EscapedText(path))' is listed with two different sizes")
                }
            }
        }
    }
}
