import AssayBytes
import AssayFacts
import AssayFileSystem

/// A package of the subject's package database.
struct InstalledPackage: Hashable, Sendable {
    /// The name, escaped.
    let name: String
    /// The version with epoch and release where there are, escaped; empty where only the name is known.
    let version: String
}

/// Which package owns a path, by the package databases of dpkg and RPM in the subject.
///
/// What a database cannot tell is a gap, and the path then has no owner: an owner is a help for people and never decides.
struct PackageOwners: Sendable {
    /// The packages that are installed, by name.
    let packages: [InstalledPackage]
    private let table: PackageOwnerTable
    private let directories: PackageDirectories

    /// Reads the databases; a subject without any owns nothing.
    init(_ reader: SubjectReader, gaps: inout [Gap]) {
        directories = PackageDirectories(reader)
        var builder = PackageOwnerTable.Builder()
        var packages: Set<InstalledPackage> = []
        packages.formUnion(
            DpkgOwnerReading(reader: reader, directories: directories).collect(into: &builder, gaps: &gaps))
        packages.formUnion(
            RPMOwnerReading(reader: reader, directories: directories).collect(into: &builder, gaps: &gaps))
        if builder.isFull {
            gaps.append(
                Gap(
                    Place("/var/lib"),
                    reason: "packages own more than \(PackageOwnerTable.Builder.limit) paths; the rest has no owner"))
        }
        table = builder.table()
        self.packages = packages.sorted { ($0.name, $0.version) < ($1.name, $1.version) }
    }

    /// The number of paths with an owner.
    var pathCount: Int { table.count }

    /// The name of the package that owns `path`, as the walk prints it; nil when none or more than one does.
    subscript(path: String) -> String? {
        guard let bytes = path.utf8.contains(0x5C) ? EscapedText.unescape(path) : Array(path.utf8) else { return nil }
        return table.owner(directories.hash(bytes[...]))
    }
}

/// The links from directory to directory at the top of a subject, to give each file one path.
///
/// Packages list `/bin/sh` or `/lib64/ld-linux-x86-64.so.2` where a walk finds the file below `/usr`.
/// https://www.freedesktop.org/wiki/Software/systemd/TheCaseForTheUsrMerge/
struct PackageDirectories: Sendable {
    private struct Link: Sendable {
        let from: [UInt8]
        let to: [UInt8]
    }

    /// Links directly below `/` and `/usr`, the longest first.
    private let links: [Link]

    init(_ reader: SubjectReader) {
        var links: [Link] = []
        for directory: TreePath in [.root, "/usr"] {
            for entry in reader.entries(directory).value ?? [] where entry.type == .symbolicLink || entry.type == nil {
                let path = directory.appending(entry.name)
                guard let target = reader.reading({ try reader.root.linkTarget(path) }).value, !target.isEmpty,
                    reader.status(path).value?.type == .directory
                else { continue }
                let whole =
                    target.first == 0x2F ? TreePath(target) : TreePath(directory.relativeBytes + [0x2F] + target)
                guard whole != .root, whole != path else { continue }
                links.append(Link(from: [0x2F] + path.relativeBytes, to: [0x2F] + whole.relativeBytes))
            }
        }
        self.links = links.sorted { $0.from.count > $1.from.count }
    }

    /// The hash of `path` after the links at its start were followed.
    func hash(_ path: ArraySlice<UInt8>) -> UInt64 {
        guard let first = link(of: path) else {
            var hasher = PathHasher()
            hasher.add(path)
            return hasher.finish()
        }
        // A link can lead to another (`/sbin` to `/usr/sbin` to `/usr/bin`); a circle ends after a few.
        var whole = first.to + path.dropFirst(first.from.count)
        for _ in 0..<4 {
            guard let next = link(of: whole[...]) else { break }
            whole = next.to + whole.dropFirst(next.from.count)
        }
        var hasher = PathHasher()
        hasher.add(whole[...])
        return hasher.finish()
    }

    private func link(of path: ArraySlice<UInt8>) -> Link? {
        links.first { link in
            guard path.starts(with: link.from) else { return false }
            let rest = path.dropFirst(link.from.count)
            return rest.isEmpty || rest.first == 0x2F
        }
    }
}

/// Hashes a path to 64 bits with the standard library's SipHash, eight bytes at a time.
///
/// The key is random for each process, so that no subject can prepare paths that collide; by chance, any two of 400,000
/// paths do so in one of two hundred million databases. Hashes never leave the process.
private struct PathHasher {
    private var hasher = Hasher()
    private var word: UInt64 = 0
    private var count = 0

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            word = word << 8 | UInt64(byte)
            count += 1
            if count & 7 == 0 {
                hasher.combine(word)
                word = 0
            }
        }
    }

    func finish() -> UInt64 {
        var hasher = hasher
        hasher.combine(word)
        hasher.combine(count)
        return UInt64(truncatingIfNeeded: hasher.finalize())
    }
}
