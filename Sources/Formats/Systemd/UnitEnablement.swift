/// Whether a unit is hooked into the start of another, in the words of `systemctl is-enabled`.
public enum UnitFileState: String, Hashable, Sendable {
    /// A link of the administrator starts it.
    case enabled
    /// A link below `/run` starts it until the next boot.
    case enabledRuntime = "enabled-runtime"
    /// The file lies outside the load path and is linked into it.
    case linked
    /// The same, below `/run`.
    case linkedRuntime = "linked-runtime"
    /// The name is another name of a unit.
    case alias
    /// An empty file or a link to the null device says "never start".
    case masked
    /// The same, below `/run`.
    case maskedRuntime = "masked-runtime"
    /// It has no installation section; only other units start it.
    case `static`
    /// Other names of it, or units of its `Also=`, may be enabled.
    case indirect
    /// It could be enabled and is not.
    case disabled
    /// A generator wrote it.
    case generated
    /// The manager wrote it at run time.
    case transient
    /// systemd refuses the name or file.
    case bad
    /// No directory has it.
    case notFound = "not-found"
    /// Something needed could not be read.
    case unknown
}

/// The answer about one unit's enablement, with what led to it.
public struct UnitEnablement: Hashable, Sendable {
    /// The state.
    public let state: UnitFileState
    /// The links that hook the unit in (in `.wants`, `.requires`, `.upholds`, or as alias), sorted.
    public let links: [String]
    /// Entries of those directories that carry the unit's name and that systemd ignores, since they are no symbolic
    /// links ("is not a symlink, ignoring", process_deps in systemd's src/core/load-dropin.c), sorted.
    public let ignoredFiles: [String]
}

extension UnitSet {
    /// The state of the unit file `name`, as `systemctl is-enabled` gives it.
    public func enablement(of name: String) -> UnitEnablement {
        let fragment = fragment(of: name)
        let links = hookLinks(of: name)
        func answer(_ state: UnitFileState) -> UnitEnablement {
            UnitEnablement(state: state, links: links.links, ignoredFiles: links.ignored)
        }
        guard let unit = UnitName(name) else { return answer(.bad) }
        let inRuntime = fragment.directory.map { scope.isRuntime(directories[$0].path) } ?? false
        switch fragment.state {
        case .masked: return answer(inRuntime ? .maskedRuntime : .masked)
        case .notFound:
            // A name that is there but leads nowhere, or to another kind of unit, is refused.
            let isThere = directories.contains { $0.entries[name] != nil }
            return answer(isThere ? .bad : .notFound)
        case .unreadable: return answer(.unknown)
        case .tooManyLinks, .invalidName: return answer(.bad)
        case .file, .linkedElsewhere: break
        }
        if fragment.name != name, !unit.isInstance { return answer(.alias) }
        let home = fragment.directory.map { directories[$0].path } ?? ""
        if isBrokenLink(unit) { return answer(.bad) }
        if scope.isGenerator(home) { return answer(.generated) }
        if scope.isTransient(home) { return answer(.transient) }
        let install = InstallSection(of: self, name: fragment.name, fragment: fragment)
        let query = EnablementQuery(
            set: self, name: UnitName(fragment.name) ?? unit, aliases: install.aliases,
            defaultInstance: install.defaultInstance,
            home: fragment.isOutside ? directories.count : fragment.directory ?? 0)
        if let state = query.state(matchingKnownNames: true) { return answer(state) }
        if query.state(matchingKnownNames: false) != nil { return answer(.indirect) }
        if case .linkedElsewhere = fragment.state { return answer(.unknown) }
        if install.hasRules { return answer(.disabled) }
        return answer(install.hasAlso ? .indirect : .static)
    }

    /// The entries of `.wants`, `.requires` and `.upholds` directories that carry `name`.
    private func hookLinks(of name: String) -> (links: [String], ignored: [String]) {
        var links: [String] = []
        var ignored: [String] = []
        for index in linkIndexes {
            links += index.hookLinks[name] ?? []
            ignored += index.hookFiles[name] ?? []
        }
        return (links.sorted(), ignored.sorted())
    }
}

/// What the `[Install]` section of a unit says.
private struct InstallSection {
    var aliases: [String] = []
    var defaultInstance: String?
    var hasRules = false
    var hasAlso = false

