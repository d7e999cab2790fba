import AssayBytes
import AssayTestSupport
import AssayVerity
import Synchronization
import Testing

/// What a verdict says of more than one fault, and that it does not depend on how the work was shared out.
struct SeveralFaultsTests {
    @Test func `every fault is named, from the root down`() async throws {
        var image = try await HashedImage(.small(300))
        for block in [3, 150, 151] { image.data[block * 512 + 9] ^= 1 }
        image.hash[image.offset(level: 0, block: 4, byte: 0)] ^= 1
        image.hash[image.offset(level: 1, block: 1, byte: 400)] ^= 1
        let verdict = try await image.verify()
        #expect(
            verdict.lines == [
                "level 1 changed 1", "level 1 padding 1", "level 0 changed 4", "data changed 3,150-151",
                "data undecided 64",
            ])
        #expect(verdict.isComplete)
    }

    @Test func `data under a damaged block are open only where digests differ, others are judged`() async throws {
        var image = try await HashedImage(.small(300))
        image.hash[image.offset(level: 0, block: 2, byte: 3 * 32)] ^= 1
        // Of the same damaged block, and of intact ones before and behind it.
        for block in [36, 31, 48, 299] { image.data[block * 512] ^= 1 }
        let verdict = try await image.verify()
        #expect(verdict.lines == ["level 0 changed 2", "data changed 31,48,299", "data undecided 35-36"])
    }

    @Test func `a damaged block leaves open what is below, but not what is below that`() async throws {
        var image = try await HashedImage(.small(300))
        // The digest of leaf 18 in level 1 is destroyed; leaf 18 itself is intact, and its data too.
        image.hash[image.offset(level: 1, block: 1, byte: 64)] ^= 1
        // As leaf 18 is open, so is a change of the data under it; leaf 17 is intact.
        image.data[290 * 512] ^= 1
        image.data[280 * 512] ^= 1
        let verdict = try await image.verify()
        #expect(
            verdict.lines == ["level 1 changed 1", "level 0 undecided 18", "data changed 280", "data undecided 290"])
    }

    @Test func `a destroyed tree leaves all open and does not hide the root hash`() async throws {
        var image = try await HashedImage(.small(300))
        for index in image.hash.indices { image.hash[index] = 0 }
        let verdict = try await image.verify()
        #expect(
            verdict.lines == [
                "level 2 changed 0", "level 1 undecided 0-1", "level 0 undecided 0-18", "data undecided 0-299",
            ])
        #expect(verdict.computedRootHash != image.rootHash)
    }

    @Test func `a fail-fast run ends at the first area that is damaged`() async throws {
        let intact = try await HashedImage(.small(300))
        let verdict = try await intact.verify(stopsAtFirst: true)
        #expect(verdict.isIntact)
        #expect(verdict.isComplete)

        var image = intact
        image.data[3 * 512] ^= 1
        let data = try await image.verify(stopsAtFirst: true)
        #expect(data.lines == ["data changed 3"])
        #expect(!data.isComplete)
        #expect(!data.isIntact)

        image.hash[image.offset(level: 1, block: 1, byte: 400)] ^= 1
        let level = try await image.verify(stopsAtFirst: true)
        #expect(level.lines == ["level 1 changed 1"])
        #expect(!level.isComplete)

        let root = try await intact.verify(rootHash: [UInt8](repeating: 1, count: 32), stopsAtFirst: true)
        #expect(root.lines == ["level 2 changed 0"])
        #expect(!root.isIntact)
    }

    @Test func `random damage gives the same verdict whatever the number of threads`() async throws {
        // Enough for several pieces of work at a time: a piece is a MiB of data.
        let intact = try await HashedImage(.small(7000), threads: 3)
        var generator = SeededNumbers(state: 0x5EED)
        for round in 0..<12 {
            var image = intact
            var data: Set<UInt64> = []
            for _ in 0..<Int.random(in: 1...40, using: &generator) {
                let block = Int.random(in: 0..<7000, using: &generator)
                image.data[block * 512 + Int.random(in: 0..<512, using: &generator)] ^= 0x40
                data.insert(UInt64(block))
            }
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                image.hash[Int.random(in: image.hash.indices, using: &generator)] ^= 0x40
            }
            if round.isMultiple(of: 3) { image.swapBlocks(level: 0, 5, 400 - round) }
            let alone = try await image.verify(threads: 1)
            let together = try await image.verify(threads: 4)
            #expect(alone == together)
            #expect(!alone.isIntact)
            let named = alone.damage.filter { $0.area == .data }.flatMap(\.blocks.ranges)
            // Two flips of the same bit of a block would undo each other: the seed has none.
            #expect(data.allSatisfy { block in named.contains { $0.contains(block) } })
        }
    }

    @Test func `trees made by one and by several threads are the same`() async throws {
        let parameters = try TreeParameters.small(7000)
        let alone = try await HashedImage(parameters, threads: 1)
        let together = try await HashedImage(parameters, threads: 7)
        #expect(alone.hash == together.hash)
        #expect(alone.rootHash == together.rootHash)
    }

    @Test(arguments: [1, 2, 16, 17, 300])
    func `progress adds up to the workload`(blocks: UInt64) async throws {
        let image = try await HashedImage(.small(blocks))
        let tree = HashTree(image.geometry, threads: 2)
        let written = Counter()
        _ = try await tree.write(over: MemorySource(image.data), to: ByteArrayStore()) { written.add($0) }
        #expect(written.sum == tree.workload)
        let verified = Counter()
        _ = try await tree.verify(
            MemorySource(image.data), against: MemorySource(image.hash), rootHash: image.rootHash
        ) { verified.add($0) }
        #expect(verified.sum == tree.workload)
    }

    @Test func `a verification that is cancelled gives no verdict`() async throws {
        var image = try await HashedImage(.small(300))
        image.data[3 * 512] ^= 1
        let damaged = image
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await damaged.verify()
        }
        task.cancel()
        let result = await task.result
        // An unread image is not an intact one.
        #expect(throws: CancellationError.self) { try result.get() }
    }

    @Test func `a tree that is cancelled has no root hash`() async throws {
        let image = try await HashedImage(.small(300))
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await HashTree(image.geometry, threads: 2).write(
                over: MemorySource(image.data), to: ByteArrayStore(image.hash))
        }
        task.cancel()
        let result = await task.result
        #expect(throws: CancellationError.self) { try result.get() }
    }
}

/// A sum over threads.
private final class Counter: Sendable {
    private let value = Atomic<UInt64>(0)

    var sum: UInt64 { value.load(ordering: .relaxed) }

    func add(_ count: Int) { value.add(UInt64(count), ordering: .relaxed) }
}
