import AssayBytes

/// The directories of a FAT file system inside an image, read as far as firmware looks for boot files.
///
/// Microsoft FAT specification (EFI FAT32 File System Specification 1.03). FAT12, FAT16 and FAT32.
struct FATDirectory {
    /// An entry of a directory.
    struct Entry {
        /// The long name where there is one, else the short one.
        let name: [UInt8]
        let isDirectory: Bool
        let cluster: UInt32
        let size: UInt32
    }

    private let source: any ByteSource
    /// The file system's bytes; nothing outside of them is read.
    private let extent: ISOExtent
    private let bytesPerCluster: UInt64
    private let clusters: UInt32
    private let tableStart: UInt64
    private let bits: UInt64
    private let rootStart: UInt64
    private let rootBytes: UInt64
    private let rootCluster: UInt32
    private let dataStart: UInt64

    private static let maximumDirectoryBytes: UInt64 = 1 << 20

    /// Reads the boot sector; nil when it is not that of a FAT file system.
    init?(_ source: any ByteSource, in extent: ISOExtent) throws {
        let start = extent.offset.rawValue
        guard extent.isWithin(source.size), extent.count.rawValue >= 512 else { return nil }
        let boot = try ISOBlock(source, at: start, count: 512, "a FAT boot sector")
        let sector = UInt64(try boot.u16(11))
        let sectorsPerCluster = UInt64(try boot.u8(13))
        let reserved = UInt64(try boot.u16(14))
        let tables = UInt64(try boot.u8(16))
        let rootEntries = UInt64(try boot.u16(17))
        let small = UInt64(try boot.u16(19))
        let total = small == 0 ? UInt64(try boot.u32(32)) : small
        let smallTable = UInt64(try boot.u16(22))
        let table = smallTable == 0 ? UInt64(try boot.u32(36)) : smallTable
        guard try boot.u16(510) == 0xAA55, [512, 1024, 2048, 4096].contains(sector),
            sectorsPerCluster > 0, sectorsPerCluster & (sectorsPerCluster - 1) == 0, reserved > 0, (1...2) ~= tables,
            table > 0
        else { return nil }
        let rootSectors = (rootEntries * 32 + sector - 1) / sector
        let dataSector = reserved + tables * table + rootSectors
        guard total > dataSector else { return nil }
        self.source = source
        self.extent = extent
        bytesPerCluster = sector * sectorsPerCluster
        clusters = UInt32(clamping: (total - dataSector) / sectorsPerCluster)
        bits = clusters < 4085 ? 12 : clusters < 65525 ? 16 : 32
        tableStart = start + reserved * sector
        rootStart = start + (reserved + tables * table) * sector
        rootBytes = rootEntries * 32
        rootCluster = bits == 32 ? try boot.u32(44) : 0
        dataStart = start + dataSector * sector
    }

    /// The entries of the root directory, or of the directory that begins at `cluster`.
    func entries(ofDirectoryAt cluster: UInt32?, _ budget: inout Int) throws -> [Entry] {
        var bytes: [UInt8] = []
        if cluster == nil, bits != 32 {
            guard rootBytes <= Self.maximumDirectoryBytes else { throw tooLarge }
            bytes = try read(ISOExtent(offset: ByteOffset(rootStart), count: ByteCount(rootBytes)))
        } else {
            let runs = try extents(from: cluster ?? rootCluster, bytes: nil, &budget)
            for run in runs { bytes += try read(run) }
        }
        return Self.parse(bytes)
    }

    /// Where a file's bytes are, neighbouring clusters joined.
    func extents(of entry: Entry, _ budget: inout Int) throws -> [ISOExtent] {
        entry.size == 0 ? [] : try extents(from: entry.cluster, bytes: UInt64(entry.size), &budget)
    }

    /// Follows a chain of clusters to its end, or for `bytes`; `budget` bounds the work for many long ones.
    private func extents(from first: UInt32, bytes: UInt64?, _ budget: inout Int) throws -> [ISOExtent] {
        var result: [(start: UInt64, count: UInt64)] = []
        var left = bytes ?? Self.maximumDirectoryBytes
        var cluster = first
        var hops: UInt32 = 0
        while left > 0 {
            guard cluster >= 2, cluster - 2 < clusters else {
                throw fault("a chain of clusters leaves the file system")
            }
            hops += 1
            guard hops <= clusters else { throw fault("an endless chain of clusters") }
            budget -= 1
            guard budget >= 0 else {
                throw ISO9660Error.limit(extent.offset.rawValue, "FAT chains of too many clusters")
            }
            let start = dataStart + UInt64(cluster - 2) * bytesPerCluster
            let count = min(left, bytesPerCluster)
            if let last = result.last, last.start + last.count == start {
                result[result.count - 1].count += count
            } else {
                result.append((start, count))
            }
            left -= count
            if left == 0, bytes == nil { throw tooLarge }
            if left == 0 { break }
            let next = try self.next(cluster)
            if next >= endMark {
                guard bytes == nil else { throw fault("a file is shorter than its entry says") }
                break
            }
            cluster = next
        }
        return result.map { ISOExtent(offset: ByteOffset($0.start), count: ByteCount($0.count)) }
    }

