public import AssayBytes

/// The type of a tag's values.
public enum ValueType: UInt32, Hashable, Sendable {
    /// Single characters.
    case character = 1
    /// 8-bit numbers.
    case int8 = 2
    /// 16-bit numbers.
    case int16 = 3
    /// 32-bit numbers.
    case int32 = 4
    /// 64-bit numbers.
    case int64 = 5
    /// One string that a zero byte ends.
    case string = 6
    /// Bytes.
    case binary = 7
    /// Strings, each ended by a zero byte.
    case stringArray = 8
    /// One string in several languages.
    case i18nString = 9

    /// Whether zero bytes end the values.
    var isString: Bool { self == .string || self == .stringArray || self == .i18nString }

    /// Bytes of a value; 0 for strings.
    var width: Int {
        switch self {
        case .character, .int8, .binary: 1
        case .int16: 2
        case .int32: 4
        case .int64: 8
        case .string, .stringArray, .i18nString: 0
        }
    }
}

/// Which of a package's two headers.
public enum HeaderKind: Hashable, Sendable {
    /// The first one: signatures, digests, room for more. Nothing signs it.
    case signature
    /// The second one, which describes the package.
    case main

    var region: HeaderTag { self == .signature ? .headerSignatures : .headerImmutable }
}

/// One entry of a header's index.
public struct HeaderEntry: Hashable, Sendable {
    /// What the value is.
    public let tag: HeaderTag
    /// The type of the values.
    public let type: ValueType
    /// Where the values begin, in bytes from the start of the header's data.
    public let offset: Int
    /// The number of values.
    public let count: Int
    /// The number of bytes that the values take.
    public let length: Int
    /// Whether the header's region holds the entry.
    public let isInsideRegion: Bool
}

/// A header of a package file: an index of tags and their data.
///
/// Eight magic bytes, a big-endian count of index entries and count of data bytes, entries of 16 bytes (tag, type, offset,
/// count), data. https://rpm.org/docs/6.0.x/manual/format_header.html
public struct HeaderSection: Hashable, Sendable {
    /// Which header it is.
    public let kind: HeaderKind
    /// Its bytes in the file: magic, counts, index and data.
    public let range: ByteRange
    /// The entries as the index has them, without the region's own.
    public let entries: [HeaderEntry]
    /// Whether its first entry is the region that rpm has written since 2000.
    public let hasRegion: Bool
    /// Tags that stand in the index more than once.
    public let duplicates: [HeaderTag]

    /// Where in the data the region's trailer is.
    let regionTrailerOffset: Int?
    /// The data of the tags.
    let data: [UInt8]
    /// Indexes into `entries`, by tag.
    private let order: [Int]

    static let magic: [UInt8] = [0x8E, 0xAD, 0xE8, 0x01, 0, 0, 0, 0]
    static let introSize = 16
    static let entrySize = 16

    init(kind: HeaderKind, range: ByteRange, index: HeaderIndex, data: [UInt8]) {
        self.kind = kind
        self.range = range
        entries = index.entries
        hasRegion = index.hasRegion
        regionTrailerOffset = index.trailerOffset
        self.data = data
        let all = index.entries
        order = all.indices.sorted { (all[$0].tag, $0) < (all[$1].tag, $1) }
        var duplicates: [HeaderTag] = []
        for (left, right) in zip(order, order.dropFirst()) where all[left].tag == all[right].tag {
            if duplicates.last != all[left].tag { duplicates.append(all[left].tag) }
        }
        self.duplicates = duplicates
    }

    /// Where the data of the tags begins in the file.
    public var dataOffset: ByteOffset { ByteOffset(range.end.rawValue - UInt64(data.count)) }

    /// The bytes of `entry`'s values in the file.
    public func range(of entry: HeaderEntry) -> ByteRange {
        let start = dataOffset.rawValue + UInt64(entry.offset)
        return ByteRange(start, start + UInt64(entry.length))
    }

    /// Whether the header has `tag`.
    public func contains(_ tag: HeaderTag) -> Bool { entry(tag) != nil }

    /// The first entry of `tag` in the index, which is the one that rpm takes.
    public func entry(_ tag: HeaderTag) -> HeaderEntry? {
        var low = 0
        var high = order.count
        while low < high {
            let middle = (low + high) / 2
            if entries[order[middle]].tag < tag { low = middle + 1 } else { high = middle }
        }
        guard low < order.count, entries[order[low]].tag == tag else { return nil }
        return entries[order[low]]
    }

    /// The bytes that `entry`'s values take.
    func rawBytes(_ entry: HeaderEntry) -> ArraySlice<UInt8> { data[entry.offset..<(entry.offset + entry.length)] }

    /// The bytes of a binary value; nil when the tag is missing or of another type.
    public func bytes(_ tag: HeaderTag) -> [UInt8]? {
        guard let entry = entry(tag), entry.type == .binary else { return nil }
        return Array(rawBytes(entry))
    }

    /// The strings of `tag` as bytes, without their zero bytes; nil when the tag is missing or of another type.
    public func strings(_ tag: HeaderTag) -> [ArraySlice<UInt8>]? { entry(tag).flatMap(strings) }

    func strings(_ entry: HeaderEntry) -> [ArraySlice<UInt8>]? {
        guard entry.type.isString else { return nil }
        return rawBytes(entry).dropLast().split(separator: 0, omittingEmptySubsequences: false)
    }

    /// The first string of `tag`, escaped where it is not printable UTF-8.
    ///
    /// Two different strings never give the same text: see `EscapedText`.
    public func text(_ tag: HeaderTag) -> String? {
        guard let entry = entry(tag), entry.type.isString else { return nil }
        return EscapedText(rawBytes(entry).prefix { $0 != 0 }).description
    }

    /// The numbers of `tag`, of whatever width; nil when the tag is missing or of another type.
    public func numbers(_ tag: HeaderTag) -> [UInt64]? {
        guard let entry = entry(tag), !entry.type.isString, entry.type != .binary else { return nil }
        let width = entry.type.width
        return (0..<entry.count).map { index in
            let start = entry.offset + index * width
            return data[start..<(start + width)].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    /// The first number of `tag`.
    public func number(_ tag: HeaderTag) -> UInt64? { numbers(tag)?.first }
}
