import AssayJSON

/// Looks at every part of a schema before it judges anything: nothing unknown is passed over.
struct SchemaInspection {
    /// Keywords that say something and demand nothing.
    ///
    /// `license` is FIRST's notice in its CVSS schemas.
    private static let annotations: Set<String> = [
        "$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly",
        "writeOnly", "license",
    ]
    /// Keywords whose value is a schema.
    private static let single: Set<String> = [
        "not", "if", "then", "else", "additionalProperties", "unevaluatedProperties", "propertyNames", "contains",
        "additionalItems", "unevaluatedItems",
    ]
    /// Keywords whose value is a list of schemas.
    private static let lists: Set<String> = ["allOf", "anyOf", "oneOf", "prefixItems"]
    /// Keywords whose value has schemas by name.
    private static let named: Set<String> = [
        "properties", "patternProperties", "definitions", "$defs", "dependentSchemas",
    ]
    private static let counts: Set<String> = [
        "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains",
        "maxContains",
    ]
    private static let bounds: Set<String> = [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    ]
    private static let maximumDepth = 64

    let documents: [String: SchemaDocument]
    private(set) var patterns: [String: Pattern] = [:]
    /// Where references lead, and where they led already.
    private var pending: [(schema: JSONValue, place: Place)] = []
    private var targets: Set<String> = []

    /// Where a schema stands.
    private struct Place {
        let document: SchemaDocument
        var isRoot: Bool
        var depth = 0
        /// Whether it is within a part that has an identifier of its own.
        var isInsideID = false

        var inner: Place {
            var inner = self
            inner.isRoot = false
            inner.depth += 1
            return inner
        }
    }

    init(documents: [String: SchemaDocument]) { self.documents = documents }

    /// Inspects the schema itself, and whatever references lead to: by the rest of other documents nothing is judged.
    mutating func inspectRoot() throws(SchemaError) {
        guard let document = documents[""] else { return }
        try inspect(document.root, at: Place(document: document, isRoot: true))
        while let next = pending.popLast() { try inspect(next.schema, at: next.place) }
    }

    private mutating func follow(_ reference: String, from document: SchemaDocument) throws(SchemaError) {
        let target = try SchemaReference.target(reference, from: document, documents)
        let fragment = reference.firstIndex(of: "#").map { String(reference[$0...].dropFirst()) } ?? ""
        guard targets.insert("\(target.document.name)#\(fragment)").inserted else { return }
        pending.append((target.schema, Place(document: target.document, isRoot: fragment.isEmpty)))
    }

    private mutating func inspect(_ schema: JSONValue, at place: Place) throws(SchemaError) {
        if case .bool = schema { return }
        guard let object = schema.object else {
            throw SchemaError(code: .malformed, detail: "a \(schema.typeName) where a schema must stand")
        }
        guard place.depth <= SchemaInspection.maximumDepth else {
            throw SchemaError(code: .tooLarge, detail: "schemas more than \(SchemaInspection.maximumDepth) deep")
        }
        var place = place
        // A part with an identifier of its own would be the root of its references.
        if !place.isRoot, object["$id"] != nil { place.isInsideID = true }
        for (key, value) in object.members { try inspect(key, value, at: place) }
    }

    private mutating func inspect(_ key: String, _ value: JSONValue, at place: Place) throws(SchemaError) {
        switch key {
        case _ where SchemaInspection.annotations.contains(key): return
        case "id" where place.document.isDraft4 && place.isRoot: return
        case "$ref":
            guard let text = value.text, !place.isInsideID || !text.hasPrefix("#") else { throw malformed(key) }
            try follow(text, from: place.document)
        case "const": return
        case "enum", "required": guard value.elements != nil else { throw malformed(key) }
        case "dependentRequired":
            guard let object = value.object, object.members.allSatisfy({ $0.value.elements != nil }) else {
                throw malformed(key)
            }
        case "type":
            let names = value.text.map { [$0] } ?? (value.elements ?? []).compactMap(\.text)
            let known = ["null", "boolean", "number", "integer", "string", "array", "object"]
            guard !names.isEmpty, names.allSatisfy(known.contains) else { throw malformed(key) }
        case "uniqueItems": guard case .bool = value else { throw malformed(key) }
        case "format":
            guard let name = value.text else { throw malformed(key) }
            guard SchemaFormat(rawValue: name) != nil else {
                throw SchemaError(code: .unknown, detail: "the format '\(name)'")
            }
        case "pattern":
            guard let text = value.text else { throw malformed(key) }
            try add(text)
        case "items":
            if let list = value.elements, place.document.isDraft7 {
                for element in list { try inspect(element, at: place.inner) }
            } else {
                try inspect(value, at: place.inner)
            }
        case _ where SchemaInspection.counts.contains(key):
            guard let count = value.number?.asInt, count >= 0 else { throw malformed(key) }
        case _ where SchemaInspection.bounds.contains(key): guard value.number != nil else { throw malformed(key) }
        case _ where SchemaInspection.single.contains(key):
            try inspect(value, at: place.inner)
        case _ where SchemaInspection.lists.contains(key):
            guard let list = value.elements, !list.isEmpty else { throw malformed(key) }
            for element in list { try inspect(element, at: place.inner) }
        case _ where SchemaInspection.named.contains(key):
            guard let object = value.object else { throw malformed(key) }
            for member in object.members {
                if key == "patternProperties" { try add(member.key) }
                try inspect(member.value, at: place.inner)
            }
        default: throw SchemaError(code: .unknown, detail: "the keyword '\(key)'")
        }
    }

    private mutating func add(_ text: String) throws(SchemaError) {
        guard patterns[text] == nil else { return }
        patterns[text] = try Pattern(text)
    }

    private func malformed(_ key: String) -> SchemaError {
        SchemaError(code: .malformed, detail: "'\(key)' has a value that it cannot have")
    }
}

/// Where a `$ref` leads.
enum SchemaReference {
    static func target(
        _ reference: String, from document: SchemaDocument, _ documents: [String: SchemaDocument]
    ) throws(SchemaError) -> (schema: JSONValue, document: SchemaDocument) {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first ?? ""
        let other = name.isEmpty ? document : documents[String(name)]
        guard let other, let part = other.part(parts.count > 1 ? parts[1] : "") else {
            throw SchemaError(code: .reference, detail: "'\(reference)'")
        }
        return (part, other)
    }
}