    private var endMark: UInt32 { bits == 12 ? 0xFF8 : bits == 16 ? 0xFFF8 : 0x0FFF_FFF8 }

    /// The cluster after `cluster` by the first table.
    private func next(_ cluster: UInt32) throws -> UInt32 {
        let bit = UInt64(cluster) * bits
        let width: UInt64 = bits == 32 ? 4 : 2
        let word = try read(ISOExtent(offset: ByteOffset(tableStart + bit / 8), count: ByteCount(width)))
        let value = word.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        switch bits {
        case 12: return bit % 8 == 0 ? value & 0xFFF : value >> 4
        case 16: return value
        default: return value & 0x0FFF_FFFF
        }
    }

    private func read(_ part: ISOExtent) throws -> [UInt8] {
        guard let end = part.end, let limit = extent.end, end <= limit, part.offset >= extent.offset,
            let count = part.count.asInt
        else { throw fault("a FAT file system leaves its image") }
        return try ISOBlock(source, at: part.offset.rawValue, count: count, "a FAT file system").bytes
    }

    private static func parse(_ bytes: [UInt8]) -> [Entry] {
        var result: [Entry] = []
        var long: [UInt16] = []
        for start in stride(from: 0, to: bytes.count - bytes.count % 32, by: 32) {
            let record = bytes[start..<(start + 32)]
            let first = bytes[start]
            if first == 0 { break }
            let attributes = bytes[start + 11]
            if first == 0xE5 {
                long = []
            } else if attributes & 0x3F == 0x0F {
                // Parts of a long name stand last part first, thirteen characters each.
                let units = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30].map {
                    UInt16(record[start + $0]) | UInt16(record[start + $0 + 1]) << 8
                }
                long = first & 0x40 != 0 ? units : Array((units + long).prefix(260))
            } else {
                if attributes & 0x08 == 0 {
                    let name =
                        long.isEmpty
                        ? short(record)
                        : Array(
                            String(decoding: long.prefix { $0 != 0 && $0 != 0xFFFF }, as: UTF16.self).utf8)
                    let cluster = [start + 21, start + 20, start + 27, start + 26].reduce(UInt32(0)) {
                        $0 << 8 | UInt32(bytes[$1])
                    }
                    let size = (28..<32).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[start + $1]) }
                    if name != [0x2E], name != [0x2E, 0x2E] {
                        result.append(
                            Entry(name: name, isDirectory: attributes & 0x10 != 0, cluster: cluster, size: size))
                    }
                }
                long = []
            }
        }
        return result
    }

    /// Eight letters and three, each padded with blanks.
    private static func short(_ record: ArraySlice<UInt8>) -> [UInt8] {
        let stem = Array(record.prefix(8).reversed().drop { $0 == 0x20 }.reversed())
        let suffix = Array(record.dropFirst(8).prefix(3).reversed().drop { $0 == 0x20 }.reversed())
        return suffix.isEmpty ? stem : stem + [0x2E] + suffix
    }

    private var tooLarge: ISO9660Error { .limit(extent.offset.rawValue, "a FAT directory of too many bytes") }

    private func fault(_ detail: String) -> ISO9660Error { .malformed(extent.offset.rawValue, detail) }
}

extension FATDirectory {
    /// The files `EFI/BOOT/BOOT….EFI` of the file system in `extent`; none when there is no FAT file system.
    ///
    /// - Parameters:
    ///   - source: the file that holds the image.
    ///   - extent: the file system's bytes.
    ///   - place: what `extent` is.
    ///   - budget: clusters that may still be walked over.
    /// - Throws: `ISO9660Error`, or the source's own error.
    /// - Returns: the files in the directory's order.
    static func efiBootFiles(
        _ source: any ByteSource, in extent: ISOExtent, place: EFIBootFile.Place, budget: inout Int
    ) throws -> [EFIBootFile] {
        guard let fat = try FATDirectory(source, in: extent) else { return [] }
        var result: [EFIBootFile] = []
        func directories(_ name: String, in cluster: UInt32?) throws -> [Entry] {
            try fat.entries(ofDirectoryAt: cluster, &budget)
                .filter { $0.isDirectory && $0.name.map(lowered).elementsEqual(name.utf8) }
        }
        // Firmware takes the first of two directories of one name; reading more would only cost work.
        guard let efi = try directories("efi", in: nil).first,
            let boot = try directories("boot", in: efi.cluster).first
        else { return [] }
        for entry in try fat.entries(ofDirectoryAt: boot.cluster, &budget) where !entry.isDirectory && result.count < 64
        {
            guard let architecture = BootArchitecture(fileName: entry.name) else { continue }
            result.append(
                EFIBootFile(
                    place: place, path: Array([efi.name, boot.name, entry.name].joined(separator: [0x2F])),
                    architecture: architecture, extents: try fat.extents(of: entry, &budget),
                    size: ByteCount(UInt64(entry.size))))
        }
        return result
    }
}
