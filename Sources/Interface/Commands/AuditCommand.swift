import ArgumentParser
import AssayBytes
import AssayFileSystem
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
            SUBJECT is recognised by its content: / is this machine; a directory with an os-release is an operating
            system's root and never mixed with this machine; another directory is a folder of ELF files; a file is an ELF
            file, a kernel configuration, a kernel image or a unified kernel image.

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
            throw ValidationError("--from-facts takes no subject, --facts or --cmdline: saved facts are judged as they are")
        }
        let written = [output.output, facts].compactMap { $0 }
        if Set(written).count < written.count || written.contains(where: { $0 == fromFacts || $0 == subject }) {
            throw ValidationError("a file is named twice: what is read and each file that is written must differ")
        }
    }

    func run() async throws {
        let policy = try loadPolicy()
        let facts = try await loadFacts()
        let profile = try loadProfile(facts)
        let now = Clock.now()
        var judged = policy
        judged.today = String(now.prefix(10))
        if let failOn { judged.failOn = failOn.severity }
        let result = Audit.judge(facts, by: profile, under: judged, evaluatedAt: now)
        try output.write(result, explain: explain)
        if failOn == FailOn.none { return }
        switch result.outcome {
        case .pass: return
        case .fail: throw CommandEnd(status: .no)
        case .unknown: throw CommandEnd(status: .couldNotAnswer)
        }
    }

    private func loadFacts() async throws -> Facts {
        if let fromFacts {
            let bytes = try RootedDirectory.openHostFile(fromFacts).readToEnd(limit: SavedFacts.sizeLimit)
            return try SavedFacts.decode(bytes)
        }
        let progress = output.progressReporter()
        defer { progress.finish() }
        let options = CollectionOptions(width: 2, commandLine: cmdline) { step, count in
            progress.update(step, count: count)
        }
        let collected = try await Audit.facts(of: subject ?? "/", options)
        progress.finish()
        if cmdline != nil, collected.subject.kind != .kernelConfiguration, collected.subject.kind != .kernelImage {
            Message.warning("--cmdline is for a kernel configuration or image; this subject has its own, ignoring")
        }
        if let facts {
            try AtomicFile.write(SavedFacts.encode(collected), to: facts)
        }
        return collected
    }

    private func loadProfile(_ facts: Facts) throws -> Profile {
        guard let profile else {
            return try ProfileCatalog.defaultProfile(
                osID: facts.operatingSystem?.id, version: facts.operatingSystem?.version)
        }
        if let known = try ProfileCatalog.profile(named: profile) { return known }
        guard profile.contains("/") || profile.hasSuffix(".yaml") || profile.hasSuffix(".yml") else {
            let nearest = Spelling.nearest(to: profile, in: ProfileCatalog.names)
            throw CommandFailure(
                status: .usage, message: "there is no profile '\(profile.escapedForDisplay)'",
                hint: nearest.map { "assay audit --profile \($0)" } ?? "assay profile list")
        }
        let bytes = try RootedDirectory.openHostFile(profile).readToEnd(limit: ProfileFile.sizeLimit)
        return try ProfileFile.parse(bytes, name: profile.escapedForDisplay, knownChecks: Set(Audit.checks))
    }

    private func loadPolicy() throws -> Policy {
        guard let policy else { return Policy(today: "") }
        let bytes = try RootedDirectory.openHostFile(policy).readToEnd(limit: PolicyFile.sizeLimit)
        return try PolicyFile.parse(bytes, name: policy.escapedForDisplay, knownChecks: Set(Audit.checks))
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
