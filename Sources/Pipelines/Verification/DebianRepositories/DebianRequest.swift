import AssayDebianArchive

/// The packages that are looked for in indexes: nothing else of an index is kept.
struct DebianRequest: Sendable {
    /// By what a listed package is one that was asked for; a smaller value says more.
    enum Match: Int, Comparable, Sendable {
        case digest
        case path
        case identity
        case fileName

        static func < (left: Match, right: Match) -> Bool { left.rawValue < right.rawValue }
    }

    /// A listed package that was asked for.
    struct Hit: Sendable {
        let subject: Int
        let match: Match
        let package: RepositoryPackage
    }

    private var digests: [[UInt8]: [Int]] = [:]
    private var paths: [String: [Int]] = [:]
    private var identities: [String: [Int]] = [:]
    private var fileNames: [String: [Int]] = [:]

    /// Whether nothing is asked for.
    var isEmpty: Bool { digests.isEmpty && paths.isEmpty && identities.isEmpty && fileNames.isEmpty }

    /// Asks for the package with this SHA-256 digest.
    mutating func ask(_ subject: Int, digest: [UInt8]) { digests[digest, default: []].append(subject) }

    /// Asks for the package at this path below the repository's root.
    mutating func ask(_ subject: Int, path: String) { paths[path, default: []].append(subject) }

    /// Asks for the package of this file name in any folder.
    mutating func ask(_ subject: Int, fileName: String) { fileNames[fileName, default: []].append(subject) }

    /// Asks for the package of this name, version and architecture.
    mutating func ask(_ subject: Int, name: String, version: String, architecture: String) {
        identities[Self.identity(name, version, architecture), default: []].append(subject)
    }

    // The fields are single lines, so that a line feed parts them.
    private static func identity(_ name: String, _ version: String, _ architecture: String) -> String {
        "\(name)\n\(version)\n\(architecture)"
    }

    /// The subjects that a listed package is.
    ///
    /// - Parameters:
    ///   - package: what an index lists.
    ///   - root: where the index's paths begin, with a slash behind it.
    /// - Returns: each subject once, by the strongest match.
    func hits(_ package: RepositoryPackage, root: String) -> [Hit] {
        var found: [Int: Match] = [:]
        func note(_ subjects: [Int]?, _ match: Match) {
            for subject in subjects ?? [] { found[subject] = min(found[subject] ?? match, match) }
        }
        if !digests.isEmpty, let digest = package.sha256 { note(digests[digest], .digest) }
        if !paths.isEmpty { note(paths[root + package.path], .path) }
        if !identities.isEmpty {
            note(identities[Self.identity(package.name, package.version, package.architecture)], .identity)
        }
        if !fileNames.isEmpty {
            let name = package.path.utf8.split(separator: 0x2F).last.map { String(Substring($0)) } ?? ""
            note(fileNames[name], .fileName)
        }
        return found.sorted { $0.key < $1.key }.map { Hit(subject: $0.key, match: $0.value, package: package) }
    }
}

/// Looks for the packages of a request while an index passes by.
struct DebianPackageSearch {
    /// The most entries that are kept of one package in one index; those that say the same count once.
    static let maximumHits = 16

    private let request: DebianRequest
    private let root: String
    private var reader = PackagesFileReader()
    /// Where the entries of each subject stand in `hits`.
    private var positions: [Int: [Int]] = [:]
    /// What was found, in the order of the index.
    private(set) var hits: [DebianRequest.Hit] = []
    /// Why the index could not be read on.
    private(set) var fault: (any Error)?

    init(_ request: DebianRequest, root: String) {
        self.request = request
        self.root = root
    }

    /// Takes the next bytes of the index.
    mutating func read(_ bytes: [UInt8]) {
        guard fault == nil else { return }
        do {
            for package in try reader.read(bytes) { note(package) }
        } catch {
            fault = error
        }
    }

    /// Ends the index.
    mutating func finish() {
        guard fault == nil else { return }
        do {
            if let package = try reader.finish() { note(package) }
        } catch {
            fault = error
        }
    }

    private mutating func note(_ package: RepositoryPackage) {
        for hit in request.hits(package, root: root) {
            let known = positions[hit.subject, default: []]
            let isKnown = known.contains {
                hits[$0].match == hit.match && hits[$0].package.agrees(with: hit.package)
            }
            guard !isKnown, known.count < Self.maximumHits else { continue }
            positions[hit.subject, default: []].append(hits.count)
            hits.append(hit)
        }
    }
}
