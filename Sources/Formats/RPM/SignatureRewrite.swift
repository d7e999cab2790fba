public import AssayBytes

/// A new signature header for a package.
///
/// The new file is the old one's first `leadSize` bytes, `bytes`, and everything of the old one from `bodyOffset` on.
public struct RewrittenSignatureHeader: Hashable, Sendable {
    /// The header with its padding.
    public let bytes: [UInt8]
    /// How many bytes of the old file stay before it.
    public let leadSize: ByteCount
    /// Where in the old file the main header begins.
    public let bodyOffset: ByteOffset

    /// Whether main header and payload stay where they are.
    public var keepsOffsets: Bool { leadSize.rawValue + UInt64(bytes.count) == bodyOffset.rawValue }
}

extension RPMFile {
    /// The tags of signatures by somebody, for `rewritingSignatureHeader(setting:removing:)` to remove.
    public static let signatureTags: Set<HeaderTag> = [.dsaHeader, .rsaHeader, .openPGP, .pgp, .gpg]

    /// Makes a signature header with other signatures; lead, main header and payload stay as they are.
    ///
    /// The other tags are kept, in ascending order inside one region. What the signatures need is taken from the reserved
    /// space, so that the header keeps its size as long as there is room; without room, it grows and the reserved space goes.
    ///
    /// - Parameters:
    ///   - values: the new values; each replaces the value of its tag.
    ///   - removed: tags to leave out, such as `signatureTags`.
    /// - Returns: the new header, read back and compared.
    /// - Throws: `RPMError.rewrite` when a value is not one of its tag, when a tag that stays stands twice, or when the
    ///   result would be larger than rpm accepts.
    public func rewritingSignatureHeader(
        setting values: [SignatureValue], removing removed: Set<HeaderTag> = []
    ) throws(RPMError) -> RewrittenSignatureHeader {
        let set = Set(values.map(\.tag))
        guard set.count == values.count else { throw rewriteError("two values for one tag") }
        for value in values {
            let entry = HeaderEntry(
                tag: value.tag, type: value.type, offset: 0, count: value.count, length: value.bytes.count,
                isInsideRegion: true)
            guard !value.bytes.isEmpty, TagRule.signatureHeader[value.tag]?.accepts(entry, in: .signature) == true
            else {
                throw rewriteError("\(value.tag) cannot have that value")
            }
        }
        let kept = signatureHeader.entries.filter { !set.contains($0.tag) && !removed.contains($0.tag) }
        for tag in signatureHeader.duplicates where kept.contains(where: { $0.tag == tag }) {
            throw rewriteError("\(tag) stands there twice")
        }
        let all = (values + kept.map { SignatureValue($0, in: signatureHeader) }).sorted { $0.tag < $1.tag }
        let section = fitted(all)
        try check(section, against: all)
        let padded = section + [UInt8](repeating: 0, count: (8 - section.count % 8) % 8)
        return RewrittenSignatureHeader(
            bytes: padded, leadSize: ByteCount(UInt64(Lead.size)), bodyOffset: header.range.offset)
    }

    private func rewriteError(_ detail: String) -> RPMError {
        RPMError(code: .rewrite, offset: signatureHeader.range.offset, detail: detail)
    }

    /// The encoded header, as large as the old one if the reserved space allows it.
    private func fitted(_ values: [SignatureValue]) -> [UInt8] {
        guard let place = values.firstIndex(where: { $0.tag == .reservedSpace || $0.tag == .reserved }) else {
            return HeaderEncoder.encode(values)
        }
        let reserve = values[place]
        let wanted = Int(clamping: signatureHeader.range.count.rawValue)
        // Tags behind the reserve may need other alignment when it changes: at most a few steps until it fits.
        var count = reserve.count
        for _ in 0..<8 {
            var fitting = values
            fitting[place] = .binary(reserve.tag, [UInt8](repeating: 0, count: count))
            let bytes = HeaderEncoder.encode(fitting)
            if bytes.count == wanted { return bytes }
            count += wanted - bytes.count
            guard count > 0 else { break }
        }
        return HeaderEncoder.encode(values.filter { $0.tag != reserve.tag })
    }

    /// Reads the result back: what is written must be what was meant.
    private func check(_ section: [UInt8], against values: [SignatureValue]) throws(RPMError) {
        let count = (section.count - HeaderSection.introSize) / HeaderSection.entrySize
        let entryCount = section[8..<12].reduce(0) { $0 << 8 | Int($1) }
        let limits = Limits()
        guard entryCount <= count, entryCount <= limits.signatureEntries,
            UInt64(section.count) <= limits.signatureData.rawValue
        else { throw rewriteError("\(entryCount) entries in \(section.count) bytes are more than rpm accepts") }
        let offset = signatureHeader.range.offset.rawValue
        let index = try HeaderIndex(kind: .signature, bytes: section, entryCount: entryCount, fileOffset: offset)
        let data = Array(section.dropFirst(HeaderSection.introSize + entryCount * HeaderSection.entrySize))
        let written = HeaderSection(
            kind: .signature, range: ByteRange(offset, offset + UInt64(section.count)), index: index, data: data)
        _ = try IntegrityClaim.claims(signatureHeader: written, header: header, payload: payload)
        let reserves: Set<HeaderTag> = [.reservedSpace, .reserved]
        let isSame =
            values.filter { !reserves.contains($0.tag) }
            == written.entries.filter { !reserves.contains($0.tag) }.map { SignatureValue($0, in: written) }
        guard isSame else { throw rewriteError("the new header does not read back") }
    }
}

extension SignatureValue {
    init(_ entry: HeaderEntry, in section: HeaderSection) {
        self.init(
            tag: entry.tag, type: entry.type, count: entry.count, bytes: Array(section.rawBytes(entry)))
    }
}

/// Writes a signature header that is one region.
enum HeaderEncoder {
    static func encode(_ values: [SignatureValue]) -> [UInt8] {
        var index: [UInt8] = []
        var data: [UInt8] = []
        for value in values {
            if value.type.width > 1, data.count % value.type.width != 0 {
                data += [UInt8](repeating: 0, count: value.type.width - data.count % value.type.width)
            }
            index += entry(value.tag, value.type, UInt32(truncatingIfNeeded: data.count), value.count)
            data += value.bytes
        }
        let entryCount = values.count + 1
        let region = entry(.headerSignatures, .binary, UInt32(truncatingIfNeeded: data.count), HeaderSection.entrySize)
        // The trailer's offset counts backwards over all entries of the index.
        let back = UInt32(bitPattern: -Int32(truncatingIfNeeded: entryCount * HeaderSection.entrySize))
        data += entry(.headerSignatures, .binary, back, HeaderSection.entrySize)
        return HeaderSection.magic + bigEndian(UInt32(truncatingIfNeeded: entryCount))
            + bigEndian(UInt32(truncatingIfNeeded: data.count)) + region + index + data
    }

    private static func entry(_ tag: HeaderTag, _ type: ValueType, _ offset: UInt32, _ count: Int) -> [UInt8] {
        bigEndian(tag.rawValue) + bigEndian(type.rawValue) + bigEndian(offset)
            + bigEndian(UInt32(truncatingIfNeeded: count))
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) }
    }
}
