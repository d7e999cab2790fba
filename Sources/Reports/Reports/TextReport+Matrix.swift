import AssayFindings

/// The matrix: a table a section, one row a check.
extension TextReport {
    /// Columns of `found`, with the two spaces before them; none for files, where the mark says it.
    private var foundColumns: Int { result.files == nil ? 11 : 0 }

    /// Columns of `documented`, with the two spaces before them; none where nothing is documented.
    private var documentedColumns: Int { summary.documented.rows == 0 ? 0 : 12 }

    /// From here on the whole reason stands in the row; narrower, a row that needs one has it below.
    private var isWide: Bool { width >= 110 }

    private var titleColumns: Int {
        let longest = result.findings.map { DisplayWidth.of(glyphs.safe($0.title)) }.max() ?? 0
        return min(max(longest, 20), isWide ? 44 : min(40, width - 46))
    }

    private var noteColumns: Int {
        width - 4 - titleColumns - documentedColumns - foundColumns - 2
    }

    /// All sections.
    var matrix: [String] {
        let tables = summary.sections.compactMap { section -> [String]? in
            // Of files, most questions concern one kind only: what has no meaning is said with all detail.
            let shown = section.findings.filter {
                result.files == nil || options.detail == .everything || $0.verdict != .notApplicable
            }
            return shown.isEmpty ? nil : [header(section)] + shown.flatMap { row($0) }
        }
        return Array(tables.joined(separator: [""]))
    }

    private func header(_ section: Summary.Section) -> String {
        let title = fit(glyphs.safe(section.title), titleColumns + 4)
        return paint(DisplayWidth.pad(title, to: titleColumns + 4), .heading)
            + paint(documentedCell("documented") + foundCell("found") + "  why", .muted)
    }

    private func documentedCell(_ text: String) -> String {
        documentedColumns == 0 ? "" : DisplayWidth.pad("  " + text, to: documentedColumns)
    }

    private func foundCell(_ text: String) -> String {
        foundColumns == 0 ? "" : DisplayWidth.pad("  " + text, to: foundColumns)
    }

    private func row(_ finding: Finding) -> [String] {
        let title = DisplayWidth.pad(fit(glyphs.safe(finding.title), titleColumns), to: titleColumns)
        let role = role(finding)
        let isQuiet = finding.verdict == .pass || finding.verdict == .notApplicable
        let line =
            "  " + paint(mark(finding), role) + " " + paint(title, finding.verdict == .notApplicable ? .muted : .plain)
            + paint(documentedCell(finding.documentedText), .muted)
            + paint(foundCell(finding.foundText), role)
        let reasons = reasons(finding)
        var lines = [(line + "  " + paint(reasons.first ?? "", .muted)).trimmingTrailingSpaces]
        let margin = String(repeating: " ", count: width - noteColumns)
        lines += reasons.dropFirst().map { margin + paint($0, .muted) }
        if result.files == nil, !isWide, !isQuiet || (isShort && options.detail != .everything) {
            lines += wrap(glyphs.safe(finding.message), width - 6, limit: 2).map { "    " + paint($0, .muted) }
        }
        if options.detail == .everything {
            if isQuiet, result.files == nil {
                lines += wrap(glyphs.safe(finding.message), width - 6).map { "    " + paint($0, .muted) }
            }
            // Of files, the chain of each has the evidence.
            for evidence in result.files == nil ? finding.evidence : [] { lines += self.evidence(evidence, indent: 6) }
            if result.files == nil, finding.evidenceOmitted > 0 {
                lines.append("      and \(grouped(finding.evidenceOmitted)) more")
            }
        }
        return lines
    }

    /// The reason, in as many lines as the row may have.
    private func reasons(_ finding: Finding) -> [String] {
        let note = glyphs.safe(finding.note)
        // Of files, the sentence is the answer: it has the room of the columns that say nothing here.
        if result.files != nil {
            let waived = finding.isWaived ? note + ": " : ""
            return wrap(waived + glyphs.safe(finding.message), noteColumns, limit: finding.isOpen ? 4 : 2)
        }
        guard isWide else { return [fit(note, noteColumns)] }
        let message = glyphs.safe(finding.message)
        let says: String
        switch finding.basis {
        case _ where finding.isWaived: says = "\(note): \(message)"
        case .conditional, .weakerThanDefault: says = "\(note): \(message)"
        case .kernelDefault where !message.contains("default"): says = "\(note): \(message)"
        case .set, .measured, .conflict, .kernelDefault: says = message.isEmpty ? note : message
        }
        return finding.isOpen ? wrap(says, noteColumns, limit: 3) : [fit(says, noteColumns)]
    }

    /// The mark of a row.
    func mark(_ finding: Finding) -> String {
        if finding.isWaived { return glyphs.waived }
        return switch finding.verdict {
        case .pass: glyphs.pass
        case .fail: glyphs.fail
        case .unknown: glyphs.unknown
        case .notApplicable: glyphs.notApplicable
        }
    }

    /// The colour of a row.
    func role(_ finding: Finding) -> TextRole {
        if finding.isWaived { return .waived }
        if finding.basis == .conflict { return .conflict }
        return switch finding.verdict {
        case .pass: .pass
        case .fail: .fail
        case .unknown: .unknown
        case .notApplicable: .muted
        }
    }

    /// Evidence with its place: in one line when it fits, else the value below the place.
    func evidence(_ evidence: Evidence, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        let room = width - indent
        let place = glyphs.safe(evidence.location.text)
        let value = glyphs.safe(evidence.value)
        let how = evidence.how.isEmpty ? "" : "  (\(glyphs.safe(evidence.how)))"
        let isShort = place.utf8.count + value.utf8.count + how.utf8.count < 4 * room
        if isShort, DisplayWidth.of(place + "  " + value + how) <= room {
            return [margin + place + "  " + value + paint(how, .muted)]
        }
        let first = DisplayWidth.fitEnd(place, to: room, mark: glyphs.ellipsis)
        let rest = room - DisplayWidth.of(first)
        let hasRoom = !how.isEmpty && DisplayWidth.of(how) <= rest
        let below = hasRoom ? value : value + how
        return [margin + first + paint(hasRoom ? how : "", .muted)]
            + wrap(below, room - 2, limit: 3).map { margin + "  " + $0 }
    }
}

extension String {
    /// Without spaces at the end.
    fileprivate var trimmingTrailingSpaces: String {
        guard let last = utf8.lastIndex(where: { $0 != 0x20 }) else { return "" }
        return String(self[...last])
    }
}
