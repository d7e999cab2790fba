import AssayBytes
import AssayFileSystem
import AssayPackageDatabase
import AssaySQLite

/// A package that is installed in a system, with what a report says about it.
struct InstalledPackageRecord: Hashable {
    /// The name.
    var name: String
    /// The version with the epoch, without release or revision.
    var version: String
    /// The release or Debian revision.
    var release: String?
    /// The architecture.
    var architecture: String?
    /// The name of the source package.
    var source: String?
    /// `rpm` or `deb`.
    var kind: String

    /// Version and release as package tools join them.
    var fullVersion: String { release.map { "\(version)-\($0)" } ?? version }
}

/// Looks for one package in the databases of a system.
struct InstalledPackageSearch {
    private static let statusLimit: UInt64 = 256 << 20
    private static let listLimit = 32 << 20
    private static let rpmPlaces: [TreePath] = ["/var/lib/rpm", "/usr/lib/sysimage/rpm", "/usr/share/rpm"]

    /// The system's root directory.
    let root: RootedDirectory

    /// The first package of `names` that is installed, or else the one that owns the first of `paths` that any owns.
    ///
    /// - Throws: `DisclosureError` when a database is there and cannot be read.
    func find(names: [String], owning paths: [[UInt8]]) throws -> InstalledPackageRecord? {
        try dpkg(names, paths) ?? rpm(names, paths)
    }

    // MARK: dpkg

    private func dpkg(_ names: [String], _ paths: [[UInt8]]) throws -> InstalledPackageRecord? {
        let path: TreePath = "/var/lib/dpkg/status"
        guard let file = try opened(path) else { return nil }
        var wanted = names
        if let owner = try dpkgOwner(paths) { wanted.append(owner) }
        guard !wanted.isEmpty else { return nil }
        var best: (rank: Int, package: DpkgPackage)?
        func look(_ packages: [DpkgPackage]) {
            for package in packages where package.isInstalled {
                guard let rank = wanted.firstIndex(of: package.name), rank < best?.rank ?? Int.max else { continue }
                best = (rank, package)
            }
        }
        var reader = DpkgStatusReader()
        try reading(path) {
            guard file.size.rawValue <= Self.statusLimit else { throw DisclosureError("'\(path)' is too large") }
            var offset = ByteOffset.zero
            while case let chunk = try file.prefix(at: offset, atMost: 1 << 18), !chunk.isEmpty {
                look(reader.read(chunk))
                guard let next = offset.advanced(by: ByteCount(UInt64(chunk.count))) else { break }
                offset = next
            }
            if let last = reader.finish() { look([last]) }
        }
        return best.map { record($0.package) }
    }

    private func record(_ package: DpkgPackage) -> InstalledPackageRecord {
        // The revision is what follows the last dash (deb-version(7)).
        let dash = package.version.lastIndex(of: "-")
        return InstalledPackageRecord(
            name: package.name, version: dash.map { String(package.version[..<$0]) } ?? package.version,
            release: dash.map { String(package.version[package.version.index(after: $0)...]) },
            architecture: package.architecture, source: package.source, kind: "deb")
    }

    private func dpkgOwner(_ paths: [[UInt8]]) throws -> String? {
        guard !paths.isEmpty else { return nil }
        let info: TreePath = "/var/lib/dpkg/info"
        guard let entries = try absentAsNil(info, { try root.entries(info) }) else { return nil }
        var best: (rank: Int, name: String)?
        let spellings = paths.map(Self.spellings)
        for entry in entries {
            guard let package = DpkgFiles.package(ofList: String(decoding: entry.name, as: UTF8.self)) else { continue }
            let path = info.appending(entry.name)
            let listed = Set(DpkgFiles.list(try reading(path) { try root.read(path, limit: Self.listLimit) }))
            for (rank, names) in spellings.enumerated() where rank < best?.rank ?? Int.max {
                if names.contains(where: listed.contains) { best = (rank, package.name) }
            }
        }
        return best?.name
    }

    /// The path as packages may list it: with and without `/usr` before the merged directories.
    static func spellings(_ path: [UInt8]) -> [[UInt8]] {
        let usr = Array("/usr".utf8)
        let merged = ["/bin/", "/sbin/", "/lib"].map { Array($0.utf8) }
        if path.starts(with: usr), merged.contains(where: path.dropFirst(4).starts(with:)) {
            return [path, Array(path.dropFirst(4))]
        }
        return merged.contains(where: path.starts(with:)) ? [path, usr + path] : [path]
    }

    // MARK: rpm

    private func rpm(_ names: [String], _ paths: [[UInt8]]) throws -> InstalledPackageRecord? {
        let spellings = paths.map(Self.spellings)
        for place in Self.rpmPlaces {
            let path = place.appending("rpmdb.sqlite")
            guard let file = try opened(path) else { continue }
            if let log = try opened(place.appending("rpmdb.sqlite-wal")), log.size > .zero {
                throw DisclosureError(
                    "the package database '\(path)' has changes in its write-ahead log, which is not read",
                    hint: "'sqlite3 \(path) .tables' on that system writes them back")
            }
            var best: (rank: Int, package: RPMPackage)?
            try reading(path) {
                try SQLiteReader(file).forEachRow("SELECT blob FROM Packages") { row in
                    guard let blob = row.first?.bytes, let header = try? RPMHeader(blob),
                        let package = try? RPMPackage(header), !package.isImportedKey
                    else { return }
                    var rank = names.firstIndex(of: package.name)
                    if rank == nil, !paths.isEmpty, let files = try? header.files() {
                        let owned = Set(files.lazy.filter(\.isInstalled).map(\.path))
                        rank = spellings.firstIndex { $0.contains(where: owned.contains) }.map { $0 + names.count }
                    }
                    if let rank, rank < best?.rank ?? Int.max { best = (rank, package) }
                }
            }
            if let best { return record(best.package) }
        }
        return nil
    }

    private func record(_ package: RPMPackage) -> InstalledPackageRecord {
        // name-version-release.src.rpm
        let source = package.sourceRPM.map { $0.split(separator: "-").dropLast(2).joined(separator: "-") }
        return InstalledPackageRecord(
            name: package.name, version: (package.epoch.map { "\($0):" } ?? "") + package.version,
            release: package.release, architecture: package.architecture,
            source: source.flatMap { $0.isEmpty ? nil : $0 }, kind: "rpm")
    }

    // MARK: files

    private func opened(_ path: TreePath) throws -> FileSource? { try absentAsNil(path) { try root.open(path) } }

    private func absentAsNil<Value>(_ path: TreePath, _ work: () throws -> Value) throws -> Value? {
        do {
            return try work()
        } catch let error as FileSystemError where error.code == .notFound {
            return nil
        } catch {
            throw DisclosureError("the package database '\(path)' could not be read: \(error)")
        }
    }

    @discardableResult
    private func reading<Value>(_ path: TreePath, _ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch {
            throw DisclosureError("the package database '\(path)' could not be read: \(error)")
        }
    }
}
