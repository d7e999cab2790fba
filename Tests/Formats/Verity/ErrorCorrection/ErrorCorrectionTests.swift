import AssayBytes
import AssayTestSupport
import AssayVerity
import Synchronization
import Testing

struct ErrorCorrectionTests {
    @Test(arguments: [(2, 512, 253, 0, 1), (2, 512, 253, 1, 2), (24, 1024, 1, 0, 1), (24, 4096, 461, 2, 3)])
    func `rounds and parity follow from the blocks`(
        roots: Int, blockSize: Int, data: UInt64, hash: UInt64, rounds: UInt64
    )
        throws
    {
        let geometry = try ErrorCorrectionGeometry(
            blockSize: blockSize, roots: roots, dataBlocks: data, hashAreaFirstBlock: 1, hashAreaBlocks: hash)
        #expect(geometry.rounds == rounds)
        #expect(geometry.parityBlocks == rounds * UInt64(roots))
        #expect(geometry.codewords == rounds * UInt64(blockSize))
        let next = geometry.messagePosition(row: 1, codeword: 3)
        let position = rounds * UInt64(blockSize) + 3
        #expect(next?.rawValue == (position < geometry.messageSize.rawValue ? position : nil))
        #expect(geometry.messagePosition(row: 255 - roots, codeword: 0) == nil)
        #expect(geometry.messagePosition(row: -1, codeword: 0) == nil)
        #expect(geometry.messagePosition(row: 0, codeword: geometry.codewords) == nil)
    }

