internal import AssayBytes

/// One packet: a type and its body (RFC 9580, section 4: https://www.rfc-editor.org/rfc/rfc9580#section-4).
struct Packet {
    /// The types that are looked at (RFC 9580, section 5).
    enum Tag {
        static let signature: UInt8 = 2
        static let secretKey: UInt8 = 5
        static let publicKey: UInt8 = 6
        static let secretSubkey: UInt8 = 7
        static let marker: UInt8 = 10
        static let trust: UInt8 = 12
        static let userID: UInt8 = 13
        static let publicSubkey: UInt8 = 14
        static let userAttribute: UInt8 = 17
        static let padding: UInt8 = 21
        /// The packets of messages: encrypted, compressed, one-pass and literal data.
        static let message: Set<UInt8> = [1, 3, 4, 8, 9, 11, 18, 20]
    }

    /// The packet type.
    let tag: UInt8
    /// What is in it.
    let body: [UInt8]

    /// The most packets of one sequence.
    static let maximumCount = 100_000

    /// The most bytes of a packet of type `tag`; more than any key or signature that is in use.
    private static func maximumSize(of tag: UInt8) -> Int {
        switch tag {
        case Tag.publicKey, Tag.publicSubkey, Tag.userID: 16 * 1024
        case Tag.signature: 256 * 1024
        default: 4 * 1024 * 1024
        }
    }

    /// Reads packets until the bytes end.
    ///
    /// - Throws: `OpenPGPError` for a header that breaks the rules, a partial or indeterminate length, a body that is
    ///   longer than the bytes or than the limit of its type.
    static func sequence(_ bytes: [UInt8]) throws -> [Packet] {
        var packets: [Packet] = []
        var cursor = ByteCursor(bytes.span)
        while !cursor.isAtEnd {
            guard packets.count < maximumCount else {
                throw OpenPGPError(.tooMany, "more than \(maximumCount) packets")
            }
            let start = cursor.position
            do {
                let (tag, length) = try header(&cursor, at: start)
                guard let count = Int(exactly: length), count <= maximumSize(of: tag) else {
                    throw OpenPGPError(.tooLarge, "the packet at \(start) of type \(tag) is \(length) bytes long")
                }
                packets.append(Packet(tag: tag, body: try cursor.bytes(count)))
            } catch let error as ByteError {
                throw OpenPGPError(.truncated, "the packet at \(start) is cut off: \(error)")
            }
        }
        return packets
    }

    private static func header(_ cursor: inout ByteCursor, at start: Int) throws -> (UInt8, UInt32) {
        let first = try cursor.u8()
        guard first & 0x80 != 0 else {
            throw OpenPGPError(.malformedPacket, "no packet starts at \(start)")
        }
        let isNew = first & 0x40 != 0
        let tag = isNew ? first & 0x3F : first >> 2 & 0x0F
        guard tag != 0 else { throw OpenPGPError(.malformedPacket, "the packet at \(start) is of the reserved type 0") }
        guard isNew else {
            switch first & 3 {
            case 0: return (tag, UInt32(try cursor.u8()))
            case 1: return (tag, UInt32(try cursor.u16(.big)))
            case 2: return (tag, try cursor.u32(.big))
            default: throw OpenPGPError(.partialLength, "the packet at \(start) of type \(tag) has no definite length")
            }
        }
        let octet = try cursor.u8()
        switch octet {
        case 0..<192: return (tag, UInt32(octet))
        case 192..<224: return (tag, (UInt32(octet) - 192) << 8 + UInt32(try cursor.u8()) + 192)
        case 255: return (tag, try cursor.u32(.big))
        default: throw OpenPGPError(.partialLength, "the packet at \(start) of type \(tag) has a partial length")
        }
    }

    /// The packets of `bytes`, which are packets or armored blocks that `accepts` by their label.
    static func armoredOrBinary(
        _ bytes: [UInt8], allowsTextOutside: Bool, accepts: (String) throws -> Void
    ) throws -> (packets: [Packet], checksums: [ArmorChecksum]) {
        guard bytes.count <= ArmorBlock.maximumSize else {
            throw OpenPGPError(.tooLarge, "the input is larger than \(ArmorBlock.maximumSize) bytes")
        }
        guard bytes.contains(where: { !LineScanner.isWhiteSpace($0) }) else {
            throw OpenPGPError(.empty, "the input is empty")
        }
        if ArmorBlock.isBinary(bytes) { return (try sequence(bytes), []) }
        let blocks = try ArmorBlock.blocks(in: bytes, accepts: accepts)
        guard !blocks.isEmpty else {
            throw OpenPGPError(.notOpenPGP, "the input is neither a packet nor armored text")
        }
        guard allowsTextOutside || ArmorBlock.textOutside(blocks, in: bytes).isEmpty else {
            throw OpenPGPError(.textOutsideArmor, "there is text outside of the armored block")
        }
        var packets: [Packet] = []
        for block in blocks {
            packets += try sequence(block.bytes)
            guard packets.count <= maximumCount else {
                throw OpenPGPError(.tooMany, "more than \(maximumCount) packets")
            }
        }
        return (packets, blocks.map(\.checksum))
    }
}
