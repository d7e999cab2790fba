import AssayBytes
import AssayTestSupport
import AssayVerity
import Testing

/// `veritysetup dump` and the parse of the same bytes.
@Suite(.enabled(if: hasVeritysetup, "veritysetup (cryptsetup-bin) is missing"))
struct SuperblockDifferentialTests {
    private let scratch = ScratchDirectory()

    private func dump(_ bytes: [UInt8], offset: Int = 0) throws -> (output: String, status: Int32) {
        try scratch.write("hash", bytes)
        return try runVeritysetup(["dump", "--hash-offset=\(offset)", scratch.path + "/hash"])
    }

    /// The lines that veritysetup shows of a superblock.
    private func lines(_ superblock: Superblock) throws -> [String] {
        let parameters = superblock.parameters
        let geometry = try TreeGeometry(parameters, hashOffset: 0, hasSuperblock: true)
        return [
            "UUID: \(Activation.uuid(superblock.uuid))", "Hash type: \(parameters.hashType.rawValue)",
            "Data blocks: \(parameters.dataBlocks)", "Data block size: \(parameters.dataBlockSize)",
            "Hash blocks: \(geometry.blocks)", "Hash block size: \(parameters.hashBlockSize)",
            "Hash algorithm: \(parameters.algorithm)",
            "Salt: \(parameters.salt.isEmpty ? "-" : Hex.encode(parameters.salt))",
            "Hash device size: \(geometry.end.rawValue) [bytes]",
        ]
    }

    /// The lines of an output without its heading, white space made one blank.
    private func lines(_ output: String) -> [String] {
        output.split(separator: "\n").dropFirst().map {
            $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
    }

    @Test func `veritysetup shows the fields that we read in its own headers`() throws {
        var generator = SeededNumbers(state: 21)
        for round in 0..<24 {
            try scratch.write("data", generator.bytes(16_384))
            let salt = generator.bytes([0, 1, 32, 256][round % 4])
            let format = try runVeritysetup([
                "format", "--format=\(round % 2)", "--hash=\(HashAlgorithm.allCases[round / 2 % 4])",
                "--data-block-size=\(512 << (round % 5))", "--hash-block-size=\(512 << (round % 7))",
                "--salt=\(salt.isEmpty ? "-" : Hex.encode(salt))", scratch.path + "/data", scratch.path + "/hash",
            ])
            #expect(format.status == 0, "\(format.output)")
            let bytes = try fileBytes(scratch.path + "/hash")
            let superblock = try Superblock.read(from: MemorySource(bytes), at: 0)
            #expect(superblock.bytes == Array(bytes.prefix(512)))
            #expect(superblock.parameters.salt == salt)
            let dumped = try runVeritysetup(["dump", scratch.path + "/hash"])
            #expect(try lines(superblock) == lines(dumped.output))
        }
    }

    @Test func `what we accept veritysetup accepts, and what it alone accepts is one of the named differences`() throws
    {
        let valid = try SuperblockTests.valid()
        var generator = SeededNumbers(state: 22)
        var both = 0
        var codes: Set<VerityError.Code> = []
        for _ in 0..<300 {
            var bytes = valid
            let fields = [0..<16, 16..<32, 32..<40, 64..<72, 72..<80, 80..<82, 82..<96].randomElement(using: &generator)
            let at = Int.random(in: fields ?? 0..<1, using: &generator)
            bytes[at] = UInt8.random(in: 0...255, using: &generator)
            let theirs = try dump(bytes)
            switch Result(catching: { () throws(VerityError) in try Superblock(parsing: bytes) }) {
            case .success(let superblock):
                #expect(theirs.status == 0, "\(Hex.encode(bytes.prefix(96)))")
                #expect(try lines(superblock) == lines(theirs.output))
                both += 1
            case .failure(let error) where theirs.status == 0: codes.insert(error.code)
            case .failure: #expect(theirs.output.contains("is not a valid VERITY device"))
            }
        }
        #expect(both > 50)
        // The parts where we are stricter, on purpose: the next test has them one by one.
        #expect(codes.isSubset(of: [.paddingNotZero, .unsupportedAlgorithm, .badBlockCount]), "\(codes)")
    }

    /// Superblocks that veritysetup reads and Assay refuses.
    ///
    /// - The kernel compares algorithm names by their case, so `SHA256` shows in a dump and fails when it is activated.
    /// - Bytes that nothing reads are a place to hide a difference between two images, and no tool writes any.
    /// - No data, or more than a file can hold, shows in a dump and fails, or wraps, in all that uses it.
    @Test(
        arguments: [
            ("SHA256", 32, Array("SHA256".utf8), .unsupportedAlgorithm),
            (
                "an algorithm of libgcrypt or OpenSSL that we do not have", 32, Array("sha3-256".utf8),
                .unsupportedAlgorithm
            ),
            ("garbage behind the algorithm", 40, [1], .paddingNotZero), ("padding at 82", 82, [1], .paddingNotZero),
            ("padding behind the salt", 91, [1], .paddingNotZero), ("padding at the end", 511, [1], .paddingNotZero),
            ("no data blocks", 72, [0], .badBlockCount),
            ("2^64 - 1 data blocks", 72, [UInt8](repeating: 255, count: 8), .badBlockCount),
        ] as [(String, Int, [UInt8], VerityError.Code)])
    func `Assay is stricter than veritysetup`(
        name: String, offset: Int, change: [UInt8], code: VerityError.Code
    ) throws {
        var bytes = try SuperblockTests.valid()
        bytes.replaceSubrange(offset..<offset + change.count, with: change)
        #expect(try dump(bytes).status == 0, "veritysetup refuses it too: this is no difference any more")
        let error = #expect(throws: VerityError.self) { try Superblock(parsing: bytes) }
        #expect(error?.code == code)
    }

    @Test func `both refuse a header that is cut off or not at a sector`() throws {
        let bytes = try SuperblockTests.valid()
        #expect(try dump(Array(bytes.prefix(511))).status == 1)
        #expect(try dump(bytes, offset: 100).output.contains("Unsupported VERITY hash offset"))
        #expect(try dump(bytes).status == 0)
    }
}
