import AssayFindings

/// The files whose authenticity was asked, each with its steps.
extension HTMLReport {
    /// Files that have their steps on the page; the JSON report has all.
    private static let fileLimit = 500

    /// All files, the refused ones first.
    func files(_ writer: inout MarkupWriter) {
        let rows = FileRows(result).rows
        guard !rows.isEmpty else { return }
        writer.element("h2", text: "Files")
        for row in rows.prefix(HTMLReport.fileLimit) {
            writer.line()
            writer.element("details", [("class", "card section")]) { writer in
                writer.element("summary") { writer in
                    writer.element("h3") { $0.text(row.chain.name, limit: 200) }
                    writer.element("span", [("class", "pill bg \(row.verdict.rawValue)")], text: row.verdict.rawValue)
                }
                writer.element("p", [("class", "soft")]) { $0.text(row.message, limit: HTMLReport.textLimit) }
                writer.element("div", [("class", "scroll")]) { steps(row.chain, &$0) }
            }
        }
        let more = rows.count - HTMLReport.fileLimit
        if more > 0 { writer.element("p", [("class", "soft")], text: "and \(grouped(more)) more") }
    }

    private func steps(_ chain: FileChain, _ writer: inout MarkupWriter) {
        writer.element("table") { writer in
            writer.element("tbody") { writer in
                for step in chain.steps {
                    writer.element("tr") { writer in
                        writer.element("th", [("scope", "row")]) { $0.text(step.title, limit: 200) }
                        writer.element("td", [("class", step.verdict.rawValue)], text: step.verdict.rawValue)
                        writer.element("td", [("class", "why")]) { writer in
                            writer.text(step.message, limit: HTMLReport.textLimit)
                            writer.element("ul", [("class", "seen")]) { writer in
                                for evidence in step.evidence.prefix(20) { seen(evidence, &writer) }
                            }
                        }
                    }
                }
            }
        }
    }
}
