import AssayBytes
import AssayRPM
import AssayTestSupport
import Testing

struct HostilePackageTests {
    static let name = TestTag.string(1000, "hello")

    static func header(_ change: (inout TestHeader) -> Void) -> TestPackage {
        TestPackage().with { change(&$0.header) }
    }

    static func signatures(_ change: (inout TestHeader) -> Void) -> TestPackage {
        TestPackage().with { change(&$0.signatures) }
    }

    /// What rpm refuses, each with the reason that we refuse it for.
    static let refused: [(name: String, package: TestPackage, code: RPMError.Code)] = [
        ("version 2", TestPackage().with { $0.leadMajor = 2 }, .unsupportedVersion),
        ("signatures of version 1", TestPackage().with { $0.signatureType = 1 }, .unsupportedVersion),
        ("no entries", header { $0 = TestHeader(region: nil, tags: []) }, .indexEntry),
        ("a tag outside of the immutable region", header { $0.outside = [.string(5000, "x")] }, .outsideRegion),
        ("a region of too few entries", header { $0.trailerOffset = -32 }, .outsideRegion),
        ("a region of too many entries", header { $0.trailerOffset = -16 * 40 }, .region),
        ("a region of no entries", header { $0.trailerOffset = 0 }, .region),
        ("a region that counts forwards", header { $0.trailerOffset = 208 }, .region),
        ("a region of the smallest number", header { $0.trailerOffset = .min }, .region),
        ("a region of half an entry", header { $0.trailerOffset = -200 }, .region),
        ("a number that is negative to rpm", header { $0.tags[0].tag = 0x8000_0001 }, .indexEntry),
        ("bytes between values and trailer", header { $0.gap = [1, 2, 3] }, .region),
        ("bytes between signatures and trailer", signatures { $0.gap = [0, 0, 0] }, .region),
        ("the trailer of another region", header { $0.trailerTag = 62 }, .region),
        ("the trailer of the image", header { $0.trailerTag = 61 }, .region),
        ("the signature region in the main header", header { $0.region = 62 }, .indexEntry),
        ("the main region in the signature header", signatures { $0.region = 63 }, .indexEntry),
        (
            "two regions", header { $0.tags.insert(.binary(63, [UInt8](repeating: 0, count: 16)), at: 0) },
            .indexEntry
        ),
        ("a type that does not exist", header { $0.tags[0].type = 10 }, .indexEntry),
        ("the null type", header { $0.tags[0].type = 0 }, .indexEntry),
        ("no values", header { $0.tags[0].count = 0 }, .indexEntry),
        ("more values than data", header { $0.tags[3].count = 100_000 }, .indexEntry),
        ("values behind the end", header { $0.tags[3].count = 400 }, .indexEntry),
        ("two strings in one", header { $0.tags[0].count = 2 }, .indexEntry),
        ("data over data", header { $0.tags[1].offset = 0 }, .indexEntry),
        ("data behind the end", header { $0.tags[11].offset = 0x7FFF_FFFF }, .indexEntry),
        ("data before the start", header { $0.tags[0].offset = 0xFFFF_FFF0 }, .indexEntry),
        ("unaligned numbers", header { $0.tags[3].offset = 13 }, .indexEntry),
        (
            "data over the trailer",
            header {
                $0.tags[11] = .binary(6000, [UInt8](repeating: 0, count: 12))
                $0.tags[11].count = 20
            }, .indexEntry
        ),
        ("a known tag of another type", header { $0.tags[3] = .string(1006, "now") }, .tagValue),
        ("a digest that is not one", header { $0.tags[10] = .strings(5092, ["zz"]) }, .tagValue),
        ("a digest of another length", header { $0.tags[10] = .strings(5092, ["abcd"]) }, .tagValue),
        // CVE-2021-20271 and CVE-2021-3421: values of the signature header that come to stand in the package's header.
        (
            "a signature tag in the main header", header { $0.tags.insert(.binary(268, [1]), at: 0) },
            .signatureTagInHeader
        ),
        ("a size tag in the main header", header { $0.tags.insert(.int32(257, 1), at: 0) }, .signatureTagInHeader),
        (
            "verity signatures in the main header", header { $0.tags.insert(.strings(276, ["x"]), at: 0) },
            .signatureTagInHeader
        ),
        (
            "IMA signatures in both headers",
            TestPackage().adding(.strings(274, ["00"])).with { $0.header.tags.insert(.strings(5090, ["00"]), at: 10) },
            .signatureTagInHeader
        ),
        (
            "archive size in both headers",
            TestPackage().adding(.int32(1007, 5)).with { $0.header.tags.insert(.int32(1046, 5), at: 8) },
            .signatureTagInHeader
        ),
        ("a signature that is text", TestPackage().adding(.string(268, "x")), .tagValue),
        ("a size of two numbers", TestPackage().adding(.int32(1000, 1, 2)), .tagValue),
        ("an MD5 of 15 bytes", TestPackage().adding(.binary(1004, [UInt8](repeating: 1, count: 15))), .tagValue),
        (
            "a SHA-256 that is bytes", signatures { $0.tags[0] = .binary(273, [UInt8](repeating: 1, count: 64)) },
            .tagValue
        ),
        (
            "a SHA-256 of 40 digits", signatures { $0.tags[0] = .string(273, String(repeating: "0", count: 40)) },
            .tagValue
        ),
        ("IMA signatures that are numbers", TestPackage().adding(.int32(274, 1)), .tagValue),
        ("a signature that is not base 64", TestPackage().adding(.strings(278, ["###"])), .tagValue),
        ("33 signature entries", signatures { $0.tags = (0..<32).map { .string(2000 + $0, "x") } }, .tooLarge),
    ]

