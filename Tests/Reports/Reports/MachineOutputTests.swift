import AssayFindings
import AssayTestSupport
import Foundation
import Testing

@testable import AssayReports

/// The root of the project.
private let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Whether Python's validator is there; where it must be (CI), its absence fails the test.
private let hasValidator =
    ProcessInfo.processInfo.environment["CI"] != nil || shell("python3 -c 'import jsonschema'").status == 0

/// Turns the offsets, which are text in the report, into the numbers of the model.
private func modelForm(_ value: Any) -> Any {
    if let list = value as? [Any] { return list.map(modelForm) }
    guard var members = value as? [String: Any] else { return value }
    for (key, member) in members {
        members[key] = modelForm(member)
        if key == "offset", let text = member as? String { members[key] = UInt64(text) ?? text }
    }
    return members
}

@Test(arguments: Fixture.allCases)
func `JSON gives back the result that it was made from`(fixture: Fixture) throws {
    let text = render(fixture.result, as: .json)
    let tree = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let data = try JSONSerialization.data(withJSONObject: modelForm(tree))
    #expect(try JSONDecoder().decode(AuditResult.self, from: data) == fixture.result)
}

@Test
func `JSON has the members of the model, offsets as text and keys in order`() throws {
    let text = render(Fixture.hostile.result, as: .json)
    #expect(text.contains(#""offset": "18446744073709551615""#))
    let keys = text.matches(of: /\n  "([A-Za-z]+)":/).map { String($0.1) }
    #expect(keys == keys.sorted())
    #expect(keys.contains("schemaVersion"))
}

@Test(.enabled(if: hasValidator, "python3-jsonschema is not installed"))
func `JSON follows its schema and SARIF follows the schema of OASIS`() throws {
    let directory = ScratchDirectory()
    for fixture in Fixture.allCases {
        try directory.write("\(fixture).json", render(fixture.result, as: .json))
        try directory.write("\(fixture).sarif", render(fixture.result, as: .sarif))
    }
    try directory.write(
        "check.py",
        """
        import glob, json, sys, jsonschema
        count = 0
        for pattern, path in [('*.json', sys.argv[1]), ('*.sarif', sys.argv[2])]:
            schema = json.load(open(path, encoding='utf-8'))
            kind = jsonschema.validators.validator_for(schema)
            kind.check_schema(schema)
            for name in sorted(glob.glob(pattern)):
                for error in kind(schema).iter_errors(json.load(open(name, encoding='utf-8'))):
                    sys.exit(f'{name}: {list(error.path)}: {error.message[:300]}')
                count += 1
        print('valid', count)
        """)
    let schemas = [
        root.appendingPathComponent("docs/schema/audit-report.schema.json").path,
        root.appendingPathComponent("Tests/Vectors/SARIF/sarif-schema-2.1.0.json").path,
    ]
    let result = shell("exec python3 check.py \"$1\" \"$2\"", in: directory.path, arguments: schemas)
    #expect(result.text == "valid 8\n", "\(result.errorText)")
}

private func sarifRun(_ fixture: Fixture) throws -> [String: Any] {
    let text = render(fixture.result, as: .sarif)
    let log = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    return try #require((log["runs"] as? [[String: Any]])?.first)
}

@Test(arguments: [
    ("network.syn-cookies", "pass", "none"), ("kernel.lockdown", "fail", "error"), ("elf.pie", "fail", "warning"),
    ("elf.format-security", "open", "none"), ("kernel.dev-kmem", "notApplicable", "none"),
    ("mac.selinux", "fail", "error"),
])
func `a row is a SARIF result of its kind and level`(check: String, kind: String, level: String) throws {
    let results = try #require(sarifRun(.azure)["results"] as? [[String: Any]])
    let result = try #require(results.first { $0["ruleId"] as? String == check })
    #expect(result["kind"] as? String == kind)
    #expect(result["level"] as? String == level)
    let suppressions = try #require(result["suppressions"] as? [[String: Any]])
    #expect(suppressions.count == (check == "mac.selinux" ? 1 : 0))
}

@Test
func `each SARIF result points at its rule, and a gap is a notification`() throws {
    for fixture in Fixture.allCases {
        let run = try sarifRun(fixture)
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(driver["rules"] as? [[String: Any]])
        for result in try #require(run["results"] as? [[String: Any]]) {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
        }
        let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
        let notes = try #require(invocation["toolExecutionNotifications"] as? [[String: Any]])
        #expect(notes.count == fixture.result.gaps.count + fixture.result.skipped.count)
        #expect(invocation["exitCode"] as? Int == fixture.result.exitCode)
    }
}

@Test(arguments: [
    ("/etc/passwd", "etc/passwd"), ("etc/passwd", "etc/passwd"), ("//x", "x"), ("/a b%", "a%20b%25"),
    (#"/n\xff\\\x0a"#, "n%FF%5C%0A"), ("/käse", "k%C3%A4se"), ("a:b?c#d", "a%3Ab%3Fc%23d"), ("/", nil), ("", nil),
])
func `a path becomes a relative URI of its bytes`(path: String, uri: String?) {
    #expect(SARIFReport.reference(path) == uri)
}

@Test(arguments: [
    ("https://www.kernel.org/doc#x", true), ("http://x", false), ("javascript:alert(1)", false), ("https://", false),
    ("https://x/\"><script>", false), ("https://x y", false), ("https://x\n", false), ("", false),
])
func `only plain https addresses become links`(address: String, expected: Bool) {
    #expect(address.isWebAddress == expected)
}

@Test(arguments: [
    ("2026-11-20T10:00:00Z", true), ("2026-11-20T10:00:00+01:00", false), ("2026-11-20", false), ("", false),
])
func `only RFC 3339 in UTC is written as a time`(text: String, expected: Bool) {
    #expect(text.isTimestamp == expected)
}
