import AssayAdvisories
import AssayVulnerabilityReport

/// A report as GitHub takes it privately.
struct ReportGitHub {
    /// What GitHub takes at most.
    private static let summaryLimit = 1024
    private static let descriptionLimit = 65_535

    private let opened: OpenedReport

    init(_ opened: OpenedReport) { self.opened = opened }

    func report() throws -> GitHubPrivateReport {
        let report = opened.report
        guard let title = report.title else { throw opened.missing("title", "GitHub needs a title") }
        let text = try ReportMarkdown(opened).text()
        guard title.unicodeScalars.count <= Self.summaryLimit else {
            throw opened.missing("title", "GitHub takes at most \(Self.summaryLimit) characters")
        }
        guard text.unicodeScalars.count <= Self.descriptionLimit else {
            throw opened.missing(
                "## Summary", "GitHub takes at most \(Self.descriptionLimit) characters in all sections")
        }
        let ecosystem = GitHubPrivateReport.ecosystem(ofOSV: report.component.ecosystem)
        let packages = report.component.name.map { name in
            [
                GitHubPrivateReport.Package(
                    ecosystem: ecosystem, name: name, affectedRange: range, patchedVersions: report.affected.fixed)
            ]
        }
        let vector = report.cvss.version31 ?? report.cvss.version40
        return GitHubPrivateReport(
            summary: title, description: text, packages: packages ?? [], weaknesses: report.types, vector: vector)
    }

    private var range: String? {
        let parts = opened.report.affected.allRanges.map { range in
            [
                range.introduced.flatMap { $0 == "0" ? nil : ">= \($0)" }, range.fixed.map { "< \($0)" },
                range.lastAffected.map { "<= \($0)" },
            ].compactMap { $0 }.joined(separator: ", ")
        }.filter { !$0.isEmpty }
        if !parts.isEmpty { return parts.joined(separator: " || ") }
        return opened.report.component.fullVersion.map { "= \($0)" }
    }
}
