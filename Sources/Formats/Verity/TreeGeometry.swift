public import AssayBytes

/// Where the levels of a hash tree lie.
///
/// The root's level comes first, the one over the data last (https://docs.kernel.org/admin-guide/device-mapper/verity.html,
/// "Hash Tree").
public struct TreeGeometry: Hashable, Sendable {
    /// One level of the tree.
    public struct Level: Hashable, Sendable {
        /// The first block, counted in hash blocks from the start of the hash device.
        public let firstBlock: UInt64
        /// How many blocks.
        public let blocks: UInt64
    }

    /// What the tree is made by.
    public let parameters: TreeParameters
    /// The levels, the one over the data first, the one with the single top block last.
    ///
    /// Empty for one data block, whose digest is the root hash itself.
    public let levels: [Level]
    /// The first block of the tree, counted in hash blocks from the start of the hash device.
    public let firstBlock: UInt64
    /// How many blocks the tree has.
    public let blocks: UInt64

    /// Lays out the tree.
    ///
    /// - Parameters:
    ///   - parameters: what the tree is made by.
    ///   - hashOffset: where the superblock begins on the hash device, or the tree when there is none.
    ///   - hasSuperblock: whether 512 bytes of superblock come before the tree.
    /// - Throws: `VerityError` for an offset that is not aligned, or a tree that a file cannot hold.
    public init(_ parameters: TreeParameters, hashOffset: UInt64, hasSuperblock: Bool) throws(VerityError) {
        let blockSize = UInt64(parameters.hashBlockSize)
        let unit = hasSuperblock ? UInt64(Superblock.size) : blockSize
        guard hashOffset.isMultiple(of: unit) else {
            throw VerityError(
                .unalignedOffset,
                "the hash offset \(hashOffset) is not a multiple of \(unit)"
                    + (hasSuperblock ? "" : ", which a tree without superblock needs"))
        }
        let tooLarge = VerityError(.badBlockCount, "the hash tree of \(parameters.dataBlocks) blocks is too large")
        guard hashOffset <= UInt64(Int64.max) - 2 * blockSize else { throw tooLarge }
        let start =
            hasSuperblock ? (hashOffset + UInt64(Superblock.size) + blockSize - 1) / blockSize : hashOffset / blockSize

        var counts: [UInt64] = []
        var blocks = parameters.dataBlocks
        while blocks > 1 {
            blocks = (blocks - 1) >> UInt64(parameters.hashesPerBlockBits) + 1
            counts.append(blocks)
        }
        var levels: [Level] = []
        var position = start
        for count in counts.reversed() {
            levels.insert(Level(firstBlock: position, blocks: count), at: 0)
            // A level has at most 2^54 blocks and there are at most 18, so that the sum cannot overflow.
            position += count
        }
        guard position <= UInt64(Int64.max) / blockSize else { throw tooLarge }
        self.parameters = parameters
        self.levels = levels
        firstBlock = start
        self.blocks = position - start
    }

    /// The offset of a block of the tree on the hash device.
    public func offset(ofBlock block: UInt64) -> ByteOffset { ByteOffset(block * UInt64(parameters.hashBlockSize)) }

    /// Refuses a hash device of `size` bytes that ends before the tree does; without a tree every size will do.
    ///
    /// - Throws: `VerityError.Code.truncatedHashArea`.
    public func requireRoom(on size: ByteCount) throws(VerityError) {
        guard levels.isEmpty || size.rawValue >= end.rawValue else {
            throw VerityError(
                .truncatedHashArea,
                "the hash device has \(size.rawValue) bytes, but the tree ends at byte \(end.rawValue)")
        }
    }

    /// The byte behind the last block of the tree on the hash device.
    public var end: ByteOffset { offset(ofBlock: firstBlock + blocks) }
}
