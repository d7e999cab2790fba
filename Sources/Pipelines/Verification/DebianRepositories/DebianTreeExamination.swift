import AssayDebianArchive
import AssayFacts
import AssayFileSystem
import AssayParallel

/// Examines a repository or apt's lists.
struct DebianTreeExamination: Sendable {
    let tree: DebianTree
    let context: VerificationContext

    /// The Release files of a suite: the one that is used, and another form of it that lies beside it.
    private struct Releases: Sendable {
        let used: DebianRelease
        let other: DebianRelease?
    }

    /// All files that are there.
    func everything() async throws -> Examination {
        let releases = try await readReleases()
        var examination = Examination()
        let documents = releases.map { Self.add($0, to: &examination) }
        for file in tree.packages { context.progress.expect(file.size) }
        var request = DebianRequest()
        for (position, file) in tree.packages.enumerated() {
            request.ask(position, path: String(decoding: file.path.relativeBytes, as: UTF8.self))
        }
        let indexes = try await readIndexes(request, releases, packagesOnly: false)
        // The indexes say by which algorithms the packages are listed, so that one pass over each is enough.
        var algorithms = [Set<ReleaseFile.Algorithm>](repeating: [], count: tree.packages.count)
        for hit in indexes.flatMap(\.hits) {
            if let algorithm = hit.package.strongestUsable { algorithms[hit.subject].insert(algorithm) }
        }
        let work = Array(zip(tree.packages, algorithms))
        let subjects = try await work.parallelMap(width: context.threads) { file, algorithms in
            try DebianSubject(
                file.path, in: tree, hashing: algorithms.isEmpty ? [.sha256] : algorithms, context.progress)
        }
        for index in indexes {
            var file = index.file
            file.vouchers = [VoucherFacts(links: [index.link], document: documents[index.suite])]
            examination.add(file)
        }
        for stray in tree.strays { examination.add(Self.stray(tree.name(stray.path), stray.size, tree.name)) }
        let vouching = DebianVouching(
            repository: tree.name, indexes: indexes.filter { DebianNames.isPackagesIndex($0.link.file) },
            documents: documents, progress: context.progress)
        for (position, subject) in subjects.enumerated() {
            if let file = try vouching.vouched(subject, position) {
                examination.add(file)
            } else if tree.reportsUnlisted {
                examination.add(vouching.unlisted(subject))
            }
        }
        for gap in tree.gaps {
            var file = VouchedFileFacts(name: tree.name(gap.path), kind: .other, size: 0)
            file.problem = FileProblem(isMalformed: false, reason: gap.reason, place: Place(file.name))
            examination.add(file)
        }
        return examination
    }

    /// Packages from anywhere, with the documents that vouch for one of them.
    func packages(_ subjects: [DebianSubject], fileNames: [String]) async throws -> Examination {
        let releases = try await readReleases()
        var request = DebianRequest()
        for (position, subject) in subjects.enumerated() {
            if let digest = try subject.digest(.sha256, context.progress) { request.ask(position, digest: digest) }
            if let identity = subject.identity {
                request.ask(
                    position, name: identity.name, version: identity.version, architecture: identity.architecture)
            } else {
                request.ask(position, fileName: fileNames[position])
            }
        }
        let indexes = try await readIndexes(request, releases, packagesOnly: true)
        let vouching = DebianVouching(
            repository: tree.name, indexes: indexes, documents: Array(releases.indices), progress: context.progress)
        var files: [VouchedFileFacts] = []
        for (position, subject) in subjects.enumerated() {
            files.append(try vouching.vouched(subject, position) ?? vouching.unlisted(subject))
        }
        var examination = Examination()
        let used = Set(files.flatMap { $0.vouchers.compactMap(\.document) })
        var documents: [Int: Int] = [:]
        for suite in used.sorted() { documents[suite] = examination.add(releases[suite].used.document) }
        for var file in files {
            for index in file.vouchers.indices {
                file.vouchers[index].document = file.vouchers[index].document.flatMap { documents[$0] }
            }
            examination.add(file)
        }
        return examination
    }

    private func readReleases() async throws -> [Releases] {
        try await tree.suites.parallelMap(width: context.threads) { suite in
            let other = suite.release.map { DebianRelease(detached: $0, suite, tree, context) }
            if let path = suite.inRelease {
                return Releases(used: DebianRelease(cleartext: path, suite, tree, context), other: other)
            }
            guard let other else {
                throw VerificationError("there is no Release file in '\(tree.name(suite.directory))'")
            }
            return Releases(used: other, other: nil)
        }
    }

    /// Adds the documents and files of a suite's Release files.
    ///
    /// - Returns: the document of the one that is used.
    private static func add(_ releases: Releases, to examination: inout Examination) -> Int {
        let document = examination.add(releases.used.document)
        var file = releases.used.file
        file.vouchers = [VoucherFacts(links: [], document: document)]
        examination.add(file)
        guard let other = releases.other else { return document }
        var second = other.file
        let isUnsigned = other.document.searched.allSatisfy { $0.result == .absent }
        // Without a signature of its own it is no other document as long as it is the text of the signed one.
        let isSame = isUnsigned && other.text != nil && trimmed(other.text) == trimmed(releases.used.text)
        second.vouchers = [VoucherFacts(links: [], document: isSame ? document : examination.add(other.document))]
        examination.add(second)
        return document
    }

    private static func trimmed(_ text: [UInt8]?) -> ArraySlice<UInt8>? {
        guard var text = text?[...] else { return nil }
        while text.last == 0x0A { text.removeLast() }
        return text
    }

    private func readIndexes(
        _ request: DebianRequest, _ releases: [Releases], packagesOnly: Bool
    ) async throws -> [DebianIndex] {
        let reader = DebianIndexes(tree: tree, request: request, context: context)
        let groups = releases.indices.flatMap { reader.groups($0, releases[$0].used, packagesOnly: packagesOnly) }
        for group in groups { context.progress.expect(group.size) }
        return try await groups.parallelMap(width: context.threads) { try reader.read($0, releases[$0.suite].used) }
            .flatMap { $0 }
    }

    private static func stray(_ name: String, _ size: UInt64, _ repository: String) -> VouchedFileFacts {
        var file = VouchedFileFacts(name: name, kind: .repositoryMetadata, size: size)
        var link = LinkFacts(file: name, statedBy: Place(repository))
        link.fault = .notListed
        link.detail = "there is no Release file for it"
        file.vouchers = [VoucherFacts(links: [link], document: nil)]
        return file
    }
}
