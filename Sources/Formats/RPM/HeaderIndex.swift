import AssayBytes

/// The index of a header, checked entry by entry with rpm's own rules.
///
/// What rpm refuses is refused here. Rules: https://github.com/rpm-software-management/rpm, `lib/header.cc`,
/// `hdrblobVerifyRegion` and `hdrblobVerifyInfo`.
struct HeaderIndex {
    private(set) var entries: [HeaderEntry] = []
    private(set) var hasRegion = false
    /// Where in the data the region's trailer is.
    var trailerOffset: Int? { hasRegion ? regionSize - HeaderSection.entrySize : nil }

    /// As in rpm: values of a tag, unless it is bytes.
    private static let maximumArray = 0xFFFFF

    private let kind: HeaderKind
    private let bytes: [UInt8]
    private let fileOffset: UInt64
    private let entryCount: Int
    private let dataStart: Int
    /// Entries and data bytes of the region.
    private var regionEntries = 0
    private var regionSize = 0

    /// Checks the header of `bytes`, from its magic bytes to the end of its data.
    ///
    /// - Parameters:
    ///   - kind: which rules hold.
    ///   - bytes: exactly as many as both counts say.
    ///   - entryCount: the count of index entries.
    ///   - fileOffset: where in the file the bytes are, for errors.
    /// - Throws: `RPMError` when a rule is broken.
    init(kind: HeaderKind, bytes: [UInt8], entryCount: Int, fileOffset: UInt64) throws(RPMError) {
        self.kind = kind
        self.bytes = bytes
        self.fileOffset = fileOffset
        self.entryCount = entryCount
        dataStart = HeaderSection.introSize + entryCount * HeaderSection.entrySize
        try checkRegion()
        try readEntries()
    }

    private var dataCount: Int { bytes.count - dataStart }

    private func number(_ position: Int) -> UInt32 {
        UInt32(bytes[position]) << 24 | UInt32(bytes[position + 1]) << 16 | UInt32(bytes[position + 2]) << 8
            | UInt32(bytes[position + 3])
    }

    private func error(_ code: RPMError.Code, _ position: Int, _ detail: String) -> RPMError {
        RPMError(code: code, offset: ByteOffset(fileOffset + UInt64(position)), detail: detail)
    }

    /// The first entry names the region; its value, the trailer, says how many entries it holds.
    private mutating func checkRegion() throws(RPMError) {
        let position = HeaderSection.introSize
        guard entryCount > 0 else { throw error(.indexEntry, position, "no index entries") }
        let region = HeaderTag(rawValue: number(position))
        guard region == kind.region else { return }
        let offset = Int(number(position + 8))
        guard number(position + 4) == ValueType.binary.rawValue, number(position + 12) == 16 else {
            throw error(.region, position, "the region's entry is not 16 bytes")
        }
        guard offset <= dataCount - HeaderSection.entrySize else {
            throw error(.region, position, "the region's trailer lies outside of the data")
        }
        let trailer = dataStart + offset
        let tag = HeaderTag(rawValue: number(trailer))
        // rpm of 2000 to 2002 wrote the tag of another region into the trailer of signature headers.
        guard tag == region || (kind == .signature && tag == .headerImage),
            number(trailer + 4) == ValueType.binary.rawValue, number(trailer + 12) == 16
        else { throw error(.region, trailer, "the region's trailer is not one") }
        // The trailer's offset counts backwards over the entries of the region.
        let (back, overflow) = Int32(bitPattern: number(trailer + 8)).multipliedReportingOverflow(by: -1)
        guard !overflow, back > 0, Int(back) % HeaderSection.entrySize == 0 else {
            throw error(.region, trailer, "the trailer's offset is no number of entries")
        }
        regionEntries = Int(back) / HeaderSection.entrySize
        regionSize = offset + HeaderSection.entrySize
        guard regionEntries <= entryCount else {
            throw error(.region, trailer, "the region has more entries than the header")
        }
        guard kind == .signature || (regionEntries == entryCount && regionSize == dataCount) else {
            throw error(
                .outsideRegion, trailer,
                "the region has \(regionEntries) of \(entryCount) entries and \(regionSize) of \(dataCount) bytes")
        }
        hasRegion = true
    }

