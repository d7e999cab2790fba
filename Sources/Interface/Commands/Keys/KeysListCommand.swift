import ArgumentParser
import AssayFacts
import AssayPipelines
import AssayTerminal
import AssayVerification

/// `assay keys list`.
struct KeysListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the pinned certificates by source.",
        usage: "assay keys list [<options>]",
        discussion: """
            EXAMPLES
              assay keys list
              assay keys list --format json
            """)

    @OptionGroup var store: KeyStoreOptions

    @Option(help: "text or json (default: text).")
    var format: KeysFormat = .text

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        let session = Session(terminal)
        let contents = try store.store.contents()
        for problem in contents.problems { session.console.warning("\(problem.place.path): \(problem.reason)") }
        let time = try Session.evaluationSeconds()
        let keys = contents.keys.keys.map { $0.facts(at: time) }
        try session.write(keys, as: format, at: time)
        if !contents.problems.isEmpty { throw CommandEnd(status: .couldNotAnswer) }
    }
}

/// `assay keys show FILE|FINGERPRINT`.
struct KeysShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the certificates of a file, or a pinned one.",
        usage: "assay keys show <what> [<options>]",
        discussion: """
            EXAMPLES
              assay keys show vendor.asc
              assay keys show 2BC94FFF7015A5F28F1537AD0CD9FED33135CE90
            """)

    @Argument(help: ArgumentHelp("A file with certificates, a fingerprint or a source.", valueName: "what"))
    var what: String

    @OptionGroup var store: KeyStoreOptions

    @Option(help: "text or json (default: text).")
    var format: KeysFormat = .text

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        let session = Session(terminal)
        let time = try Session.evaluationSeconds()
        let wanted = what.lowercased().filter { $0 != " " }
        let contents = try store.store.contents()
        var keys = contents.keys.keys.map { $0.facts(at: time) }.filter {
            $0.fingerprint == wanted || $0.source == what
        }
        if keys.isEmpty {
            guard let bytes = try? Audit.file(at: what, limit: 2 << 20) else {
                throw CommandFailure(
                    status: .couldNotAnswer,
                    message: "'\(what.escapedForDisplay)' is no file that can be read, and no fingerprint or source "
                        + "that is pinned", hint: "assay keys list")
            }
            let (certificates, refused) = try KeyStore.certificates(in: bytes, name: what.escapedForDisplay)
            for reason in refused { session.console.warning(reason) }
            keys = certificates.map {
                PinnedKey(source: "not pinned", origin: what.escapedForDisplay, certificate: $0, fileNames: [])
                    .facts(at: time)
            }
        }
        try session.write(keys, as: format, at: time)
    }
}

/// How `assay keys` writes.
enum KeysFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

extension Session {
    /// Writes keys where the user wants them.
    fileprivate func write(_ keys: [PinnedKeyFacts], as format: KeysFormat, at time: Int64) throws {
        switch format {
        case .json: try write(keys)
        case .text:
            try write(keys.isEmpty ? "no key is pinned\n" : keys.map { $0.text(at: time) }.joined(separator: "\n"))
        }
    }
}

extension PinnedKeyFacts {
    /// The key for people: a line for the fingerprint, indented lines for the rest.
    func text(at time: Int64) -> String {
        var state = "no expiry"
        if let expires { state = (expires <= time ? "EXPIRED " : "expires ") + UTCTime.day(expires) }
        if let revocation { state = "REVOKED: \(revocation)" }
        var lines = ["\(source)  \(fingerprint)"]
        lines += userIDs.map { "  user ID   \($0)" }
        lines.append("  key       \(algorithm), made \(UTCTime.day(created)), \(state)")
        lines.append("  from      \(origin)")
        if !fileNames.isEmpty { lines.append("  vouches for  \(fileNames.joined(separator: " "))") }
        return lines.joined(separator: "\n") + "\n"
    }
}
