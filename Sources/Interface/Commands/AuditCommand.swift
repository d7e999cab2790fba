import ArgumentParser
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
            """)

    @Argument(help: ArgumentHelp("What to examine (default: /, this machine).", valueName: "subject"))
    var subject: String?

    @Option(help: "The profile to judge by: a name of 'assay profile list' or a YAML file.")
    var profile: String?

    @Option(help: ArgumentHelp("A policy file (YAML) with waivers and the gate's threshold.", valueName: "file"))
    var policy: String?

    @Option(help: "The lowest severity that counts: info, low, medium, high, critical or none (default: low).")
    var failOn: FailOn?

    @Option(help: ArgumentHelp("A kernel command line, for a kernel that is given without one.", valueName: "line"))
    var cmdline: String?

    @Option(help: ArgumentHelp("Save the facts, to be judged again without the subject.", valueName: "file"))
    var facts: String?

    @Option(help: ArgumentHelp("Judge saved facts instead of a subject.", valueName: "file"))
    var fromFacts: String?

    @Flag(help: "Show all evidence of every row.")
    var explain = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if fromFacts != nil, subject != nil || facts != nil || cmdline != nil {
            throw ValidationError(
                "--from-facts takes no subject, --facts or --cmdline: saved facts are judged as they are")
        }
        let written = [output.terminal.output, facts].compactMap { $0 }
        let read = [subject, fromFacts, policy, profile].compactMap { $0 }
        for (index, file) in written.enumerated() {
            if (read + written[..<index]).contains(where: { Audit.isSameFile($0, file) }) {
                throw ValidationError(
                    "'\(file.escapedForDisplay)' is named twice: what is read and each file that is written must differ"
                )
            }
        }
    }

    func run() async throws {
        let session = Session(output.terminal, format: output.format)
        // What the user may have mistyped comes before the long work.
        let now = try Session.evaluationTime()
        let policy = try loadPolicy()
        let chosen = try profile.map { try loadProfile($0) }
        let facts = try await loadFacts(session)
        let profile = try chosen ?? defaultProfile(facts)
        let judged = policy.policy(today: String(now.prefix(10)), failOn: failOn?.severity)
        let result = Audit.judge(facts, by: profile, under: judged, evaluatedAt: now)
        try session.write(result, explain: explain)
        if failOn == FailOn.none { return }
        try CommandEnd.throwUnlessPass(result.outcome)
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
        let system = facts.operatingSystem
        guard let found = ProfileCatalog.defaultProfile(osID: system?.id, version: system?.version) else {
            throw CommandFailure(status: .bug, message: "there is no profile 'default'")
        }
        return found
    }

    private func loadProfile(_ profile: String) throws -> Profile {
        if let known = ProfileCatalog.profile(named: profile) { return known }
        guard profile.contains("/") || profile.hasSuffix(".yaml") || profile.hasSuffix(".yml") else {
            let nearest = Spelling.nearest(to: profile, in: ProfileCatalog.all.map(\.name))
            throw CommandFailure(
                status: .usage, message: "there is no profile '\(profile.escapedForDisplay)'",
                hint: nearest.map { "assay audit --profile \($0)" } ?? "assay profile list")
        }
        return try inFile(profile) { try ProfileFile.parse($0, knownChecks: Set(Audit.checks)) }
    }

    private func loadPolicy() throws -> PolicyFile {
        guard let policy else { return PolicyFile() }
        return try inFile(policy) { try PolicyFile.parse($0, knownChecks: Set(Audit.checks)) }
    }

    /// Reads a profile or policy file and says of its errors where they are.
    private func inFile<Value>(_ path: String, _ parse: ([UInt8]) throws -> Value) throws -> Value {
        let bytes = try Audit.file(at: path, limit: 2 << 20)
        do {
            return try parse(bytes)
        } catch let error as PolicyError {
            let place = [error.line, error.column].compactMap { $0.map { ":\($0)" } }.joined()
            throw CommandFailure(
                status: .usage, message: "'\(path.escapedForDisplay)\(place)': \(error.message)")
        }
    }
}

/// The values of `--fail-on`.
enum FailOn: String, ExpressibleByArgument, CaseIterable {
    case info
    case low
    case medium
    case high
    case critical
    /// Report only: the exit code is 0 whatever was found.
    case none

    var severity: Severity { Severity(rawValue: rawValue) ?? .critical }
}
