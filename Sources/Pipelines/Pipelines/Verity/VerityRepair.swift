import AssayBytes
import AssayFileSystem
import AssayRootHashSignature
import AssayVerity
import Synchronization

/// What `verity repair` did.
public struct VerityRepairResult: Codable, Hashable, Sendable {
    /// Blocks that were put right.
    public struct Blocks: Codable, Hashable, Sendable {
        /// The file, escaped.
        public var file: String
        /// Each block with its number, counted from the start of the file, and its offset in bytes.
        public var blocks: [Block]
    }

    /// One block that was put right.
    public struct Block: Codable, Hashable, Sendable {
        /// The number, counted from the start of the file.
        public var number: UInt64
        /// Where it begins, in bytes.
        public var offset: UInt64
        /// How many of its bytes were wrong.
        public var changedBytes: Int
    }

    /// The version of this model.
    public var schemaVersion = 1
    /// The root hash that data and tree have now.
    public var rootHash: String
    /// The files with repaired blocks; none when nothing was wrong.
    public var repaired: [Blocks]
    /// Blocks of the error correction data that are damaged themselves, and were left so.
    public var damagedParityBlocks: UInt64
}

extension Verity {
    /// The most blocks that are listed, and so repaired: more is another image, not a damaged one.
    private static let repairLimit = 1 << 20

    /// Repairs data and tree from the error correction data, each file atomically.
    ///
    /// Every codeword is checked, and the result must have the root hash before a file is replaced. Where damage is beyond
    /// the code's limit, nothing is written.
    ///
    /// - Throws: `VerityRepairRefusal` when it cannot be repaired; the errors of `facts`.
    public static func repair(
        _ request: VerityRequest, progress: any VerityProgress
    ) async throws -> VerityRepairResult {
        guard let options = request.errorCorrection else {
            throw VerityRequestError("there is nothing to repair from", hint: "--fec-device FILE")
        }
        let rootHash = try RootHash(request.rootHash)
        let device = try VerityDevice(data: request.data, hash: request.hash, options: request.options)
        let (fec, parity, message) = try device.errorCorrection(options)
        let tree = HashTree(device.geometry, threads: request.threads)
        progress.begin("verifying", total: tree.workload)
        let before = try await tree.verify(device.data, against: device.hash, rootHash: rootHash.bytes) {
            progress.advance(by: $0)
        }
        let corrections = Corrections(limit: repairLimit)
        progress.begin("correcting", total: fec.messageSize.rawValue)
        let report = try await ErrorCorrection.repair(
            message: message, parity: parity, at: ByteOffset(options.offset), geometry: fec,
            knownBad: knownBad(before, device.geometry, fec), threads: request.threads,
            progress: { progress.advance(by: $0) }, corrected: { try corrections.add($0) })
        guard report.isCorrectable else {
            throw VerityRepairRefusal(
                "\(report.uncorrectableCodewords.count) of \(report.damagedCodewords) damaged codewords have more errors "
                    + "than \(options.roots) roots can correct; nothing was written")
        }
        let isOneFile = try device.data.isSameFile(as: device.hash)
        let (inData, inHash) = corrections.split(fec, isOneFile: isOneFile)
        let changed = try Repaired(device, isOneFile: isOneFile, inData, inHash, progress)
        if !inData.isEmpty || !inHash.isEmpty || !before.isIntact {
            progress.begin("verifying", total: tree.workload)
            let after = try await tree.verify(changed.data, against: changed.hash, rootHash: rootHash.bytes) {
                progress.advance(by: $0)
            }
            guard after.isIntact else {
                throw VerityRepairRefusal(
                    "the corrected image does not have the root hash: the damage is beyond the code's limit, or the error "
                        + "correction data belong to another image; nothing was written")
            }
        }
        try changed.commit()
        return VerityRepairResult(
            rootHash: rootHash.text,
            repaired: [(device.data.name, inData), (device.hash.name, inHash)].filter { !$0.1.isEmpty }
                .map { VerityRepairResult.Blocks(file: $0.0, blocks: blocks($0.1, fec.blockSize)) },
            damagedParityBlocks: report.damagedParityBlocks.count)
    }

