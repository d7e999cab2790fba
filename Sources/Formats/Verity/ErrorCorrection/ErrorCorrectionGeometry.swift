public import AssayBytes

/// Where every byte of the error correction of one dm-verity device lies.
///
/// The message is the data blocks followed by the hash area: from the first block of the tree (behind the superblock) to
/// the end of the hash device, or to the parity when that is on the hash device. So the parity depends on the size of
/// the hash partition, even where nothing is in it. The message is cut into `messageLength` rows of `rounds` blocks each,
/// the last ones filled up with zeros; codeword `i` takes byte `i` of every row, and its parity is `roots` bytes at
/// `i * roots`. Facts: cryptsetup, lib/verity/verity_fec.c.
public struct ErrorCorrectionGeometry: Hashable, Sendable {
    /// The size of a data and of a hash block in bytes: both must be the same for error correction.
    public let blockSize: Int
    /// The code.
    public let code: ReedSolomon
    /// The blocks of data in the message.
    public let dataBlocks: UInt64
    /// The block of the hash device where the hash area begins: the first one of the tree.
    public let hashAreaFirstBlock: UInt64
    /// The blocks of the hash area in the message.
    public let hashAreaBlocks: UInt64
    /// The blocks of a row of the message.
    public let rounds: UInt64

    /// The parity bytes of a codeword.
    public var roots: Int { code.roots }
    /// The blocks of the message: `fec_blocks` of the device mapper table.
    public var blocks: UInt64 { dataBlocks + hashAreaBlocks }
    /// The bytes of the message.
    public var messageSize: ByteCount { ByteCount(blocks * UInt64(blockSize)) }
    /// The bytes of a row, and the number of codewords.
    public var codewords: UInt64 { rounds * UInt64(blockSize) }
    /// The blocks of the parity.
    public var parityBlocks: UInt64 { rounds * UInt64(roots) }
    /// The bytes of the parity.
    public var paritySize: ByteCount { ByteCount(parityBlocks * UInt64(blockSize)) }

    /// Makes the geometry of a hash area of known size.
    ///
    /// - Parameters:
    ///   - blockSize: bytes a block: a power of two from 512 to 524,288.
    ///   - roots: parity bytes a codeword: 2 to 24.
    ///   - dataBlocks: blocks of data: at least 1.
    ///   - hashAreaFirstBlock: the first block of the tree on the hash device.
    ///   - hashAreaBlocks: the blocks from there to the end of the hash device or to the parity on it; can be 0.
    /// - Throws: `ErrorCorrectionError`: `badBlockSize`, `badRoots`, `noData`, `tooLarge`.
    public init(
        blockSize: Int, roots: Int, dataBlocks: UInt64, hashAreaFirstBlock: UInt64, hashAreaBlocks: UInt64
    ) throws {
        guard (512...524_288).contains(blockSize), blockSize & (blockSize - 1) == 0 else {
            throw ErrorCorrectionError(
                .badBlockSize, "block size \(blockSize): must be a power of two from 512 to 524288 bytes")
        }
        guard dataBlocks > 0 else { throw ErrorCorrectionError(.noData, "no data blocks to protect") }
        code = try ReedSolomon(roots: roots)
        // A whole codeword's span, 255 rows, in 63 bits bounds every other product here and in what works with it.
        let most = UInt64(Int64.max) / UInt64(blockSize) / UInt64(ReedSolomon.codewordLength + 1)
        guard dataBlocks <= most, hashAreaBlocks <= most - dataBlocks, hashAreaFirstBlock <= most else {
            throw ErrorCorrectionError(
                .tooLarge,
                "too large: \(dataBlocks) data and \(hashAreaBlocks) hash blocks of \(blockSize) bytes, "
                    + "hash area at block \(hashAreaFirstBlock)")
        }
        self.blockSize = blockSize
        self.dataBlocks = dataBlocks
        self.hashAreaFirstBlock = hashAreaFirstBlock
        self.hashAreaBlocks = hashAreaBlocks
        let length = UInt64(code.messageLength)
        rounds = (dataBlocks + hashAreaBlocks + length - 1) / length
    }

    /// Makes the geometry as cryptsetup derives it from the hash device.
    ///
    /// What follows the last whole block of the hash device, or of the part before the parity, is not protected.
    ///
    /// - Parameters:
    ///   - blockSize: bytes a block: a power of two from 512 to 524,288.
    ///   - roots: parity bytes a codeword: 2 to 24.
    ///   - dataBlocks: blocks of data: at least 1.
    ///   - hashAreaFirstBlock: the first block of the tree on the hash device.
    ///   - hashDeviceSize: the size of the hash device (which can be the data device) in bytes.
    ///   - parityOnHashDevice: where the parity begins when it is on the hash device, else nil.
    /// - Throws: `ErrorCorrectionError`: as the other initializer, and `badHashArea`.
    public init(
        blockSize: Int, roots: Int, dataBlocks: UInt64, hashAreaFirstBlock: UInt64, hashDeviceSize: ByteCount,
        parityOnHashDevice: ByteOffset?
    ) throws {
        let end = parityOnHashDevice?.rawValue ?? hashDeviceSize.rawValue
        let endBlock = blockSize > 0 ? end / UInt64(blockSize) : 0
        guard blockSize <= 0 || endBlock >= hashAreaFirstBlock else {
            let what = parityOnHashDevice == nil ? "the end of the hash device" : "the parity on the hash device"
            throw ErrorCorrectionError(
                .badHashArea, "the hash area begins at block \(hashAreaFirstBlock), behind \(what) at byte \(end)")
        }
        try self.init(
            blockSize: blockSize, roots: roots, dataBlocks: dataBlocks, hashAreaFirstBlock: hashAreaFirstBlock,
            hashAreaBlocks: blockSize > 0 ? endBlock - hashAreaFirstBlock : 0)
    }

    /// The position in the message of byte `row` of codeword `codeword`, or nil where the message has ended: a zero.
    public func messagePosition(row: Int, codeword: UInt64) -> ByteOffset? {
        guard (0..<code.messageLength).contains(row), codeword < codewords else { return nil }
        let position = UInt64(row) * codewords + codeword
        return position < messageSize.rawValue ? ByteOffset(position) : nil
    }

    /// The bytes of row `row` that the message has from codeword `codeword` on, up to `count`.
    func messageCount(row: Int, codeword: UInt64, atMost count: Int) -> Int {
        let position = UInt64(row) * codewords + codeword
        let size = messageSize.rawValue
        return position < size ? min(count, Int(clamping: size - position)) : 0
    }
}
