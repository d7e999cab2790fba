public import AssayFindings

/// A named, versioned list of checks with what is expected of each.
public struct Profile: Hashable, Sendable {
    /// A row of the matrix.
    public struct Row: Hashable, Sendable {
        /// The check's id.
        public var check: String
        /// The title in the vendor's matrix.
        public var title: String
        /// What the vendor promises; nil for a check beyond the matrix.
        public var documented: Expectation?
        /// What is asked, where it is not what is documented.
        public var expected: Expectation?
        /// How much a failure matters; nil for the check's own severity.
        public var severity: Severity?
        /// Values that the check judges with, by name.
        public var parameters: [String: String]

        /// Makes a row.
        public init(
            check: String, title: String, documented: Expectation?, expected: Expectation? = nil,
            severity: Severity? = nil, parameters: [String: String] = [:]
        ) {
            self.check = check
            self.title = title
            self.documented = documented
            self.expected = expected
            self.severity = severity
            self.parameters = parameters
        }

        /// The state that the verdict asks for: what the profile expects, or what is documented, or on.
        public var expectation: Expectation { expected ?? documented ?? .byDefault }
    }

    /// A heading and its rows.
    public struct Section: Hashable, Sendable {
        /// The heading.
        public var title: String
        /// The rows.
        public var rows: [Row]

        /// Makes a section.
        public init(title: String, rows: [Row]) {
            self.title = title
            self.rows = rows
        }
    }

    /// The name, as given to `--profile`.
    public var name: String
    /// The version of the profile.
    public var version: String
    /// What it is, in one line.
    public var title: String
    /// Where the vendor documents the matrix.
    public var reference: String
    /// `ID` values of os-release that this profile is the default for.
    public var operatingSystems: [String]
    /// The first `VERSION_ID` that this profile is the default for; nil for every version.
    public var sinceVersion: String?
    /// The sections in order.
    public var sections: [Section]

    /// Makes a profile.
    public init(
        name: String, version: String, title: String, reference: String, operatingSystems: [String],
        sinceVersion: String? = nil, sections: [Section]
    ) {
        self.name = name
        self.version = version
        self.title = title
        self.reference = reference
        self.operatingSystems = operatingSystems
        self.sinceVersion = sinceVersion
        self.sections = sections
    }
}

/// What a check is judged under: one row of a profile.
public struct CheckContext: Hashable, Sendable {
    /// The state that the verdict asks for.
    public var expected: Expectation
    /// Values that the check judges with, by name.
    public var parameters: [String: String]
    /// What makes a signature acceptable.
    public var signatures: SignaturePolicy
    /// The day of judgement, `YYYY-MM-DD` in UTC.
    public var today: String

    /// Makes a context.
    public init(
        expected: Expectation, parameters: [String: String] = [:], signatures: SignaturePolicy = .standard,
        today: String = "9999-12-31"
    ) {
        self.expected = expected
        self.parameters = parameters
        self.signatures = signatures
        self.today = today
    }

    /// The whole number that the row gives for `name`, or `fallback`.
    public func number(_ name: String, default fallback: Int) -> Int { parameters[name].flatMap(Int.init) ?? fallback }
}
