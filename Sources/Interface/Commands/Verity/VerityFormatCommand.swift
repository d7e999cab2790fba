import ArgumentParser
import AssayFacts
import AssayPipelines
import AssayReports
import AssayTerminal

/// `assay verity format DATA HASH`: superblock, hash tree and error correction data.
struct VerityFormatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "format", abstract: "Write a hash tree over a data device.",
        discussion: """
            Writes byte for byte what 'veritysetup format' writes for the same options, whose names are the same. HASH may \
            be DATA itself, with --hash-offset behind the data.

            EXAMPLES
              assay verity format root.img root.hash --root-hash-file root.txt
              assay verity format root.img root.hash --cmdline systemd \\
                --seed 0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1
              assay verity format root.img root.hash --fec-device root.fec --fec-roots 4
              assay verity format disk.img disk.img --data-blocks 256 \\
                --hash-offset 1048576 --format json
            """, helpNames: .long)

    /// Which words for the kernel command line are printed.
    enum CommandLine: String, ExpressibleByArgument, CaseIterable {
        case systemd
        case dmMod = "dm-mod"
    }

    @Argument(help: ArgumentHelp("The data device or image.", valueName: "data"))
    var data: String

    @Argument(help: ArgumentHelp("Where superblock and tree go.", valueName: "hash"))
    var hashDevice: String

    @OptionGroup var tree: VerityTreeOptions

    @Option(help: ArgumentHelp("A UUID to derive salt and UUID from, for reproducible images.", valueName: "uuid"))
    var seed: String?

    @Flag(help: "Allow sha1.")
    var allowWeakHash = false

    @OptionGroup var errorCorrection: VerityErrorCorrectionOptions

    @Option(help: ArgumentHelp("Write the root hash to a file, without a newline.", valueName: "file"))
    var rootHashFile: String?

    @Option(help: "Print the words for the kernel command line: systemd or dm-mod.")
    var cmdline: CommandLine?

    @Flag(help: "Print the line for /etc/veritytab.")
    var veritytab = false

    @Flag(help: "Print the table for 'dmsetup create --readonly'.")
    var table = false

    @Option(
        name: .customLong("use-data-device"),
        help: ArgumentHelp(
            "The data device's name in these lines (default: the partition that the root hash names).",
            valueName: "name"))
    var dataDeviceName: String?

    @Option(
        name: .customLong("use-hash-device"),
        help: ArgumentHelp("The hash device's name in these lines.", valueName: "name"))
    var hashDeviceName: String?

    @Option(
        name: .customLong("use-fec-device"),
        help: ArgumentHelp("The name of the device with error correction data in these lines.", valueName: "name"))
    var errorCorrectionDeviceName: String?

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        let format = try tree.format.report
        guard format == .text || format == .json else {
            throw ValidationError("what was written is told as text or json, not as \(format.rawValue)")
        }
        _ = try tree.format.hashType
        guard seed == nil || tree.salt == nil || tree.uuid == nil else {
            throw ValidationError("--seed gives salt and UUID; with both of --salt and --uuid it has no use")
        }
    }

    func run() async throws {
        let session = Session(terminal)
        var request = VerityFormatRequest(data: data, hash: hashDevice, threads: threads.count)
        request.options = try tree.options
        request.seed = seed
        request.allowsWeakHash = allowWeakHash
        request.errorCorrection = errorCorrection.options
        request.rootHashFile = rootHashFile
        request.dataDevice = dataDeviceName
        request.hashDevice = hashDeviceName
        request.errorCorrectionDevice = errorCorrectionDeviceName
        let result = try await session.withProgress { [request] progress in
            try await Verity.format(request, progress: progress)
        }
        if result.uncoveredBytes > 0 {
            session.console.warning(
                "the last \(result.uncoveredBytes) bytes of '\(data.escapedForDisplay)' fill no block: the tree does not "
                    + "cover them")
        }
        if cmdline == .systemd, request.options.hashOffset > 0 {
            session.console.warning("hash-offset= needs systemd 254 or later")
        }
        if try tree.format.report == .json { return try session.write(result) }
        try session.write(text(result))
    }

    /// The lines of veritysetup, so that scripts which look for them find them.
    private func text(_ result: VerityFormatResult) -> String {
        var lines = ["VERITY header information for \(hashDevice.escapedForDisplay)"]
        lines += result.tree.lines(errorCorrection: result.errorCorrection)
        lines.append("Root hash:      \t\(result.rootHash)")
        lines.append("Hash device size: \t\(result.hashDeviceSize) [bytes]")
        if let parity = result.errorCorrection { lines.append("FEC device size: \t\(parity.deviceSize) [bytes]") }
        let activation = result.activation
        if let cmdline {
            lines.append("Kernel command line: \t\(cmdline == .systemd ? activation.systemd : activation.kernel)")
        }
        if veritytab { lines.append("veritytab:       \t\(activation.veritytab)") }
        if table { lines.append("Table:           \t\(activation.table)") }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension VerityTreeFacts {
    /// The lines that `veritysetup format` and `veritysetup dump` print.
    func lines(errorCorrection: VerityParitySummary? = nil) -> [String] {
        var lines = [
            "UUID:            \t\(uuid ?? "")",
            "Hash type:       \t\(hashType)",
            "Data blocks:     \t\(dataBlocks)",
            "Data block size: \t\(dataBlockSize)",
            "Hash blocks:     \t\(levels.reduce(0) { $0 + $1.blocks })",
            "Hash block size: \t\(hashBlockSize)",
            "Hash algorithm:  \t\(algorithm)",
        ]
        if let errorCorrection {
            lines.append("FEC RS roots:   \t\(errorCorrection.roots)")
            lines.append("FEC blocks:     \t\(errorCorrection.blocks)")
        }
        lines.append("Salt:            \t\(salt.isEmpty ? "-" : salt)")
        return lines
    }
}
