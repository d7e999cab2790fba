import ArgumentParser
import AssayTerminal
import AssayTrust

/// `assay trust add FILE`.
struct TrustAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Trust a certificate authority, and update the store.",
        usage: "assay trust add <file> [--purpose <purpose> …] [<options>]",
        discussion: """
            The certificate goes to /etc/pki/ca-trust/source/anchors, with --purpose to a .p11-kit file beside that folder. \
            What would not be trusted then is refused, and nothing is written.

            EXAMPLES
              assay trust add ca.pem --root rootfs
              assay trust add ca.pem --root rootfs --purpose server-auth --dry-run
            """)

    @Argument(help: ArgumentHelp("A file with certificates, PEM or DER.", valueName: "file"))
    var file: String

    @Option(help: "Trust it only for this: server-auth, email, code-signing, … (may be repeated).")
    var purpose: [String] = []

    @OptionGroup var system: TrustSystemOptions
    @OptionGroup var write: TrustWriteOptions

    func run() throws {
        try write.edit(system) { try Trust.add(file: file, purposes: purpose, $0) }
    }
}

/// `assay trust remove FILE|FINGERPRINT`.
struct TrustRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take back what was added, and update the store.",
        usage: "assay trust remove <what> [--distrust] [<options>]",
        discussion: """
            Only what /etc says is taken back. What the distribution trusts can be distrusted, not removed.

            EXAMPLES
              assay trust remove mine.pem --root rootfs
              assay trust remove bad.pem --root rootfs --distrust
            """)

    @Argument(help: ArgumentHelp("A file with the certificate, or its SHA-256 fingerprint.", valueName: "what"))
    var what: String

    @Flag(help: "Take back that it is distrusted.")
    var distrust = false

    @OptionGroup var system: TrustSystemOptions
    @OptionGroup var write: TrustWriteOptions

    func run() throws {
        try write.edit(system) { try Trust.remove(what, distrust: distrust, $0) }
    }
}

/// `assay trust distrust FILE|FINGERPRINT`.
struct TrustDistrustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "distrust", abstract: "Distrust a certificate, and update the store.",
        usage: "assay trust distrust <what> [--purpose <purpose> …] [<options>]",
        discussion: """
            The certificate goes to /etc/pki/ca-trust/source/blocklist, and with it its key and name are distrusted in every \
            output. With --purpose a .p11-kit file rejects its key for that purpose only.

            EXAMPLES
              assay trust distrust ca.pem --root rootfs
              assay trust distrust mine.pem --root rootfs --purpose email --dry-run
            """)

    @Argument(help: ArgumentHelp("A file with the certificate, or its SHA-256 fingerprint.", valueName: "what"))
    var what: String

    @Option(help: "Distrust it only for this: server-auth, email, code-signing, … (may be repeated).")
    var purpose: [String] = []

    @OptionGroup var system: TrustSystemOptions
    @OptionGroup var write: TrustWriteOptions

    func run() throws {
        try write.edit(system) { try Trust.distrust(what, purposes: purpose, $0) }
    }
}

extension TrustWriteOptions {
    /// Changes sources, and says what was done.
    fileprivate func edit(
        _ options: TrustSystemOptions, _ body: (TrustUpdateRequest) throws -> TrustEdit
    ) throws {
        let session = session
        let request = try request(options.system(isCompatible: compat.map { _ in true }))
        let edit = try session.explainingFaults("nothing was changed") { try body(request) }
        if let update = edit.update { session.warn(of: update) }
        for note in edit.notes { session.console.warning(note) }
        switch format {
        case .json: try session.write(edit)
        case .text: if !quiet { try session.write(edit.text(isDryRun: dryRun)) }
        }
    }
}

extension TrustEdit {
    /// A line for each file, and the store's.
    fileprivate func text(isDryRun: Bool) -> String {
        var lines = files.map { "\(isDryRun ? "would be \($0.action)" : $0.action) \($0.path)" }
        if files.isEmpty { lines.append("the sources say so already") }
        if let update { lines.append(update.line) }
        return lines.joined(separator: "\n") + "\n"
    }
}
