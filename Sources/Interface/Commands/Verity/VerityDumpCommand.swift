import ArgumentParser
import AssayFacts
import AssayPipelines
import AssayReports
import AssayTerminal

/// `assay verity dump HASH`: the superblock, and where the tree lies.
struct VerityDumpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump", abstract: "Show the superblock of a hash device and where the levels of its tree lie.",
        usage: "assay verity dump <hash> [<options>]",
        discussion: """
            A superblock with any field that cannot be is refused, and the field named.

            EXAMPLES
              assay verity dump root.hash
              assay verity dump disk.img --hash-offset 1048576 --format json
            """)

    @Argument(help: ArgumentHelp("The hash device.", valueName: "hash"))
    var hashDevice: String

    @Option(help: ArgumentHelp("Where the superblock begins (default: 0).", valueName: "bytes"))
    var hashOffset: UInt64 = 0

    @Option(help: "text or json (default: text).")
    var format: ReportFormat = .text

    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        guard format == .text || format == .json else {
            throw ValidationError("a superblock is shown as text or json, not as \(format.rawValue)")
        }
    }

    func run() async throws {
        let session = Session(terminal)
        let dump = try Verity.dump(hashDevice, hashOffset: hashOffset)
        if format == .json { return try session.write(dump) }
        var lines = ["VERITY header information for \(hashDevice.escapedForDisplay)"] + dump.tree.lines()
        lines.append("Hash device size: \t\(dump.hash.size) [bytes]")
        for level in dump.tree.levels {
            let name = level.level == dump.tree.levels.count - 1 ? "top" : "level \(level.level)"
            let last = level.firstBlock + level.blocks - 1
            lines.append("Tree, \(name): \thash blocks \(level.firstBlock) to \(last)")
        }
        try session.write(lines.joined(separator: "\n") + "\n")
    }
}
