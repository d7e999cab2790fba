import AssayVulnerabilityReport

/// A report as one self-contained page: no script, no request to anywhere, everything of the report escaped.
struct ReportPage {
    private let opened: OpenedReport
    private var html = ""

    init(_ opened: OpenedReport) { self.opened = opened }

    private static let style = """
        :root{color-scheme:light dark;--ink:#17202c;--soft:#5b6675;--bg:#f6f7f9;--card:#fff;--line:#e1e5ea}
        @media (prefers-color-scheme:dark){:root{--ink:#e5e9ef;--soft:#9aa5b4;--bg:#11151b;--card:#1a2029;--line:#2c343f}}
        body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem}
        h1{font-size:1.8rem;line-height:1.2;overflow-wrap:anywhere}
        h2{margin:2rem 0 .5rem;font-size:1.2rem}
        dl{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;gap:.25rem 1rem;margin:0}
        dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
        pre,.text{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;\
        white-space:pre-wrap;overflow-wrap:anywhere}
        pre{font:14px/1.45 ui-monospace,monospace}
        .none{color:var(--soft)}
        """

    /// The page.
    ///
    /// - Throws: `DisclosureError` when an attachment cannot be read.
    func text() throws -> String {
        var page = self
        let title = opened.report.title ?? "Vulnerability report"
        page.html = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
            base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>\(Self.escaped(title))</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <main>
            <h1>\(Self.escaped(title))</h1>

            """
        for part in try ReportMarkdown(opened).parts() { page.add(part) }
        page.html += "</main>\n</body>\n</html>\n"
        return page.html
    }

    private mutating func add(_ part: ReportMarkdown.Part) {
        html += "<section>\n<h2>\(Self.escaped(part.title))</h2>\n"
        if !part.rows.isEmpty {
            html += "<dl>\n"
            for row in part.rows { html += "<dt>\(Self.escaped(row.0))</dt><dd>\(Self.escaped(row.1))</dd>\n" }
            html += "</dl>\n"
        }
        if let text = part.text { addText(text) }
        if part.rows.isEmpty, part.text == nil { html += "<p class=\"none\">Not given.</p>\n" }
        html += "</section>\n"
    }

    /// Text as it stands there; blocks between fences of Markdown are code.
    private mutating func addText(_ text: String) {
        var block: [Substring] = []
        var fence: String?
        func written(_ isCode: Bool) -> String {
            let content = Self.escaped(block.joined(separator: "\n"))
            if content.isEmpty { return "" }
            return isCode ? "<pre><code>\(content)</code></pre>\n" : "<div class=\"text\">\(content)</div>\n"
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let trimmed = line.drop { $0 == " " }
            let mark = trimmed.prefix { $0 == "`" || $0 == "~" }
            let closes = fence.map { mark.hasPrefix($0) && mark.count == trimmed.count } ?? false
            if closes || (fence == nil && mark.count >= 3) {
                html += written(fence != nil)
                block = []
                fence = closes ? nil : String(mark)
            } else {
                block.append(line)
            }
        }
        html += written(fence != nil)
    }

    /// Text in which nothing is markup and nothing reorders its neighbours.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                    result += "\u{FFFD}"
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
