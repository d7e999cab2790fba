import AssayAdvisories
import AssayJSON
import AssayJSONSchema
import AssayTestSupport
import Foundation
import Testing

/// Documents of each published schema, mutated: Python's jsonschema and ours must say the same of every one.
///
/// Formats are left out: Python judges them with packages of their own.
@Test(
    .enabled(if: Seeds.hasPython),
    arguments: AdvisorySchema.allCases)
func `Python's jsonschema agrees on mutated documents`(schema: AdvisorySchema) throws {
    let prepared = try prepare(schema)
    let seed = try JSONReader.read(Array((Seeds.documents[schema] ?? "{}").utf8))
    let faults = try prepared.failures(of: seed)
    #expect(faults.isEmpty, "\(faults)")
    var numbers = SeededNumbers(state: 11)
    var documents = [seed]
    for _ in 0..<250 {
        var document = seed
        for _ in 0..<Int.random(in: 1...2, using: &numbers) { document = mutated(document, &numbers) }
        documents.append(document)
    }
    let verdicts = try pythonVerdicts(schema, documents)
    let style = JSONWriter.Style(sortsKeys: false, isIndented: false)
    for (document, verdict) in zip(documents, verdicts) {
        let failures = try prepared.failures(of: document)
        #expect(
            failures.isEmpty == verdict, "\(verdict): \(failures) in \(JSONWriter.text(document, style: style))")
    }
    #expect(verdicts.contains(true) && verdicts.contains(false))
}

/// The schema with those that it leads to; formats are not judged.
private func prepare(_ schema: AdvisorySchema) throws -> JSONSchema {
    var references: [String: JSONValue] = [:]
    for (name, bytes) in schema.references { references[name] = try JSONReader.read(bytes) }
    return try JSONSchema(JSONReader.read(schema.bytes), references: references, assertsFormats: false)
}

/// Whether Python's jsonschema finds each document valid.
private func pythonVerdicts(_ schema: AdvisorySchema, _ documents: [JSONValue]) throws -> [Bool] {
    let scratch = ScratchDirectory()
    try scratch.write("schema.json", schema.bytes)
    for (index, name) in schema.references.keys.sorted().enumerated() {
        try scratch.write("reference\(index).json", schema.references[name] ?? [])
    }
    let style = JSONWriter.Style(sortsKeys: false, isIndented: false)
    try scratch.write("documents", documents.map { JSONWriter.text($0, style: style) }.joined(separator: "\n"))
    try scratch.write(
        "judge.py",
        """
        import decimal, json, sys, jsonschema
        # 7.3 is a multiple of 0.1, and no binary fraction.
        read = lambda text: json.loads(text, parse_float=decimal.Decimal)
        root = read(open("schema.json").read())
        others = {name: read(open(f"reference{index}.json").read()) for index, name in enumerate(sys.argv[1:])}
        kind = jsonschema.validators.validator_for(root)
        for schema in list(others.values()):
            others.setdefault(schema.get("$id", schema.get("id")), schema)
        try:
            import referencing, referencing.jsonschema
            make = lambda c: referencing.Resource.from_contents(c, default_specification=referencing.jsonschema.DRAFT202012)
            validator = kind(root, registry=referencing.Registry().with_resources((n, make(c)) for n, c in others.items()))
        except ImportError:
            validator = kind(root, resolver=jsonschema.RefResolver.from_schema(root, store=others))
        for line in open("documents"):
            print("yes" if validator.is_valid(read(line)) else "no")
        """)
    let names = schema.references.keys.sorted()
    let result = shell("python3 judge.py \"$@\"", in: scratch.path, arguments: names)
    let lines = result.text.split(separator: "\n")
    try #require(lines.count == documents.count, "\(result.errorText)")
    return lines.map { $0 == "yes" }
}

/// The example documents of OASIS for the tests of CSAF 2.1, valid and not, as the package csaf of PyPI has them.
@Test(.enabled(if: Seeds.hasPython && PythonPackage.csaf.modules != nil, "PyPI gives no csaf here"))
func `OASIS's example documents of CSAF 2.1 are judged as Python judges them, and read`() throws {
    let folder = try #require(PythonPackage.csaf.modules) + "/csaf/v21csd04/data"
    let find = "find . -name '*.json' ! -name MANIFEST.json ! -name '*.result.json' | sort"
    let names = shell(find, in: folder).text.split(separator: "\n").map(String.init)
    var documents: [JSONValue] = []
    for name in names {
        documents.append(try JSONReader.read(Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))))
    }
    let prepared = try prepare(.csaf21)
    let verdicts = try pythonVerdicts(.csaf21, documents)
    var read = 0
    var refused: [String] = []
    for (index, document) in documents.enumerated() {
        let failures = try prepared.failures(of: document)
        #expect(failures.isEmpty == verdicts[index], "\(names[index]): \(failures)")
        guard failures.isEmpty, let format = AdvisoryFormat(of: document) else { continue }
        do throws(AdvisoryError) {
            _ = try format.advisory(document)
            read += 1
        } catch {
            refused.append("\(names[index]): \(error)")
        }
    }
    // Five speak of products that are in no product tree: one on purpose (6.1.1), four by mistake.
    #expect(refused.allSatisfy { $0.hasSuffix("is not in the product tree") }, "\(refused)")
    #expect(read == 1039 && refused.count == 5, "\(read) read of \(names.count), refused: \(refused)")
}

