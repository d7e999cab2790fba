internal import AssayBytes

/// One symbol table with its names: `.dynsym` found through the dynamic section, or `.symtab` through the section headers.
struct ELFSymbolTable: Sendable {
    let table: ELFTable
    let strings: [UInt8]
    /// File offset of the first entry.
    let offset: UInt64
    let is64: Bool

    var entrySize: Int { is64 ? 24 : 16 }
    var count: Int { table.count / entrySize }

    /// What the program loads, found without section headers; nil when the file has no dynamic symbols.
    static func dynamic(
        _ reader: ELFReader, _ header: ELFHeader, _ segments: ELFSegments, _ sections: ELFSections,
        _ dynamic: ELFDynamic
    ) throws -> ELFSymbolTable? {
        guard let symbols = dynamic.last(ELFDynamic.Tag.symbolTable), !dynamic.strings.isEmpty else { return nil }
        let entrySize: UInt64 = header.is64 ? 24 : 16
        if let size = dynamic.last(ELFDynamic.Tag.symbolEntrySize), size.value != entrySize {
            throw ELFError(.badSymbols, at: size.offset, "symbol size is \(size.value), not \(entrySize)")
        }
        guard let offset = segments.fileOffset(of: symbols.value) else {
            throw ELFError(.badSymbols, at: symbols.offset, "dynamic symbol table is not mapped")
        }
        let counter = SymbolCounter(
            reader: reader, header: header, segments: segments, sections: sections, dynamic: dynamic)
        let count = try counter.count(symbolsAt: symbols.value, entrySize: entrySize)
        guard count <= ELFLimits.symbols else {
            throw ELFError(.limitExceeded, at: offset, "\(count) dynamic symbols")
        }
        guard segments.fileOffset(of: symbols.value, count: count * entrySize) != nil else {
            throw ELFError(.badSymbols, at: offset, "dynamic symbol table of \(count) entries is not mapped")
        }
        let bytes = try reader.bytes(at: offset, count: count * entrySize, "dynamic symbol table")
        return ELFSymbolTable(
            table: ELFTable(bytes: bytes, order: header.order), strings: dynamic.strings, offset: offset,
            is64: header.is64)
    }

    /// What the linker left for debuggers: gone when stripped.
    static func linker(
        _ reader: ELFReader, _ header: ELFHeader, _ sections: ELFSections
    ) throws -> ELFSymbolTable? {
        guard let section = sections.all.first(where: { $0.type == SectionType.symbolTable }) else { return nil }
        let entrySize: UInt64 = header.is64 ? 24 : 16
        let count = section.size / entrySize
        guard count <= ELFLimits.symbols else {
            throw ELFError(.limitExceeded, at: section.offset, "\(count) symbols")
        }
        guard let link = Int(exactly: section.link), link < sections.all.count, sections.all[link].hasBytes else {
            throw ELFError(.badSymbols, at: section.offset, "symbol table has no name table")
        }
        let names = sections.all[link]
        guard names.size <= ELFLimits.symbolNames else {
            throw ELFError(.limitExceeded, at: names.offset, "symbol names of \(names.size) bytes")
        }
        let strings = try reader.bytes(at: names.offset, count: names.size, "symbol names")
        guard let last = strings.last, last == 0 else {
            throw ELFError(.badSymbols, at: names.offset, "symbol names do not end with a zero byte")
        }
        let bytes = try reader.bytes(at: section.offset, count: count * entrySize, "symbol table")
        return ELFSymbolTable(
            table: ELFTable(bytes: bytes, order: header.order), strings: strings, offset: section.offset,
            is64: header.is64)
    }
}

/// The number of dynamic symbols, which no tag states.
private struct SymbolCounter {
    let reader: ELFReader
    let header: ELFHeader
    let segments: ELFSegments
    let sections: ELFSections
    let dynamic: ELFDynamic

    func count(symbolsAt address: UInt64, entrySize: UInt64) throws -> UInt64 {
        if let hash = dynamic.last(ELFDynamic.Tag.hash) {
            return UInt64(try table(at: hash, skip: 0, words: 2, "hash table").u32(4))
        }
        if let hash = dynamic.last(ELFDynamic.Tag.gnuHash), let count = try gnuCount(hash) { return count }
        if let section = sections.all.first(where: { $0.type == SectionType.dynamicSymbols }),
            section.address == address
        {
            return section.size / entrySize
        }
        // Every linker puts the names right behind the symbols; what lies between is the table.
        if let strings = dynamic.last(ELFDynamic.Tag.stringTable), strings.value > address {
            return (strings.value - address) / entrySize
        }
        throw ELFError(.badSymbols, at: dynamic.offset, "the number of dynamic symbols cannot be told")
    }

    /// One more than the largest number in the table, or nil when it hashes no symbol: imports stand before the hashed ones.
    private func gnuCount(_ entry: ELFDynamic.Entry) throws -> UInt64? {
        let head = try table(at: entry, skip: 0, words: 4, "GNU hash table")
        let buckets = UInt64(head.u32(0))
        let firstHashed = UInt64(head.u32(4))
        let bloomBytes = UInt64(head.u32(8)) * (header.is64 ? 8 : 4)
        guard buckets <= ELFLimits.hashBuckets else {
            throw ELFError(.limitExceeded, at: entry.offset, "GNU hash table of \(buckets) buckets")
        }
        let values = try table(at: entry, skip: 16 + bloomBytes, words: buckets, "GNU hash buckets")
        var largest: UInt64 = 0
        for index in 0..<Int(buckets) { largest = max(largest, UInt64(values.u32(index * 4))) }
        guard largest > 0 else { return nil }
        guard largest >= firstHashed, largest < ELFLimits.symbols else {
            throw ELFError(.badSymbols, at: entry.offset, "GNU hash table names symbol \(largest)")
        }
        let chains = 16 + bloomBytes + buckets * 4
        var word = largest - firstHashed
        // Chains are short; a long one is read in growing pieces, so that hostile tables cost few look-ups.
        var piece: UInt64 = 64
        while true {
            let words = try available(at: entry, skip: chains + word * 4, atMost: piece)
            let window = try table(at: entry, skip: chains + word * 4, words: words, "GNU hash chain")
            for index in 0..<Int(words) where window.u32(index * 4) & 1 == 1 {
                return firstHashed + word + UInt64(index) + 1
            }
            word += words
            piece = min(piece * 2, 65_536)
            guard word < ELFLimits.symbols else {
                throw ELFError(.limitExceeded, at: entry.offset, "GNU hash chain without end")
            }
        }
    }

    private func available(at entry: ELFDynamic.Entry, skip: UInt64, atMost limit: UInt64) throws -> UInt64 {
        guard let start = rangeEnd(entry.value, skip), let bytes = segments.mappedCount(from: start), bytes >= 4 else {
            throw ELFError(.badSymbols, at: entry.offset, "GNU hash chain is not mapped")
        }
        return min(bytes / 4, limit)
    }

    private func table(
        at entry: ELFDynamic.Entry, skip: UInt64, words: UInt64, _ what: String
    ) throws -> ELFTable {
        guard let start = rangeEnd(entry.value, skip),
            let offset = segments.fileOffset(of: start, count: words * 4)
        else { throw ELFError(.badSymbols, at: entry.offset, "\(what) is not mapped") }
        return ELFTable(bytes: try reader.bytes(at: offset, count: words * 4, what), order: header.order)
    }
}
