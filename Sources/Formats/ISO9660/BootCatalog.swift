public import AssayBytes

/// The boot catalog of El Torito ("El Torito" Bootable CD-ROM Format Specification 1.0, section 2).
///
/// <https://pdos.csail.mit.edu/6.828/2018/readings/boot-cdrom.pdf>; EFI: UEFI Specification 2.10, section 13.3.2.
public struct BootCatalog: Hashable, Sendable {
    /// The machine that an image is for.
    public struct Platform: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The number in the catalog.
        public let rawValue: UInt8

        /// A platform by its number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// A PC with a BIOS.
        public static let bios = Platform(rawValue: 0)
        /// A PowerPC.
        public static let powerPC = Platform(rawValue: 1)
        /// A Macintosh.
        public static let mac = Platform(rawValue: 2)
        /// Any machine with UEFI; the image is a FAT file system.
        public static let efi = Platform(rawValue: 0xEF)

        /// The name, or the number.
        public var description: String {
            switch self {
            case .bios: "x86 BIOS"
            case .powerPC: "PowerPC"
            case .mac: "Mac"
            case .efi: "EFI"
            default: "platform 0x" + Hex.encode([rawValue])
            }
        }
    }

    /// What the firmware pretends that the image is.
    public enum Emulation: Hashable, Sendable {
        /// Nothing: the image is loaded and started.
        case none
        /// A floppy disk of this size.
        case floppy(ByteCount)
        /// A hard disk.
        case hardDisk
        /// A number that the specification does not give a meaning.
        case unknown(UInt8)
    }

    /// One image to boot from.
    public struct Image: Hashable, Sendable {
        /// The section's, for the first image the catalog's.
        public let platform: Platform
        /// Whether it is marked bootable.
        public let isBootable: Bool
        /// How it is presented.
        public let emulation: Emulation
        /// The segment it is loaded to; 0 means 0x7C0.
        public let loadSegment: UInt16
        /// Sectors of 512 bytes that are loaded at once.
        public let sectorCount: UInt16
        /// The first block of 2,048 bytes.
        public let block: UInt32
        /// What the firmware reads of the image.
        ///
        /// For EFI with a sector count of 0 or 1 all bytes to the end of the file; for a hard disk only its first
        /// sectors, as the disk's size is in its own partition table.
        public let extent: ISOExtent
        /// Whether all of `extent` lies in the file.
        public let isWithinFile: Bool
    }

    /// A group of images for one platform.
    public struct Section: Hashable, Sendable {
        /// The platform.
        public let platform: Platform
        /// What the section says that it is for, often empty.
        public let identifier: String
        /// Its images.
        public let images: [Image]
    }

    /// Where the catalog is.
    public let offset: ByteOffset
    /// The platform of the first image.
    public let platform: Platform
    /// The manufacturer's name, often empty.
    public let identifier: String
    /// The image that is booted by default.
    public let initial: Image
    /// Further images.
    public let sections: [Section]
    /// What was odd, without making the catalog unreadable.
    public let remarks: [String]

    /// All images, the default one first.
    public var images: [Image] { [initial] + sections.flatMap(\.images) }

    private static let entrySize = 32
    private static let maximumEntries = 256

    /// Reads the catalog at `block`.
    init(_ source: any ByteSource, block: UInt32) throws {
        let start = UInt64(block) * UInt64(VolumeDescriptorSet.sectorSize)
        offset = ByteOffset(start)
        let available = try source.prefix(at: ByteOffset(start), atMost: Self.entrySize * Self.maximumEntries)
        let catalog = ISOBlock(start: start, bytes: available)
        try Self.validate(catalog)
        platform = Platform(rawValue: try catalog.u8(1))
        identifier = Self.text(try catalog.slice(4, 24))
        initial = try Self.image(catalog, at: Self.entrySize, platform, size: source.size)
        var remarks: [String] = []
        (sections, remarks) = try Self.sections(catalog, size: source.size)
        let indicator = try catalog.u8(Self.entrySize)
        if indicator != 0x88, indicator != 0 { remarks.append("the default entry's boot indicator is \(indicator)") }
        self.remarks = remarks
    }

    /// The validation entry: its header, its key bytes, and a sum of zero over its sixteen words.
    private static func validate(_ catalog: ISOBlock) throws(ISO9660Error) {
        guard try catalog.u8(0) == 1 else { throw .malformed(catalog.start, "the boot catalog's header is not 1") }
        guard try catalog.u8(30) == 0x55, try catalog.u8(31) == 0xAA else {
            throw .malformed(catalog.start + 30, "the boot catalog has no key bytes")
        }
        var sum: UInt16 = 0
        for index in stride(from: 0, to: entrySize, by: 2) { sum &+= try catalog.u16(index) }
        guard sum == 0 else { throw .malformed(catalog.start + 28, "the boot catalog's checksum is wrong") }
    }

    private static func sections(
        _ catalog: ISOBlock, size: ByteCount
    ) throws(ISO9660Error) -> (sections: [Section], remarks: [String]) {
        var result: [Section] = []
        var remarks: [String] = []
        var position = 2 * entrySize
        // An image of its own without sections is followed by zeros, or by whatever is in the next block.
        while position < catalog.bytes.count {
            let indicator = try catalog.u8(position)
            guard indicator == 0x90 || indicator == 0x91 else {
                if !result.isEmpty { remarks.append("the last section header says that more follow") }
                return (result, remarks)
            }
            let platform = Platform(rawValue: try catalog.u8(position + 1))
            let count = Int(try catalog.u16(position + 2))
            let identifier = text(try catalog.slice(position + 4, 28))
            position += entrySize
            var images: [Image] = []
            for _ in 0..<count {
                images.append(try image(catalog, at: position, platform, size: size))
                let hasExtension = try catalog.u8(position + 1) & 0x20 != 0
                position += entrySize
                if hasExtension { position = try passExtensions(catalog, from: position) }
            }
            result.append(Section(platform: platform, identifier: identifier, images: images))
            if indicator == 0x91 { return (result, remarks) }
        }
        throw .limit(catalog.start, "a boot catalog without its end")
    }

    private static func passExtensions(_ catalog: ISOBlock, from start: Int) throws(ISO9660Error) -> Int {
        var position = start
        var goesOn = true
        while goesOn {
            guard try catalog.u8(position) == 0x44 else {
                throw .malformed(catalog.start + UInt64(position), "a boot catalog entry's extension is missing")
            }
            goesOn = try catalog.u8(position + 1) & 0x20 != 0
            position += entrySize
        }
        return position
    }

    private static func image(
        _ catalog: ISOBlock, at position: Int, _ platform: Platform, size: ByteCount
    ) throws(ISO9660Error) -> Image {
        let field = ISOBlock(
            start: catalog.start + UInt64(position), bytes: Array(try catalog.slice(position, entrySize)))
        let sectors = try field.u16(6)
        let block = try field.u32(8)
        let start = UInt64(block) * UInt64(VolumeDescriptorSet.sectorSize)
        let emulation = emulation(try field.u8(1))
        let count: UInt64
        switch emulation {
        case .floppy(let size): count = size.rawValue
        case .none where platform == .efi && sectors <= 1:
            count = size.rawValue > start ? size.rawValue - start : 0
        default: count = UInt64(sectors) * 512
        }
        let extent = ISOExtent(offset: ByteOffset(start), count: ByteCount(count))
        return Image(
            platform: platform, isBootable: try field.u8(0) == 0x88, emulation: emulation,
            loadSegment: try field.u16(2), sectorCount: sectors, block: block, extent: extent,
            isWithinFile: count > 0 && extent.isWithin(size))
    }

    private static func emulation(_ media: UInt8) -> Emulation {
        switch media & 0x0F {
        case 0: .none
        case 1: .floppy(ByteCount(1_228_800))
        case 2: .floppy(ByteCount(1_474_560))
        case 3: .floppy(ByteCount(2_949_120))
        case 4: .hardDisk
        case let number: .unknown(number)
        }
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        var bytes = Array(field.prefix { $0 != 0 })
        while bytes.last == 0x20 { bytes.removeLast() }
        return EscapedText(bytes).description
    }
}
