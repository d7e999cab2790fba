import AssayBytes
import Foundation
import Synchronization

/// A small image written field by field, for what no mastering program would write.
struct ISOFixture {
    /// Sectors of the image.
    var sectors: [[UInt8]]

    static let sectorSize = 2048
    /// Where things are.
    static let primary = 16
    static let bootRecord = 17
    static let joliet = 18
    static let terminator = 19
    static let catalog = 20
    static let root = 21
    static let efi = 22
    static let boot = 23
    static let jolietRoot = 24
    static let continuation = 25
    static let content = 26
    static let count = 30

    init() {
        sectors = Array(repeating: [UInt8](repeating: 0, count: Self.sectorSize), count: Self.count)
        sectors[Self.primary] = Self.descriptor(type: 1, root: Self.root)
        sectors[Self.joliet] = Self.descriptor(type: 2, root: Self.jolietRoot)
        put([0] + Array("CD001".utf8) + [1] + Array("EL TORITO SPECIFICATION".utf8), at: Self.bootRecord, 0)
        put(little(UInt32(Self.catalog)), at: Self.bootRecord, 0x47)
        put([255] + Array("CD001".utf8) + [1], at: Self.terminator, 0)
        put(Self.catalog(), at: Self.catalog, 0)
        let start: [UInt8] = Array("SP".utf8) + [7, 1, 0xBE, 0xEF, 0]
        let dots: (Int, Int) -> [UInt8] = { own, parent in
            Self.record([0], own, 2048, flags: 2, systemUse: own == Self.root ? start : [])
                + Self.record([1], parent, 2048, flags: 2)
        }
        // The name of the second entry goes on in a continuation area.
        let more = Array("CE".utf8) + [28, 1] + both(UInt32(Self.continuation)) + both(UInt32(0)) + both(UInt32(10))
        put(
            dots(Self.root, Self.root)
                + Self.record(Array("EFI".utf8), Self.efi, 2048, flags: 2)
                + Self.record(Array("LONGNAME.TXT;1".utf8), Self.content, 5, systemUse: Self.name("long", true) + more)
                + Self.record(Array("MULTI.;1".utf8), Self.content, 2048, flags: 0x80)
                + Self.record(Array("MULTI.;1".utf8), Self.content + 2, 7), at: Self.root, 0)
        put(Self.name("-name"), at: Self.continuation, 0)
        put(
            dots(Self.efi, Self.root)
                + Self.record(Array("BOOT".utf8), Self.boot, 2048, flags: 2, systemUse: Self.name("Boot")),
            at: Self.efi, 0)
        put(
            dots(Self.boot, Self.efi) + Self.record(Array("BOOTAA64.EFI;1".utf8), Self.content + 1, 100),
            at: Self.boot, 0)
        put(
            dots(Self.jolietRoot, Self.jolietRoot)
                + Self.record(wide("\u{fc}ber.txt;1"), Self.content, 5), at: Self.jolietRoot, 0)
        put(Array("hello".utf8), at: Self.content, 0)
        let fat = Self.fat()
        for index in 0..<3 {
            put(
                Array(fat[(index * Self.sectorSize)..<((index + 1) * Self.sectorSize)]), at: Self.content + 1 + index, 0
            )
        }
    }

    /// All bytes.
    var bytes: [UInt8] { Array(sectors.joined()) }

    /// Writes `bytes` into `sector` from `position` on.
    mutating func put(_ bytes: [UInt8], at sector: Int, _ position: Int) {
        sectors[sector].replaceSubrange(position..<(position + bytes.count), with: bytes)
    }

    /// A directory record, of even length.
    static func record(
        _ name: [UInt8], _ block: Int, _ length: Int, flags: UInt8 = 0, systemUse: [UInt8] = []
    ) -> [UInt8] {
        var body: [UInt8] = [0] + both(UInt32(block)) + both(UInt32(length))
        body += [126, 11, 23, 1, 2, 3, 0] + [flags, 0, 0] + both(UInt16(1)) + [UInt8(name.count)] + name
        if name.count % 2 == 0 { body.append(0) }
        body += systemUse
        if body.count % 2 == 0 { body.append(0) }
        return [UInt8(body.count + 1)] + body
    }

    /// A Rock Ridge name entry.
    static func name(_ text: String, _ isContinued: Bool = false) -> [UInt8] {
        Array("NM".utf8) + [UInt8(5 + text.utf8.count), 1, isContinued ? 1 : 0] + Array(text.utf8)
    }

