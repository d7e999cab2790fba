import AssayBytes
import AssayDebianArchive
import AssayFileSystem

extension DebianTree {
    /// What apt fetched, such as `/var/lib/apt/lists`.
    ///
    /// The folders `partial` and `auxfiles` and the file `lock` hold nothing that apt reads as a list.
    ///
    /// - Throws: `FileSystemError` when the folder cannot be listed, `VerificationError` when it holds no Release file.
    init(aptLists path: String) throws {
        self.init(directory: try RootedDirectory(path: path), path: path, isAptLists: true)
        var located: [(location: AptListName, file: File)] = []
        for entry in try directory.entries(.root) where entry.name != Array("lock".utf8) {
            let file = TreePath(names: [entry.name])
            do {
                let status = try directory.status(file)
                guard status.type != .directory else { continue }
                let found = File(path: file, size: status.size)
                if let location = AptListName(entry.name) {
                    located.append((location, found))
                } else {
                    strays.append(found)
                }
            } catch let error as FileSystemError {
                gaps.append(Gap(path: file, reason: error.reason))
            }
        }
        var suites: [TreePath: Suite] = [:]
        for (location, file) in located {
            let isInRelease = location.fileName == DebianNames.inRelease
            guard isInRelease || location.fileName == DebianNames.release else { continue }
            let place = TreePath(names: location.directory.split(separator: 0x2F).map { Array($0) })
            let signature = TreePath(
                names: [AptListName.encode(location.directory + [0x2F] + DebianNames.releaseSignature)])
            let requested = location.repository.flatMap {
                DebianNames.requested($0.suite.split(separator: 0x2F).map { Array($0) })
            }
            var suite =
                suites[place]
                ?? Suite(directory: place, signature: signature, requestedAs: requested, packageRoot: .root)
            if isInRelease { suite.inRelease = file.path } else { suite.release = file.path }
            suites[place] = suite
        }
        guard !suites.isEmpty else {
            throw VerificationError(
                "there is no InRelease or Release file of apt in '\(name)'",
                hint: "'apt-get update' writes them to /var/lib/apt/lists")
        }
        self.suites = suites.values.sorted { $0.directory < $1.directory }
        let positions = self.suites.positions
        let documents = Set(
            self.suites.flatMap { [$0.inRelease, $0.release, $0.release == nil ? nil : $0.signature] }
                .compactMap { $0 })
        for (location, file) in located where !documents.contains(file.path) {
            let place = TreePath(
                names: location.location.split(separator: 0x2F).map { Array($0) })
            guard let (suite, rest) = positions.nearest(above: place) else {
                strays.append(file)
                continue
            }
            let listedAs = String(decoding: Array(rest.joined(separator: [0x2F])), as: UTF8.self)
            self.suites[suite].indexes.append(Index(file: file, listedAs: listedAs))
        }
    }

    /// Whether a folder holds files with the names that apt gives Release files.
    static func looksLikeAptLists(_ path: String) -> Bool {
        guard let entries = try? RootedDirectory(path: path).entries(.root) else { return false }
        return entries.contains { entry in
            guard let name = AptListName(entry.name), name.location.contains(0x2F) else { return false }
            return name.fileName == DebianNames.inRelease || name.fileName == DebianNames.release
        }
    }
}
