import ArgumentParser
import AssayDisclosure
import AssayTerminal

/// `assay disclose check REPORT`.
struct DiscloseCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what a report lacks, and what it should not hold.",
        usage: "assay disclose check <report> [<options>]",
        discussion: """
            The exit code is 0 when the report reaches the level, 1 when it does not, and 2 when it or an attachment cannot \
            be read. Warnings do not change it.

            EXAMPLES
              assay disclose check report.md
              assay disclose check report.md --level low
              assay disclose check report.md --format json
            """)

    @Argument(help: ArgumentHelp("The report.", valueName: "report"))
    var report: String

    @Option(help: "The level that it must reach: low, medium or high (default: high).")
    var level: RequestedLevel = .high

    @Option(help: "text or json (default: text).")
    var format: DiscloseFormat = .text

    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        try OutputOptions.requireDistinct(written: [terminal.output].compactMap { $0 }, read: [report])
    }

    func run() throws {
        let session = Session(terminal)
        let result = ReportCheck.result(try OpenedReport(path: report), requesting: level.level)
        switch format {
        case .text: try session.write(result.text)
        case .json: try session.write(result)
        }
        if result.level < level.level { throw CommandEnd(status: .no) }
        if !result.unreadable.isEmpty { throw CommandEnd(status: .couldNotAnswer) }
    }
}

/// The values of `--level`.
enum RequestedLevel: String, ExpressibleByArgument, CaseIterable {
    case low
    case medium
    case high

    var level: ReportLevel {
        switch self {
        case .low: .low
        case .medium: .medium
        case .high: .high
        }
    }
}
