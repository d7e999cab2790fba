import AssayDisclosure
import AssayTestSupport
import Testing

struct ReportCheckTests {
    @Test func `a report that lacks nothing is high, without a warning`() throws {
        let result = try CompleteReport.check(CompleteReport.folder())
        #expect(result.level == .high && result.warnings.isEmpty && result.unreadable.isEmpty, "\(result.text)")
        #expect(result.missing(for: .high).isEmpty)
        #expect(result.requirements.filter(\.isPolicyField).count == 7)
    }

    /// What is taken away, the level that is left, and the field that is named.
    @Test(arguments: [
        ("title: Out-of-bounds write in frobnicate", "title:", ReportLevel.none, "title"),
        ("[CWE-787]", "[]", .none, "type"),
        ("[CWE-787]", "[CWE-99999]", .none, "the CWE list 4.9 has no CWE-99999"),
        ("  name: frob\n", "", .none, "component.name"),
        ("  name: frob\n", "  name: TODO\n", .none, "component.name"),
        ("  version: \"3.0\"\nlocation", "location", .none, "component.version"),
        ("  operating-system: Microsoft Azure Linux 3.0\n", "", .none, "environment.operating-system"),
        ("```\nfree(): invalid pointer\n```", "<!-- nothing -->", .none, "## Reproduction output"),
        ("1. Install frob.\n", "", .low, "## Steps to reproduce"),
        ("1. Install frob.\n2. Run `frob poc/crash.bin`.", "TBD", .low, "## Steps"),
        ("kind: proof-of-concept", "kind: other", .low, "## Proof of concept"),
        ("  architecture: x86_64\n", "", .low, "environment.architecture"),
        ("[src/lib/frobnicate.c]", "[]", .medium, "source-files"),
        ("[src/lib/frobnicate.c]", "[frobnicate.c]", .medium, "'frobnicate.c' is no full path"),
        ("  reference: \"3.0\"\n", "", .medium, "location"),
        ("## Special configuration\nnone", "", .medium, "## Special configuration"),
        (
            "## Impact\nWho makes a user open a file runs code with the rights of that user, on every machine with frob.",
            "## Impact\nBad.", .medium, "## Impact"
        ),
        ("In src/lib/frobnicate.c the function", "The function", .medium, "the analysis names a file"),
        (" The length was never compared with it, since the first version.", "", .high, ""),
        ("copies as many bytes as the header of the file says, into a buffer of 64 bytes.", "is wrong.", .high, ""),
    ])
    func `what is missing is named with its line`(old: String, new: String, level: ReportLevel, says: String) throws {
        let result = try CompleteReport.check(CompleteReport.folder([(old, new)]))
        #expect(result.level == level, "\(result.text)")
        let missing = result.missing(for: .high)
        #expect(missing.isEmpty == (level == .high))
        #expect(
            result.text.contains(says) && missing.allSatisfy { $0.line > 0 && result.text.contains(":\($0.line): ") })
    }

    @Test func `an analysis of a few words is none`() throws {
        let result = try CompleteReport.check(
            CompleteReport.folder([
                (" The length was never compared with it, since the first version.", ""),
                ("copies as many bytes as the header of the file says, into a buffer of 64 bytes.", "is wrong."),
            ]))
        #expect(result.level == .medium && result.missing(for: .high).map(\.id) == ["analysis"])
    }

    @Test func `a proof of concept that is large is not minimised`() throws {
        let scratch = try CompleteReport.folder()
        try scratch.write("poc/crash.bin", [UInt8](repeating: 7, count: 300 << 10))
        #expect(try CompleteReport.check(scratch).missing(for: .medium).map(\.id) == ["minimised-proof"])
    }

    @Test(arguments: [
        ("rm poc/crash.bin", "cannot be read: no such file"),
        ("rm poc/crash.bin; ln -s /etc/passwd poc/crash.bin", "is reached by a symbolic link"),
        ("mv poc elsewhere; ln -s elsewhere poc", "is reached by a symbolic link"),
        ("rm poc/crash.bin; mkfifo poc/crash.bin", "not a regular file"),
        ("rm poc/crash.bin; mkdir poc/crash.bin", "not a regular file"),
        ("truncate -s 1T poc/crash.bin", "larger than"),
    ])
    func `an attachment that is not there, or elsewhere, is named with its line`(script: String, says: String) throws {
        let scratch = try CompleteReport.folder()
        shell(script, in: scratch.path)
        let result = try CompleteReport.check(scratch)
        #expect(result.unreadable.count == 1 && result.unreadable[0].contains("report.md:19'"), "\(result.unreadable)")
        #expect(result.unreadable[0].contains(says), "\(result.unreadable)")
        #expect(result.level == .low)
    }

    @Test func `many warnings of one kind push none of another out`() throws {
        let paths = (0..<10).map { "poc/log\($0).txt" }
        let scratch = try CompleteReport.folder([
            (
                "  - {path: poc/crash.bin, kind: proof-of-concept}",
                "  - {path: poc/crash.bin, kind: proof-of-concept}\n"
                    + paths.map { "  - {path: \($0), kind: other}" }.joined(separator: "\n")
            )
        ])
        for (number, path) in paths.enumerated() {
            try scratch.write(path, (0..<50).map { "mail from p\(number)x\($0)@somewhere.net\n" }.joined())
        }
        try scratch.write(paths[9], "ghp_" + "0123456789abcdefghijABCDEFGHIJ012345\n")
        let warnings = try CompleteReport.check(scratch).warnings
        #expect(warnings.filter { $0.kind == .secret }.map(\.file) == [paths[9]])
        let personal = warnings.filter { $0.kind == .personalData }
        #expect(personal.count == 100 && personal.last?.message.hasSuffix("(and 350 more of this kind)") == true)
    }

    @Test func `an attachment that changed is named`() throws {
        let digest = String(repeating: "00", count: 32)
        let result = try CompleteReport.check(
            CompleteReport.folder([("kind: proof-of-concept}", "kind: proof-of-concept, sha256: \"\(digest)\"}")]))
        #expect(result.unreadable.first?.contains("has another SHA-256") == true)
    }

    @Test(arguments: [
        ("type: [CWE-787]", "type: [CWE-787, CWE-798]", "mistakes of different kinds"),
        (
            "title: Out-of-bounds write in frobnicate", "title: Multiple vulnerabilities in frob",
            "the title says 'multiple vulnerabilities'"
        ),
        (
            "title: Out-of-bounds write in frobnicate", "title: Buffer overflow and information disclosure in frob",
            "several kinds of vulnerability, joined by 'and'"
        ),
        ("It writes behind", "CVE-2026-1111 and CVE-2026-2222: it writes behind", "the text names 2 CVE identifiers"),
    ])
    func `more than one issue is a warning with its reason`(old: String, new: String, says: String) throws {
        let warnings = try CompleteReport.check(CompleteReport.folder([(old, new)])).warnings
        #expect(
            warnings.count == 1 && warnings[0].kind == .severalIssues && warnings[0].message.contains(says),
            "\(warnings)")
    }

    @Test(arguments: [
        ("https://github.com/frob/frob/issues/17", true), ("https://gist.github.com/someone/0123", true),
        ("https://pastebin.com/abc", true),
        ("https://bugs.debian.org/123456", true), ("https://bugzilla.redhat.com/show_bug.cgi?id=1", true),
        ("https://gitlab.com/frob/frob/-/issues/3", true),
        ("https://github.com/someone/frob-exploit", true),
        ("https://github.com/microsoft/azurelinux/blob/3.0/SPECS/frob/frob.spec", false),
        ("https://github.com/microsoft/azurelinux/commit/0123", false), ("https://example.org/page", false),
        ("https://github.com/frob/frob/security/advisories/new", false), ("https://notpastebin.com/x", false),
    ])
    func `a public link is a warning`(url: String, isPublic: Bool) throws {
        let warnings = try CompleteReport.check(CompleteReport.folder([("The attached file.", "See <\(url)>.")]))
            .warnings
        #expect(warnings.map(\.kind) == (isPublic ? [.publicLink] : []), "\(warnings)")
        if isPublic {
            #expect(warnings.first?.line == 44 && warnings.first?.message.contains(url) == true, "\(warnings)")
        }
    }

    @Test(arguments: [
        ("AV:L/AC:L", "AV:Q/AC:L", "no CVSS vector: 'Q' is no value"),
        ("\"3.1\": CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", "\"3.1\":", "no CVSS vector says how severe"),
        ("[CWE-787]", "[CWE-664]", "is too general"), ("[CWE-787]", "[CWE-247]", "is deprecated"),
        ("  contact: secure@microsoft.com", "  name: M", "no contact"),
        ("  email: r.porter@frob.org", "  name: R", "no mail address"),
    ])
    func `a value that is odd is a warning`(old: String, new: String, says: String) throws {
        let warnings = try CompleteReport.check(CompleteReport.folder([(old, new)])).warnings
        #expect(warnings.contains { $0.kind == .value && $0.message.contains(says) && $0.line != nil }, "\(warnings)")
    }
}
