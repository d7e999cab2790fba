import AssayJSON
import AssayJSONSchema
import AssayTestSupport
import Foundation
import Testing

private func value(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

private func keywords(_ schema: String, _ document: String) throws -> [String] {
    try JSONSchema(value(schema)).failures(of: value(document)).map(\.keyword)
}

@Test(
    arguments: [
        (#"{"type": "integer"}"#, "1.0", []), (#"{"type": "integer"}"#, "1.5", ["type"]),
        (#"{"type": ["string", "null"]}"#, "null", []), (#"{"enum": [1, "a"]}"#, "1.0", []),
        (#"{"enum": ["a"]}"#, "2", ["enum"]),
        (#"{"const": {"a": 1, "b": 2}}"#, #"{"b": 2, "a": 1}"#, []), (#"{"const": "é"}"#, #""e\u0301""#, ["const"]),
        (#"{"minLength": 2}"#, #""é""#, ["minLength"]), (#"{"maxLength": 1}"#, #""😀""#, []),
        (#"{"pattern": "b+"}"#, #""abbc""#, []), (#"{"pattern": "^b"}"#, #""ab""#, ["pattern"]),
        (#"{"minimum": 0.1, "exclusiveMaximum": 1}"#, "1", ["exclusiveMaximum"]), (#"{"multipleOf": 0.1}"#, "0.3", []),
        (#"{"uniqueItems": true}"#, "[1, 1.0]", ["uniqueItems"]), (#"{"uniqueItems": true}"#, "[1, true]", []),
        (#"{"required": ["a"]}"#, "{}", ["required"]), (#"{"minProperties": 1}"#, "{}", ["minProperties"]),
        (
            #"{"properties": {"a": {"type": "string"}}, "additionalProperties": false}"#, #"{"a": 1, "b": 1}"#,
            ["type", "additionalProperties"]
        ),
        (
            #"{"patternProperties": {"^x_": true}, "additionalProperties": {"type": "null"}}"#,
            #"{"x_a": 1, "b": null, "c": 2}"#, ["type"]
        ),
        (#"{"propertyNames": {"maxLength": 1}}"#, #"{"ab": 1}"#, ["maxLength"]),
        (#"{"dependentRequired": {"a": ["b"]}}"#, #"{"a": 1}"#, ["dependentRequired"]),
        (#"{"prefixItems": [{"type": "null"}], "items": {"type": "string"}}"#, #"[null, "a", 1]"#, ["type"]),
        (#"{"contains": {"const": 1}, "maxContains": 1}"#, "[1, 1]", ["contains"]),
        (#"{"contains": {"const": 1}}"#, "[]", ["contains"]),
        (#"{"anyOf": [{"const": 1}, {"const": 2}]}"#, "3", ["anyOf", "const"]),
        (#"{"oneOf": [{"minimum": 1}, {"minimum": 2}]}"#, "3", ["oneOf"]),
        (#"{"not": {"const": 1}}"#, "1", ["not"]),
        (#"{"if": {"const": 1}, "then": false, "else": {"type": "string"}}"#, "1", ["false"]),
        (#"{"if": {"const": 1}, "then": false, "else": {"type": "string"}}"#, "2", ["type"]),
        (
            #"{"allOf": [{"properties": {"a": true}}], "unevaluatedProperties": false}"#, #"{"a": 1, "b": 1}"#,
            ["unevaluatedProperties"]
        ),
        (
            ##"{"$defs": {"n": {"items": {"$ref": "#/$defs/n"}, "type": "array"}}, "$ref": "#/$defs/n"}"##, "[[], [1]]",
            ["type"]
        ),
        (
            ##"{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"s": {"type": "string"}}, "$ref": "#/definitions/s", "const": 1}"##,
            #""a""#, []
        ),
        (
            #"{"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "null"}], "additionalItems": false}"#,
            "[null, 1]", ["false"]
        ),
        (#"{"format": "date-time"}"#, #""2026-11-29T22:15:00Z""#, []),
        (#"{"format": "date-time"}"#, #""2026-02-29T22:15:00Z""#, ["format"]),
        (#"{"format": "uri"}"#, #""urn:uuid:1""#, []), (#"{"format": "uri"}"#, #""/a""#, ["format"]),
        (#"{"format": "email"}"#, #""a@b""#, []),
    ] as [(String, String, [String])])
func `every keyword says what the specification says`(schema: String, document: String, expected: [String]) throws {
    #expect(try keywords(schema, document) == expected)
}

@Test(
    arguments: [
        (#"{"minimun": 1}"#, .unknown), (#"{"format": "hostname"}"#, .unknown),
        (#"{"$schema": "https://example.org/mine"}"#, .unknown),
        (##"{"$dynamicRef": "#a"}"##, .unknown), (#"{"properties": {"a": {"requried": []}}}"#, .unknown),
        (##"{"$ref": "#/$defs/none"}"##, .reference), (#"{"$ref": "other.json"}"#, .reference),
        (#"{"type": "text"}"#, .malformed),
        (#"{"pattern": "(a"}"#, .malformed), (#"{"pattern": "(?=a)"}"#, .malformed),
        (#"{"pattern": "(a)\\1"}"#, .malformed),
        (#"{"exclusiveMinimum": true}"#, .malformed), (#"{"minLength": -1}"#, .malformed),
        (#"{"allOf": []}"#, .malformed),
        (#"[]"#, .malformed), (#"{"pattern": "((a{100}){100}){100}"}"#, .tooLarge),
    ] as [(String, SchemaError.Code)])
func `a schema that cannot be judged by is refused, never passed`(schema: String, code: SchemaError.Code) throws {
    let schema = try value(schema)
    let error = #expect(throws: SchemaError.self) { try JSONSchema(schema) }
    #expect(error?.code == code, "\(String(describing: error))")
}

/// Only what references lead to has a say, and there nothing unknown is passed over.
@Test(
    arguments: [
        (#"{"$ref": "o#/$defs/a"}"#, #"{"$vocabulary": {}, "$defs": {"a": {"type": "string"}}}"#, nil),
        (#"{"$ref": "o#/$defs/a"}"#, #"{"$defs": {"a": {"type": "string"}, "b": {"minimun": 1}}}"#, nil),
        (#"{"$ref": "o#/$defs/a"}"#, #"{"$defs": {"a": {"minimun": 1}}}"#, .unknown),
        (
            #"{"$ref": "o#/$defs/a"}"#, ##"{"$defs": {"a": {"not": {"$ref": "#/$defs/b"}}, "b": {"minimun": 1}}}"##,
            .unknown
        ),
        (#"{"$ref": "o#/$defs/a"}"#, ##"{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}"##, nil),
        (#"{"$ref": "o"}"#, #"{"$vocabulary": {}}"#, .unknown),
        (#"{"$ref": "o#"}"#, #"{"$dynamicAnchor": "a"}"#, .unknown),
        (#"{"$ref": "o#/$defs/a"}"#, #"{"$schema": "https://example.org/mine", "$defs": {"a": true}}"#, .unknown),
        (#"{"$ref": "o#/$defs/a/not"}"#, #"{"$defs": {"a": {"$id": "https://example.org/a", "not": {}}}}"#, .reference),
        (
            #"{"$ref": "o#/$defs/a"}"#,
            ##"{"$defs": {"a": {"$id": "https://example.org/a", "not": {"$ref": "#/b"}}}}"##, .malformed
        ),
        (##"{"const": {"a": {"minimun": 1}}, "$ref": "#/const/a"}"##, "{}", .unknown),
    ] as [(String, String, SchemaError.Code?)])
func `other schemas are looked at where references lead`(schema: String, other: String, code: SchemaError.Code?) throws
{
    let (schema, other) = (try value(schema), try value(other))
    do throws(SchemaError) {
        _ = try JSONSchema(schema, references: ["o": other])
        #expect(code == nil)
    } catch {
        #expect(error.code == code, "\(error)")
    }
}

@Test
func `a schema that leads to itself without an end is an error, no crash`() throws {
    let endless = try JSONSchema(value(##"{"$ref": "#"}"##))
    #expect(throws: SchemaError.self) { try endless.failures(of: .null) }
    let twice = try JSONSchema(value(##"{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}"##))
    #expect(throws: SchemaError.self) { try twice.failures(of: .null) }
}

@Test
func `a pattern that takes others exponential time takes this one none`() throws {
    let schema = try JSONSchema(value(#"{"pattern": "^(a+)+$"}"#))
    let text = String(repeating: "a", count: 20_000) + "!"
    let start = ContinuousClock.now
    #expect(try schema.failures(of: .string(text)).count == 1)
    #expect(ContinuousClock.now - start < .seconds(10))
}

@Test(
    arguments: [
        ("^[\\S](.*[\\S])?$", "a b", true), ("^[\\S](.*[\\S])?$", " a", false), ("^(a|b|)c{2,3}$", "cc", true),
        ("^(a|b|)c{2,3}$", "bcccc", false), ("^[^a-c]+$", "xyz", true), ("^[^a-c]+$", "xbz", false),
        ("^[a\\-]$", "-", true),
        ("^\\d{4}$", "٠١٢٣", false), ("^a.c$", "a\nc", false), ("^[\\w.-]*$", "a_b-c.9", true), ("x{0}y", "y", true),
        ("^(?:ab)+?$", "abab", true), ("^\\u00e9$", "é", true), ("a$|^b", "ba", true), ("^[]]?", "a", false),
    ] as [(String, String, Bool)])
func `patterns match as ECMA-262 says`(pattern: String, text: String, matches: Bool) throws {
    let schema = JSONValue.object(["pattern": .string(pattern)])
    if pattern == "^[]]?" {
        #expect(throws: SchemaError.self) { try JSONSchema(schema) }
        return
    }
    #expect(try JSONSchema(schema).failures(of: .string(text)).isEmpty == matches)
}
