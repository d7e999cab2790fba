public import AssayBytes

/// Positions that something was found at: the exact number, and the lowest ones by name.
public struct IndexList: Hashable, Sendable {
    /// The most positions that are named.
    public static let limit = 16_384

    /// How many there are.
    public private(set) var count: UInt64 = 0
    /// The lowest ones, ascending, as ranges; those of more than `limit` positions are left out.
    public private(set) var ranges: [Range<UInt64>] = []

    /// Whether the ranges name all of them.
    public var isComplete: Bool { count <= UInt64(Self.limit) }
    /// Whether there are none.
    public var isEmpty: Bool { count == 0 }

    /// Makes the list of `count` positions, of which `lowest`, ascending and without repetition, are the lowest.
    init(count: UInt64, lowest: [UInt64]) {
        self.count = count
        for index in lowest {
            if let last = ranges.last, last.upperBound == index {
                ranges[ranges.count - 1] = last.lowerBound..<index + 1
            } else {
                ranges.append(index..<index + 1)
            }
        }
    }
}

/// What the parity says about a message: how much is damaged, where, and how much of that can be repaired.
public struct ErrorCorrectionReport: Hashable, Sendable {
    /// All codewords.
    public let codewords: UInt64
    /// The codewords whose parity does not fit.
    public let damagedCodewords: UInt64
    /// The damaged codewords that no correction within the code's limit explains.
    public let uncorrectableCodewords: IndexList
    /// The rounds with a damaged codeword; round `n` is codewords `n * blockSize` to `(n + 1) * blockSize - 1`.
    public let damagedRounds: IndexList
    /// The message blocks that corrections change: below `dataBlocks` a data block, else one of the hash area.
    public let damagedBlocks: IndexList
    /// The blocks of the parity, counted from its start, that corrections would change.
    public let damagedParityBlocks: IndexList
    /// The bytes of the message that corrections change.
    public let damagedMessageBytes: UInt64
    /// The bytes of the parity that corrections would change.
    public let damagedParityBytes: UInt64

    /// The damaged codewords that can be corrected.
    public var correctableCodewords: UInt64 { damagedCodewords - uncorrectableCodewords.count }
    /// The wrong bytes that can be corrected, of message and parity: what `veritysetup verify` calls repairable errors.
    public var correctableBytes: UInt64 { damagedMessageBytes + damagedParityBytes }
    /// Whether every codeword's parity fits.
    public var isClean: Bool { damagedCodewords == 0 }
    /// Whether every damaged codeword can be corrected.
    public var isCorrectable: Bool { uncorrectableCodewords.isEmpty }
}

/// A part of a message block as it should be.
public struct MessageCorrection: Hashable, Sendable {
    /// The message block: below `dataBlocks` a data block, else one of the hash area.
    public let block: UInt64
    /// The position of the first byte in the message.
    public let offset: ByteOffset
    /// The right bytes: a whole block, or for blocks of more than 4,096 bytes an aligned piece of one.
    public let bytes: [UInt8]
    /// How many of them differ from what is there.
    public let changed: Int
}
