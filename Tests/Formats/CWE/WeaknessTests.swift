import AssayCWE
import Testing

struct WeaknessTests {
    @Test func `the whole list is there`() throws {
        #expect(Weakness.all.count == 963 && Weakness.listVersion == "4.9")
        #expect(Set(Weakness.all.map(\.number)).count == 963)
        #expect(Weakness.all.filter(\.isDeprecated).count == 25)
        #expect(Weakness.all.allSatisfy { !$0.name.isEmpty && !$0.summary.isEmpty && !$0.abstraction.isEmpty })
        let traversal = try #require(Weakness.named("CWE-22"))
        #expect(traversal.name.hasPrefix("Improper Limitation of a Pathname"))
        #expect(traversal.alternateTerms == ["Directory traversal", "Path traversal"])
        #expect(traversal.url == "https://cwe.mitre.org/data/definitions/22.html")
    }

    @Test(arguments: [
        ("CWE-79", 79), ("79", 79), ("cwe-787", 787), ("path traversal", 22), ("directory traversal", 22),
        ("SQL injection", 89), ("OS command injection", 78), ("use after free", 416), ("out-of-bounds write", 787),
        ("out of bounds read", 125), ("buffer overflow", 120), ("integer overflow", 190), ("race condition", 362),
        ("null pointer dereference", 476), ("format string", 134), ("double free", 415), ("symlink following", 61),
        ("link following", 59),
        ("incorrect default permissions", 276), ("hard-coded credentials", 798), ("cleartext transmission", 319),
        ("signature verification", 347), ("uncontroled recursion", 674), ("deserialisation untrusted", 502),
        ("XSS", 79),
    ])
    func `words find the weakness among the first`(words: String, number: Int) {
        let found = Weakness.search(words, limit: 5).map(\.number)
        #expect(found.contains(number), "\(words): \(found)")
    }

    @Test(arguments: ["", "   ", "the of and", "qqqqzzzz", "CWE-99999", String(repeating: "x", count: 100_000)])
    func `words that fit nothing find nothing`(words: String) {
        #expect(Weakness.search(words).isEmpty)
    }

    @Test(arguments: [
        (22, 22, true), (22, 23, true), (787, 125, true), (120, 787, true), (79, 89, true), (79, 416, false),
        (276, 89, false), (22, 190, false), (476, 798, false),
    ])
    func `weaknesses of one mistake are related`(left: Int, right: Int, related: Bool) throws {
        let left = try #require(Weakness.numbered(left))
        let right = try #require(Weakness.numbered(right))
        #expect(left.isRelated(to: right) == related && right.isRelated(to: left) == related)
    }
}
