public import AssayBytes
import Synchronization

extension HashTree {
    /// Recomputes the whole tree from the top down, and names every block that is not what the root hash says.
    ///
    /// - Parameters:
    ///   - data: at least the data blocks.
    ///   - hashDevice: at least to the tree's end.
    ///   - rootHash: the root hash that must come out.
    ///   - stopsAtFirst: end at the first fault instead of naming all.
    ///   - progress: called with the number of bytes hashed since the last call, from any thread.
    /// - Returns: what was found.
    /// - Throws: `VerityError` when data or tree are too short, or what the sources throw.
    public func verify(
        _ data: some ByteSource, against hashDevice: some ByteSource, rootHash: [UInt8], stopsAtFirst: Bool = false,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> TreeVerdict {
        try requireData(data)
        try geometry.requireRoom(on: hashDevice.size)
        let top = geometry.levels.last
        let computed =
            if let top {
                try await self.rootHash(hashDevice, geometry.offset(ofBlock: top.firstBlock), progress)
            } else {
                try await self.rootHash(data, .zero, progress)
            }
        var findings = LevelFindings()
        var damage: [TreeVerdict.Damage] = []
        var diagnoses: [TreeVerdict.Diagnosis] = []
        if computed != rootHash {
            findings.record(0, fault: .changed)
            guard top != nil else {
                return TreeVerdict(
                    expectedRootHash: rootHash, computedRootHash: computed, damage: self.damage(.data, findings),
                    diagnoses: [], isComplete: true)
            }
            damage += self.damage(.level(geometry.levels.count - 1), findings)
            diagnoses += try diagnoseTop(hashDevice, rootHash)
        }
        var above = findings.changed
        // Each level is judged by the one above it; the data come last.
        for index in geometry.levels.indices.reversed() {
            if stopsAtFirst, !damage.isEmpty { break }
            let level = geometry.levels[index]
            let judge = LevelJudge(geometry, level, above, stopsAtFirst: stopsAtFirst)
            let area: TreeVerdict.Area = index == 0 ? .data : .level(index - 1)
            if index == 0 {
                try await judge.run(over: data, dataInput, against: hashDevice, threads, progress)
            } else {
                let below = input(geometry.levels[index - 1])
                try await judge.run(over: hashDevice, below, against: hashDevice, threads, progress)
            }
            findings = judge.findings
            damage += paddingDamage(.level(index), findings) + self.damage(area, findings)
            diagnoses += findings.swaps.map { .swapped(area, $0.0, $0.1) }
            above = findings.bad
        }
        let isComplete = !stopsAtFirst || damage.isEmpty
        if isComplete, computed != rootHash, diagnoses.isEmpty, damage.count == 1 {
            diagnoses.append(.anotherRootHash)
        }
        return TreeVerdict(
            expectedRootHash: rootHash, computedRootHash: computed, damage: damage, diagnoses: diagnoses,
            isComplete: isComplete)
    }

    private func damage(_ area: TreeVerdict.Area, _ findings: LevelFindings) -> [TreeVerdict.Damage] {
        [(TreeVerdict.Fault.changed, findings.changed), (.undecided, findings.undecided)]
            .filter { !$0.1.isEmpty }
            .map { TreeVerdict.Damage(area: area, fault: $0.0, blocks: $0.1) }
    }

    private func paddingDamage(_ area: TreeVerdict.Area, _ findings: LevelFindings) -> [TreeVerdict.Damage] {
        findings.padding.isEmpty ? [] : [TreeVerdict.Damage(area: area, fault: .padding, blocks: findings.padding)]
    }

    /// Why the top block does not give `rootHash`: another salt order, or a top block elsewhere in the tree.
    private func diagnoseTop(_ hashDevice: some ByteSource, _ rootHash: [UInt8]) throws -> [TreeVerdict.Diagnosis] {
        let parameters = geometry.parameters
        guard let top = geometry.levels.last, rootHash.count == parameters.algorithm.digestSize else { return [] }
        let block = try hashDevice.bytes(at: geometry.offset(ofBlock: top.firstBlock), count: parameters.hashBlockSize)
        for other in HashType.allCases where other != parameters.hashType {
            let hasher = BlockHasher(hashType: other, algorithm: parameters.algorithm, salt: parameters.salt)
            if hasher.digest(of: block, size: rootHash.count) == rootHash { return [.otherHashType(other)] }
        }
        // The ends of the tree are enough to find levels in another order, and bound the search.
        let reach: UInt64 = 1024
        let end = geometry.firstBlock + geometry.blocks
        var position = geometry.firstBlock
        let hasher = BlockHasher(parameters)
        while position < end {
            if position == geometry.firstBlock + reach { position = max(position, end - min(end, reach)) }
            let block = try hashDevice.bytes(
                at: geometry.offset(ofBlock: position), count: parameters.hashBlockSize)
            if hasher.digest(of: block, size: rootHash.count) == rootHash { return [.topBlock(at: position)] }
            position += 1
        }
        return []
    }
}

/// What was found while one level judged the blocks below it.
struct LevelFindings: Sendable {
    /// A block whose digest is not the one above it.
    struct Mismatch: Sendable {
        let block: UInt64
        let computed: [UInt8]
        let stored: [UInt8]
    }

