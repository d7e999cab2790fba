/// One section header (https://gabi.xinuos.com/elf/03-sheader.html).
struct Section: Hashable, Sendable {
    let name: String
    let type: UInt32
    let flags: UInt64
    let address: UInt64
    let offset: UInt64
    let size: UInt64
    let link: UInt32

    var isExecutable: Bool { flags & 4 != 0 }
    var isAllocated: Bool { flags & 2 != 0 }
    var isCompressed: Bool { flags & 0x800 != 0 }
    var hasBytes: Bool { type != SectionType.noBits && type != SectionType.null }
}

/// Values of `sh_type`.
enum SectionType {
    static let null: UInt32 = 0
    static let programBits: UInt32 = 1
    static let symbolTable: UInt32 = 2
    static let note: UInt32 = 7
    static let noBits: UInt32 = 8
    static let dynamicSymbols: UInt32 = 11
}

/// The section headers; empty when the file has none, which no loader minds.
struct ELFSections: Hashable, Sendable {
    let all: [Section]
    /// The real number of program headers when `e_phnum` is `PN_XNUM`: `sh_info` of the first section.
    let extendedProgramHeaderCount: UInt64?
    let tableOffset: UInt64

    var isPresent: Bool { !all.isEmpty }

    /// Names longer than this are cut: the ones that matter are short.
    private static let nameLength = 64

    func first(named name: String) -> Section? { all.first { $0.name == name } }

    init(_ reader: ELFReader, _ header: ELFHeader) throws {
        tableOffset = header.sectionHeaderOffset
        guard tableOffset != 0 else {
            all = []
            extendedProgramHeaderCount = nil
            return
        }
        let entrySize = header.is64 ? 64 : 40
        guard Int(header.sectionHeaderSize) == entrySize else {
            throw ELFError(
                .badSectionHeaders, at: tableOffset,
                "section header size is \(header.sectionHeaderSize), not \(entrySize)")
        }
        let first = ELFTable(
            bytes: try reader.bytes(at: tableOffset, count: UInt64(entrySize), "the first section header"),
            order: header.order)
        let extended = Section(first, at: 0, is64: header.is64, names: [])
        extendedProgramHeaderCount = UInt64(first.u32(header.is64 ? 44 : 28))
        let count = header.sectionHeaderCount == 0 ? extended.size : UInt64(header.sectionHeaderCount)
        guard count <= ELFLimits.sectionHeaders else {
            throw ELFError(.limitExceeded, at: tableOffset, "\(count) section headers")
        }
        let table = ELFTable(
            bytes: try reader.bytes(
                at: tableOffset, count: count * UInt64(entrySize), "section header table"), order: header.order)
        let nameIndex = header.sectionNameIndex == 0xFFFF ? Int(extended.link) : Int(header.sectionNameIndex)
        var names: [UInt8] = []
        if nameIndex != 0 {
            guard nameIndex < Int(count) else {
                throw ELFError(.badSectionHeaders, at: tableOffset, "section name table has no section \(nameIndex)")
            }
            let section = Section(table, at: nameIndex * entrySize, is64: header.is64, names: [])
            guard section.size <= ELFLimits.sectionNames else {
                throw ELFError(.limitExceeded, at: section.offset, "section names of \(section.size) bytes")
            }
            if section.hasBytes {
                names = try reader.bytes(at: section.offset, count: section.size, "section name table")
            }
        }
        var sections: [Section] = []
        sections.reserveCapacity(Int(count))
        for index in 0..<Int(count) {
            let section = Section(table, at: index * entrySize, is64: header.is64, names: names)
            guard !section.hasBytes || reader.contains(section.offset, section.size) else {
                throw ELFError(
                    .truncated, at: section.offset,
                    "section \(index) of \(section.size) bytes does not lie in the file")
            }
            sections.append(section)
        }
        all = sections
    }
}

extension Section {
    fileprivate init(_ table: ELFTable, at start: Int, is64: Bool, names: [UInt8]) {
        name = Section.name(Int(table.u32(start)), in: names)
        type = table.u32(start + 4)
        if is64 {
            flags = table.u64(start + 8)
            address = table.u64(start + 16)
            offset = table.u64(start + 24)
            size = table.u64(start + 32)
            link = table.u32(start + 40)
        } else {
            flags = UInt64(table.u32(start + 8))
            address = UInt64(table.u32(start + 12))
            offset = UInt64(table.u32(start + 16))
            size = UInt64(table.u32(start + 20))
            link = table.u32(start + 24)
        }
    }

    /// The name at `index`, cut to 64 bytes; empty when it lies outside the table: a name decides nothing that loads.
    private static func name(_ index: Int, in names: [UInt8]) -> String {
        guard index < names.count else { return "" }
        var end = index
        while end < names.count, end - index < 64, names[end] != 0 { end += 1 }
        return String(decoding: names[index..<end], as: UTF8.self)
    }
}
