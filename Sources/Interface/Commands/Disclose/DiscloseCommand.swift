import ArgumentParser

/// `assay disclose`: reports of vulnerabilities, complete and private.
struct DiscloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disclose", abstract: "Write, check and export reports of vulnerabilities.",
        discussion: """
            A report is a Markdown file with fields at its head. It stays on your machine: nothing is ever sent.

            EXAMPLES
              assay disclose check report.md
            """,
        subcommands: [
            DiscloseCheckCommand.self,
            DiscloseExportCommand.self,
            DiscloseImportCommand.self,
            SecurityTextCommand.self,
        ])
}
