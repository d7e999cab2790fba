import AssayBytes
import AssayTestSupport
import AssayVerity
import Testing

/// What one tree is made by, and where it goes.
private struct Layout {
    let parameters: TreeParameters
    let hashOffset: Int
    let hasSuperblock: Bool
    /// Whether the tree stands behind the data in their file.
    let isOneFile: Bool

    init(
        _ parameters: TreeParameters, offset: Int, hasSuperblock: Bool, isOneFile: Bool
    ) {
        self.parameters = parameters
        // With one data block nothing follows the superblock, and veritysetup can write one only to a whole page.
        let page = parameters.dataBlocks == 1 ? Layout.page(parameters) : Superblock.size
        let unit = hasSuperblock ? page : parameters.hashBlockSize
        let start = isOneFile ? (Int(parameters.dataSize) + unit - 1) / unit : 0
        hashOffset = (start + offset) * unit
        self.hasSuperblock = hasSuperblock
        self.isOneFile = isOneFile
    }

    /// A tree of any kind over at most `limit` bytes of data.
    init(from generator: inout SeededNumbers, limit: Int) throws {
        // Now and then blocks of the largest size, of 512 KiB.
        let size = { (generator: inout SeededNumbers) in
            1 << (Int.random(in: 0..<40, using: &generator) == 0 ? 19 : Int.random(in: 9...16, using: &generator))
        }
        let dataBlockSize = size(&generator)
        let wanted = [1, 2, 127, 128, 129, 300].randomElement(using: &generator) ?? 1
        let blocks = wanted == 300 ? Int.random(in: 1...300, using: &generator) : wanted
        let saltSize =
            [0, 1, 32, 256, Int.random(in: 0...256, using: &generator)].randomElement(using: &generator) ?? 0
        let parameters = try TreeParameters(
            hashType: Bool.random(using: &generator) ? .normal : .chromeOS,
            algorithm: HashAlgorithm.allCases.randomElement(using: &generator) ?? .sha256,
            dataBlockSize: dataBlockSize, hashBlockSize: size(&generator),
            dataBlocks: UInt64(max(1, min(blocks, limit / dataBlockSize))), salt: generator.bytes(saltSize))
        self.init(
            parameters, offset: Int.random(in: 0...3, using: &generator),
            hasSuperblock: Int.random(in: 0..<3, using: &generator) > 0,
            isOneFile: Bool.random(using: &generator))
    }

    /// The unit in which veritysetup writes a superblock.
    static func page(_ parameters: TreeParameters) -> Int { min(4096, parameters.hashBlockSize) }

    private var describing: [String] {
        [
            "--format=\(parameters.hashType.rawValue)", "--hash=\(parameters.algorithm)",
            "--data-block-size=\(parameters.dataBlockSize)", "--hash-block-size=\(parameters.hashBlockSize)",
            "--data-blocks=\(parameters.dataBlocks)",
            "--salt=\(parameters.salt.isEmpty ? "-" : Hex.encode(parameters.salt))",
        ]
    }

    private var placing: [String] {
        ["--hash-offset=\(hashOffset)"] + (hasSuperblock ? [] : ["--no-superblock"])
    }

    /// The options of `veritysetup format`.
    var formatOptions: [String] {
        describing + placing + (hasSuperblock ? ["--uuid=00010203-0405-0607-0809-0a0b0c0d0e0f"] : [])
    }

    /// The options of `veritysetup verify`, which has to be told only what no superblock says.
    var verifyOptions: [String] { placing + (hasSuperblock ? [] : describing) }
}

/// The same tree by veritysetup and by Assay, in files of a directory.
private struct Pair {
    let layout: Layout
    let tree: HashTree
    let scratch = ScratchDirectory()
    let data: [UInt8]
    let theirs: [UInt8]
    let theirRootHash: [UInt8]
    let ours: [UInt8]
    let ourRootHash: [UInt8]

    private var dataPath: String { scratch.path + "/data" }
    private var hashPath: String { layout.isOneFile ? dataPath : scratch.path + "/hash" }

