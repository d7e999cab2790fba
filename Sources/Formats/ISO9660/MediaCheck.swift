public import AssayBytes

/// The checksum that `implantisomd5` puts into an image, and what it is over.
///
/// MD5 by an unsigned value inside the image: it finds damage, never tampering. Nothing is hashed here: `pieces` says
/// what the caller must hash. <https://github.com/rhinstaller/isomd5sum>
public struct MediaCheck: Hashable, Sendable {
    /// A part of what is hashed.
    public enum Piece: Hashable, Sendable {
        /// These bytes of the image.
        case bytes(ISOExtent)
        /// This many spaces, in place of the area that the checksum itself stands in.
        case spaces(Int)
    }

    /// An intermediate checksum.
    public struct Fragment: Hashable, Sendable {
        /// How many bytes of `pieces`, from the start, it is over.
        public let length: ByteCount
        /// What `digits(of:)` of their MD5 must be.
        public let digits: String
    }

    /// The MD5 of all `pieces`, 32 lower-case hexadecimal digits.
    public let md5: String
    /// Blocks of 2,048 bytes at the volume's end that are not covered.
    public let skippedSectors: UInt32
    /// Whether the publisher called the image a supported release; nil when nothing is said.
    public let isSupported: Bool?
    /// What is hashed, in its order.
    public let pieces: [Piece]
    /// The intermediate checksums; empty when there are none, or none that the image is large enough for.
    public let fragments: [Fragment]
    /// Bytes that `pieces` have together.
    public let length: ByteCount

    /// The digits that a fragment compares: of the first bytes of an MD5 the first digit each, leading zeros left out.
    ///
    /// - Parameters:
    ///   - md5: the 16 bytes.
    ///   - count: how many digits.
    /// - Returns: the digits.
    public static func digits(of md5: [UInt8], count: Int) -> String {
        md5.prefix(count).map { String($0 >> 4 == 0 ? $0 & 15 : $0 >> 4, radix: 16) }.joined()
    }

    /// Bytes that both programs of isomd5sum read at once; where fragments end depends on it.
    private static let step: UInt64 = 32_768
    /// Digits of all fragments together.
    private static let fragmentDigits = 60

    /// Reads the primary descriptor's application use field, or returns nil when no checksum was implanted.
    init?(_ descriptor: VolumeDescriptor, size: ByteCount) throws(ISO9660Error) {
        let start = descriptor.offset.rawValue + UInt64(VolumeDescriptor.applicationUseOffset)
        let fields = try MediaCheck.fields(descriptor.applicationUse, start)
        guard let md5 = fields["ISO MD5SUM"] else {
            guard fields.isEmpty else { throw .malformed(start, "a media check without its checksum") }
            return nil
        }
        guard md5.utf8.count == 32, md5.utf8.allSatisfy(MediaCheck.isLowerHex) else {
            throw .malformed(start, "the media check's checksum is not 32 lower-case hexadecimal digits")
        }
        guard let skipped = fields["SKIPSECTORS"].flatMap({ UInt32($0) }) else {
            throw .malformed(start, "the media check does not say how many sectors it leaves out")
        }
        self.md5 = md5
        skippedSectors = skipped
        switch fields["RHLISOSTATUS"] {
        case nil: isSupported = nil
        case "0": isSupported = false
        case "1": isSupported = true
        case .some: throw .malformed(start, "the media check's status is neither 0 nor 1")
        }
        // isomd5sum counts blocks of 2,048 bytes whatever the volume's block size; 32-bit numbers do not overflow.
        let sector = UInt64(VolumeDescriptorSet.sectorSize)
        guard descriptor.blocks >= skipped else {
            throw .malformed(start, "the media check leaves out more sectors than there are")
        }
        let total = UInt64(descriptor.blocks - skipped) * sector
        guard total >= start + 512 else { throw .malformed(start, "the media check does not cover itself") }
        guard total <= size.rawValue else {
            throw ISO9660Error(
                code: .truncated, offset: ByteOffset(total), detail: "the media check covers \(total) bytes")
        }
        length = ByteCount(total)
        pieces = [
            .bytes(ISOExtent(offset: .zero, count: ByteCount(start))), .spaces(512),
            .bytes(ISOExtent(offset: ByteOffset(start + 512), count: ByteCount(total - start - 512))),
        ]
        fragments = try MediaCheck.fragments(fields, total: total, start)
    }

    /// `NAME = value;` and `NAME=value;` fields, up to the first piece that is none.
    private static func fields(_ area: [UInt8], _ start: UInt64) throws(ISO9660Error) -> [String: String] {
        let known = ["ISO MD5SUM", "SKIPSECTORS", "RHLISOSTATUS", "FRAGMENT SUMS", "FRAGMENT COUNT"]
        var result: [String: String] = [:]
        for piece in area.split(separator: 0x3B, omittingEmptySubsequences: false) {
            guard let equals = piece.firstIndex(of: 0x3D) else { continue }
            let name = trimmed(piece[..<equals])
            guard known.contains(name) else { continue }
            guard result.updateValue(trimmed(piece[(equals + 1)...]), forKey: name) == nil else {
                throw .malformed(start, "the media check says '\(name)' twice")
            }
        }
        return result
    }

    private static func fragments(
        _ fields: [String: String], total: UInt64, _ start: UInt64
    ) throws(ISO9660Error) -> [Fragment] {
        guard let sums = fields["FRAGMENT SUMS"], let countText = fields["FRAGMENT COUNT"] else { return [] }
        guard let count = UInt64(countText), (1...60).contains(count), sums.utf8.allSatisfy(isLowerHex) else {
            throw .malformed(start, "the media check's fragments are not hexadecimal digits with their number")
        }
        // Fragments shorter than one read are left out by one program and expected by the other.
        guard sums.utf8.count == fragmentDigits, total / (count + 1) >= step else { return [] }
        let digits = Array(sums.utf8)
        let width = fragmentDigits / Int(count)
        var result: [Fragment] = []
        for number in 1...count {
            // A fragment ends with the first read that begins in the next one: where offset * (count + 1) / total
            // reaches `number`. Totals are below 2^43 and counts below 2^6.
            let boundary = (number * total + count) / (count + 1)
            let reads = (boundary + step - 1) / step
            let first = (Int(number) - 1) * width
            result.append(
                Fragment(
                    length: ByteCount(min((reads + 1) * step, total)),
                    digits: String(decoding: digits[first..<(first + width)], as: UTF8.self)))
        }
        return result
    }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let start = bytes.drop { $0 == 0x20 }
        return String(decoding: start.reversed().drop { $0 == 0x20 }.reversed(), as: UTF8.self)
    }
}
