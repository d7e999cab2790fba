import AssayBytes
import AssayVerity
import Testing

/// Each kind of damage, and the blocks that the verdict names for it.
///
/// The tree of most tests has 300 data blocks under levels of 19, 2 and 1 blocks.
struct FaultTests {
    private func image(_ blocks: UInt64 = 300) async throws -> HashedImage {
        try await HashedImage(.small(blocks))
    }

    @Test func `an intact image has no damage`() async throws {
        let verdict = try await image().verify()
        #expect(verdict.isIntact)
        #expect(verdict.isComplete)
        #expect(verdict.lines == [])
        #expect(verdict.diagnoses == [])
        #expect(verdict.computedRootHash == verdict.expectedRootHash)
    }

    @Test(arguments: [0, 1, 150, 298, 299])
    func `a bit in a data block names that block and keeps the root hash`(block: Int) async throws {
        var image = try await image()
        for byte in [0, 511] {
            image.data[block * 512 + byte] ^= 0x80
            let verdict = try await image.verify()
            #expect(verdict.lines == ["data changed \(block)"])
            #expect(verdict.computedRootHash == image.rootHash)
            #expect(verdict.diagnoses == [])
            #expect(verdict.isComplete)
            #expect(!verdict.isIntact)
            image.data[block * 512 + byte] ^= 0x80
        }
    }

    @Test(
        arguments: [
            (0, 0, 5, ["level 0 changed 0", "data undecided 5"]),
            (0, 18, 11, ["level 0 changed 18", "data undecided 299"]),
            (1, 0, 15, ["level 1 changed 0", "level 0 undecided 15"]),
            (1, 1, 2, ["level 1 changed 1", "level 0 undecided 18"]),
            (2, 0, 1, ["level 2 changed 0", "level 1 undecided 1"]),
        ])
    func `a bit in a digest names its block, and leaves open what it was the digest of`(
        level: Int, block: Int, slot: Int, lines: [String]
    ) async throws {
        var image = try await image()
        image.hash[image.offset(level: level, block: block, byte: slot * 32 + 31)] ^= 1
        let verdict = try await image.verify()
        #expect(verdict.lines == lines)
        #expect(verdict.diagnoses == [])
        #expect((verdict.computedRootHash == image.rootHash) == (level < 2))
    }

    @Test(arguments: [(0, 18, 12 * 32), (0, 18, 511), (1, 1, 3 * 32), (2, 0, 2 * 32), (2, 0, 511)])
    func `a bit in the zero tail is a change of the block and of its padding`(
        level: Int, block: Int, byte: Int
    ) async throws {
        var image = try await image()
        image.hash[image.offset(level: level, block: block, byte: byte)] ^= 4
        let verdict = try await image.verify()
        #expect(verdict.lines == ["level \(level) changed \(block)", "level \(level) padding \(block)"])
        #expect(verdict.diagnoses == [])
    }

    @Test(
        arguments: [
            (.sha384, .normal, 48), (.sha384, .normal, 7 * 64 + 63), (.sha1, .normal, 20), (.sha1, .normal, 31),
            (.sha1, .chromeOS, 320), (.sha1, .chromeOS, 511), (.sha384, .chromeOS, 384),
        ] as [(HashAlgorithm, HashType, Int)])
    func `a bit between or behind digests is a change of padding`(
        algorithm: HashAlgorithm, hashType: HashType, byte: Int
    ) async throws {
        var image = try await HashedImage(.small(300, hashType: hashType, algorithm: algorithm))
        image.hash[image.offset(level: 0, block: 1, byte: byte)] ^= 1
        #expect(try await image.verify().lines == ["level 0 changed 1", "level 0 padding 1"])
    }

    @Test func `a digest at the end of its slot is no padding`() async throws {
        var image = try await HashedImage(.small(300, algorithm: .sha384))
        image.hash[image.offset(level: 0, block: 1, byte: 64 + 47)] ^= 1
        #expect(try await image.verify().lines == ["level 0 changed 1", "data undecided 9"])
    }

    @Test func `padding that was hashed into the root hash is still no padding of zeros`() async throws {
        let image = try await image(20)
        var forged = image
        forged.hash[forged.offset(level: 0, block: 1, byte: 500)] = 0x55
        let parameters = image.geometry.parameters
        let leaf = forged.offset(level: 0, block: 1)
        let digest = try await parameters.digest(Array(forged.hash[leaf..<leaf + 512]))
        let top = forged.offset(level: 1, block: 0)
        forged.hash.replaceSubrange(top + 32..<top + 64, with: digest)
        let rootHash = try await parameters.digest(Array(forged.hash[top..<top + 512]))
        let verdict = try await forged.verify(rootHash: rootHash)
        #expect(verdict.computedRootHash == rootHash)
        #expect(verdict.lines == ["level 0 padding 1"])
        #expect(!verdict.isIntact)
    }

    @Test func `swapped data blocks are named as swapped`() async throws {
        var image = try await image()
        image.swapData(5, 200)
        let verdict = try await image.verify()
        #expect(verdict.lines == ["data changed 5,200"])
        #expect(verdict.diagnoses == [.swapped(.data, 5, 200)])
    }

