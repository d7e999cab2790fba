/// One note (https://gabi.xinuos.com/elf/07-pheader.html#note-section).
struct Note: Hashable, Sendable {
    let name: [UInt8]
    let type: UInt32
    let description: [UInt8]
    /// File offset of the note's header.
    let offset: UInt64
    /// File offset of its description.
    let descriptionOffset: UInt64

    var isGNU: Bool { name == [0x47, 0x4E, 0x55, 0] }
    var isGo: Bool { name == [0x47, 0x6F, 0, 0] }
}

/// The notes of the segments that are mapped, or of the sections where there are no segments.
struct ELFNotes: Hashable, Sendable {
    let all: [Note]

    func first(gnu type: UInt32) -> Note? { all.first { $0.isGNU && $0.type == type } }

    /// No notes.
    static let none = ELFNotes(all: [])

    private init(all: [Note]) { self.all = all }

    init(_ reader: ELFReader, _ header: ELFHeader, _ segments: ELFSegments, _ sections: ELFSections) throws {
        var regions: [(offset: UInt64, size: UInt64, alignment: UInt64)] = []
        for segment in segments.all where segment.type == SegmentType.note && segment.fileSize > 0 {
            regions.append((segment.offset, segment.fileSize, segment.alignment))
        }
        if regions.isEmpty {
            for section in sections.all where section.type == SectionType.note && section.isAllocated {
                let isProperty = section.name == ".note.gnu.property" && header.is64
                regions.append((section.offset, section.size, isProperty ? 8 : 4))
            }
        }
        var notes: [Note] = []
        var total: UInt64 = 0
        for region in regions {
            // Bounded for all regions together: a file may repeat one region 65,535 times.
            total += min(region.size, ELFLimits.notes)
            guard region.size <= ELFLimits.notes, total <= ELFLimits.notes else {
                throw ELFError(.limitExceeded, at: region.offset, "notes of more than \(ELFLimits.notes) bytes")
            }
            let bytes = try reader.bytes(at: region.offset, count: region.size, "note segment")
            try ELFNotes.parse(
                ELFTable(bytes: bytes, order: header.order), at: region.offset, wide: region.alignment == 8,
                into: &notes)
        }
        self.init(all: notes)
    }

    static func parse(_ table: ELFTable, at base: UInt64, wide: Bool, into notes: inout [Note]) throws {
        let mask = wide ? 7 : 3
        var at = 0
        while table.count - at >= 12 {
            let nameSize = Int(table.u32(at))
            let descriptionSize = Int(table.u32(at + 4))
            let type = table.u32(at + 8)
            // Both sizes are below 2^32, so that these sums fit.
            let descriptionAt = (at + 12 + nameSize + mask) & ~mask
            let end = descriptionAt + descriptionSize
            guard descriptionAt <= table.count, end <= table.count else {
                throw ELFError(.badNote, at: base + UInt64(at), "note passes the end of its segment")
            }
            notes.append(
                Note(
                    name: Array(table.bytes[(at + 12)..<(at + 12 + nameSize)]), type: type,
                    description: Array(table.bytes[descriptionAt..<end]), offset: base + UInt64(at),
                    descriptionOffset: base + UInt64(descriptionAt)))
            at = (end + mask) & ~mask
        }
    }
}