    /// Blocks that do not have their digest, as blocks of the message.
    private static func knownBad(
        _ verdict: TreeVerdict, _ geometry: TreeGeometry, _ fec: ErrorCorrectionGeometry
    ) -> [Range<UInt64>] {
        var bad: [Range<UInt64>] = []
        for damage in verdict.damage where damage.fault == .changed {
            switch damage.area {
            case .data: bad += damage.blocks.ranges
            case .level(let level):
                let start = fec.dataBlocks + geometry.levels[level].firstBlock - fec.hashAreaFirstBlock
                bad += damage.blocks.ranges.map { start + $0.lowerBound..<start + $0.upperBound }
            }
        }
        return bad.sorted { $0.lowerBound < $1.lowerBound }
    }

    private static func blocks(_ corrections: [Correction], _ blockSize: Int) -> [VerityRepairResult.Block] {
        var blocks: [VerityRepairResult.Block] = []
        for correction in corrections {
            let number = correction.offset / UInt64(blockSize)
            if let last = blocks.last, last.number == number {
                blocks[blocks.count - 1].changedBytes += correction.changed
            } else {
                blocks.append(
                    VerityRepairResult.Block(
                        number: number, offset: number * UInt64(blockSize), changedBytes: correction.changed))
            }
        }
        return blocks
    }
}

/// Why a device was not repaired.
public struct VerityRepairRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence for people.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Right bytes for a place in a file.
private struct Correction {
    let offset: UInt64
    let bytes: [UInt8]
    let changed: Int
}

/// Corrections as they come from several threads.
private final class Corrections: Sendable {
    private let found = Mutex<[MessageCorrection]>([])
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    func add(_ correction: MessageCorrection) throws {
        try found.withLock { found in
            guard found.count < limit else {
                throw VerityRepairRefusal("more than \(limit) blocks are damaged; nothing was written")
            }
            found.append(correction)
        }
    }

    /// The corrections of each file, by offset; all in the first for one file.
    func split(_ fec: ErrorCorrectionGeometry, isOneFile: Bool) -> (data: [Correction], hash: [Correction]) {
        let dataSize = fec.dataBlocks * UInt64(fec.blockSize)
        let hashStart = fec.hashAreaFirstBlock * UInt64(fec.blockSize)
        var data: [Correction] = []
        var hash: [Correction] = []
        let ordered = found.withLock { $0 }.filter { $0.changed > 0 }.sorted { $0.offset < $1.offset }
        for correction in ordered {
            let isData = correction.offset.rawValue < dataSize
            let offset = isData ? correction.offset.rawValue : correction.offset.rawValue - dataSize + hashStart
            let placed = Correction(offset: offset, bytes: correction.bytes, changed: correction.changed)
            if isData || isOneFile { data.append(placed) } else { hash.append(placed) }
        }
        return (data, hash)
    }
}

/// Copies of the files that change, with the corrections in them.
private struct Repaired {
    let data: ImageFile
    let hash: ImageFile
    private let changed: [ImageFile]

    init(
        _ device: VerityDevice, isOneFile: Bool, _ inData: [Correction], _ inHash: [Correction],
        _ progress: any VerityProgress
    ) throws {
        func corrected(_ file: ImageFile, _ corrections: [Correction]) throws -> ImageFile {
            if corrections.isEmpty { return file }
            progress.begin("copying", total: file.size.rawValue)
            let copy = try ImageFile.create(replacing: file) { progress.advance(by: $0) }
            for correction in corrections { try copy.write(correction.bytes.span, at: ByteOffset(correction.offset)) }
            return copy
        }
        data = try corrected(device.data, inData)
        hash = isOneFile ? data : try corrected(device.hash, inHash)
        changed = [inData.isEmpty ? nil : data, inHash.isEmpty ? nil : hash].compactMap { $0 }
    }

    func commit() throws {
        for file in changed { try file.commit() }
    }
}
