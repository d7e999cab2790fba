public import AssayJSON

/// A JSON Schema that documents are judged by: the part of draft-07 and 2020-12 that published schemas use.
///
/// https://json-schema.org/draft/2020-12/json-schema-validation and https://json-schema.org/draft-07/json-schema-validation.
/// A keyword, format, dialect or reference that is not known is an error when the schema is made: what could not be judged
/// never passes. Of the schemas that it refers to only the parts that references lead to have a say, and only these are looked
/// at. Patterns run in time linear in the text; depth and steps are bounded.
public struct JSONSchema: Sendable {
    /// Whether `format` is judged, or only looked at.
    public let assertsFormats: Bool
    /// The schema itself has the empty name.
    let documents: [String: SchemaDocument]
    let patterns: [String: Pattern]

    /// Prepares a schema.
    ///
    /// - Parameters:
    ///   - root: the schema.
    ///   - references: the other schemas that it leads to, by the URI that its `$ref` has.
    ///   - assertsFormats: whether `format` is judged.
    /// - Throws: `SchemaError` for what is not known or does not lead anywhere.
    public init(
        _ root: JSONValue, references: [String: JSONValue] = [:], assertsFormats: Bool = true
    ) throws(SchemaError) {
        var documents: [String: SchemaDocument] = [:]
        for (name, value) in [("", root)] + references.sorted(by: { $0.key < $1.key }) {
            documents[name] = try SchemaDocument(name, value)
        }
        var inspection = SchemaInspection(documents: documents)
        try inspection.inspectRoot()
        self.documents = documents
        self.assertsFormats = assertsFormats
        patterns = inspection.patterns
    }

    /// What is against `document`, at most 20 failures; empty when it is valid.
    ///
    /// - Throws: `SchemaError.Code.tooLarge` when judging needs more steps or depth than is accepted.
    public func failures(of document: JSONValue) throws(SchemaError) -> [SchemaFailure] {
        var evaluation = SchemaEvaluation(schema: self)
        return Array(try evaluation.judge(document).prefix(20))
    }
}

/// One thing that is against a document.
public struct SchemaFailure: Hashable, Sendable, CustomStringConvertible {
    /// The way to the value: names and numbers of elements.
    public let path: [String]
    /// The keyword that was not met.
    public let keyword: String
    /// What is wrong, in words.
    public let reason: String

    /// `/a/0/b: reason`.
    public var description: String { "\(pointer): \(reason)" }

    /// The way as a JSON pointer (RFC 6901); `/` for the document itself.
    public var pointer: String {
        path.isEmpty
            ? "/" : path.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }
}

/// Why a schema cannot judge.
public struct SchemaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// A keyword, format or dialect that is not known.
        public static let unknown = Code(name: "unknown part of a schema")
        /// A keyword's value is not what it must be.
        public static let malformed = Code(name: "malformed schema")
        /// A reference leads nowhere.
        public static let reference = Code(name: "unresolved reference")
        /// More steps or depth than is accepted.
        public static let tooLarge = Code(name: "too large")
    }

    /// What went wrong.
    public let code: Code
    /// What exactly, in words.
    public let detail: String

    /// The sentence for people.
    public var description: String { "\(code.name): \(detail)" }
}

/// One schema file with its dialect.
struct SchemaDocument: Sendable {
    let name: String
    let root: JSONValue
    /// Draft-07 and older: what stands beside `$ref` does not count.
    let isDraft7: Bool
    /// Draft-04 calls its identifier `id`.
    let isDraft4: Bool

    init(_ name: String, _ root: JSONValue) throws(SchemaError) {
        self.name = name
        self.root = root
        isDraft4 = root["$schema"]?.text?.hasPrefix("http://json-schema.org/draft-04/schema") == true
        guard let dialect = root["$schema"]?.text else {
            isDraft7 = false
            return
        }
        switch dialect.hasSuffix("#") ? String(dialect.dropLast()) : dialect {
        case "http://json-schema.org/draft-07/schema", "http://json-schema.org/draft-04/schema": isDraft7 = true
        // Those of OASIS and FIRST add no keyword of their own to 2020-12.
        case "https://json-schema.org/draft/2020-12/schema",
            "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/meta.json", "https://www.first.org/cvss/meta.json":
            isDraft7 = false
        default: throw SchemaError(code: .unknown, detail: "the dialect '\(dialect)'")
        }
    }

    /// The part that the JSON pointer `fragment` (without `#`) leads to; nil as well for what lies within a part with an
    /// identifier of its own, which would be the root of its references.
    func part(_ fragment: Substring) -> JSONValue? {
        var value = root
        guard !fragment.isEmpty else { return value }
        guard fragment.hasPrefix("/") else { return nil }
        for (depth, step) in fragment.dropFirst().split(separator: "/", omittingEmptySubsequences: false).enumerated() {
            guard depth == 0 || value[isDraft4 ? "id" : "$id"]?.text == nil else { return nil }
            let name = String(step).replacing("~1", with: "/").replacing("~0", with: "~")
            if let member = value[name] {
                value = member
            } else if let elements = value.elements, let index = Int(name), elements.indices.contains(index) {
                value = elements[index]
            } else {
                return nil
            }
        }
        return value
    }
}