    @Test(arguments: refused.indices)
    func `each broken rule is refused for its own reason`(index: Int) throws {
        let (name, package, expected) = HostilePackageTests.refused[index]
        #expect(code { _ = try package.read() } == expected, "\(name)")
    }

    @Test func `the package that the broken ones come from is accepted`() throws {
        #expect(try TestPackage().read().observations.map(\.code) == [.unsigned])
        let old = HostilePackageTests.signatures { $0.trailerTag = 61 }
        #expect(try old.read().observations.map(\.code) == [.unsigned])
    }

    @Test func `counts that do not fit into the file allocate nothing`() throws {
        var bytes = TestPackage().encoded()
        let original = bytes
        for (position, expected) in [(104, RPMError.Code.tooLarge), (108, .tooLarge), (96, .headerMagic)] {
            bytes = original
            bytes.replaceSubrange(position..<(position + 4), with: [0x7F, 0xFF, 0xFF, 0xFF])
            #expect(code { _ = try RPMFile(ByteArraySource(bytes)) } == expected)
        }
        bytes = original
        bytes.replaceSubrange(108..<112, with: [0x03, 0xFF, 0xFF, 0xFF])
        #expect(code { _ = try RPMFile(ByteArraySource(bytes)) } == .truncated)
        var limits = RPMFile.Limits()
        limits.headerData = ByteCount(16)
        #expect(code { _ = try RPMFile(ByteArraySource(original), limits: limits) } == .tooLarge)
    }

    @Test func `no package that ends inside its headers is read`() throws {
        let bytes = try Vectors.bytes("v4-legacy-signed.rpm")
        let end = Int(try Vectors.read("v4-legacy-signed.rpm").payload.offset.rawValue)
        for count in 0..<bytes.count {
            let code = code { _ = try RPMFile(ByteArraySource(Array(bytes.prefix(count)))) }
            if count < 4 {
                #expect(code == .notRPM)
            } else {
                #expect(code == (count < end ? .truncated : nil), "\(count) bytes")
            }
        }
    }

    /// Everything that can be asked about a package; must not crash, and the map must stay whole.
    private func examine(_ bytes: [UInt8]) {
        guard let file = try? RPMFile(ByteArraySource(bytes)) else { return }
        _ = (file.observations, file.identity, file.hashPlan)
        var position = ByteOffset.zero
        var isWhole = true
        for range in file.claimedCoverage {
            isWhole = isWhole && range.range.offset == position
            position = range.range.end
        }
        if !isWhole || position.rawValue != file.size.rawValue { Issue.record("the map has holes") }
        _ = try? file.rewritingSignatureHeader(
            setting: [.headerSignature([1, 2, 3], isRSA: true)], removing: RPMFile.signatureTags)
    }

    @Test func `a flipped bit never crashes`() throws {
        for seed in [
            TestPackage().adding(.strings(278, ["AAAA"])).encoded(), try Vectors.bytes("v4-legacy-signed.rpm"),
        ] {
            for bit in stride(from: 0, to: seed.count * 8, by: 3) {
                var bytes = seed
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                examine(bytes)
            }
        }
    }

    @Test func `random changes never crash`() throws {
        var random = SeededNumbers(state: 20_261_123)
        let seeds = try [
            TestPackage().encoded(), TestPackage().adding(.strings(274, ["00", "11"])).encoded(),
            HostilePackageTests.signatures { $0.outside = [.int32(1000, 77)] }.encoded(),
            Vectors.bytes("v4-legacy-signed.rpm"), Vectors.bytes("test-1.0.0.x86_64.rpm"),
        ]
        for _ in 0..<2000 {
            var bytes = seeds[Int(random.next() % UInt64(seeds.count))]
            for _ in 0...(random.next() % 4) {
                guard !bytes.isEmpty else { break }
                let index = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 6 {
                case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: index)
                case 3: bytes[index] = [0, 1, 7, 0x10, 0x7F, 0x80, 0xFF][Int(random.next() % 7)]
                case 4: bytes.removeLast(min(bytes.count, Int(random.next() % 64)))
                default:
                    let other = Int(random.next() % UInt64(bytes.count))
                    for step in 0..<16 where index + step < bytes.count && other + step < bytes.count {
                        bytes[index + step] = bytes[other + step]
                    }
                }
            }
            examine(bytes)
        }
    }
}
