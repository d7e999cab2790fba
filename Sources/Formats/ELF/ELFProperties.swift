internal import AssayBytes

/// The processor features that the linker granted: `.note.gnu.property` (x86-64 psABI, Linux extensions to gABI).
struct GNUProperties: Hashable, Sendable {
    /// The `FEATURE_1_AND` word of the file's machine, and the file offset of that word.
    let features: UInt32?
    let offset: UInt64

    static let noteType: UInt32 = 5

    init(_ notes: ELFNotes, _ header: ELFHeader) throws {
        let wanted: UInt32 =
            switch header.machine {
            case .x86x64, .i386: 0xC000_0002
            case .aarch64: 0xC000_0000
            default: 0
            }
        guard wanted != 0, let note = notes.first(gnu: GNUProperties.noteType) else {
            features = nil
            offset = 0
            return
        }
        let table = ELFTable(bytes: note.description, order: header.order)
        let mask = header.is64 ? 7 : 3
        var at = 0
        var found: UInt32?
        var foundAt: UInt64 = 0
        while table.count - at >= 8 {
            let size = Int(table.u32(at + 4))
            guard size <= table.count - at - 8 else {
                throw ELFError(
                    .badNote, at: note.descriptionOffset + UInt64(at), "property passes the end of its note")
            }
            if table.u32(at) == wanted {
                guard size == 4, found == nil else {
                    throw ELFError(
                        .badNote, at: note.descriptionOffset + UInt64(at),
                        "feature property is repeated or of a wrong size")
                }
                found = table.u32(at + 8)
                foundAt = note.descriptionOffset + UInt64(at + 8)
            }
            at = (at + 8 + size + mask) & ~mask
        }
        features = found
        offset = foundAt
    }
}
