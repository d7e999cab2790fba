import ArgumentParser
import AssayDisclosure
import AssayTerminal

/// `assay disclose status FOLDER`.
struct DiscloseStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "List the reports of a folder and what is due.",
        usage: "assay disclose status <folder> [<options>]",
        discussion: """
            The exit code is 0 when nothing is overdue, 1 when something is, and 2 when a report cannot be read.

            EXAMPLES
              assay disclose status reports
              assay disclose status reports --format json
            """)

    @Argument(help: ArgumentHelp("The folder of the reports.", valueName: "folder"))
    var folder: String

    @Option(help: "text or json (default: text).")
    var format: DiscloseFormat = .text

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        let session = Session(terminal)
        let status = try DisclosureStatus(folder: folder, now: Session.evaluationSeconds())
        switch format {
        case .text: try session.write(status.text)
        case .json: try session.write(status)
        }
        if status.isOverdue { throw CommandEnd(status: .no) }
        if !status.unreadable.isEmpty { throw CommandEnd(status: .couldNotAnswer) }
    }
}
