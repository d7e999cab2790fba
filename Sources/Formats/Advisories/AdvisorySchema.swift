/// The published schemas, as their publishers have them (Schemas/SOURCES.md).
public enum AdvisorySchema: CaseIterable, Sendable {
    /// CSAF 2.0 of OASIS.
    case csaf
    /// CSAF 2.1 of OASIS, Committee Specification Draft 04.
    case csaf21
    /// OpenVEX 0.2.0.
    case openVEX
    /// OSV.
    case osv
    /// The container of a CVE record that its CNA fills, JSON 5.1.1.
    case cve
    /// A private vulnerability report to GitHub; GitHub publishes no file of its own, this one follows its documentation.
    case gitHub

    /// The schema's text.
    public var bytes: [UInt8] {
        switch self {
        case .csaf: PackageResources.csaf_2_0_json
        case .csaf21: PackageResources.csaf_2_1_json
        case .openVEX: PackageResources.openvex_0_2_0_json
        case .osv: PackageResources.osv_json
        case .cve: PackageResources.cve_cna_5_1_1_json
        case .gitHub: PackageResources.github_private_report_json
        }
    }

    /// The texts of the schemas that it leads to, by the URI that it has for them.
    public var references: [String: [UInt8]] {
        let scores: [String: [UInt8]] = [
            "https://www.first.org/cvss/cvss-v2.0.json": PackageResources.cvss_v2_0_json,
            "https://www.first.org/cvss/cvss-v3.0.json": PackageResources.cvss_v3_0_json,
            "https://www.first.org/cvss/cvss-v3.1.json": PackageResources.cvss_v3_1_json,
        ]
        return switch self {
        case .csaf: scores
        case .csaf21:
            scores.merging([
                "https://www.first.org/cvss/cvss-v4.0.json": PackageResources.cvss_v4_0_json,
                "https://certcc.github.io/SSVC/data/schema/v2/SelectionList_2_0_0.schema.json":
                    PackageResources.ssvc_selection_list_2_0_0_json,
                "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/extension-content.json":
                    PackageResources.csaf_2_1_extension_content_json,
                "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/extension-metaschema.json":
                    PackageResources.csaf_2_1_extension_metaschema_json,
            ]) { first, _ in first }
        case .openVEX, .osv, .cve, .gitHub: [:]
        }
    }

    /// The schema of a format.
    public init(_ format: AdvisoryFormat) {
        self =
            switch format {
            case .csaf, .csafVEX: .csaf
            case .csaf21, .csafVEX21: .csaf21
            case .openVEX: .openVEX
            case .osv: .osv
            case .cve: .cve
            }
    }
}
