import AssayFindings

/// The files whose authenticity was asked, one line each, with all detail step by step.
extension TextReport {
    /// Lines shown without `--explain`.
    private static let fileLimit = 20

    /// All files, the refused ones first.
    ///
    /// A single file has the matrix for itself.
    var files: [String] {
        let rows = FileRows(result).rows
        guard rows.count > 1 || (rows.count == 1 && options.detail == .everything) else { return [] }
        let isEverything = options.detail == .everything
        let shown = isEverything ? rows.count : TextReport.fileLimit
        var lines = [paint("Files", .heading)]
        for row in rows.prefix(shown) {
            if isEverything { lines.append("") }
            let name = DisplayWidth.fitEnd(
                glyphs.safe(row.chain.name), to: max(20, width / 2 - 4), mark: glyphs.ellipsis)
            let head = "  \(paint(mark(row.verdict), role(row.verdict))) \(name)"
            let room = width - DisplayWidth.of(name) - 6
            lines.append(head + "  " + paint(fit(glyphs.safe(row.message), room), .muted))
            if isEverything { lines += steps(row.chain) }
        }
        if rows.count > shown { lines.append("  and \(grouped(rows.count - shown)) more (--explain)") }
        return lines
    }

    private func steps(_ chain: FileChain) -> [String] {
        let longest = chain.steps.map { DisplayWidth.of(glyphs.safe($0.title)) }.max() ?? 0
        let columns = min(longest, width / 2 - 8)
        return chain.steps.flatMap { step -> [String] in
            let title = DisplayWidth.pad(fit(glyphs.safe(step.title), columns), to: columns)
            let text = wrap(glyphs.safe(step.message), width - columns - 8)
            var lines = text.enumerated().map { index, line in
                index == 0
                    ? "    \(paint(mark(step.verdict), role(step.verdict))) \(title)  \(line)"
                    : String(repeating: " ", count: columns + 8) + line
            }
            lines += step.evidence.flatMap { evidence($0, indent: 8) }
            return lines
        }
    }

    private func mark(_ verdict: Verdict) -> String {
        switch verdict {
        case .pass: glyphs.pass
        case .fail: glyphs.fail
        case .unknown: glyphs.unknown
        case .notApplicable: glyphs.notApplicable
        }
    }

    private func role(_ verdict: Verdict) -> TextRole {
        switch verdict {
        case .pass: .pass
        case .fail: .fail
        case .unknown: .unknown
        case .notApplicable: .muted
        }
    }
}
