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

    @OptionGroup var device: VerityDeviceOptions

    @Option(help: ArgumentHelp("The PKCS#7 signature of the root hash (DER).", valueName: "file"))
    var rootHashSignature: String?

    @Option(help: ArgumentHelp("The certificate that must have signed it (PEM or DER).", valueName: "file"))
    var certificate: String?

    @Flag(help: "End at the first fault instead of naming all.")
    var failFast = false

    @Flag(help: "Show all evidence of every row.")
    var explain = false

    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        _ = try device.tree.format.report
        _ = try device.tree.format.hashType
        guard (rootHashSignature == nil) == (certificate == nil) else {
            throw ValidationError("--root-hash-signature and --certificate need each other")
        }
    }

    func run() async throws {
        let session = Session(terminal, format: try device.tree.format.report)
        let now = try Session.evaluationTime()
        var request = try device.request()
        request.signature = rootHashSignature
        request.certificate = certificate
        request.failsFast = failFast
        let facts = try await session.withProgress { [request] progress in
            try await Verity.facts(of: request, at: Session.evaluationSeconds(), progress: progress)
        }
        let result = try Verity.judge(facts, evaluatedAt: now)
        try session.write(result, explain: explain)
        try CommandEnd.throwUnlessPass(result.outcome)
    }
}
