import AssayBytes

/// The walk over DOS header, COFF header, optional header and section table.
struct PEHeaders {
    private(set) var machine: UInt16 = 0
    private(set) var timestamp: UInt32 = 0
    private(set) var is64Bit = false
    private(set) var subsystem: UInt16 = 0
    private(set) var dllCharacteristics: UInt16 = 0
    private(set) var sections: [PEImage.Section] = []
    private(set) var certificateTable: PEImage.Region?
    private(set) var diagnostics: [String] = []

    private static let sectionHeaderSize = 40
    private static let diagnosticLimit = 100

    init(_ source: any ByteSource) throws {
        let start = try Self.headerOffset(source)
        let coff = try Self.read(source, start, 24, "the COFF header")
        guard coff.starts(with: [0x50, 0x45, 0, 0]) else {
            throw PEError(code: .notPE, offset: ByteOffset(start), detail: "no 'PE' signature")
        }
        var cursor = ByteCursor(coff.span)
        try cursor.skip(4)
        machine = try cursor.u16(.little)
        // 16 bits each: 65,535 sections of 40 bytes are 2.6 MB, 65,535 bytes of optional header; both need no limit.
        let sectionCount = Int(try cursor.u16(.little))
        timestamp = try cursor.u32(.little)
        try cursor.skip(8)
        let optionalSize = Int(try cursor.u16(.little))
        try readOptionalHeader(source, at: start + 24, size: optionalSize)
        try readSections(source, at: start + 24 + UInt64(optionalSize), count: sectionCount)
        checkLayout(size: source.size)
    }

    /// Where the PE header is: e_lfanew, at 0x3C of the DOS header.
    private static func headerOffset(_ source: any ByteSource) throws -> UInt64 {
        let dos = try source.prefix(at: .zero, atMost: 64)
        guard PEImage.looksLikePE(dos) else { throw PEError(code: .notPE, offset: .zero, detail: "no 'MZ' signature") }
        var cursor = ByteCursor(dos.span)
        do {
            try cursor.seek(to: 0x3C)
            return UInt64(try cursor.u32(.little))
        } catch {
            throw PEError(code: .truncated, offset: .zero, detail: "the DOS header")
        }
    }

    private mutating func readOptionalHeader(_ source: any ByteSource, at start: UInt64, size: Int) throws {
        let bytes = try Self.read(source, start, size, "the optional header")
        var cursor = ByteCursor(bytes.span)
        do {
            let magic = try cursor.u16(.little)
            guard magic == 0x10B || magic == 0x20B else {
                throw PEError(
                    code: .malformed, offset: ByteOffset(start), detail: "the optional header's magic \(magic)")
            }
            is64Bit = magic == 0x20B
            try cursor.seek(to: 68)
            subsystem = try cursor.u16(.little)
            dllCharacteristics = try cursor.u16(.little)
            try cursor.seek(to: is64Bit ? 108 : 92)
            let directories = try cursor.u32(.little)
            // The certificate table is the fifth directory. Its address is a file offset, unlike the others'.
            guard directories > 4, cursor.remaining >= 5 * 8 else { return }
            try cursor.skip(4 * 8)
            let offset = UInt64(try cursor.u32(.little))
            let count = UInt64(try cursor.u32(.little))
            guard count > 0 else { return }
            certificateTable = PEImage.Region(offset: ByteOffset(offset), count: ByteCount(count))
            if offset == 0 || offset + count > source.size.rawValue {
                note("the certificate table lies outside the file")
            }
        } catch let error as ByteError {
            throw PEError(code: .malformed, offset: ByteOffset(start), detail: "the optional header is \(error)")
        }
    }

    private mutating func readSections(_ source: any ByteSource, at start: UInt64, count: Int) throws {
        let bytes = try Self.read(source, start, count * Self.sectionHeaderSize, "the section table")
        var cursor = ByteCursor(bytes.span)
        for _ in 0..<count {
            let name = EscapedText(try cursor.bytes(8).reversed().drop { $0 == 0 }.reversed()).description
            let virtualSize = try cursor.u32(.little)
            let virtualAddress = try cursor.u32(.little)
            let rawSize = try cursor.u32(.little)
            let rawOffset = try cursor.u32(.little)
            try cursor.skip(12)
            let characteristics = try cursor.u32(.little)
            sections.append(
                PEImage.Section(
                    name: name, virtualSize: virtualSize, virtualAddress: virtualAddress, rawSize: rawSize,
                    rawOffset: rawOffset, characteristics: characteristics))
        }
    }

    private mutating func checkLayout(size: ByteCount) {
        var inFile: [(start: UInt64, end: UInt64, name: String)] = []
        for section in sections where section.rawSize > 0 {
            let start = UInt64(section.rawOffset)
            // Two 32-bit numbers never overflow 64 bits.
            let end = start + UInt64(section.rawSize)
            if end > size.rawValue { note("section '\(section.name)' lies outside the file") }
            inFile.append((start, end, section.name))
        }
        inFile.sort { ($0.start, $0.end) < ($1.start, $1.end) }
        for (first, second) in zip(inFile, inFile.dropFirst()) where second.start < first.end {
            note("sections '\(first.name)' and '\(second.name)' overlap in the file")
        }
    }

    private mutating func note(_ text: String) {
        if diagnostics.count < Self.diagnosticLimit { diagnostics.append(text) }
    }

    private static func read(_ source: any ByteSource, _ start: UInt64, _ count: Int, _ what: String) throws -> [UInt8]
    {
        do {
            return try source.bytes(at: ByteOffset(start), count: count)
        } catch is ByteError {
            throw PEError(code: .truncated, offset: ByteOffset(start), detail: "\(what) needs \(count) bytes")
        }
    }
}