    private static func descriptor(type: UInt8, root: Int) -> [UInt8] {
        func text(_ value: String, _ count: Int) -> [UInt8] {
            let bytes = type == 2 ? wide(value) : Array(value.utf8)
            let padding: [UInt8] = type == 2 ? [0, 0x20] : [0x20]
            return bytes + (0..<(count - bytes.count)).map { padding[$0 % padding.count] }
        }
        var bytes: [UInt8] = [type] + Array("CD001".utf8) + [1, 0] + text("LINUX", 32) + text("TEST_AARCH64", 32)
        bytes += [UInt8](repeating: 0, count: 8) + both(UInt32(count))
        bytes += type == 2 ? [0x25, 0x2F, 0x45] + [UInt8](repeating: 0, count: 29) : [UInt8](repeating: 0, count: 32)
        bytes += both(UInt16(1)) + both(UInt16(1)) + both(UInt16(2048)) + both(UInt32(10))
        bytes += little(UInt32(27)) + little(UInt32(0)) + [UInt8](repeating: 0, count: 8)
        bytes += record([0], root, 2048, flags: 2)
        bytes += text("SET", 128) + text("PUBLISHER", 128) + text("PREPARER", 128) + text("APPLICATION", 128)
        bytes += text("", 37) + text("", 37) + text("", 37)
        let none = [UInt8](repeating: 0x30, count: 16) + [0]
        bytes += Array("2026112301020350".utf8) + [4] + none + none + none + [1, 0]
        bytes += [UInt8](repeating: 0x20, count: 512)
        return bytes + [UInt8](repeating: 0, count: 2048 - bytes.count)
    }

    /// A FAT12 file system of twelve sectors with `EFI/BOOT/BOOTAA64.EFI`, a file of two clusters.
    static func fat() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 12 * 512)
        func put(_ part: [UInt8], _ position: Int) {
            bytes.replaceSubrange(position..<(position + part.count), with: part)
        }
        func entry(_ name: String, _ attributes: UInt8, _ cluster: UInt16, _ size: UInt32) -> [UInt8] {
            Array(name.utf8) + [attributes] + [UInt8](repeating: 0, count: 14) + little(cluster) + little(size)
        }
        put(little(UInt16(512)) + [1] + little(UInt16(1)) + [1] + little(UInt16(16)) + little(UInt16(12)) + [0xF8], 11)
        put(little(UInt16(1)), 22)
        put([0x55, 0xAA], 510)
        // Clusters 2 and 3 end themselves, 4 goes on with 5.
        put([0xF8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x05, 0xF0, 0xFF], 512)
        put(entry("EFI        ", 0x10, 2, 0), 1024)
        put(entry(".          ", 0x10, 2, 0) + entry("BOOT       ", 0x10, 3, 0), 1536)
        put(entry("BOOTAA64EFI", 0x20, 4, 600), 2048)
        return bytes
    }

    /// A catalog with one BIOS image and a section with one EFI image.
    static func catalog(efiSectors: UInt16 = 4) -> [UInt8] {
        var validation: [UInt8] = [1, 0, 0, 0] + Array("VENDOR".utf8) + [UInt8](repeating: 0, count: 18)
        validation += [0, 0, 0x55, 0xAA]
        let sum = stride(from: 0, to: 32, by: 2).reduce(UInt16(0)) {
            $0 &+ (UInt16(validation[$1]) | UInt16(validation[$1 + 1]) << 8)
        }
        validation.replaceSubrange(28..<30, with: little(0 &- sum))
        let pad = [UInt8](repeating: 0, count: 20)
        return validation + [0x88, 0, 0, 0, 0, 0] + little(UInt16(4)) + little(UInt32(content)) + pad
            + [0x91, 0xEF] + little(UInt16(1)) + [UInt8](repeating: 0, count: 28)
            + [0x88, 0, 0, 0, 0, 0] + little(efiSectors) + little(UInt32(content + 1)) + pad
    }
}

func little<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

func both<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] { little(value) + little(value).reversed() }

func wide(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } }

/// Bytes of which some are replaced and the last ones cut off, without a copy.
struct AlteredSource: ByteSource {
    let bytes: [UInt8]
    var replaced: [Int: UInt8] = [:]
    var count: Int

    init(_ bytes: [UInt8], replaced: [Int: UInt8] = [:], count: Int? = nil) {
        self.bytes = bytes
        self.replaced = replaced
        self.count = count ?? bytes.count
    }

    var size: ByteCount { ByteCount(UInt64(count)) }

    func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) -> Int {
        guard let start = Int(exactly: offset.rawValue), start < count else { return 0 }
        let length = min(buffer.count, count - start)
        for index in 0..<length { buffer[index] = bytes[start + index] }
        for (index, byte) in replaced where index >= start && index - start < length { buffer[index - start] = byte }
        return length
    }
}

/// A file that is read by position, and how much of it was.
final class FileSource: ByteSource {
    private let descriptor: FileHandle
    let size: ByteCount
    private let total = Mutex(0)

    init(_ path: String) throws {
        descriptor = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        size = ByteCount(try descriptor.seekToEnd())
    }

    /// Bytes that were read so far.
    var bytesRead: Int { total.withLock { $0 } }

    func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) throws -> Int {
        try total.withLock { total in
            try descriptor.seek(toOffset: offset.rawValue)
            let data = try descriptor.read(upToCount: buffer.count) ?? Data()
            for (index, byte) in data.enumerated() { buffer[index] = byte }
            total += data.count
            return data.count
        }
    }
}
