import AssayFindings

/// A result for people at a terminal: the headline, the matrix, what to look at, the outcome.
///
/// No line is wider than the options say, whatever the subject holds.
struct TextReport {
    let result: AuditResult
    let options: ReportOptions
    let summary: Summary
    let glyphs: TextGlyphs
    let paint: TextPaint
    /// Columns of a line.
    let width: Int

    init(_ result: AuditResult, _ options: ReportOptions) {
        self.result = result
        self.options = options
        summary = Summary(result)
        glyphs = TextGlyphs(options.glyphs)
        paint = TextPaint(usesColor: options.usesColor)
        width = min(max(options.width, 60), 1_000)
    }

    func render() -> String {
        let isPlain = isShort || result.files != nil
        let blocks = [heading, isPlain ? [] : headline, matrix, files, attention, waived, places, outcome]
        return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    /// Whether this is the report of a few questions that no vendor documents, where every reason has room.
    var isShort: Bool { summary.documented.rows == 0 && (1...8).contains(summary.all.rows) }

    /// Who was examined, by what.
    private var heading: [String] {
        let subject = result.subject
        let title = "assay \(glyphs.safe(result.toolVersion))"
        let name = fit(glyphs.safe(subject.name) + "  (\(glyphs.safe(subject.kindText)))", width - 12)
        let heading = subject.titleText
        var lines = [paint(heading, .heading) + paint(fit("  \(title)", width - 17), .muted)]
        lines.append(paint(String(repeating: glyphs.rule, count: width), .muted))
        lines.append(field("Subject", name))
        if let system = subject.operatingSystem { lines.append(field("System", glyphs.safe(system))) }
        if let first = subject.kernels.first {
            lines.append(field(subject.kernels.count == 1 ? "Kernel" : "Kernels", glyphs.safe(first)))
            let shown = options.detail == .everything ? subject.kernels.count : 4
            for kernel in subject.kernels.dropFirst().prefix(shown - 1) { lines.append(field("", glyphs.safe(kernel))) }
            let more = subject.kernels.count - shown
            if more > 0 { lines.append(field("", "and \(grouped(more)) more")) }
        }
        let profile = "\(result.profile.name) \(result.profile.version), \(result.profile.title)"
        lines.append(field("Profile", glyphs.safe(profile)))
        if !subject.counts.isEmpty { lines.append(field("Examined", glyphs.safe(subject.countsText))) }
        lines.append(field("Judged", glyphs.safe(result.evaluatedAt)))
        return lines
    }

    private func field(_ label: String, _ value: String) -> String {
        "  " + paint(DisplayWidth.pad(label, to: 10), .muted) + fit(value, width - 12)
    }

    /// Documented vs found, in numbers.
    private var headline: [String] {
        var lines = [paint("Documented vs found", .heading), ""]
        let columns = ["rows", "met", "not met", "unknown", "n/a"]
        let header =
            DisplayWidth.pad("", to: nameColumns + 2)
            + columns.map { DisplayWidth.padStart($0, to: numberColumns) }.joined()
        lines.append(paint(header, .muted))
        let rows = [
            ("on by default", summary.byDefault), ("available", summary.available),
            (summary.documented.rows == 0 ? "asked" : "beyond the matrix", summary.beyond),
        ].filter { $0.1.rows > 0 }
        for (name, tally) in rows { lines.append(numbers(name, tally, .plain)) }
        if rows.count > 1 { lines.append(numbers("all", summary.all, .strong)) }
        let bar = bar(summary.all)
        return bar.isEmpty ? lines : lines + ["", "  " + bar]
    }

    /// Columns of a number and of its name: the table of numbers takes 73 columns where it can, else 60.
    private var numberColumns: Int { width < 73 ? 8 : 10 }
    private var nameColumns: Int { width < 73 ? 18 : 21 }

    private func numbers(_ name: String, _ tally: Tally, _ role: TextRole) -> String {
        let cells: [(Int, TextRole)] = [
            (tally.rows, role), (tally.met, .pass), (tally.unmet, .fail), (tally.unknown, .unknown),
            (tally.notApplicable, .muted),
        ]
        let text = cells.map { number, role in
            paint(DisplayWidth.padStart(grouped(number), to: numberColumns), number == 0 ? .muted : role)
        }
        return "  " + paint(DisplayWidth.pad(name, to: nameColumns), role) + text.joined()
    }

    /// One bar, as wide as the table of numbers; every kind that occurs has at least one column.
    private func bar(_ tally: Tally) -> String {
        let parts: [(Int, TextRole)] = [
            (tally.met, .pass), (tally.unmet, .fail), (tally.unknown, .unknown), (tally.notApplicable, .muted),
        ]
        let room = nameColumns + 5 * numberColumns
        guard tally.rows > 0 else { return "" }
        var columns = parts.map { $0.0 == 0 ? 0 : max(1, $0.0 * room / tally.rows) }
        if let largest = columns.indices.max(by: { columns[$0] < columns[$1] }) {
            columns[largest] += room - columns.reduce(0, +)
        }
        return zip(parts, zip(columns, glyphs.bars)).map { part, drawn in
            paint(String(repeating: drawn.1, count: max(0, drawn.0)), part.1)
        }.joined()
    }

    /// How it ended.
    private var outcome: [String] {
        let role: TextRole =
            switch result.outcome {
            case .pass: .pass
            case .fail: .fail
            case .unknown: .unknown
            }
        let word = result.outcome.rawValue.uppercased()
        let all = summary.all
        var parts = ["\(grouped(all.met)) pass", "\(grouped(all.unmet)) fail", "\(grouped(all.unknown)) unknown"]
        parts.append("\(grouped(all.notApplicable)) not applicable")
        if !summary.waived.isEmpty { parts.append("\(grouped(summary.waived.count)) waived") }
        if !result.gaps.isEmpty { parts.append("\(plural(result.gaps.count, "part")) unreadable") }
        let counts = plural(all.rows, "row") + ": " + parts.joined(separator: ", ")
        let meaning = "\(result.outcomeText(summary)); exit code \(result.exitCode)"
        var lines = [paint(String(repeating: glyphs.rule, count: width), .muted)]
        lines += wrap(counts, width - 2).map { "  " + $0 }
        let wrapped = wrap(meaning, width - 4 - word.count)
        for (index, line) in wrapped.enumerated() {
            let label = index == 0 ? paint(word, role) : String(repeating: " ", count: word.count)
            lines.append("  \(label)  \(line)")
        }
        return lines
    }

    /// `text` cut to `columns`.
    func fit(_ text: String, _ columns: Int) -> String { DisplayWidth.fit(text, to: columns, mark: glyphs.ellipsis) }

    /// `text` in lines of `columns`.
    func wrap(_ text: String, _ columns: Int, limit: Int = 6) -> [String] {
        DisplayWidth.wrap(text, to: columns, limit: limit, mark: glyphs.ellipsis)
    }
}