/// A document with one value somewhere changed, left out, doubled or moved.
private func mutated(_ value: JSONValue, _ numbers: inout SeededNumbers) -> JSONValue {
    let strange: [JSONValue] = [
        .null, .bool(true), .integer(0), .integer(-1), .number(JSONNumber("7.25") ?? JSONNumber(7)), .string(""), " a",
        "CVE-2026-1", "CVE-2026-12345", .array([]), .object([:]), "affected", "2.0", "https://example.org/a_1.0.0.json",
    ]
    guard Int.random(in: 0..<5, using: &numbers) > 0 else { return strange.randomElement(using: &numbers) ?? .null }
    switch value {
    case .array(var elements) where !elements.isEmpty:
        let index = Int.random(in: 0..<elements.count, using: &numbers)
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: elements.remove(at: index)
        case 1: elements.append(elements[index])
        default: elements[index] = mutated(elements[index], &numbers)
        }
        return .array(elements)
    case .object(var object) where object.count > 0:
        let key = object.keys.randomElement(using: &numbers) ?? ""
        switch Int.random(in: 0..<8, using: &numbers) {
        case 0: object[key] = nil
        case 1: object["x_more"] = strange.randomElement(using: &numbers)
        default: object[key] = object[key].map { mutated($0, &numbers) }
        }
        return .object(object)
    default: return strange.randomElement(using: &numbers) ?? .null
    }
}

/// A valid document of each schema.
enum Seeds {
    /// Whether Python has jsonschema; CI must have it.
    static let hasPython =
        ProcessInfo.processInfo.environment["CI"] != nil || shell("python3 -c 'import jsonschema'").status == 0

