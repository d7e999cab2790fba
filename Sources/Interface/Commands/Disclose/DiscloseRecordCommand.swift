import ArgumentParser
import AssayDisclosure
import AssayTerminal

/// `assay disclose record REPORT EVENT [TIME]`.
struct DiscloseRecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Write into a report what happened when.",
        usage: "assay disclose record <report> <event> [<time>] [<options>]",
        discussion: """
            Events: discovered, sent, acknowledged, follow-up, fixed, embargo-ends, published. The time is a day \
            (YYYY-MM-DD) or a second (YYYY-MM-DDThh:mm:ssZ) in UTC; without one it is now.

            EXAMPLES
              assay disclose record report.md sent
              assay disclose record report.md acknowledged 2025-01-13
              assay disclose record report.md embargo-ends 2027-02-27
            """)

    @Argument(help: ArgumentHelp("The report.", valueName: "report"))
    var report: String

    @Argument(help: ArgumentHelp("What happened.", valueName: "event"))
    var event: String

    @Argument(help: ArgumentHelp("When (default: now).", valueName: "time"))
    var time: String?

    @Flag(name: .shortAndLong, help: "No output.")
    var quiet = false

    func validate() throws {
        guard TimelineRecord.names.contains(event) else {
            let nearest = Spelling.nearest(to: event, in: TimelineRecord.names).map { ", did you mean '\($0)'?" } ?? ""
            throw ValidationError(
                "nothing is called '\(event.escapedForDisplay)'\(nearest) (allowed: "
                    + TimelineRecord.names.joined(separator: ", ") + ")")
        }
    }

    func run() throws {
        let recorded = try TimelineRecord.record(event, at: time, in: report, now: Session.evaluationSeconds())
        if !quiet {
            try OutputStream.standardOutput.write("\(report.escapedForDisplay): \(event) \(recorded)\n")
        }
    }
}
