/// Makes small ELF files field by field, so that each reject branch can be met with the one field that it is about.
struct ELFBuilder {
    /// One program header.
    struct Segment {
        var type: UInt32
        var flags: UInt32 = 4
        var offset: UInt64
        var address: UInt64
        var fileSize: UInt64
        var memorySize: UInt64
        var alignment: UInt64 = 8
    }

    /// One section header.
    struct Section {
        var name: UInt32 = 0
        var type: UInt32
        var flags: UInt64 = 0
        var address: UInt64 = 0
        var offset: UInt64 = 0
        var size: UInt64 = 0
        var link: UInt32 = 0
        var info: UInt32 = 0
    }

    var wide = true
    var bigEndian = false
    var type: UInt16 = 3
    var machine: UInt16 = 62
    var entry: UInt64 = 0
    var segments: [Segment] = []
    var sections: [Section] = []
    /// Bytes behind the program headers, by their file offset.
    var pieces: [(offset: Int, bytes: [UInt8])] = []
    var size = 4_096
    var phentsize: UInt16?
    var phnum: UInt16?
    var phoff: UInt64?
    var shentsize: UInt16?
    var shnum: UInt16?
    var shoff: UInt64?
    var shstrndx: UInt16 = 0

    /// A position-independent program with a dynamic section at 0x400 and its strings at 0x800.
    static func dynamic(
        _ entries: [(UInt64, UInt64)], strings: [UInt8] = [0], wide: Bool = true, bigEndian: Bool = false
    ) -> ELFBuilder {
        var builder = ELFBuilder()
        builder.wide = wide
        builder.bigEndian = bigEndian
        let all = entries + [(5, 0x800), (10, UInt64(strings.count)), (0, 0)]
        let length = UInt64(all.count * (wide ? 16 : 8))
        builder.segments = [
            Segment(type: 1, flags: 5, offset: 0, address: 0, fileSize: 4_096, memorySize: 4_096, alignment: 4_096),
            Segment(type: 2, offset: 0x400, address: 0x400, fileSize: length, memorySize: length),
        ]
        builder.pieces = [
            (0x400, all.flatMap { builder.word($0.0) + builder.word($0.1) }), (0x800, strings),
        ]
        return builder
    }

    func number(_ value: UInt64, _ width: Int) -> [UInt8] {
        let bytes = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        return bigEndian ? bytes.reversed() : bytes
    }

    func word(_ value: UInt64) -> [UInt8] { number(value, wide ? 8 : 4) }

    func bytes() -> [UInt8] {
        let headerSize = wide ? 64 : 52
        var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, wide ? 2 : 1, bigEndian ? 2 : 1, 1]
        file += [UInt8](repeating: 0, count: 9)
        let entrySize: UInt16 = wide ? 56 : 32
        let sectionSize: UInt16 = wide ? 64 : 40
        let sectionAt = UInt64(size - sections.count * Int(sectionSize))
        file += number(UInt64(type), 2) + number(UInt64(machine), 2) + number(1, 4)
        file += word(entry) + word(phoff ?? UInt64(headerSize)) + word(shoff ?? (sections.isEmpty ? 0 : sectionAt))
        file += number(0, 4) + number(UInt64(headerSize), 2)
        file += number(UInt64(phentsize ?? entrySize), 2) + number(UInt64(phnum ?? UInt16(segments.count)), 2)
        file += number(UInt64(shentsize ?? sectionSize), 2) + number(UInt64(shnum ?? UInt16(sections.count)), 2)
        file += number(UInt64(shstrndx), 2)
        for segment in segments { file += header(segment) }
        file += [UInt8](repeating: 0, count: max(0, size - file.count))
        for piece in pieces {
            file.replaceSubrange(piece.offset..<(piece.offset + piece.bytes.count), with: piece.bytes)
        }
        for (index, section) in sections.enumerated() {
            let at = Int(sectionAt) + index * Int(sectionSize)
            file.replaceSubrange(at..<(at + Int(sectionSize)), with: header(section))
        }
        return file
    }

    private func header(_ segment: Segment) -> [UInt8] {
        var bytes = number(UInt64(segment.type), 4)
        if wide { bytes += number(UInt64(segment.flags), 4) }
        bytes += word(segment.offset) + word(segment.address) + word(segment.address) + word(segment.fileSize)
        bytes += word(segment.memorySize)
        if !wide { bytes += number(UInt64(segment.flags), 4) }
        return bytes + word(segment.alignment)
    }

    private func header(_ section: Section) -> [UInt8] {
        number(UInt64(section.name), 4) + number(UInt64(section.type), 4) + word(section.flags) + word(section.address)
            + word(section.offset) + word(section.size) + number(UInt64(section.link), 4)
            + number(UInt64(section.info), 4) + word(1) + word(0)
    }
}
