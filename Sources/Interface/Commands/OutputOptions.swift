import ArgumentParser
import AssayFileSystem
import AssayFindings
import AssayReports
import AssayTerminal

/// Options that mean the same in every command.
struct OutputOptions: ParsableArguments {
    @Option(help: "text, json, sarif, html, markdown or junit (default: text).")
    var format: ReportFormat = .text

    @Option(help: ArgumentHelp("Write the report to a file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(name: .shortAndLong, help: "No progress and no warnings.")
    var quiet = false

    @Option(help: "auto, always or never (default: auto; NO_COLOR is obeyed).")
    var color: ColorMode = .auto

    @Option(help: "How progress is shown on standard error: auto, plain, json or none (default: auto).")
    var progress: ProgressMode = .auto
}

extension ReportFormat: ExpressibleByArgument {}
extension ColorMode: ExpressibleByArgument {}
extension ProgressMode: ExpressibleByArgument {}
