import ArgumentParser
import AssayTerminal
import AssayTrust

/// `assay trust explain CERT|FINGERPRINT|CHAIN`.
struct TrustExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say why a certificate or a host's chain is trusted, or is not.",
        usage: "assay trust explain <what> [<options>]",
        discussion: """
            For an authority's certificate: each purpose and each output, in or out, by which rule, file and line. For a \
            host's certificate, with or without those that the host sends: the way to the anchor, or why there is none. \
            The exit code says whether it is trusted for --purpose: 0 yes, 1 no, 2 could not be answered.

            EXAMPLES
              assay trust explain ca.pem --root rootfs
              assay trust explain host-chain.pem --root rootfs
              assay trust explain ca.pem --root rootfs --purpose email --format json
            """)

    @Argument(help: ArgumentHelp("A file with certificates, or a SHA-256 fingerprint.", valueName: "what"))
    var what: String

    @OptionGroup var system: TrustSystemOptions

    @Option(help: "The purpose that decides: server-auth, email, code-signing, … (default: server-auth).")
    var purpose: String = "server-auth"

    @Option(help: "text or json (default: text).")
    var format: TrustFormat = .text

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        let session = Session(terminal)
        var question = TrustQuestion(subject: what, time: try Session.evaluationSeconds())
        question.purpose = purpose
        let explanation = try session.explainingFaults { try Trust.explain(question, in: system.system()) }
        switch format {
        case .json: try session.write(explanation)
        case .text: try session.write(explanation.text)
        }
        switch explanation.isTrusted {
        case true?: return
        case false?: throw CommandEnd(status: .no)
        case nil: throw CommandEnd(status: .couldNotAnswer)
        }
    }
}
