import AssayTrust

extension TrustExplanation {
    /// The explanation for people.
    var text: String {
        if let chain { return chain.text(purpose, isTrusted, evaluatedAt) }
        guard let certificate else { return "" }
        var lines = ([certificate.heading.dropLast()[...]].map(String.init)) + certificate.details.map { "  " + $0 }
        lines += notes.map { "  note      \($0)" }
        lines.append("")
        lines += TextTable.lines(purposes.map { answer in
            [answer.purpose, answer.isTrusted ? "yes" : "no", answer.rule, TextTable.places(answer.because)]
        })
        lines.append("")
        lines += TextTable.lines(outputs.map { answer in
            [
                answer.output, answer.isTrusted ? "in" : answer.isListed ? "listed, not trusted" : "out", answer.rule,
                TextTable.places(answer.because),
            ]
        })
        lines.append("")
        var seen: Set<String> = []
        for answer in purposes where seen.insert(answer.rule).inserted { lines.append("\(answer.rule): \(answer.reason)") }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension ChainAnswer {
    /// The way to the anchor for people.
    fileprivate func text(_ purpose: String, _ isTrusted: Bool?, _ time: String) -> String {
        var lines: [String] = []
        for (number, step) in steps.enumerated() {
            let origin = step.numberInFile.map { "number \($0) of the file" } ?? "from the store"
            let state = step.state.map { "\($0) of the store, \(TextTable.places(step.places))" }
            lines.append("\(number + 1)  \(step.certificate.label)")
            lines.append("   sha256  \(step.certificate.fingerprint)")
            lines.append("   from    \([origin, state].compactMap { $0 }.joined(separator: "; "))")
            let days = [step.certificate.notBefore, step.certificate.notAfter].map { $0.map { String($0.prefix(10)) } }
            lines.append("   valid   \(days[0] ?? "no date") to \(days[1] ?? "no date")")
            lines += step.reasons.map { "   ✗ \($0)" }
        }
        lines.append("")
        let anchor = steps.last.map { "the anchor '\($0.certificate.label)'" } ?? "no anchor"
        switch isTrusted {
        case true?: lines.append("trusted for \(purpose) at \(time): it ends in \(anchor)")
        case false?:
            lines.append("not trusted for \(purpose) at \(time)" + (endsInAnchor ? ", though it ends in \(anchor)" : ""))
        case nil: lines.append("could not be decided for \(purpose) at \(time)")
        }
        lines.append("not looked at: \(notChecked.joined(separator: ", "))")
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Columns of text.
enum TextTable {
    /// The rows with each column but the last padded to its longest cell, two spaces apart.
    static func lines(_ rows: [[String]]) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                guard row[(column + 1)...].contains(where: { !$0.isEmpty }) else { break }
                line += String(repeating: " ", count: widths[column] - cell.count + 2)
            }
            return line
        }
    }

    /// The first places, and how many more there are.
    static func places(_ places: [SourcePlace]) -> String {
        let shown = places.prefix(2).map(\.description).joined(separator: ", ")
        return places.count > 2 ? "\(shown) and \(places.count - 2) more" : shown
    }
}
