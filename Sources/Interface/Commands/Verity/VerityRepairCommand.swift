import ArgumentParser
import AssayPipelines
import AssayReports
import AssayTerminal

/// `assay verity repair DATA HASH`: damaged blocks put right from error correction data.
struct VerityRepairCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Repair a damaged image from its error correction data.",
        discussion: """
            The image is replaced only when the repaired copy has the root hash, and never otherwise. Blocks that the hash \
            tree shows to be damaged are known positions to the code, so that it corrects up to twice as many of them.

            EXAMPLES
              assay verity repair root.img root.hash --root-hash-file root.txt \\
                --fec-device root.fec
            """, helpNames: .long)

    @OptionGroup var device: VerityDeviceOptions
    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        let format = try device.tree.format.report
        guard format == .text || format == .json else {
            throw ValidationError("what was repaired is told as text or json, not as \(format.rawValue)")
        }
        _ = try device.tree.format.hashType
        guard device.errorCorrection.fecDevice != nil else {
            throw ValidationError("--fec-device FILE is needed: there is nothing else to repair from")
        }
    }

    func run() async throws {
        let session = Session(terminal)
        let request = try device.request()
        let result: VerityRepairResult
        do {
            result = try await session.withProgress { try await Verity.repair(request, progress: $0) }
        } catch let refusal as VerityRepairRefusal {
            throw CommandFailure(status: .no, message: refusal.description)
        }
        if try device.tree.format.report == .json { return try session.write(result) }
        var lines: [String] = []
        for file in result.repaired {
            for block in file.blocks {
                let bytes = block.changedBytes == 1 ? "1 byte" : "\(block.changedBytes) bytes"
                lines.append("\(file.file): block \(block.number) at byte \(block.offset) repaired (\(bytes))")
            }
        }
        let count = result.repaired.reduce(0) { $0 + $1.blocks.count }
        lines.append(
            count == 0
                ? "nothing to repair: data and tree have the root hash"
                : "\(count) blocks repaired; data and tree have the root hash")
        if result.damagedParityBlocks > 0 {
            lines.append("\(result.damagedParityBlocks) blocks of the error correction data are damaged and left so")
        }
        try session.write(lines.joined(separator: "\n") + "\n")
    }
}
