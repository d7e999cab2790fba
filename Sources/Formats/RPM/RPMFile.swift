public import AssayBytes

/// An RPM package file of the versions 3, 4 or 6: lead, signature header, main header, payload.
///
/// Reading takes both headers into memory and nothing else; the payload is never read.
/// https://rpm.org/docs/6.0.x/manual/format_v4.html, https://rpm.org/docs/6.0.x/manual/format_v6.html
public struct RPMFile: Hashable, Sendable {
    /// How large the parts of a package may be.
    public struct Limits: Hashable, Sendable {
        /// Index entries of the signature header; rpm accepts 32.
        public var signatureEntries = 32
        /// Data bytes of the signature header; rpm accepts 64 MiB.
        public var signatureData = ByteCount.mebibytes(64)
        /// Index entries of the main header; rpm accepts 65,535.
        public var headerEntries = 0xFFFF
        /// Data bytes of the main header; rpm accepts 256 MiB, and the largest known packages have 30.
        public var headerData = ByteCount.mebibytes(64)

        /// The default limits.
        public init() {}
    }

    /// The file's size.
    public let size: ByteCount
    /// The first 96 bytes.
    public let lead: Lead
    /// The first header, which nothing signs.
    public let signatureHeader: HeaderSection
    /// The bytes between both headers, up to a multiple of eight.
    public let padding: ByteRange
    /// Whether they are all zero.
    public let hasZeroPadding: Bool
    /// The header that describes the package; exactly these bytes are what a header signature or header digest covers.
    public let header: HeaderSection
    /// Everything behind the main header; digests and signatures over the payload go to the end of the file.
    public let payload: ByteRange
    /// The signatures and digests that the package carries, in the order of both indexes; nothing of them is verified.
    public let claims: [IntegrityClaim]

    /// Reads the headers of the package in `source`.
    ///
    /// - Parameters:
    ///   - source: the bytes of the file.
    ///   - limits: how large headers may be.
    /// - Throws: `RPMError` when it is not a package that rpm would accept, or the source's own error.
    public init(_ source: some ByteSource, limits: Limits = Limits()) throws {
        size = source.size
        // Most packages have both headers in the first 16 KiB: one read instead of five.
        let window = try source.prefix(at: .zero, atMost: 16_384)
        guard window.count >= Lead.size else {
            guard window.starts(with: Lead.magic) else {
                throw RPMError(code: .notRPM, offset: .zero, detail: "\(window.count) bytes")
            }
            throw RPMError(code: .truncated, offset: .zero, detail: "the lead has \(Lead.size) bytes")
        }
        lead = try Lead(Array(window.prefix(Lead.size)))
        signatureHeader = try RPMFile.section(
            .signature, source, window, at: UInt64(Lead.size), entries: limits.signatureEntries,
            data: limits.signatureData)
        let end = signatureHeader.range.end.rawValue
        let aligned = (end + 7) & ~7
        padding = ByteRange(end, aligned)
        hasZeroPadding = try RPMFile.bytes(source, window, at: end, count: Int(aligned - end)).allSatisfy { $0 == 0 }
        header = try RPMFile.section(
            .main, source, window, at: aligned, entries: limits.headerEntries, data: limits.headerData)
        payload = ByteRange(header.range.end.rawValue, size.rawValue)
        for pair in HeaderTag.exclusivePairs
        where signatureHeader.contains(pair.signature) && header.contains(pair.header) {
            throw RPMError(
                code: .signatureTagInHeader, offset: header.range.offset,
                detail: "\(pair.header) is in the main header and \(pair.signature) in the signature header")
        }
        claims = try IntegrityClaim.claims(signatureHeader: signatureHeader, header: header, payload: payload)
    }

    /// Bytes out of the window where it has them, or else read from the source.
    private static func bytes(
        _ source: some ByteSource, _ window: [UInt8], at offset: UInt64, count: Int
    ) throws -> [UInt8] {
        if let start = Int(exactly: offset), start <= window.count, count <= window.count - start {
            return Array(window[start..<(start + count)])
        }
        do {
            return try source.bytes(at: ByteOffset(offset), count: count)
        } catch let error as ByteError {
            throw RPMError(code: .truncated, offset: ByteOffset(offset), detail: error.description)
        }
    }

    private static func section(
        _ kind: HeaderKind, _ source: some ByteSource, _ window: [UInt8], at offset: UInt64, entries: Int,
        data: ByteCount
    ) throws -> HeaderSection {
        let intro = try bytes(source, window, at: offset, count: HeaderSection.introSize)
        guard intro.starts(with: HeaderSection.magic) else {
            throw RPMError(code: .headerMagic, offset: ByteOffset(offset), detail: "8E AD E8 01 is missing")
        }
        var cursor = ByteCursor(intro.span)
        try cursor.skip(HeaderSection.magic.count)
        let entryCount = Int(try cursor.u32(.big))
        let dataCount = Int(try cursor.u32(.big))
        guard entryCount <= entries, UInt64(dataCount) <= data.rawValue else {
            throw RPMError(
                code: .tooLarge, offset: ByteOffset(offset + 8),
                detail: "a header of \(entryCount) entries and \(dataCount) bytes")
        }
        let count = HeaderSection.introSize + entryCount * HeaderSection.entrySize + dataCount
        guard UInt64(count) <= source.size.rawValue - offset else {
            throw RPMError(
                code: .truncated, offset: ByteOffset(offset), detail: "a header of \(count) bytes begins here")
        }
        let all = try bytes(source, window, at: offset, count: count)
        let index = try HeaderIndex(kind: kind, bytes: all, entryCount: entryCount, fileOffset: offset)
        return HeaderSection(
            kind: kind, range: ByteRange(offset, offset + UInt64(count)), index: index,
            data: Array(all.suffix(dataCount)))
    }
}
