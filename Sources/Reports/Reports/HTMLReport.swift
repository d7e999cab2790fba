import AssayFindings

/// A result as one self-contained page: no script, no request to anywhere.
///
/// The content security policy forbids both as well, so that even markup that got past the escaping could do nothing.
/// Written with `MarkupWriter` rather than with a template: there the compiler keeps text and markup apart.
struct HTMLReport {
    /// Characters of one value.
    static let textLimit = 600
    /// Places shown of what could not be read or was left out.
    private static let placeLimit = 200

    let result: AuditResult
    let summary: Summary

    init(_ result: AuditResult) {
        self.result = result
        summary = Summary(result)
    }

    func render() -> String {
        var writer = MarkupWriter()
        writer.markup("<!DOCTYPE html>\n")
        writer.element("html", [("lang", "en")]) { writer in
            writer.line()
            writer.element("head") { head(&$0) }
            writer.line()
            writer.element("body") { writer in
                writer.line()
                writer.element("header") { header(&$0) }
                writer.line()
                writer.element("main") { writer in
                    headline(&writer)
                    matrix(&writer)
                    files(&writer)
                    attention(&writer)
                    waived(&writer)
                    places("Could not be read", "These parts of the subject are not covered.", result.gaps, &writer)
                    places("Left out on purpose", "", result.skipped, &writer)
                }
                writer.line()
                writer.element("footer") { footer(&$0) }
                writer.line()
            }
            writer.line()
        }
        writer.line()
        return writer.result
    }

    private func head(_ writer: inout MarkupWriter) {
        writer.markup(
            """

            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
            base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">

            """)
        writer.element("title") {
            $0.text("\(result.outcome.rawValue): \(result.subject.name), documented vs found", limit: 200)
        }
        writer.line()
        writer.element("style") { $0.markup(HTMLStyle.sheet) }
        writer.line()
    }

    private func header(_ writer: inout MarkupWriter) {
        writer.element("div", [("class", "top")]) { writer in
            writer.element("div") { writer in
                writer.element(
                    "p", [("class", "eyebrow")],
                    text: result.files == nil ? "Security features, documented vs found" : "Authenticity")
                writer.element("h1") { $0.text(result.subject.operatingSystem ?? result.subject.name, limit: 200) }
            }
            writer.element("div", [("class", "outcome bg \(result.outcome.rawValue)"), ("role", "status")]) { writer in
                writer.element("b", text: result.outcome.rawValue)
                writer.element("span", text: "\(result.outcomeText(summary)) (exit code \(result.exitCode))")
            }
        }
        writer.element("dl", [("class", "facts")]) { writer in
            let subject = result.subject
            fact("Subject", "\(subject.name) (\(subject.kindText))", &writer)
            if !subject.kernels.isEmpty {
                let name = subject.kernels.count == 1 ? "Kernel" : "Kernels"
                fact(name, subject.kernels.joined(separator: ", "), &writer)
            }
            writer.element("div") { writer in
                writer.element("dt", text: "Profile")
                writer.element("dd") { writer in
                    link(result.profile.reference, result.profile.title, &writer)
                    writer.text(" (\(result.profile.name) \(result.profile.version))")
                }
            }
            if !subject.counts.isEmpty { fact("Examined", subject.countsText, &writer) }
            fact("Judged", result.evaluatedAt, &writer)
        }
    }

    private func fact(_ name: String, _ value: String, _ writer: inout MarkupWriter) {
        writer.element("div") { writer in
            writer.element("dt", text: name)
            writer.element("dd") { $0.text(value, limit: HTMLReport.textLimit) }
        }
    }

    private func headline(_ writer: inout MarkupWriter) {
        let all = summary.all
        writer.element("h2", text: result.files == nil ? "Documented vs found" : "Questions")
        writer.element("div", [("class", "tiles")]) { writer in
            tile(all.met, "of \(grouped(all.rows)) rows met", "pass", &writer)
            tile(all.unmet, "not met", "fail", &writer)
            tile(all.unknown, "unknown", "unknown", &writer)
            tile(all.notApplicable, "not applicable", "notApplicable", &writer)
        }
        if all.rows > 0 { bar(all, &writer) }
        writer.element("div", [("class", "card scroll")]) { numbers(&$0) }
        guard !summary.attention.isEmpty else { return }
        writer.element("p") { writer in
            let text = "What to look at: \(plural(summary.attention.count, "finding")), the worst first"
            writer.element("a", [("href", "#attention")], text: text)
        }
    }

