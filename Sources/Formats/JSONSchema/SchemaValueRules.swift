import AssayBytes
import AssayJSON

/// The keywords that look at one value and at no other schema.
struct SchemaValueRules {
    let schema: JSONSchema

    func failures(of value: JSONValue, at path: [String], by object: JSONObject) -> [SchemaFailure] {
        var failures: [SchemaFailure] = []
        func fail(_ keyword: String, _ reason: String) {
            failures.append(SchemaFailure(path: path, keyword: keyword, reason: reason))
        }
        if let type = object["type"] {
            let names = type.text.map { [$0] } ?? (type.elements ?? []).compactMap(\.text)
            if !names.contains(where: { isType($0, value) }) {
                fail("type", "a \(value.typeName) where \(names.joined(separator: " or ")) must stand")
            }
        }
        if let allowed = object["enum"]?.elements, !allowed.contains(value) {
            let names = allowed.prefix(8).map(SchemaValueRules.shown).joined(separator: ", ")
            fail("enum", "\(SchemaValueRules.shown(value)) is none of \(names)\(allowed.count > 8 ? ", …" : "")")
        }
        if let only = object["const"], only != value { fail("const", "it must be \(SchemaValueRules.shown(only))") }
        switch value {
        case .string(let text): judge(text, by: object, fail)
        case .number(let number): judge(number, by: object, fail)
        case .array(let elements):
            count(elements.count, "Items", "elements", by: object, fail)
            if case .bool(true) = object["uniqueItems"], Set(elements).count != elements.count {
                fail("uniqueItems", "an element stands twice")
            }
        case .object(let members):
            count(members.count, "Properties", "members", by: object, fail)
            for name in (object["required"]?.elements ?? []).compactMap(\.text) where members[name] == nil {
                fail("required", "'\(EscapedText(name))' is missing")
            }
            for (key, names) in object["dependentRequired"]?.object?.members ?? [] where members[key] != nil {
                for name in (names.elements ?? []).compactMap(\.text) where members[name] == nil {
                    fail("dependentRequired", "'\(EscapedText(name))' is missing beside '\(EscapedText(key))'")
                }
            }
        case .null, .bool: break
        }
        return failures
    }

    private func judge(_ text: String, by object: JSONObject, _ fail: (String, String) -> Void) {
        if object["minLength"] != nil || object["maxLength"] != nil {
            count(text.unicodeScalars.count, "Length", "characters", by: object, fail)
        }
        if let source = object["pattern"]?.text, schema.patterns[source]?.matches(text) != true {
            fail("pattern", "\(SchemaValueRules.shown(.string(text))) has not the form '\(source.prefix(120))'")
        }
        if schema.assertsFormats, let name = object["format"]?.text, SchemaFormat(rawValue: name)?.accepts(text) != true
        {
            fail("format", "\(SchemaValueRules.shown(.string(text))) is no \(name)")
        }
    }

    private func judge(_ number: JSONNumber, by object: JSONObject, _ fail: (String, String) -> Void) {
        if let bound = object["minimum"]?.number, number < bound { fail("minimum", "\(number) is below \(bound)") }
        if let bound = object["maximum"]?.number, number > bound { fail("maximum", "\(number) is above \(bound)") }
        if let bound = object["exclusiveMinimum"]?.number, number <= bound {
            fail("exclusiveMinimum", "\(number) is not above \(bound)")
        }
        if let bound = object["exclusiveMaximum"]?.number, number >= bound {
            fail("exclusiveMaximum", "\(number) is not below \(bound)")
        }
        if let divisor = object["multipleOf"]?.number, number.isMultiple(of: divisor) != true {
            fail("multipleOf", "\(number) is no multiple of \(divisor)")
        }
    }

    private func count(
        _ count: Int, _ suffix: String, _ noun: String, by object: JSONObject, _ fail: (String, String) -> Void
    ) {
        if let least = object["min" + suffix]?.number?.asInt, count < least {
            fail("min" + suffix, "\(count) \(noun) where at least \(least) must be")
        }
        if let most = object["max" + suffix]?.number?.asInt, count > most {
            fail("max" + suffix, "\(count) \(noun) where at most \(most) may be")
        }
    }

    private func isType(_ name: String, _ value: JSONValue) -> Bool {
        if name == "integer" { return value.number?.isInteger == true }
        return name == value.typeName
    }

    /// A value in a message, cut.
    private static func shown(_ value: JSONValue) -> String {
        switch value {
        case .string(let text):
            "'\(EscapedText(String(text.unicodeScalars.prefix(60))))\(text.unicodeScalars.count > 60 ? "…" : "")'"
        case .number(let number): String(number.description.prefix(60))
        case .bool(let value): value ? "true" : "false"
        case .null: "null"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
