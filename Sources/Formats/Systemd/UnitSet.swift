/// The unit files of one scope, as given by the listings of the directories of the unit load path.
///
/// It answers as systemd does: names in earlier directories hide the same names in later ones, symbolic links are
/// aliases, and templates stand in for their instances. Nothing is read here: contents come in with the listings.
public struct UnitSet: Sendable {
    /// The most symbolic links followed for one name (systemd's UNIT_FILE_FOLLOW_SYMLINK_MAX).
    static let symlinkLimit = 64

    /// Whose units these are.
    public let scope: UnitScope
    /// The listings, highest priority first.
    public let directories: [UnitDirectory]
    /// Contents of files outside the load path that links lead to, by normalized absolute path in the subject.
    public let linkedFiles: [String: [UInt8]]

    private let directoryIndex: [String: Int]
    private var aliasNames: [String: [String]] = [:]
    /// The links of each directory, for questions about enablement.
    let linkIndexes: [UnitLinkIndex]

    /// Makes a set.
    ///
    /// - Parameters:
    ///   - scope: whose units these are.
    ///   - directories: the listings in the order of the load path.
    ///   - linkedFiles: contents of link targets outside the load path, by normalized absolute path.
    public init(scope: UnitScope = .system, directories: [UnitDirectory], linkedFiles: [String: [UInt8]] = [:]) {
        self.scope = scope
        self.directories = directories
        self.linkedFiles = linkedFiles
        var index: [String: Int] = [:]
        for (position, directory) in directories.enumerated() {
            let path = UnitPath.normalized(directory.path, in: "/")
            if index[path] == nil { index[path] = position }
        }
        // On a merged /usr the two names are one directory, and links name either.
        for (path, position) in index {
            let twin = path.hasPrefix("/usr/lib/") ? String(path.dropFirst(4)) : "/usr" + path
            if path.hasPrefix("/lib/") || path.hasPrefix("/usr/lib/"), index[twin] == nil { index[twin] = position }
        }
        directoryIndex = index
        linkIndexes = directories.map { UnitLinkIndex($0) }
        aliasNames = UnitSet.aliases(of: self)
    }

    /// Every valid unit name that has an entry of its own in some directory, sorted.
    public var names: [String] {
        var result: Set<String> = []
        for directory in directories {
            for name in directory.entries.keys where UnitName(name) != nil { result.insert(name) }
        }
        return result.sorted()
    }

    /// The other names under which the unit `name` is loaded, sorted.
    ///
    /// - Parameter name: the unit's own name, as `LoadedUnit.name` gives it.
    /// - Returns: the names of links that lead to it, for an instance with its instance filled in.
    public func aliases(of name: String) -> [String] {
        var result = aliasNames[name] ?? []
        if let unit = UnitName(name), let template = unit.template, let instance = unit.instance {
            for alias in aliasNames[template.text] ?? [] {
                if let filled = UnitName(alias)?.instantiated(instance)?.text { result.append(filled) }
            }
        }
        return Set(result).sorted()
    }

    /// What systemd finds for `name`.
    func fragment(of name: String) -> UnitFragment {
        guard var current = UnitName(name) else { return UnitFragment(name: name, state: .invalidName) }
        for _ in 0...UnitSet.symlinkLimit {
            var candidates = [current]
            if let template = current.template { candidates.append(template) }
            var next: UnitName?
            for candidate in candidates {
                guard let found = search(candidate) else { continue }
                switch found {
                case .entry(let path, let directory, let state, let isOutside):
                    return UnitFragment(
                        name: current.text, path: path, directory: directory, state: state, isOutside: isOutside)
                case .alias(let target):
                    next = target
                    if target.isTemplate, current.isInstance, let instance = current.instance {
                        next = target.instantiated(instance)
                    }
                }
                break
            }
            guard let next else { return UnitFragment(name: current.text, state: .notFound) }
            current = next
        }
        return UnitFragment(name: name, state: .tooManyLinks)
    }

