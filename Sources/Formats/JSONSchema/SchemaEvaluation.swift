import AssayJSON

/// One run of a schema over a document.
struct SchemaEvaluation {
    /// What a schema says of one value.
    struct Result {
        var failures: [SchemaFailure] = []
        /// The members and elements that some keyword has looked at, for `unevaluatedProperties` and `unevaluatedItems`.
        var properties: Set<String> = []
        var items: Set<Int> = []

        var isValid: Bool { failures.isEmpty }

        mutating func take(_ other: Result) {
            failures += other.failures
            properties.formUnion(other.properties)
            items.formUnion(other.items)
        }
    }

    private static let maximumDepth = 600
    private static let maximumSteps = 5_000_000

    let schema: JSONSchema
    private var steps = 0
    private var depth = 0

    init(schema: JSONSchema) { self.schema = schema }

    mutating func judge(_ value: JSONValue) throws(SchemaError) -> [SchemaFailure] {
        guard let root = schema.documents[""] else { return [] }
        return try judge(value, at: [], by: root.root, in: root).failures
    }

    mutating func judge(
        _ value: JSONValue, at path: [String], by schema: JSONValue, in document: SchemaDocument
    ) throws(SchemaError) -> Result {
        steps += 1
        depth += 1
        defer { depth -= 1 }
        guard steps <= SchemaEvaluation.maximumSteps, depth <= SchemaEvaluation.maximumDepth else {
            throw SchemaError(code: .tooLarge, detail: "judging the document needs too many steps")
        }
        if case .bool(let isAllowed) = schema {
            return isAllowed
                ? Result()
                : Result(failures: [SchemaFailure(path: path, keyword: "false", reason: "nothing may stand here")])
        }
        guard let object = schema.object else { return Result() }
        var result = Result()
        if let reference = object["$ref"]?.text {
            let target = try SchemaReference.target(reference, from: document, self.schema.documents)
            result.take(try judge(value, at: path, by: target.schema, in: target.document))
            if document.isDraft7 { return result }
        }
        result.failures += SchemaValueRules(schema: self.schema).failures(of: value, at: path, by: object)
        try applyAlternatives(object, to: value, at: path, in: document, &result)
        if let members = value.object { try applyToMembers(object, members, at: path, in: document, &result) }
        if let elements = value.elements { try applyToElements(object, elements, at: path, in: document, &result) }
        return result
    }

    private mutating func applyAlternatives(
        _ object: JSONObject, to value: JSONValue, at path: [String], in document: SchemaDocument,
        _ result: inout Result
    ) throws(SchemaError) {
        for part in object["allOf"]?.elements ?? [] {
            result.take(try judge(value, at: path, by: part, in: document))
        }
        for keyword in ["anyOf", "oneOf"] {
            guard let parts = object[keyword]?.elements else { continue }
            var outcomes: [Result] = []
            for part in parts { outcomes.append(try judge(value, at: path, by: part, in: document)) }
            let fitting = outcomes.filter(\.isValid)
            if fitting.count == 1 || (keyword == "anyOf" && !fitting.isEmpty) {
                for outcome in fitting { result.take(outcome) }
            } else if fitting.isEmpty {
                result.failures.append(
                    SchemaFailure(path: path, keyword: keyword, reason: "none of \(parts.count) alternatives fits"))
                // The alternative that got furthest is likely the one that was meant.
                let nearest = outcomes.max { left, right in
                    (left.failures.map(\.path.count).max() ?? 0, -left.failures.count)
                        < (right.failures.map(\.path.count).max() ?? 0, -right.failures.count)
                }
                result.failures += nearest?.failures ?? []
            } else {
                result.failures.append(
                    SchemaFailure(
                        path: path, keyword: keyword, reason: "\(fitting.count) alternatives fit where one may"))
            }
        }
        if let part = object["not"], try judge(value, at: path, by: part, in: document).isValid {
            result.failures.append(SchemaFailure(path: path, keyword: "not", reason: "it is what it must not be"))
        }
        if let condition = object["if"] {
            var outcome = try judge(value, at: path, by: condition, in: document)
            let branch = object[outcome.isValid ? "then" : "else"]
            if outcome.isValid {
                outcome.failures = []
                result.take(outcome)
            }
            if let branch { result.take(try judge(value, at: path, by: branch, in: document)) }
        }
    }

    private mutating func applyToMembers(
        _ object: JSONObject, _ members: JSONObject, at path: [String], in document: SchemaDocument,
        _ result: inout Result
    ) throws(SchemaError) {
        let properties = object["properties"]?.object
        let patterns = (object["patternProperties"]?.object?.members ?? [])
        var matched: Set<String> = []
        for member in members.members {
            let place = path + [member.key]
            if let part = properties?[member.key] {
                matched.insert(member.key)
                result.failures += try judge(member.value, at: place, by: part, in: document).failures
            }
            for pattern in patterns where self.schema.patterns[pattern.key]?.matches(member.key) == true {
                matched.insert(member.key)
                result.failures += try judge(member.value, at: place, by: pattern.value, in: document).failures
            }
            if let part = object["propertyNames"] {
                result.failures += try judge(.string(member.key), at: place, by: part, in: document).failures
            }
            if let part = object["dependentSchemas"]?[member.key] {
                result.take(try judge(.object(members), at: path, by: part, in: document))
            }
        }
        result.properties.formUnion(matched)
        for (keyword, known) in [("additionalProperties", matched), ("unevaluatedProperties", nil)] {
            guard let part = object[keyword] else { continue }
            let known = known ?? result.properties
            for member in members.members where !known.contains(member.key) {
                result.properties.insert(member.key)
                if case .bool(false) = part {
                    result.failures.append(
                        SchemaFailure(
                            path: path + [member.key], keyword: keyword, reason: "there is no such member"))
                } else {
                    let outcome = try judge(member.value, at: path + [member.key], by: part, in: document)
                    result.failures += outcome.failures
                }
            }
        }
    }

    private mutating func applyToElements(
        _ object: JSONObject, _ elements: [JSONValue], at path: [String], in document: SchemaDocument,
        _ result: inout Result
    ) throws(SchemaError) {
        let isTuple = document.isDraft7 && object["items"]?.elements != nil
        let leading = (isTuple ? object["items"] : object["prefixItems"])?.elements ?? []
        let rest = isTuple ? object["additionalItems"] : object["items"]
        var containing = 0
        for (index, element) in elements.enumerated() {
            let place = path + [String(index)]
            if let part = index < leading.count ? leading[index] : rest {
                result.items.insert(index)
                result.failures += try judge(element, at: place, by: part, in: document).failures
            }
            if let part = object["contains"], try judge(element, at: place, by: part, in: document).isValid {
                containing += 1
                if !document.isDraft7 { result.items.insert(index) }
            }
        }
        if object["contains"] != nil {
            let least = object["minContains"]?.number?.asInt ?? 1
            let most = object["maxContains"]?.number?.asInt ?? .max
            if containing < least || containing > most {
                result.failures.append(
                    SchemaFailure(
                        path: path, keyword: "contains", reason: "\(containing) elements are what some must be"))
            }
        }
        if let part = object["unevaluatedItems"] {
            for (index, element) in elements.enumerated() where !result.items.contains(index) {
                result.items.insert(index)
                let outcome = try judge(element, at: path + [String(index)], by: part, in: document)
                result.failures += outcome.failures
            }
        }
    }
}
