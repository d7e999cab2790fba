import AssayFindings
import AssayPipelines
import AssayReports
import AssayTerminal
import FoundationEssentials

/// What one run of a command writes to, and the moment it judges at.
struct Session {
    let console: Console
    let progress: Progress
    private let options: OutputOptions
    private let environment: [String: String]

    init(_ options: OutputOptions) {
        let environment = ProcessInfo.processInfo.environment
        let errors = OutputStream.standardError
        let usesColor = options.color.usesColor(isTerminal: errors.isTerminal, environment: environment)
        console = Console(errors, usesColor: usesColor, isQuiet: options.quiet)
        progress = Progress(
            options.quiet ? .none : options.progress, on: console, isTerminal: errors.isTerminal,
            width: errors.width(environment: environment))
        self.options = options
        self.environment = environment
    }

    /// Processors that a run may keep busy.
    static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// The time of judgement, RFC 3339 in UTC: `SOURCE_DATE_EPOCH` if set, so that reports can be reproduced, else now.
    ///
    /// https://reproducible-builds.org/specs/source-date-epoch/
    static func evaluationTime() throws -> String {
        guard let text = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"] else {
            return Date.now.formatted(.iso8601)
        }
        guard let seconds = Int64(text), (0...253_402_300_799).contains(seconds) else {
            throw CommandFailure(
                status: .usage, message: "SOURCE_DATE_EPOCH is '\(text.escapedForDisplay)', not a number of seconds")
        }
        return Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }

    /// Writes the report where the user wants it.
    func write(_ result: AuditResult, explain: Bool) throws {
        let stream = OutputStream.standardOutput
        let isFile = options.output != nil
        let width = isFile || !stream.isTerminal ? 80 : min(stream.width(environment: environment), 120)
        let text = render(
            result, as: options.format,
            options: ReportOptions(
                width: width,
                usesColor: options.color.usesColor(
                    isTerminal: stream.isTerminal && !isFile, environment: environment),
                glyphs: TerminalCharacters.isUTF8(environment: environment) || isFile ? .unicode : .ascii,
                detail: explain ? .everything : .exceptions))
        guard let path = options.output else { return try stream.write(text) }
        try Audit.writeFile(Array(text.utf8), to: path)
    }
}

extension OutputStream {
    /// The columns of standard output.
    static var columns: Int { standardOutput.width(environment: ProcessInfo.processInfo.environment) }
}
