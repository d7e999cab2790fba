import AssayFindings

/// A result as JUnit XML: a test suite a section, a test case a row.
///
/// The form is the one that build services agree on (https://github.com/testmoapp/junitxml): failures are `failure`, what
/// could not be answered is `error`, rows without meaning and waived rows are `skipped`.
struct JUnitReport {
    /// Characters of one value.
    private static let textLimit = 1_000

    private let result: AuditResult
    private let options: ReportOptions
    private let summary: Summary

    init(_ result: AuditResult, _ options: ReportOptions) {
        self.result = result
        self.options = options
        summary = Summary(result)
    }

    func render() -> String {
        var writer = MarkupWriter()
        writer.markup("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        writer.element("testsuites", [("name", "assay audit \(cut(result.subject.name))")] + numbers(result.findings)) {
            writer in
            writer.line()
            for section in summary.sections { suite(section, &writer) }
        }
        writer.line()
        return writer.result
    }

    private func suite(_ section: Summary.Section, _ writer: inout MarkupWriter) {
        var attributes: [(StaticString, String)] = [("name", cut(section.title))] + numbers(section.findings)
        if result.evaluatedAt.isTimestamp { attributes.append(("timestamp", result.evaluatedAt)) }
        writer.markup("  ")
        writer.element("testsuite", attributes) { writer in
            writer.markup("\n    ")
            writer.element("properties") { writer in
                for (name, value) in properties {
                    writer.markup("\n      ")
                    writer.empty("property", [("name", name), ("value", value)])
                }
                writer.markup("\n    ")
            }
            for finding in section.findings { testCase(finding, &writer) }
            writer.markup("\n  ")
        }
        writer.line()
    }

    private var properties: [(String, String)] {
        [
            ("subject", cut(result.subject.name)),
            ("profile", cut("\(result.profile.name) \(result.profile.version)")),
            ("outcome", result.outcome.rawValue),
            ("gaps", String(result.gaps.count)),
        ]
    }

    private func numbers(_ findings: [Finding]) -> [(StaticString, String)] {
        let open = findings.filter { $0.waiver == nil }
        return [
            ("tests", String(findings.count)),
            ("failures", String(open.count { $0.verdict == .fail })),
            ("errors", String(open.count { $0.verdict == .unknown })),
            ("skipped", String(findings.count { $0.verdict == .notApplicable || $0.isWaived })),
        ]
    }

    private func testCase(_ finding: Finding, _ writer: inout MarkupWriter) {
        let message = cut(finding.message)
        writer.markup("\n    ")
        writer.element("testcase", [("name", cut(finding.title)), ("classname", cut(finding.check))]) { writer in
            switch (finding.verdict, finding.waiver) {
            case (.fail, let waiver?), (.unknown, let waiver?):
                let owner = waiver.owner.map { ", accepted by \($0)" } ?? ""
                let reason = cut(waiver.reason)
                let vex = (finding.vex ?? []).map { "; VEX: \(cut($0.text))" }.joined()
                let text = "waived until \(waiver.expires)\(owner): \(reason); \(message)\(vex)"
                writer.markup("\n      ")
                writer.empty("skipped", [("message", text)])
            case (.fail, nil):
                problem("failure", finding, message, &writer)
            case (.unknown, nil):
                problem("error", finding, message, &writer)
            case (.notApplicable, _):
                writer.markup("\n      ")
                writer.empty("skipped", [("message", message)])
            case (.pass, _):
                break
            }
            if options.detail == .everything, finding.verdict == .pass { output(finding, &writer) }
            writer.markup("\n    ")
        }
    }

    private func problem(
        _ name: StaticString, _ finding: Finding, _ message: String, _ writer: inout MarkupWriter
    ) {
        writer.markup("\n      ")
        writer.element(name, [("message", message), ("type", finding.severity.rawValue)]) { writer in
            writer.text(message)
            writer.line()
            writer.text("(\(finding.comparison))")
            let shown = options.detail == .everything ? finding.evidence : finding.shownEvidence
            lines(shown, finding, &writer)
            for note in finding.vex ?? [] {
                writer.line()
                writer.text("VEX: \(note.text)", limit: JUnitReport.textLimit)
            }
            if !finding.remedy.isEmpty {
                writer.line()
                writer.text("Remedy: \(finding.remedy)", limit: JUnitReport.textLimit)
            }
            writer.line()
            writer.text("More: assay explain \(finding.check)")
            writer.line()
        }
    }

    private func cut(_ text: String) -> String { PrintableText.of(text, limit: JUnitReport.textLimit) }

    private func output(_ finding: Finding, _ writer: inout MarkupWriter) {
        writer.markup("\n      ")
        writer.element("system-out") { writer in
            writer.text(finding.message, limit: JUnitReport.textLimit)
            lines(finding.evidence, finding, &writer)
            writer.line()
        }
    }

    private func lines(_ shown: [Evidence], _ finding: Finding, _ writer: inout MarkupWriter) {
        for evidence in shown {
            writer.line()
            writer.text("\(evidence.location.text): \(evidence.value) (\(evidence.how))", limit: JUnitReport.textLimit)
        }
        guard finding.evidenceOmitted > 0 else { return }
        writer.line()
        writer.text("and \(grouped(finding.evidenceOmitted)) more")
    }
}

extension Finding {
    /// Whether a waiver covers a failure or an unknown.
    var isWaived: Bool { waiver != nil && (verdict == .fail || verdict == .unknown) }
}
