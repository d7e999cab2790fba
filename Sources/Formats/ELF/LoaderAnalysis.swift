internal import AssayBytes

/// What the program headers and the dynamic section say about memory protection.
struct LoaderAnalysis {
    let file: ELFFile

    var dynamic: ELFDynamic? { file.dynamic }

    private typealias Tag = ELFDynamic.Tag

    /// Binding at start: any one of the three tags is enough.
    func bindNow() -> Observed<BindNow> {
        guard file.type.isLoadable else { return Observed(.notApplicable, "not a loaded object") }
        if let dynamic {
            if let entry = dynamic.last(Tag.bindNow) { return Observed(.now, "DT_BIND_NOW", at: entry.offset) }
            if let entry = dynamic.last(Tag.flags), entry.value & 8 != 0 {
                return Observed(.now, "DT_FLAGS has DF_BIND_NOW", at: entry.offset)
            }
            if let entry = dynamic.last(Tag.flags1), entry.value & 1 != 0 {
                return Observed(.now, "DT_FLAGS_1 has DF_1_NOW", at: entry.offset)
            }
        }
        if file.type.isStatic { return Observed(.notApplicable, "static: no function is bound at run time") }
        return Observed(.lazy, "no DT_BIND_NOW, DF_BIND_NOW or DF_1_NOW", at: dynamic?.offset)
    }

    /// RELRO, judged by what the segment covers.
    func relro(_ binding: BindNow) -> Observed<RELRO> {
        guard file.type.isLoadable else { return Observed(.notApplicable, "not a loaded object") }
        let candidates = file.segments.all.filter { $0.type == SegmentType.gnuRelro }
        guard let segment = candidates.first else { return Observed(.none, "no PT_GNU_RELRO") }
        // The loader protects whole pages, rounded inwards at the end (glibc, _dl_protect_relro).
        let page: UInt64 = 4_096
        let regions = candidates.map { candidate in
            let end = rangeEnd(candidate.address, candidate.memorySize) ?? candidate.address
            return (start: candidate.address / page * page, end: end / page * page)
        }
        guard regions.contains(where: { $0.start < $0.end }) else {
            return Observed(.none, "PT_GNU_RELRO covers no whole page", at: segment.headerOffset)
        }
        func isCovered(_ address: UInt64, _ count: UInt64) -> Bool {
            guard let end = rangeEnd(address, count) else { return false }
            return regions.contains { $0.start <= address && end <= $0.end }
        }
        if file.type.isStatic {
            return Observed(.segmentOnly, "PT_GNU_RELRO in a static object", at: segment.headerOffset)
        }
        guard binding == .now else {
            return Observed(.partial, "PT_GNU_RELRO without bind-now", at: segment.headerOffset)
        }
        for name in [".got", ".got.plt"] {
            guard let section = file.sections.first(named: name), section.size > 0, section.isAllocated else {
                continue
            }
            guard isCovered(section.address, section.size) else {
                return Observed(.partial, "\(name) lies outside PT_GNU_RELRO", at: section.offset)
            }
        }
        if let entry = dynamic?.last(Tag.pltGOT), entry.value != 0 {
            guard isCovered(entry.value, tableSize()) else {
                return Observed(.partial, "DT_PLTGOT points outside PT_GNU_RELRO", at: entry.offset)
            }
        }
        return Observed(
            .full, "PT_GNU_RELRO covers the global offset table, bound at start", at: segment.headerOffset)
    }

    /// The bytes of `.got.plt` by the number of its relocations.
    private func tableSize() -> UInt64 {
        let word: UInt64 = file.header.is64 ? 8 : 4
        guard let size = dynamic?.last(Tag.pltRelocationSize)?.value else { return word }
        let isRela = dynamic?.last(Tag.pltRelocationType)?.value == 7
        let entrySize = isRela ? word * 3 : word * 2
        return max(word, min(size, 1 << 32) / entrySize * word)
    }

