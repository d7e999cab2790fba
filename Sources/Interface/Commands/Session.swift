import AssayFindings
import AssayPipelines
import AssayReports
import AssayTerminal
import FoundationEssentials

/// What one run of a command writes to, and the moment it judges at.
struct Session {
    let console: Console
    let progress: Progress
    private let color: ColorChoice
    /// The file that the report goes to; nil for standard output.
    private let output: String?
    private let format: ReportFormat
    private let environment: [String: String]

    init(_ options: TerminalOptions, format: ReportFormat = .text) {
        self.init(
            quiet: options.quiet, color: options.color, progress: options.progress, output: options.output,
            format: format)
    }

    init(
        quiet: Bool, color: ColorChoice, progress: ProgressStyle = .auto, output: String? = nil,
        format: ReportFormat = .text
    ) {
        let environment = ProcessInfo.processInfo.environment
        let errors = OutputStream.standardError
        let usesColor = color.usesColor(isTerminal: errors.isTerminal, environment: environment)
        console = Console(errors, usesColor: usesColor, isQuiet: quiet)
        self.progress = Progress(
            quiet ? .none : progress, on: console, isTerminal: errors.isTerminal,
            width: errors.width(environment: environment))
        self.color = color
        self.output = output
        self.format = format
        self.environment = environment
    }

    /// Processors that a run may keep busy.
    static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// The time of judgement, RFC 3339 in UTC: `SOURCE_DATE_EPOCH` if set, so that reports can be reproduced, else now.
    ///
    /// https://reproducible-builds.org/specs/source-date-epoch/
    static func evaluationTime() throws -> String {
        guard let seconds = try sourceDateEpoch() else { return Date.now.formatted(.iso8601) }
        return Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }

    /// `SOURCE_DATE_EPOCH` in seconds since 1970; nil when it is not set.
    static func sourceDateEpoch() throws -> Int64? {
        guard let text = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"] else { return nil }
        guard let seconds = Int64(text), (0...253_402_300_799).contains(seconds) else {
            throw CommandFailure(
                status: .usage, message: "SOURCE_DATE_EPOCH is '\(text.escapedForDisplay)', not a number of seconds")
        }
        return seconds
    }

    /// The same moment in seconds since 1970.
    static func evaluationSeconds() throws -> Int64 {
        let time = try evaluationTime()
        guard let date = try? Date(time, strategy: .iso8601) else {
            throw CommandFailure(status: .bug, message: "the time of judgement '\(time)' could not be read")
        }
        return Int64(date.timeIntervalSince1970)
    }

    /// Writes the report where the user wants it.
    func write(_ result: AuditResult, explain: Bool) throws {
        let stream = OutputStream.standardOutput
        let isFile = output != nil
        let width = isFile || !stream.isTerminal ? 80 : min(stream.width(environment: environment), 120)
        let text = render(
            result, as: format,
            options: ReportOptions(
                width: width,
                usesColor: color.usesColor(
                    isTerminal: stream.isTerminal && !isFile, environment: environment),
                glyphs: TerminalCharacters.isUTF8(environment: environment) || isFile ? .unicode : .ascii,
                detail: explain ? .everything : .exceptions))
        try write(text)
    }

    /// Writes text where the user wants the report.
    func write(_ text: String) throws {
        guard let path = output else { return try OutputStream.standardOutput.write(text) }
        try Audit.writeFile(Array(text.utf8), to: path)
    }

    /// Writes a value as JSON with sorted keys where the user wants the report.
    func write(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(String(decoding: encoder.encode(value), as: UTF8.self) + "\n")
    }
}

extension OutputStream {
    /// The columns of standard output.
    static var columns: Int { standardOutput.width(environment: ProcessInfo.processInfo.environment) }
}
