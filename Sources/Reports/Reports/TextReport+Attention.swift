import AssayFindings

/// What to look at: failures and unknowns with everything that is needed to act.
extension TextReport {
    /// Exceptions shown of one row; `--explain` shows all.
    private static let evidenceLimit = 5
    /// Places shown of what could not be read.
    private static let placeLimit = 10
    /// Columns of the labels.
    private static let labelColumns = 12

    /// The open failures and unknowns, the worst first.
    var attention: [String] {
        guard !summary.attention.isEmpty else { return [] }
        var lines = [paint("What to look at", .heading)]
        for (index, finding) in summary.attention.enumerated() {
            lines.append("")
            lines += entry(index + 1, finding)
        }
        return lines
    }

    private func entry(_ number: Int, _ finding: Finding) -> [String] {
        let count = DisplayWidth.padStart(String(number), to: String(summary.attention.count).count)
        let isFailure = finding.verdict == .fail
        let severity = isFailure ? finding.severity.rawValue.uppercased() : "UNKNOWN (\(finding.severity.rawValue))"
        let room = width - 2 - count.count - 2 - severity.count - 2
        let title = fit(glyphs.safe(finding.title), room)
        var lines = ["  \(count)  \(paint(severity, role(finding)))  \(paint(title, .strong))"]
        let comparison = finding.comparison
        if summary.documented.rows > 0 {
            lines += labelled("claim", comparison.prefix(1).uppercased() + comparison.dropFirst())
        }
        lines += labelled("finding", glyphs.safe(finding.message))
        if let layer = finding.decidedBy { lines += labelled("decided by", glyphs.safe(layer)) }
        lines += seen(finding)
        for (index, place) in finding.whereabouts(limit: options.detail == .everything ? .max : 3).enumerated() {
            let line = fit(glyphs.safe(place), width - 6 - TextReport.labelColumns)
            lines.append(label(index == 0 ? "where" : "") + line)
        }
        for note in finding.vex ?? [] { lines += labelled("vex", glyphs.safe(note.text)) }
        if !finding.remedy.isEmpty { lines += labelled("remedy", glyphs.safe(finding.remedy)) }
        lines += labelled("more", "assay explain \(glyphs.safe(finding.check))")
        return lines
    }

    private func seen(_ finding: Finding) -> [String] {
        let shown = finding.shownEvidence.prefix(TextReport.evidenceLimit)
        let indent = 6 + TextReport.labelColumns
        var lines = shown.flatMap { evidence($0, indent: indent) }
        let more = finding.shownEvidence.count - shown.count + finding.evidenceOmitted
        if more > 0 { lines.append(String(repeating: " ", count: indent) + "and \(grouped(more)) more") }
        if let first = lines.first {
            lines[0] = label("seen") + String(first.unicodeScalars.dropFirst(indent))
        }
        return lines
    }

    private func label(_ text: String) -> String {
        "      " + paint(DisplayWidth.pad(text, to: TextReport.labelColumns), .muted)
    }

    private func labelled(_ name: String, _ text: String) -> [String] {
        let lines = wrap(text, width - 6 - TextReport.labelColumns)
        return lines.enumerated().map { index, line in label(index == 0 ? name : "") + line }
    }

    /// What a waiver covers.
    var waived: [String] {
        guard !summary.waived.isEmpty else { return [] }
        var lines = [paint("Waived", .heading)]
        for finding in summary.waived {
            guard let waiver = finding.waiver else { continue }
            let title = "\(glyphs.safe(finding.title))  (\(finding.severity.rawValue) \(finding.verdict.rawValue))"
            lines.append("  \(paint(glyphs.waived, .waived)) \(fit(title, width - 4))")
            let owner = waiver.owner.map { ", accepted by \($0)" } ?? ""
            let reason = glyphs.safe("until \(waiver.expires)\(owner): \(waiver.reason)")
            lines += wrap(reason, width - 4).map { "    " + paint($0, .muted) }
            for note in finding.vex ?? [] {
                lines += wrap(glyphs.safe("vex: \(note.text)"), width - 4).map { "    " + paint($0, .muted) }
            }
        }
        return lines
    }

    /// What could not be read, and with all detail what was left out.
    var places: [String] {
        var lines = list("Could not be read", result.gaps)
        if options.detail == .everything {
            let skipped = list("Left out on purpose", result.skipped)
            lines += (lines.isEmpty || skipped.isEmpty ? [] : [""]) + skipped
        }
        return lines
    }

    private func list(_ title: String, _ evidence: [Evidence]) -> [String] {
        guard !evidence.isEmpty else { return [] }
        let limit = options.detail == .everything ? evidence.count : TextReport.placeLimit
        var lines = [paint(title, .heading)]
        for place in evidence.prefix(limit) { lines += self.evidence(place, indent: 2) }
        if evidence.count > limit { lines.append("  and \(grouped(evidence.count - limit)) more (--explain)") }
        return lines
    }
}
