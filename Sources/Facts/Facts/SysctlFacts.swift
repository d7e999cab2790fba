/// What configuration files and services write to sysctl keys at boot.
public struct SysctlFacts: Codable, Hashable, Sendable {
    /// One write.
    public struct Assignment: Codable, Hashable, Sendable {
        /// The value as written.
        public var value: String
        /// Where it stands.
        public var place: Place

        /// Makes it.
        public init(_ value: String, _ place: Place) {
            self.value = value
            self.place = place
        }
    }

    /// The outcome of the merge for one key.
    public struct Resolved: Codable, Hashable, Sendable {
        /// The assignment that wins.
        public var effective: Assignment
        /// Assignments that lose, in the order in which they are read.
        public var overridden: [Assignment]

        /// Makes it.
        public init(effective: Assignment, overridden: [Assignment]) {
            self.effective = effective
            self.overridden = overridden
        }
    }

    /// A write by a service's script.
    public struct ServiceWrite: Codable, Hashable, Sendable {
        /// The key, with dots.
        public var key: String
        /// The value.
        public var value: String
        /// The line of the script.
        public var place: Place
        /// The unit that runs the script.
        public var unit: String
        /// Whether the unit is started at boot; nil when that is not known.
        public var startsAtBoot: Bool?

        /// Makes it.
        public init(key: String, value: String, place: Place, unit: String, startsAtBoot: Bool?) {
            self.key = key
            self.value = value
            self.place = place
            self.unit = unit
            self.startsAtBoot = startsAtBoot
        }
    }

    /// The files in the order in which systemd-sysctl reads them.
    public var files: [String] = []
    /// Keys (with dots) that the files set.
    public var resolved: [String: Resolved] = [:]
    /// Files and lines that could not be read, so that any key may have another value.
    public var gaps: [Gap] = []
    /// What services known to write do, in the order of their lines.
    public var serviceWrites: [ServiceWrite] = []
    /// Whether systemd-sysctl is there to apply the files; nil when that is not known.
    public var isApplied: Bool?

    /// Starts with nothing.
    public init() {}
}
