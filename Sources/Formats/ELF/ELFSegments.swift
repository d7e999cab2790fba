/// One program header (https://gabi.xinuos.com/elf/07-pheader.html).
struct Segment: Hashable, Sendable {
    let type: UInt32
    let flags: UInt32
    let offset: UInt64
    let address: UInt64
    let fileSize: UInt64
    let memorySize: UInt64
    let alignment: UInt64
    /// Where the header itself lies in the file.
    let headerOffset: UInt64

    var isExecutable: Bool { flags & 1 != 0 }
    var isWritable: Bool { flags & 2 != 0 }
    var isReadable: Bool { flags & 4 != 0 }
}

/// Values of `p_type`.
enum SegmentType {
    static let load: UInt32 = 1
    static let dynamic: UInt32 = 2
    static let interpreter: UInt32 = 3
    static let note: UInt32 = 4
    static let gnuStack: UInt32 = 0x6474_E551
    static let gnuRelro: UInt32 = 0x6474_E552
    static let gnuProperty: UInt32 = 0x6474_E553
}

/// The program headers: what the kernel and the loader go by.
struct ELFSegments: Hashable, Sendable {
    let all: [Segment]
    let loads: [Segment]

    func first(_ type: UInt32) -> Segment? { all.first { $0.type == type } }

    private init(all: [Segment]) {
        self.all = all
        loads = all.filter { $0.type == SegmentType.load }
    }

    /// No segments: for objects whose program headers do not describe themselves.
    static let none = ELFSegments(all: [])

    init(_ reader: ELFReader, _ header: ELFHeader, extendedCount: UInt64?) throws {
        var count = UInt64(header.programHeaderCount)
        if count == 0xFFFF {
            // PN_XNUM: the number did not fit and stands in the first section header.
            guard let extended = extendedCount else {
                throw ELFError(.badProgramHeaders, at: 0, "program header count is in a section header that is missing")
            }
            count = extended
        }
        guard count <= ELFLimits.programHeaders else {
            throw ELFError(.limitExceeded, at: 0, "\(count) program headers")
        }
        guard count > 0 else {
            self.init(all: [])
            return
        }
        let entrySize: UInt64 = header.is64 ? 56 : 32
        guard UInt64(header.programHeaderSize) == entrySize else {
            throw ELFError(
                .badProgramHeaders, at: header.is64 ? 54 : 42,
                "program header size is \(header.programHeaderSize), not \(entrySize)")
        }
        let start = header.programHeaderOffset
        guard start >= (header.is64 ? 64 : 52), reader.contains(start, count * entrySize) else {
            throw ELFError(
                .badProgramHeaders, at: start, "program header table of \(count) entries does not lie in the file")
        }
        let table = ELFTable(
            bytes: try reader.bytes(at: start, count: count * entrySize, "program header table"), order: header.order)
        var segments: [Segment] = []
        segments.reserveCapacity(Int(count))
        for index in 0..<count {
            let at = Int(index * entrySize)
            segments.append(Segment(table, at: at, is64: header.is64, headerOffset: start + index * entrySize))
        }
        self.init(all: segments)
    }

    /// Refuses what the kernel or the loader would refuse, or what they could read otherwise than we do.
    func validate(_ reader: ELFReader, _ header: ELFHeader) throws {
        guard !loads.isEmpty else {
            throw ELFError(.badProgramHeaders, at: header.programHeaderOffset, "nothing to load: no PT_LOAD segment")
        }
        let single: [(UInt32, String)] = [
            (SegmentType.dynamic, "PT_DYNAMIC"), (SegmentType.interpreter, "PT_INTERP"),
            (SegmentType.gnuStack, "PT_GNU_STACK"), (SegmentType.gnuProperty, "PT_GNU_PROPERTY"),
        ]
        for (type, name) in single {
            var seen = false
            for segment in all where segment.type == type {
                guard !seen else {
                    throw ELFError(.badProgramHeaders, at: segment.headerOffset, "more than one \(name) segment")
                }
                seen = true
            }
        }
        for segment in loads {
            try segment.validateLoad(reader)
        }
        // A kernel image may order its segments freely; what a loader maps may not (gabi: ascending p_vaddr).
        guard first(SegmentType.dynamic) != nil || first(SegmentType.interpreter) != nil else { return }
        var end: UInt64 = 0
        for segment in loads {
            guard segment.address >= end else {
                throw ELFError(.badProgramHeaders, at: segment.headerOffset, "PT_LOAD segments overlap or are unsorted")
            }
            guard segment.fileSize == 0 || segment.address % 4_096 == segment.offset % 4_096 else {
                throw ELFError(
                    .badProgramHeaders, at: segment.headerOffset, "PT_LOAD address and offset differ within the page")
            }
            end = segment.address + segment.memorySize
        }
    }

    /// The file offset that is mapped at `address` with at least `count` bytes from the file behind it, or nil.
    func fileOffset(of address: UInt64, count: UInt64 = 0) -> UInt64? {
        for segment in loads where address >= segment.address {
            let delta = address - segment.address
            guard delta <= segment.fileSize, count <= segment.fileSize - delta else { continue }
            return segment.offset + delta
        }
        return nil
    }

    /// The bytes of the file that are mapped from `address` on, or nil when none are.
    func mappedCount(from address: UInt64) -> UInt64? {
        for segment in loads where address >= segment.address && address - segment.address < segment.fileSize {
            return segment.fileSize - (address - segment.address)
        }
        return nil
    }

    /// The address at which `offset` is mapped, or nil.
    func address(ofFileOffset offset: UInt64) -> UInt64? {
        for segment in loads where offset >= segment.offset && offset - segment.offset < segment.fileSize {
            return segment.address + (offset - segment.offset)
        }
        return nil
    }
}

extension Segment {
    fileprivate init(_ table: ELFTable, at start: Int, is64: Bool, headerOffset: UInt64) {
        type = table.u32(start)
        if is64 {
            flags = table.u32(start + 4)
            offset = table.u64(start + 8)
            address = table.u64(start + 16)
            fileSize = table.u64(start + 32)
            memorySize = table.u64(start + 40)
            alignment = table.u64(start + 48)
        } else {
            offset = UInt64(table.u32(start + 4))
            address = UInt64(table.u32(start + 8))
            fileSize = UInt64(table.u32(start + 16))
            memorySize = UInt64(table.u32(start + 20))
            flags = table.u32(start + 24)
            alignment = UInt64(table.u32(start + 28))
        }
        self.headerOffset = headerOffset
    }

    fileprivate func validateLoad(_ reader: ELFReader) throws {
        guard fileSize <= memorySize else {
            throw ELFError(.badProgramHeaders, at: headerOffset, "PT_LOAD is larger in the file than in memory")
        }
        guard reader.contains(offset, fileSize) else {
            throw ELFError(.truncated, at: offset, "PT_LOAD of \(fileSize) bytes does not lie in the file")
        }
        guard rangeEnd(address, memorySize) != nil else {
            throw ELFError(.badProgramHeaders, at: headerOffset, "PT_LOAD passes the end of the address space")
        }
    }
}
