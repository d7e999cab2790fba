import AssayBytes

/// A package's header as rpm's database keeps it: the package's own region, then what the installation added.
///
/// A big-endian count of index entries and count of data bytes, entries of 16 bytes (tag, type, offset, count), data.
/// https://rpm-software-management.github.io/rpm/manual/format_header.html
public struct RPMHeader: Hashable, Sendable {
    /// The type of an entry's values.
    public enum ValueType: UInt32, Hashable, Sendable {
        /// No values.
        case null = 0
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
    }

    struct Entry: Hashable, Sendable {
        let type: ValueType
        let offset: Int
        let count: Int
    }

    /// The most index entries that a header may have, as in rpm.
    public static let maximumEntries = 0xFFFF
    /// The most bytes that a header may have; more than the 256 MiB of rpm are never accepted.
    public static let maximumSize = 256 << 20

    /// The most values of one tag, and so files of one package, that are read: values in memory are larger than stored.
    public static let maximumCount = 2_000_000

    private let entries: [RPMTag: Entry]
    private let data: [UInt8]

    /// Parses the value of the column `blob` of a row of the table `Packages`.
    ///
    /// - Throws: `RPMHeaderError` when a count, a type or an offset is not possible.
    public init(_ blob: [UInt8]) throws(RPMHeaderError) {
        guard blob.count <= RPMHeader.maximumSize else { throw .malformed("larger than 256 MiB") }
        var entries: [RPMTag: Entry] = [:]
        do {
            var cursor = ByteCursor(blob.span)
            let entryCount = Int(try cursor.u32(.big))
            let dataCount = Int(try cursor.u32(.big))
            guard entryCount > 0, entryCount <= RPMHeader.maximumEntries else {
                throw RPMHeaderError.malformed("\(entryCount) index entries")
            }
            guard blob.count == 8 + entryCount * 16 + dataCount else {
                throw RPMHeaderError.malformed(
                    "\(blob.count) bytes do not hold \(entryCount) entries and \(dataCount) bytes")
            }
            entries.reserveCapacity(entryCount)
            for _ in 0..<entryCount {
                let tag = RPMTag(rawValue: try cursor.u32(.big))
                guard let type = ValueType(rawValue: try cursor.u32(.big)) else {
                    throw RPMHeaderError.malformed("unknown type of \(tag)")
                }
                let offset = Int(try cursor.u32(.big))
                let count = Int(try cursor.u32(.big))
                // The trailer of a region counts backwards; the entries stand in the index all the same.
                guard !tag.isRegion else { continue }
                guard offset <= dataCount, count <= dataCount else {
                    throw RPMHeaderError.malformed("\(tag) lies outside the data")
                }
                // What the installation added comes later and wins, as in rpm.
                entries[tag] = Entry(type: type, offset: offset, count: count)
            }
            data = Array(blob[(8 + entryCount * 16)...])
        } catch let error as RPMHeaderError {
            throw error
        } catch {
            throw .malformed("truncated")
        }
        self.entries = entries
    }

    /// Whether the header has `tag`.
    public func contains(_ tag: RPMTag) -> Bool { entries[tag] != nil }

    /// The bytes of a binary value; nil when it is missing, has another type or lies outside the data.
    public func bytes(_ tag: RPMTag) -> [UInt8]? {
        guard let entry = entries[tag], entry.type == .binary, entry.offset + entry.count <= data.count else {
            return nil
        }
        return Array(data[entry.offset..<(entry.offset + entry.count)])
    }

    /// The strings of a string value as bytes; nil when it is missing, has another type or lies outside the data.
    public func strings(_ tag: RPMTag) -> [ArraySlice<UInt8>]? {
        guard let entry = entries[tag], entry.count <= RPMHeader.maximumCount else { return nil }
        switch entry.type {
        case .string, .stringArray, .i18nString: break
        default: return nil
        }
        var result: [ArraySlice<UInt8>] = []
        // Each string takes a byte of the data at least, so that `count` was bounded by the data's size.
        result.reserveCapacity(entry.count)
        var start = entry.offset
        for _ in 0..<(entry.type == .string ? 1 : entry.count) {
            guard let end = data[start...].firstIndex(of: 0) else { return nil }
            result.append(data[start..<end])
            start = end + 1
        }
        return result
    }

    /// The first string of `tag` as text.
    public func text(_ tag: RPMTag) -> String? {
        strings(tag)?.first.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The numbers of `tag`, of whatever width; nil when it is missing, has another type or lies outside the data.
    public func numbers(_ tag: RPMTag) -> [UInt64]? {
        guard let entry = entries[tag], entry.count <= RPMHeader.maximumCount else { return nil }
        let width: Int
        switch entry.type {
        case .character, .int8: width = 1
        case .int16: width = 2
        case .int32: width = 4
        case .int64: width = 8
        default: return nil
        }
        // Both at most 256 MiB, so that neither product nor sum can overflow.
        guard entry.offset + entry.count * width <= data.count else { return nil }
        return (0..<entry.count).map { index in
            let start = entry.offset + index * width
            return data[start..<(start + width)].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}

/// Why a blob is not a header.
public enum RPMHeaderError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with it.
    case malformed(String)

    /// The sentence for people.
    public var description: String {
        switch self {
        case .malformed(let what): "malformed RPM header: \(what)"
        }
    }
}
