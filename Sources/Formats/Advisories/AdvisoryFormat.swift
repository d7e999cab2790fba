public import AssayJSON

/// The formats of advisories that are read and written.
public enum AdvisoryFormat: String, CaseIterable, Hashable, Sendable {
    /// CSAF 2.0, a security advisory (https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#44-profile-4-security-advisory).
    case csaf
    /// CSAF 2.0, VEX (https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#45-profile-5-vex).
    case csafVEX = "csaf-vex"
    /// OpenVEX 0.2.0 (https://github.com/openvex/spec).
    case openVEX = "openvex"
    /// OSV (https://ossf.github.io/osv-schema/).
    case osv
    /// The CNA container of a CVE record, JSON 5.1 (https://cveproject.github.io/cve-schema/schema/docs/).
    case cve

    /// The format that a document says it has; nil for none of these.
    public init?(of document: JSONValue) {
        if let category = document["document"]?["category"]?.text {
            self = category == "csaf_vex" ? .csafVEX : .csaf
        } else if document["@context"]?.text?.hasPrefix("https://openvex.dev/ns") == true {
            self = .openVEX
        } else if document["providerMetadata"] != nil {
            self = .cve
        } else if document["id"]?.text != nil, document["modified"]?.text != nil {
            self = .osv
        } else {
            return nil
        }
    }

    /// Its name for people.
    public var name: String {
        switch self {
        case .csaf: "CSAF 2.0"
        case .csafVEX: "CSAF 2.0 VEX"
        case .openVEX: "OpenVEX"
        case .osv: "OSV"
        case .cve: "CVE JSON 5.1"
        }
    }

    /// Writes `advisory`.
    ///
    /// - Throws: `AdvisoryError` for what the format needs and the advisory does not have.
    public func document(_ advisory: Advisory) throws(AdvisoryError) -> JSONValue {
        switch self {
        case .csaf: try CSAFWriter(advisory, isVEX: false).document()
        case .csafVEX: try CSAFWriter(advisory, isVEX: true).document()
        case .openVEX: try OpenVEXWriter(advisory).document()
        case .osv: try OSVWriter(advisory).document()
        case .cve: try CVEWriter(advisory).document()
        }
    }

    /// Reads a document of this format, which its schema has accepted.
    ///
    /// - Throws: `AdvisoryError` with the way to what is wrong.
    public func advisory(_ document: JSONValue) throws(AdvisoryError) -> Advisory {
        let document = DocumentValue(document)
        return switch self {
        case .csaf, .csafVEX: try CSAFReader().advisory(document)
        case .openVEX: try OpenVEXReader().advisory(document)
        case .osv: try OSVReader().advisory(document)
        case .cve: try CVEReader().advisory(document)
        }
    }
}

/// The published schemas, as their publishers have them (Schemas/SOURCES.md).
public enum AdvisorySchema: CaseIterable, Sendable {
    /// CSAF 2.0 of OASIS.
    case csaf
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
        case .openVEX: PackageResources.openvex_0_2_0_json
        case .osv: PackageResources.osv_json
        case .cve: PackageResources.cve_cna_5_1_1_json
        case .gitHub: PackageResources.github_private_report_json
        }
    }

    /// The texts of the schemas that it leads to, by the URI that it has for them.
    public var references: [String: [UInt8]] {
        guard self == .csaf else { return [:] }
        return [
            "https://www.first.org/cvss/cvss-v2.0.json": PackageResources.cvss_v2_0_json,
            "https://www.first.org/cvss/cvss-v3.0.json": PackageResources.cvss_v3_0_json,
            "https://www.first.org/cvss/cvss-v3.1.json": PackageResources.cvss_v3_1_json,
        ]
    }

    /// The schema of a format.
    public init(_ format: AdvisoryFormat) {
        self =
            switch format {
            case .csaf, .csafVEX: .csaf
            case .openVEX: .openVEX
            case .osv: .osv
            case .cve: .cve
            }
    }
}
