import AssayAdvisories
import AssayJSON
import Testing

/// An advisory with everything that every format can say.
enum Sample {
    static func advisory(id: String = "EX-2026-1", status: AdvisoryStatement.Status = .affected) -> Advisory {
        var statement = AdvisoryStatement(products: ["P1"], status: status)
        switch status {
        case .affected: statement.action = "Update p to 1.1-1.azl3."
        case .notAffected: statement.justification = "vulnerable_code_not_present"
        case .fixed, .underInvestigation: break
        }
        return Advisory(
            id: id, title: "p reads behind its buffer",
            publisher: Publisher(
                category: .vendor, name: "Example", namespace: "https://example.org",
                cveOrganisation: "b3476cb9-2e3d-41a6-98d0-0f47421a65b6"),
            published: "2026-11-28T00:00:00Z", modified: "2026-11-29T00:00:00Z", status: .final,
            revisions: [Advisory.Revision(number: "1", date: "2026-11-28T00:00:00Z", summary: "First version")],
            products: [
                AdvisoryProduct(
                    id: "P1", name: "p", vendor: "Example", version: "1.0-1.azl3", ecosystem: "Azure Linux:3",
                    packageURL: "pkg:rpm/azurelinux/p@1.0-1.azl3?arch=x86_64")
            ],
            vulnerabilities: [
                AdvisoryVulnerability(
                    cve: "CVE-2026-12345",
                    identifiers: [
                        AdvisoryVulnerability.Identifier(
                            system: "GitHub Security Advisory", text: "GHSA-2222-3333-4444")
                    ], title: "p reads behind its buffer",
                    notes: [AdvisoryVulnerability.Note(.description, title: "Summary", text: "It does.\n\nBadly.")],
                    weaknesses: [AdvisoryVulnerability.Weakness(id: "CWE-125", name: "Out-of-bounds Read")],
                    scores: [
                        AdvisoryScore(
                            version: "3.1", vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", baseScore: "9.8",
                            severity: "CRITICAL")
                    ], statements: [statement],
                    ranges: [AffectedRange(product: "P1", introduced: "0", fixed: "1.1-1.azl3")],
                    credits: [AdvisoryVulnerability.Credit(name: "A Person", organisation: "An Organisation")],
                    discovered: "2026-11-01T00:00:00Z")
            ],
            references: [AdvisoryReference(kind: "fix", url: "https://example.org/fix")])
    }
}

@Test(arguments: AdvisoryFormat.allCases, AdvisoryStatement.Status.allCases)
func `what is written is read, and written again as the same bytes`(
    format: AdvisoryFormat, status: AdvisoryStatement.Status
) throws {
    let advisory = Sample.advisory(id: format == .osv ? "CVE-2026-12345" : "EX-2026-1", status: status)
    let document = try format.document(advisory)
    #expect(AdvisoryFormat(of: document) == format)
    let again = try JSONReader.read(JSONWriter.bytes(document))
    let read = try format.advisory(again)
    guard format != .cve else { return }
    let rewritten = try format.document(read)
    #expect(JSONWriter.text(rewritten) == JSONWriter.text(document))
}

@Test(arguments: AdvisoryStatement.Status.allCases)
func `CSAF keeps the whole advisory but ranges and ecosystem`(status: AdvisoryStatement.Status) throws {
    var expected = Sample.advisory(status: status)
    expected.vulnerabilities[0].ranges = []
    expected.products[0].ecosystem = nil
    expected.publisher.cveOrganisation = nil
    if status == .notAffected || status == .fixed { expected.vulnerabilities[0].scores = [] }
    for format in [AdvisoryFormat.csaf, .csafVEX] {
        #expect(try format.advisory(format.document(Sample.advisory(status: status))) == expected)
    }
}

@Test
func `OpenVEX keeps names, products, states and reasons`() throws {
    for status in AdvisoryStatement.Status.allCases {
        let sample = Sample.advisory(status: status)
        let read = try AdvisoryFormat.openVEX.advisory(AdvisoryFormat.openVEX.document(sample))
        #expect(read.vulnerabilities.map(\.names) == sample.vulnerabilities.map(\.names))
        #expect(read.products.map(\.packageURL) == sample.products.map(\.packageURL))
        #expect(read.products.map(\.name) == ["p"])
        let (mine, theirs) = (read.vulnerabilities[0].statements, sample.vulnerabilities[0].statements)
        #expect(mine.map(\.status) == theirs.map(\.status))
        #expect(mine.map(\.justification) == theirs.map(\.justification))
        #expect(mine.map(\.action) == theirs.map(\.action))
        #expect(read.publisher.name == "Example")
        #expect(read.publisher.category == .vendor)
    }
}

@Test
func `OSV keeps package, ranges, names, vectors, references and credits`() throws {
    let sample = Sample.advisory(id: "CVE-2026-12345")
    let read = try AdvisoryFormat.osv.advisory(AdvisoryFormat.osv.document(sample))
    #expect(read.vulnerabilities[0].ranges == sample.vulnerabilities[0].ranges)
    #expect(read.products.map(\.ecosystem) == ["Azure Linux:3"])
    #expect(read.products.map(\.version) == ["1.0-1.azl3"])
    #expect(read.vulnerabilities[0].names == sample.vulnerabilities[0].names)
    #expect(read.vulnerabilities[0].scores.map(\.vector) == sample.vulnerabilities[0].scores.map(\.vector))
    #expect(read.references == sample.references)
    #expect(read.vulnerabilities[0].weaknesses.map(\.id) == ["CWE-125"])
    #expect(read.vulnerabilities[0].credits.map(\.name) == ["A Person (An Organisation)"])
}

@Test
func `what a format needs and an advisory lacks is an error that names it`() {
    func path(_ format: AdvisoryFormat, _ change: (inout Advisory) -> Void) -> [String]? {
        var advisory = Sample.advisory(status: .notAffected)
        change(&advisory)
        do throws(AdvisoryError) {
            _ = try format.document(advisory)
            return nil
        } catch {
            return error.path
        }
    }
    #expect(path(.csaf) { $0.publisher.namespace = nil } == ["publisher", "namespace"])
    #expect(path(.csaf) { $0.products = [] } == ["products"])
    #expect(path(.csafVEX) { $0.vulnerabilities[0].statements = [] } == ["status"])
    #expect(
        path(.csafVEX) { $0.vulnerabilities[0].statements.append(AdvisoryStatement(products: ["P1"], status: .fixed)) }
            == ["status"])
    #expect(path(.openVEX) { $0.vulnerabilities[0].statements[0].justification = nil } == ["status", "justification"])
    #expect(
        path(.openVEX) { ($0.vulnerabilities[0].cve, $0.vulnerabilities[0].identifiers) = (nil, []) } == ["identifiers"]
    )
    #expect(path(.osv) { $0.products[0].ecosystem = nil } == ["component", "ecosystem"])
    #expect(path(.osv) { $0.vulnerabilities = [] } == ["vulnerabilities"])
    #expect(path(.cve) { $0.publisher.cveOrganisation = nil } == ["vendor", "cve-organisation"])
    #expect(path(.cve) { $0.references = [] } == ["references"])
}
