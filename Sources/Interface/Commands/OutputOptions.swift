public import ArgumentParser
import AssayPipelines
public import AssayReports
public import AssayTerminal

/// Options that mean the same in every command that writes a report.
struct OutputOptions: ParsableArguments {
    @Option(help: "text, json, sarif, html, markdown or junit (default: text).")
    var format: ReportFormat = .text

    @OptionGroup var terminal: TerminalOptions

    /// Refuses to write a file that is also read, or written for something else.
    static func requireDistinct(written: [String], read: [String]) throws {
        for (index, file) in written.enumerated() {
            if (read + written[..<index]).contains(where: { Audit.isSameFile($0, file) }) {
                throw ValidationError(
                    "'\(file.escapedForDisplay)' is named twice: what is read and each file that is written must differ"
                )
            }
        }
    }
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
