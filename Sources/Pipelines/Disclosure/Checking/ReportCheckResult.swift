/// How complete a report is, by the quality levels that Microsoft's bounty programs publish.
///
/// <https://www.microsoft.com/msrc/bounty-example-report-submission>
public enum ReportLevel: String, Codable, CaseIterable, Comparable, Hashable, Sendable {
    /// Less than the lowest level asks.
    case none
    /// Type, component, environment, what was seen, and a proof of concept.
    case low
    /// And a proof of concept that works every time and is as small as can be.
    case medium
    /// And a detailed analysis: all fields of the security policy.
    case high

    /// Orders from less to more.
    public static func < (left: ReportLevel, right: ReportLevel) -> Bool { left.order < right.order }

    private var order: Int { ReportLevel.allCases.firstIndex(of: self) ?? 0 }
}

/// What the check of a report found (docs/schema/disclosure-check.schema.json).
public struct ReportCheckResult: Codable, Hashable, Sendable {
    /// The version of this model.
    public static let currentSchemaVersion = 1

    /// Something that a level asks for.
    public struct Requirement: Codable, Hashable, Sendable {
        /// A name that stays the same (`type`, `analysis`).
        public var id: String
        /// The field or section (`component.name`, `## Impact`).
        public var field: String
        /// The lowest level that asks for it.
        public var level: ReportLevel
        /// Whether the report has it.
        public var isMet: Bool
        /// What is asked, and what is missing of it.
        public var message: String
        /// Whether the security policy names it among what a report must include.
        public var isPolicyField: Bool
        /// The line of the field, or where it would stand.
        public var line: Int
    }

    /// Something that should not be in the report, or should be looked at.
    public struct Warning: Codable, Hashable, Sendable {
        /// The kinds of warning.
        public enum Kind: String, Codable, CaseIterable, Hashable, Sendable {
            /// A key, a token or a password hash.
            case secret
            /// A mail address or a home folder of somebody else.
            case personalData
            /// More than one issue.
            case severalIssues
            /// A link to where everybody can read it.
            case publicLink
            /// A value that is odd.
            case value
        }
        /// The kind.
        public var kind: Kind
        /// What is wrong and why.
        public var message: String
        /// The file: the report's own name or an attachment's path.
        public var file: String
        /// The line, for text.
        public var line: Int?
        /// The offset in bytes, for attachments that are no text.
        public var offset: Int?
    }

    /// The version of this model that the result was written with.
    public var schemaVersion = ReportCheckResult.currentSchemaVersion
    /// The report as the user named it.
    public var report: String
    /// The level that it reaches.
    public var level: ReportLevel
    /// The level that was asked for.
    public var requested: ReportLevel
    /// What the levels ask, in their order.
    public var requirements: [Requirement]
    /// What should be looked at.
    public var warnings: [Warning]
    /// Attachments that could not be read, with the place in the report.
    public var unreadable: [String]

    /// What is missing for `level`.
    public func missing(for level: ReportLevel) -> [Requirement] {
        requirements.filter { !$0.isMet && $0.level <= level }
    }

    /// The result for people.
    public var text: String {
        var lines: [String] = ["\(report): level \(level.rawValue) (\(requested.rawValue) was asked)"]
        for step in ReportLevel.allCases.dropFirst() {
            let own = requirements.filter { $0.level == step }
            let missing = own.filter { !$0.isMet }
            lines.append("")
            lines.append("\(step.rawValue): \(own.count - missing.count) of \(own.count)")
            for requirement in own {
                let place = requirement.isMet ? "" : "\(report):\(requirement.line): "
                lines.append(
                    "  \(requirement.isMet ? "ok      " : "missing ")\(place)\(requirement.field): \(requirement.message)"
                )
            }
        }
        let policy = requirements.filter(\.isPolicyField)
        lines.append("")
        lines.append("fields of the security policy: \(policy.filter(\.isMet).count) of \(policy.count)")
        if !warnings.isEmpty || !unreadable.isEmpty { lines.append("") }
        for warning in warnings {
            let place = [warning.line, warning.line == nil ? warning.offset : nil].compactMap { $0.map { ":\($0)" } }
                .joined()
            lines.append("warning: \(warning.file)\(place): \(warning.message)")
        }
        lines += unreadable.map { "unreadable: \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }
}
