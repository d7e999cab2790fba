import AssaySecurityText

/// What is said of a security.txt file (docs/schema/security-txt-check.schema.json).
public struct SecurityTextCheck: Codable, Hashable, Sendable {
    /// The version of this model.
    public static let currentSchemaVersion = 1

    /// One thing about the file.
    public struct Issue: Codable, Hashable, Sendable {
        /// What it is (`no-contact`).
        public var code: String
        /// `error`, `recommendation` or `note`.
        public var level: String
        /// The line, from 1; nil when it is about the whole file.
        public var line: Int?
        /// What exactly, in words.
        public var reason: String
    }

    /// The version of this model that it was written with.
    public var schemaVersion = SecurityTextCheck.currentSchemaVersion
    /// The file, escaped.
    public var file: String
    /// Whether it keeps RFC 9116.
    public var isValid: Bool
    /// Everything, in the order of lines.
    public var issues: [Issue]

    init(file: String, _ issues: [SecurityTextIssue]) {
        self.file = file
        isValid = !issues.contains { $0.code.level == .error }
        self.issues = issues.map {
            Issue(code: $0.code.rawValue, level: $0.code.level.rawValue, line: $0.line, reason: $0.reason)
        }
    }

    /// The same for people, a line for each issue.
    public var text: String {
        guard !issues.isEmpty else { return "\(file): nothing to say\n" }
        return issues.map { "\($0.level): \(file)\($0.line.map { ":\($0)" } ?? ""): \($0.reason)\n" }.joined()
    }
}

/// What a new security.txt file shall say.
public struct SecurityTextRequest: Hashable, Sendable {
    /// Where to report, the preferred way first.
    public var contacts: [String]
    /// For how many days the file holds.
    public var days: Int
    /// Where the key for encrypted mail is.
    public var encryption: [String] = []
    /// Where those who reported are thanked.
    public var acknowledgments: [String] = []
    /// The languages that are read.
    public var languages: [String] = []
    /// Where the file is published.
    public var canonical: [String] = []
    /// Where the policy stands.
    public var policy: [String] = []
    /// Where open positions stand.
    public var hiring: [String] = []
    /// The provider-metadata.json of CSAF.
    public var providerMetadata: [String] = []

    /// Makes a request.
    public init(contacts: [String], days: Int) {
        self.contacts = contacts
        self.days = days
    }

    /// The file, and what could be better in it.
    ///
    /// - Parameter time: seconds since 1970.
    /// - Returns: the bytes and what is advised.
    /// - Throws: `DisclosureError` when the file would not be valid.
    public func made(at time: Int64) throws -> (bytes: [UInt8], advice: [String]) {
        var content = SecurityTextContent(contacts: contacts, expires: time + Int64(days) * 86_400)
        content.encryption = encryption
        content.acknowledgments = acknowledgments
        content.languages = languages
        content.canonical = canonical
        content.policy = policy
        content.hiring = hiring
        content.providerMetadata = providerMetadata
        guard let bytes = content.bytes else {
            throw DisclosureError("a value is empty, too long or has a control character")
        }
        let issues = SecurityText(bytes).judge(at: time)
        if let error = issues.first(where: { $0.code.level == .error }) {
            throw DisclosureError("the file would not be valid: \(error.reason)")
        }
        return (bytes, issues.filter { $0.code != .notSigned }.map(\.reason))
    }
}