    private mutating func readEntries() throws(RPMError) {
        entries.reserveCapacity(entryCount)
        var end = 0
        var regionSum = 0
        for index in (hasRegion ? 1 : 0)..<entryCount {
            let position = HeaderSection.introSize + index * HeaderSection.entrySize
            let entry = try entry(at: position, isInsideRegion: index < regionEntries, from: end)
            end = entry.offset + entry.length
            if entry.isInsideRegion {
                let width = max(entry.type.width, 1)
                regionSum = (regionSum + width - 1) / width * width + entry.length
            }
            if let rule = TagRule.rule(for: entry.tag, in: kind), !rule.accepts(entry, in: kind) {
                throw error(
                    .tagValue, position, "\(entry.tag) of type \(entry.type.rawValue) with \(entry.count) values")
            }
            guard kind == .signature || !entry.tag.belongsToSignatureHeader else {
                throw error(.signatureTagInHeader, position, "\(entry.tag)")
            }
            entries.append(entry)
        }
        // rpm adds up the lengths of a region's values and refuses to load a header with room between them.
        guard !hasRegion || regionSum + HeaderSection.entrySize == regionSize else {
            throw error(.region, dataStart, "the region's values leave bytes between them")
        }
    }

    /// The entry at `position`, whose data must not begin before `minimum`.
    private func entry(
        at position: Int, isInsideRegion: Bool, from minimum: Int
    ) throws(RPMError) -> HeaderEntry {
        let tag = HeaderTag(rawValue: number(position))
        let offset = Int(number(position + 8))
        let count = Int(number(position + 12))
        // rpm's tags are signed numbers.
        guard tag >= .languages, tag.rawValue <= Int32.max else {
            throw error(.indexEntry, position, "\(tag) must not stand here")
        }
        guard let type = ValueType(rawValue: number(position + 4)) else {
            throw error(.indexEntry, position, "\(tag) has the unknown type \(number(position + 4))")
        }
        guard offset >= minimum else { throw error(.indexEntry, position, "\(tag) overlaps the tag before it") }
        guard offset < dataCount, count > 0, count <= dataCount else {
            throw error(.indexEntry, position, "\(tag) lies outside of the data")
        }
        guard type.isString || offset % type.width == 0 else {
            throw error(.indexEntry, position, "\(tag) is not aligned")
        }
        guard type == .binary || count <= HeaderIndex.maximumArray else {
            throw error(.indexEntry, position, "\(tag) has more than \(HeaderIndex.maximumArray) values")
        }
        guard let length = length(type: type, offset: offset, count: count) else {
            throw error(.indexEntry, position, "\(tag) lies outside of the data")
        }
        // The region's trailer is data as well, and no tag may share it.
        guard !hasRegion || offset >= regionSize || offset + length <= regionSize - HeaderSection.entrySize else {
            throw error(.indexEntry, position, "\(tag) overlaps the region's trailer")
        }
        return HeaderEntry(
            tag: tag, type: type, offset: offset, count: count, length: length, isInsideRegion: isInsideRegion)
    }

    /// The bytes that the values take; nil when they do not fit or a string has no end.
    private func length(type: ValueType, offset: Int, count: Int) -> Int? {
        guard type.isString else {
            // At most 2^20 values of 8 bytes, or as many bytes as the data has: the product cannot overflow.
            let length = count * type.width
            return length <= dataCount - offset ? length : nil
        }
        guard type != .string || count == 1 else { return nil }
        var position = dataStart + offset
        for _ in 0..<count {
            while position < bytes.count, bytes[position] != 0 { position += 1 }
            guard position < bytes.count else { return nil }
            position += 1
        }
        return position - dataStart - offset
    }
}
