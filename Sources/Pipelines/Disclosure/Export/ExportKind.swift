/// What a report can be written as.
public enum ExportKind: String, CaseIterable, Hashable, Sendable {
    /// A mail to a vendor, encrypted (RFC 3156).
    case msrcMail = "msrc-mail"
    /// The body of a private vulnerability report to a repository on GitHub.
    case gitHub = "github"
    /// CSAF, a security advisory.
    case csaf
    /// CSAF, VEX.
    case csafVEX = "csaf-vex"
    /// OpenVEX 0.2.0.
    case openVEX = "openvex"
    /// OSV.
    case osv
    /// The container of a CVE record that its CNA fills, JSON 5.1.
    case cve
    /// The vendor's security.txt (RFC 9116), of the contact and policy in the report.
    case securityText = "security-txt"
    /// Markdown with everything that the report says.
    case markdown
    /// The same as one self-contained page.
    case html
}

extension ExportKind {
    /// Whether it has versions to choose from.
    public var isCSAF: Bool { self == .csaf || self == .csafVEX }
}

/// What is needed for an export beside the report.
public struct ExportRequest: Hashable, Sendable {
    /// Who speaks in an advisory.
    public enum Publisher: String, CaseIterable, Hashable, Sendable {
        /// The reporter, who found it.
        case reporter
        /// The vendor, who fixes it.
        case vendor
    }

    /// The versions of CSAF.
    public enum CSAF: String, CaseIterable, Hashable, Sendable {
        /// CSAF 2.0, the OASIS Standard.
        case v20 = "2.0"
        /// CSAF 2.1, Committee Specification Draft 04.
        case v21 = "2.1"
    }

    /// What is written.
    public var kind: ExportKind
    /// The time of the export in seconds since 1970.
    public var time: Int64
    /// Who speaks.
    public var publisher: Publisher
    /// The identifier of the advisory; nil for the report's own.
    public var id: String?
    /// The version of CSAF, for the kinds that are CSAF.
    public var csaf: CSAF

    /// Makes a request.
    public init(
        _ kind: ExportKind, time: Int64, publisher: Publisher = .reporter, id: String? = nil, csaf: CSAF = .v20
    ) {
        self.kind = kind
        self.time = time
        self.publisher = publisher
        self.id = id
        self.csaf = csaf
    }
}

/// What was written is not what its own schema allows: a bug of this program, never of the report.
public struct ExportBug: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence for people.
    public let description: String
}
