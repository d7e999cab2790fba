import AssaySecurityText
import AssayTestSupport
import Foundation
import Testing

/// A file and what must be said of it at the time of the tests.
struct SecurityTextCase: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    /// Codes with their lines.
    let issues: [String]
    /// Codes in which the reference differs, and why.
    let known: Set<String>
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ issues: [String], known: Set<String> = []) {
        (self.name, self.text, self.issues, self.known) = (name, text, issues, known)
    }

    /// 2026-11-29T00:00:00Z.
    static let time: Int64 = 1_795_910_400
    private static let good = "Contact: https://example.org/r\nExpires: 2027-06-01T00:00:00Z\n"

    static let all: [SecurityTextCase] = [
        SecurityTextCase("good", good, ["not-signed"]),
        SecurityTextCase(
            "all fields",
            """
            # a comment
            Contact: mailto:security@example.org
            Contact: tel:+1-201-555-0123
            Expires: 2027-06-01T00:00:00.123+02:00
            Encryption: openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f
            Acknowledgments: https://example.org/thanks
            Preferred-Languages: en, de, zh-Hant
            Canonical: https://example.org/.well-known/security.txt
            Policy: https://example.org/policy
            Hiring: https://example.org/jobs
            CSAF: https://example.org/.well-known/csaf/provider-metadata.json

            """, ["not-signed"]),
        SecurityTextCase(
            "lower case names", "contact: https://example.org\r\nEXPIRES: 2027-06-01T00:00:00z\r\n", ["not-signed"]),
        SecurityTextCase("empty", "", ["no-expire", "no-contact", "not-signed"]),
        SecurityTextCase("no contact", "Expires: 2027-06-01T00:00:00Z\n", ["no-contact", "not-signed"]),
        SecurityTextCase("no expires", "Contact: https://example.org\n", ["no-expire", "not-signed"]),
        SecurityTextCase(
            "expired", "Contact: https://a.org\nExpires: 2020-01-01T00:00:00Z\n", ["2:expired", "not-signed"]),
        SecurityTextCase(
            "far", "Contact: https://a.org\nExpires: 2099-01-01T00:00:00Z\n", ["2:long-expiry", "not-signed"]),
        SecurityTextCase(
            "two expires", good + "Expires: 2027-06-01T00:00:00Z\n", ["3:multi-expire", "not-signed"]),
        SecurityTextCase("no time", "Contact: https://a.org\nExpires: soon\n", ["2:invalid-expiry", "not-signed"]),
        SecurityTextCase("a day", "Contact: https://a.org\nExpires: 2027-06-01\n", ["2:invalid-expiry", "not-signed"]),
        SecurityTextCase(
            "no such day", "Contact: https://a.org\nExpires: 2027-02-30T00:00:00Z\n",
            ["2:invalid-expiry", "not-signed"]),
        SecurityTextCase("plain address", "Contact: me@example.org\n" + good, ["1:no-uri", "not-signed"]),
        SecurityTextCase("http", "Policy: http://example.org\n" + good, ["1:no-https", "not-signed"]),
        SecurityTextCase("line", "what is this\n" + good, ["1:invalid-line", "not-signed"]),
        SecurityTextCase("no name", ": value\n" + good, ["1:empty-key", "not-signed"]),
        SecurityTextCase("no value", "Policy:\n" + good, ["1:empty-value", "not-signed"]),
        SecurityTextCase("blank before", "Policy : https://a.org\n" + good, ["1:prec-ws", "not-signed"]),
        SecurityTextCase("no blank", "Policy:https://a.org\n" + good, ["1:no-space", "not-signed"]),
        SecurityTextCase("unknown", "Bounty: yes\n" + good, ["1:unknown-field", "not-signed"]),
        SecurityTextCase(
            "languages", "Preferred-Languages: en, x_y\n" + good, ["1:invalid-lang", "not-signed"],
            // The reference takes an underscore for a dash; RFC 5646 does not.
            known: ["invalid-lang"]),
        SecurityTextCase(
            "two languages", "Preferred-Languages: en\nPreferred-Languages: de\n" + good,
            ["2:multi-lang", "not-signed"]),
        SecurityTextCase(
            "mail", "Contact: mailto:a@b.org\nExpires: 2027-06-01T00:00:00Z\n", ["no-encryption", "not-signed"]),
        SecurityTextCase(
            "csaf", "CSAF: https://a.org/x.json\nCSAF: https://a.org/provider-metadata.json\n" + good,
            ["no-csaf-file", "multiple-csaf-fields", "not-signed"]),
        SecurityTextCase(
            "no line end", "Contact: https://a.org\nExpires: 2027-06-01T00:00:00Z",
            ["2:no-line-separators", "not-signed"]),
        SecurityTextCase("mark", "\u{FEFF}" + good, ["1:bom-in-file", "not-signed"]),
        SecurityTextCase(
            "control", "Policy: https://a.org/\u{1B}[31m\n" + good, ["1:control-character", "not-signed"],
            known: ["control-character"]),
        SecurityTextCase(
            "late signature", "# x\n-----BEGIN PGP SIGNED MESSAGE-----\n" + good,
            ["2:signed-format-issue", "4:pgp-error", "no-canonical"], known: []),
    ]
}

