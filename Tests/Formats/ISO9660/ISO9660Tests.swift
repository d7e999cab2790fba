import AssayBytes
import AssayISO9660
import Testing

private func image(_ fixture: ISOFixture = ISOFixture()) throws -> (ISO9660Image, ByteArraySource) {
    let source = ByteArraySource(fixture.bytes)
    return (try ISO9660Image(source), source)
}

private func names(_ tree: DirectoryTree) -> [String] {
    tree.entries.indices.dropFirst().map { String(decoding: tree.path(of: $0), as: UTF8.self) }
}

/// The error that reading `fixture` wholly ends in.
private func failure(_ fixture: ISOFixture) -> ISO9660Error? {
    do {
        let (image, source) = try image(fixture)
        _ = try image.tree(in: source)
        return nil
    } catch {
        return error as? ISO9660Error
    }
}

struct ISO9660Tests {
    @Test func `the descriptors are read`() throws {
        let (image, source) = try image()
        #expect(image.primary.volumeID == "TEST_AARCH64" && image.primary.systemID == "LINUX")
        #expect(image.primary.publisherID == "PUBLISHER" && image.primary.applicationID == "APPLICATION")
        #expect(image.primary.volumeSetID == "SET" && image.primary.preparerID == "PREPARER")
        #expect(image.primary.volumeSize == source.size)
        // One hour ahead of UTC.
        #expect(image.primary.creation?.secondsSince1970 == 1_795_392_123 && image.primary.creation?.hundredths == 50)
        #expect(image.primary.modification == nil && image.primary.remarks.isEmpty)
        #expect(image.descriptors.joliet?.volumeID == "TEST_AARCH64")
        #expect(image.descriptors.joliet?.encoding == .joliet(level: 3))
        #expect(image.missingBytes == .zero && image.trailingBytes == .zero && !image.descriptors.hasUDF)
        #expect(image.mediaCheck == .absent && !image.systemArea.isHybrid)
    }

