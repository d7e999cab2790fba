/// What a service is confined by, from its unit file and drop-ins.
///
/// The settings are systemd.exec(5), https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html. A filter
/// that the program sets up itself can't be seen here.
public struct ServiceSandbox: Hashable, Sendable {
    /// A private `/tmp`.
    public enum PrivateTmp: String, Hashable, Sendable {
        /// The system's `/tmp` is shared.
        case no
        /// A `/tmp` of its own below the system's.
        case yes
        /// A `/tmp` in memory of its own, with no tie to the system's (since systemd 257).
        case disconnected
    }

    /// How much of the system's files the service may write.
    public enum ProtectSystem: String, Hashable, Sendable {
        /// Everything that its user may write.
        case no
        /// `/usr` and the boot loader's directories are read-only.
        case yes
        /// `/etc` too.
        case full
        /// Everything but `/dev`, `/proc` and `/sys` is read-only.
        case strict
    }

    /// What the service sees of home directories.
    public enum ProtectHome: String, Hashable, Sendable {
        /// Everything that its user may.
        case no
        /// Nothing.
        case yes
        /// They are read-only.
        case readOnly = "read-only"
        /// Empty directories stand in their place.
        case tmpfs
    }

    /// `PrivateTmp=`, after what `DynamicUser=` forces.
    public let privateTmp: EffectiveSetting<PrivateTmp>
    /// `NoNewPrivileges=`, after what `DynamicUser=` forces.
    public let noNewPrivileges: EffectiveSetting<Bool>
    /// `ProtectSystem=`, after what `DynamicUser=` forces.
    public let protectSystem: EffectiveSetting<ProtectSystem>
    /// `ProtectHome=`, after what `DynamicUser=` forces.
    public let protectHome: EffectiveSetting<ProtectHome>
    /// `PrivateDevices=`.
    public let privateDevices: EffectiveSetting<Bool>
    /// `RestrictSUIDSGID=`, after what `DynamicUser=` forces.
    public let restrictSUIDSGID: EffectiveSetting<Bool>
    /// `RemoveIPC=`, after what `DynamicUser=` forces.
    public let removeIPC: EffectiveSetting<Bool>
    /// `DynamicUser=`.
    public let dynamicUser: EffectiveSetting<Bool>
    /// `User=` as written; nil for root.
    public let user: EffectiveSetting<String>?
    /// `SystemCallFilter=`; nil when there is no filter.
    public let systemCallFilter: SystemCallFilter?
    /// The values of `CapabilityBoundingSet=` as written, those before an empty one left out.
    public let capabilityBoundingSet: [EffectiveSetting<String>]
    /// The commands of `ExecStart=`.
    public let startCommands: [ServiceCommand]
    /// `DefaultDependencies=no`: the service runs in a special phase of the boot, where the file system may not be
    /// ready for a private `/tmp`, so that its absence is no weakness.
    public let isSpecialBootPhase: Bool
    /// Values that systemd cannot read and therefore ignores.
    public let ignored: [Assignment]

    /// Values for which systemd refuses the unit when they stand in its main file (`DynamicUser=` that is no boolean).
    ///
    /// In a drop-in such a line ends the reading of that drop-in.
    public let refused: [Assignment]

    /// Reads the sandbox of `unit`.
    public init(_ unit: LoadedUnit) {
        var reader = SettingReader(unit: unit)
        let dynamicUser = reader.boolean("DynamicUser")
        let forced = dynamicUser.value ? dynamicUser.location : nil
        func force<Value>(_ setting: EffectiveSetting<Value>, to value: Value) -> EffectiveSetting<Value> {
            guard dynamicUser.value, setting.value != value else { return setting }
            return EffectiveSetting(value, location: forced)
        }
        let privateTmp = reader.choice("PrivateTmp", PrivateTmp.no)
        // A dynamic user accepts either kind of private directory.
        self.privateTmp = privateTmp.value == .no ? force(privateTmp, to: .yes) : privateTmp
        noNewPrivileges = force(reader.boolean("NoNewPrivileges"), to: true)
        protectSystem = force(reader.choice("ProtectSystem", ProtectSystem.no), to: .strict)
        let protectHome = reader.choice("ProtectHome", ProtectHome.no)
        self.protectHome = protectHome.value == .no ? force(protectHome, to: .readOnly) : protectHome
        privateDevices = reader.boolean("PrivateDevices")
        restrictSUIDSGID = force(reader.boolean("RestrictSUIDSGID"), to: true)
        removeIPC = force(reader.boolean("RemoveIPC"), to: true)
        self.dynamicUser = dynamicUser
        user = unit.last("Service", "User").flatMap {
            $0.value.isEmpty ? nil : EffectiveSetting($0.value, location: $0.location)
        }
        systemCallFilter = SystemCallFilter(unit.assignments("Service", "SystemCallFilter"))
        capabilityBoundingSet = reader.sinceReset("CapabilityBoundingSet").map {
            EffectiveSetting($0.value, location: $0.location)
        }
        startCommands = reader.sinceReset("ExecStart").flatMap { ServiceCommand.parse($0) }
        isSpecialBootPhase = unit.boolean("Unit", "DefaultDependencies")?.value == false
        refused = reader.ignored.filter { $0.key == "DynamicUser" }
        ignored = reader.ignored.filter { $0.key != "DynamicUser" }
    }