    init(_ layout: Layout, seed: UInt64) async throws {
        self.layout = layout
        data = randomData(Int(layout.parameters.dataSize), seed: seed)
        let geometry = try TreeGeometry(
            layout.parameters, hashOffset: UInt64(layout.hashOffset), hasSuperblock: layout.hasSuperblock)
        tree = HashTree(geometry, threads: 2)
        try scratch.write("data", data)
        let path = scratch.path + (layout.isOneFile ? "/data" : "/hash")
        let format = try runVeritysetup(["format"] + layout.formatOptions + [scratch.path + "/data", path])
        try #require(format.status == 0, "\(format.output) \(layout)")
        theirs = try fileBytes(path)
        let line = try #require(format.output.split(separator: "\n").first { $0.hasPrefix("Root hash:") })
        theirRootHash = try #require(Hex.decode(line.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""))

        let store = ByteArrayStore(layout.isOneFile ? data : [])
        if layout.hasSuperblock {
            let superblock = Superblock(uuid: Array(0..<16), parameters: layout.parameters)
            try store.write(superblock.bytes.span, at: ByteOffset(UInt64(layout.hashOffset)))
        }
        ourRootHash = try await tree.write(over: MemorySource(data), to: store)
        // Where nothing follows the superblock, veritysetup still fills its page.
        var bytes = store.bytes
        if geometry.levels.isEmpty, layout.hasSuperblock {
            let page = Layout.page(layout.parameters)
            bytes += [UInt8](repeating: 0, count: (page - bytes.count % page) % page)
        }
        ours = bytes
    }

    /// veritysetup's verdict on data and hash device, which are one when the layout says so.
    func verify(_ data: [UInt8], _ hash: [UInt8]) throws -> (output: String, status: Int32) {
        if layout.isOneFile {
            try scratch.write("data", data + hash.dropFirst(data.count))
        } else {
            try scratch.write("data", data)
            try scratch.write("hash", hash)
        }
        return try runVeritysetup(
            ["verify"] + layout.verifyOptions + [dataPath, hashPath, Hex.encode(theirRootHash)])
    }

    /// Our verdict on the same.
    func verdict(_ data: [UInt8], _ hash: [UInt8]) async throws -> TreeVerdict {
        if layout.hasSuperblock {
            let superblock = try Superblock.read(from: MemorySource(hash), at: UInt64(layout.hashOffset))
            #expect(superblock.parameters == layout.parameters)
        }
        // `a hash device with nothing but a superblock` has the case where the tree is empty.
        let end = Int(tree.geometry.end.rawValue)
        let whole =
            tree.geometry.levels.isEmpty && hash.count < end
            ? hash + [UInt8](repeating: 0, count: end - hash.count) : hash
        return try await tree.verify(MemorySource(data), against: MemorySource(whole), rootHash: theirRootHash)
    }
}

@Suite(.enabled(if: hasVeritysetup, "veritysetup (cryptsetup-bin) is missing"))
struct TreeDifferentialTests {
    /// Sixteen sets of random geometries, 21 in each.
    @Test(arguments: 0..<16)
    func `veritysetup and we write the same bytes, accept each other's and refuse the same bits`(
        set: UInt64
    ) async throws {
        var generator = SeededNumbers(state: 0xD1FF_0000 + set)
        for _ in 0..<21 {
            // The last sets have smaller data, and so smaller blocks, more often.
            let layout = try Layout(from: &generator, limit: set < 4 ? 160 << 10 : 66 << 10)
            try await compare(layout, &generator)
        }
    }

    /// The numbers of blocks around which a level is added, with 128 digests in a block.
    @Test(arguments: [1, 2, 127, 128, 129, 16_384, 16_385] as [UInt64], HashType.allCases)
    func `veritysetup and we agree at the borders of levels`(blocks: UInt64, hashType: HashType) async throws {
        var generator = SeededNumbers(state: blocks)
        for algorithm in blocks < 1000 ? HashAlgorithm.allCases : [.sha256] {
            let hashBlockSize =
                128 * (algorithm.digestSize == 20 ? 32 : algorithm.digestSize == 48 ? 64 : algorithm.digestSize)
            let parameters = try TreeParameters(
                hashType: hashType, algorithm: algorithm, dataBlockSize: 512, hashBlockSize: hashBlockSize,
                dataBlocks: blocks, salt: generator.bytes(32))
            #expect(parameters.hashesPerBlock == 128)
            let layout = Layout(parameters, offset: 0, hasSuperblock: true, isOneFile: blocks.isMultiple(of: 2))
            try await compare(layout, &generator)
        }
    }

    @Test(arguments: HashType.allCases)
    func `blocks of 512 KiB`(hashType: HashType) async throws {
        var generator = SeededNumbers(state: 19)
        for sizes in [(1 << 19, 512), (512, 1 << 19), (1 << 19, 1 << 19)] {
            let parameters = try TreeParameters(
                hashType: hashType, dataBlockSize: sizes.0, hashBlockSize: sizes.1, dataBlocks: 3, salt: [1])
            try await compare(
                Layout(parameters, offset: 0, hasSuperblock: true, isOneFile: true), &generator)
        }
    }

