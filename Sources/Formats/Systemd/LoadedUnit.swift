/// A unit as systemd would load it: its fragment and its drop-ins, in the order in which they are read.
public struct LoadedUnit: Hashable, Sendable {
    /// How the load ended.
    public enum State: Hashable, Sendable {
        /// The fragment was read.
        case loaded
        /// An empty file or a link to the null device says "never start".
        case masked
        /// No directory has it.
        case notFound
        /// systemd refuses the file; the diagnostics of its fragment say why.
        case badSetting
        /// It could not be decided what the unit is, with the reason.
        case unknown(reason: String)
    }

    /// The unit's own name: aliases followed, the instance filled in.
    public let name: String
    /// The other names of the unit, sorted.
    public let aliases: [String]
    /// How the load ended.
    public let state: State
    /// The path of the fragment or of what masks it; nil when there is none.
    public let fragmentPath: String?
    /// The fragment, then the drop-ins that apply, in the order in which they are read.
    public let files: [ConfigurationFile]
    /// Drop-ins that apply but could not be read, with the reason: a setting's value is then not certain.
    public let unreadableDropIns: [String: String]

    /// The assignments of `key` in `section`, in the order in which they are read.
    public func assignments(_ section: String, _ key: String) -> [Assignment] {
        var result: [Assignment] = []
        for file in files {
            for assignment in file.assignments where assignment.key == key && assignment.section == section {
                result.append(assignment)
            }
        }
        return result
    }

    /// The last assignment of a setting that takes one value and any text.
    public func last(_ section: String, _ key: String) -> Assignment? { assignments(section, key).last }

    /// The boolean in force: the last assignment that is a boolean, since systemd ignores the others.
    public func boolean(_ section: String, _ key: String) -> (value: Bool, location: SettingLocation)? {
        for assignment in assignments(section, key).reversed() {
            if let value = SettingSyntax.boolean(assignment.value) { return (value, assignment.location) }
        }
        return nil
    }

    /// The words of a setting that is a list: assignments add up, an empty one starts again.
    public func words(_ section: String, _ key: String) -> [UnitWord] {
        var result: [UnitWord] = []
        for assignment in assignments(section, key) {
            if assignment.value.isEmpty {
                result = []
            } else {
                result += SettingSyntax.words(assignment.value).map {
                    UnitWord(text: $0, location: assignment.location)
                }
            }
        }
        return result
    }
}

/// One word of a list, with its place.
public struct UnitWord: Hashable, Sendable {
    /// The word without quotes and escapes.
    public let text: String
    /// The assignment that it stands in.
    public let location: SettingLocation
}

extension UnitSet {
    /// Loads `name` as systemd would: through aliases and templates, with all drop-ins.
    public func load(_ name: String) -> LoadedUnit {
        let fragment = fragment(of: name)
        let aliases = aliases(of: fragment.name)
        func unit(
            _ state: LoadedUnit.State, _ files: [ConfigurationFile] = [], _ unreadable: [String: String] = [:]
        ) -> LoadedUnit {
            LoadedUnit(
                name: fragment.name, aliases: aliases, state: state, fragmentPath: fragment.path, files: files,
                unreadableDropIns: unreadable)
        }
        switch fragment.state {
        case .file(let bytes):
            let main = ConfigurationFile(bytes, path: fragment.path ?? name)
            let dropIns = dropIns(of: fragment.name, aliases: aliases)
            return unit(main.isComplete ? .loaded : .badSetting, [main] + dropIns.files, dropIns.unreadable)
        case .masked: return unit(.masked)
        case .notFound: return unit(.notFound)
        case .unreadable(let reason): return unit(.unknown(reason: reason))
        case .linkedElsewhere: return unit(.unknown(reason: "the link leads out of the unit load path"))
        case .tooManyLinks: return unit(.unknown(reason: "too many symbolic links"))
        case .invalidName: return unit(.unknown(reason: "not a valid unit name"))
        }
    }

    /// The drop-ins of a unit in the order of their file names.
    private func dropIns(
        of name: String, aliases: [String]
    ) -> (files: [ConfigurationFile], unreadable: [String: String]) {
        var files: [ConfigurationFile] = []
        var unreadable = unreadableSubdirectories(of: name, aliases: aliases, suffix: ".d")
        for found in subdirectoryEntries(of: name, aliases: aliases, suffix: ".d")
        where found.name.hasSuffix(".conf") && !found.name.hasPrefix(".") {
            switch content(of: found) {
            case .success(let bytes): files.append(ConfigurationFile(bytes, path: found.path))
            case .failure(let reason): unreadable[found.path] = reason.text
            }
        }
        return (files, unreadable)
    }

    struct SubdirectoryEntry {
        let name: String
        let directory: String
        let entry: UnitDirectoryEntry
        var path: String { directory + "/" + name }
    }

    /// The entries of all subdirectories of a unit with `suffix`; equal names count once, and the first directory wins.
    ///
    /// The order of directories is systemd's: the unit's own name in each directory of the load path, then each
    /// alias, then the directory of the unit's type.
    func subdirectoryEntries(of name: String, aliases: [String], suffix: String) -> [SubdirectoryEntry] {
        var result: [String: SubdirectoryEntry] = [:]
        forEachSubdirectory(of: name, aliases: aliases, suffix: suffix) { directory, subdirectory in
            for (entryName, entry) in directory.subdirectories[subdirectory] ?? [:] where result[entryName] == nil {
                if case .other = entry, suffix == ".d" { continue }
                result[entryName] = SubdirectoryEntry(
                    name: entryName, directory: directory.path + "/" + subdirectory, entry: entry)
            }
        }
        return result.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    func unreadableSubdirectories(of name: String, aliases: [String], suffix: String) -> [String: String] {
        var result: [String: String] = [:]
        forEachSubdirectory(of: name, aliases: aliases, suffix: suffix) { directory, subdirectory in
            guard let reason = directory.unreadableSubdirectories[subdirectory] else { return }
            result[directory.path + "/" + subdirectory] = reason
        }
        return result
    }

    private func forEachSubdirectory(
        of name: String, aliases: [String], suffix: String, _ body: (UnitDirectory, String) -> Void
    ) {
        let units = ([name] + aliases).compactMap { UnitName($0) }
        var groups = units.map(\.directoryNames)
        if let type = units.first?.type { groups.append([type.rawValue]) }
        for group in groups {
            for directory in directories {
                for prefix in group { body(directory, prefix + suffix) }
            }
        }
    }

    struct Unreadable: Error {
        let text: String
    }

    /// The bytes of a drop-in, through a link if it is one.
    func content(of found: SubdirectoryEntry) -> Result<[UInt8], Unreadable> {
        if found.entry.isMask { return .success([]) }
        switch found.entry {
        case .file(let bytes): return .success(bytes)
        case .masked: return .success([])
        case .unreadable(let reason): return .failure(Unreadable(text: reason))
        case .other(let kind): return .failure(Unreadable(text: "is a " + kind))
        case .symlink(let target):
            let absolute = UnitPath.normalized(target, in: found.directory)
            if let bytes = linkedFiles[absolute] { return .success(bytes) }
            let (parent, base) = UnitPath.split(absolute)
            if case .file(let bytes) = directory(at: parent)?.entries[base] { return .success(bytes) }
            let (top, subdirectory) = UnitPath.split(parent)
            if case .file(let bytes) = directory(at: top)?.subdirectories[subdirectory]?[base] {
                return .success(bytes)
            }
            return .failure(Unreadable(text: "symbolic link to \(absolute), whose content is not known"))
        }
    }
}
