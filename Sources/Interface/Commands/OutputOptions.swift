public import ArgumentParser
public import AssayReports
public import AssayTerminal

/// Options that mean the same in every command that writes a report.
struct OutputOptions: ParsableArguments {
    @Option(help: "text, json, sarif, html, markdown or junit (default: text).")
    var format: ReportFormat = .text

    @OptionGroup var terminal: TerminalOptions
}

/// Options that mean the same in every command.
struct TerminalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write the report to a file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(name: .shortAndLong, help: "No progress, warnings or hints.")
    var quiet = false

    @Option(help: "auto, always or never (default: auto; NO_COLOR is obeyed).")
    var color: ColorChoice = .auto

    @Option(help: "How progress is shown on standard error: auto, plain, json or none (default: auto).")
    var progress: ProgressStyle = .auto
}

extension ReportFormat: ExpressibleByArgument {}
extension ColorChoice: ExpressibleByArgument {}
extension ProgressStyle: ExpressibleByArgument {}