@Test(arguments: SecurityTextCase.all)
func `everything that is wrong is said with its line`(test: SecurityTextCase) {
    let issues = SecurityText(Array(test.text.utf8)).judge(at: SecurityTextCase.time)
    let found = issues.map { issue in
        // What is about the whole file has no line; the place of the end of a file is not looked at.
        (issue.line.map { "\($0):" } ?? "") + issue.code.rawValue
    }
    func plain(_ texts: [String]) -> [String] {
        texts.map {
            $0.hasSuffix("pgp-error") || $0.hasSuffix("no-line-separators") ? String($0.drop { $0 != ":" }) : $0
        }.sorted()
    }
    #expect(plain(found) == plain(test.issues), "\(issues)")
}

@Test
func `where a file is published matters`() {
    let text = SecurityText(
        Array(
            "Canonical: https://a.org/.well-known/security.txt\nContact: https://a.org\nExpires: 2027-06-01T00:00:00Z\n"
                .utf8))
    func codes(_ url: String) -> [SecurityTextIssue.Code] {
        text.judge(at: SecurityTextCase.time, url: url).map(\.code)
    }
    #expect(codes("https://a.org/.well-known/security.txt") == [.notSigned])
    #expect(Set(codes("http://b.org/security.txt")) == [.notSigned, .noCanonicalMatch, .invalidURIScheme, .location])
}

@Test
func `what is written has nothing wrong`() throws {
    var content = SecurityTextContent(
        contacts: ["https://a.org/r", "mailto:x@a.org"], expires: SecurityTextCase.time + 86_400)
    content.encryption = ["https://a.org/key.asc"]
    content.languages = ["en", "de"]
    content.canonical = ["https://a.org/.well-known/security.txt"]
    let bytes = try #require(content.bytes)
    #expect(SecurityText(bytes).judge(at: SecurityTextCase.time).map(\.code) == [.notSigned])
    content.policy = ["https://a.org\nContact: https://evil.example"]
    #expect(content.bytes == nil, "a value that would be two lines is not written")
}

@Test
func `times are read in every zone and written in UTC`() {
    for (text, expected) in [
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"), ("2028-02-29T23:59:59+23:59", "2028-02-29T00:00:59Z"),
        ("2026-11-29 01:00:00-01:00", "2026-11-29T02:00:00Z"), ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ] {
        #expect(SecurityTextTime.seconds(text).map(SecurityTextTime.text) == expected)
    }
}

@Test
func `hostile files end in issues`() {
    var numbers = SeededNumbers(state: 5)
    let seed = Array(SecurityTextCase.all.map(\.text).joined().utf8)
    for _ in 0..<500 {
        var bytes = Array(seed.shuffled(using: &numbers).prefix(Int.random(in: 0...400, using: &numbers)))
        if let index = bytes.indices.randomElement(using: &numbers) {
            bytes[index] = UInt8.random(in: 0...255, using: &numbers)
        }
        let text = SecurityText(bytes)
        #expect(!text.judge(at: 0).isEmpty)
    }
    let large = SecurityText(Array(repeating: 0x41, count: SecurityText.maximumSize + 1))
    #expect(large.issues.map(\.code) == [.tooLarge])
    let many = SecurityText(
        Array(repeating: 0x0A, count: 200_000) + Array(String(repeating: "x\n", count: 20_000).utf8))
    #expect(many.issues.count <= 1100)
}

@Test
func `many small issues hide no large one`() {
    let odd = String(repeating: "X: y\n", count: 2000)
    let codes = Set(SecurityText(Array((odd + "Contact: x\n").utf8)).issues.map(\.code))
    #expect(codes.isSuperset(of: [.unknownField, .noURI, .noExpires, .notSigned]), "\(codes)")
    #expect(Set(SecurityText(Array(odd.utf8)).issues.map(\.code)).contains(.noContact))
}
