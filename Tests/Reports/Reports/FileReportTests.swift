import AssayFindings
import Foundation
import Testing

@testable import AssayReports

/// What the reports say of files whose authenticity was asked.
struct FileReportTests {
    private static func step(
        _ check: String, _ title: String, _ verdict: Verdict, _ message: String, _ evidence: [Evidence] = [],
        severity: Severity = .critical
    ) -> FileChain.Step {
        FileChain.Step(
            check: check, title: title, severity: severity, verdict: verdict, message: message, evidence: evidence)
    }

    private static func chain(_ name: String, _ steps: FileChain.Step..., identity: String? = nil) -> FileChain {
        FileChain(name: name, kind: "rpmPackage", identity: identity, steps: steps)
    }

    private static let good = step("signature.key", "Made by a pinned key", .pass, "2bc94fff (azure-linux)")
    private static let wrong = step(
        "content.digest", "Bytes as stated", .fail, "it is not what the list says",
        [seen("/srv/SHA256SUMS", 2, "SHA-256 aa stated, bb found", "mismatch", bad: true)])
    private static let open = step(
        "signature.supported", "Could be checked", .unknown, "Ed448 is not supported", severity: .high)

    private static func result(_ files: [FileChain], waived: String? = nil, failOn: Severity = .low) -> AuditResult {
        var finding = finding(
            "content.digest", "Content", "Bytes as stated", nil,
            Judgement(.fail, .off, .measured, "1 of 3 files; it is not what the list says"), severity: .critical)
        if let waived { finding.waiver = Waiver(check: waived, reason: "known", expires: "2027-01-31") }
        var result = AuditResult(
            toolVersion: "0.1.0", evaluatedAt: "2026-11-20T10:00:00Z",
            subject: SubjectSummary(
                kind: "files", name: "/srv", operatingSystem: nil, kernels: [], counts: ["files": files.count]),
            profile: ProfileSummary(name: "authenticity", version: "1.0", title: "Files", reference: ""),
            findings: [finding], gaps: [], skipped: [], failOn: failOn, outcome: .fail)
        result.files = files
        return result
    }

    private static let three = [
        chain("/srv/good.rpm", good, identity: "good 1.0 x86_64"), chain("/srv/open.rpm", good, open),
        chain("/srv/wrong.rpm", good, wrong),
    ]

