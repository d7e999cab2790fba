import ArgumentParser
import AssayDisclosure
import AssayTerminal

/// `assay disclose cvss VECTOR`.
struct DiscloseCVSSCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cvss", abstract: "Compute the scores of a CVSS vector and explain it.",
        usage: "assay disclose cvss <vector> [<options>]",
        discussion: """
            Versions 3.1 and 4.0 are known.

            EXAMPLES
              assay disclose cvss CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N
              assay disclose cvss --format json \\
                CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N
            """)

    @Argument(help: ArgumentHelp("The vector.", valueName: "vector"))
    var vector: String

    @Option(help: "text or json (default: text).")
    var format: DiscloseFormat = .text

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        let session = Session(terminal)
        let explained = try ExplainedVector(vector)
        switch format {
        case .text: try session.write(explained.text)
        case .json: try session.write(explained)
        }
    }
}

/// `assay disclose cwe WORDS`.
struct DiscloseCWECommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cwe", abstract: "Find the type of an issue in the CWE list.",
        usage: "assay disclose cwe <words> ... [<options>]",
        discussion: """
            CWE is a list of MITRE's. The exit code is 1 when nothing fits.

            EXAMPLES
              assay disclose cwe path traversal
              assay disclose cwe CWE-787
              assay disclose cwe symlink --limit 3 --format json
            """)

    @Argument(help: ArgumentHelp("Words in any order, or an identifier.", valueName: "words"))
    var words: [String]

    @Option(help: ArgumentHelp("The most results, 1 to 100 (default: 10).", valueName: "number"))
    var limit = 10

    @Option(help: "text or json (default: text).")
    var format: DiscloseFormat = .text

    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        guard (1...100).contains(limit) else { throw ValidationError("--limit is \(limit), and must be 1 to 100") }
    }

    func run() throws {
        let session = Session(terminal)
        let found = FoundWeaknesses(words.joined(separator: " "), limit: limit)
        switch format {
        case .text: try session.write(found.text)
        case .json: try session.write(found)
        }
        if found.weaknesses.isEmpty {
            session.console.hint("'\(found.query.escapedForDisplay)' fits no weakness: try fewer or other words")
            throw CommandEnd(status: .no)
        }
    }
}
