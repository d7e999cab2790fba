import AssayAdvisories
import AssayCVSS
import AssayCWE
import AssayVulnerabilityReport

/// What a report's CVSS vectors amount to.
enum ReportScores {
    /// The vectors with their base scores.
    ///
    /// - Throws: `DisclosureError` with the line of a vector that cannot be read.
    static func scores(_ opened: OpenedReport) throws -> [AdvisoryScore] {
        let vectors = opened.report.cvss
        return try [("3.1", vectors.version31), ("4.0", vectors.version40)].compactMap { version, text in
            guard let text else { return nil }
            let vector: CVSSVector
            do {
                vector = try CVSSVector(text)
            } catch {
                throw opened.missing("cvss.\(version)", "the vector cannot be read: \(error)")
            }
            guard vector.version.rawValue == version else {
                throw opened.missing("cvss.\(version)", "the vector is one of version \(vector.version.rawValue)")
            }
            let base = vector.baseScore
            return AdvisoryScore(
                version: version, vector: vector.description, baseScore: base.text,
                severity: base.severity.rawValue.uppercased())
        }
    }
}

/// The types of weakness with their names.
enum ReportWeaknesses {
    static func named(_ types: [String]) -> [AdvisoryVulnerability.Weakness] {
        types.map {
            AdvisoryVulnerability.Weakness(id: $0, name: Weakness.named($0)?.name, listVersion: Weakness.listVersion)
        }
    }
}
