import ArgumentParser
import AssayPipelines
import AssayTerminal

/// `assay verity sign ROOT-HASH`: the PKCS#7 signature that the kernel checks.
struct VeritySignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign a root hash as the kernel checks it.",
        usage: "assay verity sign [<root-hash>] <options>",
        discussion: """
            The signature is PKCS#7, detached, DER, without attributes, over the lower-case hexadecimal root hash without a \
            newline. It is verified with the certificate before it is written, also when another program made it.

            --signer runs a program without a shell; it gets the bytes on standard input and writes PKCS#7 or the raw \
            signature to standard output. A key that never leaves its machine signs in two steps: --emit-to-be-signed \
            there, --attach with what came back.

            EXAMPLES
              assay verity sign --root-hash-file root.txt --key key.pem \\
                --certificate vendor.pem --signature root.p7s
              assay verity sign --root-hash-file root.txt --certificate vendor.pem \\
                --signer 'openssl dgst -sha256 -sign key.pem' --signature root.p7s
              assay verity sign --root-hash-file root.txt --emit-to-be-signed root.tbs
              assay verity sign --root-hash-file root.txt --attach signed.bin \\
                --certificate vendor.pem --signature root.p7s
            """)

    @Argument(help: ArgumentHelp("The root hash in lower-case hexadecimal.", valueName: "root-hash"))
    var rootHashArgument: String?

    @OptionGroup var rootHash: RootHashOptions

    @Option(help: ArgumentHelp("The private key (PEM).", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("A program that signs, with its arguments.", valueName: "command"))
    var signer: String?

    @Option(help: ArgumentHelp("A signature that was made elsewhere: PKCS#7 (DER) or raw.", valueName: "file"))
    var attach: String?

    @Option(help: ArgumentHelp("Write the bytes to sign and end.", valueName: "file"))
    var emitToBeSigned: String?

    @Option(help: ArgumentHelp("The certificate of the key (PEM or DER).", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("Where the signature goes.", valueName: "file"))
    var signature: String?

    @Flag(name: .shortAndLong, help: "No progress, warnings or hints.")
    var quiet = false

    func validate() throws {
        let ways = [key, signer, attach, emitToBeSigned].compactMap { $0 }
        guard ways.count == 1 else {
            throw ValidationError("one of --key, --signer, --attach and --emit-to-be-signed is needed")
        }
        guard emitToBeSigned != nil || certificate != nil else {
            throw ValidationError("--certificate FILE is needed: no signature is written that it does not verify")
        }
        guard emitToBeSigned != nil || signature != nil else {
            throw ValidationError("--signature FILE is needed: where the signature goes")
        }
        let read = [key, attach, certificate, rootHash.rootHashFile].compactMap { $0 }
        if let written = signature ?? emitToBeSigned, read.contains(where: { Audit.isSameFile($0, written) }) {
            throw ValidationError("'\(written.escapedForDisplay)' would be overwritten, though it is read too")
        }
    }

    func run() async throws {
        let text = try rootHash.text(rootHashArgument)
        if let emitToBeSigned {
            return try Audit.writeFile(Verity.toBeSigned(rootHash: text), to: emitToBeSigned)
        }
        let way: VeritySigner =
            if let key { .key(key) } else if let signer { .command(signer) } else { .attached(attach ?? "") }
        let output = signature ?? ""
        do {
            let by = try await Verity.sign(
                rootHash: text, by: way, certificate: certificate ?? "", to: output, at: Session.evaluationSeconds())
            if !quiet { try OutputStream.standardOutput.write("'\(output.escapedForDisplay)': signed by \(by)\n") }
        } catch {
            guard let fault = Verity.signatureFault(error) else { throw error }
            throw CommandFailure(
                status: fault.isAnswer ? .no : .couldNotAnswer, message: fault.message, hint: fault.hint)
        }
    }
}
