import AssayBytes

extension Weakness {
    /// The most bytes of a search that are looked at.
    private static let maximumQueryLength = 200

    /// The weaknesses that fit `words` best, the best first.
    ///
    /// An identifier finds its weakness alone. Words of the name count most, then those of alternate terms, then those of the
    /// description; a word also fits a longer one that it begins, and, when nothing else fits it, the nearest word of the list.
    ///
    /// - Parameters:
    ///   - words: words in any order.
    ///   - limit: the most weaknesses.
    /// - Returns: none when no word fits.
    public static func search(_ words: String, limit: Int = 10) -> [Weakness] {
        if let exact = named(words) { return [exact] }
        // An identifier that the list does not have is no word.
        guard !words.uppercased().hasPrefix("CWE-") else { return [] }
        let wanted = SearchIndex.words(String(words.prefix(maximumQueryLength))).map(SearchIndex.shared.corrected)
        guard !wanted.isEmpty else { return [] }
        let ranked = SearchIndex.shared.entries.compactMap { entry -> (weakness: Weakness, score: Int)? in
            let scores = wanted.map(entry.score)
            let score = scores.reduce(0, +)
            guard score > 0 else { return nil }
            // What fits all words comes before what fits one of them well; general and old entries come last.
            var total = score + 100 * scores.filter { $0 > 0 }.count
            if entry.phrases.contains(wanted) { total += 200 }
            total -= entry.nameLength
            if entry.weakness.isDeprecated { total -= 300 }
            // A variant is named after what it is a kind of.
            if ["Base", "Class"].contains(entry.weakness.abstraction) { total += 20 }
            return (entry.weakness, total)
        }
        return ranked.sorted { ($0.score, $1.weakness.number) > ($1.score, $0.weakness.number) }.prefix(limit).map(
            \.weakness)
    }
}

/// The words of all weaknesses.
private struct SearchIndex: Sendable {
    static let shared = SearchIndex()

    /// One weakness with its words.
    struct Entry: Sendable {
        let weakness: Weakness
        let name: Set<String>
        let terms: Set<String>
        let summary: Set<String>
        /// The words of the name and of each alternate term in their order.
        let phrases: Set<[String]>
        let nameLength: Int

        init(_ weakness: Weakness) {
            self.weakness = weakness
            let nameWords = SearchIndex.words(weakness.name)
            let termWords = (weakness.alternateTerms + weakness.commonNames).map(SearchIndex.words)
            name = Set(nameWords)
            terms = Set(termWords.joined())
            summary = Set(SearchIndex.words(weakness.summary))
            phrases = Set([nameWords] + termWords)
            nameLength = nameWords.count
        }

        /// How well a word fits.
        func score(_ word: String) -> Int {
            if name.contains(word) { return 50 }
            if terms.contains(word) { return 45 }
            guard word.utf8.count >= 3 else { return 0 }
            if name.contains(where: { $0.hasPrefix(word) }) { return 30 }
            if terms.contains(where: { $0.hasPrefix(word) }) { return 25 }
            if summary.contains(word) { return 12 }
            return summary.contains { $0.hasPrefix(word) } ? 6 : 0
        }
    }

    let entries: [Entry]
    private let vocabulary: Set<String>

    private init() {
        entries = Weakness.all.map(Entry.init)
        vocabulary = entries.reduce(into: []) { $0.formUnion($1.name.union($1.terms).union($1.summary)) }
    }

    /// `word`, or the nearest word of the list when that has neither the word nor one that it begins.
    func corrected(_ word: String) -> String {
        guard word.utf8.count >= 4, word.utf8.count <= 32, !vocabulary.contains(where: { $0.hasPrefix(word) }) else {
            return word
        }
        return NearestName.nearest(to: word, among: vocabulary) ?? word
    }

    private static let ignored: Set<String> = [
        "a", "an", "and", "the", "of", "in", "for", "to", "or", "with", "by", "on", "is",
    ]

    /// The words of a text in lower case, plural endings removed.
    static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map { word in
            word.utf8.count > 4 && word.hasSuffix("s") && !word.hasSuffix("ss") ? String(word.dropLast()) : String(word)
        }.filter { !ignored.contains($0) }
    }
}
