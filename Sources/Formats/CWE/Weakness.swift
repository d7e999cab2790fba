import AssayBytes

/// A weakness of the Common Weakness Enumeration: a type of mistake. <https://cwe.mitre.org>
public struct Weakness: Hashable, Sendable {
    /// The number, without `CWE-`.
    public let number: Int
    /// How general it is: `Pillar`, `Class`, `Base`, `Variant` or `Compound`.
    public let abstraction: String
    /// `Stable`, `Draft`, `Incomplete` or `Deprecated`.
    public let status: String
    /// The numbers of the weaknesses that this one is a kind of.
    public let parents: [Int]
    /// The name.
    public let name: String
    /// Other names that are in use.
    public let alternateTerms: [String]
    /// The first sentence of its description.
    public let summary: String

    /// `CWE-` and the number.
    public var id: String { "CWE-\(number)" }
    /// The weakness's page.
    public var url: String { "https://cwe.mitre.org/data/definitions/\(number).html" }
    /// Whether it should not be used any more.
    public var isDeprecated: Bool { status == "Deprecated" }
    /// Whether it is too general to say what is wrong (the mapping notes of the list discourage pillars).
    public var isTooGeneral: Bool { abstraction == "Pillar" }

    /// All weaknesses, by number.
    public static let all: [Weakness] = table.split(separator: "\n").compactMap { Weakness(row: $0) }

    private static let byNumber = Dictionary(all.map { ($0.number, $0) }) { first, _ in first }

    /// The weakness of this number, or nil when the list has none.
    public static func numbered(_ number: Int) -> Weakness? { byNumber[number] }

    /// The weakness of this identifier (`CWE-79`, `79`), or nil when the list has none.
    public static func named(_ id: String) -> Weakness? {
        let digits = id.uppercased().hasPrefix("CWE-") ? id.dropFirst(4) : id[...]
        guard digits.utf8.count <= 5, let number = Int(digits) else { return nil }
        return byNumber[number]
    }

    /// What the name has in brackets and quotes: `('Path Traversal')`.
    var commonNames: [String] {
        name.split(separator: "(").dropFirst().compactMap { part in
            guard part.hasPrefix("'"), let end = part.dropFirst().firstIndex(of: "'") else { return nil }
            return String(part[part.index(after: part.startIndex)..<end])
        }
    }

    /// The numbers of all weaknesses that this one is a kind of, itself included.
    public var ancestors: Set<Int> {
        var found: Set<Int> = [number]
        var rest = parents
        while let next = rest.popLast() {
            if found.insert(next).inserted, let weakness = Weakness.numbered(next) { rest += weakness.parents }
        }
        return found
    }

    /// Whether both may well be said of one mistake: one is a kind of the other, or both are kinds of one that is no pillar.
    public func isRelated(to other: Weakness) -> Bool {
        ancestors.intersection(other.ancestors).contains { shared in
            shared == number || shared == other.number || Weakness.numbered(shared)?.isTooGeneral == false
        }
    }

    private init?(row: Substring) {
        let fields = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 7, let number = Int(fields[0]) else { return nil }
        self.number = number
        abstraction = fields[1]
        status = fields[2]
        parents = fields[3].split(separator: " ").compactMap { Int($0) }
        name = fields[4]
        alternateTerms = fields[5].isEmpty ? [] : fields[5].split(separator: ";").map { String($0.drop { $0 == " " }) }
        summary = fields[6]
    }
}
