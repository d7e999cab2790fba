/// Numbers of blocks as ranges: a bounded list, and an exact count.
public struct BlockRanges: Hashable, Sendable {
    /// The most ranges that are kept.
    public static let limit = 16_384

    /// The ranges in order; neighbours are joined.
    public private(set) var ranges: [Range<UInt64>] = []
    /// How many blocks were added, those that no range shows included.
    public private(set) var count: UInt64 = 0
    private var isSorted = true
    /// Whether there are too many ranges to keep, so that only the count goes on.
    private var isFull = false

    /// Makes an empty collection.
    public init() {}

    /// Makes a collection of what is in either of two that have no block in common.
    public init(_ left: BlockRanges, _ right: BlockRanges) {
        ranges = left.ranges + right.ranges
        count = left.count + right.count
        isSorted = false
        finish()
    }

    /// Whether nothing was added.
    public var isEmpty: Bool { count == 0 }

    /// Whether `ranges` holds every block that was added; it does not when there are too many.
    public var isComplete: Bool { ranges.reduce(0) { $0 + UInt64($1.count) } == count }

    /// Adds one block, which was not added before.
    public mutating func insert(_ block: UInt64) {
        count += 1
        if let last = ranges.last, last.upperBound == block {
            ranges[ranges.count - 1] = last.lowerBound..<block + 1
            return
        }
        if isFull { return }
        if ranges.count >= 2 * BlockRanges.limit {
            sort()
            // Sorting pays only where it joins many: without this, hostile damage would have us sort for every block.
            isFull = ranges.count > BlockRanges.limit
            if isFull { return }
        }
        isSorted = isSorted && (ranges.last.map { $0.upperBound <= block } ?? true)
        ranges.append(block..<block + 1)
    }

    /// Orders the ranges, joins neighbours and keeps the first ones within the limit.
    public mutating func finish() {
        sort()
        if ranges.count > BlockRanges.limit { ranges.removeLast(ranges.count - BlockRanges.limit) }
    }

    /// Whether `block` is in one of the ranges, which are in order.
    public func contains(_ block: UInt64) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= block { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= block
    }

    private mutating func sort() {
        guard !isSorted else { return }
        ranges.sort { $0.lowerBound < $1.lowerBound }
        var joined: [Range<UInt64>] = []
        for range in ranges {
            if let last = joined.last, last.upperBound == range.lowerBound {
                joined[joined.count - 1] = last.lowerBound..<range.upperBound
            } else {
                joined.append(range)
            }
        }
        ranges = joined
        isSorted = true
    }
}
