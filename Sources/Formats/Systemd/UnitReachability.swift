/// What the start of a unit pulls in.
public struct UnitReachability: Hashable, Sendable {
    /// The own names of the units that are started: found, not masked.
    ///
    /// Conditions (`ConditionPathExists=` and the like) are not judged: a started unit may still skip its work.
    public let units: Set<String>
    /// Units that may be started but of which not everything could be read, with the reason.
    public let undecided: [String: String]
    /// Dependencies that systemd ignores since the entry is no symbolic link: path by unit name.
    public let ignoredFiles: [String: String]
}

extension UnitSet {
    /// The most units that one closure visits.
    static let reachabilityLimit = 50_000

    /// The own names of all units that `default.target` starts; empty when there is no default target.
    public func reachableFromDefaultTarget() -> Set<String> { reachable(from: "default.target").units }

    /// All units that the start of `start` pulls in, `start` included.
    ///
    /// Followed are `Wants=`, `Requires=`, `BindsTo=`, `Upholds=` and `Sockets=`, the entries of `.wants`, `.requires`
    /// and `.upholds`, and the implicit dependencies on `sysinit.target` and `dbus.socket`.
    public func reachable(from start: String) -> UnitReachability {
        var units: Set<String> = []
        var undecided: [String: String] = [:]
        var ignored: [String: String] = [:]
        var visited: Set<String> = []
        var pending = [start]
        while let name = pending.popLast() {
            // Loading costs more than following links, and a unit may have any number of names.
            guard visited.insert(name).inserted, !units.contains(fragment(of: name).name) else { continue }
            guard visited.count <= UnitSet.reachabilityLimit else {
                undecided[name] = "too many units"
                break
            }
            let unit = load(name)
            switch unit.state {
            case .masked, .notFound: continue
            case .badSetting:
                undecided[unit.name] = "systemd refuses the unit file"
                continue
            case .unknown(let reason):
                undecided[unit.name] = reason
                continue
            case .loaded: break
            }
            guard units.insert(unit.name).inserted else { continue }
            if let unread = unit.unreadableDropIns.min(by: { $0.key < $1.key }) {
                undecided[unit.name] = "\(unread.key): \(unread.value)"
            }
            pending += dependencies(of: unit, undecided: &undecided, ignored: &ignored)
        }
        return UnitReachability(units: units, undecided: undecided, ignoredFiles: ignored)
    }

    /// The names that a start of `unit` starts too.
    private func dependencies(
        of unit: LoadedUnit, undecided: inout [String: String], ignored: inout [String: String]
    ) -> [String] {
        var result: [String] = []
        var keys = ["Wants", "Requires", "BindsTo", "Upholds"].map { ("Unit", $0) }
        let name = UnitName(unit.name)
        if name?.type == .service { keys.append(("Service", "Sockets")) }
        for (section, key) in keys {
            // These lists only grow: an empty assignment does not remove what is there (systemd.unit(5)).
            for assignment in unit.assignments(section, key) {
                for word in SettingSyntax.words(assignment.value) {
                    if let name = UnitSpecifiers.expand(word, in: unit.name) {
                        result.append(name)
                    } else {
                        undecided[word] = "a specifier of \(unit.name) that depends on the machine"
                    }
                }
            }
        }
        for suffix in [".wants", ".requires", ".upholds"] {
            for entry in subdirectoryEntries(of: unit.name, aliases: unit.aliases, suffix: suffix) {
                guard !isMask(entry), let wanted = UnitName(entry.name) else { continue }
                guard entry.entry.isSymlink else {
                    ignored[entry.name] = entry.path
                    continue
                }
                // An instance of this unit fills in the template that its directory names.
                if wanted.isTemplate {
                    guard let instance = name?.instance, let filled = wanted.instantiated(instance) else { continue }
                    result.append(filled.text)
                } else {
                    result.append(wanted.text)
                }
            }
            for (path, reason) in unreadableSubdirectories(of: unit.name, aliases: unit.aliases, suffix: suffix) {
                undecided[path] = reason
            }
        }
        if let type = name?.type, [.service, .socket, .timer, .path].contains(type),
            unit.boolean("Unit", "DefaultDependencies")?.value != false
        {
            result.append("sysinit.target")
        }
        if unit.last("Service", "Type")?.value == "dbus" { result.append("dbus.socket") }
        return result
    }

    private func isMask(_ found: SubdirectoryEntry) -> Bool {
        if found.entry.isMask { return true }
        guard case .symlink(let target) = found.entry else { return false }
        let (parent, base) = UnitPath.split(UnitPath.normalized(target, in: found.directory))
        return directory(at: parent)?.entries[base]?.isMask == true
    }

    /// The unit that `name` (a socket, timer, path or automount) starts when it triggers, or nil for other types.
    public func triggered(by name: String) -> String? {
        let unit = load(name)
        guard let parsed = UnitName(unit.name) else { return nil }
        let stem = unit.name.dropLast(parsed.type.rawValue.utf8.count)
        switch parsed.type {
        case .timer: return unit.last("Timer", "Unit")?.value ?? stem + "service"
        case .path: return unit.last("Path", "Unit")?.value ?? stem + "service"
        case .automount: return stem + "mount"
        case .socket:
            if let service = unit.last("Socket", "Service")?.value { return service }
            guard unit.boolean("Socket", "Accept")?.value == true else { return stem + "service" }
            return parsed.instance == nil ? parsed.prefix + "@.service" : stem + "service"
        default: return nil
        }
    }
}

/// The specifiers of unit names that the name alone decides (systemd.unit(5), "Specifiers").
enum UnitSpecifiers {
    /// `text` with its specifiers filled in for the unit `name`, or nil when one depends on the machine.
    static func expand(_ text: String, in name: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        guard let unit = UnitName(name) else { return nil }
        var result = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "%" else {
                result.append(character)
                continue
            }
            switch rest.popFirst() {
            case "%": result += "%"
            case "i", "I": result += unit.instance ?? ""
            case "p", "P": result += unit.prefix
            case "n": result += unit.text
            case "N": result += unit.text.dropLast(unit.type.rawValue.utf8.count + 1)
            case "j", "J": result += unit.prefix.split(separator: "-").last ?? ""
            default: return nil
            }
            guard result.utf8.count <= 4096 else { return nil }
        }
        return result
    }
}
