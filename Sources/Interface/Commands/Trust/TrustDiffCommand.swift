import ArgumentParser
import AssayTerminal
import AssayTrust

/// `assay trust diff`.
struct TrustDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Compare the sources with the store, or with another system's sources.",
        usage: "assay trust diff [--root <dir>] [--against <dir>] [<options>]",
        discussion: """
            The exit code is 0 when nothing differs, 1 when something does.

            EXAMPLES
              assay trust diff --root rootfs
              assay trust diff --root rootfs --against old-rootfs --format json
            """)

    @OptionGroup var system: TrustSystemOptions

    @Option(
        help: ArgumentHelp("Compare with the sources of this root instead of the store.", valueName: "dir"))
    var against: String?

    @Option(help: "text or json (default: text).")
    var format: TrustFormat = .text

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        let session = Session(terminal)
        let other = against.map { TrustSystem(root: $0, layout: nil, isCompatible: nil, keepsGoing: system.keepGoing) }
        let diff = try session.explainingFaults { try Trust.diff(system.system(), against: other) }
        switch format {
        case .json: try session.write(diff)
        case .text: try session.write(diff.text)
        }
        if !diff.isEmpty { throw CommandEnd(status: .no) }
    }
}

extension TrustDiff {
    /// A line for each purpose, one for each certificate below it.
    fileprivate var text: String {
        purposes.map { purpose in
            let head = "\(purpose.purpose)  \(purpose.before.map(String.init) ?? "?") -> \(purpose.after)\n"
            let lines =
                purpose.removed.map { "  - \($0.fingerprint)  \($0.label)\n" }
                + purpose.added.map { "  + \($0.fingerprint)  \($0.label)\n" }
            return head + lines.joined()
        }.joined()
    }
}
