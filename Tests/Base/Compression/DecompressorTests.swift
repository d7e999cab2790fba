import AssayBytes
import AssayCompression
import AssayTestSupport
import Testing

private let generous = DecompressionLimits(output: .mebibytes(1))

private func decompress(
    _ input: [UInt8], _ format: CompressionFormat, _ limits: DecompressionLimits = generous,
    _ extent: CompressedExtent = .wholeInput
) throws -> [UInt8] {
    try Decompressor(format, limits: limits, extent: extent).bytes(of: input)
}

private func failure(
    _ input: [UInt8], _ format: CompressionFormat, _ limits: DecompressionLimits = generous,
    _ extent: CompressedExtent = .wholeInput
) -> CompressionError.Code? {
    do {
        _ = try decompress(input, format, limits, extent)
        return nil
    } catch {
        return (error as? CompressionError)?.code
    }
}

struct DecompressorTests {
    @Test(arguments: CompressionFixture.all)
    func `what the tools compress comes out again`(_ fixture: CompressionFixture) throws {
        #expect(try decompress(fixture.bytes, fixture.format) == CompressionFixture.text)
    }

    @Test(arguments: CompressionFixture.all)
    func `the format is told by its first bytes, except that raw deflate has none`(_ fixture: CompressionFixture) {
        let detected = CompressionFormat.detect(fixture.bytes)
        #expect(detected == (fixture.format == .deflate ? nil : fixture.format))
    }

    @Test(
        arguments: [
            ([], nil), ([0x1F], nil), (Array("BZh91AY&SY".utf8), .bzip2),
            ([0x89, 0x4C, 0x5A, 0x4F, 0, 13, 10, 26, 10], .lzo),
            (Array("plain text, quite".utf8), nil), ([0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0], .zstd),
        ] as [([UInt8], CompressionFormat?)])
    func `other first bytes`(_ bytes: [UInt8], _ format: CompressionFormat?) {
        #expect(CompressionFormat.detect(bytes) == format)
    }

    @Test(arguments: [CompressionFormat.bzip2, .lzo])
    func `a known format that is not decompressed says so`(_ format: CompressionFormat) throws {
        let error = try #require(throws: CompressionError.self) { try decompress([0x42], format) }
        #expect(error.code == .unsupported)
        #expect(error.description.contains(format.description))
        #expect(!format.isSupported)
    }

    @Test(arguments: CompressionFixture.all)
    func `cut anywhere, it is truncated and never a shorter answer`(_ fixture: CompressionFixture) {
        let bytes = fixture.bytes
        for count in 0..<bytes.count {
            let code = failure(Array(bytes[..<count]), fixture.format)
            // Legacy LZ4 has no end mark: after the magic number alone there is nothing more to demand.
            if fixture.format == .lz4Legacy, count == 4 || count == 8 { continue }
            #expect(code == .truncated, "cut to \(count) of \(bytes.count)")
        }
    }

