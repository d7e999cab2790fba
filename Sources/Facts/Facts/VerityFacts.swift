/// A data device and the hash tree over it, recomputed.
public struct VerityFacts: Codable, Hashable, Sendable {
    /// A device or file by the name that the user gave, escaped, and its size.
    public struct Device: Codable, Hashable, Sendable {
        /// The name.
        public var name: String
        /// The size in bytes.
        public var size: UInt64

        /// Makes it.
        public init(name: String, size: UInt64) {
            self.name = name
            self.size = size
        }
    }

    /// The data device.
    public var data: Device
    /// The hash device; the same as the data device when one file holds both.
    public var hash: Device
    /// Where the superblock, or the tree without one, begins on the hash device, in bytes.
    public var hashOffset: UInt64
    /// Whether the numbers below come from a superblock, or were given by the user.
    public var hasSuperblock: Bool
    /// What the tree is made by.
    public var tree: VerityTreeFacts
    /// The root hash that was asked for, lower-case hexadecimal.
    public var expectedRootHash: String
    /// The digest of the top block that is there, lower-case hexadecimal.
    public var computedRootHash: String
    /// Blocks that are not what the root hash says, from the root down.
    public var damage: [VerityDamage]
    /// What the damage tells about its cause, as sentences.
    public var diagnoses: [String]
    /// Whether every block was looked at, and not only those before the first fault.
    public var isComplete: Bool
    /// Bytes of the data device behind the last block that the tree covers.
    public var uncoveredBytes: UInt64
    /// The signature of the root hash, if one was given.
    public var signature: VeritySignatureFacts?
    /// The error correction data, if some were given.
    public var errorCorrection: VerityErrorCorrectionFacts?

    /// Makes them.
    public init(
        data: Device, hash: Device, hashOffset: UInt64, hasSuperblock: Bool, tree: VerityTreeFacts,
        expectedRootHash: String, computedRootHash: String, damage: [VerityDamage], diagnoses: [String],
        isComplete: Bool, uncoveredBytes: UInt64
    ) {
        self.data = data
        self.hash = hash
        self.hashOffset = hashOffset
        self.hasSuperblock = hasSuperblock
        self.tree = tree
        self.expectedRootHash = expectedRootHash
        self.computedRootHash = computedRootHash
        self.damage = damage
        self.diagnoses = diagnoses
        self.isComplete = isComplete
        self.uncoveredBytes = uncoveredBytes
    }
}

/// What decides a hash tree, and where it lies.
public struct VerityTreeFacts: Codable, Hashable, Sendable {
    /// The UUID of the superblock, as text.
    public var uuid: String?
    /// 0 (Chrome OS) or 1.
    public var hashType: Int
    /// The hash function's name (`sha256`).
    public var algorithm: String
    /// Bytes in a data block.
    public var dataBlockSize: Int
    /// Bytes in a block of the tree.
    public var hashBlockSize: Int
    /// The number of data blocks.
    public var dataBlocks: UInt64
    /// The salt, lower-case hexadecimal; empty for none.
    public var salt: String
    /// The levels of the tree, the root's first: first block and number of blocks.
    public var levels: [VerityLevelFacts]
    /// The byte behind the tree on the hash device.
    public var end: UInt64

    /// Makes them.
    public init(
        uuid: String?, hashType: Int, algorithm: String, dataBlockSize: Int, hashBlockSize: Int, dataBlocks: UInt64,
        salt: String, levels: [VerityLevelFacts], end: UInt64
    ) {
        self.uuid = uuid
        self.hashType = hashType
        self.algorithm = algorithm
        self.dataBlockSize = dataBlockSize
        self.hashBlockSize = hashBlockSize
        self.dataBlocks = dataBlocks
        self.salt = salt
        self.levels = levels
        self.end = end
    }
}

/// One level of a hash tree.
public struct VerityLevelFacts: Codable, Hashable, Sendable {
    /// 0 is the level over the data.
    public var level: Int
    /// The first block, counted in hash blocks from the start of the hash device.
    public var firstBlock: UInt64
    /// How many blocks.
    public var blocks: UInt64

    /// Makes it.
    public init(level: Int, firstBlock: UInt64, blocks: UInt64) {
        self.level = level
        self.firstBlock = firstBlock
        self.blocks = blocks
    }
}

/// Blocks with the same fault.
public struct VerityDamage: Codable, Hashable, Sendable {
    /// What is wrong with them.
    public enum Fault: String, Codable, Hashable, Sendable {
        /// They are not what an intact block above them says.
        case changed
        /// They are not what the block above says, which is damaged itself.
        case undecided
        /// Bytes of a tree block that must be zero are not.
        case padding
    }

    /// A run of blocks.
    public struct Run: Codable, Hashable, Sendable {
        /// The first block, counted from the start of the data or of the level.
        public var first: UInt64
        /// How many.
        public var count: UInt64
        /// Where the first one begins on its device, in bytes.
        public var offset: UInt64

        /// Makes it.
        public init(first: UInt64, count: UInt64, offset: UInt64) {
            self.first = first
            self.count = count
            self.offset = offset
        }
    }

    /// The level of the tree, 0 the one over the data; nil for the data.
    public var level: Int?
    /// What is wrong.
    public var fault: Fault
    /// How many blocks in all.
    public var blocks: UInt64
    /// Which ones; not all when there are very many.
    public var runs: [Run]

    /// Makes it.
    public init(level: Int?, fault: Fault, blocks: UInt64, runs: [Run]) {
        self.level = level
        self.fault = fault
        self.blocks = blocks
        self.runs = runs
    }
}

/// The signature of a root hash.
public struct VeritySignatureFacts: Codable, Hashable, Sendable {
    /// The signature's file, escaped.
    public var name: String
    /// Whom the certificate names, and its fingerprint.
    public var certificate: String
    /// The algorithm, once it could be read.
    public var algorithm: String?
    /// What is against it, as sentences; empty when it is right.
    public var faults: [String]
    /// The fault's names, in the same order.
    public var codes: [String]

    /// Makes it.
    public init(name: String, certificate: String, algorithm: String?, faults: [String], codes: [String]) {
        self.name = name
        self.certificate = certificate
        self.algorithm = algorithm
        self.faults = faults
        self.codes = codes
    }
}

/// Error correction data compared with what they protect.
public struct VerityErrorCorrectionFacts: Codable, Hashable, Sendable {
    /// The device that holds them.
    public var device: VerityFacts.Device
    /// Where they begin, in bytes.
    public var offset: UInt64
    /// Parity bytes in a codeword of 255.
    public var roots: Int
    /// Codewords that were compared.
    public var codewords: UInt64
    /// Codewords with a wrong byte.
    public var damaged: UInt64
    /// Those of them that the code alone can put right.
    public var correctable: UInt64
    /// Where, for people.
    public var places: [String]

    /// Makes it.
    public init(
        device: VerityFacts.Device, offset: UInt64, roots: Int, codewords: UInt64, damaged: UInt64,
        correctable: UInt64, places: [String]
    ) {
        self.device = device
        self.offset = offset
        self.roots = roots
        self.codewords = codewords
        self.damaged = damaged
        self.correctable = correctable
        self.places = places
    }
}