    @Test func `swapped data blocks with equal content elsewhere are paired once`() async throws {
        let parameters = try TreeParameters.small(40)
        var data = randomData(40 * 512, seed: 9)
        for block in [1, 3] { data.replaceSubrange(block * 512..<(block + 1) * 512, with: data[0..<512]) }
        var image = try await HashedImage(parameters, data: data)
        image.swapData(3, 30)
        #expect(try await image.verify().diagnoses == [.swapped(.data, 3, 30)])
        // Blocks 0 and 1 are equal, the two that they changed places with are not.
        image = try await HashedImage(parameters, data: data)
        image.swapData(0, 20)
        image.swapData(1, 21)
        let verdict = try await image.verify()
        #expect(verdict.lines == ["data changed 0-1,20-21"])
        #expect(Set(verdict.diagnoses) == [.swapped(.data, 0, 20), .swapped(.data, 1, 21)])
    }

    @Test func `swapped leaf blocks are named as swapped, and the data are not`() async throws {
        var image = try await image()
        image.swapBlocks(level: 0, 2, 7)
        let verdict = try await image.verify()
        #expect(verdict.lines == ["level 0 changed 2,7", "data undecided 32-47,112-127"])
        #expect(verdict.diagnoses == [.swapped(.level(0), 2, 7)])
    }

    @Test func `a full leaf block at the place of the last one is no padding of zeros`() async throws {
        var image = try await image()
        image.swapBlocks(level: 0, 0, 18)
        let verdict = try await image.verify()
        #expect(
            verdict.lines == ["level 0 changed 0,18", "level 0 padding 18", "data undecided 0-15,288-299"])
        #expect(verdict.diagnoses.first == .swapped(.level(0), 0, 18))
    }

    @Test func `levels in the wrong order are named by the place of the top block`() async throws {
        var image = try await image()
        let levels = image.geometry.levels.map { level in
            image.hash[Int(level.firstBlock) * 512..<Int(level.firstBlock + level.blocks) * 512]
        }
        image.hash = Array(levels.joined())
        let verdict = try await image.verify()
        #expect(verdict.diagnoses == [.topBlock(at: 21)])
        #expect(
            verdict.lines == [
                "level 2 changed 0", "level 2 padding 0", "level 1 undecided 0-1", "level 1 padding 1",
                "level 0 undecided 0-18", "data undecided 0-299",
            ])
    }

    @Test func `data that begin a block late are all changed`() async throws {
        var image = try await image()
        image.data = [UInt8](repeating: 0, count: 512) + image.data
        let verdict = try await image.verify()
        #expect(verdict.lines == ["data changed 0-299"])
        #expect(verdict.diagnoses == [])
    }

    @Test func `an intact tree of another root hash is named so`() async throws {
        let image = try await image()
        let other = try await HashedImage(.small(300, salt: [9]))
        let verdict = try await image.verify(rootHash: other.rootHash)
        #expect(verdict.lines == ["level 2 changed 0"])
        #expect(verdict.diagnoses == [.anotherRootHash])
        #expect(verdict.expectedRootHash == other.rootHash)
        #expect(verdict.computedRootHash == image.rootHash)
        #expect(!verdict.isIntact)
    }

    @Test func `another root hash over damaged data is not an intact tree`() async throws {
        var image = try await image()
        image.data[7 * 512] ^= 1
        let verdict = try await image.verify(rootHash: [UInt8](repeating: 0, count: 32))
        #expect(verdict.lines == ["level 2 changed 0", "data changed 7"])
        #expect(verdict.diagnoses == [])
    }

    @Test(arguments: [0, 1, 31, 33, 64])
    func `a root hash of the wrong length is not the computed one`(count: Int) async throws {
        let image = try await image()
        let verdict = try await image.verify(rootHash: Array((image.rootHash + image.rootHash).prefix(count)))
        #expect(!verdict.isIntact)
        #expect(verdict.lines == ["level 2 changed 0"])
    }

    @Test(arguments: HashAlgorithm.allCases, HashType.allCases)
    func `salt and block joined the other way round are named by the hash type`(
        algorithm: HashAlgorithm, written: HashType
    ) async throws {
        let asked: HashType = written == .normal ? .chromeOS : .normal
        let image = try await HashedImage(.small(100, hashType: written, algorithm: algorithm))
        let geometry = try TreeGeometry(
            .small(100, hashType: asked, algorithm: algorithm), hashOffset: 0, hasSuperblock: false)
        let verdict = try await HashTree(geometry, threads: 2).verify(
            MemorySource(image.data), against: MemorySource(image.hash), rootHash: image.rootHash)
        #expect(verdict.diagnoses == [.otherHashType(written)])
        #expect(verdict.lines.first == "level \(geometry.levels.count - 1) changed 0")
        #expect(verdict.lines.last == "data undecided 0-99")
    }

    @Test func `without a salt both hash types of SHA-256 are the same tree`() async throws {
        let normal = try await HashedImage(.small(100, salt: []))
        let chromeOS = try await HashedImage(.small(100, hashType: .chromeOS, salt: []))
        #expect(normal.hash == chromeOS.hash)
        #expect(normal.rootHash == chromeOS.rootHash)
    }

    @Test func `another salt leaves every block open`() async throws {
        let image = try await image(100)
        let geometry = try TreeGeometry(.small(100, salt: [1, 2, 4]), hashOffset: 0, hasSuperblock: false)
        let verdict = try await HashTree(geometry, threads: 2).verify(
            MemorySource(image.data), against: MemorySource(image.hash), rootHash: image.rootHash)
        #expect(verdict.lines == ["level 1 changed 0", "level 0 undecided 0-6", "data undecided 0-99"])
        #expect(verdict.diagnoses == [])
    }
}
