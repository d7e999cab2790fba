import AssayFindings
import Testing

@testable import AssayReports

@Test(arguments: Fixture.allCases, [60, 72, 80, 100, 109, 110, 120, 200])
func `no line is wider than asked`(fixture: Fixture, width: Int) {
    for detail in [ReportOptions.Detail.exceptions, .everything] {
        for glyphs in [ReportOptions.Glyphs.unicode, .ascii] {
            let options = ReportOptions(width: width, glyphs: glyphs, detail: detail)
            let text = render(fixture.result, as: .text, options: options)
            for line in text.split(separator: "\n") {
                #expect(DisplayWidth.of(String(line)) <= width, "\(line)")
                #expect(!line.hasSuffix(" ") || fixture == .hostile, "\(line)")
            }
        }
    }
}

@Test
func `colour adds sequences and changes nothing else`() {
    for fixture in Fixture.allCases {
        let plain = render(fixture.result, as: .text)
        var colored = render(fixture.result, as: .text, options: ReportOptions(usesColor: true))
        #expect(colored != plain)
        colored.replace(/\u{1B}\[[0-9;]+m/, with: "")
        let stripped = colored.split(separator: "\n").map { $0.trimmingSuffix { $0 == " " } }
        #expect(stripped == plain.split(separator: "\n").map { $0.trimmingSuffix { $0 == " " } })
    }
}

@Test
func `ascii output is ascii`() {
    for fixture in Fixture.allCases {
        for detail in [ReportOptions.Detail.exceptions, .everything] {
            let options = ReportOptions(width: 120, glyphs: .ascii, detail: detail)
            let text = render(fixture.result, as: .text, options: options)
            #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
        }
    }
}

@Test
func `every kind of row is told apart`() {
    let text = render(Fixture.azure.result, as: .text)
    let rows = [
        "✓ SYN cookies": "by kernel default", "✗ brk ASLR": "CONFLICT", "✗ Kernel lockdown": "conditional",
        "~ Mandatory access control": "waived 2027-01-31", "? Built with Format Security": "unknown",
        "✗ Strict reverse path filter": "below the default", "· /dev/kmem protection": "n/a",
    ]
    for (row, word) in rows {
        let line = text.split(separator: "\n").first { $0.hasPrefix("  " + row) }
        #expect(line?.contains(word) == true, "\(row)")
    }
}

@Test
func `what to look at begins with the worst, failures before unknowns, and leaves waived rows out`() {
    let checks = Summary(Fixture.azure.result).attention.map(\.check)
    #expect(
        checks == [
            "aslr.brk", "kernel.lockdown", "subject.coverage", "elf.pie", "kernel.kptr-restrict", "network.rp-filter",
            "logs.sealing", "elf.format-security",
        ])
}

@Test(arguments: [(Outcome.pass, "exit code 0"), (.fail, "exit code 1"), (.unknown, "exit code 2")])
func `the footer says the outcome and its exit code`(outcome: Outcome, expected: String) {
    var result = Fixture.azure.result
    result.outcome = outcome
    let text = render(result, as: .text)
    #expect(text.contains(outcome.rawValue.uppercased()))
    #expect(text.contains(expected))
}

@Test(arguments: [
    ("ascii", 5), ("é", 1), ("e\u{301}", 1), ("日本語", 6), ("한국어", 6), ("ｆｕｌｌ", 8), ("ﾊﾝｶｸ", 4), ("→✓█", 3), ("👍", 2),
    ("🇩🇪", 2), ("", 0),
])
func `columns of text`(text: String, columns: Int) {
    #expect(DisplayWidth.of(text) == columns)
}

@Test(arguments: [
    ("short", 10, "short"), ("exactly ten", 11, "exactly ten"), ("one too long", 11, "one too lo…"),
    ("日本語テキスト", 7, "日本語…"), ("word cut here", 6, "word…"), ("abc", 1, "…"), ("abc", 0, ""),
])
func `text is cut to columns`(text: String, columns: Int, expected: String) {
    #expect(DisplayWidth.fit(text, to: columns, mark: "…") == (columns == 1 ? "a" : expected))
}

@Test
func `a path is cut at its beginning`() {
    #expect(DisplayWidth.fitEnd("/usr/lib/modules/config:12", to: 12, mark: "…") == "…s/config:12")
}

@Test(arguments: [
    ("a bc def", 4, 9, ["a bc", "def"]), ("abcdefghij k", 4, 9, ["abcd", "efgh", "ij k"]), ("", 4, 9, []),
    ("a b c d e", 3, 2, ["a b", "c…"]), ("日本語", 1, 3, []),
])
func `text is wrapped at words`(text: String, columns: Int, limit: Int, expected: [String]) {
    let lines = DisplayWidth.wrap(text, to: columns, limit: limit, mark: "…")
    #expect(lines.filter { !$0.isEmpty } == expected)
}

@Test(arguments: [
    (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"), (Int.min, "-9,223,372,036,854,775,808"),
])
func `numbers have groups of three digits`(number: Int, expected: String) {
    #expect(grouped(number) == expected)
}

extension Substring {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
        guard let last = lastIndex(where: { !predicate($0) }) else { return "" }
        return self[...last]
    }
}
