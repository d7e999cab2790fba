import AssayBytes
public import AssayFindings
import FoundationEssentials

/// A finding and what it was found in: from an audit, or from its report.
public struct AuditedFinding: Hashable, Sendable {
    /// One thing seen.
    struct Evidence: Hashable, Sendable {
        var path: String
        var line: Int?
        var value: String
        var how: String
        var isException: Bool
    }

    /// The check.
    public let check: String
    /// The answer.
    public let verdict: Verdict
    let title: String
    let message: String
    let evidence: [Evidence]
    /// The packages with exceptions, those with the most first.
    let packages: [String]
    /// The profile's name and the tool's version.
    let judgedBy: String
    let subject: SubjectSummary

    /// The finding of `check` in the result of an audit, or nil when the profile does not ask it.
    public init?(_ check: String, in result: AuditResult) {
        guard let finding = result.findings.first(where: { $0.check == check }) else { return nil }
        self.init(
            check: check, verdict: finding.verdict, title: finding.title, message: finding.message,
            evidence: finding.evidence.map {
                Evidence(
                    path: $0.location.path, line: $0.location.line, value: $0.value, how: $0.how,
                    isException: $0.isException)
            }, packages: finding.groups.filter { $0.kind == "package" }.map(\.name),
            judgedBy: "profile \(result.profile.name), assay \(result.toolVersion)", subject: result.subject)
    }

    private init(
        check: String, verdict: Verdict, title: String, message: String, evidence: [Evidence], packages: [String],
        judgedBy: String, subject: SubjectSummary
    ) {
        self.check = check
        self.verdict = verdict
        self.title = title
        self.message = message
        // What is against the expectation comes first.
        self.evidence = evidence.filter(\.isException) + evidence.filter { !$0.isException }
        self.packages = packages
        self.judgedBy = judgedBy
        self.subject = subject
    }

    /// The finding of `check` in the JSON report of an audit (docs/schema/audit-report.schema.json).
    ///
    /// - Throws: `DisclosureError` when it is no such report, or has no such finding.
    public init(_ check: String, inReport bytes: [UInt8], named name: String) throws {
        let report: Report
        do {
            report = try JSONDecoder().decode(Report.self, from: Data(bytes))
        } catch {
            throw DisclosureError("'\(name)' is no JSON report of 'assay audit'")
        }
        guard report.schemaVersion == AuditResult.currentSchemaVersion else {
            throw DisclosureError("'\(name)' has version \(report.schemaVersion); this assay reads 1")
        }
        guard let finding = report.findings.first(where: { $0.check == check }) else {
            throw DisclosureError("'\(name)' has no finding of the check '\(EscapedText(check))'")
        }
        self.init(
            check: check, verdict: finding.verdict, title: finding.title, message: finding.message,
            evidence: finding.evidence.prefix(1000).map {
                Evidence(
                    path: $0.location.path, line: $0.location.line, value: $0.value, how: $0.how,
                    isException: $0.isException)
            }, packages: finding.groups.filter { $0.kind == "package" }.map(\.name),
            judgedBy: "profile \(report.profile.name), assay \(report.toolVersion)", subject: report.subject)
    }

    /// The members of the report that are read.
    private struct Report: Decodable {
        struct Profile: Decodable { var name: String }
        struct Finding: Decodable {
            struct Location: Decodable {
                var path: String
                var line: Int?
            }
            struct Evidence: Decodable {
                var location: Location
                var value: String
                var how: String
                var isException: Bool
            }
            struct Group: Decodable {
                var kind: String
                var name: String
            }
            var check: String
            var verdict: Verdict
            var title: String
            var message: String
            var evidence: [Evidence]
            var groups: [Group]
        }
        var schemaVersion: Int
        var toolVersion: String
        var profile: Profile
        var subject: SubjectSummary
        var findings: [Finding]
    }
}
