import AssayTestSupport
import AssayVerity
import Testing

struct BlockRangesTests {
    private func ranges(_ blocks: some Sequence<UInt64>) -> BlockRanges {
        var ranges = BlockRanges()
        for block in blocks { ranges.insert(block) }
        ranges.finish()
        return ranges
    }

    @Test func `nothing is in an empty collection`() {
        let empty = ranges([])
        #expect(empty.isEmpty)
        #expect(empty.isComplete)
        #expect(empty.ranges == [])
        #expect(!empty.contains(0))
        #expect(!empty.contains(.max))
    }

    @Test(
        arguments: [
            ([5], [5..<6]), ([5, 6, 7], [5..<8]), ([7, 6, 5], [5..<8]), ([1, 3, 2], [1..<4]),
            ([10, 1, 5, 2, 11], [1..<3, 5..<6, 10..<12]), ([0, .max - 1], [0..<1, .max - 1 ..< .max]),
        ] as [([UInt64], [Range<UInt64>])])
    func `neighbours are joined and ranges are in order, whatever came first`(
        blocks: [UInt64], expected: [Range<UInt64>]
    ) {
        let ranges = ranges(blocks)
        #expect(ranges.ranges == expected)
        #expect(ranges.count == UInt64(blocks.count))
        #expect(ranges.isComplete)
        #expect(!ranges.isEmpty)
    }

    @Test func `any order gives the same collection, and it contains what was added`() {
        var generator = SeededNumbers(state: 8)
        for _ in 0..<40 {
            let blocks = (0..<300 as Range<UInt64>).filter { _ in Bool.random(using: &generator) }
            let ordered = ranges(blocks)
            #expect(ranges(blocks.shuffled(using: &generator)) == ordered)
            for block in 0..<310 as Range<UInt64> { #expect(ordered.contains(block) == blocks.contains(block)) }
        }
    }

    @Test func `two collections make one`() {
        let all = BlockRanges(ranges([1, 2, 8]), ranges([3, 9, 20]))
        #expect(all.ranges == [1..<4, 8..<10, 20..<21])
        #expect(all.count == 6)
        #expect(BlockRanges(ranges([]), ranges([])).isEmpty)
    }

    @Test func `ranges stop at the limit, and the count goes on`() {
        let limit = UInt64(BlockRanges.limit)
        let full = ranges((0..<limit).map { 2 * $0 })
        #expect(full.ranges.count == BlockRanges.limit)
        #expect(full.isComplete)
        let over = ranges((0...limit).map { 2 * $0 })
        #expect(over.ranges == full.ranges)
        #expect(over.count == limit + 1)
        #expect(!over.isComplete)
        let far = ranges((0..<20 * limit).map { 2 * $0 })
        #expect(far.ranges == full.ranges)
        #expect(far.count == 20 * limit)
        #expect(!BlockRanges(full, ranges([4 * limit])).isComplete)
    }

    /// Orders that make every block a range of its own, or join only when sorted.
    @Test(arguments: ["ascending", "descending", "shuffled", "two ends", "even, then odd", "bit-reversed"])
    func `hostile orders stay fast and the count exact`(order: String) {
        let count: UInt64 = 1 << 18
        var generator = SeededNumbers(state: 3)
        let blocks: [UInt64] =
            switch order {
            case "ascending": (0..<count).map { $0 * 2 }
            case "descending": (0..<count).reversed().map { $0 * 2 }
            case "shuffled": (0..<count).shuffled(using: &generator)
            case "two ends": (0..<count).map { $0.isMultiple(of: 2) ? $0 / 2 : count - 1 - $0 / 2 }
            case "even, then odd": (0..<count).map { $0 < count / 2 ? $0 * 2 : ($0 - count / 2) * 2 + 1 }
            default: (0..<count).map { reversedBits($0, of: 18) }
            }
        let start = ContinuousClock.now
        let ranges = ranges(blocks)
        // Far above what a linear pass takes, and far below a sort for every block.
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(ranges.count == count)
        #expect(ranges.ranges.count <= BlockRanges.limit)
        for (left, right) in zip(ranges.ranges, ranges.ranges.dropFirst()) where left.upperBound >= right.lowerBound {
            Issue.record("\(left) and \(right)")
        }
    }

    private func reversedBits(_ number: UInt64, of bits: UInt64) -> UInt64 {
        (0..<bits).reduce(0) { $0 | (number >> $1 & 1) << (bits - 1 - $1) }
    }

    @Test func `behind the limit the order decides which ranges are kept, but not how many nor the count`() {
        let blocks = (0..<UInt64(5 * BlockRanges.limit)).map { 2 * $0 }
        var generator = SeededNumbers(state: 4)
        let shuffled = ranges(blocks.shuffled(using: &generator))
        #expect(shuffled.count == UInt64(blocks.count))
        #expect(shuffled.ranges.count == BlockRanges.limit)
        #expect(shuffled.ranges.allSatisfy { $0.lowerBound.isMultiple(of: 2) && $0.count == 1 })
        #expect(!shuffled.isComplete)
    }
}
