public import ArgumentParser
import AssayPipelines
import AssayTerminal
public import AssayVerification

/// `assay sign`: signatures that are verified before anything is written.
struct SignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign packages and lists of checksums with gpg or sq.",
        discussion: """
            The secret key stays with gpg or sq. What they make is verified with the key's certificate before a file is \
            replaced or written.

            EXAMPLES
              assay sign rpm hello.rpm --key FINGERPRINT
              assay sign checksums SHA256SUMS --key FINGERPRINT
              assay sign rpm hello.rpm --with sq --key secret.pgp --certificate vendor.asc
            """,
        subcommands: [SignRPMCommand.self, SignChecksumsCommand.self])
}

/// Who signs.
struct SignerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "gpg: the fingerprint in its keyring; sq: the file with the secret key.", valueName: "key"))
    var key: String

    @Option(help: "The program that has the key: gpg or sq (default: gpg).")
    var with: OpenPGPSigner.Program = .gpg

    @Option(help: ArgumentHelp("The key's certificate (default: gpg's keyring has it).", valueName: "file"))
    var certificate: String?

    var signer: OpenPGPSigner {
        get async throws { try await OpenPGPSigner(with, key: key, certificateFile: certificate) }
    }
}

extension OpenPGPSigner.Program: ExpressibleByArgument {}

/// `assay sign rpm FILE…`.
struct SignRPMCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rpm", abstract: "Put a signature over the header into RPM packages.",
        usage: "assay sign rpm <file> ... --key <key> [<options>]",
        discussion: """
            The signature covers the main header, which has the digest of the payload. Header and payload stay as they \
            are, older signatures are replaced. Each package is replaced only after the new one was verified.

            EXAMPLES
              assay sign rpm hello.rpm --key FINGERPRINT
            """)

    @Argument(help: ArgumentHelp("The packages.", valueName: "file"))
    var files: [String]

    @OptionGroup var options: SignerOptions

    @Flag(name: .shortAndLong, help: "No warnings or hints.")
    var quiet = false

    func run() async throws {
        let signer = try await options.signer
        let time = try Session.evaluationSeconds()
        var failed = 0
        for file in files {
            do {
                try await Signing.rpm(file, by: signer, at: time).report(isQuiet: quiet)
            } catch let error as CancellationError {
                throw error
            } catch {
                guard files.count > 1, let reason = AssayMain.reason(error) else { throw error }
                // The others are signed all the same; what was not is said here, and by the exit code.
                Console().error(reason)
                failed += 1
            }
        }
        if failed > 0 {
            throw CommandFailure(
                status: .couldNotAnswer, message: "\(failed) of \(files.count) packages were not signed")
        }
    }
}

/// `assay sign checksums FILE`.
struct SignChecksumsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checksums", abstract: "Write a detached signature of a list of checksums.",
        usage: "assay sign checksums <file> --key <key> [<options>]",
        discussion: """
            The list must be one: a file with a line that cannot be read is not signed.

            EXAMPLES
              assay sign checksums SHA256SUMS --key FINGERPRINT
              assay sign checksums SHA256SUMS --key FINGERPRINT --output SHA256SUMS.sig
            """)

    @Argument(help: ArgumentHelp("The list.", valueName: "file"))
    var list: String

    @OptionGroup var options: SignerOptions

    @Option(help: ArgumentHelp("Where the signature goes (default: the list's name with .asc).", valueName: "file"))
    var output: String?

    @Flag(name: .shortAndLong, help: "No warnings or hints.")
    var quiet = false

    func run() async throws {
        let signer = try await options.signer
        let result = try await Signing.checksums(
            list, to: output ?? list + ".asc", by: signer, at: Session.evaluationSeconds())
        try result.report(isQuiet: quiet)
    }
}

extension SigningResult {
    /// Says what was done.
    fileprivate func report(isQuiet: Bool) throws {
        let notes = remarks.isEmpty ? "" : " (\(remarks.joined(separator: "; ")))"
        guard !isQuiet else { return }
        try OutputStream.standardOutput.write("\(name): signed by \(signingKey)\(notes)\n")
    }
}
