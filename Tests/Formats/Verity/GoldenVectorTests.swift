import AssayBytes
import AssayVerity
import Testing

/// What `veritysetup format` writes for 8 MiB of zeros.
private struct GoldenVector: CustomTestStringConvertible, Sendable {
    /// The salt that most vectors have.
    static let salt = "e48da609055204e89ae53b655ca2216dd983cf3cb829f34f63a297d106d53e2d"
    /// From cryptsetup's tests/verity-compat-test.
    static let all = [
        GoldenVector(
            .normal, .sha256, 512, salt, "9de18652fe74edfb9b805aaed72ae2aa48f94333f1ba5c452ac33b1c39325174", 1093),
        GoldenVector(
            .normal, .sha256, 1024, salt, "54d92778750495d1f80832b486ebd007617d746271511bbf0e295e143da2b3df", 265),
        GoldenVector(
            .normal, .sha256, 4096, salt, "e522df0f97da4febb882ac40f30b37dc0b444bf6df418929463fa25280f09d5c", 17),
        GoldenVector(
            .chromeOS, .sha256, 4096, salt, "cbbf4ebd004ef65e29b935bb635a39cf754d677f3fa10b0126da725bbdf10f7d", 17),
        GoldenVector(
            .normal, .sha256, 4096, "", "ef29c902d87350f1da4bfa536e16cebc162a909bf89abe448b81ec500d4fb9bf", 17),
        GoldenVector(.normal, .sha1, 1024, salt, "d0e9163ca8844aaa2e88fe5265a8c5d9ee494a99", 265),
        GoldenVector(.normal, .sha1, 1024, "dadada", "73509e8e868be6b8ac939817a98a3d35121413b2", 265),
    ]

    let hashType: HashType
    let algorithm: HashAlgorithm
    let blockSize: Int
    let salt: String
    let rootHash: String
    let treeBlocks: UInt64

    init(
        _ hashType: HashType, _ algorithm: HashAlgorithm, _ blockSize: Int, _ salt: String, _ rootHash: String,
        _ treeBlocks: UInt64
    ) {
        self.hashType = hashType
        self.algorithm = algorithm
        self.blockSize = blockSize
        self.salt = salt
        self.rootHash = rootHash
        self.treeBlocks = treeBlocks
    }

    var testDescription: String { "format \(hashType.rawValue) \(algorithm) \(blockSize) '\(salt.prefix(6))'" }
}

