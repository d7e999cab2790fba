import AssayBytes
import AssayFacts
import AssayFileSystem
import AssaySystemd

/// The subject's system units and what a boot starts of them, for every collector that asks about a service.
struct ServiceUnits: Sendable {
    /// What decides which units a boot starts.
    enum Start: Hashable, Sendable {
        /// The units that `default.target` pulls in.
        case defaultTarget
        /// The subject has no `default.target`: the units that links of the usual targets' directories name.
        case links
    }

    /// Targets of which the links count in a subject without a `default.target`.
    static let usualTargets = [
        "multi-user.target", "graphical.target", "sysinit.target", "basic.target", "timers.target", "sockets.target",
    ]

    /// The units as they stand in the subject.
    let set: UnitSet
    /// What decides which units a boot starts.
    let start: Start
    /// Whether the next boot is the first one, at which the presets are applied.
    let isFirstBoot: Bool
    /// Whether there is a directory of units at all.
    let hasSystemd: Bool
    /// The own names of the units that a boot starts.
    let started: Set<String>
    /// Units, and paths, of which not everything could be read, with the reason.
    let undecided: [String: String]
    /// Paths of entries beside links that systemd ignores since they are no links, by unit name.
    private let ignoredFiles: [String: String]
    /// The sockets, timers and paths that start a service on demand, by the service's name.
    private let triggers: [String: String]

    init(set: UnitSet, presets: UnitPresets, isFirstBoot: Bool, hasSystemd: Bool) {
        self.set = set
        self.isFirstBoot = isFirstBoot
        self.hasSystemd = hasSystemd
        let booted = isFirstBoot ? set.afterFirstBoot(presets) : set
        let hasTarget = set.load("default.target").state != .notFound
        start = hasTarget ? .defaultTarget : .links
        var units: Set<String> = []
        var undecided: [String: String] = [:]
        var ignored: [String: String] = [:]
        for unit in hasTarget ? ["default.target"] : ServiceUnits.linked(in: booted) {
            guard !units.contains(unit) else { continue }
            let reached = booted.reachable(from: unit)
            units.formUnion(reached.units)
            undecided.merge(reached.undecided) { first, _ in first }
            ignored.merge(reached.ignoredFiles) { first, _ in first }
        }
        for directory in booted.directories {
            for (name, reason) in directory.unreadableSubdirectories where !name.hasSuffix(".d") {
                undecided[directory.path + "/" + name] = reason
            }
        }
        started = units
        self.undecided = undecided
        ignoredFiles = ignored
        var triggers: [String: String] = [:]
        for unit in units.sorted() {
            guard let service = booted.triggered(by: unit) else { continue }
            triggers[booted.load(service).name] = unit
        }
        self.triggers = triggers
    }

    /// The units that the links of the usual targets name, ordered.
    private static func linked(in set: UnitSet) -> [String] {
        var result: Set<String> = []
        for directory in set.directories {
            for target in usualTargets {
                for suffix in [".wants", ".requires", ".upholds"] {
                    for (name, entry) in directory.subdirectories[target + suffix] ?? [:] {
                        if case .symlink = entry { result.insert(name) }
                    }
                }
            }
        }
        return result.sorted()
    }

    /// Whether a boot starts `unit`; nil when that cannot be told.
    ///
    /// False for what a socket, timer or bus message starts on demand. Conditions of the unit are not judged. In a subject
    /// without a `default.target` a unit counts that a link of one of the usual targets leads to.
    func startsAtBoot(_ unit: String) -> Bool? {
        let loaded = set.load(unit)
        if started.contains(loaded.name) { return true }
        switch loaded.state {
        case .masked, .notFound, .badSetting: return false
        case .unknown: return nil
        case .loaded: break
        }
        return undecided[loaded.name] == nil && !hasUnreadDirectory ? false : nil
    }

    /// Whether a directory of links could not be read, so that it may start anything.
    private var hasUnreadDirectory: Bool { undecided.keys.contains { $0.hasPrefix("/") } }

    /// Why `startsAtBoot` says what it says, in words.
    func startReason(_ unit: String) -> String {
        let loaded = set.load(unit)
        let name = loaded.name
        if started.contains(name) {
            let links = set.enablement(of: name).links
            if isFirstBoot, links.isEmpty, set.enablement(of: name).state == .disabled {
                return "the presets enable \(name) at the first boot"
            }
            let by = start == .defaultTarget ? "default.target starts \(name)" : "\(name) is enabled"
            return by + (links.first.map { " (\(EscapedText($0).description))" } ?? "")
        }
        switch loaded.state {
        case .masked:
            return "\(name) is masked" + (loaded.fragmentPath.map { " by \(EscapedText($0).description)" } ?? "")
        case .notFound: return "there is no unit \(name)"
        case .badSetting: return "systemd refuses the unit file of \(name)"
        case .unknown(let reason): return "\(name): \(reason)"
        case .loaded: break
        }
        if let reason = undecided[name] { return "\(name): \(reason)" }
        if let directory = undecided.keys.sorted().first(where: { $0.hasPrefix("/") }) {
            return "'\(EscapedText(directory).description)': \(undecided[directory] ?? "")"
        }
        let ignored = ignoredFiles[name] ?? set.enablement(of: name).ignoredFiles.first
        if let ignored {
            return "'\(EscapedText(ignored).description)' is not a symbolic link, so systemd ignores it"
        }
        if let trigger = triggers[name] { return "\(name) is started on demand by \(trigger)" }
        return "nothing starts \(name) at boot (it is \(enablement(unit)))"
    }

    /// The state of the unit file in the words of `systemctl is-enabled`.
    func enablement(_ unit: String) -> String { set.enablement(of: unit).state.rawValue }

    /// The path of the unit's file, or nil when there is none.
    func file(of unit: String) -> TreePath? {
        let loaded = set.load(unit)
        guard loaded.state == .loaded else { return nil }
        return loaded.fragmentPath.map { TreePath($0) }
    }

    /// The programs that the service starts, each with the line that says so.
    func startPrograms(of unit: String) -> [Sourced<String>] {
        let loaded = set.load(unit)
        guard loaded.state == .loaded else { return [] }
        return ServiceSandbox(loaded).startCommands.map {
            Sourced(EscapedText($0.path).description, Place($0.location))
        }
    }
}
