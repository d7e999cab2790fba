import AssayBytes
import AssayFacts
import AssaySystemd

/// The settings that confine a service, as facts have them.
///
/// Those that the checks ask for stand there when a line sets them, to whatever value; the others when they confine.
/// Booleans are `yes` and `no`, however they are written.
struct ServiceSettings {
    /// Entries of a list that the value shows.
    static let shownEntries = 20

    private(set) var values: [String: Sourced<String>] = [:]
    private let unit: Place

    init(_ sandbox: ServiceSandbox, _ unit: Place) {
        self.unit = unit
        asked("PrivateTmp", sandbox.privateTmp) { $0.rawValue }
        asked("NoNewPrivileges", sandbox.noNewPrivileges, ServiceSettings.text)
        asked("ProtectSystem", sandbox.protectSystem) { $0.rawValue }
        asked("ProtectHome", sandbox.protectHome) { $0.rawValue }
        asked("DynamicUser", sandbox.dynamicUser, ServiceSettings.text)
        confining("PrivateDevices", sandbox.privateDevices)
        confining("RestrictSUIDSGID", sandbox.restrictSUIDSGID)
        confining("RemoveIPC", sandbox.removeIPC)
        if let user = sandbox.user {
            values["User"] = Sourced(EscapedText(user.value).description, place(user.location))
        }
        if let filter = sandbox.systemCallFilter {
            let location = filter.entries.last?.location ?? filter.exceptions.last?.location
            values["SystemCallFilter"] = Sourced(ServiceSettings.text(filter), place(location))
        }
        if let last = sandbox.capabilityBoundingSet.last {
            let words = sandbox.capabilityBoundingSet.map(\.value)
            values["CapabilityBoundingSet"] = Sourced(ServiceSettings.joined(words), place(last.location))
        }
    }

    private mutating func asked<Value>(
        _ key: String, _ setting: EffectiveSetting<Value>, _ text: (Value) -> String
    ) {
        guard let location = setting.location else { return }
        values[key] = Sourced(text(setting.value), Place(location))
    }

    private mutating func confining(_ key: String, _ setting: EffectiveSetting<Bool>) {
        guard setting.value else { return }
        values[key] = Sourced("yes", place(setting.location))
    }

    private func place(_ location: SettingLocation?) -> Place { location.map { Place($0) } ?? unit }

    private static func text(_ value: Bool) -> String { value ? "yes" : "no" }

    /// The entries, with `~` before a list of what is forbidden, and those taken out of it.
    private static func text(_ filter: SystemCallFilter) -> String {
        let list = (filter.mode == .denyList ? "~" : "") + joined(filter.entries.map(\.text))
        return filter.exceptions.isEmpty ? list : list + ", without " + joined(filter.exceptions.map(\.text))
    }

    private static func joined(_ words: [String]) -> String {
        let shown = words.prefix(shownEntries).map { EscapedText($0).description }.joined(separator: " ")
        return words.count > shownEntries ? shown + " and \(words.count - shownEntries) more" : shown
    }
}
