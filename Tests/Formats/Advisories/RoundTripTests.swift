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
    if format == .csaf21, status != .affected {
        let error = #expect(throws: AdvisoryError.self) { try format.document(advisory) }
        #expect(error?.path == ["status"])
        return
    }
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

/// What 2.0 has no place for, but ranges and ecosystem.
private func more(_ advisory: Advisory) -> Advisory {
    var advisory = advisory
    advisory.publisher.category = .multiplier
    advisory.publisher.cveOrganisation = nil
    advisory.sharing = .green
    advisory.products[0].ecosystem = nil
    advisory.products[0].otherPackageURLs = ["pkg:generic/p@1.0", "pkg:github/example/p@1.0"]
    advisory.vulnerabilities[0].ranges = []
    advisory.vulnerabilities[0].weaknesses = [
        AdvisoryVulnerability.Weakness(id: "CWE-125", name: "Out-of-bounds Read", listVersion: "4.9"),
        AdvisoryVulnerability.Weakness(id: "CWE-787", name: "Out-of-bounds Write", listVersion: "4.9"),
    ]
    advisory.vulnerabilities[0].scores.append(
        AdvisoryScore(
            version: "4.0", vector: "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", baseScore: "9.3",
            severity: "CRITICAL"))
    advisory.vulnerabilities[0].disclosed = "2026-11-28T00:00:00Z"
    return advisory
}

@Test func `CSAF 2.1 keeps CVSS 4.0, all weaknesses and package URLs, disclosure and sharing`() throws {
    let advisory = more(Sample.advisory())
    for format in [AdvisoryFormat.csaf21, .csafVEX21] {
        #expect(try format.advisory(format.document(advisory)) == advisory)
    }
    // 2.0 has a note and a label of TLP 1.0 for some of it, and nothing for the rest.
    let older = try AdvisoryFormat.csaf.advisory(AdvisoryFormat.csaf.document(advisory))
    #expect(older.publisher.category == .other && older.sharing == .green && older.products[0].otherPackageURLs.isEmpty)
    let vulnerability = older.vulnerabilities[0]
    #expect(
        vulnerability.notes.last?.text.hasPrefix("CVSS:4.0/") == true && vulnerability.scores.map(\.version) == ["3.1"])
    #expect(vulnerability.weaknesses.map(\.id) == ["CWE-125"] && vulnerability.disclosed == nil)
}

@Test(arguments: Advisory.Sharing.allCases)
func `every label of TLP 2.0 is kept, also where the words are those of TLP 1.0`(sharing: Advisory.Sharing) throws {
    var advisory = Sample.advisory()
    advisory.sharing = sharing
    for format in AdvisoryFormat.allCases where format.csafVersion != nil {
        #expect(try format.advisory(format.document(advisory)).sharing == sharing)
    }
}

@Test func `a draft that does not say how far it may go stays with its recipient, a published one goes to everybody`()
    throws
{
    var advisory = Sample.advisory()
    let label = ["document", "distribution", "tlp", "label"]
    func value(_ format: AdvisoryFormat) throws -> String? {
        try label.reduce(format.document(advisory)) { $0?[$1] }?.text
    }
    #expect(try value(.csaf21) == "CLEAR")
    #expect(try value(.csaf) == nil)
    advisory.status = .draft
    #expect(try value(.csafVEX21) == "AMBER+STRICT")
    #expect(try value(.csafVEX) == nil)
}

@Test func `a product path has the names of the product that it begins with`() throws {
    var document = try AdvisoryFormat.csafVEX21.document(Sample.advisory()).object ?? [:]
    var tree = document["product_tree"]?.object ?? [:]
    tree["full_product_names"] = .array([.object(["name": "OS", "product_id": "P2"])])
    tree["product_paths"] = .array([
        .object([
            "beginning_product_reference": "P1", "full_product_name": .object(["name": "p on OS", "product_id": "P3"]),
            "subpaths": .array([.object(["category": "installed_on", "next_product_reference": "P2"])]),
        ])
    ])
    document["product_tree"] = .object(tree)
    let product = try AdvisoryFormat.csafVEX21.advisory(.object(document)).product("P3")
    #expect(product?.name == "p" && product?.version == "1.0-1.azl3" && product?.packageURL == nil)
}

@Test func `of a product whose state is unknown nothing is said`() throws {
    var document = try AdvisoryFormat.csafVEX21.document(Sample.advisory()).object ?? [:]
    var vulnerability = document["vulnerabilities"]?.elements?.first?.object ?? [:]
    vulnerability["product_status"] = .object(["unknown": .strings(["P1"])])
    document["vulnerabilities"] = .array([.object(vulnerability)])
    #expect(try AdvisoryFormat.csafVEX21.advisory(.object(document)).vulnerabilities[0].statements.isEmpty)
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
    #expect(path(.csaf21) { $0.vulnerabilities[0].statements[0].status = .affected } == nil)
    #expect(
        path(.csaf21) {
            $0.vulnerabilities[0].statements[0].status = .affected
            ($0.vulnerabilities[0].cve, $0.vulnerabilities[0].identifiers) = (nil, [])
        } == ["identifiers"])
    #expect(path(.openVEX) { $0.vulnerabilities[0].statements[0].justification = nil } == ["status", "justification"])
    #expect(
        path(.openVEX) { ($0.vulnerabilities[0].cve, $0.vulnerabilities[0].identifiers) = (nil, []) } == ["identifiers"]
    )
    #expect(path(.osv) { $0.products[0].ecosystem = nil } == ["component", "ecosystem"])
    #expect(path(.osv) { $0.vulnerabilities = [] } == ["vulnerabilities"])
    #expect(path(.cve) { $0.publisher.cveOrganisation = nil } == ["vendor", "cve-organisation"])
    #expect(path(.cve) { $0.references = [] } == ["references"])
}
