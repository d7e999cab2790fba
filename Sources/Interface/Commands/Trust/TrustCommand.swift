public import ArgumentParser
import AssayPipelines
import AssayTerminal
public import AssayTrust

/// `assay trust`: the system's certificate authorities.
struct TrustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "The store of certificate authorities that a system trusts.",
        discussion: """
            The store is made from source folders (/etc/pki/ca-trust/source, /usr/share/pki/ca-trust-source, or Debian's). \
            A source that cannot be read or understood is an error: the old store is kept. Distrust counts in every output.

            EXAMPLES
              assay trust update --root rootfs
              assay trust list --root rootfs --purpose server-auth
              assay trust explain ca.pem --root rootfs
              assay trust diff --root rootfs
            """,
        subcommands: [
            TrustUpdateCommand.self, TrustListCommand.self, TrustExplainCommand.self, TrustDiffCommand.self,
            TrustAddCommand.self, TrustRemoveCommand.self, TrustDistrustCommand.self, TrustExportCommand.self,
        ])
}

/// Which system is meant.
struct TrustSystemOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The root directory of the system (default: /).", valueName: "dir"))
    var root: String = "/"

    @Option(help: "ca-trust or debian: where the sources lie (default: recognised).")
    var layout: TrustSourceLayout?

    @Flag(help: "Leave faulty sources out instead of stopping; the manifest lists them.")
    var keepGoing = false

    /// The system; `rules` nil for as its store was made.
    func system(isCompatible: Bool? = nil) -> TrustSystem {
        TrustSystem(root: root, layout: layout, isCompatible: isCompatible, keepsGoing: keepGoing)
    }
}

/// How the store is written.
struct TrustWriteOptions: ParsableArguments {
    @Option(help: "p11-kit: join sources and write bytes as p11-kit 0.26 does, where that is safe.")
    var compat: TrustCompatibility?

    @Option(
        help: ArgumentHelp(
            "A folder of the system, for example /etc/pki/tls/certs, that gets a link by hash for each authority.",
            valueName: "dir"))
    var linkDirectory: String?

    @Flag(help: "Say what would change, and change nothing.")
    var dryRun = false

    @Option(help: "text or json (default: text).")
    var format: TrustFormat = .text

    @Flag(name: .shortAndLong, help: "No warnings, hints or result line.")
    var quiet = false

    @Option(help: "auto, always or never (default: auto; NO_COLOR is obeyed).")
    var color: ColorChoice = .auto
}

/// Whose bytes are written.
enum TrustCompatibility: String, ExpressibleByArgument, CaseIterable {
    case p11Kit = "p11-kit"
}

/// How `assay trust` writes.
enum TrustFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

extension TrustSourceLayout: ExpressibleByArgument {}

extension TrustWriteOptions {
    /// What the pipeline is told.
    func request(_ system: TrustSystem) throws -> TrustUpdateRequest {
        var request = TrustUpdateRequest(
            system: system, now: try Session.evaluationSeconds(), toolVersion: Audit.toolVersion)
        request.linkDirectory = linkDirectory
        request.isDryRun = dryRun
        request.time = try Session.sourceDateEpoch()
        return request
    }

    /// Where messages go.
    var session: Session { Session(quiet: quiet, color: color) }
}

extension Session {
    /// Runs `body`; the faults of sources become one message each.
    func explainingFaults<Result>(_ keeps: String? = nil, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as TrustSourcesError {
            for fault in error.faults { console.error(fault) }
            console.hint(
                (keeps.map { $0 + "; " } ?? "") + "mend the source, or leave it out with --keep-going")
            throw CommandEnd(status: .couldNotAnswer)
        }
    }
}