    /// Settings that make systemd switch on `NoNewPrivileges=` by itself when the service runs without CAP_SYS_ADMIN.
    ///
    /// Only the run time decides whether the capability is there, so that `noNewPrivileges` does not count them.
    public var impliesNoNewPrivileges: Bool {
        (user != nil && user?.value != "root" && user?.value != "0")
            && (systemCallFilter != nil || privateDevices.value || restrictSUIDSGID.value)
    }
}

/// Reads settings of the `[Service]` section and collects what cannot be read.
private struct SettingReader {
    let unit: LoadedUnit
    var ignored: [Assignment] = []

    mutating func boolean(_ key: String) -> EffectiveSetting<Bool> {
        var result = EffectiveSetting(false)
        for assignment in unit.assignments("Service", key) {
            if let value = SettingSyntax.boolean(assignment.value) {
                result = EffectiveSetting(value, location: assignment.location)
            } else {
                ignored.append(assignment)
            }
        }
        return result
    }

    /// A setting with named values, of which `yes` and `no` are written as any boolean.
    mutating func choice<Value: RawRepresentable<String> & Hashable & Sendable>(
        _ key: String, _ standard: Value
    ) -> EffectiveSetting<Value> {
        var result = EffectiveSetting(standard)
        for assignment in unit.assignments("Service", key) {
            let text = SettingSyntax.boolean(assignment.value).map { $0 ? "yes" : "no" } ?? assignment.value
            if let value = Value(rawValue: text) {
                result = EffectiveSetting(value, location: assignment.location)
            } else {
                ignored.append(assignment)
            }
        }
        return result
    }

    /// The assignments behind the last empty one.
    func sinceReset(_ key: String) -> [Assignment] {
        let all = unit.assignments("Service", key)
        guard let reset = all.lastIndex(where: \.value.isEmpty) else { return all }
        return Array(all[(reset + 1)...])
    }
}

/// The system calls that a service may make or may not make.
public struct SystemCallFilter: Hashable, Sendable {
    /// What the entries mean.
    public enum Mode: Hashable, Sendable {
        /// Only the entries, and systemd's `@default` group, are allowed.
        case allowList
        /// Everything but the entries is allowed.
        case denyList
    }

    /// What the entries mean: the first assignment, or the first behind an empty one, decides.
    public let mode: Mode
    /// System calls and groups (`@swap`) in the list, in the order of their first mention, with the error that a call
    /// gives (`:EPERM`) as written.
    ///
    /// Entries that a later assignment takes out are gone; a group is not expanded, so that taking out one call of
    /// it is kept in `exceptions`.
    public let entries: [UnitWord]
    /// Calls and groups taken out of the list that are not entries by themselves: they narrow a group.
    public let exceptions: [UnitWord]

    /// Reads the assignments of `SystemCallFilter=` in order; nil when none is in force.
    init?(_ assignments: [Assignment]) {
        var mode: Mode?
        var entries = OrderedWords()
        var exceptions = OrderedWords()
        for assignment in assignments {
            guard !assignment.value.isEmpty else {
                mode = nil
                entries = OrderedWords()
                exceptions = OrderedWords()
                continue
            }
            let isInverted = assignment.value.hasPrefix("~")
            let current = mode ?? (isInverted ? .denyList : .allowList)
            mode = current
            let adds = isInverted == (current == .denyList)
            for text in SettingSyntax.words(isInverted ? String(assignment.value.dropFirst()) : assignment.value) {
                let word = UnitWord(text: text, location: assignment.location)
                if adds {
                    exceptions.remove(word)
                    entries.insert(word)
                } else if !entries.remove(word) {
                    exceptions.insert(word)
                }
            }
        }
        guard let mode else { return nil }
        self.mode = mode
        self.entries = entries.words
        self.exceptions = exceptions.words
    }
}

/// System calls in the order of their first mention, told apart by what stands before the error.
private struct OrderedWords {
    private var order: [Substring: Int] = [:]
    private var slots: [UnitWord?] = []

    var words: [UnitWord] { slots.compactMap(\.self) }

    mutating func insert(_ word: UnitWord) {
        let name = word.text.prefix { $0 != ":" }
        guard order[name] == nil else { return }
        order[name] = slots.count
        slots.append(word)
    }

    @discardableResult
    mutating func remove(_ word: UnitWord) -> Bool {
        guard let position = order.removeValue(forKey: word.text.prefix { $0 != ":" }) else { return false }
        slots[position] = nil
        return true
    }
}

/// One command of `ExecStart=`.
public struct ServiceCommand: Hashable, Sendable {
    /// The program, without systemd's prefixes; specifiers and variables are not filled in.
    public let path: String
    /// Whether it runs outside of the sandbox and with full privileges (prefix `+`, or `!` and `!!` in part).
    public let isPrivileged: Bool
    /// The assignment.
    public let location: SettingLocation

    /// The commands of one assignment: they are separated by a word that is a single semicolon.
    static func parse(_ assignment: Assignment) -> [ServiceCommand] {
        var result: [ServiceCommand] = []
        var isFirst = true
        for word in SettingSyntax.words(assignment.value) {
            if word == ";" {
                isFirst = true
            } else if isFirst, result.count < 1000 {
                isFirst = false
                let prefix = word.prefix { "@-:+!|".contains($0) }
                result.append(
                    ServiceCommand(
                        path: String(word.dropFirst(prefix.count)),
                        isPrivileged: prefix.contains("+") || prefix.contains("!"), location: assignment.location))
            }
        }
        return result
    }
}