    @Test func `names of each view are read`() throws {
        let (image, source) = try image()
        #expect(image.hasRockRidge && image.bestView == .rockRidge)
        #expect(
            names(try image.tree(in: source))
                == ["EFI", "long-name", "MULTI", "EFI/Boot", "EFI/Boot/BOOTAA64.EFI"])
        #expect(
            names(try image.tree(in: source, view: .primary))
                == ["EFI", "LONGNAME.TXT", "MULTI", "EFI/BOOT", "EFI/BOOT/BOOTAA64.EFI"])
        #expect(names(try image.tree(in: source, view: .joliet)) == ["\u{fc}ber.txt"])
    }

    @Test func `files are found by path and read`() throws {
        let (image, source) = try image()
        let tree = try image.tree(in: source)
        let file = try #require(try tree.lookup("/long-name", ignoringCase: false))
        #expect(try ISO9660Image.content(of: file, in: source, limit: ByteCount(5)) == Array("hello".utf8))
        #expect(throws: ISO9660Error.self) { try ISO9660Image.content(of: file, in: source, limit: ByteCount(4)) }
        #expect(try tree.lookup("efi/boot", ignoringCase: false) == nil)
        #expect(try tree.lookup("efi/boot", ignoringCase: true)?.kind == .directory)
        let multi = try #require(try tree.lookup("MULTI", ignoringCase: false))
        #expect(multi.size.rawValue == 2055 && multi.extents.count == 2)
        #expect(tree.file(at: file.extents[0].offset) == 2)
        let boot = try #require(tree.efiBootFiles.first)
        #expect(tree.efiBootFiles.count == 1 && boot.architecture == .aarch64 && boot.place == .tree)
        #expect(
            boot.path == Array("EFI/Boot/BOOTAA64.EFI".utf8)
                && boot.extents == [
                    ISOExtent(offset: ByteOffset(UInt64(ISOFixture.content + 1) * 2048), count: ByteCount(100))
                ])
    }

    @Test func `the boot catalog is read`() throws {
        let (image, _) = try image()
        let catalog = try #require(image.bootCatalog.value)
        #expect(catalog.platform == .bios && catalog.identifier == "VENDOR" && catalog.remarks.isEmpty)
        #expect(catalog.images.map(\.platform) == [.bios, .efi])
        #expect(catalog.images.map(\.sectorCount) == [4, 4] && catalog.images.allSatisfy(\.isBootable))
        #expect(catalog.images.map(\.extent.count.rawValue) == [2048, 2048])
        #expect(catalog.images.allSatisfy { $0.isWithinFile && $0.emulation == .none })
    }

    @Test func `the FAT file system of an EFI image is read`() throws {
        let (image, source) = try image()
        let files = try image.efiBootFiles(inFATImagesOf: source)
        let start = UInt64(ISOFixture.content + 1) * 2048
        #expect(files.map(\.path) == [Array("EFI/BOOT/BOOTAA64.EFI".utf8)] && files[0].size.rawValue == 600)
        #expect(files[0].extents == [ISOExtent(offset: ByteOffset(start + 5 * 512), count: ByteCount(600))])
    }

    @Test(arguments: [
        ([0x04, 0xF0, 0xFF], "endless"), ([0xFF, 0xFF, 0xFF], "shorter"), ([0xF7, 0xF0, 0xFF], "leaves"),
    ])
    func `a chain of clusters that is endless, short or astray is refused`(chain: [UInt8], reason: String) throws {
        var fixture = ISOFixture()
        fixture.put(chain, at: ISOFixture.content + 1, 512 + 6)
        fixture.put(little(UInt32.max), at: ISOFixture.content + 2, 28)
        let (image, source) = try image(fixture)
        let error = #expect(throws: ISO9660Error.self) { try image.efiBootFiles(inFATImagesOf: source) }
        #expect(error?.description.contains(reason) == true)
    }

    @Test(arguments: [0, 1] as [UInt16])
    func `an EFI image of no given size goes to the end`(sectors: UInt16) throws {
        var fixture = ISOFixture()
        fixture.put(ISOFixture.catalog(efiSectors: sectors), at: ISOFixture.catalog, 0)
        let catalog = try #require(try image(fixture).0.bootCatalog.value)
        #expect(catalog.images[1].extent.end?.rawValue == UInt64(fixture.bytes.count))
    }

    @Test func `an image behind the file's end is marked`() throws {
        var fixture = ISOFixture()
        fixture.put(little(UInt32(0xFFFF_FFFF)), at: ISOFixture.catalog, 32 + 8)
        let catalog = try #require(try image(fixture).0.bootCatalog.value)
        #expect(!catalog.initial.isWithinFile)
    }

    @Test(arguments: [(0, "header"), (4, "checksum"), (30, "key bytes"), (0x42, "behind the end")])
    func `a boot catalog that breaks a rule is a fault of its own`(position: Int, reason: String) throws {
        var fixture = ISOFixture()
        fixture.put([0xFF, 0xFF], at: ISOFixture.catalog, position)
        let (image, _) = try image(fixture)
        #expect(try #require(image.bootCatalog.fault).description.contains(reason))
        #expect(image.primary.volumeID == "TEST_AARCH64")
    }

    @Test func `a cut file and one with more behind it are told`() throws {
        let bytes = ISOFixture().bytes
        let cut = try ISO9660Image(ByteArraySource(Array(bytes.dropLast(1))))
        #expect(cut.missingBytes.rawValue == 1)
        let longer = try ISO9660Image(ByteArraySource(bytes + [0, 0]))
        #expect(longer.trailingBytes.rawValue == 2)
        let short = ByteArraySource(Array(bytes.prefix(ISOFixture.content * 2048 + 2)))
        let tree = try ISO9660Image(short).tree(in: short)
        #expect(tree.outside.map { tree.entries[$0].name }.contains(Array("long-name".utf8)))
    }

    @Test(arguments: [
        (84, "volume space size"), (122, "volume set size"), (126, "volume sequence number"),
        (130, "logical block size"), (136, "path table size"), (162, "directory record's block"),
        (170, "directory record's length"),
    ])
    func `numbers in both byte orders must agree`(position: Int, name: String) {
        var fixture = ISOFixture()
        fixture.sectors[ISOFixture.primary][position] ^= 1
        #expect(throws: (any Error).self) { try image(fixture) }
        #expect(failure(fixture)?.code == .malformed && failure(fixture)?.detail.contains(name) == true)
    }

    @Test func `what is no image is refused`() {
        var fixture = ISOFixture()
        fixture.put([0x58], at: ISOFixture.primary, 1)
        #expect(failure(fixture)?.code == .notISO9660)
        #expect(throws: ISO9660Error.self) { try ISO9660Image(ByteArraySource([])) }
        var open = ISOFixture()
        open.put([0x58], at: ISOFixture.terminator, 1)
        #expect(failure(open)?.detail.contains("no terminator") == true)
    }

    @Test func `two different primary descriptors are refused`() {
        var fixture = ISOFixture()
        fixture.sectors[ISOFixture.joliet] = fixture.sectors[ISOFixture.primary]
        #expect(failure(fixture) == nil)
        fixture.sectors[ISOFixture.joliet][41] ^= 1
        #expect(failure(fixture)?.detail.contains("second primary") == true)
    }

    @Test func `a directory that contains itself is refused`() {
        var fixture = ISOFixture()
        let record = ISOFixture.record(Array("LOOP".utf8), ISOFixture.efi, 2048, flags: 2)
        fixture.put(record, at: ISOFixture.boot, 200)
        fixture.put([UInt8](repeating: 0, count: 200), at: ISOFixture.boot, 0)
        fixture.put(record, at: ISOFixture.boot, 0)
        #expect(failure(fixture)?.detail.contains("same content") == true)
    }

    @Test func `continuation areas that follow one another for ever are refused`() {
        var fixture = ISOFixture()
        let loop =
            Array("CE".utf8) + [28, 1] + both(UInt32(ISOFixture.continuation)) + both(UInt32(0)) + both(UInt32(28))
        fixture.put(loop, at: ISOFixture.continuation, 0)
        // The record says 10 bytes; let it say 28.
        let bytes = fixture.sectors[ISOFixture.root]
        if let start = bytes.indices.first(where: { Array(bytes[$0...].prefix(2)) == Array("CE".utf8) }) {
            fixture.put(both(UInt32(28)), at: ISOFixture.root, start + 20)
        }
        #expect(failure(fixture)?.code == .limit)
    }

    @Test func `limits end a walk`() throws {
        let (image, source) = try image()
        var limits = DirectoryTree.Limits()
        limits.entries = 3
        #expect(throws: ISO9660Error.self) { try image.tree(in: source, limits: limits) }
        limits = DirectoryTree.Limits()
        limits.depth = 2
        #expect(throws: ISO9660Error.self) { try image.tree(in: source, limits: limits) }
        limits = DirectoryTree.Limits()
        limits.directoryBytes = 4096
        #expect(throws: ISO9660Error.self) { try image.tree(in: source, limits: limits) }
        limits = DirectoryTree.Limits()
        limits.continuationBytes = 8
        #expect(throws: ISO9660Error.self) { try image.tree(in: source, limits: limits) }
    }

    @Test(arguments: ["..", ".", "a/b"])
    func `names that are none are refused`(name: String) {
        var fixture = ISOFixture()
        fixture.put(
            ISOFixture.record(Array("X".utf8), ISOFixture.content, 5, systemUse: ISOFixture.name(name)),
            at: ISOFixture.boot, 0)
        #expect(failure(fixture)?.detail.contains("is no file name") == true)
    }

    @Test func `names that differ in case only are ambiguous without it`() throws {
        var fixture = ISOFixture()
        let records = ["a", "A"].flatMap {
            ISOFixture.record(Array("X".utf8), ISOFixture.content, 5, systemUse: ISOFixture.name($0))
        }
        fixture.put(records, at: ISOFixture.boot, 0)
        let (image, source) = try image(fixture)
        let tree = try image.tree(in: source)
        #expect(try tree.lookup("EFI/Boot/A", ignoringCase: false)?.kind == .file)
        #expect(throws: ISO9660Error.self) { try tree.lookup("EFI/Boot/A", ignoringCase: true) }
    }

    @Test func `symbolic links are put together`() throws {
        var fixture = ISOFixture()
        // "/", then "..", then "a" continued by "b".
        let parts: [UInt8] = [8, 0, 4, 0, 1, 1, 0x61, 0, 1, 0x62]
        fixture.put([UInt8](repeating: 0, count: 200), at: ISOFixture.boot, 0)
        let link = Array("SL".utf8) + [UInt8(5 + parts.count), 1, 0] + parts
        fixture.put(ISOFixture.record(Array("L".utf8), 0, 0, systemUse: link), at: ISOFixture.boot, 0)
        let (image, source) = try image(fixture)
        let entry = try #require(try image.tree(in: source).lookup("EFI/Boot/L", ignoringCase: false))
        #expect(entry.kind == .symbolicLink(Array("/../ab".utf8)))
    }
}
