import AssayBytes
import AssayTestSupport
import AssayVerity
import Testing

/// A field that cannot be, the code of its error and the offset it is found at.
private struct FieldFault: CustomTestStringConvertible, Sendable {
    let name: String
    let at: Int
    let bytes: [UInt8]
    let code: VerityError.Code
    let offset: Int

    init(_ name: String, _ at: Int, _ bytes: [UInt8], _ code: VerityError.Code, offset: Int? = nil) {
        self.name = name
        self.at = at
        self.bytes = bytes
        self.code = code
        self.offset = offset ?? at
    }

    var testDescription: String { name }

    static let all: [FieldFault] =
        [
            FieldFault("magic in upper case", 0, Array("Verity".utf8), .badMagic),
            FieldFault("magic without its zero bytes", 6, [1], .badMagic, offset: 0),
            FieldFault("magic with garbage at its end", 7, [0x20], .badMagic, offset: 0),
            FieldFault("version 0", 8, [0], .unsupportedVersion),
            FieldFault("version 2", 8, [2], .unsupportedVersion),
            FieldFault("version 1 in the other byte order", 8, [0, 0, 0, 1], .unsupportedVersion),
            FieldFault("hash type 2", 12, [2], .unsupportedHashType),
            FieldFault("hash type 256", 12, [0, 1], .unsupportedHashType),
            FieldFault("hash type -1", 12, [255, 255, 255, 255], .unsupportedHashType),
            FieldFault("no algorithm", 32, [UInt8](repeating: 0, count: 32), .unsupportedAlgorithm),
            FieldFault("algorithm in upper case", 32, Array("SHA256".utf8), .unsupportedAlgorithm),
            FieldFault("algorithm that is not known", 32, Array("md5\0\0\0".utf8), .unsupportedAlgorithm),
            FieldFault("algorithm that goes on", 38, Array("0".utf8), .unsupportedAlgorithm, offset: 32),
            FieldFault("algorithm without an end", 32, [UInt8](repeating: 0x61, count: 32), .unsupportedAlgorithm),
            FieldFault("algorithm of bytes that are no text", 32, [0xFF, 0x1B], .unsupportedAlgorithm),
            FieldFault("garbage behind the algorithm", 39, [1], .paddingNotZero),
            FieldFault("garbage at the end of the algorithm", 63, [1], .paddingNotZero),
            FieldFault("more data blocks than a file has", 72, [0, 0, 0, 0, 0, 0, 8, 0], .badBlockCount),
            FieldFault("2^64 - 1 data blocks", 72, [UInt8](repeating: 255, count: 8), .badBlockCount),
            FieldFault("2^52 data blocks, whose size wraps to 0", 72, [0, 0, 0, 0, 0, 0, 16, 0], .badBlockCount),
            FieldFault("no data blocks", 72, [UInt8](repeating: 0, count: 8), .badBlockCount),
            FieldFault("salt of 257 bytes", 80, [1, 1], .badSaltSize),
            FieldFault("salt of 65,535 bytes", 80, [255, 255], .badSaltSize),
            FieldFault("salt shorter than what is there", 80, [2], .paddingNotZero, offset: 90),
        ]
        + [82, 87, 91, 100, 343, 344, 511].map { FieldFault("garbage at \($0)", $0, [0x80], .paddingNotZero) }
        + [64, 68].flatMap { at in
            [0, 1, 511, 513, 768, 1536, 4095, 1 << 20, 1 << 31, 0xFFFF_FFFF].map { (size: UInt32) in
                let bytes = (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * UInt32($0))) }
                return FieldFault("\(at == 64 ? "data" : "hash") block size \(size)", at, bytes, .badBlockSize)
            }
        }
}

struct SuperblockTests {
    /// A superblock of ten blocks of 4096 bytes with a salt of three bytes.
    static func valid() throws -> [UInt8] {
        Superblock(uuid: Array(1...16), parameters: try TreeParameters(dataBlocks: 10, salt: [7, 8, 9])).bytes
    }

    @Test func `the fields are where the format has them`() throws {
        let bytes = try SuperblockTests.valid()
        var expected = Array("verity\0\0".utf8) + [1, 0, 0, 0, 1, 0, 0, 0] + Array(1...16)
        expected += Array("sha256".utf8) + [UInt8](repeating: 0, count: 26)
        expected += [0, 16, 0, 0, 0, 16, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 7, 8, 9]
        expected += [UInt8](repeating: 0, count: 512 - expected.count)
        #expect(bytes == expected)
    }

    @Test func `what is written is what is read`() throws {
        var generator = SeededNumbers(state: 1)
        for round in 0..<300 {
            let parameters = try TreeParameters(
                hashType: HashType.allCases[round % 2], algorithm: HashAlgorithm.allCases[round / 2 % 4],
                dataBlockSize: TreeParameters.blockSizes[round % 11],
                hashBlockSize: TreeParameters.blockSizes[round / 11 % 11],
                dataBlocks: UInt64.random(
                    in: 1...(1 << UInt64.random(in: 0...43, using: &generator)), using: &generator),
                salt: generator.bytes(round == 0 ? 256 : Int.random(in: 0...256, using: &generator)))
            let superblock = Superblock(uuid: generator.bytes(16), parameters: parameters)
            let bytes = superblock.bytes
            #expect(bytes.count == Superblock.size)
            #expect(try Superblock(parsing: bytes) == superblock)
            // What comes behind is not the superblock's.
            #expect(try Superblock(parsing: bytes + [1, 2, 3]) == superblock)
        }
    }