    /// The stack, by Linux' own table for a missing header (arch/*/include/asm/elf.h, `elf_read_implies_exec`).
    func stack() -> Observed<StackExecution> {
        guard file.type.isLoadable else { return Observed(.notApplicable, "not a loaded object") }
        if let segment = file.segments.first(SegmentType.gnuStack) {
            return segment.isExecutable
                ? Observed(.executable, "PT_GNU_STACK has PF_X", at: segment.headerOffset)
                : Observed(.nonExecutable, "PT_GNU_STACK without PF_X", at: segment.headerOffset)
        }
        let machine = file.machine
        if file.type == .sharedObject {
            switch machine {
            case .x86x64, .i386, .arm, .aarch64:
                return Observed(
                    .executable, "no PT_GNU_STACK: glibc makes the stack executable when it loads this library")
            default: return Observed(.unknown, "no PT_GNU_STACK; the loader's rule for \(machine) is not known")
            }
        }
        switch machine {
        case .x86x64: return Observed(.nonExecutable, "no PT_GNU_STACK: Linux on x86-64 takes that as exec-none")
        case .aarch64: return Observed(.nonExecutable, "no PT_GNU_STACK: Linux on aarch64 takes that as exec-none")
        case .i386, .arm:
            return Observed(.everythingExecutable, "no PT_GNU_STACK: Linux on \(machine) takes that as exec-all")
        default: return Observed(.unknown, "no PT_GNU_STACK; the kernel's rule for \(machine) is not known")
        }
    }

    /// Relocations against code.
    func textRelocations() -> Observed<Bool>? {
        guard file.type.isLoadable, let dynamic else { return nil }
        if let entry = dynamic.last(Tag.textRelocations) { return Observed(true, "DT_TEXTREL", at: entry.offset) }
        if let entry = dynamic.last(Tag.flags), entry.value & 4 != 0 {
            return Observed(true, "DT_FLAGS has DF_TEXTREL", at: entry.offset)
        }
        return Observed(false, "no DT_TEXTREL or DF_TEXTREL", at: dynamic.offset)
    }

    /// Segments that are mapped writable and executable at once.
    func writableCode() -> [WritableCodeSegment] {
        guard file.type.isLoadable else { return [] }
        return file.segments.loads.filter { $0.isWritable && $0.isExecutable && $0.memorySize > 0 }.map {
            WritableCodeSegment(
                address: $0.address, memorySize: ByteCount($0.memorySize),
                evidence: ELFEvidence("PT_LOAD has PF_W and PF_X", at: $0.headerOffset))
        }
    }

    /// IBT and SHSTK, or BTI, PAC and GCS; nil on other machines.
    func controlFlow() throws -> Observed<ControlFlowProtection>? {
        guard file.type != .debugFile, file.type != .core else { return nil }
        let isArm = file.machine == .aarch64
        guard isArm || file.machine == .x86x64 || file.machine == .i386 else { return nil }
        let properties = try GNUProperties(file.notes, file.header)
        let bits = properties.features ?? 0
        let value = ControlFlowProtection(
            indirectBranchTracking: !isArm && bits & 1 != 0, shadowStack: !isArm && bits & 2 != 0,
            branchTargets: isArm && bits & 1 != 0, pointerAuthentication: isArm && bits & 2 != 0,
            guardedControlStack: isArm && bits & 4 != 0)
        guard properties.features != nil else {
            return Observed(value, "no processor feature in .note.gnu.property")
        }
        return Observed(value, "feature word 0x\(String(bits, radix: 16))", at: properties.offset)
    }

    /// The path of the loader.
    func interpreter() throws -> Observed<String>? {
        guard file.type.isLoadable, let segment = file.segments.first(SegmentType.interpreter) else { return nil }
        guard segment.fileSize >= 2, segment.fileSize <= UInt64(ELFLimits.pathLength) else {
            throw ELFError(
                .badProgramHeaders, at: segment.headerOffset, "interpreter path of \(segment.fileSize) bytes")
        }
        let bytes = try file.reader.bytes(at: segment.offset, count: segment.fileSize, "interpreter path")
        guard bytes.last == 0, let end = bytes.firstIndex(of: 0) else {
            throw ELFError(.badProgramHeaders, at: segment.offset, "interpreter path does not end with a zero byte")
        }
        return Observed(EscapedText(bytes[..<end]).description, "PT_INTERP", at: segment.offset)
    }
}
