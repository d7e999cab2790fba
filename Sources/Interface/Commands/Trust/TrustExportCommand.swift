import ArgumentParser
import AssayPipelines
import AssayTerminal
import AssayTrust

/// `assay trust export OUTPUT|FILE|FINGERPRINT`.
struct TrustExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write one output, or one certificate, as the sources mean it now.",
        usage: "assay trust export <what> [--output <file>] [<options>]",
        discussion: """
            An output is tls, email, objsign, openssl, java or edk2, or its path below the store.

            EXAMPLES
              assay trust export tls --root rootfs --output bundle.pem
              assay trust export java --root rootfs --output cacerts
              assay trust export ca.pem --root rootfs --der --output ca.der
            """)

    @Argument(help: ArgumentHelp("An output, a file with a certificate, or a fingerprint.", valueName: "what"))
    var what: String

    @Flag(help: "Write a certificate as DER instead of PEM.")
    var der = false

    @OptionGroup var system: TrustSystemOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("The file (default: standard output).", valueName: "file"))
    var output: String?

    @Flag(name: .shortAndLong, help: "No warnings or hints.")
    var quiet = false

    func run() throws {
        let session = Session(quiet: quiet, color: .auto)
        let subject: TrustExportSubject = Trust.isOutput(what) ? .output(what) : .certificate(what, isDER: der)
        let bytes = try session.explainingFaults {
            try Trust.export(
                subject, of: system.system(), time: Session.sourceDateEpoch(), toolVersion: Audit.toolVersion)
        }
        if let output {
            try Audit.writeFile(bytes, to: output)
        } else {
            try OutputStream.standardOutput.write(bytes)
        }
    }
}
