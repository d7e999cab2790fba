import AssayAdvisories
import AssayVulnerabilityReport

/// What a report's CVSS vectors amount to.
enum ReportScores {
    /// The vectors that can be read, with their base scores.
    static func scores(_ vectors: CVSSVectors) -> [AdvisoryScore] { [] }

    /// The severity of the worst vector, lower case.
    static func severity(_ vectors: CVSSVectors) -> String? { nil }
}

/// The types of weakness with their names.
enum ReportWeaknesses {
    static func named(_ types: [String]) -> [AdvisoryVulnerability.Weakness] {
        types.map { AdvisoryVulnerability.Weakness(id: $0, name: nil) }
    }
}
