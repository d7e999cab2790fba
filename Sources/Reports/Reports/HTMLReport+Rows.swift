import AssayFindings

/// The rows: what to look at, and the matrix with the evidence under each row.
extension HTMLReport {
    /// Exceptions shown of a row under "What to look at".
    private static let exceptionLimit = 5

    /// The open failures and unknowns, the worst first.
    func attention(_ writer: inout MarkupWriter) {
        guard !summary.attention.isEmpty else { return }
        writer.element("h2", [("id", "attention")], text: "What to look at")
        for (index, finding) in summary.attention.enumerated() {
            writer.line()
            let attributes: [(StaticString, String)] = [
                ("class", "card issue \(finding.kind)"), ("id", "finding-\(index + 1)"),
            ]
            writer.element("article", attributes) { issue(finding, &$0) }
        }
    }

    private func issue(_ finding: Finding, _ writer: inout MarkupWriter) {
        writer.element("h3") { writer in
            let prefix = finding.verdict == .unknown ? "unknown, " : finding.basis == .conflict ? "conflict, " : ""
            writer.element("span", [("class", "pill bg \(finding.kind)")], text: prefix + finding.severity.rawValue)
            writer.element("span") { $0.text(finding.title, limit: 200) }
        }
        writer.element("p") { $0.text(finding.message, limit: HTMLReport.textLimit) }
        writer.element("p", [("class", "soft")]) { writer in
            let comparison = finding.comparison
            writer.text(comparison.prefix(1).uppercased() + comparison.dropFirst())
            if let layer = finding.decidedBy { writer.text("; decided by \(layer)", limit: HTMLReport.textLimit) }
        }
        writer.element("dl") { writer in
            let shown = finding.shownEvidence.prefix(HTMLReport.exceptionLimit)
            let more = finding.shownEvidence.count - shown.count + finding.evidenceOmitted
            if !shown.isEmpty {
                writer.element("dt", text: "Seen")
                writer.element("dd") { writer in
                    writer.element("ul", [("class", "seen")]) { writer in
                        for evidence in shown { seen(evidence, &writer) }
                    }
                    if more > 0 { writer.element("span", [("class", "soft")], text: "and \(grouped(more)) more") }
                }
            }
            let places = finding.whereabouts(limit: 5)
            if !places.isEmpty {
                writer.element("dt", text: "Where")
                writer.element("dd") { writer in
                    for place in places { writer.element("div") { $0.text(place, limit: HTMLReport.textLimit) } }
                }
            }
            if !finding.remedy.isEmpty {
                writer.element("dt", text: "Remedy")
                writer.element("dd") { prose(finding.remedy, &$0) }
            }
            writer.element("dt", text: "More")
            writer.element("dd") { writer in
                writer.element("code", text: "assay explain \(finding.check)")
                if finding.reference.isWebAddress {
                    writer.text("  ")
                    link(finding.reference, "reference", &writer)
                }
            }
        }
    }

    /// The matrix: a section is open when there is something to see in it.
    func matrix(_ writer: inout MarkupWriter) {
        guard !summary.sections.isEmpty else { return }
        writer.element("h2", text: "The matrix")
        for section in summary.sections {
            writer.line()
            writer.element("details", [("class", "card section"), ("open", "")]) { writer in
                writer.element("summary") { writer in
                    writer.element("h3") { $0.text(section.title, limit: 200) }
                    pills(section.tally, &writer)
                }
                writer.element("div", [("class", "scroll")]) { table(section, &$0) }
            }
        }
    }

    private func pills(_ tally: Tally, _ writer: inout MarkupWriter) {
        let parts = [
            ("fail", "\(tally.unmet) not met"), ("unknown", "\(tally.unknown) unknown"),
            ("pass", "\(tally.met) of \(tally.rows) met"),
        ]
        let shown = [tally.unmet > 0, tally.unknown > 0, true]
        for (part, isShown) in zip(parts, shown) where isShown {
            let kind = part.0 == "pass" && tally.met == 0 ? "notApplicable" : part.0
            writer.element("span", [("class", "pill bg \(kind)")], text: part.1)
        }
    }

    private func table(_ section: Summary.Section, _ writer: inout MarkupWriter) {
        writer.element("table", [("class", "matrix")]) { writer in
            writer.element("caption") { $0.text("\(section.title): documented and found", limit: 200) }
            writer.markup(
                "<colgroup><col class=\"c1\"><col class=\"c2\"><col class=\"c3\"><col class=\"c4\"><col></colgroup>")
            writer.element("thead") { writer in
                writer.element("tr") { writer in
                    writer.markup("<th scope=\"col\"><span class=\"hidden\">Verdict</span></th>")
                    for name in ["Feature", "Documented", "Found", "Why"] {
                        writer.element("th", [("scope", "col")], text: name)
                    }
                }
            }
            writer.element("tbody") { writer in
                for finding in section.findings {
                    writer.line()
                    writer.element("tr") { row(finding, &$0) }
                }
            }
        }
    }

