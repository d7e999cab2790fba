/// The settings of apt that turn checks of signatures, dates and certificates off, with what is in force.
///
/// https://manpages.debian.org/bookworm/apt/apt-secure.8.en.html,
/// https://manpages.debian.org/bookworm/apt/apt-transport-https.1.en.html
public struct AptSecurity: Hashable, Sendable {
    /// A setting that is in force.
    public struct Setting: Hashable, Sendable {
        /// The full name.
        public let name: String
        /// Whether it is on.
        public let value: Bool
        /// Whether the value is the safe one, which is the default of each.
        public let isSafe: Bool
        /// Where it was set; nil for the default.
        public let position: SourcePosition?
    }

    /// Every setting, defaults included, with those of single hosts at the end.
    public let settings: [Setting]

    /// The names with the value that checks.
    private static let safeValues: [(name: String, value: Bool)] = [
        ("APT::Get::AllowUnauthenticated", false), ("Acquire::AllowInsecureRepositories", false),
        ("Acquire::AllowWeakRepositories", false), ("Acquire::AllowDowngradeToInsecureRepositories", false),
        ("Acquire::Check-Valid-Until", true), ("Acquire::Check-Date", true), ("Acquire::https::Verify-Peer", true),
        ("Acquire::https::Verify-Host", true),
    ]

    /// Takes the settings from `configuration`.
    ///
    /// A value that is neither true nor false leaves the default in force, as in apt.
    public init(_ configuration: AptConfiguration) {
        var settings: [Setting] = []
        func add(_ name: String, safe: Bool) {
            let isSet = configuration.boolean(name)
            settings.append(
                Setting(
                    name: name, value: isSet ?? safe, isSafe: (isSet ?? safe) == safe,
                    position: isSet == nil ? nil : configuration[name]?.position))
        }
        for (name, value) in AptSecurity.safeValues { add(name, safe: value) }
        for host in configuration.names(below: "Acquire::https") {
            for key in ["Verify-Peer", "Verify-Host"] {
                let name = "Acquire::https::\(host)::\(key)"
                if configuration[name] != nil { add(name, safe: true) }
            }
        }
        self.settings = settings
    }

    /// The settings that turn a check off.
    public var unsafe: [Setting] { settings.filter { !$0.isSafe } }

    /// The setting called `name`, in these letters.
    public subscript(name: String) -> Setting? { settings.first { $0.name == name } }
}