    @Test(arguments: [0, 1, 511, 513, 768, 1 << 20, -512, Int.max, Int.min])
    func `a block size that dm-verity does not know is refused`(blockSize: Int) {
        let error = #expect(throws: ErrorCorrectionError.self) {
            try ErrorCorrectionGeometry(
                blockSize: blockSize, roots: 2, dataBlocks: 1, hashAreaFirstBlock: 1,
                hashDeviceSize: ByteCount(1 << 20), parityOnHashDevice: nil)
        }
        #expect(error?.code == .badBlockSize || error?.code == .badHashArea)
    }

    @Test func `sizes that do not fit are refused`() {
        for (data, first, hash) in [
            (UInt64.max, UInt64(1), UInt64(1)), (1, 1, .max), (.max, 1, .max), (1, .max, 1), (1 << 52, 1, 0),
        ] {
            let error = #expect(throws: ErrorCorrectionError.self) {
                try ErrorCorrectionGeometry(
                    blockSize: 4096, roots: 2, dataBlocks: data, hashAreaFirstBlock: first, hashAreaBlocks: hash)
            }
            #expect(error?.code == .tooLarge)
        }
        let error = #expect(throws: ErrorCorrectionError.self) {
            try ErrorCorrectionGeometry(
                blockSize: 4096, roots: 2, dataBlocks: 0, hashAreaFirstBlock: 1, hashAreaBlocks: 1)
        }
        #expect(error?.code == .noData)
    }

    @Test func `the hash area ends at the parity on its device, else at the device's last whole block`() throws {
        func blocks(_ parity: UInt64?) throws -> UInt64 {
            try ErrorCorrectionGeometry(
                blockSize: 1024, roots: 2, dataBlocks: 10, hashAreaFirstBlock: 3, hashDeviceSize: ByteCount(20_000),
                parityOnHashDevice: parity.map { ByteOffset($0) }
            ).hashAreaBlocks
        }
        #expect(try blocks(nil) == 16)
        #expect(try blocks(8192) == 5)
        #expect(try blocks(9000) == 5)
        let error = #expect(throws: ErrorCorrectionError.self) { try blocks(2048) }
        #expect(error?.code == .badHashArea)
    }

    @Test func `regions read as one, over their borders`() throws {
        let first = MemorySource([1, 2, 3, 4])
        let second = MemorySource([5, 6, 7])
        let source = try ConcatenatedSource([
            .init(first, at: ByteOffset(1), count: ByteCount(3)), .init(second, at: .zero, count: .zero),
            .init(second, at: ByteOffset(1), count: ByteCount(2)),
        ])
        #expect(source.size.rawValue == 5)
        #expect(try source.bytes(at: .zero, count: 5) == [2, 3, 4, 6, 7])
        #expect(try source.bytes(at: ByteOffset(2), count: 2) == [4, 6])
        #expect(try source.prefix(at: ByteOffset(4), atMost: 9) == [7])
        #expect(source.locate(ByteOffset(3))?.region == 2)
        #expect(source.locate(ByteOffset(3))?.offset == ByteOffset(1))
        #expect(source.locate(ByteOffset(5)) == nil)
        #expect(throws: ByteError.self) {
            try ConcatenatedSource([.init(first, at: ByteOffset(2), count: ByteCount(3))])
        }
    }

    @Test(arguments: [(2, 1), (5, 2), (24, 5)])
    func `the vector encoder agrees with the scalar one`(roots: Int, threads: Int) async throws {
        let protected = try await ProtectedMessage(
            blockSize: 512, roots: roots, dataBlocks: roots == 2 ? 600 : 100, hashBlocks: 9, seed: 5, threads: threads)
        let geometry = protected.geometry
        for codeword in stride(from: UInt64(0), to: geometry.codewords, by: 97) {
            let message = (0..<geometry.code.messageLength).map { row in
                geometry.messagePosition(row: row, codeword: codeword).map { protected.message[Int($0.rawValue)] } ?? 0
            }
            let start = Int(codeword) * roots
            #expect(Array(protected.parity[start..<start + roots]) == geometry.code.parity(of: message))
        }
    }

    @Test func `progress adds up to the message`() async throws {
        let protected = try await ProtectedMessage(
            blockSize: 512, roots: 2, dataBlocks: 300, hashBlocks: 4, seed: 6)
        #expect(try await protected.check().isClean)
        let sum = Atomic<Int>(0)
        try await ErrorCorrection.encode(
            message: MemorySource(protected.message), geometry: protected.geometry, into: ByteArrayStore(), threads: 2
        ) { sum.wrappingAdd($0, ordering: .relaxed) }
        #expect(sum.load(ordering: .relaxed) == protected.message.count)
    }

    @Test(arguments: [2, 5, 8])
    func `as many destroyed blocks as roots are repaired when they are known, half as many when not`(
        roots: Int
    )
        async throws
    {
        let original = try await ProtectedMessage(
            blockSize: 512, roots: roots, dataBlocks: roots == 2 ? 520 : 200, hashBlocks: 6, seed: UInt64(roots))
        // Blocks of the same codewords are `rounds` apart.
        let rounds = Int(original.geometry.rounds)
        let blocks = (0..<roots).map { 1 + $0 * 20 * rounds }
        var damaged = original
        for block in blocks { damaged.destroy(block: block) }
        let known = blocks.map { UInt64($0)..<UInt64($0 + 1) }
        let (report, corrections) = try await damaged.repair(knownBad: known)
        #expect(report.isCorrectable)
        #expect(report.damagedCodewords == 512)
        #expect(report.damagedRounds.ranges == (rounds == 1 ? [0..<1] : [1..<2]))
        #expect(report.damagedBlocks.ranges == known)
        #expect(report.damagedMessageBytes == UInt64(512 * roots))
        #expect(corrections.applied(to: damaged.message) == original.message)
        #expect(corrections.sorted.allSatisfy { $0.changed == 512 && $0.bytes.count == 512 })

        var half = original
        for block in blocks.prefix(roots / 2) { half.destroy(block: block) }
        let (second, found) = try await half.repair()
        #expect(second.isCorrectable)
        #expect(found.applied(to: half.message) == original.message)
        #expect(try await half.check() == second)
    }

    @Test func `one destroyed block more than the limit is never passed off as repaired`() async throws {
        let original = try await ProtectedMessage(
            blockSize: 512, roots: 8, dataBlocks: 200, hashBlocks: 6, seed: 9)
        let rounds = Int(original.geometry.rounds)
        let blocks = (0..<9).map { 1 + $0 * 20 * rounds }
        var damaged = original
        for block in blocks { damaged.destroy(block: block) }
        let (report, corrections) = try await damaged.repair(knownBad: blocks.map { UInt64($0)..<UInt64($0 + 1) })
        #expect(!report.isCorrectable)
        #expect(report.uncorrectableCodewords.count > 500)
        #expect(report.uncorrectableCodewords.isComplete)
        #expect(corrections.applied(to: damaged.message) != original.message)
    }

    @Test func `erasures and an unknown error share the limit`() async throws {
        let original = try await ProtectedMessage(
            blockSize: 512, roots: 4, dataBlocks: 200, hashBlocks: 2, seed: 10)
        let rounds = Int(original.geometry.rounds)
        var damaged = original
        damaged.destroy(block: 0)
        damaged.destroy(block: 7 * rounds)
        damaged.message[50 * rounds * 512 + 100] ^= 1
        let (report, corrections) = try await damaged.repair(
            knownBad: [0..<1, UInt64(7 * rounds)..<UInt64(7 * rounds + 1)])
        #expect(report.isCorrectable)
        #expect(corrections.applied(to: damaged.message) == original.message)
        #expect(report.damagedMessageBytes == 1025)
    }

    @Test func `damage to the parity is told apart and changes nothing of the message`() async throws {
        var damaged = try await ProtectedMessage(
            blockSize: 512, roots: 4, dataBlocks: 200, hashBlocks: 2, seed: 11)
        for index in [512, 513, 516, 519] { damaged.parity[index] ^= 0x80 }
        let (report, corrections) = try await damaged.repair()
        #expect(report.isCorrectable)
        #expect(corrections.sorted.isEmpty)
        #expect(report.damagedBlocks.isEmpty)
        #expect(report.damagedParityBlocks.ranges == [1..<2])
        #expect(report.damagedParityBytes == 4)
    }

    @Test func `blocks larger than the work's group are repaired in pieces`() async throws {
        let original = try await ProtectedMessage(
            blockSize: 8192, roots: 2, dataBlocks: 5, hashBlocks: 1, seed: 12)
        var damaged = original
        damaged.destroy(block: 2)
        let (report, corrections) = try await damaged.repair(knownBad: [2..<3])
        #expect(report.isCorrectable)
        #expect(report.damagedBlocks.ranges == [2..<3])
        #expect(corrections.sorted.map(\.offset.rawValue) == [16_384, 20_480])
        #expect(corrections.applied(to: damaged.message) == original.message)
    }

    @Test func `truncated parity, a resized hash partition and a wrong number of roots are told`() async throws {
        let original = try await ProtectedMessage(
            blockSize: 512, roots: 4, dataBlocks: 251, hashBlocks: 0, seed: 13)
        var truncated = original
        truncated.parity.removeLast()
        let short = await #expect(throws: ErrorCorrectionError.self) { try await truncated.check() }
        #expect(short?.code == .parityTruncated)

        // One more block makes a second round: what was a row is now half a row.
        func check(roots: Int, hashBlocks: UInt64, parity: [UInt8]) async throws -> ErrorCorrectionReport {
            let geometry = try ErrorCorrectionGeometry(
                blockSize: 512, roots: roots, dataBlocks: 251, hashAreaFirstBlock: 1, hashAreaBlocks: hashBlocks)
            let message = original.message + [UInt8](repeating: 0, count: Int(hashBlocks) * 512)
            return try await ErrorCorrection.check(
                message: MemorySource(message), parity: MemorySource(parity), geometry: geometry)
        }
        let grown = await #expect(throws: ErrorCorrectionError.self) {
            try await check(roots: 4, hashBlocks: 1, parity: original.parity)
        }
        #expect(grown?.code == .parityTruncated)
        let resized = try await check(roots: 4, hashBlocks: 1, parity: original.parity + original.parity)
        #expect(resized.damagedCodewords > resized.codewords * 9 / 10)
        let wrong = try await check(roots: 3, hashBlocks: 0, parity: original.parity)
        #expect(wrong.damagedCodewords > wrong.codewords * 9 / 10)
    }

    @Test func `a message of another size, or one that ends while read, is an error`() async throws {
        let original = try await ProtectedMessage(
            blockSize: 512, roots: 2, dataBlocks: 20, hashBlocks: 0, seed: 14)
        for source in [
            MemorySource(Array(original.message.dropLast())),
            MemorySource(Array(original.message.dropLast()), claiming: original.message.count),
        ] {
            let error = await #expect(throws: ErrorCorrectionError.self) {
                try await ErrorCorrection.encode(message: source, geometry: original.geometry, into: ByteArrayStore())
            }
            #expect(error?.code == .messageSize)
        }
    }

    @Test(arguments: [[5..<5], [3..<5, 4..<6], [7..<8, 1..<2], [0..<99]] as [[Range<UInt64>]])
    func `known bad blocks out of order or outside the message are refused`(ranges: [Range<UInt64>]) async throws {
        let original = try await ProtectedMessage(
            blockSize: 512, roots: 2, dataBlocks: 20, hashBlocks: 0, seed: 15)
        let error = await #expect(throws: ErrorCorrectionError.self) { try await original.repair(knownBad: ranges) }
        #expect(error?.code == .badErasures)
    }

    @Test func `parity of noise is worked through`() async throws {
        var noise = try await ProtectedMessage(blockSize: 512, roots: 24, dataBlocks: 3, hashBlocks: 1, seed: 16)
        var generator = SeededNumbers(state: 17)
        noise.parity = generator.bytes(noise.parity.count)
        let report = try await noise.check()
        #expect(report.damagedCodewords == 512)
        #expect(report.uncorrectableCodewords.count == 512)
        #expect(report.uncorrectableCodewords.ranges == [0..<512])
    }
}