    @Test(arguments: FieldFault.all)
    private func `a field that cannot be is refused by name and offset`(fault: FieldFault) throws {
        var bytes = try SuperblockTests.valid()
        bytes.replaceSubrange(fault.at..<fault.at + fault.bytes.count, with: fault.bytes)
        let error = #expect(throws: VerityError.self) { try Superblock(parsing: bytes) }
        #expect(error?.code == fault.code)
        #expect(error?.offset == fault.offset)
        // The sentence goes to a terminal, whatever the bytes were.
        #expect(
            error?.description.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) } == false)
    }

    @Test func `an upper-case algorithm is told apart from an unknown one`() throws {
        var bytes = try SuperblockTests.valid()
        bytes.replaceSubrange(32..<38, with: Array("SHA256".utf8))
        let upper = #expect(throws: VerityError.self) { try Superblock(parsing: bytes) }
        #expect(upper?.description == "the hash algorithm is 'SHA256': the kernel knows it only as 'sha256'")
        bytes.replaceSubrange(32..<38, with: Array("sha255".utf8))
        let unknown = #expect(throws: VerityError.self) { try Superblock(parsing: bytes) }
        #expect(
            unknown?.description == "the hash algorithm is 'sha255', not one of sha1, sha256, sha384, sha512")
    }

    @Test func `parameters are refused as the superblock's are`() throws {
        func code(_ make: @autoclosure () throws(VerityError) -> TreeParameters) -> VerityError.Code? {
            do {
                _ = try make()
                return nil
            } catch {
                return error.code
            }
        }
        for size in [Int.min, -512, 0, 511, 513, 1 << 20, .max] {
            #expect(code(try TreeParameters(dataBlockSize: size, dataBlocks: 1, salt: [])) == .badBlockSize)
            #expect(code(try TreeParameters(hashBlockSize: size, dataBlocks: 1, salt: [])) == .badBlockSize)
        }
        let salt = [UInt8](repeating: 1, count: 257)
        #expect(code(try TreeParameters(dataBlocks: 1, salt: salt)) == .badSaltSize)
        #expect(code(try TreeParameters(dataBlocks: 1, salt: Array(salt.dropLast()))) == nil)
        #expect(code(try TreeParameters(dataBlocks: 0, salt: [])) == .badBlockCount)
        #expect(code(try TreeParameters(dataBlocks: (1 << 51) - 1, salt: [])) == nil)
        #expect(code(try TreeParameters(dataBlocks: 1 << 51, salt: [])) == .badBlockCount)
        #expect(code(try TreeParameters(dataBlocks: .max, salt: [])) == .badBlockCount)
    }

    @Test func `a superblock that ends early is truncated at every length`() throws {
        let bytes = try SuperblockTests.valid()
        for length in 0..<512 {
            let error = #expect(throws: VerityError.self) { try Superblock(parsing: Array(bytes.prefix(length))) }
            #expect(error?.code == .truncatedHashArea)
        }
    }

    @Test func `every bit counts: flipped, it is refused or says something else`() throws {
        let bytes = try SuperblockTests.valid()
        let superblock = try Superblock(parsing: bytes)
        var accepted: Set<Int> = []
        for bit in 0..<512 * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let parsed = try? Superblock(parsing: flipped) else { continue }
            #expect(parsed != superblock)
            #expect(parsed.bytes == flipped)
            accepted.insert(bit / 8)
        }
        // Type, UUID, data blocks (not the bits that are too many), salt size (longer, over the zeros) and salt.
        #expect(accepted == Set([12] + Array(16..<32) + Array(72..<79) + [80] + Array(88..<91)))
    }

    @Test func `whatever is accepted is written back to the byte`() throws {
        let valid = try SuperblockTests.valid()
        var generator = SeededNumbers(state: 0xACCE)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = valid
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let at = Int.random(in: 0..<120, using: &generator)
                bytes[at] = Bool.random(using: &generator) ? UInt8.random(in: 0...255, using: &generator) : 0
            }
            guard let superblock = try? Superblock(parsing: bytes) else { continue }
            accepted += 1
            if superblock.bytes != bytes { Issue.record("\(Hex.encode(bytes.prefix(128)))") }
        }
        #expect(accepted > 100)
    }

    @Test func `a superblock is read at a sector only`() throws {
        let source = MemorySource([UInt8](repeating: 0, count: 1024) + (try SuperblockTests.valid()))
        #expect(try Superblock.read(from: source, at: 1024).parameters.dataBlocks == 10)
        for offset in [1, 511, 513, 1023, .max] as [UInt64] {
            let error = #expect(throws: VerityError.self) { try Superblock.read(from: source, at: offset) }
            #expect(error?.code == .unalignedOffset)
        }
        for offset in [1536, 4096, UInt64.max - 511] {
            let error = #expect(throws: VerityError.self) { try Superblock.read(from: source, at: offset) }
            #expect(error?.code == .truncatedHashArea)
        }
        let error = #expect(throws: VerityError.self) { try Superblock.read(from: source, at: 512) }
        #expect(error?.code == .badMagic)
    }
}
