import ArgumentParser
import AssayFindings
import AssayPipelines
import AssayReports
import AssayTerminal

/// `assay verity verify DATA HASH`: everything recomputed.
struct VerityVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Recompute a hash tree and name every block that is not as it should be.",
        discussion: """
            Checks superblock, root hash, every level of the tree, padding, every data block, and, where they are given, \
            error correction data and the signature of the root hash.

            EXAMPLES
              assay verity verify root.img root.hash --root-hash-file root.txt
              assay verity verify root.img root.hash --root-hash-file root.txt \\
                --root-hash-signature root.p7s --certificate vendor.pem
              assay verity verify disk.img disk.img --hash-offset 1048576 \\
                --root-hash-file disk.txt --format json
            """, helpNames: .long)

    @Argument(help: ArgumentHelp("The data device or image.", valueName: "data"))
    var data: String

    @Argument(help: ArgumentHelp("The hash device, or the same image again.", valueName: "hash"))
    var hashDevice: String

    @Argument(help: ArgumentHelp("The root hash, as veritysetup takes it.", valueName: "root-hash"))
    var rootHashArgument: String?

    @OptionGroup var rootHash: RootHashOptions

    @Option(help: ArgumentHelp("The PKCS#7 signature of the root hash (DER).", valueName: "file"))
    var rootHashSignature: String?

    @Option(help: ArgumentHelp("The certificate that must have signed it (PEM or DER).", valueName: "file"))
    var certificate: String?

    @OptionGroup var tree: VerityTreeOptions
    @OptionGroup var errorCorrection: VerityErrorCorrectionOptions

    @Flag(help: "End at the first fault instead of naming all.")
    var failFast = false

    @Flag(help: "Show all evidence of every row.")
    var explain = false

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        _ = try tree.format.report
        _ = try tree.format.hashType
        guard (rootHashSignature == nil) == (certificate == nil) else {
            throw ValidationError("--root-hash-signature and --certificate need each other")
        }
    }

    func run() async throws {
        let session = Session(terminal, format: try tree.format.report)
        let now = try Session.evaluationTime()
        var request = VerityRequest(
            data: data, hash: hashDevice, rootHash: try rootHash.text(rootHashArgument), threads: threads.count)
        request.options = try tree.options
        request.signature = rootHashSignature
        request.certificate = certificate
        request.errorCorrection = errorCorrection.options
        request.failsFast = failFast
        let result: AuditResult
        do {
            defer { session.progress.end() }
            let facts = try await Verity.facts(
                of: request, at: Session.evaluationSeconds(), progress: TerminalProgress(progress: session.progress))
            result = try Verity.judge(facts, evaluatedAt: now)
        } catch let error as VerityRequestError {
            throw error.failure
        }
        try session.write(result, explain: explain)
        switch result.outcome {
        case .pass: return
        case .fail: throw CommandEnd(status: .no)
        case .unknown: throw CommandEnd(status: .couldNotAnswer)
        }
    }
}
