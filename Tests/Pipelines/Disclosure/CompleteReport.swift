import AssayDisclosure
import AssayTestSupport

/// A folder with a report that lacks nothing.
enum CompleteReport {
    static let text = """
        ---
        id: 2026-0001
        title: Out-of-bounds write in frobnicate
        type: [CWE-787]
        component:
          name: frob
          version: "3.0"
        location:
          repository: https://github.com/microsoft/azurelinux
          reference: "3.0"
        source-files: [src/lib/frobnicate.c]
        environment:
          operating-system: Microsoft Azure Linux 3.0
          version: "3.0"
          architecture: x86_64
        cvss:
          "3.1": CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H
        attachments:
          - {path: poc/crash.bin, kind: proof-of-concept}
        vendor:
          contact: secure@microsoft.com
        reporter:
          email: r.porter@frob.org
        timeline:
          sent: 2026-11-20T10:00:00Z
        ---

        ## Summary
        It writes behind its buffer.

        ## Special configuration
        none

        ## Steps to reproduce
        1. Install frob.
        2. Run `frob poc/crash.bin`.

        ## Reproduction output
        ```
        free(): invalid pointer
        ```

        ## Proof of concept
        The attached file.

        ## Impact
        Who makes a user open a file runs code with the rights of that user, on every machine with frob.

        ## Analysis
        In src/lib/frobnicate.c the function frobnicate() copies as many bytes as the header of the file says, into a buffer \
        of 64 bytes. The length was never compared with it, since the first version.

        """

    /// A folder with the report, changed, as `report.md`.
    static func folder(_ changes: [(String, String)] = []) throws -> ScratchDirectory {
        let scratch = ScratchDirectory()
        var text = text
        for (old, new) in changes {
            precondition(text.contains(old), old)
            text = text.replacing(old, with: new)
        }
        try scratch.write("report.md", text)
        try scratch.write("poc/crash.bin", [1, 2, 3])
        return scratch
    }

    static func check(_ scratch: ScratchDirectory, _ level: ReportLevel = .high) throws -> ReportCheckResult {
        ReportCheck.result(try OpenedReport(path: scratch.path + "/report.md"), requesting: level)
    }
}