    private func compare(_ layout: Layout, _ generator: inout SeededNumbers) async throws {
        let pair = try await Pair(layout, seed: generator.next())
        #expect(pair.ourRootHash == pair.theirRootHash, "\(layout)")
        let isSame = pair.ours == pair.theirs
        #expect(isSame, "\(pair.ours.count) and \(pair.theirs.count) bytes: \(layout)")
        #expect(try pair.verify(pair.data, pair.ours).status == 0, "\(layout)")
        #expect(try await pair.verdict(pair.data, pair.theirs).isIntact, "\(layout)")

        var data = pair.data
        let place = Int.random(in: data.indices, using: &generator)
        data[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        let block = place / layout.parameters.dataBlockSize
        let theirs = try pair.verify(data, pair.theirs)
        #expect(theirs.status != 0, "\(layout)")
        let verdict = try await pair.verdict(data, pair.theirs)
        #expect(verdict.lines == ["data changed \(block)"], "\(layout)")
        let levels = pair.tree.geometry.levels
        if levels.isEmpty {
            #expect(theirs.output.contains("Verification of root hash failed"), "\(theirs.output)")
            return
        }
        #expect(
            theirs.output.contains("Verification failed at position \(block * layout.parameters.dataBlockSize)."),
            "\(theirs.output) \(layout)")

        var hash = pair.theirs
        let start = Int(pair.tree.geometry.firstBlock) * layout.parameters.hashBlockSize
        let bit = Int.random(in: start..<hash.count, using: &generator)
        hash[bit] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        #expect(try pair.verify(pair.data, hash).status != 0, "byte \(bit): \(layout)")
        let refused = try await pair.verdict(pair.data, hash)
        #expect(!refused.isIntact)
        let changed = UInt64(bit / layout.parameters.hashBlockSize)
        let level = levels.firstIndex { (($0.firstBlock)..<($0.firstBlock + $0.blocks)).contains(changed) } ?? 0
        #expect(
            refused.lines.first == "level \(level) changed \(changed - levels[level].firstBlock)", "\(layout)")
    }

    /// veritysetup works from the data up and names what lies under a damaged tree block.
    ///
    /// For all of level 0 that is data that are intact. We work from the root down and name the block itself.
    @Test(
        arguments: [
            (0, 0, 5 * 32, "Verification failed at position 2560.", ["level 0 changed 0", "data undecided 5"]),
            (1, 1, 64, "Verification failed at position 10752.", ["level 1 changed 1", "level 0 undecided 18"]),
            (2, 0, 32, "Verification failed at position 1024.", ["level 2 changed 0", "level 1 undecided 1"]),
            (0, 18, 500, "Spare area is not zeroed at position 11136.", ["level 0 changed 18", "level 0 padding 18"]),
            (2, 0, 500, "Spare area is not zeroed at position 64.", ["level 2 changed 0", "level 2 padding 0"]),
        ])
    func `veritysetup blames what is below a damaged block`(
        level: Int, block: Int, byte: Int, message: String, lines: [String]
    ) async throws {
        let layout = Layout(try .small(300), offset: 0, hasSuperblock: false, isOneFile: false)
        let pair = try await Pair(layout, seed: 4)
        var hash = pair.theirs
        hash[(Int(pair.tree.geometry.levels[level].firstBlock) + block) * 512 + byte] ^= 1
        let theirs = try pair.verify(pair.data, hash)
        #expect(theirs.status != 0)
        #expect(theirs.output.contains(message), "\(theirs.output)")
        #expect(try await pair.verdict(pair.data, hash).lines == lines)
    }

    @Test func `veritysetup cannot write a superblock off a page over one data block, we can`() async throws {
        let scratch = ScratchDirectory()
        let data = randomData(4096, seed: 1)
        try scratch.write("data", data)
        let format = try runVeritysetup(
            ["format", "--salt=ab", "--hash-offset=512", scratch.path + "/data", scratch.path + "/hash"])
        #expect(format.status == 1)
        #expect(format.output.contains("Error during update of verity header"))
        let parameters = try TreeParameters(dataBlocks: 1, salt: [0xAB])
        let image = try await HashedImage(parameters, hashOffset: 512, hasSuperblock: true, data: data)
        #expect(image.hash == [])
    }

    @Test func `both refuse a short hash device and short data`() async throws {
        let layout = Layout(try .small(300), offset: 0, hasSuperblock: true, isOneFile: false)
        let pair = try await Pair(layout, seed: 5)
        let hash = Array(pair.theirs.dropLast())
        #expect(try pair.verify(pair.data, hash).status != 0)
        let short = await #expect(throws: VerityError.self) { try await pair.verdict(pair.data, hash) }
        #expect(short?.code == .truncatedHashArea)
        let data = Array(pair.data.dropLast())
        #expect(try pair.verify(data, pair.theirs).status != 0)
        let cut = await #expect(throws: VerityError.self) { try await pair.verdict(data, pair.theirs) }
        #expect(cut?.code == .truncatedData)
    }
}
