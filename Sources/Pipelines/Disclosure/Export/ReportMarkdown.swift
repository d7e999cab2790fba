import AssayAdvisories
import AssayBytes
import AssayVulnerabilityReport
import Crypto

/// A report for people: every field under the heading that a vendor's policy has for it.
///
/// The order is that of Microsoft's policy (https://github.com/microsoft/azurelinux/blob/3.0/SECURITY.md).
struct ReportMarkdown {
    private let opened: OpenedReport
    private var report: VulnerabilityReport { opened.report }

    init(_ opened: OpenedReport) { self.opened = opened }

    /// The text.
    ///
    /// - Throws: `DisclosureError` when an attachment cannot be read.
    func text() throws -> String {
        var lines: [String] = ["# \(Self.line(report.title ?? "Vulnerability report"))", ""]
        for part in try parts() {
            lines.append("## \(part.title)")
            lines.append("")
            lines += part.rows.map { "- **\($0.0)**: \(Self.line($0.1))" }
            if !part.rows.isEmpty, part.text != nil { lines.append("") }
            if let text = part.text { lines.append(text) }
            if part.rows.isEmpty, part.text == nil { lines.append("Not given.") }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    /// A heading, fields and what is told below it.
    struct Part {
        var title: String
        var rows: [(String, String)] = []
        var text: String?
    }

    /// The parts in their order.
    ///
    /// - Throws: `DisclosureError` when an attachment cannot be read.
    func parts() throws -> [Part] {
        let component = report.component
        let names = ReportWeaknesses.named(report.types).map { weakness in
            weakness.name.map { "\(weakness.id) \($0)" } ?? weakness.id
        }
        return [
            Part(title: "Type of issue", rows: names.map { ("Type", $0) }, text: report.sections[.summary]),
            Part(
                title: "Affected component",
                rows: rows([
                    ("Name", component.name), ("Version", component.fullVersion),
                    ("Architecture", component.architecture),
                    ("Ecosystem", component.ecosystem), ("Source package", component.sourcePackage),
                    ("Package URL", component.packageURL), ("Recipe", component.spec), ("Affected versions", ranges),
                    ("CVSS 3.1", report.cvss.version31), ("CVSS 4.0", report.cvss.version40),
                    ("Status", report.status.state?.rawValue), ("Identifiers", identifiers),
                ])),
            Part(title: "Full paths of source files", rows: report.sourceFiles.map { ("File", $0) }),
            Part(
                title: "Location of the affected source",
                rows: rows([
                    ("Repository", report.location.repository), ("Tag, branch or commit", report.location.reference),
                    ("URL", report.location.url),
                ])),
            Part(title: "Special configuration", text: report.sections[.specialConfiguration]),
            Part(title: "Environment", rows: environment),
            Part(title: "Step-by-step instructions to reproduce", text: report.sections[.stepsToReproduce]),
            Part(title: "Reproduction output", rows: evidence, text: report.sections[.reproductionOutput]),
            Part(title: "Proof of concept or exploit", rows: try attachments(), text: report.sections[.proofOfConcept]),
            Part(title: "Impact, and how it is exploited", text: report.sections[.impact]),
            Part(title: "Analysis", text: report.sections[.analysis]),
            Part(
                title: "Reporter",
                rows: rows([
                    ("Name", report.reporter.name), ("Organisation", report.reporter.organisation),
                    ("Mail", report.reporter.email), ("Credit", report.reporter.credit), ("Report", report.id),
                    ("TLP", report.sharing?.rawValue),
                    ("Embargo ends", report.timeline[.embargoEnds]?.description),
                ])
                    + report.references.map { ("Reference", $0.summary.map { "\($0): " } ?? "" + $0.url) }),
        ]
    }

    private func rows(_ rows: [(String, String?)]) -> [(String, String)] {
        rows.compactMap { row in row.1.map { (row.0, $0) } }
    }

    private var ranges: String? {
        let ranges = report.affected.allRanges.map { range in
            [
                range.introduced.map { "from \($0)" }, range.fixed.map { "before \($0)" },
                range.lastAffected.map { "up to \($0)" },
            ].compactMap { $0 }.joined(separator: " ")
        }
        let all = ranges + report.affected.versions
        return all.isEmpty ? nil : all.joined(separator: ", ")
    }

    private var identifiers: String? {
        let all = [report.identifiers.cve, report.identifiers.ghsa, report.identifiers.vendor].compactMap { $0 }
        return all.isEmpty ? nil : all.joined(separator: ", ")
    }

    private var environment: [(String, String)] {
        let environment = report.environment
        let digests = environment.subject.digests.sorted { $0.key < $1.key }.map { ("Subject, \($0.key)", $0.value) }
        return rows([
            ("Operating system", environment.operatingSystem), ("Version", environment.version),
            ("Kernel", environment.kernel), ("Architecture", environment.architecture),
            ("Subject", environment.subject.name), ("Kind of subject", environment.subject.kind),
        ]) + digests
    }

    private var evidence: [(String, String)] {
        guard let finding = report.finding else { return [] }
        return rows([("Check", finding.check), ("Verdict", finding.verdict), ("Message", finding.message)])
            + finding.evidence.map { evidence in
                let place = evidence.line.map { "\(evidence.path):\($0)" } ?? evidence.path
                return ("Evidence", [place, evidence.value, evidence.how].compactMap { $0 }.joined(separator: ", "))
            }
    }

    /// Every attachment with its size and digest, and whether it is what the report says.
    private func attachments() throws -> [(String, String)] {
        try report.attachments.map { attachment in
            let content = try opened.content(of: attachment)
            let digest = Hex.encode(SHA256.hash(data: content))
            if let pinned = attachment.sha256, pinned != digest {
                let index = report.attachments.firstIndex(of: attachment) ?? 0
                throw opened.missing(
                    "attachments[\(index)].sha256", "the attachment '\(attachment.path)' has the SHA-256 \(digest)")
            }
            let words = [attachment.path, attachment.kind.rawValue, attachment.description, "\(content.count) bytes"]
            return ("Attachment", (words + ["SHA-256 \(digest)"]).compactMap { $0 }.joined(separator: ", "))
        }
    }

    /// One line of Markdown: what a value holds starts no line, heading, link or tag of its own.
    private static func line(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "#": result += "\\\(scalar)"
            case "\n", "\r", "\t": result += " "
            default:
                if scalar.properties.generalCategory != .control { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }
}
