import AssayBytes

/// Suggestions for words that were mistyped.
enum Spelling {
    /// The word of `known` that differs from `word` in the fewest letters, if that is at most a third of it.
    static func nearest(to word: String, in known: [String]) -> String? {
        let distances = known.map { (distance(word, $0), $0) }
        guard let best = distances.min(by: { $0.0 < $1.0 }), best.0 <= max(2, word.count / 3) else { return nil }
        return best.1
    }

    /// Levenshtein distance of the first 64 letters.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.prefix(64))
        let right = Array(right.prefix(64))
        var row = Array(0...right.count)
        for (i, mine) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let change = diagonal + (mine == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(change, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}

extension String {
    /// Safe to print in a message.
    var escapedForDisplay: String { EscapedText(self).description }

    /// Broken between words into lines of at most `width` characters, each with `indent` before it.
    func wrapped(at width: Int, indent: String) -> String {
        var lines: [String] = []
        var line = ""
        for word in split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(indent + line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        if !line.isEmpty { lines.append(indent + line) }
        return lines.joined(separator: "\n")
    }
}
