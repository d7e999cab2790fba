import AssayCWE
import AssayVulnerabilityReport

/// Looks for more than one issue in a report: each is to be reported alone.
enum SeveralIssues {
    /// Words that name a kind of vulnerability.
    private static let words = [
        "overflow", "injection", "traversal", "disclosure", "bypass", "escalation", "execution", "denial", "leak",
        "xss",
        "csrf", "ssrf", "race", "use-after-free", "double-free", "dereference", "deserialization", "corruption",
        "hijacking", "spoofing", "forgery", "recursion", "exhaustion",
    ]

    /// The reasons to think that there are several, with the field of each.
    static func reasons(_ report: VulnerabilityReport) -> [(field: String, reason: String)] {
        var reasons: [(String, String)] = []
        let weaknesses = report.types.compactMap(Weakness.named)
        for (index, first) in weaknesses.enumerated() {
            for second in weaknesses[(index + 1)...] where !first.isRelated(to: second) {
                reasons.append(
                    (
                        "type",
                        "\(first.id) (\(first.name)) and \(second.id) (\(second.name)) are mistakes of different kinds"
                    ))
            }
        }
        if let title = report.title, let reason = reason(title) { reasons.append(("title", reason)) }
        let cves = Set(ReportSection.allCases.flatMap { identifiers(in: report.sections[$0] ?? "") })
        if cves.count > 1, report.identifiers.cve == nil {
            reasons.append(
                (
                    "## Summary",
                    "the text names \(cves.count) CVE identifiers (\(cves.sorted().prefix(3).joined(separator: ", ")))"
                ))
        }
        return Array(reasons.prefix(10))
    }

    private static func reason(_ title: String) -> String? {
        let title = title.lowercased()
        for word in ["multiple", "several", "various", "two", "three"] {
            for noun in ["vulnerabilities", "issues", "bugs", "weaknesses", "flaws"]
            where title.contains("\(word) \(noun)") {
                return "the title says '\(word) \(noun)'"
            }
        }
        for mark in [" and ", " & ", "; ", " + ", " as well as "] {
            let parts = title.replacing(mark, with: "\u{1}").split(separator: "\u{1}")
            guard parts.count > 1 else { continue }
            let naming = parts.filter { part in words.contains { part.contains($0) } }
            if naming.count > 1 { return "the title names several kinds of vulnerability, joined by '\(mark.trimmed)'" }
        }
        return nil
    }

    private static func identifiers(in text: String) -> [String] {
        text.uppercased().split { !$0.isLetter && !$0.isNumber && $0 != "-" }.filter { word in
            let parts = word.split(separator: "-")
            return parts.count == 3 && parts[0] == "CVE" && parts[1].count == 4 && parts[2].count >= 4
                && parts[1...].allSatisfy { $0.allSatisfy(\.isNumber) }
        }.map(String.init)
    }
}

extension String {
    /// Without blanks at its ends.
    var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
