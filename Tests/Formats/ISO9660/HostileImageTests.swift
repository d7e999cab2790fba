import AssayBytes
import AssayISO9660
import AssayTestSupport
import Testing

/// Reads all that there is to read; the result does not matter, that there is one does.
private func readAll(_ source: any ByteSource) -> Int {
    do {
        let image = try ISO9660Image(source)
        var entries = 0
        for view in [DirectoryTree.View.primary, .rockRidge, .joliet] {
            guard let tree = try? image.tree(in: source, view: view) else { continue }
            entries += tree.entries.count + tree.efiBootFiles.count
            for index in tree.entries.indices.prefix(20) { entries += tree.path(of: index).count }
            if let file = try tree.lookup("EFI/BOOT/BOOTAA64.EFI", ignoringCase: true) {
                entries += try ISO9660Image.content(of: file, in: source, limit: ByteCount(4096)).count
            }
        }
        return entries + (try image.efiBootFiles(inFATImagesOf: source).count)
    } catch {
        return -1
    }
}

struct HostileImageTests {
    @Test func `a file cut at any byte is read or refused`() {
        let bytes = ISOFixture().bytes
        var refused = 0
        // Before sector 16 nothing differs but the partition tables.
        for count in Array(stride(from: 0, to: 32_768, by: 4093)) + Array(stride(from: 32_768, to: bytes.count, by: 41))
        where readAll(AlteredSource(bytes, count: count)) < 0 {
            refused += 1
        }
        #expect(refused > 150)
        #expect(readAll(AlteredSource(bytes)) > 0)
    }

    @Test func `no flipped bit stops the reader`() {
        let bytes = ISOFixture().bytes
        var refused = 0
        for sector in ISOFixture.primary..<ISOFixture.content {
            let used = sector == ISOFixture.primary || sector == ISOFixture.joliet ? 900 : 256
            for position in 0..<used where position % 5 == sector % 5 {
                let index = sector * 2048 + position
                let flipped = bytes[index] ^ (1 << UInt8(position % 8))
                if readAll(AlteredSource(bytes, replaced: [index: flipped])) < 0 { refused += 1 }
            }
        }
        let fat = (ISOFixture.content + 1) * 2048
        for index in Array(fat..<(fat + 64)) + Array((fat + 510)..<(fat + 524))
            + Array(stride(from: fat + 1024, to: fat + 2112, by: 3))
        {
            _ = readAll(AlteredSource(bytes, replaced: [index: bytes[index] ^ (1 << UInt8(index % 8))]))
        }
        #expect(refused > 20)
    }

    @Test func `no mutation stops the reader`() {
        let bytes = ISOFixture().bytes
        var numbers = SeededNumbers(state: 4)
        let interesting: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, 33, 34, 255]
        for _ in 0..<300 {
            var replaced: [Int: UInt8] = [:]
            for _ in 0..<Int.random(in: 1...6, using: &numbers) {
                let sector = Int.random(in: 15..<ISOFixture.content, using: &numbers)
                let index = sector * 2048 + Int.random(in: 0..<300, using: &numbers)
                replaced[index] =
                    Bool.random(using: &numbers)
                    ? interesting.randomElement(using: &numbers) : UInt8.random(in: 0...255, using: &numbers)
            }
            _ = readAll(AlteredSource(bytes, replaced: replaced))
        }
    }
}
