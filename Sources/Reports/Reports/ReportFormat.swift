public import AssayFindings
import AssayJSON

/// The forms in which a result can be written.
public enum ReportFormat: String, CaseIterable, Hashable, Sendable {
    /// For people at a terminal. Not an API.
    case text
    /// The whole result; `docs/schema/audit-report.schema.json` describes it.
    case json
    /// SARIF 2.1.0, for code scanning services.
    case sarif
    /// One self-contained page.
    case html
    /// GitHub Flavored Markdown, for a pull request or a job summary.
    case markdown
    /// JUnit XML, for the test view of a build service.
    case junit
}

/// How a report is written.
public struct ReportOptions: Hashable, Sendable {
    /// How much of the evidence is shown.
    public enum Detail: Hashable, Sendable {
        /// The exceptions of rows that failed or could not be answered.
        case exceptions
        /// All evidence of every row.
        case everything
    }

    /// The characters that may be drawn with.
    public enum Glyphs: Hashable, Sendable {
        /// Check marks, bars and rules.
        case unicode
        /// ASCII stand-ins, for a terminal whose character set is not UTF-8.
        case ascii
    }

    /// Columns of the text report; fewer than 60 count as 60, more than 1,000 as 1,000.
    public var width: Int
    /// Whether the text report is coloured with ANSI sequences.
    public var usesColor: Bool
    /// The characters that the text report draws with.
    public var glyphs: Glyphs
    /// How much evidence is shown, in the formats that people read.
    public var detail: Detail

    /// Makes options.
    public init(
        width: Int = 80, usesColor: Bool = false, glyphs: Glyphs = .unicode, detail: Detail = .exceptions
    ) {
        self.width = width
        self.usesColor = usesColor
        self.glyphs = glyphs
        self.detail = detail
    }
}

/// Writes `result` in `format`: the same result and options give the same bytes.
///
/// Texts of the subject are taken as hostile: whatever a result holds, no control character reaches a terminal, no markup
/// of a page or table can be opened or closed, and JSON and XML stay valid.
public func render(
    _ result: AuditResult, as format: ReportFormat, options: ReportOptions = ReportOptions()
) -> String {
    switch format {
    case .text: TextReport(result, options).render()
    case .json: JSONWriter.text(JSONReport.document(result))
    case .sarif: JSONWriter.text(SARIFReport(result).document)
    case .html: HTMLReport(result).render()
    case .markdown: MarkdownReport(result, options).render()
    case .junit: JUnitReport(result, options).render()
    }
}
