public import AssayBytes

/// The header of a LUKS2 volume: two copies of a binary header of 4,096 bytes, each followed by a JSON area.
///
/// https://gitlab.com/cryptsetup/LUKS2-docs (LUKS2 On-Disk Format Specification 1.1.4, sections 2 and 3)
public struct LUKS2Header: Hashable, Sendable {
    /// The copy that counts: of the readable ones that with the higher sequence number, the first where they are equal.
    public let primary: Copy
    /// The other copy, when it could be read too.
    public let other: Copy?
    /// What was odd: a copy that is missing or malformed, copies of different sequence numbers.
    public let remarks: [String]

    /// What the JSON area of the copy that counts says.
    public var metadata: LUKS2Metadata { primary.metadata }

    /// One of the two copies.
    public struct Copy: Hashable, Sendable {
        /// Where the copy begins; its own field says the same.
        public let offset: ByteOffset
        /// Bytes of the binary header and the JSON area together.
        public let size: ByteCount
        /// Grows with each change of the metadata.
        public let sequence: UInt64
        /// The name given by the user, often empty.
        public let label: String
        /// The second name given by the user, often empty.
        public let subsystem: String
        /// The UUID as text.
        public let uuid: String
        /// The hash of the checksum (`sha256`).
        public let checksumAlgorithm: String
        /// The checksum field.
        ///
        /// It is not verified here: that takes the hash over `size` bytes from `offset` on, with
        /// the 64 bytes from `offset` + 0x1C0 on taken as zeros.
        public let checksum: [UInt8]
        /// The JSON area, read.
        public let metadata: LUKS2Metadata
    }

    /// Where the second copy may begin, by the allowed sizes of the first.
    public static let secondaryOffsets: [ByteOffset] = [
        0x4000, 0x8000, 0x1_0000, 0x2_0000, 0x4_0000, 0x8_0000, 0x10_0000, 0x20_0000, 0x40_0000,
    ].map { ByteOffset($0) }

    /// Reads both copies from a volume that begins with the magic.
    static func read(from source: some ByteSource) throws -> LUKS2Header {
        var remarks: [String] = []
        var first: Copy?
        var failure = LUKSError.notLUKS
        do {
            first = try readCopy(from: source, at: .zero, magic: LUKSHeader.magic)
        } catch let error as LUKSError {
            failure = error
            remarks.append("first copy: \(error)")
        }
        var second: Copy?
        do {
            let offsets = first.map { [ByteOffset($0.size.rawValue)] } ?? secondaryOffsets
            second = try findSecondary(in: source, at: offsets)
            if second == nil { remarks.append("second copy: not found") }
        } catch let error as LUKSError {
            remarks.append("second copy: \(error)")
        }
        guard let chosen = first ?? second else { throw failure }
        guard let first, let second else { return LUKS2Header(primary: chosen, other: nil, remarks: remarks) }
        if first.sequence != second.sequence { remarks.append("the copies have different sequence numbers") }
        if first.uuid != second.uuid { remarks.append("the copies have different UUIDs") }
        if first.sequence == second.sequence, first.metadata != second.metadata {
            remarks.append("the copies have different metadata under the same sequence number")
        }
        let isSecondNewer = second.sequence > first.sequence
        return LUKS2Header(
            primary: isSecondNewer ? second : first, other: isSecondNewer ? first : second, remarks: remarks)
    }

    /// The header of a volume whose first copy is gone, or nil when no second copy is found either.
    static func findSecondary(in source: some ByteSource) throws -> LUKS2Header? {
        guard let copy = try findSecondary(in: source, at: secondaryOffsets) else { return nil }
        return LUKS2Header(primary: copy, other: nil, remarks: ["first copy: not found"])
    }

    /// The bytes that the second copy begins with: `SKUL`, 0xBA, 0xBE.
    private static let secondMagic: [UInt8] = [0x53, 0x4B, 0x55, 0x4C, 0xBA, 0xBE]

    private static func findSecondary(in source: some ByteSource, at offsets: [ByteOffset]) throws -> Copy? {
        for offset in offsets where try source.prefix(at: offset, atMost: 6) == secondMagic {
            return try readCopy(from: source, at: offset, magic: secondMagic)
        }
        return nil
    }

    private static func readCopy(
        from source: some ByteSource, at offset: ByteOffset, magic: [UInt8]
    ) throws -> Copy {
        let binary = try source.prefix(at: offset, atMost: 4096)
        guard binary.count == 4096 else { throw LUKSError.truncated }
        var cursor = ByteCursor(binary.span)
        guard try cursor.bytes(6) == magic else { throw LUKSError.notLUKS }
        let version = try cursor.u16(.big)
        guard version == 2 else { throw LUKSError.unsupportedVersion(version) }
        let size = try cursor.u64(.big)
        let sequence = try cursor.u64(.big)
        let label = fieldText(try cursor.bytes(48))
        let algorithm = fieldText(try cursor.bytes(32))
        try cursor.skip(64)
        let uuid = fieldText(try cursor.bytes(40))
        let subsystem = fieldText(try cursor.bytes(48))
        let claimedOffset = try cursor.u64(.big)
        try cursor.seek(to: 0x1C0)
        let checksum = try cursor.bytes(64)
        guard secondaryOffsets.contains(ByteOffset(size)) else {
            throw LUKSError.malformed("header size \(size) is not one of those allowed")
        }
        guard claimedOffset == offset.rawValue else {
            throw LUKSError.malformed("copy at \(offset.rawValue) says that it is at \(claimedOffset)")
        }
        guard let jsonStart = offset.advanced(by: ByteCount(4096)) else { throw LUKSError.truncated }
        // At most 4 MiB - 4 KiB: the size is one of the nine above.
        let count = Int(truncatingIfNeeded: size) - 4096
        let json = try source.prefix(at: jsonStart, atMost: count)
        guard json.count == count else { throw LUKSError.truncated }
        return Copy(
            offset: offset, size: ByteCount(size), sequence: sequence, label: label, subsystem: subsystem, uuid: uuid,
            checksumAlgorithm: algorithm, checksum: checksum, metadata: try LUKS2Metadata(jsonArea: json))
    }
}
