import AssayBytes
import AssayCompression
import AssayDebianArchive
import AssayFacts
import AssayFileSystem

/// An index that was read and compared with its Release file.
struct DebianIndex: Sendable {
    /// The file; its voucher's document is the suite's.
    var file: VouchedFileFacts
    /// What the Release file says about it.
    var link: LinkFacts
    /// The position of its suite.
    let suite: Int
    /// The packages in it that were asked for.
    var hits: [DebianRequest.Hit] = []
    /// Why its packages could not be read, if so.
    var fault: LinkFacts.Fault?

    /// Whether the bytes are those that the Release file names, and could be read.
    var isIntact: Bool {
        fault == nil && link.fault == nil && link.expected == link.computed && link.expectedSize == link.size
    }
}

/// Reads indexes.
struct DebianIndexes: Sendable {
    let tree: DebianTree
    let request: DebianRequest
    let context: VerificationContext

    /// The files of a suite that are one index, perhaps compressed in several ways, plain first.
    struct Group: Sendable {
        let suite: Int
        var variants: [DebianTree.Index]

        var size: UInt64 { variants.reduce(0) { $0 &+ $1.file.size } }
    }

    /// What is read of a suite.
    ///
    /// - Parameters:
    ///   - suite: its position.
    ///   - release: its Release file; files that it does not name and that have no index's name are left out.
    ///   - packagesOnly: whether only indexes of packages are read.
    /// - Returns: the groups in the order of their first files.
    func groups(_ suite: Int, _ release: DebianRelease, packagesOnly: Bool) -> [Group] {
        var result: [Group] = []
        var positions: [String: Int] = [:]
        for index in tree.suites[suite].indexes {
            let isPackages = DebianNames.isPackagesIndex(index.listedAs)
            let counts =
                tree.isAptLists || DebianNames.isIndexName(index.file.path.names.last ?? [])
                || release.lists(index.listedAs)
            guard packagesOnly ? isPackages : counts else { continue }
            let plain = DebianNames.compression(index.listedAs).plain
            if isPackages, let position = positions[plain] {
                result[position].variants.append(index)
            } else {
                if isPackages { positions[plain] = result.count }
                result.append(Group(suite: suite, variants: [index]))
            }
        }
        return result
    }

    /// Reads the files of a group; packages are looked for in the first one that is intact.
    ///
    /// - Throws: `CancellationError` only.
    func read(_ group: Group, _ release: DebianRelease) throws -> [DebianIndex] {
        var result: [DebianIndex] = []
        var isFound = false
        for variant in group.variants {
            let asksPackages = !isFound && !request.isEmpty && DebianNames.isPackagesIndex(variant.listedAs)
            let index = try read(variant, group.suite, release, asksPackages: asksPackages)
            if asksPackages, index.isIntact {
                isFound = true
                // What another form of the same index says is of no account once one is as it was signed.
                for position in result.indices {
                    result[position].hits = []
                    result[position].fault = nil
                }
            }
            result.append(index)
        }
        return result
    }

    private struct Comparison {
        var entry: ReleaseFile.Index
        var algorithm: ReleaseFile.Algorithm
        var ofDecompressed: Bool
    }

    private func read(
        _ index: DebianTree.Index, _ suite: Int, _ release: DebianRelease, asksPackages: Bool
    ) throws -> DebianIndex {
        let name = tree.name(index.file.path)
        let (link, comparison) = compare(index, name, release)
        let file = VouchedFileFacts(name: name, kind: .repositoryMetadata, size: index.file.size)
        var result = DebianIndex(file: file, link: link, suite: suite)
        let source: FileSource
        do {
            source = try tree.directory.open(index.file.path)
        } catch {
            result.file.problem = DebianProblem.facts(error, at: Place(name))
            result.link.fault = result.link.fault ?? .unreadable
            result.link.detail = result.link.detail ?? result.file.problem?.reason
            result.fault = .unreadable
            return result
        }
        result.file.size = source.size.rawValue
        let format = DebianNames.compression(index.listedAs).format
        let root = tree.suites[suite].packageRoot
        var search =
            asksPackages
            ? DebianPackageSearch(
                request, root: root.names.isEmpty ? "" : String(decoding: root.relativeBytes + [0x2F], as: UTF8.self))
            : nil
        // A little more than is stated may come out, so that a wrong size is seen as such.
        let slack: UInt64 = 64 << 20
        let limit = comparison.flatMap { $0.ofDecompressed ? min($0.entry.size, 1 << 40) + slack : nil } ?? 4 << 30
        let content = try DebianContent(
            source, format: format, hashing: comparison.map { [$0.algorithm] } ?? [],
            ofDecompressed: comparison?.ofDecompressed ?? false,
            limit: limit, context.progress, consume: asksPackages ? { search?.read($0) } : nil)
        note(content, comparison, in: &result)
        if content.failure == nil { search?.finish() }
        if let fault = search?.fault, result.file.problem == nil {
            result.file.problem = DebianProblem.facts(fault, at: Place(name))
        }
        if search != nil, let problem = result.file.problem {
            result.fault = problem.isMalformed ? .malformedList : .unreadable
        }
        result.hits = search?.hits ?? []
        return result
    }

    private func note(_ content: DebianContent, _ comparison: Comparison?, in result: inout DebianIndex) {
        if let failure = content.failure {
            result.file.problem = DebianProblem.facts(failure, at: Place(result.file.name))
        }
        guard let comparison else { return }
        let digest = (comparison.ofDecompressed ? content.decompressed : content.stored)[comparison.algorithm]
        result.link.computed = digest.map { Hex.encode($0) }
        result.link.size = comparison.ofDecompressed ? content.decompressedSize : result.file.size
        if !comparison.ofDecompressed, let digest {
            result.file.digests[comparison.algorithm.displayName] = Hex.encode(digest)
        }
        guard digest == nil else { return }
        result.link.size = nil
        result.link.fault = .unreadable
        result.link.detail = result.file.problem?.reason
    }

    /// What the Release file says about an index, and what that is to be compared with.
    private func compare(
        _ index: DebianTree.Index, _ name: String, _ release: DebianRelease
    ) -> (LinkFacts, Comparison?) {
        let (plain, format) = DebianNames.compression(index.listedAs)
        var path = index.listedAs
        // apt keeps a file compressed in its own way; only the content is what was published.
        if tree.isAptLists, format?.isSupported ?? false, release.lists(plain) { path = plain }
        var link = LinkFacts(file: name, statedBy: Place(release.name))
        switch release.statement(path) {
        case .none(let fault, let detail):
            link.fault = fault
            link.detail = detail
            return (link, nil)
        case .digest(let entry, let algorithm, let line):
            link.statedBy.line = line
            link.algorithm = algorithm.displayName
            link.expected = Hex.encode(entry.digest)
            link.expectedSize = entry.size
            let ofDecompressed = path != index.listedAs
            if ofDecompressed { link.detail = "the decompressed bytes, listed as '\(EscapedText(path))'" }
            return (link, Comparison(entry: entry, algorithm: algorithm, ofDecompressed: ofDecompressed))
        }
    }
}
