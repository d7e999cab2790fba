/// What the vendor or administrator wants a unit's state to be when it is first installed.
public enum UnitPresetAction: String, Hashable, Sendable {
    /// To be enabled.
    case enable
    /// To be disabled.
    case disable
    /// To be left as it is.
    case ignore
}

/// The rule that decides a unit's preset.
public struct UnitPresetDecision: Hashable, Sendable {
    /// What to do.
    public let action: UnitPresetAction
    /// The line that says so; nil when no rule names the unit, which means `enable`.
    public let location: SettingLocation?
}

/// The rules of all preset files of a subject, in the order in which systemd tries them.
///
/// The format is systemd.preset(5), https://www.freedesktop.org/software/systemd/man/latest/systemd.preset.html:
/// the first rule that matches wins, and a unit that no rule matches is to be enabled.
public struct UnitPresets: Hashable, Sendable {
    /// The most rules read.
    public static let ruleLimit = 100_000

    /// One line.
    public struct Rule: Hashable, Sendable {
        /// What to do.
        public let action: UnitPresetAction
        /// A glob over unit names.
        public let pattern: String
        /// The instances that an `enable` line of a template names; empty when it names none.
        public let instances: [String]
        /// Where it stands.
        public let location: SettingLocation
    }

    /// The rules in the order in which they are tried.
    public let rules: [Rule]
    /// Lines that are neither rule nor comment, which systemd ignores; at most one thousand.
    public let ignoredLines: [SettingLocation]
    /// Preset files that could not be read, with the reason: a rule may then be missing.
    public let unreadable: [String: String]

    /// The directories of system presets, highest priority first.
    public static let systemDirectoryPaths = [
        "/etc/systemd/system-preset", "/run/systemd/system-preset", "/usr/local/lib/systemd/system-preset",
        "/usr/lib/systemd/system-preset", "/lib/systemd/system-preset",
    ]

    /// The directories of user presets, highest priority first.
    public static let userDirectoryPaths = [
        "/etc/systemd/user-preset", "/run/systemd/user-preset", "/usr/local/lib/systemd/user-preset",
        "/usr/lib/systemd/user-preset",
    ]

    /// Reads the rules of all `.preset` files.
    ///
    /// - Parameter directories: the listings of the preset directories, highest priority first.
    public init(directories: [DropInDirectory]) {
        var rules: [Rule] = []
        var ignored: [SettingLocation] = []
        let found = DropInDirectory.merged(directories, suffix: ".preset")
        var unreadable = found.unreadable
        for file in found.files {
            var lines = ConfigurationLines(file.bytes)
            while let line = lines.next() {
                guard rules.count < UnitPresets.ruleLimit else {
                    unreadable[file.path] = "more than \(UnitPresets.ruleLimit) rules in all preset files"
                    break
                }
                let words = String(decoding: line.bytes, as: UTF8.self).split { $0.isASCII && $0.isWhitespace }
                guard let first = words.first, first.first != "#", first.first != ";" else { continue }
                let location = SettingLocation(path: file.path, line: line.number)
                guard let action = UnitPresetAction(rawValue: String(first)), words.count > 1,
                    let rule = UnitPresets.rule(action, words.dropFirst().map(String.init), location)
                else {
                    if ignored.count < 1000 { ignored.append(location) }
                    continue
                }
                rules.append(rule)
            }
        }
        self.rules = rules
        ignoredLines = ignored
        self.unreadable = unreadable
    }

    private static func rule(
        _ action: UnitPresetAction, _ words: [String], _ location: SettingLocation
    ) -> Rule? {
        let pattern = words[0]
        if action == .enable, words.count > 1 {
            guard UnitName(pattern)?.isTemplate == true else { return nil }
            return Rule(action: action, pattern: pattern, instances: Array(words.dropFirst()), location: location)
        }
        // The other actions take the rest of the line as one pattern.
        return Rule(action: action, pattern: words.joined(separator: " "), instances: [], location: location)
    }

    /// What the presets say about `name`.
    public func decision(for name: String) -> UnitPresetDecision {
        for rule in rules {
            if matches(rule, name) { return UnitPresetDecision(action: rule.action, location: rule.location) }
        }
        return UnitPresetDecision(action: .enable, location: nil)
    }

    private func matches(_ rule: Rule, _ name: String) -> Bool {
        if Glob.matches(rule.pattern, name) { return true }
        guard !rule.instances.isEmpty, let unit = UnitName(name), let template = unit.template else { return false }
        return rule.pattern == template.text && rule.instances.contains(unit.instance ?? "")
    }
}
