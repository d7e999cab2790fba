import AssayBytes
import AssayTestSupport
import AssayVerity
import Testing

/// Numbers of a hostile superblock, and sources that are not what they say.
struct HostileInputTests {
    private struct SourceFailure: Error {}

    /// A source that fails from `offset` on.
    private struct FailingSource: ByteSource {
        let bytes: MemorySource
        let offset: UInt64
        var size: ByteCount { bytes.size }

        func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) throws -> Int {
            if offset.rawValue + UInt64(buffer.count) > self.offset { throw SourceFailure() }
            return bytes.read(into: &buffer, at: offset)
        }
    }

    @Test(arguments: [9, 2 << 20, 1 << 40, (1 << 51) - 1] as [UInt64])
    func `more data blocks than there are end at once, before anything is read or allocated`(
        dataBlocks: UInt64
    ) async throws {
        let parameters = try TreeParameters(dataBlocks: dataBlocks, salt: [1])
        let bytes = Superblock(uuid: Array(0..<16), parameters: parameters).bytes
        let start = ContinuousClock.now
        let superblock = try Superblock(parsing: bytes)
        let geometry = try TreeGeometry(superblock.parameters, hashOffset: 0, hasSuperblock: true)
        let tree = HashTree(geometry, threads: 64)
        let data = FailingSource(bytes: MemorySource([UInt8](repeating: 0, count: 32_768)), offset: 0)
        let verify = await #expect(throws: VerityError.self) {
            try await tree.verify(data, against: MemorySource(bytes), rootHash: [])
        }
        #expect(verify?.code == .truncatedData)
        #expect(
            verify?.description
                == "the data has 32768 bytes, but \(dataBlocks) blocks of 4096 bytes need \(dataBlocks * 4096)")
        let store = ByteArrayStore()
        let write = await #expect(throws: VerityError.self) { try await tree.write(over: data, to: store) }
        #expect(write?.code == .truncatedData)
        #expect(store.bytes == [])
        // Generous, as other tests have the cores too: 2^51 blocks would take years.
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func `a hash device that ends anywhere before the tree does is refused before it is read`() async throws {
        var image = try await HashedImage(.small(40))
        let whole = image.hash
        for length in [0, 1, 511, 512, 1024, whole.count - 1] {
            image.hash = Array(whole.prefix(length))
            let cut = image
            let error = await #expect(throws: VerityError.self) { try await cut.verify() }
            #expect(error?.code == .truncatedHashArea)
        }
        image.hash = whole + [1, 2, 3]
        #expect(try await image.verify().isIntact)
    }

    @Test(arguments: [512, 4096, 524_288])
    func `a hash device with nothing but a superblock is enough for one data block`(hashBlockSize: Int) async throws {
        // veritysetup leaves 512 or 4096 bytes, whatever the hash block size, and none without superblock.
        let parameters = try TreeParameters(hashBlockSize: hashBlockSize, dataBlocks: 1, salt: [1])
        var image = try await HashedImage(parameters, hasSuperblock: true)
        image.hash = Superblock(uuid: Array(0..<16), parameters: parameters).bytes
        let verdict = try? await image.verify()
        #expect(verdict?.isIntact == true)
    }

    @Test func `data that end before the last block are refused, data that go on are not looked at`() async throws {
        var image = try await HashedImage(.small(40))
        image.data += [7]
        #expect(try await image.verify().isIntact)
        image.data.removeLast(2)
        let cut = image
        let error = await #expect(throws: VerityError.self) { try await cut.verify() }
        #expect(error?.code == .truncatedData)
        #expect(error?.description == "the data has 20479 bytes, but 40 blocks of 512 bytes need 20480")
    }

    @Test(arguments: [1, 4])
    func `a source that ends before it said is an error, not a changed block`(threads: Int) async throws {
        let image = try await HashedImage(.small(300))
        let tree = HashTree(image.geometry, threads: threads)
        let shrunken = MemorySource(Array(image.data.dropLast(1)), claiming: image.data.count)
        let verify = await #expect(throws: ByteError.self) {
            try await tree.verify(shrunken, against: MemorySource(image.hash), rootHash: image.rootHash)
        }
        #expect(verify?.code == .truncated)
        let write = await #expect(throws: ByteError.self) { try await tree.write(over: shrunken, to: ByteArrayStore()) }
        #expect(write?.code == .truncated)
        let hash = MemorySource(Array(image.hash.dropLast(1)), claiming: image.hash.count)
        let tail = await #expect(throws: ByteError.self) {
            try await tree.verify(MemorySource(image.data), against: hash, rootHash: image.rootHash)
        }
        #expect(tail?.code == .truncated)
    }

    @Test(arguments: [1, 4])
    func `an error of a source or sink comes through, from any thread`(threads: Int) async throws {
        let image = try await HashedImage(.small(7000), threads: 2)
        let tree = HashTree(image.geometry, threads: threads)
        let data = MemorySource(image.data)
        let hash = MemorySource(image.hash)
        let failing = FailingSource(bytes: data, offset: 3_000_000)
        await #expect(throws: SourceFailure.self) {
            try await tree.verify(failing, against: hash, rootHash: image.rootHash)
        }
        await #expect(throws: SourceFailure.self) { try await tree.write(over: failing, to: ByteArrayStore()) }
        let end = UInt64(image.hash.count)
        await #expect(throws: SourceFailure.self) {
            try await tree.verify(data, against: FailingSource(bytes: hash, offset: end - 1), rootHash: image.rootHash)
        }
        let full = await #expect(throws: ByteError.self) {
            try await tree.write(over: data, to: ByteArrayStore(limit: image.hash.count - 1))
        }
        #expect(full?.code == .truncated)
    }

    @Test func `any bytes as hash device give a verdict`() async throws {
        var image = try await HashedImage(.small(60))
        var generator = SeededNumbers(state: 0xBAD)
        for round in 0..<60 {
            image.hash = generator.bytes(image.hash.count)
            if round.isMultiple(of: 3) { image.hash.replaceSubrange(0..<512, with: repeatElement(0, count: 512)) }
            let verdict = try await image.verify(rootHash: generator.bytes(round), threads: 1 + round % 4)
            #expect(!verdict.isIntact)
            #expect(verdict.lines.first == "level 1 changed 0")
            #expect(verdict.damage.last?.area == .data)
        }
    }
}
