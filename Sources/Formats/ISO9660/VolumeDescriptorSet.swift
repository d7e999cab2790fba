public import AssayBytes

/// The descriptors from sector 16 on, up to the terminator (ECMA-119, section 6.7.1).
public struct VolumeDescriptorSet: Hashable, Sendable {
    /// A boot record descriptor (ECMA-119, section 8.2).
    public struct BootRecord: Hashable, Sendable {
        /// Where the descriptor is.
        public let offset: ByteOffset
        /// Which boot system it is for; El Torito's is `EL TORITO SPECIFICATION`.
        public let systemID: String
        /// The 1,977 bytes for the boot system's use.
        public let systemUse: [UInt8]

        /// The block of El Torito's catalog, or nil when this is another boot system's record.
        public var bootCatalogBlock: UInt32? {
            guard systemID == "EL TORITO SPECIFICATION" else { return nil }
            return systemUse.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    /// The descriptor that every reader must understand.
    public let primary: VolumeDescriptor
    /// Supplementary and enhanced descriptors, in their order.
    public let supplementary: [VolumeDescriptor]
    /// Boot records, in their order.
    public let bootRecords: [BootRecord]
    /// Where the terminator is.
    public let terminator: ByteOffset
    /// Whether a UDF file system is announced behind the set: readers that prefer it see other directories.
    public let hasUDF: Bool
    /// What was odd, without making the set unreadable.
    public let remarks: [String]

    /// The Joliet descriptor, when there is one.
    public var joliet: VolumeDescriptor? { supplementary.first { $0.encoding != .singleByte } }

    /// Bytes a sector; descriptors are one sector each, whatever the logical block size.
    static let sectorSize = 2048
    private static let firstSector: UInt64 = 16
    private static let maximumDescriptors: UInt64 = 64
    private static let standardID = Array("CD001".utf8)

    init(_ source: any ByteSource) throws {
        var primaries: [ISOBlock] = []
        var supplementary: [VolumeDescriptor] = []
        var bootRecords: [BootRecord] = []
        var remarks: [String] = []
        var end: UInt64?
        for sector in Self.firstSector..<(Self.firstSector + Self.maximumDescriptors) {
            let start = sector * UInt64(Self.sectorSize)
            let block: ISOBlock
            do {
                block = try ISOBlock(source, at: start, count: Self.sectorSize, "a volume descriptor")
            } catch let error as ISO9660Error where sector == Self.firstSector {
                throw ISO9660Error(code: .notISO9660, offset: error.offset, detail: "there is no sector 16")
            }
            guard block.bytes[1..<6].elementsEqual(Self.standardID) else {
                guard sector > Self.firstSector else {
                    throw ISO9660Error(
                        code: .notISO9660, offset: ByteOffset(start), detail: "sector 16 holds no volume descriptor")
                }
                throw ISO9660Error.malformed(start, "the volume descriptors have no terminator")
            }
            switch block.bytes[0] {
            case 0: bootRecords.append(Self.bootRecord(block))
            case 1: primaries.append(block)
            case 2: supplementary.append(try VolumeDescriptor(block))
            case 255: end = start
            case let type: remarks.append("a volume descriptor of type \(type)")
            }
            if end != nil { break }
        }
        guard let end else {
            throw ISO9660Error.limit(
                Self.firstSector * UInt64(Self.sectorSize), "more than \(Self.maximumDescriptors) volume descriptors")
        }
        guard let first = primaries.first else {
            throw ISO9660Error.malformed(
                Self.firstSector * UInt64(Self.sectorSize), "there is no primary volume descriptor")
        }
        for other in primaries.dropFirst() where other.bytes != first.bytes {
            throw ISO9660Error.malformed(other.start, "a second primary volume descriptor differs from the first")
        }
        primary = try VolumeDescriptor(first)
        guard primary.version == 1 else {
            throw ISO9660Error.malformed(
                first.start + 6, "the primary volume descriptor's version is \(primary.version)")
        }
        self.supplementary = supplementary
        self.bootRecords = bootRecords
        terminator = ByteOffset(end)
        hasUDF = try Self.findUDF(source, behind: end)
        self.remarks = remarks + primary.remarks
    }

    private static func bootRecord(_ block: ISOBlock) -> BootRecord {
        let name = block.bytes[7..<39].prefix { $0 != 0 }
        return BootRecord(
            offset: ByteOffset(block.start),
            systemID: EscapedText(name.reversed().drop { $0 == 0x20 }.reversed()).description,
            systemUse: Array(block.bytes[71..<2048]))
    }

    /// Looks for `NSR02` or `NSR03` in the extended area that UDF puts behind the set (ECMA-167, part 2, section 8.3).
    private static func findUDF(_ source: any ByteSource, behind terminator: UInt64) throws -> Bool {
        for sector in 1...16 as ClosedRange<UInt64> {
            let id = try source.prefix(at: ByteOffset(terminator + sector * UInt64(sectorSize) + 1), atMost: 5)
            if id.starts(with: Array("NSR0".utf8)) { return true }
            guard ["BEA01", "BOOT2", "CD001", "CDW02", "TEA01"].contains(where: { Array($0.utf8) == id }) else {
                return false
            }
        }
        return false
    }
}
