import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayParallel
import AssayRPM
import AssayRepositoryMetadata

/// The packages of a repository: those that its list names, and those that merely lie there.
struct RepositoryPackages: Sendable {
    /// A file of the list.
    private struct Listed: Sendable {
        let path: TreePath
        /// The entries that name the file; one, in an honest list.
        var entries: [ListedPackage]
    }

    /// A package that was examined, with the file that it is.
    private struct Found: Sendable {
        var package: ExaminedPackage
        let voucher: VoucherFacts
        /// Device and inode.
        let file: [UInt64]?
    }

    private let index: RepositoryMetadataFile.Index
    private let listed: [Listed]
    private let list: Place
    /// What the index says about the list.
    private let listLink: LinkFacts?
    /// Why the list of packages is not known.
    private let listFault: String?

    /// - Parameters:
    ///   - index: the repository's index.
    ///   - list: the list of packages that it names.
    ///   - indexProblem: why there is none.
    init(index: RepositoryMetadataFile.Index, list: RepositoryMetadataFile?, indexProblem: String?) {
        self.index = index
        self.list = list.map { Place($0.facts.name) } ?? index.place
        listLink = list?.link
        listFault = list.map(\.listFault) ?? indexProblem ?? "the index names none"
        var numbers: [TreePath: Int] = [:]
        var listed: [Listed] = []
        for package in list?.packages ?? [] {
            let path = TreePath(package.location.description)
            if let number = numbers[path] {
                listed[number].entries.append(package)
            } else {
                numbers[path] = listed.count
                listed.append(Listed(path: path, entries: [package]))
            }
        }
        self.listed = listed
    }

    /// Examines all packages.
    ///
    /// - Returns: `examination` with them behind what it has.
    /// - Throws: `CancellationError` and nothing else.
    func add(to examination: Examination, _ context: VerificationContext) async throws -> Examination {
        var result = examination
        let found = try await listed.parallelMap(width: context.threads) { try examine($0, context) }
        for found in found { found.package.add(to: &result, [found.voucher]) }
        let (others, problems) = unlisted(besides: Set(found.compactMap(\.file)))
        for found in try await others.parallelMap(width: context.threads, { try examine($0, context) }) {
            found.package.add(to: &result, [found.voucher])
        }
        for problem in problems { result.add(problem) }
        return result
    }

    private func examine(_ listed: Listed, _ context: VerificationContext) throws -> Found {
        let name = index.folder.name(listed.path)
        let entry = listed.entries[0]
        let algorithm = entry.checksum.digestAlgorithm
        var package: ExaminedPackage
        var file: [UInt64]?
        var link: LinkFacts
        do {
            let source = try index.folder.root.open(listed.path)
            file = [source.status.device, source.status.inode]
            package = try RPMExamination.examine(source, named: name, wholeFile: algorithm, context)
            link = entry.checksum.link(to: name, statedBy: list, computed: package.digest)
            link.size = package.file.size
            if package.digest == nil, link.fault == nil {
                link.fault = .unreadable
                link.detail = package.file.problem?.reason
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            let reason = RepositoryFolder.reason(error, listedBelow: entry.base)
            package = ExaminedPackage(file: VouchedFileFacts(name: name, kind: .rpmPackage, size: 0))
            package.file.problem = FileProblem(isMalformed: false, reason: reason, place: Place(name))
            link = entry.checksum.link(to: name, statedBy: list, computed: nil)
            link.fault = .unreadable
            link.detail = reason
        }
        link.expectedSize = entry.size?.rawValue
        if listed.entries.contains(where: { $0.checksum != entry.checksum || $0.size != entry.size }) {
            link.fault = .ambiguous
            link.detail = "it is listed \(listed.entries.count) times, with different digests or sizes"
        }
        for entry in listed.entries.prefix(4) { package.file.package?.compare(with: entry, in: list) }
        return Found(
            package: package,
            voucher: VoucherFacts(links: [link] + (listLink.map { [$0] } ?? []), document: index.document), file: file)
    }

    /// A package that no list names, or what is in the way of one.
    private func examine(_ path: TreePath, _ context: VerificationContext) throws -> Found {
        let name = index.folder.name(path)
        var link = LinkFacts(file: name, statedBy: list)
        link.fault = listFault == nil ? .notListed : .malformedList
        link.detail =
            listFault.map { "the repository's list of packages is not known: \($0)" }
            ?? "the repository's list of packages does not name it"
        var package: ExaminedPackage
        do {
            package = try RPMExamination.examine(try index.folder.root.open(path), named: name, context)
        } catch let error as CancellationError {
            throw error
        } catch {
            package = ExaminedPackage(file: VouchedFileFacts(name: name, kind: .rpmPackage, size: 0))
            package.file.problem = FileProblem(isMalformed: false, reason: "\(error)", place: Place(name))
        }
        return Found(package: package, voucher: VoucherFacts(links: [link], document: nil), file: nil)
    }

    /// Files that are called packages and are not of the list, and what could not be looked into.
    ///
    /// - Parameter files: device and inode of the listed packages, which may lie there under a second name.
    /// - Returns: the packages, and facts of what could not be looked into.
    private func unlisted(besides files: Set<[UInt64]>) -> (packages: [TreePath], problems: [VouchedFileFacts]) {
        let names = Set(listed.map(\.path))
        var packages: [TreePath] = []
        var problems: [VouchedFileFacts] = []
        func report(_ path: TreePath, _ reason: String) {
            let name = index.folder.name(path)
            var facts = VouchedFileFacts(name: name, kind: .other, size: 0)
            facts.problem = FileProblem(isMalformed: false, reason: reason, place: Place(name))
            problems.append(facts)
        }
        do {
            var walk = try index.folder.root.walk()
            while let event = walk.next() {
                switch event {
                case .unreadable(let path, let error): report(path, error.reason)
                case .skipped(let path, let reason): report(path, "it was not looked into: \(reason)")
                case .file(let file):
                    guard file.status.type != .directory, file.path.names.last?.isNamedLikePackage == true,
                        !names.contains(file.path), !files.contains([file.status.device, file.status.inode])
                    else { continue }
                    packages.append(file.path)
                }
            }
        } catch {
            report(.root, "\(error)")
        }
        return (packages, problems)
    }
}

extension [UInt8] {
    /// Whether a file of this name claims to be an RPM package, on any file system.
    fileprivate var isNamedLikePackage: Bool { String(decoding: suffix(4), as: UTF8.self).lowercased() == ".rpm" }
}

extension PackageIdentityFacts {
    /// Notes where `entry` of the list says something else than the package's header.
    fileprivate mutating func compare(with entry: ListedPackage, in list: Place) {
        let version = Self.version(epoch: entry.epoch, version: entry.version, release: entry.release)
        for (what, listed, own) in [
            ("name", entry.name, name), ("version", version, self.version),
            ("architecture", entry.architecture, architecture ?? "none"),
        ] {
            let listed = EscapedText(listed).description
            guard listed != own else { continue }
            contradictions.append("the \(what) is '\(listed)' in \(list.path) and '\(own)' in the package")
        }
    }
}
