import AssayPackageDatabase
import Testing

/// A header made of entries, as the specification lays it out.
private struct HeaderMaker {
    private var index: [UInt8] = []
    private var data: [UInt8] = []
    private var count: UInt32 = 0

    static func number(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

    mutating func add(_ tag: RPMTag, _ type: UInt32, count: Int, _ bytes: [UInt8]) {
        index += HeaderMaker.number(tag.rawValue) + HeaderMaker.number(type)
        index += HeaderMaker.number(UInt32(data.count)) + HeaderMaker.number(UInt32(count))
        data += bytes
        self.count += 1
    }

    mutating func add(_ tag: RPMTag, _ text: String) { add(tag, 6, count: 1, Array(text.utf8) + [0]) }

    mutating func add(_ tag: RPMTag, _ texts: [String]) {
        add(tag, 8, count: texts.count, texts.flatMap { Array($0.utf8) + [0] })
    }

    mutating func add(_ tag: RPMTag, _ numbers: [UInt32]) {
        add(tag, 4, count: numbers.count, numbers.flatMap { HeaderMaker.number($0) })
    }

    var blob: [UInt8] { HeaderMaker.number(count) + HeaderMaker.number(UInt32(data.count)) + index + data }
}

private func sample(indexes: [UInt32] = [0, 1, 1]) -> [UInt8] {
    var maker = HeaderMaker()
    maker.add(RPMTag(rawValue: 63), 7, count: 16, [UInt8](repeating: 0xFF, count: 16))
    maker.add(.name, "probe")
    maker.add(.version, "1.2")
    maker.add(.release, "3.azl3")
    maker.add(.epoch, [4])
    maker.add(.architecture, "x86_64")
    maker.add(.sourceRPM, "probe-1.2-3.src.rpm")
    maker.add(.baseNames, ["etc", "a", "b"])
    maker.add(.directoryNames, ["/", "/etc/"])
    maker.add(.directoryIndexes, indexes)
    maker.add(.fileModes, 3, count: 3, [0x41, 0xED, 0x81, 0xA4, 0x89, 0xED])
    maker.add(.fileStates, 1, count: 3, [0, 0, 1])
    maker.add(.fileFlags, [0, 0x40, 1])
    maker.add(.fileCapabilities, ["", "", "cap_net_raw=p"])
    maker.add(.headerRSA, 7, count: 3, [1, 2, 3])
    maker.add(.openPGP, ["AAAA", "BBBB"])
    return maker.blob
}

struct RPMHeaderTests {
    @Test func `a header gives the package and its signatures`() throws {
        let package = try RPMPackage(RPMHeader(sample()))
        #expect(package.nevra == "probe-4:1.2-3.azl3.x86_64")
        #expect(package.sourceRPM == "probe-1.2-3.src.rpm" && package.vendor == nil && !package.isImportedKey)
        #expect(package.signatures.map(\.tag) == [.headerRSA, .openPGP, .openPGP])
        #expect(package.signatures.map(\.bytes) == [[1, 2, 3], Array("AAAA".utf8), Array("BBBB".utf8)])
        #expect(package.signatures.map(\.coversHeaderOnly) == [true, true, true])
    }

    @Test func `a header gives the files`() throws {
        let files = try RPMHeader(sample()).files()
        #expect(files.map { String(decoding: $0.path, as: UTF8.self) } == ["/etc", "/etc/a", "/etc/b"])
        #expect(files.map(\.mode) == [0o040755, 0o100644, 0o104755])
        #expect(files.map(\.isInstalled) == [true, true, false])
        #expect(files.map(\.isGhost) == [false, true, false])
        #expect(files.map(\.capabilities) == [nil, nil, "cap_net_raw=p"])
    }

    @Test func `what the installation added wins over the package's own`() throws {
        var maker = HeaderMaker()
        for name in ["old", "new"] { maker.add(.name, name) }
        maker.add(.version, "1")
        maker.add(.release, "1")
        #expect(try RPMPackage(RPMHeader(maker.blob)).name == "new")
    }

    @Test func `a file in a directory that is not listed is refused`() throws {
        let header = try RPMHeader(sample(indexes: [0, 1, 2]))
        #expect(throws: RPMHeaderError.malformed("a file in a directory that is not listed")) { try header.files() }
        let short = try RPMHeader(sample(indexes: [0]))
        #expect(throws: RPMHeaderError.malformed("file names without their directories")) { try short.files() }
    }

    @Test func `paths that would fill the memory are refused`() throws {
        var maker = HeaderMaker()
        maker.add(.baseNames, [String](repeating: "", count: 100_000))
        maker.add(.directoryNames, [String(repeating: "x", count: 100_000)])
        maker.add(.directoryIndexes, [UInt32](repeating: 0, count: 100_000))
        let header = try RPMHeader(maker.blob)
        #expect(throws: RPMHeaderError.malformed("more than 64 MiB of paths")) { try header.files() }
    }

    @Test func `a header without a name is no package`() throws {
        var maker = HeaderMaker()
        maker.add(.version, "1")
        let header = try RPMHeader(maker.blob)
        #expect(throws: RPMHeaderError.malformed("no name, version or release")) { try RPMPackage(header) }
    }

    @Test func `impossible counts are refused`() {
        #expect(throws: RPMHeaderError.malformed("truncated")) { try RPMHeader([0, 0]) }
        #expect(throws: RPMHeaderError.malformed("0 index entries")) { try RPMHeader([UInt8](repeating: 0, count: 8)) }
        #expect(throws: RPMHeaderError.malformed("65536 index entries")) { try RPMHeader([0, 1, 0, 0, 0, 0, 0, 0]) }
        #expect(throws: RPMHeaderError.self) { try RPMHeader(sample() + [0]) }
        #expect(throws: RPMHeaderError.self) { try RPMHeader([UInt8](repeating: 0xFF, count: 64)) }
    }

    @Test func `truncation, flipped bits and random bytes end in a value or an error`() {
        let good = sample()
        for count in 0..<good.count {
            #expect(throws: RPMHeaderError.self) { try RPMHeader(Array(good[..<count])) }
        }
        for bit in 0..<(good.count * 8) {
            var copy = good
            copy[bit / 8] ^= 1 << UInt8(bit % 8)
            exercise(copy)
        }
        var state: UInt64 = 5
        for _ in 0..<3000 {
            var copy = good
            for _ in 0..<6 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                copy[Int(state >> 33) % copy.count] = UInt8(truncatingIfNeeded: state >> 20)
            }
            exercise(copy)
        }
    }

    private func exercise(_ bytes: [UInt8]) {
        guard let header = try? RPMHeader(bytes) else { return }
        _ = try? RPMPackage(header)
        _ = try? header.files()
    }

    @Test(
        arguments: [
            (Array("SQLite format 3\0".utf8), .sqlite), (Array("RpmP".utf8) + [0, 0], .ndb),
            ([UInt8](repeating: 0, count: 12) + [0x61, 0x15, 0x06, 0], .berkeleyDB),
            ([UInt8](repeating: 0, count: 12) + [0, 0x06, 0x15, 0x61], .berkeleyDB), ([], nil),
            ([UInt8](repeating: 0, count: 16), nil),
        ] as [([UInt8], RPMDatabaseFormat?)])
    func `the format of a database is told by its first bytes`(prefix: [UInt8], format: RPMDatabaseFormat?) {
        #expect(RPMDatabaseFormat(prefix: prefix) == format)
        #expect(RPMDatabaseFormat(prefix: prefix)?.isSupported == format.map { $0 == .sqlite })
    }
}
