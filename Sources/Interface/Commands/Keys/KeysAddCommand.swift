import ArgumentParser
import AssayFacts
import AssayPipelines
import AssayTerminal
import AssayVerification

/// `assay keys add FILE`.
struct KeysAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Pin a certificate for a source.",
        usage: "assay keys add <file> --source <source> --fingerprint <hex> [<options>]",
        discussion: """
            Without --fingerprint nothing is pinned: the certificates of the file are shown, and you compare a fingerprint \
            with what the vendor publishes.

            EXAMPLES
              assay keys add vendor.asc --source vendor --fingerprint FINGERPRINT
              assay keys add vendor.asc --source vendor --file-name 'vendor-*.iso' \\
                --fingerprint FINGERPRINT
            """)

    @Argument(help: ArgumentHelp("The file with the certificate, binary or armored.", valueName: "file"))
    var file: String

    @Option(help: "The source that it vouches for: a name of your choice.")
    var source: String

    @Option(help: ArgumentHelp("The fingerprint of the certificate, all digits.", valueName: "hex"))
    var fingerprint: String?

    @Option(
        help: ArgumentHelp(
            "The pattern of file names that the source publishes (may be repeated).", valueName: "pattern"))
    var fileName: [String] = []

    @Flag(help: "Pin it although it is expired or revoked.")
    var force = false

    @OptionGroup var store: KeyStoreOptions

    @Flag(name: .shortAndLong, help: "No warnings or hints.")
    var quiet = false

    func run() throws {
        let time = try Session.evaluationSeconds()
        let bytes = try Audit.file(at: file, limit: 2 << 20)
        guard let fingerprint else {
            let shown = try KeyStore.certificates(in: bytes, name: file.escapedForDisplay).certificates.map {
                PinnedKey(source: source, origin: file.escapedForDisplay, certificate: $0, fileNames: fileName)
                    .facts(at: time)
            }
            try OutputStream.standardOutput.write(shown.map { $0.text(at: time) }.joined(separator: "\n"))
            throw CommandFailure(
                status: .usage, message: "nothing was pinned: --fingerprint says which certificate is meant",
                hint: shown.first.map {
                    "compare with what the vendor publishes, then: "
                        + ShellWords.joined(command(fingerprint: $0.fingerprint))
                })
        }
        let key = try store.store.add(
            bytes, named: file.escapedForDisplay, fingerprint: fingerprint, source: source, fileNames: fileName,
            to: store.directoryForNew, at: time, isForced: force)
        if !quiet { try OutputStream.standardOutput.write(key.facts(at: time).text(at: time)) }
    }

    /// This command with the fingerprint.
    private func command(fingerprint: String) -> [String] {
        ["assay", "keys", "add", file, "--source", source, "--fingerprint", fingerprint]
            + fileName.flatMap { ["--file-name", $0] } + (store.keys.map { ["--keys", $0] } ?? [])
            + (force ? ["--force"] : [])
    }
}

/// Words for a shell.
enum ShellWords {
    /// One line that a shell splits into `words` again; what it would not take as it is stands in single quotes.
    static func joined(_ words: [String]) -> String {
        words.map { word in
            let isPlain =
                !word.isEmpty
                && word.utf8.allSatisfy { byte in
                    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "-_./=,:+@%".utf8.contains(byte)
                }
            return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
        }.joined(separator: " ")
    }
}

/// `assay keys remove`.
struct KeysRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Unpin a certificate, or all of a source.",
        usage: "assay keys remove --source <source> [<options>]",
        discussion: """
            EXAMPLES
              assay keys remove --source vendor
              assay keys remove --source azure-linux --disable \\
                --fingerprint 2BC94FFF7015A5F28F1537AD0CD9FED33135CE90
            """)

    @Option(help: "The source.")
    var source: String

    @Option(help: ArgumentHelp("The certificate (default: all of the source).", valueName: "hex"))
    var fingerprint: String?

    @Flag(help: "Stop accepting the certificate wherever it is pinned, also one that is built in.")
    var disable = false

    @OptionGroup var store: KeyStoreOptions

    @Flag(name: .shortAndLong, help: "No warnings or hints.")
    var quiet = false

    func validate() throws {
        if disable, fingerprint == nil { throw ValidationError("--disable needs --fingerprint, the certificate") }
    }

    func run() throws {
        let directory = store.directoryForNew
        let changed: [String]
        if disable, let fingerprint {
            changed = [try store.store.disable(fingerprint: fingerprint, source: source, in: directory)]
        } else {
            changed = try store.store.remove(fingerprint: fingerprint, source: source, from: directory)
        }
        guard !quiet else { return }
        for path in changed {
            try OutputStream.standardOutput.write("\(disable ? "disabled by" : "removed") \(path)\n")
        }
    }
}
