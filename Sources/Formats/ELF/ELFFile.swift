public import AssayBytes

/// An ELF object whose headers were read and found sound.
///
/// Reads only what it needs: the header, the program and section headers, the dynamic section with its strings, the notes.
/// Symbol tables and code are read when an analysis asks. Everything that the loader uses is found as the loader finds
/// it, through the program headers, so that a file without section headers is judged like any other
/// (https://gabi.xinuos.com/elf/).
public struct ELFFile: Sendable {
    let reader: ELFReader
    let header: ELFHeader
    let segments: ELFSegments
    let sections: ELFSections
    let dynamic: ELFDynamic?
    let notes: ELFNotes

    /// What the object is for.
    public let type: ELFType
    /// How the type was told.
    public let typeEvidence: ELFEvidence

    /// Word size.
    public var elfClass: ELFClass { header.elfClass }
    /// Byte order.
    public var endianness: Endianness { header.order }
    /// Instruction set.
    public var machine: ELFMachine { header.machine }
    /// Whether the file has section headers; nothing that loads needs them.
    public var hasSectionHeaders: Bool { sections.isPresent }

    /// Whether `prefix`, the first bytes of a file, begins with the ELF magic number.
    public static func isELF(_ prefix: some Sequence<UInt8>) -> Bool { prefix.starts(with: ELFHeader.magic) }

    /// Reads the headers of the object in `source`.
    ///
    /// - Throws: `ELFError` when it is not ELF or malformed, or the source's own error.
    public init(_ source: any ByteSource) throws {
        do {
            try self.init(reader: ELFReader(source))
        } catch let error as ByteError {
            throw ELFError(.truncated, at: error.offset.rawValue, "\(error)")
        }
    }

    private init(reader: ELFReader) throws {
        let header = try ELFHeader(reader)
        let sections = try ELFSections(reader, header)
        let segments = try ELFSegments(reader, header, extendedCount: sections.extendedProgramHeaderCount)
        self.reader = reader
        self.header = header
        self.sections = sections
        self.segments = segments
        let early = ELFFile.typeFromSections(header, sections, segments)
        if let early {
            dynamic = nil
            // The segments of a debug file describe the object it was cut from; a core dump's notes can be huge.
            notes = early.type == .core ? .none : try ELFNotes(reader, header, .none, sections)
            type = early.type
            typeEvidence = early.evidence
            return
        }
        try segments.validate(reader, header)
        dynamic = try ELFDynamic(reader, header, segments)
        notes = try ELFNotes(reader, header, segments, sections)
        let classified = try ELFFile.typeFromSegments(header, segments, dynamic)
        type = classified.type
        typeEvidence = classified.evidence
    }

    /// The facts of the dynamic symbol table, or nil when there is none.
    func dynamicFacts(fortifiable: FortifiableFunctions?) throws -> SymbolFacts? {
        guard let dynamic,
            let symbols = try ELFSymbolTable.dynamic(reader, header, segments, sections, dynamic)
        else { return nil }
        return try SymbolFacts(symbols, fortifiable: fortifiable)
    }

    /// The facts of the linker's symbol table, or nil when the file is stripped.
    func linkerFacts(fortifiable: FortifiableFunctions?) throws -> SymbolFacts? {
        guard let symbols = try ELFSymbolTable.linker(reader, header, sections) else { return nil }
        return try SymbolFacts(symbols, fortifiable: fortifiable)
    }

    /// The bytes of the first section named `name`, at most `limit` of them, or nil when it has none.
    func contents(ofSection name: String, atMost limit: UInt64) throws -> (bytes: [UInt8], offset: UInt64)? {
        guard let section = sections.first(named: name), section.hasBytes, !section.isCompressed else { return nil }
        let count = min(section.size, limit)
        return (try reader.bytes(at: section.offset, count: count, "section \(name)"), section.offset)
    }
}