    static let documents: [AdvisorySchema: String] = [
        .csaf: #"""
        {"document": {"category": "csaf_vex", "csaf_version": "2.0", "lang": "en",
          "publisher": {"category": "vendor", "name": "Example", "namespace": "https://example.org"},
          "title": "A title", "references": [{"category": "external", "summary": "s", "url": "https://example.org/1"}],
          "tracking": {"current_release_date": "2026-11-29T00:00:00Z", "id": "EX-1",
            "initial_release_date": "2026-11-29T00:00:00Z", "status": "final", "version": "1",
            "revision_history": [{"date": "2026-11-29T00:00:00Z", "number": "1", "summary": "First"}]}},
         "product_tree": {"branches": [{"category": "vendor", "name": "Example", "branches": [{"category": "product_version",
           "name": "1.0", "product": {"name": "p 1.0", "product_id": "P1",
           "product_identification_helper": {"purl": "pkg:rpm/example/p@1.0"}}}]}]},
         "vulnerabilities": [{"cve": "CVE-2026-12345", "cwe": {"id": "CWE-79", "name": "XSS"},
           "notes": [{"category": "description", "text": "t"}], "product_status": {"known_affected": ["P1"]},
           "scores": [{"products": ["P1"], "cvss_v3": {"version": "3.1", "baseScore": 9.8, "baseSeverity": "CRITICAL",
             "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}],
           "remediations": [{"category": "vendor_fix", "details": "d", "product_ids": ["P1"]}]}]}
        """#,
        .csaf21: #"""
        {"$schema": "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json",
         "document": {"category": "csaf_vex", "csaf_version": "2.1", "lang": "en",
          "distribution": {"tlp": {"label": "AMBER+STRICT"}, "sharing_group": {"id": "5868d6e5-a653-4ba8-b9e1-d7ae2e1ca1ac"}},
          "publisher": {"category": "multiplier", "name": "Example", "namespace": "https://example.org",
            "contact": {"email": "a@example.org", "url": "https://example.org/c"}},
          "title": "A title", "references": [{"category": "external", "summary": "s", "url": "https://example.org/1"}],
          "tracking": {"current_release_date": "2026-11-29T00:00:00Z", "id": "EX-1",
            "initial_release_date": "2026-11-29T00:00:00Z", "status": "final", "version": "1",
            "revision_history": [{"date": "2026-11-29T00:00:00Z", "number": "1", "summary": "First"}]}},
         "product_tree": {"branches": [{"category": "vendor", "name": "Example", "branches": [{"category": "product_version",
           "name": "1.0", "product": {"name": "p 1.0", "product_id": "P1",
           "product_identification_helper": {"purls": ["pkg:rpm/example/p@1.0", "pkg:generic/p@1.0"]}}}]}],
           "full_product_names": [{"name": "OS", "product_id": "P2"}],
           "product_paths": [{"beginning_product_reference": "P1", "full_product_name": {"name": "p on OS", "product_id": "P3"},
             "subpaths": [{"category": "installed_on", "next_product_reference": "P2"}]}]},
         "vulnerabilities": [{"cve": "CVE-2026-12345", "cwes": [{"id": "CWE-79", "name": "XSS", "version": "4.9"}],
           "notes": [{"category": "description", "text": "t", "product_ids": ["P1"]}],
           "product_status": {"known_affected": ["P1"], "unknown": ["P3"]},
           "disclosure_date": "2026-11-29T00:00:00Z",
           "first_known_exploitation_dates": [{"date": "2026-11-29T00:00:00Z", "exploitation_date": "2026-11-28T00:00:00Z",
             "product_ids": ["P1"]}],
           "x_extensions": [{"$schema": "https://example.org/x_1.0.0.json", "category": "supplementary", "critical": false,
             "content": {"a": 1}}],
           "metrics": [{"products": ["P1"], "source": "https://example.org/m", "content": {
             "cvss_v3": {"version": "3.1", "baseScore": 9.8, "baseSeverity": "CRITICAL",
               "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
             "cvss_v4": {"version": "4.0", "baseScore": 9.3, "baseSeverity": "CRITICAL",
               "vectorString": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"},
             "ssvc_v2": {"timestamp": "2026-11-29T00:00:00Z", "schemaVersion": "2.0.0", "selections": [{"namespace": "ssvc",
               "key": "E", "version": "1.1.0", "values": [{"key": "A"}]}]}}}],
           "remediations": [{"category": "fix_planned", "details": "d", "product_ids": ["P1"]}]}]}
        """#,
        .openVEX: #"""
        {"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/1", "author": "Example",
         "timestamp": "2026-11-29T00:00:00Z", "version": 1, "statements": [
           {"vulnerability": {"name": "CVE-2026-12345"}, "products": [{"@id": "pkg:rpm/example/p@1.0"}],
            "status": "not_affected", "justification": "component_not_present"},
           {"vulnerability": {"name": "CVE-2026-12346"}, "products": [{"@id": "pkg:rpm/example/p@1.0"}],
            "status": "affected", "action_statement": "Update."}]}
        """#,
        .osv: #"""
        {"id": "CVE-2026-12345", "modified": "2026-11-29T00:00:00Z", "summary": "s", "aliases": ["GHSA-2222-3333-4444"],
         "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
         "affected": [{"package": {"ecosystem": "Debian:12", "name": "p"}, "versions": ["1.0"],
           "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}]}],
         "references": [{"type": "WEB", "url": "https://example.org"}], "credits": [{"name": "n", "type": "FINDER"}]}
        """#,
        .cve: #"""
        {"providerMetadata": {"orgId": "b3476cb9-2e3d-41a6-98d0-0f47421a65b6"}, "title": "t",
         "descriptions": [{"lang": "en", "value": "d"}], "references": [{"url": "https://example.org"}],
         "affected": [{"vendor": "v", "product": "p", "defaultStatus": "unaffected",
           "versions": [{"version": "0", "status": "affected", "lessThan": "1.1", "versionType": "custom"}]}],
         "problemTypes": [{"descriptions": [{"lang": "en", "type": "CWE", "cweId": "CWE-79", "description": "CWE-79"}]}],
         "metrics": [{"format": "CVSS", "cvssV3_1": {"version": "3.1", "baseScore": 9.8, "baseSeverity": "CRITICAL",
           "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}],
         "credits": [{"lang": "en", "type": "finder", "value": "n"}]}
        """#,
        .gitHub: #"""
        {"summary": "s", "description": "d", "cwe_ids": ["CWE-79"], "severity": "high", "start_private_fork": false,
         "vulnerabilities": [{"package": {"ecosystem": "other", "name": "p"}, "vulnerable_version_range": "< 1"}]}
        """#,
    ]
}
