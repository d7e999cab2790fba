import AssayFindings

/// A result as GitHub Flavored Markdown.
///
/// https://github.github.com/gfm/. Texts are escaped with backslashes; evidence stands in code spans, in which nothing but
/// the backtick has a meaning.
struct MarkdownReport {
    /// Characters of one value.
    private static let textLimit = 300
    /// Exceptions shown of one row.
    private static let evidenceLimit = 10

    private let result: AuditResult
    private let options: ReportOptions
    private let summary: Summary

    init(_ result: AuditResult, _ options: ReportOptions) {
        self.result = result
        self.options = options
        summary = Summary(result)
    }

    func render() -> String {
        var lines: [String] = []
        lines += heading + [""] + numbers + matrix
        lines += files
        lines += attention
        lines += waived
        if options.detail == .everything { lines += everything }
        lines += places("Could not be read", result.gaps)
        if options.detail == .everything { lines += places("Left out on purpose", result.skipped) }
        lines += ["", "<sub>assay \(escape(result.toolVersion)), \(escape(result.evaluatedAt))</sub>"]
        return lines.joined(separator: "\n") + "\n"
    }

    private var heading: [String] {
        let mark =
            switch result.outcome {
            case .pass: "✅ pass"
            case .fail: "❌ fail"
            case .unknown: "❔ unknown"
            }
        let system = result.subject.operatingSystem.map { ", \(escape($0))" } ?? ""
        let kernels = result.subject.kernels.map(escape).joined(separator: ", ")
        return [
            "# \(result.files == nil ? "Documented vs found" : "Authenticity"): \(escape(result.subject.name))",
            "",
            "**\(mark)**: \(escape(result.outcomeText(summary))) (exit code \(result.exitCode))",
            "",
            "- Subject: \(code(result.subject.name)) (\(escape(result.subject.kindText)))\(system)",
        ]
            + (kernels.isEmpty ? [] : ["- Kernels: \(kernels)"])
            + [
                "- Profile: \(escape(result.profile.title)) "
                    + "(\(code("\(result.profile.name) \(result.profile.version)")))\(profileLink)"
            ]
            + (result.subject.counts.isEmpty ? [] : ["- Examined: \(escape(result.subject.countsText))"])
    }

    private var profileLink: String {
        result.profile.reference.isWebAddress ? ", [documented here](<\(result.profile.reference)>)" : ""
    }

