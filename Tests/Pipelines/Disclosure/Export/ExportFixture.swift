import AssayDisclosure
import AssayTestSupport
import Foundation

/// A report with everything that an export uses.
enum ExportFixture {
    /// 2026-11-29T00:00:00Z.
    static let time: Int64 = 1_795_910_400

    static let attachment = "#!/bin/sh\nprintf 'GET /%s HTTP/1.0\\n\\n' \"$(head -c 9000 /dev/zero | tr '\\0' A)\"\n"

    /// The report; `change` is applied to its text.
    static func text(_ change: (String) -> String = { $0 }) -> String { change(report) }

    private static let report = """
        ---
        schema-version: 1
        id: EX-2026-0001
        title: widgetd reads behind its buffer for a long request
        type: [CWE-125]
        component:
          name: widgetd
          version: 1.0.2
          release: 3.azl3
          architecture: x86_64
          ecosystem: Azure Linux:3
          source-package: widget
          package-url: pkg:rpm/azurelinux/widgetd@1.0.2-3.azl3?arch=x86_64
          spec: SPECS/widget/widget.spec
        location:
          repository: https://example.org/widget.git
          reference: v1.0.2
        source-files: [src/request.c]
        affected:
          introduced: "0.9"
          fixed: 1.0.3-1.azl3
        environment:
          operating-system: Microsoft Azure Linux
          version: "3.0"
          kernel: 6.6.134.1-1.azl3
          architecture: x86_64
          subject:
            kind: rootDirectory
            name: rootfs
            digests:
              sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        cvss:
          "3.1": CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H
          "4.0": CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:H/SC:N/SI:N/SA:N
        finding:
          check: kernel.kptr-restrict
          verdict: fail
          message: kernel.kptr_restrict is 0
          evidence:
            - path: /etc/sysctl.conf
              line: 3
              value: kernel.kptr_restrict = 0
              how: sysctl.d
        attachments:
          - path: poc/request.sh
            kind: proof-of-concept
            description: sends the request
        status:
          state: affected
        identifiers:
          cve: CVE-2026-12345
        vendor:
          name: Example Corp
          contact: secure@example.org
          namespace: https://vendor.example.org
          cve-organisation: b3476cb9-2e3d-41a6-98d0-0f47421a65b6
        reporter:
          name: Jörg Beispiel
          email: joerg@reporter.example
          organisation: Reporter & Söhne
          namespace: https://reporter.example
          credit: Jörg Beispiel
        references:
          - url: https://example.org/widget/commit/1
            kind: fix
            summary: Check the length first
        timeline:
          discovered: 2026-11-01
          embargo-ends: 2027-02-01
        ---

        ## Summary

        widgetd copies as many bytes of its buffer into the answer as the request *says* that it has.

        ## Special configuration

        None: the service listens by default.

        ## Steps to reproduce

        1. Install widgetd 1.0.2-3.azl3 and start it.
        2. Run `sh poc/request.sh | nc 127.0.0.1 8080`.
        3. Look at the answer.

        ## Reproduction output

        ```
        HTTP/1.0 200 OK
        AAAA...<secret of another request>
        ```

        ## Proof of concept

        The attached script sends a request line of 9,000 bytes.

        ## Impact

        Anybody who reaches the port reads 8 KiB of the memory of the service for each request, where the requests and
        passwords of other users are, and can end the service.

        ## Analysis

        `answer()` in src/request.c, line 210, takes the length from the header and not from what was read. It has done so
        since 0.9, when the header was introduced; the check that stood there before was removed with the old parser.

        """

    /// The report in a folder of its own with its attachment.
    static func folder(_ change: (String) -> String = { $0 }) throws -> ScratchDirectory {
        let scratch = ScratchDirectory()
        try scratch.write("report.md", text(change))
        try scratch.write("poc/request.sh", attachment)
        return scratch
    }

    /// The document of an export of the report.
    static func export(
        _ kind: ExportKind, as publisher: ExportRequest.Publisher = .reporter, id: String? = nil,
        csaf: ExportRequest.CSAF = .v20, _ change: (String) -> String = { $0 }
    ) throws -> String {
        let scratch = try folder(change)
        let opened = try OpenedReport(path: scratch.path + "/report.md")
        let request = ExportRequest(kind, time: time, publisher: publisher, id: id, csaf: csaf)
        return String(decoding: try Export.document(opened, request), as: UTF8.self)
    }
}
