import AssayFindings

/// How the rows of one promise came out.
struct Tally: Hashable, Sendable {
    /// All rows.
    var rows = 0
    /// Found as documented.
    var met = 0
    /// Not found as documented.
    var unmet = 0
    /// Could not be told.
    var unknown = 0
    /// Without meaning for the subject.
    var notApplicable = 0

    /// Counts `findings`.
    init(_ findings: some Sequence<Finding>) {
        for finding in findings {
            rows += 1
            switch finding.verdict {
            case .pass: met += 1
            case .fail: unmet += 1
            case .unknown: unknown += 1
            case .notApplicable: notApplicable += 1
            }
        }
    }
}

/// What every report says of a result as a whole.
struct Summary: Sendable {
    /// A heading of the matrix with its rows.
    struct Section: Sendable {
        /// The heading.
        let title: String
        /// The rows, in the order of the profile.
        let findings: [Finding]
        /// How they came out.
        var tally: Tally { Tally(findings) }
    }

    /// The sections, in the order of the profile.
    let sections: [Section]
    /// All rows.
    let all: Tally
    /// The rows that the vendor documents.
    let documented: Tally
    /// The rows that the vendor documents as on by default.
    let byDefault: Tally
    /// The rows that the vendor documents as available.
    let available: Tally
    /// The rows beyond the vendor's matrix.
    let beyond: Tally
    /// Failures and unknowns that no waiver covers, the worst first.
    let attention: [Finding]
    /// Failures and unknowns that a waiver covers.
    let waived: [Finding]
    /// How many of `attention` are at or above the gate's threshold and decide the outcome.
    let deciding: Int

    /// Sums up `result`.
    init(_ result: AuditResult) {
        var order: [String] = []
        var groups: [String: [Finding]] = [:]
        for finding in result.findings {
            if groups[finding.section] == nil { order.append(finding.section) }
            groups[finding.section, default: []].append(finding)
        }
        sections = order.map { Section(title: $0, findings: groups[$0] ?? []) }
        all = Tally(result.findings)
        documented = Tally(result.findings.filter { $0.documented != nil })
        byDefault = Tally(result.findings.filter { $0.documented == .byDefault })
        available = Tally(result.findings.filter { $0.documented == .available })
        beyond = Tally(result.findings.filter { $0.documented == nil })
        let open = result.findings.filter { $0.verdict == .fail || $0.verdict == .unknown }
        waived = open.filter { $0.waiver != nil }
        attention = open.filter { $0.waiver == nil }.enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            if one.severity != other.severity { return one.severity > other.severity }
            if one.verdict != other.verdict { return one.verdict == .fail }
            return left.offset < right.offset
        }.map(\.element)
        deciding = attention.count { finding in
            guard finding.severity >= result.failOn else { return false }
            return result.outcome == .fail ? finding.verdict == .fail : finding.verdict == .unknown
        }
    }
}