    /// The most mismatches whose digests are kept to find swapped blocks.
    static let mismatchLimit = 4096

    var changed = BlockRanges()
    var undecided = BlockRanges()
    var padding = BlockRanges()
    var mismatches: [Mismatch] = []

    mutating func record(_ block: UInt64, fault: TreeVerdict.Fault) {
        switch fault {
        case .changed: changed.insert(block)
        case .undecided: undecided.insert(block)
        case .padding: padding.insert(block)
        }
    }

    mutating func finish() {
        changed.finish()
        undecided.finish()
        padding.finish()
    }

    /// All blocks that are not what the level above says.
    var bad: BlockRanges { BlockRanges(changed, undecided) }

    /// Pairs of blocks that hold each other's content.
    var swaps: [(UInt64, UInt64)] {
        let places = Dictionary(mismatches.map { ($0.stored, $0) }) { first, _ in first }
        return mismatches.sorted { $0.block < $1.block }.compactMap { mismatch in
            guard let other = places[mismatch.computed], other.computed == mismatch.stored,
                mismatch.block < other.block
            else { return nil }
            return (mismatch.block, other.block)
        }
    }
}

/// Compares the digests of blocks with those that a level of the tree holds.
private final class LevelJudge: Sendable {
    private let geometry: TreeGeometry
    private let level: TreeGeometry.Level
    /// Blocks of the level that are damaged themselves.
    private let damaged: BlockRanges
    /// Whether there are more of those than are known by number: then none may be taken for intact.
    private let isDamageKnown: Bool
    private let stopsAtFirst: Bool
    private let state = Mutex(LevelFindings())

    init(_ geometry: TreeGeometry, _ level: TreeGeometry.Level, _ damaged: BlockRanges, stopsAtFirst: Bool) {
        self.geometry = geometry
        self.level = level
        self.damaged = damaged
        isDamageKnown = damaged.isComplete
        self.stopsAtFirst = stopsAtFirst
    }

    /// The findings once `run` is through.
    var findings: LevelFindings {
        state.withLock { state in
            state.finish()
            return state
        }
    }

    func run(
        over source: some ByteSource, _ input: LevelHasher.Input, against hashDevice: some ByteSource, _ threads: Int,
        _ progress: @escaping @Sendable (Int) -> Void
    ) async throws {
        let hasher = LevelHasher(geometry.parameters, input, threads: threads)
        try await hasher.run(over: source, progress: progress) { [self] piece in
            let offset = geometry.offset(ofBlock: level.firstBlock + piece.firstBlock)
            let stored = try hashDevice.bytes(at: offset, count: piece.bytes.count)
            if stored == piece.bytes { return true }
            compare(piece, stored, inputBlocks: input.blocks)
            return !stopsAtFirst
        }
    }

    /// Records every digest and every padding that differs.
    private func compare(_ piece: LevelHasher.Piece, _ stored: [UInt8], inputBlocks: UInt64) {
        let parameters = geometry.parameters
        let stride = parameters.digestStride
        let size = parameters.algorithm.digestSize
        state.withLock { findings in
            for index in 0..<piece.bytes.count / parameters.hashBlockSize {
                let start = index * parameters.hashBlockSize
                let hashBlock = piece.firstBlock + UInt64(index)
                let first = hashBlock * UInt64(parameters.hashesPerBlock)
                let count = Int(min(UInt64(parameters.hashesPerBlock), inputBlocks - first))
                let fault: TreeVerdict.Fault = isDamageKnown && !damaged.contains(hashBlock) ? .changed : .undecided
                for slot in 0..<count {
                    let place = start + slot * stride
                    let computed = piece.bytes[place..<place + size]
                    if stored[place..<place + size] == computed { continue }
                    findings.record(first + UInt64(slot), fault: fault)
                    if fault == .changed, findings.mismatches.count < LevelFindings.mismatchLimit {
                        findings.mismatches.append(
                            LevelFindings.Mismatch(
                                block: first + UInt64(slot), computed: Array(computed),
                                stored: Array(stored[place..<place + size])))
                    }
                }
                let tail = start + count * stride..<start + parameters.hashBlockSize
                let gaps = (0..<count).lazy.map { start + $0 * stride + size..<start + ($0 + 1) * stride }
                if stored[tail].contains(where: { $0 != 0 })
                    || gaps.contains(where: { stored[$0].contains { $0 != 0 } })
                {
                    findings.record(hashBlock, fault: .padding)
                }
            }
        }
    }
}
