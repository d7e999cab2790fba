import Synchronization

/// Collects positions in any order: how many, and the lowest.
struct IndexCollector {
    private var count: UInt64 = 0
    private var lowest: [UInt64] = []

    /// The positions so far.
    var list: IndexList { IndexList(count: count, lowest: Array(lowest.sorted().prefix(IndexList.limit))) }

    /// Adds positions that were never added before.
    mutating func add(_ indexes: some Collection<UInt64>) {
        count += UInt64(indexes.count)
        lowest += indexes
        // Sorting only when the room has doubled keeps the cost of an added position constant but for a logarithm.
        guard lowest.count > 2 * IndexList.limit else { return }
        lowest.sort()
        lowest.removeLast(lowest.count - IndexList.limit)
    }
}

/// What one stripe's codewords show.
struct StripeDamage {
    var damaged: UInt64 = 0
    var messageBytes: UInt64 = 0
    var parityBytes: UInt64 = 0
    var uncorrectable: [UInt64] = []
    var rounds = Set<UInt64>()
    var blocks = Set<UInt64>()
    var parityBlocks = Set<UInt64>()
}

/// The sum over all stripes, added to from several tasks.
final class DamageTally: Sendable {
    private struct Sums {
        var damaged: UInt64 = 0
        var messageBytes: UInt64 = 0
        var parityBytes: UInt64 = 0
        var uncorrectable = IndexCollector()
        var rounds = IndexCollector()
        var blocks = IndexCollector()
        var parityBlocks = IndexCollector()
    }

    private let sums = Mutex(Sums())

    /// Adds a stripe; stripes share no round, block or codeword.
    func add(_ stripe: StripeDamage) {
        guard stripe.damaged > 0 else { return }
        sums.withLock { sums in
            sums.damaged += stripe.damaged
            sums.messageBytes += stripe.messageBytes
            sums.parityBytes += stripe.parityBytes
            sums.uncorrectable.add(stripe.uncorrectable)
            sums.rounds.add(stripe.rounds)
            sums.blocks.add(stripe.blocks)
            sums.parityBlocks.add(stripe.parityBlocks)
        }
    }

    /// The report on all stripes added.
    func report(_ geometry: ErrorCorrectionGeometry) -> ErrorCorrectionReport {
        sums.withLock { sums in
            ErrorCorrectionReport(
                codewords: geometry.codewords, damagedCodewords: sums.damaged,
                uncorrectableCodewords: sums.uncorrectable.list, damagedRounds: sums.rounds.list,
                damagedBlocks: sums.blocks.list, damagedParityBlocks: sums.parityBlocks.list,
                damagedMessageBytes: sums.messageBytes, damagedParityBytes: sums.parityBytes)
        }
    }
}