    /// Reads the fragment and the drop-ins in `name.d` and `template.d`, the only ones that systemctl looks at.
    init(of set: UnitSet, name: String, fragment: UnitFragment) {
        guard case .file(let bytes) = fragment.state else { return }
        var files = [ConfigurationFile(bytes, path: fragment.path ?? name)]
        var directoryNames = [name]
        if let template = UnitName(name)?.template { directoryNames.append(template.text) }
        var seen: Set<String> = []
        var found: [UnitSet.SubdirectoryEntry] = []
        for directoryName in directoryNames {
            for directory in set.directories {
                for (entryName, entry) in directory.subdirectories[directoryName + ".d"] ?? [:]
                where entryName.hasSuffix(".conf") && seen.insert(entryName).inserted {
                    found.append(
                        UnitSet.SubdirectoryEntry(
                            name: entryName, directory: directory.path + "/" + directoryName + ".d", entry: entry))
                }
            }
        }
        for dropIn in found.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            if case .success(let content) = set.content(of: dropIn) {
                files.append(ConfigurationFile(content, path: dropIn.path))
            }
        }
        var rules: [String: [String]] = [:]
        for assignment in files.flatMap(\.assignments) where assignment.section == "Install" {
            switch assignment.key {
            case "Alias", "WantedBy", "RequiredBy", "UpheldBy":
                // An empty assignment starts the list again.
                let words = SettingSyntax.words(assignment.value)
                rules[assignment.key] = words.isEmpty ? [] : (rules[assignment.key] ?? []) + words
            case "Also": hasAlso = hasAlso || !assignment.value.isEmpty
            case "DefaultInstance": defaultInstance = assignment.value
            default: continue
            }
        }
        aliases = rules["Alias"] ?? []
        hasRules = rules.values.contains { !$0.isEmpty }
    }
}

/// The search for links that enable a unit, in the order in which systemctl searches.
private struct EnablementQuery {
    let set: UnitSet
    let name: UnitName
    let aliases: [String]
    let defaultInstance: String?
    /// The position of the directory that holds the unit file; behind the last one for a file outside of all.
    let home: Int

    func state(matchingKnownNames: Bool) -> UnitFileState? {
        var isEnabledInRuntime = false
        var isEnabledElsewhere = false
        var linked: UnitFileState?
        for (position, directory) in set.directories.enumerated() {
            let isPersistent = directory.path == set.scope.persistentConfiguration
            let isRuntime = set.scope.isRuntime(directory.path)
            var sameNameLink = false
            let index = set.linkIndexes[position]
            if isHooked(index, matchingKnownNames)
                || isAliased(
                    directory, index, matchingKnownNames, ignoringSameName: position > home, sameNameLink: &sameNameLink
                )
            {
                if isPersistent { return .enabled }
                if isRuntime { isEnabledInRuntime = true } else { isEnabledElsewhere = true }
            } else if sameNameLink {
                if isPersistent { linked = .linked } else if isRuntime, linked == nil { linked = .linkedRuntime }
            }
        }
        if isEnabledInRuntime { return .enabledRuntime }
        // An instance that the vendor's own links name is started by them.
        if isEnabledElsewhere, name.isInstance { return .static }
        return linked
    }

    /// Whether a link in a `.wants`, `.requires` or `.upholds` directory carries the name, or an instance of it.
    private func isHooked(_ index: UnitLinkIndex, _ matchingKnownNames: Bool) -> Bool {
        if index.hookLinks[name.text] != nil { return true }
        guard name.isTemplate, let instances = index.hookInstances[name.text] else { return false }
        return !matchingKnownNames || instances.contains { isKnown($0) }
    }

    /// Whether a link in the directory itself is another name of the unit.
    private func isAliased(
        _ directory: UnitDirectory, _ index: UnitLinkIndex, _ matchingKnownNames: Bool, ignoringSameName: Bool,
        sameNameLink: inout Bool
    ) -> Bool {
        var candidates = index.linksByTarget[name.text] ?? []
        if !ignoringSameName, directory.entries[name.text]?.isSymlink == true {
            guard candidates.contains(name.text) else {
                return true
            }
            candidates.remove(name.text)
            sameNameLink = true
        }
        return candidates.contains { !matchingKnownNames || isKnown($0) }
    }

    private func isKnown(_ entryName: String) -> Bool {
        if entryName == name.text || aliases.contains(entryName) { return true }
        guard let defaultInstance else { return false }
        return name.instantiated(defaultInstance)?.text == entryName
    }
}

/// The links of one directory and of its `.wants`, `.requires` and `.upholds`, by what they are asked for.
struct UnitLinkIndex: Sendable {
    /// The names of the directory's links, by the last component of their targets.
    private(set) var linksByTarget: [String: Set<String>] = [:]
    /// The paths of links that hook a unit in, by the unit's name.
    private(set) var hookLinks: [String: [String]] = [:]
    /// The names of such links that are instances, by the template's name.
    private(set) var hookInstances: [String: Set<String>] = [:]
    /// The paths of other entries beside such links, by name.
    private(set) var hookFiles: [String: [String]] = [:]

    init(_ directory: UnitDirectory) {
        for (name, entry) in directory.entries {
            guard case .symlink(let target) = entry else { continue }
            linksByTarget[UnitPath.split(target).name, default: []].insert(name)
        }
        for (subdirectory, entries) in directory.subdirectories {
            guard [".wants", ".requires", ".upholds"].contains(where: { subdirectory.hasSuffix($0) }) else { continue }
            for (name, entry) in entries {
                let path = directory.path + "/" + subdirectory + "/" + name
                if entry.isSymlink {
                    hookLinks[name, default: []].append(path)
                    if let template = UnitName(name)?.template {
                        hookInstances[template.text, default: []].insert(name)
                    }
                } else if !entry.isMask {
                    hookFiles[name, default: []].append(path)
                }
            }
        }
    }
}
