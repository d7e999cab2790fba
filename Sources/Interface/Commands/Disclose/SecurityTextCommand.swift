import ArgumentParser
import AssayDisclosure
import AssayTerminal

/// `assay disclose security-txt`: where to report a vulnerability.
struct SecurityTextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "security-txt", abstract: "Make, check or sign a security.txt file (RFC 9116).",
        discussion: """
            EXAMPLES
              assay disclose security-txt make --contact https://a.example/report
              assay disclose security-txt check security.txt
              assay disclose security-txt sign security.txt --key FINGERPRINT
            """,
        subcommands: [SecurityTextMakeCommand.self, SecurityTextCheckCommand.self, SecurityTextSignCommand.self])
}

/// `assay disclose security-txt make`.
struct SecurityTextMakeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make", abstract: "Write a security.txt file.",
        usage: "assay disclose security-txt make --contact <uri> [<options>]",
        discussion: """
            EXAMPLES
              assay disclose security-txt make --contact https://a.example/report
              assay disclose security-txt make --contact mailto:security@example.org \\
                --encryption https://example.org/key.asc --days 90 --output made.txt
            """)

    @Option(help: ArgumentHelp("Where to report, the preferred way first (may be repeated).", valueName: "uri"))
    var contact: [String]

    @Option(help: "For how many days the file holds, 1 to 365 (default: 180).")
    var days = 180

    @Option(help: ArgumentHelp("Where the key for encrypted mail is (may be repeated).", valueName: "uri"))
    var encryption: [String] = []

    @Option(help: ArgumentHelp("Where those who reported are thanked (may be repeated).", valueName: "uri"))
    var acknowledgments: [String] = []

    @Option(help: "A language that is read, the preferred one first (may be repeated).")
    var language: [String] = []

    @Option(help: ArgumentHelp("Where the file is published (may be repeated).", valueName: "uri"))
    var canonical: [String] = []

    @Option(help: ArgumentHelp("Where the policy stands (may be repeated).", valueName: "uri"))
    var policy: [String] = []

    @Option(help: ArgumentHelp("Where open positions stand (may be repeated).", valueName: "uri"))
    var hiring: [String] = []

    @Option(help: ArgumentHelp("The provider-metadata.json of CSAF (may be repeated).", valueName: "uri"))
    var csaf: [String] = []

    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        guard (1...365).contains(days) else { throw ValidationError("--days is a number from 1 to 365") }
    }

    func run() throws {
        let time = try Session.evaluationSeconds()
        let session = Session(terminal)
        var request = SecurityTextRequest(contacts: contact, days: days)
        request.encryption = encryption
        request.acknowledgments = acknowledgments
        request.languages = language
        request.canonical = canonical
        request.policy = policy
        request.hiring = hiring
        request.providerMetadata = csaf
        let made: (bytes: [UInt8], advice: [String])
        do {
            made = try request.made(at: time)
        } catch let error as DisclosureError {
            throw CommandFailure(status: .usage, message: error.description)
        }
        try session.write(made.bytes)
        for advice in made.advice { session.console.warning(advice) }
    }
}

/// `assay disclose security-txt check FILE`.
struct SecurityTextCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what is wrong with a security.txt file, line by line.",
        usage: "assay disclose security-txt check <file> [<options>]",
        discussion: """
            The exit code is 1 when the file breaks RFC 9116; recommendations and notes leave it 0. Whether a signature \
            holds is only told with --certificate.

            EXAMPLES
              assay disclose security-txt check security.txt
              assay disclose security-txt check security.txt --format json
            """)

    @Argument(help: ArgumentHelp("The file.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("Where the file is published.", valueName: "uri"))
    var url: String?

    @Option(help: ArgumentHelp("The OpenPGP certificate that must have signed it.", valueName: "file"))
    var certificate: String?

    @Option(help: "text or json (default: text).")
    var format: SecurityTextFormat = .text

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        let session = Session(terminal)
        let check = try SecurityTextFile.check(
            path: file, url: url, certificate: certificate, at: Session.evaluationSeconds())
        switch format {
        case .json: try session.write(check)
        case .text: try session.write(check.text)
        }
        if !check.isValid { throw CommandEnd(status: .no) }
    }
}

/// How `assay disclose security-txt check` writes.
enum SecurityTextFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// `assay disclose security-txt sign FILE`.
struct SecurityTextSignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign a security.txt file in itself, with gpg.",
        usage: "assay disclose security-txt sign <file> --key <key> [<options>]",
        discussion: """
            A file with an error, and one without Canonical, is not signed.

            EXAMPLES
              assay disclose security-txt sign security.txt --key FINGERPRINT
            """)

    @Argument(help: ArgumentHelp("The file.", valueName: "file"))
    var file: String

    @Option(help: "The fingerprint of the key in gpg's keyring.")
    var key: String

    @OptionGroup var terminal: TerminalOptions

    func run() async throws {
        let session = Session(terminal)
        try session.write(
            try await SecurityTextFile.signed(path: file, key: key, at: Session.evaluationSeconds()))
    }
}
