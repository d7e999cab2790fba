import AssayDisclosure
import AssayTestSupport
import Foundation
import Testing

/// What is written into a folder, exported, and read back.
private func imported(
    _ kind: ExportKind, csaf: ExportRequest.CSAF = .v20, _ change: (String) -> String = { $0 }
) throws -> String {
    let scratch = ScratchDirectory()
    try scratch.write("advisory.json", try ExportFixture.export(kind, csaf: csaf, change))
    return try AdvisoryImport.text(path: scratch.path + "/advisory.json")
}

@Test(arguments: [
    (
        ExportKind.csaf,
        [
            "CVE-2026-12345", "CWE-125", "widgetd", "1.0.2", "3.azl3", "state: affected", "1.0.3-1.azl3",
            "kernel.kptr-restrict", "Reporter & Söhne", "answer()",
        ]
    ),
    (.csafVEX, ["CVE-2026-12345", "widgetd", "state: affected", "CVSS:4.0/AV:N", "CVSS:3.1/AV:N"]),
    (
        .openVEX,
        [
            "CVE-2026-12345", "widgetd", "pkg:rpm/azurelinux/widgetd@1.0.2-3.azl3?arch=x86_64", "state: affected",
            "kernel.kptr-restrict",
        ]
    ),
    (
        .osv,
        [
            "CVE-2026-12345", "CWE-125", "Azure Linux:3", "widgetd", "1.0.3-1.azl3", "0.9", "CVSS:3.1/AV:N",
            "CVSS:4.0/AV:N",
        ]
    ),
])
func `an export is read back with what it carries`(kind: ExportKind, parts: [String]) throws {
    let text = try imported(kind)
    for part in parts { #expect(text.contains(part), "\(part) in \(text)") }
    #expect(!text.contains("9,000 bytes"), "a proof of concept is in no advisory")
}

@Test func `CSAF 2.1 is read back with what it carries`() throws {
    for kind in [ExportKind.csaf, .csafVEX] {
        let text = try imported(kind, csaf: .v21) {
            $0.replacingOccurrences(of: "[CWE-125]", with: "[CWE-125, CWE-787]")
        }
        for part in [
            "CVE-2026-12345", "CWE-125", "CWE-787", "widgetd", "state: affected", "1.0.3-1.azl3", "CVSS:4.0/AV:N",
            "CVSS:3.1/AV:N", "kernel.kptr-restrict", "pkg:rpm/azurelinux/widgetd@1.0.2-3.azl3?arch=x86_64",
            "tlp: AMBER+STRICT", "embargo-ends: 2027-02-01T00:00:00Z", "Reporter & Söhne",
        ] { #expect(text.contains(part), "\(part) in \(text)") }
        #expect(!text.contains("9,000 bytes"), "a proof of concept is in no advisory")
    }
}

@Test(arguments: [
    ("state: affected", "state: fixed", "status"),
    ("state: affected", "state: not-affected\n  justification: component_not_present", "status"),
    ("status:\n  state: affected", "tlp: CLEAR\nstatus:\n  state: affected", "tlp"),
    ("discovered: 2026-11-01", "discovered: 2027-03-01", "timeline.discovered"),
    ("  namespace: https://reporter.example\n", "", "reporter.namespace"),
    ("pkg:rpm/azurelinux/widgetd@1.0.2-3.azl3?arch=x86_64", "pkg:rpm/azurelinux/a|b", "component.package-url"),
])
func `what CSAF 2.1 asks for beyond 2.0 is said with its line`(text: String, with: String, field: String) throws {
    let error = #expect(throws: DisclosureError.self) {
        try ExportFixture.export(.csaf, csaf: .v21) { $0.replacingOccurrences(of: text, with: with) }
    }
    let message = "\(error?.description ?? "") \(error?.hint ?? "")"
    #expect(message.contains("report.md:") && message.contains("'\(field)'"), "\(message)")
}

@Test(arguments: ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"])
func `the report says to whom its advisory may be passed on`(label: String) throws {
    func change(_ text: String) -> String {
        text.replacingOccurrences(of: "status:\n", with: "tlp: \(label)\nstatus:\n")
            .replacingOccurrences(of: "  embargo-ends: 2027-02-01", with: "  published: 2026-11-20")
    }
    for csaf in ExportRequest.CSAF.allCases {
        #expect(try imported(.csafVEX, csaf: csaf, change).contains("\ntlp: \(label)\n"))
    }
    #expect(try ExportFixture.export(.csaf, csaf: .v21, change).contains("\"label\": \"\(label)\""))
}

/// Exported, imported, exported again: the same document, but for what the report had and the format has no word for.
@Test(
    arguments: [
        (ExportKind.csaf, ExportRequest.CSAF.v20), (.csafVEX, .v20), (.csaf, .v21), (.csafVEX, .v21), (.openVEX, .v20),
        (.osv, .v20),
    ], ["affected", "fixed", "under-investigation", "not-affected"])
func `a round trip gives the same document`(format: (kind: ExportKind, csaf: ExportRequest.CSAF), state: String) throws
{
    let (kind, csaf) = format
    func change(_ text: String) -> String {
        let justification = state == "not-affected" ? "\n  justification: component_not_present" : ""
        return text.replacingOccurrences(of: "state: affected", with: "state: \(state)\(justification)")
    }
    if kind == .osv || (kind == .csaf && csaf == .v21), state != "affected" { return }
    let first = try ExportFixture.export(kind, csaf: csaf, change)
    let scratch = ScratchDirectory()
    try scratch.write("advisory.json", first)
    try scratch.write("report.md", try AdvisoryImport.text(path: scratch.path + "/advisory.json"))
    let opened = try OpenedReport(path: scratch.path + "/report.md")
    let second = String(
        decoding: try Export.document(opened, ExportRequest(kind, time: ExportFixture.time, csaf: csaf)), as: UTF8.self)
    // The identifier of OpenVEX is made of the report's own, and the reporter is only named by the publisher there.
    func comparable(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter {
            !$0.contains("\"@id\": \"urn:") && !$0.contains("\"published\"")
        }
    }
    #expect(comparable(second) == comparable(first))
}

@Test(arguments: [
    (ExportKind.csaf, "  namespace: https://reporter.example\n", "", "reporter.namespace"),
    (.csaf, "title: widgetd reads behind its buffer for a long request\n", "", "title"),
    (.csaf, "  name: widgetd\n", "", "component.name"),
    (.csaf, "id: EX-2026-0001\n", "", "'id'"), (.openVEX, "status:\n  state: affected\n", "", "status"),
    (.csafVEX, "status:\n  state: affected\n", "", "status"),
    (.openVEX, "state: affected", "state: not-affected", "status.justification"),
    (.osv, "  ecosystem: Azure Linux:3\n", "", "component.ecosystem"),
    (.osv, "  ecosystem: Azure Linux:3\n", "  ecosystem: Plan 9\n", "component.ecosystem"),
    (.cve, "  cve-organisation: b3476cb9-2e3d-41a6-98d0-0f47421a65b6\n", "", "vendor.cve-organisation"),
    (.csaf, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H", "CVSS:3.1/AV:Q", "cvss"),
    (.csaf, "## Summary\n", "## Summary\n<!--", "comment"),
])
func `what is missing is said with its line`(kind: ExportKind, text: String, with: String, field: String) throws {
    let error = #expect(throws: DisclosureError.self) {
        try ExportFixture.export(kind) { $0.replacingOccurrences(of: text, with: with) }
    }
    let message = "\(error?.description ?? "") \(error?.hint ?? "")"
    #expect(
        message.contains("report.md:") && message.contains(field.replacingOccurrences(of: "'", with: "")), "\(message)")
}

@Test
func `OSV takes an identifier of its own`() throws {
    let text = try ExportFixture.export(.osv, id: "AZL-4711") {
        $0.replacingOccurrences(of: "  cve: CVE-2026-12345\n", with: "")
    }
    #expect(text.contains(#""id": "AZL-4711""#))
    #expect(throws: DisclosureError.self) { try ExportFixture.export(.osv, id: "MINE-1") }
}

@Test
func `an attachment that is not what the report says is refused`() {
    let error = #expect(throws: DisclosureError.self) {
        try ExportFixture.export(.markdown) { text in
            text.replacingOccurrences(
                of: "    description: sends the request\n",
                with: "    sha256: \(String(repeating: "0", count: 64))\n")
        }
    }
    #expect(error?.description.contains("has the SHA-256") == true)
}