    @Test func `refused files come first, then unknown ones, then good ones, each with its reason`() {
        let rows = FileRows(Self.result(Self.three)).rows
        #expect(rows.map(\.chain.name) == ["/srv/wrong.rpm", "/srv/open.rpm", "/srv/good.rpm"])
        #expect(rows.map(\.verdict) == [.fail, .unknown, .pass])
        #expect(
            rows.map(\.message) == [
                "Bytes as stated: it is not what the list says", "Could be checked: Ed448 is not supported",
                "good 1.0 x86_64",
            ])
    }

    @Test func `a waiver and the threshold count for files as for the gate`() {
        let waived = FileRows(Self.result(Self.three, waived: "content.digest")).rows
        #expect(waived.map(\.verdict) == [.unknown, .pass, .pass])
        let critical = FileRows(Self.result(Self.three, failOn: .critical)).rows
        #expect(critical.map(\.verdict) == [.fail, .pass, .pass])
        #expect(critical[1].message == "verified" || critical[1].message == "good 1.0 x86_64")
    }

    @Test func `a file without a step is not verified`() {
        let rows = FileRows(Self.result([Self.chain("/srv/empty", identity: "something")])).rows
        #expect(rows.map(\.verdict) == [.unknown])
        #expect(rows.map(\.message) == ["nothing about it was verified"])
    }

    @Test func `one file has the matrix for itself, several have a line each, all detail has the steps`() {
        let one = Self.result([Self.chain("/srv/only.rpm", Self.good, Self.wrong)])
        #expect(!render(one, as: .text).contains("only.rpm"))
        let all = ReportOptions(detail: .everything)
        #expect(render(one, as: .text, options: all).contains("/srv/only.rpm"))
        let three = render(Self.result(Self.three), as: .text)
        for line in [
            "✗ /srv/wrong.rpm  Bytes as stated: it is", "? /srv/open.rpm  Could be", "✓ /srv/good.rpm  good 1.0",
        ] {
            #expect(three.contains(line), "\(line)")
        }
        #expect(!three.contains("2bc94fff"))
        let detail = render(Self.result(Self.three), as: .text, options: all)
        #expect(detail.contains("2bc94fff (azure-linux)"))
        #expect(detail.contains("SHA-256 aa stated, bb found"))
    }

    @Test func `files by the hundred are counted, the refused ones still come first`() {
        let files = (0..<1_200).map { Self.chain("/srv/\($0).rpm", $0 == 1_021 ? Self.wrong : Self.good) }
        let result = Self.result(files)
        let text = render(result, as: .text)
        let first = text.split(separator: "\n").first { $0.contains(".rpm") }
        #expect(first?.contains("/srv/1021.rpm") == true)
        #expect(text.contains("and 1,180 more (--explain)"))
        let page = render(result, as: .html)
        #expect(page.contains("/srv/1021.rpm") && page.contains("and 700 more"))
        #expect(!page.contains("/srv/1199.rpm"))
        #expect(render(result, as: .json).contains("/srv/1199.rpm"))
    }

    @Test func `JSON has every file with verdict and steps, in the order of the question`() throws {
        let text = render(Self.result(Self.three), as: .json)
        let report = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let files = try #require(report?["files"] as? [[String: Any]])
        #expect(files.map { $0["name"] as? String } == ["/srv/good.rpm", "/srv/open.rpm", "/srv/wrong.rpm"])
        #expect(files.map { $0["verdict"] as? String } == ["pass", "unknown", "fail"])
        #expect(files.map { ($0["steps"] as? [Any])?.count } == [1, 2, 2])
        let without = render(Fixture.clean.result, as: .json)
        let plain = try JSONSerialization.jsonObject(with: Data(without.utf8)) as? [String: Any]
        #expect(!(plain?["files"] is [Any]))
    }

    @Test(arguments: [60, 72, 80, 100, 120, 200])
    func `hostile names and messages stay in their line and column`(width: Int) {
        let result = Self.hostile
        for detail in [ReportOptions.Detail.exceptions, .everything] {
            for glyphs in [ReportOptions.Glyphs.unicode, .ascii] {
                let options = ReportOptions(width: width, glyphs: glyphs, detail: detail)
                let text = render(result, as: .text, options: options)
                for line in text.split(separator: "\n") {
                    #expect(DisplayWidth.of(String(line)) <= width, "\(detail) \(glyphs) \(line)")
                }
                if glyphs == .ascii {
                    #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
                }
            }
        }
    }

    @Test(arguments: ReportFormat.allCases)
    func `hostile names write no control character`(format: ReportFormat) {
        let text = render(Self.hostile, as: format, options: ReportOptions(detail: .everything))
        let bad = text.unicodeScalars.first { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar != "\n"
            case .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
            default: false
            }
        }
        #expect(bad == nil)
    }

    @Test func `hostile names open no element and no column`() {
        let page = render(Self.hostile, as: .html)
        #expect(!page.contains("<script") && !page.contains("<img"))
        let text = render(Self.hostile, as: .markdown, options: ReportOptions(detail: .everything))
        var columns = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("|") else {
                columns = 0
                continue
            }
            let count = line.replacing(/\\./, with: "").count { $0 == "|" }
            if columns > 0 { #expect(count == columns, "\(line)") }
            columns = count
        }
    }

    /// Titles are of the profile, everything else is of the files.
    private static let hostile = result(
        HostileFixture.texts.enumerated().map { index, text in
            FileChain(
                name: text, kind: text, identity: text,
                steps: [
                    step(
                        text, "Unsigned parts as usual", Verdict.allCases[index % 4], text,
                        [seen(text, 3, text, text, bad: true)]),
                    step(text, "Signed", .pass, text, severity: .low),
                ])
        })
}
