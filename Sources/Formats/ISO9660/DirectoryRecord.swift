import AssayBytes

/// One record of a directory (ECMA-119, section 9.1).
struct DirectoryRecord {
    /// Where the record is in the image.
    let start: UInt64
    /// The first block, extended attributes included.
    let block: UInt32
    /// Blocks of extended attributes before the data.
    let attributeBlocks: UInt8
    /// Bytes of data.
    let dataLength: UInt32
    let flags: UInt8
    let unitSize: UInt8
    let gapSize: UInt8
    /// The name as it stands, with version number.
    let name: [UInt8]
    /// What is behind the name, for Rock Ridge and others.
    let systemUse: ArraySlice<UInt8>

    var isHidden: Bool { flags & 0x01 != 0 }
    var isDirectory: Bool { flags & 0x02 != 0 }
    /// Whether the next record goes on with the same file.
    var isContinued: Bool { flags & 0x80 != 0 }
    /// The directory's own record.
    var isSelf: Bool { name == [0] }
    /// The record of the directory above.
    var isParent: Bool { name == [1] }

    /// Reads a record that fills `field`.
    init(_ field: ISOBlock) throws(ISO9660Error) {
        start = field.start
        guard Int(try field.u8(0)) == field.bytes.count, field.bytes.count >= 34 else {
            throw .malformed(field.start, "a directory record is \(field.bytes.count) bytes long")
        }
        attributeBlocks = try field.u8(1)
        block = try field.both32(2, "a directory record's block")
        dataLength = try field.both32(10, "a directory record's length")
        flags = try field.u8(25)
        unitSize = try field.u8(26)
        gapSize = try field.u8(27)
        _ = try field.both16(28, "a directory record's volume number")
        let length = Int(try field.u8(32))
        guard length >= 1, 33 + length <= field.bytes.count else {
            throw .malformed(field.start + 32, "a name of \(length) bytes in a record of \(field.bytes.count)")
        }
        name = Array(try field.slice(33, length))
        // A name of even length has a byte of padding; the record may end before it.
        systemUse = field.bytes.dropFirst(33 + length + (length % 2 == 0 ? 1 : 0))
    }

    /// The bytes of data.
    ///
    /// - Throws: for interleaved files, whose bytes are not consecutive.
    func extent(blockSize: UInt16) throws(ISO9660Error) -> ISOExtent {
        guard unitSize == 0, gapSize == 0 else {
            throw ISO9660Error(code: .unsupported, offset: ByteOffset(start), detail: "an interleaved file")
        }
        // A 32-bit number, one byte and a block size of at most 2,048 stay far below 64 bits.
        let first = (UInt64(block) + UInt64(attributeBlocks)) * UInt64(blockSize)
        return ISOExtent(offset: ByteOffset(first), count: ByteCount(UInt64(dataLength)))
    }
}
