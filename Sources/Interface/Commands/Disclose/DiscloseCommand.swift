import ArgumentParser

/// `assay disclose`: reports of vulnerabilities, complete and private.
struct DiscloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disclose", abstract: "Write, check and export reports of vulnerabilities.",
        discussion: """
            A report is a Markdown file with fields at its head, which you edit. It stays on your machine: nothing is ever \
            sent.

            EXAMPLES
              assay disclose new --from-finding kernel.kptr-restrict --output report.md
              assay disclose check report.md
              assay disclose export report.md --to csaf --output advisory.json
              assay disclose record report.md sent
              assay disclose status reports
            """,
        subcommands: [
            DiscloseNewCommand.self,
            DiscloseCheckCommand.self,
            DiscloseExportCommand.self,
            DiscloseImportCommand.self,
            SecurityTextCommand.self,
            DiscloseRecordCommand.self,
            DiscloseStatusCommand.self,
            DiscloseCVSSCommand.self,
            DiscloseCWECommand.self,
        ])
}

/// How the commands of `assay disclose` write what they found.
enum DiscloseFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}