    private func tile(_ number: Int, _ text: String, _ kind: String, _ writer: inout MarkupWriter) {
        writer.element("div", [("class", "card tile")]) { writer in
            writer.element("b", [("class", kind)], text: grouped(number))
            writer.element("span", text: text)
        }
    }

    /// An SVG drawing, whose widths are attributes: the content security policy stays without inline style attributes.
    private func bar(_ tally: Tally, _ writer: inout MarkupWriter) {
        let parts = [
            ("pass", tally.met), ("fail", tally.unmet), ("unknown", tally.unknown),
            ("notApplicable", tally.notApplicable),
        ]
        let label = parts.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
        let attributes: [(StaticString, String)] = [
            ("class", "bar"), ("viewBox", "0 0 \(tally.rows) 1"), ("preserveAspectRatio", "none"), ("role", "img"),
            ("aria-label", label),
        ]
        writer.element("svg", attributes) { writer in
            var start = 0
            for (kind, count) in parts where count > 0 {
                writer.empty(
                    "rect", [("class", kind), ("x", String(start)), ("width", String(count)), ("height", "1")])
                start += count
            }
        }
    }

    private func numbers(_ writer: inout MarkupWriter) {
        let rows = [
            ("Documented as on by default", summary.byDefault), ("Documented as available", summary.available),
            ("Beyond the vendor's matrix", summary.beyond),
        ]
        writer.element("table", [("class", "numbers")]) { writer in
            writer.element("caption", text: "How many rows were found as documented")
            writer.element("thead") { writer in
                writer.element("tr") { writer in
                    for name in ["", "rows", "met", "not met", "unknown", "not applicable"] {
                        writer.element("th", [("scope", "col")], text: name)
                    }
                }
            }
            writer.element("tbody") { writer in
                for (name, tally) in rows where tally.rows > 0 {
                    writer.element("tr") { writer in
                        writer.element("th", [("scope", "row")], text: name)
                        number(tally.rows, "", &writer)
                        number(tally.met, "pass", &writer)
                        number(tally.unmet, "fail", &writer)
                        number(tally.unknown, "unknown", &writer)
                        number(tally.notApplicable, "notApplicable", &writer)
                    }
                }
            }
        }
    }

    private func number(_ number: Int, _ kind: String, _ writer: inout MarkupWriter) {
        writer.element("td", [("class", number == 0 ? "zero" : kind)], text: grouped(number))
    }

    private func waived(_ writer: inout MarkupWriter) {
        guard !summary.waived.isEmpty else { return }
        writer.element("h2", text: "Waived")
        writer.element("div", [("class", "card scroll")]) { writer in
            writer.element("table") { writer in
                writer.element("caption", text: "Failures and unknowns that the policy accepts")
                writer.element("thead") { writer in
                    writer.element("tr") { writer in
                        for name in ["Feature", "Verdict", "Until", "Why", "Accepted by"] {
                            writer.element("th", [("scope", "col")], text: name)
                        }
                    }
                }
                writer.element("tbody") { writer in
                    for finding in summary.waived {
                        writer.element("tr") { writer in
                            writer.element("th", [("scope", "row")]) { $0.text(finding.title, limit: 200) }
                            writer.element("td", text: "\(finding.severity.rawValue) \(finding.verdict.rawValue)")
                            writer.element("td", text: finding.waiver?.expires ?? "")
                            writer.element("td", [("class", "why")]) {
                                $0.text(finding.waiver?.reason ?? "", limit: HTMLReport.textLimit)
                            }
                            writer.element("td") { $0.text(finding.waiver?.owner ?? "", limit: 200) }
                        }
                    }
                }
            }
        }
    }

    private func places(_ title: String, _ note: String, _ evidence: [Evidence], _ writer: inout MarkupWriter) {
        guard !evidence.isEmpty else { return }
        writer.element("h2", text: title)
        if !note.isEmpty { writer.element("p", [("class", "soft")], text: note) }
        writer.element("ul", [("class", "seen")]) { writer in
            for place in evidence.prefix(HTMLReport.placeLimit) { seen(place, &writer) }
        }
        let more = evidence.count - HTMLReport.placeLimit
        if more > 0 { writer.element("p", [("class", "soft")], text: "and \(grouped(more)) more") }
    }

    private func footer(_ writer: inout MarkupWriter) {
        writer.text("assay \(result.toolVersion). Findings at or above '\(result.failOn.rawValue)' count. ")
        writer.text("Exit code 0: pass; 1: fail; 2: a question that counts could not be answered.")
    }
}
