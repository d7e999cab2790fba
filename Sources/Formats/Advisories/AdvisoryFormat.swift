public import AssayJSON

/// The formats of advisories that are read and written.
public enum AdvisoryFormat: String, CaseIterable, Hashable, Sendable {
    /// CSAF 2.0, a security advisory (https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#44-profile-4-security-advisory).
    case csaf
    /// CSAF 2.0, VEX (https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#45-profile-5-vex).
    case csafVEX = "csaf-vex"
    /// CSAF 2.1, a security advisory (https://docs.oasis-open.org/csaf/csaf/v2.1/csaf-v2.1.html).
    case csaf21 = "csaf-2.1"
    /// CSAF 2.1, VEX.
    case csafVEX21 = "csaf-vex-2.1"
    /// OpenVEX 0.2.0 (https://github.com/openvex/spec).
    case openVEX = "openvex"
    /// OSV (https://ossf.github.io/osv-schema/).
    case osv
    /// The CNA container of a CVE record, JSON 5.1 (https://cveproject.github.io/cve-schema/schema/docs/).
    case cve

    /// The format that a document says it has; nil for none of these.
    public init?(of document: JSONValue) {
        if let category = document["document"]?["category"]?.text {
            let version = document["document"]?["csaf_version"]?.text.flatMap { CSAFVersion(rawValue: $0) }
            self = AdvisoryFormat(version ?? .v20, isVEX: category == "csaf_vex")
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

    /// The format of a version of CSAF.
    public init(_ version: CSAFVersion, isVEX: Bool) {
        self =
            switch version {
            case .v20: isVEX ? .csafVEX : .csaf
            case .v21: isVEX ? .csafVEX21 : .csaf21
            }
    }

    /// Which version of CSAF it is; nil for another format.
    public var csafVersion: CSAFVersion? {
        switch self {
        case .csaf, .csafVEX: .v20
        case .csaf21, .csafVEX21: .v21
        case .openVEX, .osv, .cve: nil
        }
    }

    /// Whether every document of it says of products whether they are affected, as VEX does.
    public var isVEX: Bool { [.csafVEX, .csafVEX21, .openVEX].contains(self) }

    /// Its name for people.
    public var name: String {
        switch self {
        case .csaf: "CSAF 2.0"
        case .csafVEX: "CSAF 2.0 VEX"
        case .csaf21: "CSAF 2.1"
        case .csafVEX21: "CSAF 2.1 VEX"
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
        case .csaf: try CSAFWriter(advisory, .v20, isVEX: false).document()
        case .csafVEX: try CSAFWriter(advisory, .v20, isVEX: true).document()
        case .csaf21: try CSAFWriter(advisory, .v21, isVEX: false).document()
        case .csafVEX21: try CSAFWriter(advisory, .v21, isVEX: true).document()
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
        case .csaf, .csafVEX: try CSAFReader(.v20).advisory(document)
        case .csaf21, .csafVEX21: try CSAFReader(.v21).advisory(document)
        case .openVEX: try OpenVEXReader().advisory(document)
        case .osv: try OSVReader().advisory(document)
        case .cve: try CVEReader().advisory(document)
        }
    }
}
