import ArgumentParser
import AssayPipelines
import AssayTerminal
import AssayVerification
import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// `assay keys`: the certificates that may vouch for files.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Pinned OpenPGP certificates, each for one source.",
        discussion: """
            A key vouches only for the source that it is pinned for. Pinning asks for the fingerprint, which you compare \
            with what the vendor publishes: names in a key prove nothing.

            EXAMPLES
              assay keys list
              assay keys show vendor.asc
              assay keys add vendor.asc --source vendor --fingerprint FINGERPRINT
              assay keys remove --source vendor
            """,
        subcommands: [KeysListCommand.self, KeysShowCommand.self, KeysAddCommand.self, KeysRemoveCommand.self])
}

/// Where pinned keys are kept.
struct KeyStoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder of pinned keys (default: /etc/assay/keys and ~/.config/assay/keys).", valueName: "folder"))
    var keys: String?

    /// The folders in the order of precedence.
    var directories: [String] {
        if let keys { return [keys] }
        let environment = ProcessInfo.processInfo.environment
        let configuration =
            environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
            ?? environment["HOME"].map { $0 + "/.config" }
        return ["/etc/assay/keys"] + (configuration.map { [$0 + "/assay/keys"] } ?? [])
    }

    /// The folder that new keys go to: the user's own, for root the machine's.
    var directoryForNew: String { geteuid() == 0 ? directories[0] : directories[directories.count - 1] }

    /// The pinned keys.
    var store: KeyStore { KeyStore(directories: directories) }
}
