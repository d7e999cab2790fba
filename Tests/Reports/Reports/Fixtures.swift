import AssayFindings

/// Fixed results that the golden outputs are made from.
enum Fixture: String, CaseIterable, Sendable {
    /// An Azure Linux root directory with every kind of row.
    case azure
    /// Texts that try to break out of every format.
    case hostile
    /// No finding at all.
    case empty
    /// Everything passes.
    case clean

    /// The result.
    var result: AuditResult {
        switch self {
        case .azure: AzureFixture.result
        case .hostile: HostileFixture.result
        case .empty: Fixture.make([], outcome: .unknown)
        case .clean:
            Fixture.make(
                AzureFixture.findings.filter { $0.verdict == .pass && $0.documented == .byDefault }, outcome: .pass)
        }
    }

    private static func make(_ findings: [Finding], outcome: Outcome) -> AuditResult {
        AuditResult(
            toolVersion: "0.1.0", evaluatedAt: "2026-11-20T10:00:00Z",
            subject: SubjectSummary(
                kind: "host", name: "/", operatingSystem: "Debian GNU/Linux 12 (bookworm)",
                kernels: ["6.1.0-18-amd64 (x86_64)"], counts: ["ELF files": 2613]),
            profile: ProfileSummary(
                name: "default", version: "1.0", title: "Security features of a Linux system", reference: ""),
            findings: findings, gaps: [], skipped: [], failOn: .low, outcome: outcome)
    }
}

/// A finding in few words.
func finding(
    _ check: String, _ section: String, _ title: String, _ documented: Expectation?, _ judgement: Judgement,
    severity: Severity = .medium, remedy: String = "", waiver: Waiver? = nil, counts: [String: Int] = [:],
    groups: [Group] = [], omitted: Int = 0
) -> Finding {
    var finding = Finding(
        check: check, section: section, title: title, severity: severity, documented: documented,
        judgement: judgement, remedy: remedy,
        reference: "https://www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html")
    finding.waiver = waiver
    finding.groups = groups
    finding.counts = counts
    finding.evidenceOmitted = omitted
    return finding
}

/// Evidence in few words.
func seen(_ path: String, _ line: Int?, _ value: String, _ how: String, bad: Bool = false) -> Evidence {
    Evidence(Location(path, line: line), value, how: how, isException: bad)
}

/// The texts of the hostile fixture.
enum HostileFixture {
    /// What a subject can try in one text.
    static let texts = [
        "quote \" tick ' backtick ` pipe | backslash \\",
        "line\nfeed\r\nand\ttab",
        "escape \u{1B}[31mred\u{1B}[0m \u{1B}]0;title\u{07} \u{9B}2J bell \u{07} delete \u{7F} nul \u{0}",
        "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
        "</td></tr></table><!-- --> ]]> <![CDATA[ &amp; &#x3c; ${x} {{x}}",
        "override \u{202E}gpj.exe\u{202C} isolate \u{2066} zero\u{200B}width \u{FEFF} separator \u{2028}\u{2029}",
        "noncharacter \u{FFFE}\u{FFFF} private \u{E000} tag \u{E0041}",
        "wide 日本語テキスト 한국어 ｆｕｌｌ emoji 👩‍👩‍👧 🇩🇪 combining e\u{301}\u{301}\u{301}",
        "| a | b |\n| --- | --- |\n# heading\n* list\n[link](javascript:alert(1)) **bold** _under_ ~~strike~~",
        "``` fence ``` ```` four ````",
        String(repeating: "long", count: 100),
        "e" + String(repeating: "\u{301}", count: 400),
        "",
    ]

    /// Much longer than anything a report for people shows.
    private static let long = String(repeating: "0123456789", count: 1_000)

    static var result: AuditResult {
        let findings = texts.enumerated().map { index, text in
            finding(
                "hostile.case-\(index)", "Hostile \(text)", text, index.isMultiple(of: 2) ? .byDefault : nil,
                judgement(index, text), severity: Severity.allCases[index % 5], remedy: text,
                waiver: index == 3 ? Waiver(check: "hostile.case-3", reason: text, expires: text, owner: text) : nil,
                counts: [text: 9_007_199_254_740_993],
                groups: [
                    Group(kind: index.isMultiple(of: 2) ? "package" : "directory", name: text, counts: [text: 1]),
                    Group(kind: text, name: text, counts: [:]),
                ])
        }
        let evidence = texts.map { Evidence(Location($0, line: 3), $0, how: $0, isException: true) }
        var hostile = finding("hostile.check", "Hostile", "bad", nil, .unknown("x", evidence: evidence), remedy: "`x")
        hostile.check = texts[3] + texts[2]
        hostile.reference = "javascript:alert(1)"
        return AuditResult(
            toolVersion: texts[4], evaluatedAt: texts[5],
            subject: SubjectSummary(
                kind: texts[3], name: texts.joined(separator: " "), operatingSystem: texts[3] + texts[6],
                kernels: texts, counts: [texts[0]: .max, texts[1]: .min, texts[2]: 0]),
            profile: ProfileSummary(
                name: texts[8], version: texts[2], title: texts[3], reference: "https://x.example/\"><script>"),
            findings: findings + [hostile, huge], gaps: evidence, skipped: evidence, failOn: .low, outcome: .fail)
    }

    private static var huge: Finding {
        finding(
            "hostile.huge", "Hostile", "10,000 characters", .byDefault,
            Judgement(
                .fail, .off, .set, long, decidedBy: "x",
                evidence: [Evidence(Location("/" + long, line: 1), long, how: "x", isException: true)]))
    }

    private static func judgement(_ index: Int, _ text: String) -> Judgement {
        let evidence = [
            Evidence(Location(text, line: -index, offset: .max), text, how: text, isException: index.isMultiple(of: 3)),
            Evidence(Location("/etc/\(text)", offset: 1 << 53), text, how: text),
            Evidence(Location("../../etc/passwd"), text, how: ""),
        ]
        let bases = Basis.allCases
        let states = FeatureState.allCases
        let verdicts: [Verdict] = [.fail, .unknown, .pass, .fail, .notApplicable]
        return Judgement(
            verdicts[index % 5], states[index % states.count], bases[index % bases.count], text, decidedBy: text,
            evidence: evidence)
    }
}
