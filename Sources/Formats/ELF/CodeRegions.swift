internal import AssayBytes

/// The executable bytes of a file: executable segments, or sections where a file has no segments.
struct CodeRegions {
    /// A range of the file.
    struct Region: Hashable, Sendable {
        let offset: UInt64
        let count: UInt64
    }

    /// `main` of a static program.
    struct Main: Hashable, Sendable {
        let offset: UInt64
        let canary: UInt64?
        let frame: UInt64?
    }

    let file: ELFFile
    let regions: [Region]
    /// False when `ELFLimits.scannedCode` cut something off.
    let isComplete: Bool

    init(_ file: ELFFile) {
        self.file = file
        var found: [Region] = []
        var left = ELFLimits.scannedCode
        var complete = true
        func add(_ offset: UInt64, _ count: UInt64) {
            let taken = min(count, left)
            if taken < count { complete = false }
            if taken > 0 { found.append(Region(offset: offset, count: taken)) }
            left -= taken
        }
        if file.type.isLoadable {
            for segment in file.segments.loads where segment.isExecutable { add(segment.offset, segment.fileSize) }
        } else {
            for section in file.sections.all where section.isExecutable && section.hasBytes {
                add(section.offset, section.size)
            }
        }
        regions = found
        isComplete = complete
    }

    /// Canary loads in all regions.
    func canaries() throws -> CanaryScan.Matches {
        var matches = CanaryScan.Matches()
        let kernel = file.type == .kernelModule
        for region in regions {
            _ = try WindowWalk(reader: file.reader).each(region.offset, region.count) { bytes, offset, starts in
                CanaryScan.canaries(
                    bytes, at: offset, starts: starts, machine: file.machine, elfClass: file.elfClass, kernel: kernel,
                    into: &matches)
                return true
            }
        }
        return matches
    }

    /// The file offset of the first instruction that takes the address of a local, or nil.
    func protectableFrame() throws -> UInt64? {
        // The start-up code reads the arguments off the stack, which is no local.
        let entry = file.segments.fileOffset(of: file.header.entry)
        var found: UInt64?
        for region in regions where found == nil {
            _ = try WindowWalk(reader: file.reader).each(region.offset, region.count) { bytes, offset, starts in
                var from = Int((4 - offset % 4) % 4)
                if file.machine != .aarch64 { from = 0 }
                while let at = CanaryScan.protectableFrame(bytes, from: from, starts: starts, machine: file.machine) {
                    let place = offset + UInt64(at)
                    if let entry, place >= entry, place - entry < 64 {
                        from = at + 4
                        continue
                    }
                    found = place
                    return false
                }
                return true
            }
        }
        return found
    }

    /// `main`, by its symbol or by the start-up code that passes its address to the C library.
    func mainFunction(_ symbols: SymbolFacts?) throws -> Main? {
        guard file.machine == .x86x64 else { return nil }
        var address: UInt64?
        var size: UInt64 = 0
        if let hit = symbols?.first(.main), !hit.isImport {
            address = hit.value
            size = hit.size
        } else {
            address = try mainFromEntry()
        }
        guard let address, let offset = file.segments.fileOffset(of: address, count: 16),
            let mapped = file.segments.mappedCount(from: address)
        else { return nil }
        let limit = min(mapped, size > 0 ? min(size, 65_536) : 4_096)
        let bytes = try file.reader.bytes(at: offset, count: limit, "main")
        let length = size > 0 ? bytes.count : CodeRegions.functionLength(bytes, at: address, entry: file.header.entry)
        var matches = CanaryScan.Matches()
        CanaryScan.canaries(
            bytes, at: offset, starts: length, machine: .x86x64, elfClass: file.elfClass, kernel: false, into: &matches)
        let frame = CanaryScan.protectableFrame(bytes, from: 0, starts: length, machine: .x86x64)
        return Main(offset: offset, canary: matches.first, frame: frame.map { offset + UInt64($0) })
    }

    /// glibc's `_start` loads the address of `main` into `%rdi`: `mov $imm32` or `lea disp32(%rip)`.
    private func mainFromEntry() throws -> UInt64? {
        guard let offset = file.segments.fileOffset(of: file.header.entry, count: 48) else { return nil }
        let table = ELFTable(bytes: try file.reader.bytes(at: offset, count: 48, "entry"), order: .little)
        for at in 0..<40 {
            let opcode = (table.bytes[at], table.bytes[at + 1], table.bytes[at + 2])
            if opcode == (0x48, 0xC7, 0xC7) { return UInt64(table.u32(at + 3)) }
            if opcode == (0x48, 0x8D, 0x3D) {
                let next = file.header.entry &+ UInt64(at) &+ 7
                return next &+ UInt64(bitPattern: Int64(Int32(bitPattern: table.u32(at + 3))))
            }
        }
        return nil
    }

    /// The length of the function that starts the window: up to a `ret` with padding behind it, or the entry point.
    private static func functionLength(_ bytes: [UInt8], at address: UInt64, entry: UInt64) -> Int {
        var end = bytes.count
        if entry > address, entry - address < UInt64(end) { end = Int(entry - address) }
        var at = 0
        while at + 2 < end {
            if bytes[at] == 0xC3, [0x66, 0x0F, 0x90, 0xCC, 0xF3].contains(bytes[at + 1]) { return at + 1 }
            at += 1
        }
        return end
    }
}
