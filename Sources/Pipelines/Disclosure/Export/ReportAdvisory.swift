import AssayAdvisories
import AssayVulnerabilityReport
import Crypto

/// An advisory made of a report.
///
/// Steps, output and proof of concept stay out: an advisory is made to be published, and they help an attacker first.
struct ReportAdvisory {
    private static let affectedID = "CSAFPID-0001"
    private static let fixedID = "CSAFPID-0002"

    private let opened: OpenedReport
    private let request: ExportRequest
    private var report: VulnerabilityReport { opened.report }

    init(_ opened: OpenedReport, _ request: ExportRequest) {
        self.opened = opened
        self.request = request
    }

    /// The advisory for a format.
    ///
    /// - Throws: `DisclosureError` with the line of what is missing.
    func advisory(for format: AdvisoryFormat) throws -> Advisory {
        guard let title = report.title else { throw opened.missing("title", "\(format.name) needs a title") }
        guard let name = report.component.name else {
            throw opened.missing("component.name", "\(format.name) needs the name of the component")
        }
        let time = ReportTimes.text(request.time)
        let publishedAt = report.timeline[.published].flatMap { $0.seconds <= request.time ? $0.seconds : nil }
        let isPublished = publishedAt != nil
        let published = publishedAt.map(ReportTimes.text) ?? time
        return Advisory(
            id: try id(for: format), title: title, publisher: try publisher(format), published: published,
            modified: time, status: isPublished ? .final : .draft, sharing: try sharing(format),
            // CSAF, 6.1.17: what is a draft has the version 0.
            revisions: [
                Advisory.Revision(
                    number: isPublished ? "1" : "0", date: published,
                    summary: isPublished ? "First version" : "Draft")
            ], products: products(name), vulnerabilities: [try vulnerability(title, format)],
            references: references)
    }

    private func id(for format: AdvisoryFormat) throws -> String {
        if let id = request.id { return id }
        switch format {
        case .csaf, .csafVEX, .csaf21, .csafVEX21, .cve:
            guard let id = report.id else { throw opened.missing("id", "\(format.name) needs an id of the report") }
            return id
        case .osv:
            guard let id = report.identifiers.cve ?? report.identifiers.ghsa else {
                throw DisclosureError(
                    "'\(opened.place(of: "identifiers"))': OSV needs an identifier of a registered database",
                    hint: "'identifiers' with 'cve' or 'ghsa', or --id AZL-1234")
            }
            return id
        case .openVEX:
            // An identifier that is the same for the same report, and nobody's else (RFC 9562, version 8).
            var bytes = Array(
                SHA256.hash(data: Array("assay report \(report.id ?? "") \(report.title ?? "")".utf8)).prefix(16))
            bytes[6] = bytes[6] & 0x0F | 0x80
            bytes[8] = bytes[8] & 0x3F | 0x80
            return "urn:uuid:" + ReportTimes.uuid(bytes)
        }
    }

    private func publisher(_ format: AdvisoryFormat) throws -> Publisher {
        switch request.publisher {
        case .reporter:
            // OSV and CVE do not say who speaks.
            let isNamed = ![.osv, .cve].contains(format)
            guard let name = report.reporter.organisation ?? report.reporter.name ?? (isNamed ? nil : "reporter") else {
                throw opened.missing("reporter.name", "\(format.name) names who speaks: the reporter's name is missing")
            }
            let namespace = report.reporter.namespace
            guard namespace != nil || format.csafVersion == nil else {
                throw opened.missing(
                    "reporter.namespace", "\(format.name) needs a URL that belongs to the reporter")
            }
            return Publisher(
                category: .discoverer, name: name, namespace: namespace, cveOrganisation: report.vendor.cveOrganisation)
        case .vendor:
            guard let name = report.vendor.name else {
                throw opened.missing("vendor.name", "\(format.name) names who speaks: the vendor's name is missing")
            }
            let namespace = report.vendor.namespace
            guard namespace != nil || format.csafVersion == nil else {
                throw opened.missing("vendor.namespace", "\(format.name) needs a URL that belongs to the vendor")
            }
            return Publisher(
                category: .vendor, name: name, namespace: namespace, cveOrganisation: report.vendor.cveOrganisation)
        }
    }

    /// The component, and the version that has the fix.
    private func products(_ name: String) -> [AdvisoryProduct] {
        let component = report.component
        let product = AdvisoryProduct(
            id: Self.affectedID, name: name, vendor: report.vendor.name, version: component.fullVersion,
            ecosystem: component.ecosystem, packageURL: component.packageURL)
        guard let fixed = fixedVersion else { return [product] }
        var patched = product
        patched.id = Self.fixedID
        patched.version = fixed
        patched.packageURL = component.packageURL.flatMap { AssayAdvisories.PackageURL($0) }.map {
            AssayAdvisories.PackageURL(
                type: $0.type, namespace: $0.namespace, name: $0.name, version: fixed, qualifiers: $0.qualifiers
            ).description
        }
        return [product, patched]
    }

    /// The first version with the fix, where the component's own version is an affected one.
    private var fixedVersion: String? {
        guard (report.status.state ?? .affected) == .affected else { return nil }
        return report.affected.fixed.flatMap { $0 == report.component.fullVersion ? nil : $0 }
    }