    private func row(_ finding: Finding, _ writer: inout MarkupWriter) {
        writer.element("td", [("class", "mark \(finding.kind)")]) { writer in
            writer.element("span", [("aria-hidden", "true")], text: finding.symbol)
            writer.element("span", [("class", "hidden")], text: finding.spokenVerdict)
        }
        writer.element("th", [("scope", "row")]) { writer in
            if let number = summary.attention.firstIndex(of: finding) {
                writer.element("a", [("href", "#finding-\(number + 1)")]) { $0.text(finding.title, limit: 200) }
            } else {
                writer.text(finding.title, limit: 200)
            }
            writer.element("span", [("class", "id")], text: finding.check)
        }
        writer.element("td") { writer in
            if finding.documented == nil {
                writer.element("span", [("class", "soft")], text: "beyond")
            } else {
                writer.element("span", [("class", "pill plain")], text: finding.documentedText)
            }
        }
        writer.element("td") { writer in
            let found = finding.basis == .conflict ? "conflict" : finding.state.text
            writer.element("span", [("class", "pill bg \(finding.kind)")], text: found)
        }
        writer.element("td", [("class", "why")]) { why(finding, &$0) }
    }

    private func why(_ finding: Finding, _ writer: inout MarkupWriter) {
        writer.text(finding.message, limit: HTMLReport.textLimit)
        var notes: [String] = []
        if finding.isWaived { notes.append("waived until \(finding.waiver?.expires ?? "")") }
        if ![.set, .measured, .conflict].contains(finding.basis) { notes.append(finding.basis.text) }
        let isSaid = finding.basis == .kernelDefault && finding.decidedBy == "kernel default"
        if let layer = finding.decidedBy, !isSaid { notes.append("decided by \(layer)") }
        if !finding.counts.isEmpty { notes.append(finding.countsText) }
        if !notes.isEmpty {
            writer.element("span", [("class", "basis")]) {
                $0.text(notes.joined(separator: "; "), limit: HTMLReport.textLimit)
            }
        }
        for note in finding.vex ?? [] {
            writer.element("span", [("class", "basis")]) { $0.text("VEX: \(note.text)", limit: HTMLReport.textLimit) }
        }
        guard !finding.evidence.isEmpty || finding.evidenceOmitted > 0 else { return }
        writer.element("details", [("class", "evidence")]) { writer in
            let count = finding.evidence.count + finding.evidenceOmitted
            writer.element("summary", text: "Evidence (\(grouped(count)))")
            writer.element("ul", [("class", "seen")]) { writer in
                for evidence in finding.evidence { seen(evidence, &writer) }
            }
            guard finding.evidenceOmitted > 0 else { return }
            writer.element("span", [("class", "soft")], text: "and \(grouped(finding.evidenceOmitted)) more")
        }
    }

    /// One piece of evidence as a list item.
    func seen(_ evidence: Evidence, _ writer: inout MarkupWriter) {
        writer.element("li", evidence.isException ? [("class", "exception")] : []) { writer in
            writer.element("span", [("class", "place")]) { $0.text(evidence.location.text, limit: 400) }
            writer.element("code") { $0.text(evidence.value, limit: HTMLReport.textLimit) }
            writer.text(" ")
            writer.element("span", [("class", "how")]) { $0.text(evidence.how, limit: 200) }
        }
    }

    /// A link, or only its text when the address is not an https URL.
    func link(_ address: String, _ name: String, _ writer: inout MarkupWriter) {
        guard address.isWebAddress else { return writer.text(name) }
        writer.element("a", [("href", address), ("rel", "noopener noreferrer")], text: name)
    }

    /// Text of a check's page, whose backticks mark code.
    private func prose(_ text: String, _ writer: inout MarkupWriter) {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        guard !parts.count.isMultiple(of: 2) else { return writer.text(text, limit: 2_000) }
        for (index, part) in parts.enumerated() {
            if index.isMultiple(of: 2) {
                writer.text(String(part), limit: 2_000)
            } else {
                writer.element("code") { $0.text(String(part), limit: 2_000) }
            }
        }
    }
}

extension Finding {
    /// The style class of a row.
    fileprivate var kind: String {
        if isWaived { return "waived" }
        return basis == .conflict ? "conflict" : verdict.rawValue
    }

    /// The mark of a row.
    fileprivate var symbol: String {
        if isWaived { return "~" }
        return switch verdict {
        case .pass: "✓"
        case .fail: "✗"
        case .unknown: "?"
        case .notApplicable: "·"
        }
    }

    /// The verdict for a screen reader.
    fileprivate var spokenVerdict: String {
        let word = verdict == .notApplicable ? "not applicable" : verdict.rawValue
        return isWaived ? "\(word), waived" : word
    }
}