struct GoldenVectorTests {
    @Test(arguments: GoldenVector.all)
    private func `eight MiB of zeros have cryptsetup's root hash and tree size`(vector: GoldenVector) async throws {
        let size = 8 << 20
        let parameters = try TreeParameters(
            hashType: vector.hashType, algorithm: vector.algorithm, dataBlockSize: vector.blockSize,
            hashBlockSize: vector.blockSize, dataBlocks: UInt64(size / vector.blockSize),
            salt: try #require(Hex.decode(vector.salt)))
        let image = try await HashedImage(parameters, hasSuperblock: true, data: [UInt8](repeating: 0, count: size))
        #expect(Hex.encode(image.rootHash) == vector.rootHash)
        #expect(image.geometry.blocks == vector.treeBlocks)
        #expect(image.geometry.firstBlock == 1)
        #expect(image.hash.count == (Int(vector.treeBlocks) + 1) * vector.blockSize)
        #expect(try await image.verify(threads: 2).isIntact)
    }

    @Test func `ten GiB have a hash partition of 84,557,824 bytes`() throws {
        let parameters = try TreeParameters(dataBlocks: 10 << 18, salt: [])
        let geometry = try TreeGeometry(parameters, hashOffset: 0, hasSuperblock: true)
        #expect(geometry.blocks == 20_643)
        #expect(geometry.end == ByteOffset(84_557_824))
        #expect(geometry.levels.map(\.blocks) == [20_480, 160, 2, 1])
        // The root's level is first on the device.
        #expect(geometry.levels.map(\.firstBlock) == [164, 4, 2, 1])
        let tree = HashTree(geometry, threads: 0)
        #expect(tree.threads == 1)
        #expect(tree.workload == (10 << 30) + 84_553_728)
    }

    /// The levels over data blocks of 512 bytes with 128 digests in a block.
    @Test(
        arguments: [
            (1, []), (2, [1]), (127, [1]), (128, [1]), (129, [2, 1]), (16_384, [128, 1]), (16_385, [129, 2, 1]),
            (1 << 54 - 1, [1 << 47, 1 << 40, 1 << 33, 1 << 26, 1 << 19, 1 << 12, 32, 1]),
        ] as [(UInt64, [UInt64])])
    func `a level has a block for every 128 blocks under it`(blocks: UInt64, levels: [UInt64]) throws {
        let parameters = try TreeParameters(dataBlockSize: 512, dataBlocks: blocks, salt: [])
        #expect(parameters.hashesPerBlock == 128)
        let geometry = try TreeGeometry(parameters, hashOffset: 8192, hasSuperblock: false)
        #expect(geometry.levels.map(\.blocks) == levels)
        #expect(geometry.firstBlock == 2)
        #expect(geometry.blocks == levels.reduce(0, +))
        #expect(geometry.end.rawValue == (2 + levels.reduce(0, +)) * 4096)
    }

    @Test(
        arguments: [
            (.normal, .sha1, 512, 16, 32), (.normal, .sha256, 512, 16, 32), (.normal, .sha384, 512, 8, 64),
            (.normal, .sha512, 512, 8, 64), (.chromeOS, .sha1, 4096, 128, 20), (.chromeOS, .sha384, 4096, 64, 48),
            (.chromeOS, .sha1, 524_288, 16_384, 20), (.normal, .sha512, 524_288, 8192, 64),
        ] as [(HashType, HashAlgorithm, Int, Int, Int)])
    func `format 1 pads digests to a power of two and both formats have the same number in a block`(
        hashType: HashType, algorithm: HashAlgorithm, blockSize: Int, hashesPerBlock: Int, stride: Int
    ) throws {
        let parameters = try TreeParameters(
            hashType: hashType, algorithm: algorithm, hashBlockSize: blockSize, dataBlocks: 1, salt: [])
        #expect(parameters.hashesPerBlock == hashesPerBlock)
        #expect(parameters.digestStride == stride)
        #expect(hashesPerBlock * stride <= blockSize)
    }

    /// Where the tree begins behind a superblock at an offset.
    @Test(arguments: [(0, 1), (3584, 1), (4096, 2), (4608, 2), (7680, 2), (8192, 3)] as [(UInt64, UInt64)])
    func `the tree begins at the first hash block behind the superblock`(offset: UInt64, firstBlock: UInt64) throws {
        let geometry = try TreeGeometry(
            TreeParameters(dataBlocks: 2, salt: []), hashOffset: offset, hasSuperblock: true)
        #expect(geometry.firstBlock == firstBlock)
    }

    @Test(arguments: [1, 511, 513, 4095])
    func `a superblock that is not at a sector is refused`(offset: UInt64) throws {
        let parameters = try TreeParameters(dataBlocks: 2, salt: [])
        let error = #expect(throws: VerityError.self) {
            try TreeGeometry(parameters, hashOffset: offset, hasSuperblock: true)
        }
        #expect(error?.code == .unalignedOffset)
        #expect(error?.description == "the hash offset \(offset) is not a multiple of 512")
    }

    @Test func `a tree without superblock that is not at a hash block is refused`() throws {
        let parameters = try TreeParameters(dataBlocks: 2, salt: [])
        let error = #expect(throws: VerityError.self) {
            try TreeGeometry(parameters, hashOffset: 512, hasSuperblock: false)
        }
        #expect(error?.code == .unalignedOffset)
    }

    @Test(arguments: [1 << 63, UInt64.max - 511, (1 << 63) - 8192] as [UInt64])
    func `a tree that no file can hold is refused`(offset: UInt64) throws {
        let parameters = try TreeParameters(dataBlocks: 1 << 50, salt: [])
        let error = #expect(throws: VerityError.self) {
            try TreeGeometry(parameters, hashOffset: offset, hasSuperblock: true)
        }
        #expect(error?.code == .badBlockCount)
    }

    @Test func `a seed gives the salt that systemd-repart takes and a UUID of version 4`() throws {
        // HMAC-SHA256 with the seed as key, computed with Python's hmac.
        let seed = try #require(Seed(Array(0..<16)))
        #expect(Hex.encode(seed.salt) == "8f0755d02e2a17ba89fcc9b389efe23fd29b62ced51e6a6b4d12ac3e5fcd0ee3")
        #expect(Activation.uuid(seed.uuid) == "74e9ebc0-304a-4b98-97fc-0cee5cd2d9f3")
        #expect(Seed([]) == nil)
        #expect(Seed(Array(0..<15)) == nil)
        #expect(Seed(Array(0..<17)) == nil)
    }
}
