import AssayBytes
import AssayCVSS
import AssayCWE

/// A CVSS vector with its scores, in words (docs/schema/disclosure-cvss.schema.json).
public struct ExplainedVector: Codable, Hashable, Sendable {
    /// A score.
    public struct Score: Codable, Hashable, Sendable {
        /// What it is called (`base`, `CVSS-BT`).
        public var name: String
        /// The score with one decimal.
        public var score: Double
        /// What it means (`high`).
        public var severity: String
    }

    /// A metric that the vector defines.
    public struct Metric: Codable, Hashable, Sendable {
        /// The letters in the vector (`AV:N`).
        public var letters: String
        /// The metric's name.
        public var name: String
        /// The value's name.
        public var value: String
        /// What that means.
        public var meaning: String
        /// The group.
        public var group: String
    }

    /// The version of this model.
    public var schemaVersion = 1
    /// `3.1` or `4.0`.
    public var version: String
    /// The vector in the order of the specification.
    public var vector: String
    /// The scores, the base score first.
    public var scores: [Score]
    /// The metrics in the order of the specification.
    public var metrics: [Metric]

    /// Reads and explains `text`.
    ///
    /// - Throws: `DisclosureError` when it is no vector.
    public init(_ text: String) throws {
        let read: CVSSVector
        do {
            read = try CVSSVector(text)
        } catch {
            throw DisclosureError("'\(EscapedText(String(text.prefix(200))))': \(EscapedText(error.description))")
        }
        version = read.version.rawValue
        vector = read.description
        scores = read.scores.map {
            Score(name: $0.name, score: $0.score.number, severity: $0.score.severity.rawValue)
        }
        metrics = read.explanation.map { metric, value in
            Metric(
                letters: "\(metric.abbreviation):\(value.abbreviation)", name: metric.name, value: value.name,
                meaning: value.meaning, group: metric.group.rawValue)
        }
    }

    /// The vector for people.
    public var text: String {
        var lines = [vector]
        lines += scores.map { "  \($0.name)  \($0.score)  \($0.severity)" }
        lines += metrics.map { "  \($0.letters)  \($0.name): \($0.value) - \($0.meaning)" }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// What a search of the CWE list found (docs/schema/disclosure-cwe.schema.json).
public struct FoundWeaknesses: Codable, Hashable, Sendable {
    /// One weakness.
    public struct Found: Codable, Hashable, Sendable {
        /// `CWE-` and the number.
        public var id: String
        /// The name.
        public var name: String
        /// How general it is.
        public var abstraction: String
        /// Whether it should not be used any more.
        public var isDeprecated: Bool
        /// The first sentence of its description.
        public var summary: String
        /// Its page.
        public var url: String
    }

    /// The version of this model.
    public var schemaVersion = 1
    /// The version of the list.
    public var listVersion = Weakness.listVersion
    /// Whose list it is.
    public var copyright = "Copyright (c) 2006-2022, The MITRE Corporation"
    /// What was searched.
    public var query: String
    /// The best first.
    public var weaknesses: [Found]

    /// Searches the list.
    public init(_ query: String, limit: Int) {
        self.query = query
        weaknesses = Weakness.search(query, limit: limit).map {
            Found(
                id: $0.id, name: $0.name, abstraction: $0.abstraction, isDeprecated: $0.isDeprecated,
                summary: $0.summary, url: $0.url)
        }
    }

    /// The weaknesses for people.
    public var text: String {
        weaknesses.map { "\($0.id)  \($0.name)\($0.isDeprecated ? " (deprecated)" : "")\n  \($0.summary)\n" }.joined()
    }
}
