import AssayTestSupport

/// What the examples of `assay disclose` need, in the folder of all examples.
enum DiscloseExamples {
    /// Writes `report.md`, the folder `reports`, `audit.json` and an installed package of `rootfs`.
    static func write(to scratch: ScratchDirectory) throws {
        try scratch.write("report.md", DiscloseFixture.complete)
        try scratch.write("reports/one.md", DiscloseFixture.complete)
        try scratch.write(
            "rootfs/var/lib/dpkg/status",
            "Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0-1\n")
        _ = Assay.run(
            "[ -e audit.json ] || assay audit rootfs --format json --output audit.json --fail-on none", in: scratch.path
        )
    }

    /// An example as it is run there: a whole machine takes too long, and a report is never overwritten.
    static func adapted(_ line: String) -> String {
        guard line.contains("assay disclose new") else { return line }
        let needsSubject = !["--subject", "--report", "--from-facts"].contains { line.contains($0) }
        return "rm -f report.md; " + line + (needsSubject ? " --subject rootfs" : "")
    }
}
