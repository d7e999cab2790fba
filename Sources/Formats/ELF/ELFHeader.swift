internal import AssayBytes

/// The file header (https://gabi.xinuos.com/elf/02-eheader.html).
struct ELFHeader: Hashable, Sendable {
    let elfClass: ELFClass
    let order: Endianness
    let machine: ELFMachine
    let type: UInt16
    let entry: UInt64
    let programHeaderOffset: UInt64
    let programHeaderSize: UInt16
    let programHeaderCount: UInt16
    let sectionHeaderOffset: UInt64
    let sectionHeaderSize: UInt16
    let sectionHeaderCount: UInt16
    let sectionNameIndex: UInt16

    var is64: Bool { elfClass == .elf64 }

    static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]

    init(_ reader: ELFReader) throws {
        guard reader.head.starts(with: ELFHeader.magic) else {
            throw ELFError(.notELF, at: 0, "not an ELF file: no magic number")
        }
        guard reader.head.count >= 16 else {
            throw ELFError(.truncated, at: UInt64(reader.head.count), "file ends inside the ELF identification")
        }
        switch reader.head[4] {
        case 1: elfClass = .elf32
        case 2: elfClass = .elf64
        case let value: throw ELFError(.badHeader, at: 4, "unknown ELF class \(value)")
        }
        switch reader.head[5] {
        case 1: order = .little
        case 2: order = .big
        case let value: throw ELFError(.badHeader, at: 5, "unknown ELF byte order \(value)")
        }
        guard reader.head[6] == 1 else {
            throw ELFError(.badHeader, at: 6, "unknown ELF version \(reader.head[6])")
        }
        let wide = elfClass == .elf64
        guard reader.head.count >= (wide ? 64 : 52) else {
            throw ELFError(.truncated, at: UInt64(reader.head.count), "file ends inside the ELF header")
        }
        let table = ELFTable(bytes: Array(reader.head.prefix(64)), order: order)
        type = table.u16(16)
        machine = ELFMachine(rawValue: table.u16(18))
        entry = wide ? table.u64(24) : UInt64(table.u32(24))
        programHeaderOffset = wide ? table.u64(32) : UInt64(table.u32(28))
        sectionHeaderOffset = wide ? table.u64(40) : UInt64(table.u32(32))
        // The six 16-bit numbers begin after e_flags and e_ehsize.
        let tail = wide ? 54 : 42
        programHeaderSize = table.u16(tail)
        programHeaderCount = table.u16(tail + 2)
        sectionHeaderSize = table.u16(tail + 4)
        sectionHeaderCount = table.u16(tail + 6)
        sectionNameIndex = table.u16(tail + 8)
    }
}

/// Values of `e_type`.
enum ObjectType {
    static let relocatable: UInt16 = 1
    static let executable: UInt16 = 2
    static let dynamic: UInt16 = 3
    static let core: UInt16 = 4
}
