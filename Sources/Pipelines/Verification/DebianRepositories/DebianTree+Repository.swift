import AssayBytes
import AssayFileSystem

extension DebianTree {
    /// A repository: its root, with `dists` or as a flat one, or one of the suites in its `dists`.
    ///
    /// `by-hash` folders hold copies under other names and are passed over, as are files that neither are packages nor
    /// have the name of an index nor are listed.
    ///
    /// - Throws: `FileSystemError` when the folder cannot be listed, `VerificationError` when it holds no Release file.
    init(repository path: String) throws {
        let names = path.utf8.split(separator: 0x2F).map { Array($0) }
        var root = path
        var only: TreePath?
        if names.count >= 2, names[names.count - 2] == DebianNames.dists, let last = names.last,
            last != [0x2E], last != [0x2E, 0x2E]
        {
            only = TreePath(names: [DebianNames.dists, last])
            let above = Array(names.dropLast(2).joined(separator: [0x2F]))
            let start = path.utf8.first == 0x2F ? "/" : above.isEmpty ? "." : ""
            root = start + String(decoding: above, as: UTF8.self)
        }
        self.init(directory: try RootedDirectory(path: root), path: root, isAptLists: false)
        reportsUnlisted = only == nil
        if let only, (try? directory.linkStatus(only).type) == .symbolicLink {
            throw VerificationError(
                "'\(EscapedText(path))' is a symbolic link to another suite", hint: "give the root: '\(name)'")
        }
        var listing = Listing()
        try listing.walk(directory)
        gaps = listing.gaps
        suites = listing.suites().filter { suite in only.map { suite.directory.isInside($0) } ?? true }
        guard !suites.isEmpty else {
            throw VerificationError(
                "'\(EscapedText(path))' is no Debian repository: it has neither InRelease nor Release, nor dists/SUITE "
                    + "with one",
                hint: "give the folder that apt's sources name, or apt's lists, such as /var/lib/apt/lists")
        }
        let documents = Set(
            suites.flatMap { [$0.inRelease, $0.release, $0.release == nil ? nil : $0.signature] }.compactMap { $0 })
        let positions = suites.positions
        for file in listing.files where !documents.contains(file.path) {
            let name = file.path.names.last ?? []
            if DebianNames.isPackage(name) {
                packages.append(file)
            } else if file.path.parent.names.contains(DebianNames.byHash) {
                continue
            } else if let (suite, rest) = positions.nearest(above: file.path) {
                let listedAs = String(decoding: Array(rest.joined(separator: [0x2F])), as: UTF8.self)
                suites[suite].indexes.append(Index(file: file, listedAs: listedAs))
            } else if only == nil, file.path.names.first == DebianNames.dists, DebianNames.isIndexName(name) {
                strays.append(file)
            }
        }
    }

    /// Whether a folder is one that `init(repository:)` takes, by its names alone.
    static func looksLikeRepository(_ path: String) -> Bool {
        guard let directory = try? RootedDirectory(path: path) else { return false }
        func type(_ name: [UInt8]) -> FileType? { try? directory.status(TreePath(names: [name])).type }
        return type(DebianNames.inRelease) == .regular || type(DebianNames.release) == .regular
            || type(DebianNames.dists) == .directory
    }

    /// What a walk found.
    private struct Listing {
        var files: [File] = []
        var gaps: [Gap] = []

        mutating func walk(_ directory: RootedDirectory) throws {
            var walk = try directory.walk()
            while let event = walk.next() {
                try Task.checkCancellation()
                switch event {
                case .file(let found): add(found, directory)
                case .unreadable(let path, let error): gaps.append(Gap(path: path, reason: error.reason))
                case .skipped(let path, let reason): gaps.append(Gap(path: path, reason: reason))
                }
            }
            files.sort { $0.path < $1.path }
        }

        private mutating func add(_ found: WalkedFile, _ directory: RootedDirectory) {
            switch found.status.type {
            case .regular: files.append(File(path: found.path, size: found.status.size))
            case .symbolicLink: follow(found.path, directory)
            default: break
            }
        }

        /// A link to a file counts as the file.
        ///
        /// What a link to a folder leads to is found under its own name, except that a
        /// suite may be asked for by the link's name, so that its Release file counts.
        private mutating func follow(_ path: TreePath, _ directory: RootedDirectory) {
            do {
                let status = try directory.status(path)
                guard status.type == .directory else {
                    if status.type == .regular { files.append(File(path: path, size: status.size)) }
                    return
                }
                guard path.parent.names.last == DebianNames.dists else { return }
                for name in [DebianNames.inRelease, DebianNames.release, DebianNames.releaseSignature] {
                    let file = path.appending(name)
                    guard let status = try? directory.status(file), status.type == .regular else { continue }
                    files.append(File(path: file, size: status.size))
                }
            } catch let error as FileSystemError {
                gaps.append(
                    Gap(path: path, reason: "a symbolic link that leads nowhere below the root: \(error.reason)"))
            } catch {
                gaps.append(Gap(path: path, reason: "\(error)"))
            }
        }

        /// The folders of Release files; a Release without a signature below another one is an index of that one.
        func suites() -> [Suite] {
            var suites: [TreePath: Suite] = [:]
            let paths = Set(files.map(\.path))
            // Folders before those inside of them, InRelease before Release.
            let ordered = files.sorted {
                $0.path.names.count == $1.path.names.count
                    ? $0.path < $1.path : $0.path.names.count < $1.path.names.count
            }
            for file in ordered {
                let folder = file.path.parent
                let signature = folder.appending(DebianNames.releaseSignature)
                let isInRelease = file.path.names.last == DebianNames.inRelease
                guard isInRelease || file.path.names.last == DebianNames.release else { continue }
                let isTop =
                    isInRelease || paths.contains(signature) || suites[folder] != nil
                    || !suites.keys.contains { folder.isInside($0) }
                guard isTop, !folder.names.contains(DebianNames.byHash) else { continue }
                let dists = folder.names.lastIndex(of: DebianNames.dists)
                var suite =
                    suites[folder]
                    ?? Suite(
                        directory: folder, signature: signature,
                        requestedAs: dists.flatMap { DebianNames.requested(Array(folder.names[($0 + 1)...])) },
                        packageRoot: dists.map { TreePath(names: Array(folder.names[..<$0])) } ?? folder)
                if isInRelease { suite.inRelease = file.path } else { suite.release = file.path }
                suites[folder] = suite
            }
            return suites.values.sorted { $0.directory < $1.directory }
        }
    }
}