    private var references: [AdvisoryReference] {
        report.references.map {
            AdvisoryReference(kind: $0.kind.rawValue, url: $0.url, summary: $0.summary)
        }
    }

    private func vulnerability(_ title: String, _ format: AdvisoryFormat) throws -> AdvisoryVulnerability {
        AdvisoryVulnerability(
            cve: report.identifiers.cve, identifiers: identifiers, title: title, notes: try notes(format),
            weaknesses: ReportWeaknesses.named(report.types), scores: try ReportScores.scores(opened),
            statements: try statements(format),
            ranges: report.affected.allRanges.map { range in
                AffectedRange(
                    product: Self.affectedID, introduced: range.introduced ?? "0", fixed: range.fixed,
                    lastAffected: range.lastAffected)
            },
            credits: report.reporter.credit.map {
                [AdvisoryVulnerability.Credit(name: $0, organisation: report.reporter.organisation)]
            } ?? [], discovered: report.timeline[.discovered].map { ReportTimes.text($0.seconds) },
            disclosed: try disclosed(format).map(ReportTimes.text))
    }

    /// To whom an advisory may be passed on.
    private func sharing(_ format: AdvisoryFormat) throws -> Advisory.Sharing? {
        guard let label = report.sharing else { return nil }
        // 2.1, test 6.1.45: what everybody may have is disclosed.
        if label == .clear, format.csafVersion == .v21, let time = try disclosed(format), time > request.time {
            throw opened.missing("tlp", "TLP:CLEAR is for everybody, and the embargo has not ended")
        }
        return Advisory.Sharing(rawValue: label.rawValue)
    }

    /// When the vulnerability was published, or the embargo will end; in seconds since 1970.
    private func disclosed(_ format: AdvisoryFormat) throws -> Int64? {
        let events = [Timeline.Event.published, .embargoEnds].compactMap { report.timeline[$0]?.seconds }
        let published = report.timeline[.published].flatMap { $0.seconds <= request.time ? $0.seconds : nil }
        guard let time = published ?? events.first(where: { $0 > request.time }) else { return nil }
        // 2.1, test 6.1.62.
        if format.csafVersion == .v21, let found = report.timeline[.discovered]?.seconds, found > time {
            throw opened.missing("timeline.discovered", "it is after the publication")
        }
        return time
    }

    /// Other names: GitHub's, the vendor's, and the check that found it; a report without any has its own id.
    private var identifiers: [AdvisoryVulnerability.Identifier] {
        var all: [AdvisoryVulnerability.Identifier] = []
        if let ghsa = report.identifiers.ghsa {
            all.append(AdvisoryVulnerability.Identifier(system: "GitHub Security Advisory", text: ghsa))
        }
        if let name = report.identifiers.vendor {
            all.append(AdvisoryVulnerability.Identifier(system: report.vendor.name ?? "vendor", text: name))
        }
        if let check = report.finding?.check {
            all.append(AdvisoryVulnerability.Identifier(system: "assay", text: check))
        }
        if all.isEmpty, report.identifiers.cve == nil, let id = report.id {
            let system = report.reporter.organisation ?? report.reporter.name ?? "reporter"
            all.append(AdvisoryVulnerability.Identifier(system: system, text: id))
        }
        return all
    }

    private func notes(_ format: AdvisoryFormat) throws -> [AdvisoryVulnerability.Note] {
        guard let summary = report.sections[.summary] else {
            if format == .openVEX { return [] }
            throw opened.missing("## Summary", "\(format.name) needs the section 'Summary'")
        }
        var notes = [AdvisoryVulnerability.Note(.description, title: "Summary", text: summary)]
        for section in [ReportSection.specialConfiguration, .impact, .analysis] {
            guard let text = report.sections[section] else { continue }
            notes.append(AdvisoryVulnerability.Note(.details, title: section.rawValue, text: text))
        }
        return notes
    }

    private func statements(_ format: AdvisoryFormat) throws -> [AdvisoryStatement] {
        let state = report.status.state
        guard state != nil || !format.isVEX else {
            throw opened.missing(
                "status", "\(format.name) says whether the product is affected: the field 'status' is missing")
        }
        var statement = AdvisoryStatement(products: [Self.affectedID], status: .affected)
        switch state {
        case nil, .affected:
            statement.action =
                report.status.statement ?? fixedVersion.map { "Update \(report.component.name ?? "it") to \($0)." }
            statement.actionURL = report.references.first { $0.kind == .fix }?.url
            let fix = fixedVersion.map { _ in AdvisoryStatement(products: [Self.fixedID], status: .fixed) }
            return [statement] + (fix.map { [$0] } ?? [])
        case .fixed: statement.status = .fixed
        case .underInvestigation: statement.status = .underInvestigation
        case .notAffected:
            statement.status = .notAffected
            statement.justification = report.status.justification?.rawValue
            statement.impact = report.status.statement
            guard statement.justification != nil || statement.impact != nil else {
                throw opened.missing(
                    "status.justification", "a product that is not affected needs a justification or a statement")
            }
        }
        return [statement]
    }
}
