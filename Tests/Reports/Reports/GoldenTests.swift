import AssayFindings
import AssayReports
import Foundation
import Testing

/// One committed output.
struct Golden: CustomTestStringConvertible, Sendable {
    let fixture: Fixture
    let format: ReportFormat
    let name: String
    let options: ReportOptions

    init(_ fixture: Fixture, _ format: ReportFormat, _ name: String, _ options: ReportOptions = ReportOptions()) {
        self.fixture = fixture
        self.format = format
        self.name = name
        self.options = options
    }

    var testDescription: String { name }

    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

    static let all: [Golden] =
        [
            Golden(.azure, .text, "azure-80.txt"),
            Golden(.azure, .text, "azure-120.txt", ReportOptions(width: 120)),
            Golden(.azure, .text, "azure-explain.txt", ReportOptions(detail: .everything)),
            Golden(.azure, .text, "azure-color.txt", ReportOptions(usesColor: true)),
            Golden(.azure, .text, "azure-ascii.txt", ReportOptions(glyphs: .ascii)),
            Golden(.azure, .markdown, "azure-explain.md", ReportOptions(detail: .everything)),
            Golden(.azure, .junit, "azure-explain.junit.xml", ReportOptions(detail: .everything)),
            Golden(.hostile, .text, "hostile-ascii.txt", ReportOptions(glyphs: .ascii, detail: .everything)),
        ]
        + Fixture.allCases.flatMap { fixture in
            ReportFormat.allCases.compactMap { format in
                if fixture == .azure, format == .text { return nil }
                return Golden(fixture, format, "\(fixture.rawValue).\(suffix(format))")
            }
        }

    private static func suffix(_ format: ReportFormat) -> String {
        switch format {
        case .text: "txt"
        case .json: "json"
        case .sarif: "sarif.json"
        case .html: "html"
        case .markdown: "md"
        case .junit: "junit.xml"
        }
    }
}

@Test(arguments: Golden.all)
func `every format gives the committed bytes`(golden: Golden) throws {
    let text = render(golden.fixture.result, as: golden.format, options: golden.options)
    let url = Golden.directory.appendingPathComponent(golden.name)
    if ProcessInfo.processInfo.environment["ASSAY_RECORD"] == "1" {
        try Data(text.utf8).write(to: url)
        Issue.record("recorded \(golden.name); look at the difference, then run without ASSAY_RECORD")
        return
    }
    let expected = try String(contentsOf: url, encoding: .utf8)
    guard text.utf8.elementsEqual(expected.utf8) else {
        let lines = zip(text.split(separator: "\n"), expected.split(separator: "\n"))
        let first = lines.first { $0 != $1 }
        Issue.record(
            "\(golden.name): '\(first?.0 ?? "end")' instead of '\(first?.1 ?? "end")' (ASSAY_RECORD=1 records)")
        return
    }
}

@Test
func `no golden output is left over`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Golden.directory.path)
    #expect(Set(names) == Set(Golden.all.map(\.name)))
}

@Test(arguments: ReportFormat.allCases)
func `the same result gives the same bytes`(format: ReportFormat) {
    for fixture in Fixture.allCases {
        let first = render(fixture.result, as: format)
        for _ in 0..<4 { #expect(render(fixture.result, as: format) == first) }
    }
}
