import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayPackageDatabase
import AssaySQLite

/// Reads RPM's database where it is SQLite; the older formats are gaps.
struct RPMOwnerReading {
    let reader: SubjectReader
    let directories: PackageDirectories

    /// Where distributions keep the database; often one is a link to another.
    private static let places: [TreePath] = ["/var/lib/rpm", "/usr/lib/sysimage/rpm", "/usr/share/rpm"]

    /// Adds what each package owns and returns the packages.
    func collect(into builder: inout PackageOwnerTable.Builder, gaps: inout [Gap]) -> [InstalledPackage] {
        var packages: [InstalledPackage] = []
        var seen: Set<[UInt64]> = []
        for place in RPMOwnerReading.places {
            guard let status = reader.status(place).value, seen.insert([status.device, status.inode]).inserted else {
                continue
            }
            let path = place.appending("rpmdb.sqlite")
            switch reader.reading({ try reader.root.open(path) }) {
            case .unreadable(let reason): gaps.append(Gap(Place(path.description), reason: reason))
            case .absent: noteOtherFormats(place, &gaps)
            case .found(let file):
                do {
                    try read(file, path, &packages, into: &builder, gaps: &gaps)
                } catch {
                    gaps.append(
                        Gap(Place(path.description), reason: "the package database could not be read: \(error)"))
                }
            }
        }
        return packages
    }

    private func read(
        _ file: FileSource, _ path: TreePath, _ packages: inout [InstalledPackage],
        into builder: inout PackageOwnerTable.Builder, gaps: inout [Gap]
    ) throws {
        let database = try SQLiteReader(file)
        if database.isWriteAheadLogging, let name = path.names.last {
            let log = path.parent.appending(name + Array("-wal".utf8))
            if case .found(let status) = reader.status(log), status.size > 0 {
                gaps.append(
                    Gap(
                        Place(log.description),
                        reason: "changes that are still in the write-ahead log of the package database are not seen"))
            }
        }
        var damaged = 0
        try database.forEachRow("SELECT blob FROM Packages") { row in
            guard let blob = row.first?.bytes else {
                damaged += 1
                return
            }
            do {
                let header = try RPMHeader(blob)
                let package = try RPMPackage(header)
                guard !package.isImportedKey else { return }
                packages.append(RPMOwnerReading.installed(package))
                let index = builder.package(package.name)
                for file in try header.files() where file.isInstalled {
                    builder.add(directories.hash(file.path[...]), index)
                }
            } catch is RPMHeaderError {
                damaged += 1
            }
        }
        if damaged > 0 {
            gaps.append(Gap(Place(path.description), reason: "\(damaged) package headers could not be read"))
        }
    }

    private static func installed(_ package: RPMPackage) -> InstalledPackage {
        let epoch = package.epoch.map { "\($0):" } ?? ""
        return InstalledPackage(
            name: EscapedText(package.name).description,
            version: EscapedText("\(epoch)\(package.version)-\(package.release)").description)
    }

    /// A database in a format that is not read is named: its packages are not known.
    private func noteOtherFormats(_ place: TreePath, _ gaps: inout [Gap]) {
        for name in ["Packages", "Packages.db"] {
            let path = place.appending(name)
            guard let file = reader.reading({ try reader.root.open(path) }).value, file.size.rawValue > 0 else {
                continue
            }
            let prefix = (try? file.prefix(at: .zero, atMost: 16)) ?? []
            let format = RPMDatabaseFormat(prefix: prefix)?.name ?? "unknown"
            gaps.append(
                Gap(
                    Place(path.description),
                    reason:
                        "unsupported: RPM's database is in the format \(format), so the owners of files are not known"))
        }
    }
}
