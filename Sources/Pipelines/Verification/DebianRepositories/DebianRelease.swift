import AssayBytes
import AssayDebianArchive
import AssayFacts
import AssayFileSystem

/// A Release file that was read, with the document that its signatures are over.
struct DebianRelease: Sendable {
    /// What the signed text says about a file.
    enum Statement: Sendable {
        /// Its digest.
        case digest(ReleaseFile.Index, ReleaseFile.Algorithm, line: Int?)
        /// There is none that can be used: why.
        case none(LinkFacts.Fault, String)
    }

    /// The largest Release file that is read, in bytes; Ubuntu's have a quarter of a megabyte.
    static let maximumSize = 16 << 20

    /// The file, escaped for display.
    let name: String
    private(set) var document: SignedDocumentFacts
    private(set) var file: VouchedFileFacts
    /// The text that the signatures are over.
    private(set) var text: [UInt8]?
    private var release: ReleaseFile?
    /// Lines of the file before the first one of the text.
    private var linesBefore = 0
    private var lines: [ReleaseFile.Algorithm: [String: Int]] = [:]

    private init(_ name: String) {
        self.name = name
        document = SignedDocumentFacts(kind: .release, name: name, signatures: [], searched: [])
        file = VouchedFileFacts(name: name, kind: .repositoryMetadata, size: 0)
    }

    /// Reads `path`, which is signed in itself.
    init(cleartext path: TreePath, _ suite: DebianTree.Suite, _ tree: DebianTree, _ context: VerificationContext) {
        self.init(tree.name(path))
        let place = Place(name)
        guard let bytes = bytes(path, tree) else {
            document.searched = [SignatureSearch(place, .unreadable, reason: file.problem?.reason)]
            return
        }
        let (document, text) = SignatureExamination.cleartext(.release, place, bytes, context)
        self.document = document
        guard let text else {
            let reason = document.searched.first?.reason ?? "no clearsigned message"
            file.problem = FileProblem(isMalformed: true, reason: reason, place: place)
            return
        }
        linesBefore = Self.linesBeforeText(bytes)
        read(text, requestedAs: suite.requestedAs)
    }

    /// Reads `path`, which a file beside it signs.
    init(detached path: TreePath, _ suite: DebianTree.Suite, _ tree: DebianTree, _ context: VerificationContext) {
        self.init(tree.name(path))
        let signature = Place(tree.name(suite.signature))
        guard let bytes = bytes(path, tree) else {
            document.searched = [SignatureSearch(Place(name), .unreadable, reason: file.problem?.reason)]
            return
        }
        let content = Result<[UInt8]?, any Error> {
            do {
                return try tree.directory.read(suite.signature, limit: SignatureExamination.maximumSize)
            } catch let error as FileSystemError where error.code == .notFound {
                return nil
            }
        }
        document = SignatureExamination.document(.release, name, bytes, detached: [(signature, content)], context)
        read(bytes, requestedAs: suite.requestedAs)
    }

    private mutating func bytes(_ path: TreePath, _ tree: DebianTree) -> [UInt8]? {
        do {
            let bytes = try tree.directory.read(path, limit: Self.maximumSize)
            file.size = UInt64(bytes.count)
            return bytes
        } catch {
            file.problem = DebianProblem.facts(error, at: Place(name))
            return nil
        }
    }

    private mutating func read(_ text: [UInt8], requestedAs: String?) {
        self.text = text
        do {
            let release = try ReleaseFile(text)
            func escaped(_ text: String?) -> String? { text.map { EscapedText($0).description } }
            document.release = ReleaseFacts(
                origin: escaped(release.origin), suite: escaped(release.suite), codename: escaped(release.codename),
                date: release.date, validUntil: release.validUntil, requestedAs: requestedAs)
            for algorithm in [ReleaseFile.Algorithm.sha512, .sha256] {
                lines[algorithm] = release.paragraph.field(algorithm.rawValue).map { lineNumbers($0) }
            }
            self.release = release
        } catch {
            var problem = DebianProblem.facts(error, at: Place(name))
            problem.place.line = problem.place.line.map { $0 + linesBefore }
            file.problem = problem
        }
    }

    /// What the text says about `path`.
    func statement(_ path: String) -> Statement {
        guard let release else {
            let reason = file.problem?.reason ?? "it was not understood"
            return .none(file.problem?.isMalformed ?? true ? .malformedList : .unreadable, reason)
        }
        for algorithm in [ReleaseFile.Algorithm.sha512, .sha256] {
            guard let index = release.index(path, algorithm) else { continue }
            return .digest(index, algorithm, line: lines[algorithm]?[path])
        }
        let weak = [ReleaseFile.Algorithm.sha1, .md5].filter { release.index(path, $0) != nil }
        guard weak.isEmpty else {
            let names = weak.map(\.displayName).joined(separator: " and ")
            return .none(.noUsableDigest, "'\(EscapedText(path))' is listed with \(names) only")
        }
        return .none(.notListed, "'\(EscapedText(path))' is not listed")
    }

    /// Whether the text names `path`, by whatever digest.
    func lists(_ path: String) -> Bool {
        ReleaseFile.Algorithm.allCases.contains { release?.index(path, $0) != nil }
    }

    /// The line of each path in a list, counted in the file.
    private func lineNumbers(_ field: ControlParagraph.Field) -> [String: Int] {
        var result: [String: Int] = [:]
        for (number, line) in field.lines.enumerated() {
            guard let last = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 }).last else { continue }
            let path = last.starts(with: [0x2E, 0x2F]) ? last.dropFirst(2) : last
            result[String(decoding: path, as: UTF8.self)] = field.line + number + linesBefore
        }
        return result
    }

    /// The line that starts the message, its headers and the empty line behind them.
    private static func linesBeforeText(_ bytes: [UInt8]) -> Int {
        var isInside = false
        var count = 0
        for line in bytes.split(separator: 0x0A, maxSplits: 4096, omittingEmptySubsequences: false) {
            count += 1
            if line.starts(with: Array("-----BEGIN PGP SIGNED MESSAGE-----".utf8)) { isInside = true }
            if isInside, line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return count }
        }
        return 0
    }
}
