/// What recomputing a hash tree found.
public struct TreeVerdict: Hashable, Sendable {
    /// A part of the device pair that blocks are counted in.
    public enum Area: Hashable, Sendable {
        /// The data, in data blocks.
        case data
        /// A level of the tree, 0 the one over the data, in hash blocks from the level's start.
        case level(Int)
    }

    /// What is wrong with blocks.
    public enum Fault: String, Hashable, Sendable {
        /// The block's digest is not the one that an intact block above it holds: these blocks were changed.
        case changed
        /// The block's digest is not the one above it, but that block is damaged itself: either may be right.
        case undecided
        /// Bytes behind or between the digests of a tree block are not zero.
        case padding
    }

    /// Blocks with the same fault.
    public struct Damage: Hashable, Sendable {
        /// Where they are.
        public let area: Area
        /// What is wrong.
        public let fault: Fault
        /// Which ones.
        public let blocks: BlockRanges
    }

    /// What the kind of damage tells about its cause.
    public enum Diagnosis: Hashable, Sendable {
        /// Data and tree agree with each other: it is an intact tree, of another root hash.
        case anotherRootHash
        /// The top block gives the expected root hash when salt and block are joined as in the other hash type.
        case otherHashType(HashType)
        /// The top block lies elsewhere in the tree: at this block, counted from the start of the hash device.
        case topBlock(at: UInt64)
        /// Two blocks of the area hold each other's content.
        case swapped(Area, UInt64, UInt64)
    }

    /// The root hash that was asked for.
    public let expectedRootHash: [UInt8]
    /// The digest of the top block that is there.
    public let computedRootHash: [UInt8]
    /// What is damaged, from the root down.
    public let damage: [Damage]
    /// What that tells.
    public let diagnoses: [Diagnosis]
    /// Whether everything was looked at, and not only what came before the first fault.
    public let isComplete: Bool

    /// Whether the root hash and every block under it are as they should be.
    public var isIntact: Bool { isComplete && expectedRootHash == computedRootHash && damage.isEmpty }
}