    private var numbers: [String] {
        let rows = [
            ("Documented as on by default", summary.byDefault), ("Documented as available", summary.available),
            ("Beyond the vendor's matrix", summary.beyond),
        ]
        return ["| | rows | met | not met | unknown | not applicable |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
            + rows.filter { $0.1.rows > 0 }.map { name, tally in
                "| \(name) | \(tally.rows) | \(tally.met) | \(tally.unmet) | \(tally.unknown) | \(tally.notApplicable) |"
            }
    }

    private var matrix: [String] {
        summary.sections.flatMap { section in
            [
                "", "## \(escape(section.title))", "", "| | feature | documented | found | why |",
                "| --- | --- | --- | --- | --- |",
            ]
                + section.findings.map { finding in
                    let note = finding.isWaived ? "waived until \(finding.waiver?.expires ?? ""): " : ""
                    let basis =
                        switch finding.basis {
                        case .set, .measured, .conflict: ""
                        case .kernelDefault, .weakerThanDefault, .conditional: " (\(finding.basis.text))"
                        }
                    let vex = (finding.vex ?? []).map { "; VEX: \($0.text)" }.joined()
                    return "| \(mark(finding)) | \(escape(finding.title)) | \(finding.documentedText) "
                        + "| \(finding.foundText)\(basis) | \(escape(note + finding.message + vex)) |"
                }
        }
    }

    /// Files shown.
    private static let fileLimit = 200

    private var files: [String] {
        let rows = FileRows(result).rows
        guard !rows.isEmpty else { return [] }
        let shown = options.detail == .everything ? rows.count : MarkdownReport.fileLimit
        return ["", "## Files", "", "| | file | what it is | why |", "| --- | --- | --- | --- |"]
            + rows.prefix(shown).map { row in
                let mark =
                    switch row.verdict {
                    case .pass: "✅"
                    case .fail: "❌"
                    case .unknown, .notApplicable: "❔"
                    }
                return "| \(mark) | \(escape(row.chain.name)) | \(escape(row.chain.identity ?? row.chain.kind)) "
                    + "| \(escape(row.message)) |"
            } + (rows.count > shown ? ["", "and \(grouped(rows.count - shown)) more"] : [])
    }

    private var attention: [String] {
        guard !summary.attention.isEmpty else { return [] }
        return ["", "## What to look at"]
            + summary.attention.flatMap { finding -> [String] in
                ["", "### \(mark(finding)) \(finding.severity.rawValue): \(escape(finding.title))", ""]
                    + ["\(escape(finding.message)) (\(escape(finding.comparison)))", ""]
                    + details(finding)
            }
    }

    private func details(_ finding: Finding) -> [String] {
        var lines: [String] = []
        if let layer = finding.decidedBy { lines.append("- Decided by: \(escape(layer))") }
        lines += evidence(finding, finding.shownEvidence, limit: MarkdownReport.evidenceLimit)
        let limit = options.detail == .everything ? Int.max : 3
        lines += finding.whereabouts(limit: limit).map { "- In \(escape($0))" }
        if !finding.remedy.isEmpty { lines.append("- Remedy: \(prose(finding.remedy))") }
        let link = finding.reference.isWebAddress ? ", [reference](<\(finding.reference)>)" : ""
        lines.append("- More: \(code("assay explain \(finding.check)"))\(link)")
        return lines
    }

    private func evidence(_ finding: Finding, _ shown: [Evidence], limit: Int) -> [String] {
        let lines = shown.prefix(limit).map {
            "- \(code($0.location.text)): \(code($0.value)) (\(escape($0.how)))"
        }
        let more = shown.count - lines.count + finding.evidenceOmitted
        return lines + (more > 0 ? ["- and \(grouped(more)) more"] : [])
    }

    private var waived: [String] {
        guard !summary.waived.isEmpty else { return [] }
        return ["", "## Waived", "", "| | feature | until | why | accepted by |", "| --- | --- | --- | --- | --- |"]
            + summary.waived.map { finding in
                let waiver = finding.waiver
                return "| \(mark(finding)) | \(escape(finding.title)) | \(escape(waiver?.expires ?? "")) "
                    + "| \(escape(waiver?.reason ?? "")) | \(escape(waiver?.owner ?? "")) |"
            }
    }

    private var everything: [String] {
        ["", "## All evidence"]
            + summary.sections.flatMap { section in
                section.findings.flatMap { finding in
                    ["", "### \(mark(finding)) \(escape(finding.title))", "", escape(finding.message), ""]
                        + evidence(finding, finding.evidence, limit: .max)
                }
            }
    }

    private func places(_ title: String, _ evidence: [Evidence]) -> [String] {
        guard !evidence.isEmpty else { return [] }
        let limit = options.detail == .everything ? evidence.count : MarkdownReport.evidenceLimit
        let lines = evidence.prefix(limit).map { "- \(code($0.location.text)): \(escape($0.value))" }
        let more = evidence.count - lines.count
        return ["", "## \(title)", ""] + lines + (more > 0 ? ["- and \(grouped(more)) more"] : [])
    }

    private func mark(_ finding: Finding) -> String {
        if finding.isWaived { return "☑️" }
        return switch finding.verdict {
        case .pass: "✅"
        case .fail: "❌"
        case .unknown: "❔"
        case .notApplicable: "➖"
        }
    }

    /// Text in which no character has a meaning to Markdown, a table or HTML.
    private func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in PrintableText.of(text, limit: MarkdownReport.textLimit).unicodeScalars {
            switch scalar {
            case "\\", "`", "*", "_", "[", "]", "|", "~", "#": escaped += "\\"
            case "&":
                escaped += "&amp;"
                continue
            case "<":
                escaped += "&lt;"
                continue
            case ">":
                escaped += "&gt;"
                continue
            default: break
            }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }

    /// Text of a check's page, whose backticks mark code.
    private func prose(_ text: String) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        guard !parts.count.isMultiple(of: 2) else { return escape(text) }
        return parts.enumerated().map { $0.offset.isMultiple(of: 2) ? escape($0.element) : code($0.element) }.joined()
    }

    /// A code span: its fence is longer than any run of backticks in `text` (section 6.3).
    private func code(_ text: String) -> String {
        let safe = PrintableText.of(text, limit: MarkdownReport.textLimit)
        var longest = 0
        var run = 0
        for byte in safe.utf8 {
            run = byte == 0x60 ? run + 1 : 0
            longest = max(longest, run)
        }
        guard !safe.allSatisfy({ $0 == " " }) else { return "(empty)" }
        let fence = String(repeating: "`", count: longest + 1)
        let space = safe.hasPrefix("`") || safe.hasSuffix("`") || safe.hasPrefix(" ") ? " " : ""
        return fence + space + safe + space + fence
    }
}
