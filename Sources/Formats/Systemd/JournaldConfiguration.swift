/// A value with the line that set it.
public struct EffectiveSetting<Value: Hashable & Sendable>: Hashable, Sendable {
    /// The value in force.
    public let value: Value
    /// The line that set it; nil when it is the default.
    public let location: SettingLocation?

    /// Makes a value that `location` set, or a default.
    public init(_ value: Value, location: SettingLocation? = nil) {
        self.value = value
        self.location = location
    }
}

/// What journald.conf and its drop-ins say about keeping and sealing the journal.
///
/// The settings are journald.conf(5), https://www.freedesktop.org/software/systemd/man/latest/journald.conf.html.
public struct JournaldConfiguration: Hashable, Sendable {
    /// Where the journal is kept.
    public enum Storage: String, Hashable, Sendable {
        /// In memory, below `/run/log/journal`.
        case volatile
        /// On disk, below `/var/log/journal`, which is made if it is not there.
        case persistent
        /// On disk if `/var/log/journal` is there, else in memory.
        case auto
        /// Nowhere.
        case none
    }

    /// `Storage=`; the default is `auto`.
    public let storage: EffectiveSetting<Storage>
    /// `Seal=`; the default is yes, which has no effect without sealing keys.
    public let seal: EffectiveSetting<Bool>
    /// Files that apply but could not be read: the values are then not certain.
    public let unreadable: [String: String]

    /// Reads the effective values.
    ///
    /// Values that systemd cannot read are passed over, as systemd does.
    public init(_ configuration: SystemdConfiguration) {
        var storage = EffectiveSetting(Storage.auto)
        for assignment in configuration.assignments("Journal", "Storage") {
            if let value = Storage(rawValue: assignment.value) {
                storage = EffectiveSetting(value, location: assignment.location)
            }
        }
        var seal = EffectiveSetting(true)
        for assignment in configuration.assignments("Journal", "Seal") {
            if let value = SettingSyntax.boolean(assignment.value) {
                seal = EffectiveSetting(value, location: assignment.location)
            }
        }
        self.storage = storage
        self.seal = seal
        unreadable = configuration.unreadable
    }
}
