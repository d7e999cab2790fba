import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayPackageDatabase

/// Reads dpkg's database: the status file, the lists of paths and the diversions; in images without dpkg, `status.d`.
struct DpkgOwnerReading {
    /// The largest list of one package that is read.
    private static let listLimit = 32 << 20
    /// The largest status file that is read; Debian's has some 10 MiB with everything installed.
    private static let statusLimit: UInt64 = 256 << 20

    let reader: SubjectReader
    let directories: PackageDirectories

    /// A diversion by the hash of the path that it takes away.
    private struct Diversion {
        let target: UInt64
        let keeper: String?
    }

    /// Adds what each package owns and returns the packages.
    func collect(into builder: inout PackageOwnerTable.Builder, gaps: inout [Gap]) -> [InstalledPackage] {
        var packages = status("/var/lib/dpkg/status", needsState: true, &gaps)
        let diversions = self.diversions(&gaps)
        let info: TreePath = "/var/lib/dpkg/info"
        switch reader.entries(info) {
        case .absent: break
        case .unreadable(let reason): gaps.append(Gap(Place(info.description), reason: reason))
        case .found(let entries):
            for entry in entries {
                let name = String(decoding: entry.name, as: UTF8.self)
                guard let package = DpkgFiles.package(ofList: name) else { continue }
                let path = info.appending(entry.name)
                guard let bytes = content(path, &gaps) else { continue }
                addList(bytes, of: package.name, diversions, into: &builder)
            }
        }
        packages += collectParts(into: &builder, gaps: &gaps)
        return packages
    }

    private func addList(
        _ bytes: [UInt8], of package: String, _ diversions: [UInt64: Diversion],
        into builder: inout PackageOwnerTable.Builder
    ) {
        let index = builder.package(package)
        for line in bytes.split(separator: 0x0A) where line.first == 0x2F {
            var hash = directories.hash(line)
            if let diversion = diversions[hash], diversion.keeper != package { hash = diversion.target }
            builder.add(hash, index)
        }
    }

    /// The packages of a status file.
    ///
    /// Stanzas in `status.d` of images that were put together without dpkg have no `Status`: the files are there.
    private func status(_ path: TreePath, needsState: Bool, _ gaps: inout [Gap]) -> [InstalledPackage] {
        var status = DpkgStatusReader()
        var packages: [DpkgPackage] = []
        switch reader.reading({ try reader.root.open(path) }) {
        case .absent: return []
        case .unreadable(let reason):
            gaps.append(Gap(Place(path.description), reason: reason))
            return []
        case .found(let file):
            guard file.size.rawValue <= DpkgOwnerReading.statusLimit else {
                let limit = DpkgOwnerReading.statusLimit >> 20
                gaps.append(Gap(Place(path.description), reason: "larger than \(limit) MiB"))
                return []
            }
            var offset = ByteOffset.zero
            do {
                while case let chunk = try file.prefix(at: offset, atMost: 1 << 18), !chunk.isEmpty {
                    packages += status.read(chunk)
                    guard let next = offset.advanced(by: ByteCount(UInt64(chunk.count))) else { break }
                    offset = next
                }
            } catch {
                gaps.append(Gap(Place(path.description), reason: "\(error)"))
            }
            if let last = status.finish() { packages.append(last) }
        }
        if needsState {
            gaps += status.diagnostics.prefix(1).map {
                Gap(Place(path.description, line: $0.line == 0 ? nil : $0.line), reason: $0.reason)
            }
        }
        return packages.filter { !needsState || $0.isInstalled }.map {
            InstalledPackage(
                name: EscapedText($0.name).description, version: EscapedText($0.version).description)
        }
    }

    private func diversions(_ gaps: inout [Gap]) -> [UInt64: Diversion] {
        let path: TreePath = "/var/lib/dpkg/diversions"
        guard let bytes = content(path, &gaps) else { return [:] }
        let (entries, diagnostics) = DpkgFiles.diversions(bytes)
        gaps += diagnostics.map { Gap(Place(path.description, line: $0.line), reason: $0.reason) }
        var result: [UInt64: Diversion] = [:]
        for entry in entries {
            result[directories.hash(entry.from[...])] = Diversion(
                target: directories.hash(entry.to[...]), keeper: entry.package)
        }
        return result
    }

    /// `/var/lib/dpkg/status.d` of distroless images: a stanza and, in newer ones, the checksums of the files by package.
    private func collectParts(
        into builder: inout PackageOwnerTable.Builder, gaps: inout [Gap]
    ) -> [InstalledPackage] {
        let directory: TreePath = "/var/lib/dpkg/status.d"
        var packages: [InstalledPackage] = []
        for entry in reader.entries(directory).value ?? [] {
            let path = directory.appending(entry.name)
            let name = String(decoding: entry.name, as: UTF8.self)
            guard name.hasSuffix(".md5sums") else {
                packages += status(path, needsState: false, &gaps)
                continue
            }
            guard let bytes = content(path, &gaps) else { continue }
            let index = builder.package(String(name.dropLast(".md5sums".count)))
            for line in bytes.split(separator: 0x0A) {
                // The sum, two blanks, and the path without its leading slash.
                guard line.count > 34, line.dropFirst(32).starts(with: [0x20, 0x20]) else { continue }
                builder.add(directories.hash([0x2F] + line.dropFirst(34)), index)
            }
        }
        return packages
    }

    private func content(_ path: TreePath, _ gaps: inout [Gap]) -> [UInt8]? {
        switch reader.bytes(path, limit: DpkgOwnerReading.listLimit) {
        case .found(let bytes): return bytes
        case .absent: return nil
        case .unreadable(let reason):
            gaps.append(Gap(Place(path.description), reason: reason))
            return nil
        }
    }
}
