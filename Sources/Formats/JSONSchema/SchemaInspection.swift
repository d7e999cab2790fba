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

    init(documents: [String: SchemaDocument]) { self.documents = documents }

    /// Inspects the document `name`.
    mutating func inspectDocument(_ name: String) throws(SchemaError) {
        guard let document = documents[name] else { return }
        try inspect(document.root, in: document, depth: 0, isInsideID: false)
    }

    private mutating func inspect(
        _ schema: JSONValue, in document: SchemaDocument, depth: Int, isInsideID: Bool
    ) throws(SchemaError) {
        if case .bool = schema { return }
        guard let object = schema.object else {
            throw SchemaError(code: .malformed, detail: "a \(schema.typeName) where a schema must stand")
        }
        guard depth <= SchemaInspection.maximumDepth else {
            throw SchemaError(code: .tooLarge, detail: "schemas more than \(SchemaInspection.maximumDepth) deep")
        }
        // A part with an identifier of its own would be the root of its references.
        let isInsideID = isInsideID || (depth > 0 && object["$id"] != nil)
        for (key, value) in object.members {
            try inspect(key, value, in: document, depth: depth, isInsideID: isInsideID)
        }
    }

    private mutating func inspect(
        _ key: String, _ value: JSONValue, in document: SchemaDocument, depth: Int, isInsideID: Bool
    ) throws(SchemaError) {
        switch key {
        case _ where SchemaInspection.annotations.contains(key): return
        case "id" where document.isDraft4 && depth == 0: return
        case "$ref":
            guard let text = value.text, !isInsideID || !text.hasPrefix("#") else { throw malformed(key) }
            _ = try SchemaReference.target(text, from: document, documents)
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
            if let list = value.elements, document.isDraft7 {
                for element in list {
                    try inspect(element, in: document, depth: depth + 1, isInsideID: isInsideID)
                }
            } else {
                try inspect(value, in: document, depth: depth + 1, isInsideID: isInsideID)
            }
        case _ where SchemaInspection.counts.contains(key):
            guard let count = value.number?.asInt, count >= 0 else { throw malformed(key) }
        case _ where SchemaInspection.bounds.contains(key): guard value.number != nil else { throw malformed(key) }
        case _ where SchemaInspection.single.contains(key):
            try inspect(value, in: document, depth: depth + 1, isInsideID: isInsideID)
        case _ where SchemaInspection.lists.contains(key):
            guard let list = value.elements, !list.isEmpty else { throw malformed(key) }
            for element in list { try inspect(element, in: document, depth: depth + 1, isInsideID: isInsideID) }
        case _ where SchemaInspection.named.contains(key):
            guard let object = value.object else { throw malformed(key) }
            for member in object.members {
                if key == "patternProperties" { try add(member.key) }
                try inspect(member.value, in: document, depth: depth + 1, isInsideID: isInsideID)
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
