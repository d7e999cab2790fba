import AssayBytes

/// What the first 32 KiB hold for machines that read the image as a disk: a boot record and partition tables.
public struct SystemArea: Hashable, Sendable {
    /// A partition of a master boot record or of a GUID partition table.
    public struct Partition: Hashable, Sendable {
        /// Counted from 1.
        public let number: Int
        /// The type: two hexadecimal digits of a boot record's, or a GUID in lower case.
        public let type: String
        /// Its bytes.
        public let extent: ISOExtent
        /// Whether the boot record marks it active.
        public let isActive: Bool

        /// Whether it is an EFI system partition.
        public var isEFISystem: Bool { type == "ef" || type == "c12a7328-f81f-11d2-ba4b-00a0c93ec93b" }
    }

    /// A GUID partition table (UEFI Specification 2.10, section 5.3).
    public struct GUIDPartitionTable: Hashable, Sendable {
        /// The partitions that are in use.
        public let partitions: [Partition]
        /// Whether the checksums of the header and of the entries are right.
        public let areChecksumsRight: Bool
    }

    /// Whether there is a master boot record: the signature at its end.
    public let hasBootRecord: Bool
    /// Whether the boot record's code area is not empty.
    public let hasBootCode: Bool
    /// The boot record's partitions that are in use.
    public let partitions: [Partition]
    /// The GUID partition table, if there is one.
    public let guidPartitionTable: ISOReading<GUIDPartitionTable>
    /// Whether there is an Apple partition map.
    public let hasApplePartitionMap: Bool

    /// Whether the image boots, or pretends to boot, from a disk as well as from an optical medium.
    public var isHybrid: Bool { hasBootRecord && !partitions.isEmpty || guidPartitionTable.value != nil }

    /// All EFI system partitions, of either table.
    public var efiSystemPartitions: [Partition] {
        (partitions + (guidPartitionTable.value?.partitions ?? [])).filter(\.isEFISystem)
    }

    private static let sector: UInt64 = 512

    init(_ source: any ByteSource) throws {
        let record = try ISOBlock(source, at: 0, count: 512, "the boot record")
        hasBootRecord = try record.u16(510) == 0xAA55
        hasBootCode = record.bytes[..<440].contains { $0 != 0 }
        partitions = hasBootRecord ? try Self.partitions(record) : []
        guidPartitionTable = try ISOReading.reading { try Self.readTable(source) }
        hasApplePartitionMap =
            try source.prefix(at: ByteOffset(512), atMost: 2) == Array("PM".utf8)
            || source.prefix(at: ByteOffset(2048), atMost: 2) == Array("PM".utf8)
    }

    private static func partitions(_ record: ISOBlock) throws(ISO9660Error) -> [Partition] {
        var result: [Partition] = []
        for index in 0..<4 {
            let start = 446 + 16 * index
            let type = try record.u8(start + 4)
            let first = UInt64(try record.u32(start + 8))
            let count = UInt64(try record.u32(start + 12))
            // isohybrid and grub-mkrescue write partitions of type 0 that are in use: the size decides.
            guard count > 0 else { continue }
            result.append(
                Partition(
                    number: index + 1, type: Hex.encode([type]),
                    extent: ISOExtent(offset: ByteOffset(first * sector), count: ByteCount(count * sector)),
                    isActive: try record.u8(start) & 0x80 != 0))
        }
        return result
    }

    private static func readTable(_ source: any ByteSource) throws -> GUIDPartitionTable? {
        guard try source.prefix(at: ByteOffset(sector), atMost: 8) == Array("EFI PART".utf8) else { return nil }
        let header = try ISOBlock(source, at: sector, count: 512, "the GUID partition table")
        let headerSize = Int(clamping: try header.u32(12))
        let count = Int(clamping: try header.u32(80))
        let size = Int(clamping: try header.u32(84))
        guard (92...512).contains(headerSize), (1...1024).contains(count), (128...512).contains(size), size % 8 == 0
        else { throw ISO9660Error.malformed(sector, "the GUID partition table's header has sizes out of range") }
        let (start, overflow) = try header.u64(72).multipliedReportingOverflow(by: sector)
        guard !overflow else { throw ISO9660Error.malformed(sector + 72, "the partition entries are out of range") }
        let entries = try ISOBlock(source, at: start, count: count * size, "the partition entries")
        var checked = Array(try header.slice(0, headerSize))
        for index in 16..<20 { checked[index] = 0 }
        let isRight = try CRC32.of(checked) == header.u32(16) && CRC32.of(entries.bytes) == header.u32(88)
        var partitions: [Partition] = []
        for index in 0..<count {
            let base = index * size
            let type = try entries.slice(base, 16)
            guard type.contains(where: { $0 != 0 }) else { continue }
            let first = try entries.u64(base + 32)
            let last = try entries.u64(base + 40)
            guard first <= last, last < UInt64.max / sector else {
                throw ISO9660Error.malformed(entries.start + UInt64(base), "partition \(index + 1) is out of range")
            }
            partitions.append(
                Partition(
                    number: index + 1, type: guid(Array(type)),
                    extent: ISOExtent(
                        offset: ByteOffset(first * sector), count: ByteCount((last - first + 1) * sector)),
                    isActive: false))
        }
        return GUIDPartitionTable(partitions: partitions, areChecksumsRight: isRight)
    }

    /// The text of a GUID whose first three fields are little-endian.
    private static func guid(_ bytes: [UInt8]) -> String {
        [
            bytes[0..<4].reversed(), bytes[4..<6].reversed(), bytes[6..<8].reversed(), Array(bytes[8..<10]),
            Array(bytes[10...]),
        ]
        .map { Hex.encode($0) }.joined(separator: "-")
    }
}

/// The checksum of GUID partition tables.
///
/// It guards against accidents only.
enum CRC32 {
    static func of(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
