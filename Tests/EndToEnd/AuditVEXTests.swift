import AssayTestSupport
import Foundation
import Testing

private func folder(_ documents: [String: String], policy: String? = nil) throws -> ScratchDirectory {
    let scratch = ScratchDirectory()
    try scratch.write(
        "rootfs/etc/os-release", "ID=azurelinux\nVERSION_ID=3.0\nPRETTY_NAME=\"Microsoft Azure Linux 3.0\"\n")
    try scratch.write("rootfs/etc/sysctl.d/1.conf", "kernel.kptr_restrict = 0\n")
    try scratch.write("one.yaml", Fixture.profile(checks: ["kernel.kptr-restrict"]))
    for (name, text) in documents { try scratch.write(name, text) }
    if let policy { try scratch.write("policy.yaml", policy) }
    return scratch
}

private let accepting = "accept-vex:\n  - author: Vendor PSIRT\n    expires: 2999-12-31\n"

@Test(
    arguments: [
        ("not_affected", nil, 1), ("not_affected", accepting, 0), ("fixed", accepting, 1), ("affected", accepting, 1),
        ("under_investigation", accepting, 1),
        ("not_affected", accepting.replacing("Vendor PSIRT", with: "vendor psirt"), 1),
        ("not_affected", accepting.replacing("2999", with: "2020"), 1),
    ] as [(String, String?, Int32)])
func `a statement is shown, and counts only where the policy accepts its author`(
    status: String, policy: String?, code: Int32
) throws {
    let scratch = try folder(["v.json": ExportExamples.vex(of: "kernel.kptr-restrict", status: status)], policy: policy)
    let options = "--profile one.yaml --vex v.json" + (policy == nil ? "" : " --policy policy.yaml")
    for (format, part) in [
        ("text", "Vendor PSIRT says"), ("markdown", "Vendor PSIRT says"), ("html", "Vendor PSIRT says"),
        ("junit", "Vendor PSIRT says"), ("json", "\"author\": \"Vendor PSIRT\""),
        ("sarif", "\"author\": \"Vendor PSIRT\""),
    ] {
        let result = Assay.run(
            "assay audit rootfs \(options) --format \(format) --output out; s=$?; cat out; exit $s", in: scratch.path)
        #expect(result.status == code, "\(format): \(result.errorText)\(result.text)")
        // Text is broken into lines.
        let flat = result.text.split { $0 == "\n" || $0 == " " }.joined(separator: " ")
        #expect(flat.contains(part), "\(format): \(result.text)")
        if format == "json" { try scratch.write("report.json", result.output) }
    }
    #expect(ReportSchema.faults([scratch.path + "/report.json"]).isEmpty)
}

@Test func `two authors who disagree excuse nothing`() throws {
    let scratch = try folder(
        [
            "a.json": ExportExamples.vex(of: "kernel.kptr-restrict"),
            "b.json": ExportExamples.vex(of: "kernel.kptr-restrict", status: "affected", author: "Other"),
        ], policy: accepting + "  - author: Other\n    expires: 2999-12-31\n")
    let result = Assay.run(
        "assay audit rootfs --profile one.yaml --policy policy.yaml --vex a.json --vex b.json", in: scratch.path)
    #expect(result.status == 1, "\(result.text)")
}

@Test(arguments: [
    ("kernel.kptr-restrict", "cpe:2.3:o:microsoft:azure_linux:3.0", "cpe:2.3:o:microsoft:azure_linux:2.0"),
    ("kernel.kptr-restrict", "azure_linux", "debian"),
    ("kernel.kptr-restrict", "kernel.kptr-restrict", "kernel.rodata"),
])
func `a statement about something else is not shown`(check: String, part: String, other: String) throws {
    let scratch = try folder([
        "v.json": ExportExamples.vex(of: check).replacing(part, with: other)
    ])
    let result = Assay.run("assay audit rootfs --profile one.yaml --vex v.json --format json", in: scratch.path)
    #expect(result.status == 1)
    #expect(!result.text.contains("\"vex\""), "\(result.text)")
}

@Test(arguments: ["", "{", "{}", "[1]", "{\"@context\": \"https://openvex.dev/ns/v0.2.0\"}"])
func `a VEX document that is none is no answer, with its place`(text: String) throws {
    let scratch = try folder(["v.json": text])
    let result = Assay.run("assay audit rootfs --profile one.yaml --vex v.json", in: scratch.path)
    #expect(result.status == 2)
    #expect(result.text.isEmpty && result.errorText.contains("v.json"), "\(result.errorText)")
}

@Test(arguments: ["2.0", "2.1"])
func `CSAF says the same as OpenVEX`(version: String) throws {
    let scratch = try folder([:])
    try scratch.write(
        "report.md",
        ExportExamples.report.replacing(
            "status: {state: affected}",
            with:
                "status: {state: not-affected, justification: component_not_present}\nfinding: {check: kernel.kptr-restrict}"
        )
        .replacing("{name: procps,", with: "{name: Azure Linux,").replacing(
            "version: \"2:4.0.2\", release: \"3\"", with: "version: \"3.0\""))
    let result = Assay.run(
        "assay disclose export report.md --to csaf-vex --csaf-version \(version) --output v.json && assay audit rootfs --profile one.yaml --vex v.json --format json",
        in: scratch.path)
    #expect(result.status == 1, "\(result.errorText)")
    #expect(result.text.contains("\"justification\": \"component_not_present\""), "\(result.text)\(result.errorText)")
}

/// CSAF 2.1 names a product by several package URLs: each of them is the product.
@Test func `a further package URL of a product fits as the first does`() throws {
    let scratch = try folder([:])
    try scratch.write(
        "report.md",
        ExportExamples.report.replacing("ecosystem: \"Debian:12\"", with: "package-url: \"pkg:generic/frob@1\""))
    let result = Assay.run(
        """
        assay disclose export report.md --to csaf-vex --csaf-version 2.1 --output v.json && \
        assay audit rootfs --profile one.yaml --vex v.json --format json --output before.json; grep -c '"vex"' before.json
        sed 's#"pkg:generic/frob@1"#&, "pkg:generic/assay/kernel.kptr-restrict"#' v.json > more.json
        assay audit rootfs --profile one.yaml --vex more.json --format json | grep -c '"status": "affected"'
        """, in: scratch.path)
    #expect(result.text == "0\n1\n", "\(result.text)\(result.errorText)")
}