    @Test(arguments: CompressionFixture.all)
    func `one flipped bit never crashes and, with a checksum, never passes`(_ fixture: CompressionFixture) throws {
        let bytes = fixture.bytes
        var passed = 0
        for position in 0..<(bytes.count * 8) {
            var changed = bytes
            changed[position / 8] ^= 1 << UInt8(position % 8)
            do {
                if try decompress(changed, fixture.format) == CompressionFixture.text { passed += 1 }
            } catch {
                #expect(error is CompressionError)
            }
        }
        // Header fields that do not reach the output, such as gzip's time, may differ.
        if fixture.format == .xz { #expect(passed == 0) }
    }

    @Test(arguments: CompressionFixture.all)
    func `the output limit is exact`(_ fixture: CompressionFixture) throws {
        let size = UInt64(CompressionFixture.text.count)
        let exact = DecompressionLimits(output: ByteCount(size))
        #expect(try decompress(fixture.bytes, fixture.format, exact) == CompressionFixture.text)
        for limit in [size - 1, 100, 1, 0] {
            let limits = DecompressionLimits(output: ByteCount(limit))
            #expect(failure(fixture.bytes, fixture.format, limits) == .outputLimitExceeded)
        }
    }

    @Test(arguments: CompressionFixture.all)
    func `with 512 bytes of memory nothing is decompressed`(_ fixture: CompressionFixture) {
        let limits = DecompressionLimits(output: .mebibytes(1), memory: ByteCount(512))
        #expect(failure(fixture.bytes, fixture.format, limits) == .memoryLimitExceeded)
    }

    @Test func `a window larger than the memory limit is refused`() throws {
        let xz = try #require(CompressionFixture.all.first { $0.command.hasPrefix("xz -9") })
        let zstd = try #require(CompressionFixture.all.first { $0.command.contains("--long=27") })
        let small = DecompressionLimits(output: .mebibytes(1), memory: .mebibytes(16))
        #expect(failure(xz.bytes, .xz, small) == .memoryLimitExceeded)
        #expect(failure(zstd.bytes, .zstd, small) == .memoryLimitExceeded)
    }

    @Test(arguments: CompressionFixture.all)
    func `bytes behind the stream are refused, or ignored when asked`(_ fixture: CompressionFixture) throws {
        let followed = fixture.bytes + [0x98, 0x05, 0x00, 0x00, 0x77]
        #expect(try decompress(followed, fixture.format, generous, .firstMember) == CompressionFixture.text)
        let expected: CompressionError.Code = .trailingData
        #expect(failure(followed, fixture.format) == expected)
    }

    @Test(arguments: CompressionFixture.all)
    func `members follow one another where the format allows it`(_ fixture: CompressionFixture) throws {
        let twice = fixture.bytes + fixture.bytes
        switch fixture.format {
        case .gzip, .xz, .zstd, .lz4, .lz4Legacy:
            #expect(try decompress(twice, fixture.format) == CompressionFixture.text + CompressionFixture.text)
        default:
            #expect(failure(twice, fixture.format) == .trailingData)
        }
        #expect(try decompress(twice, fixture.format, generous, .firstMember) == CompressionFixture.text)
    }

    @Test(arguments: [CompressionFormat.zstd, .lz4])
    func `skippable frames are passed over`(_ format: CompressionFormat) throws {
        let frame = try #require(CompressionFixture.all.first { $0.format == format }).bytes
        let skippable: [UInt8] = [0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
        #expect(try decompress(skippable + frame, format, generous, .firstMember) == CompressionFixture.text)
        #expect(try decompress(skippable + frame + skippable, format) == CompressionFixture.text)
        #expect(try decompress(skippable, format) == [])
    }

    @Test func `xz padding is groups of four zero bytes`() throws {
        let stream = try #require(CompressionFixture.all.first { $0.format == .xz }).bytes
        let padding = [UInt8](repeating: 0, count: 8)
        let text = CompressionFixture.text
        #expect(try decompress(stream + padding, .xz) == text)
        #expect(try decompress(stream + padding + stream, .xz) == text + text)
        #expect(failure(stream + [0, 0, 0], .xz) == .trailingData)
    }

    @Test(arguments: CompressionFixture.all)
    func `a part of a source, read through a tiny buffer, gives the same`(_ fixture: CompressionFixture) throws {
        let source = ByteArraySource([9, 9, 9] + fixture.bytes + [7, 7])
        let count = ByteCount(UInt64(fixture.bytes.count))
        let plan = Decompressor(fixture.format, limits: generous)
        #expect(try plan.bytes(of: source, at: ByteOffset(3), count: count) == CompressionFixture.text)

        var reader = try DecompressionReader(source, at: ByteOffset(3), count: count, with: plan)
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 7)
        while true {
            var span = buffer.mutableSpan
            let read = try reader.read(into: &span)
            if read == 0 { break }
            result += buffer[..<read]
        }
        #expect(result == CompressionFixture.text)
        #expect(reader.consumed == count)
        #expect(reader.decompressed.rawValue == UInt64(result.count))
    }

    @Test func `a part that reaches out of the source is refused`() {
        let plan = Decompressor(.gzip, limits: generous)
        for (offset, count) in [(UInt64(0), UInt64(5)), (4, 1), (UInt64.max, 1), (1, UInt64.max)] {
            #expect(throws: CompressionError.self) {
                try plan.bytes(of: ByteArraySource([1, 2, 3, 4]), at: ByteOffset(offset), count: ByteCount(count))
            }
        }
        #expect(throws: CompressionError.self) {
            try plan.bytes(of: ByteArraySource([1, 2, 3, 4]), at: ByteOffset(99))
        }
    }

    @Test func `legacy blocks of 8 MiB are followed by another, and a size word ends them`() throws {
        // One literal, then a match of distance 1 that gives the rest of 8 MiB, then the five literals that end a block
        // (LZ4 block format, "End of block conditions").
        let blockSize = 8 * 1024 * 1024
        var block: [UInt8] = [0x1F, 0x61, 1, 0]
        let length = blockSize - 1 - 5 - 4 - 15
        block += [UInt8](repeating: 255, count: length / 255) + [UInt8(length % 255), 0x50] + Array("zzzzz".utf8)
        func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        let short: [UInt8] = [0x30] + Array("end".utf8)
        let full = word(block.count) + block
        let magic: [UInt8] = [0x02, 0x21, 0x4C, 0x18]
        let limits = DecompressionLimits(output: .mebibytes(32))

        let two = try decompress(magic + full + word(short.count) + short, .lz4Legacy, limits)
        #expect(two.count == blockSize + 3)
        #expect(two.suffix(8).elementsEqual(Array("zzzzzend".utf8)))
        let sized = try decompress(magic + full + word(blockSize), .lz4Legacy, limits, .firstMember)
        #expect(sized.count == blockSize)
        #expect(failure(magic + full + word(blockSize), .lz4Legacy, limits) == .trailingData)
        #expect(failure(magic + full + full.prefix(9), .lz4Legacy, limits) == .truncated)
        #expect(failure(magic + word(0) + short, .lz4Legacy, limits) == .corrupt)
        #expect(failure(magic + word(1 << 30) + short, .lz4Legacy, limits) == .corrupt)
    }

    @Test func `a preset dictionary is unsupported`() {
        #expect(failure([0x78, 0xBB, 0, 0, 0, 1, 3, 0], .zlib) == .unsupported)
    }

    @Test func `random changes never crash, hang or pass a limit`() {
        var random = SeededNumbers(state: 0x2545_F491)
        let limits = DecompressionLimits(output: .kibibytes(64), memory: .mebibytes(24))
        for round in 0..<3000 {
            let fixture = CompressionFixture.all[round % CompressionFixture.all.count]
            var bytes = fixture.bytes
            for _ in 0...(random.next() % 4) {
                let position = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[position] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: position)
                case 2: if bytes.count > 1 { bytes.remove(at: position) }
                default: bytes += bytes[position...].prefix(64)
                }
            }
            let format = CompressionFormat.allCases[Int(random.next() % UInt64(CompressionFormat.allCases.count))]
            for format in [fixture.format, format] {
                let extent: CompressedExtent = random.next() % 2 == 0 ? .wholeInput : .firstMember
                do {
                    let result = try decompress(bytes, format, limits, extent)
                    #expect(result.count <= 64 * 1024)
                } catch {
                    #expect(error is CompressionError)
                }
            }
        }
    }
}
