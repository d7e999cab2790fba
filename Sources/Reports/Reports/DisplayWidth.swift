/// How many columns of a terminal text takes, and text cut or wrapped to a number of them.
///
/// Widths follow Unicode's East Asian Width (UAX #11): wide and full-width characters take two columns, combining marks
/// none. Where terminals disagree (emoji) the larger width counts, so that a line is never too long.
enum DisplayWidth {
    /// Columns of `text`.
    static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.unicodeScalars.reduce(0) { $0 + of($1) }
    }

    /// Columns of `scalar`.
    static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        if (0x1160...0x11FF).contains(value) { return 0 }
        if (0x1F1E6...0x1F1FF).contains(value) { return 1 }
        if scalar.properties.isEmojiPresentation { return 2 }
        return wide.contains { $0.contains(value) } ? 2 : 1
    }

    /// Blocks whose characters are wide or full-width.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
        0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]

    /// The beginning of `text` in at most `columns`, with `mark` where something was cut off.
    static func fit(_ text: String, to columns: Int, mark: String) -> String {
        guard isLonger(text, than: columns) else { return text }
        let room = columns - of(mark)
        guard room > 0 else { return prefix(text.unicodeScalars, columns) }
        let kept = prefix(text.unicodeScalars, room)
        return String(kept.reversed().drop { $0 == " " }.reversed()) + mark
    }

    /// The end of `text` in at most `columns`, with `mark` where something was cut off: for paths, whose end says most.
    static func fitEnd(_ text: String, to columns: Int, mark: String) -> String {
        guard isLonger(text, than: columns) else { return text }
        let room = columns - of(mark)
        guard room > 0 else { return prefix(text.unicodeScalars, columns) }
        let kept = prefix(text.unicodeScalars.reversed(), room)
        return mark + String(String.UnicodeScalarView(kept.unicodeScalars.reversed()))
    }

    /// `text` with spaces behind it up to `columns`.
    static func pad(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - of(text)))
    }

    /// `text` with spaces before it up to `columns`.
    static func padStart(_ text: String, to columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - of(text))) + text
    }

    /// The words of `text` in lines of at most `columns`, and of no more than `limit` lines; a word that is longer than a
    /// line is broken, and `mark` ends a text that needs more lines.
    static func wrap(_ text: String, to columns: Int, limit: Int, mark: String) -> [String] {
        var lines: [String] = []
        var line = ""
        var width = 0
        var words = text.split(separator: " ").map(String.init)[...]
        while let word = words.popFirst() {
            let wordWidth = of(word)
            if width > 0, width + 1 + wordWidth <= columns {
                line += " " + word
                width += 1 + wordWidth
                continue
            }
            if width > 0 { lines.append(line) }
            guard lines.count < limit else {
                lines[limit - 1] = fit(lines[limit - 1] + " " + word + mark, to: columns, mark: mark)
                return lines
            }
            if wordWidth <= columns {
                line = word
                width = wordWidth
            } else {
                let head = prefix(word.unicodeScalars, columns)
                lines.append(head)
                line = ""
                width = 0
                words = [String(word.unicodeScalars.dropFirst(head.unicodeScalars.count))] + words
                if head.isEmpty { return lines }
                if lines.count == limit {
                    lines[limit - 1] = fit(lines[limit - 1] + mark, to: columns, mark: mark)
                    return lines
                }
            }
        }
        if width > 0 { lines.append(line) }
        return lines
    }

    private static func isLonger(_ text: String, than columns: Int) -> Bool {
        text.utf8.count > columns && (of(text) > columns || text.unicodeScalars.count > 4 * max(columns, 1))
    }

    /// As many scalars as fit into `columns`; stacks of combining marks end the text too, since they have no width.
    private static func prefix(_ scalars: some Sequence<Unicode.Scalar>, _ columns: Int) -> String {
        var kept = String.UnicodeScalarView()
        var width = 0
        var count = 0
        for scalar in scalars {
            width += of(scalar)
            count += 1
            guard width <= columns, count <= 4 * max(columns, 1) else { break }
            kept.append(scalar)
        }
        return String(kept)
    }
}
