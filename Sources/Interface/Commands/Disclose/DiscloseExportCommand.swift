public import ArgumentParser
public import AssayDisclosure
import AssayPipelines
import AssayTerminal

/// `assay disclose export REPORT --to KIND`.
struct DiscloseExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a report as a mail, an advisory or a page.",
        usage: "assay disclose export <report> --to <kind> [<options>]",
        discussion: """
            Nothing is sent: the document goes to standard output or to --output. An advisory is checked against the \
            published schema of its format first. It has no steps, output or proof of concept: it is made to be published.

            msrc-mail encrypts the report with its attachments to the certificate of --recipient-key, so that only its \
            owner reads it; the subject says nothing. Compare the fingerprint with what the vendor publishes.

            EXAMPLES
              assay disclose export report.md --to msrc-mail \\
                --recipient-key vendor.asc --output report.eml
              assay disclose export report.md --to github --output body.json
              assay disclose export report.md --to csaf --output advisory.json
              assay disclose export report.md --to csaf-vex --csaf-version 2.1
              assay disclose export report.md --to openvex
            """)

    @Argument(help: ArgumentHelp("The report.", valueName: "report"))
    var report: String

    @Option(
        help: ArgumentHelp(
            "msrc-mail, github, csaf, csaf-vex, openvex, osv, cve, security-txt, markdown or html.", valueName: "kind"))
    var to: ExportKind

    @Option(
        help: ArgumentHelp(
            "The version of CSAF: 2.0, which is what consumers read today, or 2.1, a draft (default: 2.0).",
            valueName: "version"))
    var csafVersion: ExportRequest.CSAF?

    @Option(name: .customLong("as"), help: "Who speaks in an advisory: reporter or vendor (default: reporter).")
    var publisher: ExportRequest.Publisher = .reporter

    @Option(help: "The identifier of the advisory (default: the report's own).")
    var id: String?

    @OptionGroup var mail: DiscloseMailOptions

    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        if to == .msrcMail, mail.recipientKey == nil {
            throw ValidationError("--to msrc-mail needs --recipient-key, the file with the key that it is encrypted to")
        }
        if !to.isCSAF, csafVersion != nil {
            throw ValidationError("--csaf-version belongs to --to csaf and --to csaf-vex")
        }
        if to != .msrcMail, mail.isGiven { throw ValidationError("options of a mail belong to --to msrc-mail") }
        let written = [terminal.output].compactMap { $0 }
        try OutputOptions.requireDistinct(written: written, read: [report] + [mail.recipientKey].compactMap { $0 })
    }

    func run() async throws {
        let session = Session(terminal)
        let time = try Session.evaluationSeconds()
        let opened = try OpenedReport(path: report)
        if to == .msrcMail {
            try session.write(try await mail.mail(opened, at: time, session.console))
        } else {
            try session.write(
                Export.document(
                    opened,
                    ExportRequest(
                        to, time: time, publisher: publisher, id: id, csaf: csafVersion ?? .v20)))
        }
    }
}

/// To whom and how a mail is encrypted.
struct DiscloseMailOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file with the one OpenPGP certificate that the mail is encrypted to.", valueName: "file"))
    var recipientKey: String?

    @Option(help: ArgumentHelp("The fingerprint that the certificate must have.", valueName: "hex"))
    var recipientFingerprint: String?

    @Option(
        help: ArgumentHelp(
            "To whom the mail goes (default: the vendor's contact in the report, else secure@microsoft.com).",
            valueName: "address"))
    var recipient: String?

    @Option(help: "The program that encrypts: gpg or sq (default: gpg).")
    var with: EncryptionProgram?

    @Option(help: "Refuse a report below this level: none, low, medium or high (default: low).")
    var level: ReportLevel?

    /// Whether any of them stands on the command line.
    var isGiven: Bool {
        recipientKey != nil || recipientFingerprint != nil || recipient != nil || with != nil || level != nil
    }

    /// The encrypted mail.
    func mail(_ opened: OpenedReport, at time: Int64, _ console: Console) async throws -> [UInt8] {
        let wanted = level ?? .low
        let result = ReportCheck.result(opened, requesting: wanted)
        if result.level < wanted {
            throw CommandFailure(
                status: .no,
                message: "the report does not reach the level '\(wanted.rawValue)': "
                    + result.missing(for: wanted).map(\.message).joined(separator: "; "),
                hint: "assay disclose check \(ShellWords.joined([opened.path]))")
        }
        for warning in result.warnings { console.warning("\(warning.file): \(warning.message)") }
        let key = try RecipientKey(path: recipientKey ?? "", fingerprint: recipientFingerprint, at: time)
        let address = recipient ?? MailExport.address(for: opened)
        let mail = try await MailExport.mail(
            opened, to: MailExport.Recipient(address: address, key: key), by: with ?? .gpg, at: time)
        console.hint(
            "encrypted to \(key.fingerprint) for \(address.escapedForDisplay); compare the fingerprint with "
                + "what the vendor publishes, then send the file with your mail program")
        return mail
    }
}

/// `assay disclose import FILE`.
struct DiscloseImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make a report of an advisory.",
        usage: "assay disclose import <file> [<options>]",
        discussion: """
            The file is CSAF 2.0 or 2.1, OpenVEX, OSV or the CNA container of CVE 5.1, recognised by its content and \
            checked against its published schema, and tells of one vulnerability.

            EXAMPLES
              assay disclose import advisory.json --output imported.md
            """)

    @Argument(help: ArgumentHelp("The advisory.", valueName: "file"))
    var file: String

    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        try OutputOptions.requireDistinct(written: [terminal.output].compactMap { $0 }, read: [file])
    }

    func run() throws {
        try Session(terminal).write(AdvisoryImport.text(path: file))
    }
}

extension ExportKind: ExpressibleByArgument {}
extension ExportRequest.Publisher: ExpressibleByArgument {}
extension ExportRequest.CSAF: ExpressibleByArgument {}
extension EncryptionProgram: ExpressibleByArgument {}
extension ReportLevel: ExpressibleByArgument {}

extension Session {
    /// Writes bytes where the user wants them.
    func write(_ bytes: [UInt8]) throws { try write(String(decoding: bytes, as: UTF8.self)) }
}
