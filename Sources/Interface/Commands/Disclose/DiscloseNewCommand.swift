import ArgumentParser
import AssayDisclosure
import AssayFacts
import AssayFindings
import AssayPipelines
import AssayPolicy
import AssayTerminal

/// `assay disclose new`.
struct DiscloseNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Begin a report, filled with what is known of the system.",
        usage: "assay disclose new --output <file> [<options>]",
        discussion: """
            The package, its source, the system and its kernel are looked up in SUBJECT. With --from-finding an audit is run, \
            or a report or facts of one are read, and the evidence of the check goes into the report. A file that exists is \
            never overwritten.

            EXAMPLES
              assay disclose new --output report.md
              assay disclose new --package openssl --subject ./rootfs --output report.md
              assay disclose new --from-finding kernel.kptr-restrict --output report.md
              assay disclose new --from-finding elf.pie --report audit.json \\
                --output report.md
            """)

    @Option(
        help: ArgumentHelp(
            "The check whose finding the report is about ('assay explain' lists them).", valueName: "check"))
    var fromFinding: String?

    @Option(help: ArgumentHelp("What to examine (default: /, this machine).", valueName: "subject"))
    var subject: String?

    @Option(help: ArgumentHelp("Take the finding from a JSON report of 'assay audit'.", valueName: "file"))
    var report: String?

    @Option(help: ArgumentHelp("Judge saved facts instead of a subject.", valueName: "file"))
    var fromFacts: String?

    @Option(
        help: ArgumentHelp("The affected package (default: the owner of what the finding shows).", valueName: "name"))
    var package: String?

    @Option(help: "The profile to judge by: a name of 'assay profile list' or a YAML file.")
    var profile: String?

    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        if let fromFinding, !Audit.checks.contains(fromFinding) {
            let nearest = Spelling.nearest(to: fromFinding, in: Audit.checks).map { ", did you mean '\($0)'?" } ?? ""
            throw ValidationError("there is no check '\(fromFinding.escapedForDisplay)'\(nearest)")
        }
        if report != nil, fromFinding == nil { throw ValidationError("--report needs --from-finding, the check") }
        if report != nil, fromFacts != nil { throw ValidationError("--report and --from-facts say the same: give one") }
        if fromFacts != nil, subject != nil {
            throw ValidationError("--from-facts takes no subject: saved facts are judged as they are")
        }
        if report != nil, profile != nil { throw ValidationError("--report takes no profile: it was judged by one") }
        let read = [report, fromFacts, profile, subject].compactMap { $0 }
        try OutputOptions.requireDistinct(written: [terminal.output].compactMap { $0 }, read: read)
    }

    func run() async throws {
        let session = Session(terminal)
        let now = try Session.evaluationSeconds()
        if let output = terminal.output { try NewReportFile.requireAbsent(output) }
        var draft = ReportDraft(facts: nil, package: package, time: now)
        if let report, let fromFinding {
            let bytes = try Audit.file(at: report, limit: 64 << 20)
            draft.finding = try AuditedFinding(fromFinding, inReport: bytes, named: report.escapedForDisplay)
            draft.subjectPath = subject
            if let subject { draft.facts = try await facts(of: subject, session) }
        } else {
            let facts = try await loadFacts(session)
            draft.facts = facts
            draft.subjectPath = fromFacts == nil ? subject ?? "/" : nil
            if let fromFinding { draft.finding = try finding(fromFinding, facts) }
        }
        if let finding = draft.finding, finding.verdict != .fail {
            session.console.warning("the finding of '\(finding.check)' is '\(finding.verdict.rawValue)', no failure")
        }
        let text = try NewReportFile.text(of: draft)
        guard let output = terminal.output else { return try OutputStream.standardOutput.write(text) }
        try NewReportFile.write(text, to: output)
        if !terminal.quiet {
            session.console.hint("edit it, then: " + ShellWords.joined(["assay", "disclose", "check", output]))
        }
    }

    private func loadFacts(_ session: Session) async throws -> Facts {
        if let fromFacts { return try Audit.savedFacts(at: fromFacts) }
        return try await facts(of: subject ?? "/", session)
    }

    private func facts(of subject: String, _ session: Session) async throws -> Facts {
        let progress = session.progress
        defer { progress.end() }
        progress.begin("reading", unit: "files")
        return try await Audit.facts(of: subject, width: Session.processors, commandLine: nil) {
            progress.advance(by: $0)
        }
    }

    private func finding(_ check: String, _ facts: Facts) throws -> AuditedFinding {
        var options = JudgementOptions()
        options.profile = profile
        let system = facts.operatingSystem
        let own = ProfileCatalog.defaultProfile(osID: system?.id, version: system?.version)
        let chosen = try options.loadProfile()
        let now = try Session.evaluationTime()
        let judged = PolicyFile().policy(today: String(now.prefix(10)))
        // A check that the system's own profile does not ask may stand in another one.
        for profile in chosen.map({ [$0] }) ?? [own].compactMap({ $0 }) + ProfileCatalog.all {
            let result = Audit.judge(facts, by: profile, under: judged, evaluatedAt: now)
            if let finding = AuditedFinding(check, in: result) { return finding }
        }
        throw CommandFailure(
            status: .couldNotAnswer, message: "no profile asks the check '\(check)' of this subject",
            hint: "--profile FILE names one that does")
    }
}
