import AssayBytes
import AssayDebianArchive
import AssayFacts

/// Finds what vouches for packages in the indexes that were read.
struct DebianVouching: Sendable {
    /// The repository or apt's lists, escaped for display.
    let repository: String
    /// The indexes of packages, in a stable order.
    let indexes: [DebianIndex]
    /// What each of them lists, by the package that was asked for.
    private let hits: [[Int: [DebianRequest.Hit]]]
    /// The documents of the suites.
    let documents: [Int?]
    let progress: any VerificationProgress

    /// The most vouchers of one package.
    static let maximumVouchers = 8

    init(
        repository: String, indexes: [DebianIndex], documents: [Int?], progress: any VerificationProgress
    ) {
        self.repository = repository
        self.indexes = indexes
        self.documents = documents
        self.progress = progress
        hits = indexes.map { Dictionary(grouping: $0.hits, by: \.subject) }
    }

    /// The facts of a package with its vouchers; nil when no index lists it, nor might.
    func vouched(_ subject: DebianSubject, _ position: Int) throws -> VouchedFileFacts? {
        var file = subject.file
        let all = indexes.indices.compactMap { index in hits[index][position].map { (indexes[index], $0) } }
        // A list that names these very bytes says more than one that names another package of the same name.
        guard let best = all.flatMap({ $0.1.map(\.match) }).min() else {
            guard let link = uncertainty(file.name) else { return nil }
            file.vouchers = [VoucherFacts(links: [link], document: nil)]
            return file
        }
        var seen: Set<String> = []
        for (index, hits) in all {
            let fitting = hits.filter { $0.match == best }
            guard let hit = fitting.first, file.vouchers.count < Self.maximumVouchers else { continue }
            let link = try self.link(subject, index, fitting)
            // One suite may list a package for several architectures; that is one statement.
            let key = "\(index.suite) \(index.isIntact) \(link.expected ?? "") \(link.fault?.rawValue ?? "")"
            guard seen.insert(key).inserted else { continue }
            if let algorithm = link.algorithm { file.digests[algorithm] = link.computed }
            file.vouchers.append(VoucherFacts(links: [link, index.link], document: documents[index.suite]))
            contradict(hit.package, subject, index, &file)
        }
        return file
    }

    /// The facts of a package that no index lists.
    func unlisted(_ subject: DebianSubject) -> VouchedFileFacts {
        var file = subject.file
        var link = LinkFacts(file: file.name, statedBy: Place(repository))
        link.fault = .notListed
        link.detail =
            indexes.isEmpty
            ? "there is no index of packages"
            : "none of the indexes of packages (\(indexes.count)) lists the file, nor a package of its name, version and "
                + "architecture"
        file.vouchers = [VoucherFacts(links: [link], document: nil)]
        return file
    }

    /// The statement of an index that could not be read and might have listed the package.
    private func uncertainty(_ name: String) -> LinkFacts? {
        guard let index = indexes.first(where: { $0.fault != nil }) else { return nil }
        var link = LinkFacts(file: name, statedBy: index.file.problem?.place ?? Place(index.file.name))
        link.fault = index.fault
        link.detail = index.file.problem?.reason
        return link
    }

    private func link(
        _ subject: DebianSubject, _ index: DebianIndex, _ hits: [DebianRequest.Hit]
    ) throws -> LinkFacts {
        let package = hits[0].package
        var link = LinkFacts(file: subject.file.name, statedBy: Place(index.file.name, line: package.line))
        link.expectedSize = package.size
        link.size = subject.file.size
        if let fault = index.fault {
            link.fault = fault
            link.detail = index.file.problem?.reason
            return link
        }
        guard let algorithm = package.strongestUsable else {
            link.fault = .noUsableDigest
            link.detail =
                package.hasWeakDigest ? "it is listed with MD5 or SHA-1 only" : "it is listed without a digest"
            return link
        }
        if let other = hits.first(where: { !$0.package.agrees(with: package) }) {
            link.fault = .ambiguous
            link.detail = "lines \(package.line) and \(other.package.line) list it differently"
            return link
        }
        link.algorithm = algorithm.displayName
        link.expected = (algorithm == .sha256 ? package.sha256 : package.sha512).map { Hex.encode($0) }
        link.computed = try subject.digest(algorithm, progress).map { Hex.encode($0) }
        guard link.computed == nil else { return link }
        link.fault = .unreadable
        link.detail = subject.file.problem?.reason
        return link
    }

    /// Notes where the list and the package's own control file differ.
    private func contradict(
        _ package: RepositoryPackage, _ subject: DebianSubject, _ index: DebianIndex, _ file: inout VouchedFileFacts
    ) {
        guard let identity = subject.identity else { return }
        let pairs = [
            ("name", package.name, identity.name), ("version", package.version, identity.version),
            ("architecture", package.architecture, identity.architecture),
        ]
        for (what, listed, own) in pairs where listed != own {
            file.package?.contradictions.append(
                "line \(package.line) of '\(index.file.name)' lists the \(what) '\(EscapedText(listed))', the package says "
                    + "'\(EscapedText(own))'")
        }
    }
}

extension RepositoryPackage {
    /// The algorithm that is compared: SHA-256, which every list has, else SHA-512.
    var strongestUsable: ReleaseFile.Algorithm? { sha256 != nil ? .sha256 : sha512 != nil ? .sha512 : nil }

    /// Whether both say the same about a file's bytes.
    func agrees(with other: RepositoryPackage) -> Bool {
        size == other.size && sha256 == other.sha256 && sha512 == other.sha512
    }
}
