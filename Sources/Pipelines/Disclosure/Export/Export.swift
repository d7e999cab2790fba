import AssayAdvisories
import AssayJSON
import AssayVulnerabilityReport

/// A report as another document.
///
/// Nothing is sent, and nothing is written before its schema has accepted it.
public enum Export {
    /// The document for every kind but the encrypted mail, which `MailExport` writes.
    ///
    /// - Throws: `DisclosureError` with the report's line for what is missing, `ExportBug` for what is ours.
    public static func document(_ opened: OpenedReport, _ request: ExportRequest) throws -> [UInt8] {
        switch request.kind {
        case .csaf: try advisory(opened, request, AdvisoryFormat(request.csaf.version, isVEX: false))
        case .csafVEX: try advisory(opened, request, AdvisoryFormat(request.csaf.version, isVEX: true))
        case .openVEX: try advisory(opened, request, .openVEX)
        case .osv: try advisory(opened, request, .osv)
        case .cve: try advisory(opened, request, .cve)
        case .gitHub: try gitHub(opened)
        case .securityText: try ReportSecurityText.bytes(opened, at: request.time)
        case .markdown, .msrcMail: Array(try ReportMarkdown(opened).text().utf8)
        case .html: Array(try ReportPage(opened).text().utf8)
        }
    }

    private static func advisory(
        _ opened: OpenedReport, _ request: ExportRequest, _ format: AdvisoryFormat
    ) throws -> [UInt8] {
        let advisory = try ReportAdvisory(opened, request).advisory(for: format)
        let document: JSONValue
        do {
            document = try format.document(advisory)
        } catch {
            throw opened.missing(ReportFieldNames.field(of: error.path), "\(format.name): \(error.detail)")
        }
        try ExportSchema.require(document, AdvisorySchema(format), format.name, opened)
        return JSONWriter.bytes(document)
    }

    private static func gitHub(_ opened: OpenedReport) throws -> [UInt8] {
        let document = try ReportGitHub(opened).report().document
        try ExportSchema.require(document, .gitHub, "GitHub's private report", opened)
        return JSONWriter.bytes(document)
    }
}

extension ExportRequest.CSAF {
    fileprivate var version: CSAFVersion {
        switch self {
        case .v20: .v20
        case .v21: .v21
        }
    }
}

extension OpenedReport {
    /// The error for a field that an export needs.
    func missing(_ field: String, _ reason: String) -> DisclosureError {
        DisclosureError("'\(place(of: field))': \(reason)", hint: "the field is '\(field)'")
    }
}

/// Which field of a report stands behind a part of an advisory.
enum ReportFieldNames {
    /// The field for what an advisory's writer misses.
    static func field(of path: [String]) -> String {
        switch path.first {
        case "publisher": "reporter.namespace"
        case "products": "component.name"
        case "summary": "## Summary"
        case "status": path.count > 1 ? "status.justification" : "status"
        case "component": "component.ecosystem"
        case "vendor": "vendor.cve-organisation"
        case let name?: name
        case nil: "title"
        }
    }

    /// The field whose value a schema has refused; nil when no value of a report can be meant.
    static func field(ofDocument path: [String]) -> String? {
        let names: [(String, String)] = [
            ("purl", "component.package-url"), ("purls", "component.package-url"), ("orgId", "vendor.cve-organisation"),
            ("namespace", "reporter.namespace"),
            ("ecosystem", "component.ecosystem"), ("url", "references"), ("vectorString", "cvss"), ("score", "cvss"),
            ("cvss_vector_string", "cvss"), ("id", "id"), ("@id", "id"), ("cve", "identifiers.cve"), ("title", "title"),
            ("summary", "title"), ("description", "## Summary"), ("name", "component.name"), ("cweId", "type"),
            ("cwe_ids", "type"),
        ]
        for step in path.reversed() {
            if let found = names.first(where: { $0.0 == step }) { return found.1 }
        }
        return nil
    }
}
