/// What decides a hash tree, besides the data.
public struct TreeParameters: Hashable, Sendable {
    /// The block sizes that exist, in bytes: powers of two from 512 to 524,288.
    ///
    /// `verity.h` of cryptsetup: https://gitlab.com/cryptsetup/cryptsetup/-/blob/main/lib/verity/verity.h
    public static let blockSizes: [Int] = (9...19).map { 1 << $0 }
    /// The most bytes that a salt may have.
    public static let maximalSaltSize = 256

    /// How salt and block are joined, and digests are packed.
    public let hashType: HashType
    /// The hash function.
    public let algorithm: HashAlgorithm
    /// Bytes in a data block.
    public let dataBlockSize: Int
    /// Bytes in a block of the tree.
    public let hashBlockSize: Int
    /// The number of data blocks, at least 1.
    public let dataBlocks: UInt64
    /// What is hashed with every block: 0 to 256 bytes.
    public let salt: [UInt8]

    /// Checks and keeps the numbers.
    ///
    /// - Throws: `VerityError` that names the first of them that cannot be.
    public init(
        hashType: HashType = .normal, algorithm: HashAlgorithm = .sha256, dataBlockSize: Int = 4096,
        hashBlockSize: Int = 4096, dataBlocks: UInt64, salt: [UInt8]
    ) throws(VerityError) {
        try TreeParameters.check(blockSize: dataBlockSize, of: "data")
        try TreeParameters.check(blockSize: hashBlockSize, of: "hash")
        guard salt.count <= TreeParameters.maximalSaltSize else {
            throw VerityError(.badSaltSize, "the salt has \(salt.count) bytes, at most 256 are possible")
        }
        guard dataBlocks > 0 else { throw VerityError(.badBlockCount, "there is no data block") }
        guard dataBlocks <= UInt64(Int64.max) / UInt64(dataBlockSize) else {
            throw VerityError(
                .badBlockCount, "\(dataBlocks) data blocks of \(dataBlockSize) bytes are more than a file can have")
        }
        self.hashType = hashType
        self.algorithm = algorithm
        self.dataBlockSize = dataBlockSize
        self.hashBlockSize = hashBlockSize
        self.dataBlocks = dataBlocks
        self.salt = salt
    }

    /// Refuses a block size that cannot be.
    ///
    /// - Parameters:
    ///   - blockSize: bytes.
    ///   - kind: which blocks, for the message: `data` or `hash`.
    ///   - offset: where the superblock says it, or nil when it does not come from there.
    /// - Throws: `VerityError.Code.badBlockSize`.
    public static func check(blockSize: Int, of kind: String, offset: Int? = nil) throws(VerityError) {
        guard blockSizes.contains(blockSize) else {
            throw VerityError(
                .badBlockSize, offset: offset,
                "the \(kind) block size is \(blockSize) bytes, not a power of two from 512 to 524288")
        }
    }

    /// The bytes of all data blocks.
    public var dataSize: UInt64 { dataBlocks * UInt64(dataBlockSize) }

    /// The bytes from one digest to the next in a block of the tree.
    public var digestStride: Int {
        switch hashType {
        case .chromeOS: algorithm.digestSize
        case .normal: TreeParameters.powerOfTwo(notBelow: algorithm.digestSize)
        }
    }

    /// The digests in a full block of the tree: a power of two.
    public var hashesPerBlock: Int { 1 << hashesPerBlockBits }

    var hashesPerBlockBits: Int {
        // A block of at least 512 bytes holds 8 of the longest digests.
        Int.bitWidth - 1 - (hashBlockSize / algorithm.digestSize).leadingZeroBitCount
    }

    private static func powerOfTwo(notBelow number: Int) -> Int {
        var power = 1
        while power < number { power <<= 1 }
        return power
    }
}
