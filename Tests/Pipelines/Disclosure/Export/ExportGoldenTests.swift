import AssayDisclosure
import AssayTestSupport
import Foundation
import Testing

/// One committed export.
struct ExportGolden: Sendable, CustomTestStringConvertible {
    let kind: ExportKind
    let name: String
    let publisher: ExportRequest.Publisher
    let csaf: ExportRequest.CSAF
    let replacements: [(String, String)]
    var testDescription: String { name }

    init(
        _ kind: ExportKind, _ name: String, as publisher: ExportRequest.Publisher = .reporter,
        csaf: ExportRequest.CSAF = .v20, _ replacements: [(String, String)] = []
    ) {
        (self.kind, self.name, self.publisher, self.csaf) = (kind, name, publisher, csaf)
        self.replacements = replacements
    }

    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

    private static let notAffected = [
        (
            "state: affected",
            "state: not-affected\n  justification: vulnerable_code_not_present\n  statement: It is built without it."
        )
    ]
    private static let published = [("  embargo-ends: 2027-02-01", "  published: 2026-11-20")]

    static let all: [ExportGolden] = [
        ExportGolden(.gitHub, "report.github.json"), ExportGolden(.csaf, "report.csaf.json"),
        ExportGolden(.csaf, "published.csaf.json", as: .vendor, published),
        ExportGolden(.csafVEX, "report.csaf-vex.json"),
        ExportGolden(.csafVEX, "not-affected.csaf-vex.json", as: .vendor, notAffected),
        ExportGolden(.csaf, "report.csaf21.json", csaf: .v21),
        ExportGolden(.csaf, "published.csaf21.json", as: .vendor, csaf: .v21, published),
        ExportGolden(.csafVEX, "report.csaf-vex21.json", csaf: .v21),
        ExportGolden(.csafVEX, "not-affected.csaf-vex21.json", as: .vendor, csaf: .v21, notAffected),
        ExportGolden(.openVEX, "report.openvex.json"),
        ExportGolden(.openVEX, "not-affected.openvex.json", as: .vendor, notAffected),
        ExportGolden(.osv, "report.osv.json"),
        ExportGolden(.osv, "debian.osv.json", [("Azure Linux:3", "Debian:12")]),
        ExportGolden(.cve, "report.cve.json"), ExportGolden(.markdown, "report.markdown.md"),
        ExportGolden(.html, "report.html"),
    ]

    func text() throws -> String {
        try ExportFixture.export(kind, as: publisher, csaf: csaf) { text in
            replacements.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
        }
    }
}

@Test(arguments: ExportGolden.all)
func `every export gives the committed bytes`(golden: ExportGolden) throws {
    let text = try golden.text()
    let url = ExportGolden.directory.appendingPathComponent(golden.name)
    if ProcessInfo.processInfo.environment["ASSAY_RECORD"] == "1" {
        try Data(text.utf8).write(to: url)
        Issue.record("recorded \(golden.name); look at the difference, then run without ASSAY_RECORD")
        return
    }
    let expected = try String(contentsOf: url, encoding: .utf8)
    #expect(text.utf8.elementsEqual(expected.utf8), "\(golden.name) differs (ASSAY_RECORD=1 records)")
}

@Test
func `no golden export is left over`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: ExportGolden.directory.path)
    #expect(Set(names) == Set(ExportGolden.all.map(\.name)))
}

/// The golden files against the schemas as they are published, by Python: whatever our own validator thinks.
///
/// OSV's schema is older than `Azure Linux`: that export is judged with this one name added, the Debian one without.
@Test(
    .enabled(
        if: ProcessInfo.processInfo.environment["CI"] != nil || shell("python3 -c 'import jsonschema'").status == 0))
func `Python's jsonschema accepts every export by its published schema`() throws {
    let scratch = ScratchDirectory()
    let schemas =
        String(#filePath.dropLast("Tests/Pipelines/Disclosure/Export/ExportGoldenTests.swift".count))
        + "Sources/Formats/Advisories/Schemas"
    try scratch.write(
        "judge.py",
        """
        import decimal, json, sys, jsonschema
        read = lambda text: json.loads(text, parse_float=decimal.Decimal)
        schemas, golden = sys.argv[1:3]
        files = {"csaf": "csaf-2.0", "csaf-vex": "csaf-2.0", "csaf21": "csaf-2.1", "csaf-vex21": "csaf-2.1", "openvex": "openvex-0.2.0", "osv": "osv", "cve": "cve-cna-5.1.1",
                 "github": "github-private-report"}
        others = {}
        for name in ["cvss-v2.0", "cvss-v3.0", "cvss-v3.1", "cvss-v4.0", "csaf-2.1-extension-content",
                     "csaf-2.1-extension-metaschema", "ssvc-selection-list-2.0.0"]:
            schema = read(open(f"{schemas}/{name}.json").read())
            address = schema.get("$id", schema.get("id"))
            others[address] = others[address.split("?")[0]] = schema
        def made(kind, schema, **more):
            try:
                import referencing, referencing.jsonschema
                make = lambda c: referencing.Resource.from_contents(c, default_specification=referencing.jsonschema.DRAFT202012)
                registry = referencing.Registry().with_resources((n, make(c)) for n, c in others.items())
                return kind(schema, registry=registry, **more)
            except ImportError:
                return kind(schema, resolver=jsonschema.RefResolver.from_schema(schema, store=others), **more)
        for path in sys.argv[3:]:
            kind = path.split(".")[1]
            text = open(f"{schemas}/{files[kind]}.json").read()
            document = read(open(f"{golden}/{path}").read())
            if path == "report.osv.json":
                text = text.replace('"^(AlmaLinux|', '"^(Azure Linux|AlmaLinux|')
            schema = read(text)
            validator = jsonschema.validators.validator_for(schema)
            validator.check_schema(schema)
            for error in made(validator, schema, format_checker=jsonschema.FormatChecker()).iter_errors(document):
                print(path, error.json_path, error.message[:200])
        print("judged", len(sys.argv) - 3)
        """)
    let names = ExportGolden.all.map(\.name).filter { $0.hasSuffix(".json") }
    let result = shell(
        "python3 judge.py \"$@\"", in: scratch.path, arguments: [schemas, ExportGolden.directory.path] + names)
    #expect(result.text == "judged \(names.count)\n", "\(result.text)\(result.errorText)")
}

/// CSAF's own mandatory tests (section 6.1), by the package csaf of PyPI where that is reached.
@Test(
    .enabled(if: PythonPackage.csaf.programs != nil, "PyPI gives no csaf here"),
    arguments: ExportGolden.all.filter(\.kind.isCSAF))
func `CSAF's mandatory tests accept what is exported`(golden: ExportGolden) throws {
    let programs = try #require(PythonPackage.csaf.programs)
    let version = golden.csaf == .v20 ? "v20" : "v21csd04"
    let result = shell(
        "\(programs)/csaf validate --spec-version \(version) --no-network \"$1\"",
        arguments: [ExportGolden.directory.appendingPathComponent(golden.name).path])
    #expect(result.status == 0, "\(result.text)\(result.errorText)")
}