    private enum Found {
        case entry(path: String, directory: Int, state: UnitFragment.State, isOutside: Bool = false)
        case alias(UnitName)
    }

    /// The first usable entry of exactly this name.
    private func search(_ name: UnitName) -> Found? {
        for (position, directory) in directories.enumerated() {
            guard let entry = directory.entries[name.text] else { continue }
            let path = directory.path + "/" + name.text
            if entry.isMask { return .entry(path: path, directory: position, state: .masked) }
            switch entry {
            case .file(let bytes): return .entry(path: path, directory: position, state: .file(bytes))
            case .masked: return .entry(path: path, directory: position, state: .masked)
            case .unreadable(let reason): return .entry(path: path, directory: position, state: .unreadable(reason))
            case .other: continue
            case .symlink(let target):
                if let found = follow(name, target: target, directory: position, path: path) { return found }
            }
        }
        return nil
    }

    /// What a link leads to; nil when systemd ignores it, so that a lower directory is looked at.
    private func follow(_ name: UnitName, target: String, directory: Int, path: String) -> Found? {
        let absolute = UnitPath.normalized(target, in: directories[directory].path)
        let (parent, base) = UnitPath.split(absolute)
        guard let targetName = UnitName(base), name.mayAlias(targetName) else { return nil }
        guard let targetDirectory = directoryIndex[parent] else {
            guard let bytes = linkedFiles[absolute] else {
                return .entry(path: absolute, directory: directory, state: .linkedElsewhere, isOutside: true)
            }
            return .entry(
                path: absolute, directory: directory, state: bytes.isEmpty ? .masked : .file(bytes), isOutside: true)
        }
        // A link of the same name into another directory of the path is that file; so is one from an instance to its
        // own template.
        guard targetName == name || targetName == name.template else { return .alias(targetName) }
        guard targetDirectory != directory || targetName != name, let entry = directories[targetDirectory].entries[base]
        else { return nil }
        if entry.isMask { return .entry(path: absolute, directory: targetDirectory, state: .masked) }
        return switch entry {
        case .file(let bytes): .entry(path: absolute, directory: targetDirectory, state: .file(bytes))
        case .unreadable(let reason): .entry(path: absolute, directory: targetDirectory, state: .unreadable(reason))
        case .symlink, .masked, .other: nil
        }
    }

    /// Whether the name has links of its own and none of them leads to a unit file.
    func isBrokenLink(_ name: UnitName) -> Bool {
        directories.contains { $0.entries[name.text]?.isSymlink == true } && search(name) == nil
    }

    /// The directory listing at `path`, or nil when it is not in the load path.
    func directory(at path: String) -> UnitDirectory? { directoryIndex[path].map { directories[$0] } }

    private static func aliases(of set: UnitSet) -> [String: [String]] {
        var result: [String: Set<String>] = [:]
        for directory in set.directories {
            for (name, entry) in directory.entries where entry.isSymlink && !entry.isMask {
                let fragment = set.fragment(of: name)
                if fragment.name != name, fragment.isFound { result[fragment.name, default: []].insert(name) }
            }
        }
        return result.mapValues { $0.sorted() }
    }
}

/// What was found for a unit name.
struct UnitFragment {
    enum State {
        case file([UInt8])
        case masked
        case notFound
        case unreadable(String)
        case linkedElsewhere
        case tooManyLinks
        case invalidName
    }

    /// The unit's own name: what the aliases lead to, with the instance filled in.
    var name: String
    var path: String?
    /// The position of the directory that holds the entry.
    var directory: Int?
    var state: State
    /// Whether the file lies outside the load path and only a link to it inside.
    var isOutside = false

    var isFound: Bool {
        switch state {
        case .file, .masked, .unreadable, .linkedElsewhere: true
        case .notFound, .tooManyLinks, .invalidName: false
        }
    }
}
