import AssayBytes
import AssayFacts
import AssayFileSystem
import AssaySystemd

extension Place {
    /// The place of a line of systemd's configuration.
    init(_ location: SettingLocation) {
        self.init(EscapedText(location.path).description, line: location.line)
    }
}

/// Lists the directories of systemd's units and configuration in the form that the format asks for.
struct ServiceDirectories {
    /// The most names read of all unit directories.
    static let nameLimit = 20_000
    /// The most bytes read of all unit files.
    static let byteLimit = 64 << 20
    /// Suffixes of the directories that belong to a unit.
    static let subdirectorySuffixes = [".d", ".wants", ".requires", ".upholds"]

    let reader: SubjectReader
    /// Contents of files outside the unit directories that links in them lead to.
    private(set) var linkedFiles: [String: [UInt8]] = [:]
    /// What could not be read.
    private(set) var gaps: [Gap] = []

    private var nameCount = 0
    private var byteCount = 0
    private var listed: Set<String> = []

    init(reader: SubjectReader) { self.reader = reader }

    /// The listings of those of `paths` that are directories, in their order.
    ///
    /// A directory that has two names, as `/lib/systemd/system` on a merged `/usr`, is listed once.
    mutating func units(_ paths: [String]) -> [UnitDirectory] {
        let existing = directories(paths)
        for path in existing {
            listed.insert(path)
            // Links name either directory of a merged /usr.
            if path.hasPrefix("/usr/lib/") { listed.insert(String(path.dropFirst(4))) }
        }
        return existing.map { unitDirectory($0) }
    }

    /// The listings of directories of drop-ins or presets; only names with `suffix` are read.
    mutating func dropIns(_ paths: [String], suffix: String) -> [DropInDirectory] {
        directories(paths).map { path in
            var entries: [String: UnitDirectoryEntry] = [:]
            for entry in list(TreePath(path)) ?? [] {
                let name = String(decoding: entry.name, as: UTF8.self)
                guard name.hasSuffix(suffix), count(TreePath(path)) else { continue }
                entries[name] = content(TreePath(path).appending(entry.name))
            }
            return DropInDirectory(path: path, entries: entries)
        }
    }

    private mutating func directories(_ paths: [String]) -> [String] {
        var seen: Set<[UInt64]> = []
        return paths.filter { path in
            switch reader.status(TreePath(path)) {
            case .absent: return false
            case .unreadable(let reason):
                gaps.append(Gap(Place(path), reason: reason))
                return false
            case .found(let status):
                return status.type == .directory && seen.insert([status.device, status.inode]).inserted
            }
        }
    }

    private mutating func list(_ path: TreePath) -> [DirectoryEntry]? {
        switch reader.reading({ try reader.root.entries(path, limit: ServiceDirectories.nameLimit) }) {
        case .found(let entries): return entries
        case .absent: return []
        case .unreadable(let reason):
            gaps.append(Gap(Place(path.description), reason: reason))
            return nil
        }
    }

    /// Whether one more name may be read.
    private mutating func count(_ directory: TreePath) -> Bool {
        nameCount += 1
        if nameCount == ServiceDirectories.nameLimit {
            gaps.append(Gap(Place(directory.description), reason: "more than \(ServiceDirectories.nameLimit) names"))
        }
        return nameCount < ServiceDirectories.nameLimit
    }

    private mutating func unitDirectory(_ path: String) -> UnitDirectory {
        let directory = TreePath(path)
        var result = UnitDirectory(path: path)
        for entry in list(directory) ?? [] {
            guard count(directory) else { break }
            let name = String(decoding: entry.name, as: UTF8.self)
            if ServiceDirectories.subdirectorySuffixes.contains(where: { name.hasSuffix($0) }) {
                let path = directory.appending(entry.name)
                guard case .found(let status) = reader.status(path), status.type == .directory else { continue }
                guard let entries = list(path) else {
                    result.unreadableSubdirectories[name] = gaps.last?.reason ?? "not readable"
                    continue
                }
                result.subdirectories[name] = subdirectory(entries, path, isDropIn: name.hasSuffix(".d"))
            } else if UnitName(name) != nil, let kind = self.entry(entry, in: directory) {
                result.entries[name] = kind
            }
        }
        return result
    }

    private mutating func subdirectory(
        _ entries: [DirectoryEntry], _ path: TreePath, isDropIn: Bool
    ) -> [String: UnitDirectoryEntry] {
        var result: [String: UnitDirectoryEntry] = [:]
        for entry in entries {
            guard count(path) else { break }
            let name = String(decoding: entry.name, as: UTF8.self)
            guard isDropIn ? name.hasSuffix(".conf") : UnitName(name) != nil else { continue }
            result[name] =
                isDropIn ? content(path.appending(entry.name)) : self.entry(entry, in: path, readsTarget: false)
        }
        return result
    }

    /// What a name is, with links kept as links; nil for a link out of the unit directories that leads nowhere.
    ///
    /// Of a link in a `.wants` directory only the name counts, wherever it leads.
    private mutating func entry(
        _ entry: DirectoryEntry, in directory: TreePath, readsTarget: Bool = true
    ) -> UnitDirectoryEntry? {
        let path = directory.appending(entry.name)
        let type = entry.type ?? reader.reading { try reader.root.linkStatus(path).type }.value
        guard type == .symbolicLink else { return content(path) }
        switch reader.reading({ try reader.root.linkTarget(path) }) {
        case .absent: return nil
        case .unreadable(let reason): return .unreadable(reason: reason)
        case .found(let bytes):
            let target = String(decoding: bytes, as: UTF8.self)
            let whole = target.hasPrefix("/") ? TreePath(target) : TreePath(directory.relativeBytes + [0x2F] + bytes)
            let absolute = "/" + String(decoding: whole.relativeBytes, as: UTF8.self)
            let parent = "/" + String(decoding: whole.parent.relativeBytes, as: UTF8.self)
            guard readsTarget, absolute != "/dev/null", !listed.contains(parent) else {
                return .symlink(target: target)
            }
            switch content(path) {
            case .file(let content): linkedFiles[absolute] = content
            case .masked: linkedFiles[absolute] = []
            case .unreadable(let reason): return .unreadable(reason: reason)
            case .symlink, .other, nil: return nil
            }
            return .symlink(target: target)
        }
    }

    /// What a name leads to, with links followed.
    private mutating func content(_ path: TreePath) -> UnitDirectoryEntry? {
        switch reader.status(path) {
        case .absent:
            // In a tree without devices a link to the null device leads nowhere and masks all the same.
            let target = reader.reading { try reader.root.linkTarget(path) }.value
            return target == Array("/dev/null".utf8) ? .masked : nil
        case .unreadable(let reason): return .unreadable(reason: reason)
        case .found(let status):
            guard status.type == .regular else {
                return status.deviceNumber != 0 ? .masked : .other("\(status.type.rawValue)")
            }
            guard byteCount < ServiceDirectories.byteLimit else {
                return .unreadable(reason: "more than \(ServiceDirectories.byteLimit) bytes of unit files")
            }
            switch reader.bytes(path) {
            case .found(let bytes):
                byteCount += bytes.count
                return .file(bytes)
            case .absent: return nil
            case .unreadable(let reason): return .unreadable(reason: reason)
            }
        }
    }
}
