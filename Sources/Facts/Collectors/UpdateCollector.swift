import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayPackageSources

/// Collects the package sources of a subject and how each authenticates its packages.
///
/// Known are the sources of dnf, yum and tdnf and those of apt. Other package managers' sources are gaps, so that a
/// subject that has them is not taken for one without sources.
struct UpdateCollector {
    let reader: SubjectReader
    private let keys: UpdateKeys

    init(_ reader: SubjectReader) {
        self.reader = reader
        keys = UpdateKeys(reader)
    }

    func collect() -> UpdateFacts {
        var facts = UpdateFacts()
        RPMSourceReading(reader: reader, keys: keys).collect(&facts)
        AptSourceReading(reader: reader, keys: keys).collect(&facts)
        for directory: TreePath in ["/etc/zypp/repos.d", "/usr/etc/zypp/repos.d"] {
            guard let entries = reader.entries(directory).value, entries.contains(where: { $0.text.hasSuffix(".repo") })
            else { continue }
            facts.gaps.append(Gap(Place(directory.description), reason: "the sources of zypper are not evaluated"))
        }
        return facts
    }
}

extension SubjectReader {
    /// The files of `directory` whose names `isWanted`, in the order of their names; one that cannot be read is a gap.
    ///
    /// A directory that is not there holds none.
    func files(
        in directory: TreePath, gaps: inout [Gap], where isWanted: (String) -> Bool
    ) -> [(path: TreePath, bytes: [UInt8])] {
        switch entries(directory) {
        case .absent: return []
        case .unreadable(let reason):
            gaps.append(Gap(Place(directory.description), reason: reason))
            return []
        case .found(let entries):
            return entries.compactMap { entry in
                let path = directory.appending(entry.name)
                guard entry.type != .directory, isWanted(String(decoding: entry.name, as: UTF8.self)) else {
                    return nil
                }
                return file(path, gaps: &gaps).map { (path, $0) }
            }
        }
    }

    /// The bytes of a file; one that is there and cannot be read is a gap.
    func file(_ path: TreePath, gaps: inout [Gap]) -> [UInt8]? {
        switch bytes(path) {
        case .found(let bytes): return bytes
        case .absent: return nil
        case .unreadable(let reason):
            gaps.append(Gap(Place(path.description), reason: reason))
            return nil
        }
    }
}

extension Place {
    /// The place that a package manager's file gives.
    init(_ position: SourcePosition) {
        self.init(position.path, line: position.line == 0 ? nil : position.line)
    }
}

extension Gap {
    /// What could not be read of a package manager's file.
    init(_ diagnostic: SourceDiagnostic) {
        self.init(Place(diagnostic.position), reason: EscapedText(diagnostic.reason).description)
    }
}
