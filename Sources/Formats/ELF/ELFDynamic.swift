/// A string of the dynamic string table with the place of its bytes.
struct DynamicString: Hashable, Sendable {
    let bytes: [UInt8]
    let offset: UInt64
}

/// The dynamic section (https://gabi.xinuos.com/elf/08-dynamic.html), found as the loader finds it: through its segment.
struct ELFDynamic: Sendable {
    /// Tags that we look at.
    enum Tag {
        static let needed: UInt64 = 1
        static let pltRelocationSize: UInt64 = 2
        static let pltGOT: UInt64 = 3
        static let hash: UInt64 = 4
        static let stringTable: UInt64 = 5
        static let symbolTable: UInt64 = 6
        static let relaEntrySize: UInt64 = 9
        static let stringTableSize: UInt64 = 10
        static let symbolEntrySize: UInt64 = 11
        static let soname: UInt64 = 14
        static let rpath: UInt64 = 15
        static let pltRelocationType: UInt64 = 20
        static let textRelocations: UInt64 = 22
        static let bindNow: UInt64 = 24
        static let runpath: UInt64 = 29
        static let flags: UInt64 = 30
        static let gnuHash: UInt64 = 0x6FFF_FEF5
        static let flags1: UInt64 = 0x6FFF_FFFB
    }

    /// A value with the file offset of its entry.
    struct Entry: Hashable, Sendable {
        let tag: UInt64
        let value: UInt64
        let offset: UInt64
    }

    let entries: [Entry]
    /// File offset of the section.
    let offset: UInt64
    /// The string table, or empty when the section names none.
    let strings: [UInt8]
    let stringsOffset: UInt64

    /// The last entry with `tag`: the loader fills its table in order, so that the last one wins.
    func last(_ tag: UInt64) -> Entry? { entries.last { $0.tag == tag } }

    init?(_ reader: ELFReader, _ header: ELFHeader, _ segments: ELFSegments) throws {
        guard let segment = segments.first(SegmentType.dynamic) else { return nil }
        guard let offset = segments.fileOffset(of: segment.address, count: segment.fileSize) else {
            throw ELFError(.badDynamic, at: segment.headerOffset, "PT_DYNAMIC is not mapped by any PT_LOAD")
        }
        guard offset == segment.offset else {
            throw ELFError(
                .badDynamic, at: segment.headerOffset, "PT_DYNAMIC's offset and address name different bytes")
        }
        let entrySize: UInt64 = header.is64 ? 16 : 8
        let count = segment.fileSize / entrySize
        guard count <= ELFLimits.dynamicEntries else {
            throw ELFError(.limitExceeded, at: offset, "\(count) dynamic entries")
        }
        let table = ELFTable(
            bytes: try reader.bytes(at: offset, count: count * entrySize, "dynamic section"), order: header.order)
        var entries: [Entry] = []
        var ended = false
        for index in 0..<count {
            let at = Int(index * entrySize)
            let tag = header.is64 ? table.u64(at) : UInt64(table.u32(at))
            guard tag != 0 else {
                ended = true
                break
            }
            let value = header.is64 ? table.u64(at + 8) : UInt64(table.u32(at + 4))
            entries.append(Entry(tag: tag, value: value, offset: offset + index * entrySize))
        }
        guard ended else { throw ELFError(.badDynamic, at: offset, "dynamic section has no end mark") }
        self.entries = entries
        self.offset = offset

        guard let table = entries.last(where: { $0.tag == Tag.stringTable }) else {
            strings = []
            stringsOffset = 0
            return
        }
        let size = entries.last { $0.tag == Tag.stringTableSize }?.value ?? 0
        guard size <= ELFLimits.symbolNames else {
            throw ELFError(.limitExceeded, at: table.offset, "dynamic string table of \(size) bytes")
        }
        guard let stringsOffset = segments.fileOffset(of: table.value, count: size) else {
            throw ELFError(.badDynamic, at: table.offset, "dynamic string table is not mapped")
        }
        self.stringsOffset = stringsOffset
        strings = try reader.bytes(at: stringsOffset, count: size, "dynamic string table")
        guard strings.isEmpty || strings[strings.count - 1] == 0 else {
            throw ELFError(.badDynamic, at: stringsOffset, "dynamic string table does not end with a zero byte")
        }
    }

    /// The string that `entry` names.
    func string(_ entry: Entry) throws -> DynamicString {
        guard let start = Int(exactly: entry.value), start < strings.count else {
            throw ELFError(.badDynamic, at: entry.offset, "dynamic entry names a string outside its table")
        }
        var end = start
        while strings[end] != 0 {
            end += 1
            guard end - start < ELFLimits.pathLength else {
                throw ELFError(
                    .limitExceeded, at: entry.offset,
                    "dynamic string of more than \(ELFLimits.pathLength) bytes")
            }
        }
        return DynamicString(bytes: Array(strings[start..<end]), offset: stringsOffset + UInt64(start))
    }

    /// The strings of all entries with `tag`, in order.
    func strings(_ tag: UInt64) throws -> [DynamicString] {
        var result: [DynamicString] = []
        for entry in entries where entry.tag == tag {
            guard result.count < ELFLimits.dynamicStrings else {
                throw ELFError(
                    .limitExceeded, at: entry.offset,
                    "more than \(ELFLimits.dynamicStrings) dynamic strings of one kind")
            }
            result.append(try string(entry))
        }
        return result
    }
}