@Test(arguments: [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</title></style><script>",
    "&lt;script&gt;",
])
func `a page escapes whatever the report holds`(text: String) throws {
    let page = try ExportFixture.export(.html) { report in
        report.replacingOccurrences(of: "copies as many", with: text)
            .replacingOccurrences(of: "name: Reporter", with: "name: x")
    }
    #expect(!page.contains("<script") && !page.contains("<img"))
    #expect(page.components(separatedBy: "</title>").count == 2)
    #expect(page.components(separatedBy: "</style>").count == 2)
}

@Test(arguments: [
    ("", "1:1"), ("{\"document\": ", "1:14"), ("{\"a\": 1}", "is no CSAF"),
    ("{\"@context\": \"https://openvex.dev/ns/v0.2.0\"}", "1:1"),
    (
        "{\"@context\": \"https://openvex.dev/ns/v0.2.0\", \"@id\": \"https://a/1\", \"author\": \"a\", \"timestamp\": \"2026-11-29T00:00:00Z\",\n \"version\": 1, \"statements\": [{\"vulnerability\": {\"name\": \"x\"},\n  \"status\": \"maybe\"}]}",
        "3:13"
    ),
    ("{\"id\": \"CVE-2026-1\", \"modified\": \"yesterday\"}", "1:34"),
    ("{\"document\": {\"category\": \"csaf_vex\",\n \"csaf_version\": \"2.1\"}}", "1:1"),
    ("{\"document\": {\"category\": \"csaf_vex\",\n \"csaf_version\": \"2.2\"}}", "1:14"),
])
func `documents that are not valid are refused with their place`(text: String, place: String) throws {
    let scratch = ScratchDirectory()
    try scratch.write("a.json", text)
    let error = #expect(throws: DisclosureError.self) { try AdvisoryImport.text(path: scratch.path + "/a.json") }
    #expect(error?.description.contains(place) == true, "\(String(describing: error))")
    #expect(throws: DisclosureError.self) { try VEXFile.claims(path: scratch.path + "/a.json") }
}

@Test func `the vendor's security.txt has the contact and policy of the report`() throws {
    let scratch = ScratchDirectory()
    try scratch.write("security.txt", try ExportFixture.export(.securityText))
    let check = try SecurityTextFile.check(
        path: scratch.path + "/security.txt", url: nil, certificate: nil, at: ExportFixture.time)
    #expect(check.isValid, "\(check.issues)")
    let text = try String(contentsOfFile: scratch.path + "/security.txt", encoding: .utf8)
    #expect(text.hasPrefix("Contact: mailto:secure@example.org\nExpires: "))
}
