import AssayAdvisories
public import AssayVulnerabilityReport

/// A report made of an advisory: what the advisory says, under the report's names.
public enum AdvisoryImport {
    /// The report of the document at `path`: CSAF 2.0 or 2.1, OpenVEX, OSV or CVE 5.1 with one vulnerability.
    ///
    /// - Throws: `DisclosureError` with line and column for what is no valid document, or tells of several vulnerabilities.
    public static func report(path: String) throws -> VulnerabilityReport {
        let file = try AdvisoryFile(path: path)
        return try report(file.advisory, file.format)
    }

    static func report(_ advisory: Advisory, _ format: AdvisoryFormat) throws -> VulnerabilityReport {
        guard advisory.vulnerabilities.count == 1, let vulnerability = advisory.vulnerabilities.first else {
            throw DisclosureError(
                "the document tells of \(advisory.vulnerabilities.count) vulnerabilities; a report is about one",
                hint: "divide it")
        }
        var report = VulnerabilityReport()
        report.title = vulnerability.title ?? advisory.title
        if format.csafVersion != nil { report.id = advisory.id }
        report.sharing = advisory.sharing.flatMap { SharingLabel(rawValue: $0.rawValue) }
        report.types = vulnerability.weaknesses.map(\.id)
        report.references = advisory.references.map {
            ReportReference(
                url: $0.url, kind: ReportReference.Kind(rawValue: $0.kind) ?? .web, summary: $0.summary)
        }
        report.cvss.version31 = vulnerability.scores.first { $0.version == "3.1" }?.vector
        report.cvss.version40 =
            vulnerability.scores.first { $0.version == "4.0" }?.vector
            ?? vulnerability.notes.first { $0.title == "CVSS 4.0" && $0.text.hasPrefix("CVSS:4.0/") }?.text
        addNames(vulnerability, advisory, to: &report)
        addParties(advisory, vulnerability, to: &report)
        addProducts(advisory, vulnerability, to: &report)
        for note in vulnerability.notes where note.category != .other {
            let section =
                note.title.flatMap { ReportSection(rawValue: $0) }
                ?? (note.category == .description ? .summary : .analysis)
            report.sections[section] = report.sections[section].map { "\($0)\n\n\(note.text)" } ?? note.text
        }
        report.timeline[.discovered] = vulnerability.discovered.flatMap { ReportTime($0) }
        if advisory.status == .final, ![.openVEX].contains(format) {
            report.timeline[.published] = ReportTime(advisory.published)
        } else if let disclosed = vulnerability.disclosed.flatMap({ ReportTime($0) }),
            let modified = ReportTime(advisory.modified), disclosed.seconds > modified.seconds
        {
            report.timeline[.embargoEnds] = disclosed
        }
        return report
    }

    private static func addNames(
        _ vulnerability: AdvisoryVulnerability, _ advisory: Advisory, to report: inout VulnerabilityReport
    ) {
        report.identifiers.cve = vulnerability.cve
        for identifier in vulnerability.identifiers {
            if identifier.text.hasPrefix("GHSA-"), report.identifiers.ghsa == nil {
                report.identifiers.ghsa = identifier.text
            } else if identifier.system == "assay" || isCheck(identifier.text) {
                report.finding = ReportedFinding(check: identifier.text)
            } else if identifier.text != report.id, report.identifiers.vendor == nil {
                report.identifiers.vendor = identifier.text
            }
        }
    }

    /// Whether a name has the form of a check's id (`kernel.kptr-restrict`), which OpenVEX cannot say in another way.
    private static func isCheck(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                part.utf8.first.map { (0x61...0x7A).contains($0) } == true
                    && part.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
            }
    }

    private static func addParties(
        _ advisory: Advisory, _ vulnerability: AdvisoryVulnerability, to report: inout VulnerabilityReport
    ) {
        report.vendor.cveOrganisation = advisory.publisher.cveOrganisation
        switch advisory.publisher.category {
        case .vendor:
            report.vendor.name = advisory.publisher.name
            report.vendor.namespace = advisory.publisher.namespace
        case .other where advisory.publisher.namespace == nil: break
        default:
            report.reporter.name = advisory.publisher.name
            report.reporter.namespace = advisory.publisher.namespace
        }
        if let credit = vulnerability.credits.first {
            report.reporter.credit = credit.name
            if let organisation = credit.organisation {
                report.reporter.organisation = organisation
                if report.reporter.name == organisation { report.reporter.name = nil }
            }
        }
    }

    private static func addProducts(
        _ advisory: Advisory, _ vulnerability: AdvisoryVulnerability, to report: inout VulnerabilityReport
    ) {
        let statement = vulnerability.statements.first { $0.status == .affected } ?? vulnerability.statements.first
        guard let product = statement?.products.compactMap({ advisory.product($0) }).first ?? advisory.products.first
        else {
            return
        }
        report.component.name = product.name
        report.component.ecosystem = product.ecosystem
        report.component.packageURL = product.packageURL
        if report.vendor.name == nil { report.vendor.name = product.vendor }
        if let version = product.version {
            // A release stands behind the last dash, in RPM as in Debian.
            let dash = version.lastIndex(of: "-")
            report.component.version = dash.map { String(version[..<$0]) } ?? version
            report.component.release = dash.map { String(version[version.index(after: $0)...]) }
        }
        addStatus(statement, to: &report)
        if let url = statement?.actionURL, let index = report.references.firstIndex(where: { $0.url == url }) {
            report.references[index].kind = .fix
        }
        for range in vulnerability.ranges {
            report.affected.ranges.append(
                AffectedVersions.Range(
                    introduced: range.introduced, fixed: range.fixed, lastAffected: range.lastAffected))
        }
        if report.affected.ranges.count == 1, let range = report.affected.ranges.first, range.lastAffected == nil {
            report.affected.introduced = range.introduced
            report.affected.fixed = range.fixed
            report.affected.ranges = []
        }
        let fixed = vulnerability.statements.first { $0.status == .fixed && $0 != statement }
        if report.affected.fixed == nil, let id = fixed?.products.first {
            report.affected.fixed = advisory.product(id)?.version
        }
    }

    private static func addStatus(_ statement: AdvisoryStatement?, to report: inout VulnerabilityReport) {
        switch statement?.status {
        case .affected: report.status.state = .affected
        case .fixed: report.status.state = .fixed
        case .notAffected: report.status.state = .notAffected
        case .underInvestigation: report.status.state = .underInvestigation
        case nil: break
        }
        report.status.justification = statement?.justification.flatMap {
            ProductStatus.Justification(rawValue: $0)
        }
        report.status.statement = statement?.impact ?? statement?.action
    }
}

extension AdvisoryImport {
    /// The same as the text of a report's file.
    public static func text(path: String) throws -> String {
        do {
            return try ReportWriter.text(report(path: path))
        } catch let error as ReportError {
            throw DisclosureError("what the document says cannot stand in a report: \(error)")
        }
    }
}
