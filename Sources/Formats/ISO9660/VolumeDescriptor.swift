public import AssayBytes

/// A primary, supplementary or enhanced volume descriptor (ECMA-119, sections 8.4 and 8.5).
///
/// Texts are without their padding and escaped where they are not printable; Joliet's are decoded from UCS-2.
public struct VolumeDescriptor: Hashable, Sendable {
    /// What names in the descriptor's directory tree are written in.
    public enum Encoding: Hashable, Sendable {
        /// One byte a character.
        case singleByte
        /// Joliet: UCS-2, big-endian, at this level (1 to 3).
        case joliet(level: Int)
    }

    /// Where the descriptor is.
    public let offset: ByteOffset
    /// 1 for the primary one, 2 for supplementary and enhanced ones.
    public let type: UInt8
    /// 1; 2 for an enhanced descriptor.
    public let version: UInt8
    /// How texts and names are written.
    public let encoding: Encoding
    /// The system that may use the system area.
    public let systemID: String
    /// The name of the volume.
    public let volumeID: String
    /// Logical blocks of the volume.
    public let blocks: UInt32
    /// Bytes a logical block: 512, 1,024 or 2,048.
    public let blockSize: UInt16
    /// The name of the set of volumes.
    public let volumeSetID: String
    /// Who published the volume.
    public let publisherID: String
    /// Who prepared it; mastering programs write their name here.
    public let preparerID: String
    /// The application.
    public let applicationID: String
    /// When the volume was made, where it says so.
    public let creation: VolumeTime?
    /// When it was changed last.
    public let modification: VolumeTime?
    /// When it becomes obsolete.
    public let expiration: VolumeTime?
    /// When it may be used first.
    public let effective: VolumeTime?
    /// Bytes of one path table.
    public let pathTableSize: UInt32
    /// The first block of the little-endian path table.
    public let pathTableBlock: UInt32
    /// The root directory.
    public let root: ISOExtent
    /// The 512 bytes for the application's use.
    public let applicationUse: [UInt8]
    /// What was odd in it, without making it unreadable.
    public let remarks: [String]

    /// The first byte of `applicationUse` in a descriptor.
    static let applicationUseOffset = 883

    /// Bytes of the volume by its own account.
    public var volumeSize: ByteCount { ByteCount(UInt64(blocks) * UInt64(blockSize)) }

    init(_ block: ISOBlock) throws(ISO9660Error) {
        offset = ByteOffset(block.start)
        type = try block.u8(0)
        version = try block.u8(6)
        let encoding = VolumeDescriptor.encoding(type: type, escapes: try block.slice(88, 32))
        self.encoding = encoding
        blocks = try block.both32(80, "the volume space size")
        _ = try block.both16(120, "the volume set size")
        _ = try block.both16(124, "the volume sequence number")
        blockSize = try block.both16(128, "the logical block size")
        guard [512, 1024, 2048].contains(blockSize) else {
            throw .malformed(block.start + 128, "the logical block size is \(blockSize)")
        }
        pathTableSize = try block.both32(132, "the path table size")
        pathTableBlock = try block.u32(140)
        let record = try DirectoryRecord(ISOBlock(start: block.start + 156, bytes: Array(try block.slice(156, 34))))
        guard record.isDirectory, !record.isContinued else {
            throw .malformed(block.start + 156, "the root is not a directory")
        }
        root = try record.extent(blockSize: blockSize)
        func text(_ start: Int, _ count: Int) throws(ISO9660Error) -> String {
            VolumeDescriptor.text(try block.slice(start, count), encoding)
        }
        systemID = try text(8, 32)
        volumeID = try text(40, 32)
        volumeSetID = try text(190, 128)
        publisherID = try text(318, 128)
        preparerID = try text(446, 128)
        applicationID = try text(574, 128)
        var remarks: [String] = []
        func time(_ start: Int, _ name: String) throws(ISO9660Error) -> VolumeTime? {
            let field = try block.slice(start, 17)
            do {
                return try VolumeTime(field)
            } catch {
                remarks.append("the \(name) time is not a date")
                return nil
            }
        }
        creation = try time(813, "creation")
        modification = try time(830, "modification")
        expiration = try time(847, "expiration")
        effective = try time(864, "effective")
        applicationUse = Array(try block.slice(VolumeDescriptor.applicationUseOffset, 512))
        if try block.u8(881) != version { remarks.append("the file structure version is \(try block.u8(881))") }
        self.remarks = remarks
    }

    /// Joliet announces itself with one of three escape sequences (Joliet Specification, "SVD Escape Sequences Field").
    private static func encoding(type: UInt8, escapes: ArraySlice<UInt8>) -> Encoding {
        guard type == 2 else { return .singleByte }
        let sequences: [([UInt8], Int)] = [
            ([0x25, 0x2F, 0x40], 1), ([0x25, 0x2F, 0x43], 2), ([0x25, 0x2F, 0x45], 3),
        ]
        return sequences.first { escapes.starts(with: $0.0) }.map { .joliet(level: $0.1) } ?? .singleByte
    }

    private static func text(_ field: ArraySlice<UInt8>, _ encoding: Encoding) -> String {
        var bytes = encoding == .singleByte ? Array(field) : UCS2.utf8(field)
        while let last = bytes.last, last == 0x20 || last == 0 { bytes.removeLast() }
        return EscapedText(bytes).description
    }
}

/// Two bytes a character, big-endian, as Joliet writes texts.
enum UCS2 {
    /// The text as UTF-8; what is no character (a lone surrogate, an odd last byte) becomes U+FFFD.
    static func utf8(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var units: [UInt16] = []
        var high: UInt8?
        for byte in field {
            if let first = high {
                units.append(UInt16(first) << 8 | UInt16(byte))
                high = nil
            } else {
                high = byte
            }
        }
        // Fields of odd length end in half a character of padding.
        if let high, high != 0, high != 0x20 { units.append(0xFFFD) }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }
}
