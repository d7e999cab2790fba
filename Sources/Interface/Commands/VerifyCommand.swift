import ArgumentParser
import AssayFacts
import AssayFindings
import AssayPipelines
import AssayPolicy
import AssayReports
import AssayTerminal
import AssayVerification
import Synchronization

/// `assay verify SUBJECT…`: who made a file, and whether it is what they made.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify ISO images, packages and repositories against pinned keys.",
        discussion: """
            SUBJECT is recognised by its content: an ISO image (or any file) that a signed list of checksums beside it \
            names; RPM packages; .deb packages; a folder of them; an RPM or Debian repository; apt's lists. Everything \
            must lead to a key that is pinned for the file's source ('assay keys list'). A root directory in which \
            'assay trust update' published a CA trust store is compared with the store's manifest and sources.

            EXAMPLES
              assay verify azurelinux-3.0-x86_64.iso --expect arch=x86_64,version=3.0
              assay verify vendor-3.0-x86_64.iso --checksums SHA256SUMS \\
                --signature SHA256SUMS.gpg --key vendor.asc
              assay verify packages --source azure-linux --explain
              assay verify /var/lib/apt/lists
              assay verify ./rootfs
              assay verify hello.deb --repository /var/lib/apt/lists
              assay verify rpm-repository --key vendor.asc --format json
            """)

    @Argument(help: ArgumentHelp("Files and folders.", valueName: "subject"))
    var subjects: [String]

    @Option(help: ArgumentHelp("The list of checksums (default: searched beside the file).", valueName: "file"))
    var checksums: String?

    @Option(help: ArgumentHelp("The signature of that list (default: searched beside it).", valueName: "file"))
    var signature: String?

    @Option(
        help: ArgumentHelp("The repository, or apt's lists, that vouch for .deb files.", valueName: "folder"))
    var repository: String?

    @OptionGroup var keys: KeyOptions

    @Option(
        help: ArgumentHelp(
            "What the file must be: arch=NAME, version=NUMBER, or both with a comma.", valueName: "what"),
        transform: Expectations.init)
    var expect: Expectations?

    @OptionGroup var judgement: JudgementOptions

    @Option(help: ArgumentHelp("Save the facts, with the map of what covers which bytes.", valueName: "file"))
    var facts: String?

    @Option(help: "How many threads may work (default: one a processor).")
    var threads: Int?

    @Flag(help: "Show each file's way to the pinned key, step by step.")
    var explain = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if signature != nil, checksums == nil {
            throw ValidationError("--signature needs --checksums, the list that it signs")
        }
        if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads is a number from 1 to 1024") }
        try keys.check()
        let written = [output.terminal.output, facts].compactMap { $0 }
        let read = subjects + [checksums, signature].compactMap { $0 } + keys.key + judgement.files
        try OutputOptions.requireDistinct(written: written, read: read)
    }

    func run() async throws {
        let session = Session(output.terminal, format: output.format)
        let now = try Session.evaluationTime()
        let policyFile = try judgement.loadPolicy()
        let policy = policyFile.policy(today: String(now.prefix(10)), failOn: judgement.failOn?.severity)
        let givenProfile = try judgement.loadProfile()
        let pinned = try keys.load()
        for problem in pinned.problems { session.console.warning(problem) }
        var request = VerificationRequest(paths: subjects)
        request.checksums.checksums = checksums
        request.checksums.signature = signature
        request.repository = repository
        request.source = keys.source
        request.disabledKeys = pinned.disabled
        request.hasOwnKeys = !keys.key.isEmpty
        request.expectation = IdentityExpectation(architecture: expect?.architecture, version: expect?.version)
        let time = try policy.signatures.evaluationTime ?? Session.evaluationSeconds()
        let threads = threads ?? Session.processors
        let observed = try await session.withProgress { [request] progress in
            try await Verification.facts(
                of: request,
                VerificationContext(
                    keys: pinned.keys, time: time, threads: threads, progress: VerificationProgressBar(progress)))
        }
        if let facts { try Audit.save(observed, to: facts) }
        let profile =
            try givenProfile
            ?? JudgementOptions.builtIn(observed.subject.kind == .files ? "authenticity" : "trust-store")
        let result = await Audit.judge(
            observed, by: profile, under: policy, evaluatedAt: now, width: threads)
        try session.write(result, explain: explain)
        try judgement.end(result.outcome)
    }
}

/// Which keys count, by the names that every command has for them.
struct KeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Accept only the certificate in this file, for this call (may be repeated).", valueName: "file"))
    var key: [String] = []

    @Option(
        help: ArgumentHelp(
            "The fingerprint of the certificate to accept from --key, needed when the file has several.",
            valueName: "hex"))
    var fingerprint: [String] = []

    @Option(help: "The source that the files must come from: a name of 'assay keys list'.")
    var source: String?

    @OptionGroup var store: KeyStoreOptions

    func check() throws {
        if !fingerprint.isEmpty, key.isEmpty {
            throw ValidationError("--fingerprint needs --key, the file that has it")
        }
        if !fingerprint.isEmpty, key.count > 1 {
            throw ValidationError("--fingerprint belongs to one --key: several --key have one certificate each")
        }
        if source != nil, !key.isEmpty {
            throw ValidationError("--source and --key exclude each other: --key is the source")
        }
    }

    /// The keys of the call, or the pinned ones.
    func load() throws -> (keys: PinnedKeys, disabled: PinnedKeys, problems: [String]) {
        if !key.isEmpty {
            // Several files have one certificate each.
            let keys = try key.flatMap { try KeyStore.given(file: $0, fingerprints: fingerprint).keys }
            return (PinnedKeys(keys), PinnedKeys(), [])
        }
        let contents = try store.store.contents()
        if let source, !contents.keys.keys.contains(where: { $0.source == source }) {
            let nearest = Spelling.nearest(to: source, in: Array(Set(contents.keys.keys.map(\.source))))
            throw CommandFailure(
                status: .usage, message: "no key is pinned for a source '\(source.escapedForDisplay)'",
                hint: nearest.map { "--source \($0)" } ?? "assay keys list")
        }
        return (contents.keys, contents.disabled, contents.problems.map { "\($0.place.path): \($0.reason)" })
    }
}

/// `--expect arch=aarch64,version=3.0`.
struct Expectations: Hashable, Sendable {
    var architecture: String?
    var version: String?

    init(_ argument: String) throws {
        let wrong = ValidationError(
            "--expect '\(argument.escapedForDisplay)' is not of the form arch=aarch64,version=3.0")
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let words = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard words.count == 2, !words[1].isEmpty else { throw wrong }
            switch words[0] {
            case "arch" where architecture == nil: architecture = words[1]
            case "version" where version == nil: version = words[1]
            default: throw wrong
            }
        }
    }
}

/// Progress of an examination on the terminal: one bar over the bytes of all files.
final class VerificationProgressBar: VerificationProgress {
    private let progress: Progress
    private let total = Mutex<Int>(0)

    init(_ progress: TerminalProgress) { self.progress = progress.progress }

    func expect(_ count: UInt64) {
        total.withLock { total in
            let (sum, overflow) = total.addingReportingOverflow(Int(clamping: count))
            total = overflow ? .max : sum
            progress.extend("verifying", unit: "bytes", total: total)
        }
    }

    func advance(by count: Int) { progress.advance(by: count) }
}
