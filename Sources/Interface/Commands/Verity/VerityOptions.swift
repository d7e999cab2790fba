import ArgumentParser
import AssayFindings
import AssayPipelines
import AssayReports
import AssayTerminal

/// `--format`: the hash type, as in veritysetup, or the form of the report, as in every command of ours.
enum VerityFormatOption: ExpressibleByArgument, Hashable {
    case hashType(Int)
    case report(ReportFormat)

    init?(argument: String) {
        if let number = Int(argument) {
            self = .hashType(number)
        } else if let format = ReportFormat(rawValue: argument) {
            self = .report(format)
        } else {
            return nil
        }
    }
}

extension [VerityFormatOption] {
    /// The hash type, if one was given.
    var hashType: Int? {
        get throws {
            let numbers = compactMap { option -> Int? in
                guard case .hashType(let number) = option else { return nil }
                return number
            }
            guard numbers.count <= 1 else { throw ValidationError("--format gives the hash type twice") }
            return numbers.first
        }
    }

    /// The form of the report: text if none was given.
    var report: ReportFormat {
        get throws {
            let formats = compactMap { option -> ReportFormat? in
                guard case .report(let format) = option else { return nil }
                return format
            }
            guard formats.count <= 1 else { throw ValidationError("--format gives the report's form twice") }
            return formats.first ?? .text
        }
    }
}

/// The numbers of a hash tree, by the names that veritysetup gives them.
struct VerityTreeOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The salt in hexadecimal, - for none (default: 32 random bytes).", valueName: "hex"))
    var salt: String?

    @Option(help: "The UUID of the superblock (default: a random one).")
    var uuid: String?

    @Option(
        name: [.customShort("h"), .long],
        help: ArgumentHelp("sha256, sha384, sha512 or sha1 (default: sha256).", valueName: "algorithm"))
    var hash: String?

    @Option(
        help: ArgumentHelp(
            "0 or 1: the hash type (default: 1). Or text, json, …: the form of the report (default: text).",
            valueName: "format"))
    var format: [VerityFormatOption] = []

    @Option(help: ArgumentHelp("Bytes in a data block: 512 to 524288 (default: 4096).", valueName: "bytes"))
    var dataBlockSize: Int?

    @Option(help: ArgumentHelp("Bytes in a block of the tree: 512 to 524288 (default: 4096).", valueName: "bytes"))
    var hashBlockSize: Int?

    @Option(help: ArgumentHelp("The number of data blocks (default: all).", valueName: "blocks"))
    var dataBlocks: UInt64?

    @Option(help: ArgumentHelp("Where the hash area begins on the hash device (default: 0).", valueName: "bytes"))
    var hashOffset: UInt64 = 0

    @Flag(help: "There is no superblock: the tree begins at the hash offset.")
    var noSuperblock = false

    /// What the pipeline is told.
    var options: Verity.Options {
        get throws {
            var options = Verity.Options()
            options.hashType = try format.hashType
            options.algorithm = hash
            options.dataBlockSize = dataBlockSize
            options.hashBlockSize = hashBlockSize
            options.dataBlocks = dataBlocks
            options.salt = salt
            options.uuid = uuid
            options.hashOffset = hashOffset
            options.hasSuperblock = !noSuperblock
            return options
        }
    }
}

/// Where error correction data are, by the names that veritysetup gives them.
struct VerityErrorCorrectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The device or file with the error correction data.", valueName: "file"))
    var fecDevice: String?

    @Option(help: ArgumentHelp("Where they begin on it (default: 0).", valueName: "bytes"))
    var fecOffset: UInt64?

    @Option(help: ArgumentHelp("Parity bytes in 255: 2 to 24 (default: 2).", valueName: "count"))
    var fecRoots: Int?

    func validate() throws {
        guard fecDevice != nil || (fecOffset == nil && fecRoots == nil) else {
            throw ValidationError("--fec-offset and --fec-roots need --fec-device")
        }
    }

    /// What the pipeline is told.
    var options: Verity.ErrorCorrectionOptions? {
        fecDevice.map { Verity.ErrorCorrectionOptions(path: $0, offset: fecOffset ?? 0, roots: fecRoots ?? 2) }
    }
}

/// A root hash as argument, option or file: exactly one.
struct RootHashOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The root hash in lower-case hexadecimal.", valueName: "hex"))
    var rootHash: [String] = []

    @Option(help: ArgumentHelp("A file with the root hash.", valueName: "file"))
    var rootHashFile: String?

    /// The root hash, with `argument` as a third way to give it.
    ///
    /// - Throws: `CommandFailure` when there is none, more than one, or it is none.
    func text(_ argument: String?) throws -> String {
        var given = rootHash + [argument].compactMap { $0 }
        if let rootHashFile {
            let bytes = try Audit.file(at: rootHashFile, limit: 4096)
            // Editors and echo end a file with a newline; the root hash has none.
            given.append(String(decoding: bytes.last == 0x0A ? bytes.dropLast() : bytes[...], as: UTF8.self))
        }
        guard let text = given.first else {
            throw CommandFailure(
                status: .usage, message: "a root hash is missing", hint: "--root-hash HEX or --root-hash-file FILE")
        }
        guard given.count == 1 else {
            throw CommandFailure(
                status: .usage, message: "the root hash is given \(given.count) times; which one is meant is not clear")
        }
        if let fault = Verity.fault(ofRootHash: text) {
            throw CommandFailure(status: .usage, message: fault.message, hint: fault.hint)
        }
        return text
    }
}

/// A device that was formatted before, with its root hash: what `verify` and `repair` work on.
struct VerityDeviceOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The data device or image.", valueName: "data"))
    var data: String

    @Argument(help: ArgumentHelp("The hash device, or the same image again.", valueName: "hash"))
    var hashDevice: String

    @Argument(help: ArgumentHelp("The root hash, as veritysetup takes it.", valueName: "root-hash"))
    var rootHashArgument: String?

    @OptionGroup var rootHash: RootHashOptions
    @OptionGroup var tree: VerityTreeOptions
    @OptionGroup var errorCorrection: VerityErrorCorrectionOptions
    @OptionGroup var threads: ThreadOptions

    /// What the pipeline is told.
    ///
    /// - Throws: `CommandFailure` when there is not exactly one root hash, or it is none.
    func request() throws -> VerityRequest {
        var request = VerityRequest(
            data: data, hash: hashDevice, rootHash: try rootHash.text(rootHashArgument), threads: threads.count)
        request.options = try tree.options
        request.errorCorrection = errorCorrection.options
        return request
    }
}

/// How many threads may work.
struct ThreadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many threads may work (default: one for each processor).", valueName: "count"))
    var threads: Int?

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads is \(threads); at least one has to work") }
    }

    var count: Int { threads ?? Session.processors }
}

extension Session {
    /// Does long work that tells on the terminal how far it has come.
    func withProgress<Result>(_ work: (TerminalProgress) async throws -> Result) async rethrows -> Result {
        defer { progress.end() }
        return try await work(TerminalProgress(progress: progress))
    }
}

/// Progress of the pipeline on the terminal.
struct TerminalProgress: VerityProgress {
    let progress: Progress

    func begin(_ task: String, total: UInt64) {
        progress.begin(task, unit: "bytes", total: Int(clamping: total))
    }

    func advance(by count: Int) { progress.advance(by: count) }
}
