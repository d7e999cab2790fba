import AssayTestSupport
import Testing

/// What the examples of exports, security.txt and VEX need.
enum ExportExamples {
    /// Whether an example needs what is here.
    static func isNeeded(_ line: String) -> Bool {
        ["disclose export", "disclose import", "security-txt", "--vex"].contains { line.contains($0) }
    }

    /// Writes a report that can be exported, an advisory, keys, a VEX document and a security.txt.
    static func write(to scratch: ScratchDirectory) throws {
        VerifyExamples.write(to: scratch)
        try scratch.write("report.md", report)
        try scratch.write("vendor.vex.json", vex(of: "kernel.kptr-restrict"))
        try scratch.write(
            "security.txt",
            """
            Contact: https://example.org/report
            Expires: 2999-01-01T00:00:00Z
            Canonical: https://example.org/.well-known/security.txt

            """)
        let made = Assay.run(
            "assay disclose export report.md --to csaf --output advisory.json && cp \"$1\" vendor.asc",
            in: scratch.path,
            arguments: [RecipientFixture.made.path + "/recipient.asc"])
        #expect(made.status == 0, "\(made.errorText)")
    }

    /// A report of the level high that every format takes.
    static let report = DiscloseFixture.complete
        .replacing("reporter: {name: R. Porter, email: r.porter@example.org}", with: more)
        .replacing("component: {name: procps,", with: "component: {name: procps, ecosystem: \"Debian:12\",")

    private static let more = """
        reporter: {name: R. Porter, email: r.porter@example.org, namespace: "https://porter.example", credit: R. Porter}
        status: {state: affected}
        identifiers: {cve: CVE-2026-12345}
        attachments: []
        """

    /// An OpenVEX document about a check on Azure Linux 3.0.
    static func vex(of check: String, status: String = "not_affected", author: String = "Vendor PSIRT") -> String {
        let reason =
            status == "not_affected"
            ? "\"justification\": \"inline_mitigations_already_exist\","
            : status == "affected" ? "\"action_statement\": \"Wait.\"," : ""
        return """
            {"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://vendor.example/vex/1", "author": "\(author)",
             "timestamp": "2026-11-29T00:00:00Z", "version": 1, "statements": [{
               "vulnerability": {"name": "\(check)"}, "status": "\(status)", \(reason)
               "products": [{"@id": "https://vendor.example/os",
                 "identifiers": {"cpe23": "cpe:2.3:o:microsoft:azure_linux:3.0:*:*:*:*:*:*:*"}}]}]}
            """
    }
}

/// A certificate to encrypt to and the home of its secret key, made once.
enum RecipientFixture {
    static let made: ScratchDirectory = {
        let scratch = ScratchDirectory()
        let result = shell(
            GnuPG.home + """

                set -e
                gpg --quick-generate-key 'Vendor <secure@example.org>' default default never
                gpg --armor --export > recipient.asc
                gpg --quick-generate-key 'Gone <gone@example.org>' default default 2020-01-02 2>/dev/null || \
                    at 20200101 --quick-generate-key 'Gone <gone@example.org>' default default 1d
                gpg --armor --export gone@example.org > expired.asc
                gpg --armor --export > two.asc
                gpg --armor --export-secret-keys secure@example.org > secret.asc
                """, in: scratch.path)
        #expect(result.status == 0, "\(result.errorText)")
        return scratch
    }()
}
