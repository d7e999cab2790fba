import ArgumentParser
import AssayDisclosure
import AssayFacts
import AssayFindings
import AssayPipelines
import AssayPolicy
import AssayReports
import AssayTerminal

/// `assay audit [SUBJECT]`: the security features, proven.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Prove the security features of a machine, directory, ELF file or kernel.",
        discussion: """
            SUBJECT is recognised by its content: / is this machine; a directory with an os-release is an operating \
            system's root and never mixed with this machine; another directory is a folder of ELF files; a file is an \
            ELF file, a kernel configuration, a kernel image or a unified kernel image.

            EXAMPLES
              assay audit
              assay audit ./rootfs --profile azure-linux-3
              assay audit /usr/bin --format json --output report.json
              assay audit /boot/config-6.6.134.1-1.azl3 --cmdline 'lockdown=integrity'
              assay audit / --facts facts.json
              assay audit --from-facts facts.json --format sarif --output report.sarif
              assay audit ./rootfs --vex vendor.vex.json
            """)

    @Argument(help: ArgumentHelp("What to examine (default: /, this machine).", valueName: "subject"))
    var subject: String?

    @OptionGroup var judgement: JudgementOptions

    @Option(help: ArgumentHelp("A kernel command line, for a kernel that is given without one.", valueName: "line"))
    var cmdline: String?

    @Option(help: ArgumentHelp("Save the facts, to be judged again without the subject.", valueName: "file"))
    var facts: String?

    @Option(help: ArgumentHelp("Judge saved facts instead of a subject.", valueName: "file"))
    var fromFacts: String?

    @Option(
        help: ArgumentHelp(
            "A VEX document (CSAF, OpenVEX) whose statements are shown with the findings (may be repeated).",
            valueName: "file"))
    var vex: [String] = []

    @Flag(help: "Show all evidence of every row.")
    var explain = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if fromFacts != nil, subject != nil || facts != nil || cmdline != nil {
            throw ValidationError(
                "--from-facts takes no subject, --facts or --cmdline: saved facts are judged as they are")
        }
        let written = [output.terminal.output, facts].compactMap { $0 }
        let read = [subject, fromFacts].compactMap { $0 } + judgement.files + vex
        try OutputOptions.requireDistinct(written: written, read: read)
    }

    func run() async throws {
        let session = Session(output.terminal, format: output.format)
        // What the user may have mistyped comes before the long work.
        let now = try Session.evaluationTime()
        let policy = try judgement.loadPolicy()
        let chosen = try judgement.loadProfile()
        let claims = try vex.flatMap { try VEXFile.claims(path: $0) }
        let facts = try await loadFacts(session)
        let profile = try chosen ?? defaultProfile(facts)
        let judged = policy.policy(today: String(now.prefix(10)), failOn: judgement.failOn?.severity)
        let result = Audit.judge(facts, by: profile, under: judged, evaluatedAt: now, vex: claims)
        try session.write(result, explain: explain)
        try judgement.end(result.outcome)
    }

    private func loadFacts(_ session: Session) async throws -> Facts {
        if let fromFacts { return try Audit.savedFacts(at: fromFacts) }
        let progress = session.progress
        defer { progress.end() }
        progress.begin("reading", unit: "files")
        let collected = try await Audit.facts(
            of: subject ?? "/", width: Session.processors, commandLine: cmdline
        ) { progress.advance(by: $0) }
        progress.end()
        if cmdline != nil, ![.kernelConfiguration, .kernelImage].contains(collected.subject.kind) {
            session.console.warning("--cmdline is for a kernel without a command line of its own, ignoring")
        }
        if let facts { try Audit.save(collected, to: facts) }
        return collected
    }

    private func defaultProfile(_ facts: Facts) throws -> Profile {
        switch facts.subject.kind {
        case .files: return try JudgementOptions.builtIn("authenticity")
        case .verityDevice: return try JudgementOptions.builtIn("dm-verity")
        case .host, .rootDirectory, .elfFiles, .kernelConfiguration, .kernelImage: break
        }
        let system = facts.operatingSystem
        guard let found = ProfileCatalog.defaultProfile(osID: system?.id, version: system?.version) else {
            throw CommandFailure(status: .bug, message: "there is no profile 'default'")
        }
        return found
    }
}
