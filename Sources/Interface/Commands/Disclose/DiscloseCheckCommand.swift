import ArgumentParser
import AssayDisclosure
import AssayTerminal

/// `assay disclose check REPORT`.
struct DiscloseCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what a report lacks.",
        discussion: """
            EXAMPLES
              assay disclose check report.md
            """)

    @Argument(help: ArgumentHelp("The report.", valueName: "report"))
    var report: String

    func run() throws {
        let opened = try OpenedReport(path: report)
        try OutputStream.standardOutput.write("\(opened.path.escapedForDisplay)\n")
    }
}
