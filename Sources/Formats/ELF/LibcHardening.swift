public import AssayBytes

/// What a C library, or the C++ runtime beside it, does to protect the programs that use it.
public struct LibcHardening: Hashable, Sendable {
    /// Which C library it is.
    public enum Kind: String, Hashable, Sendable {
        /// The GNU C library.
        case glibc
        /// musl.
        case musl
        /// Another library, or none.
        case other
    }

    /// Which C library it is.
    public let kind: Observed<Kind>
    /// Its version, as it prints it.
    public let version: Observed<String>?
    /// Places at which function pointers are mangled with the pointer guard; nil where the machine's code is not read.
    public let pointerGuardUses: Observed<Int>?
    /// Messages of heap checks that it holds, in the order of `LibcHardening.heapMessages`.
    public let heapChecks: [Observed<String>]
    /// The C++ runtime's check of `new[]` sizes, when this is that runtime.
    public let newArrayCheck: Observed<SymbolUse>?

    /// Messages of glibc's malloc that each stand for a check.
    public static let heapMessages = [
        "malloc(): corrupted top size", "malloc(): unaligned tcache chunk detected", "free(): invalid pointer",
        "free(): double free detected in tcache 2", "double free or corruption (!prev)",
        "corrupted size vs. prev_size", "munmap_chunk(): invalid pointer",
    ]

    /// Reads the library in `source`, at most 64 MiB of its mapped bytes.
    ///
    /// - Throws: `ELFError` when it is not a readable ELF file, or the source's own error.
    public init(_ source: any ByteSource) throws { try self.init(ELFFile(source)) }

    /// Reads `file`, at most 64 MiB of its mapped bytes.
    ///
    /// - Throws: `ELFError` when its symbols cannot be read, or the source's own error.
    public init(_ file: ELFFile) throws {
        let facts = try file.dynamicFacts(fortifiable: nil)
        var scan = LibraryScan()
        try scan.run(file)
        newArrayCheck = facts?.first(.badArrayNewLength).map {
            Observed($0.isImport ? .imported : .defined, $0.name.rawValue, at: $0.offset)
        }
        heapChecks = LibcHardening.heapMessages.enumerated().compactMap { number, message in
            scan.found[number].map { Observed(message, "text in read-only data", at: $0) }
        }
        if let at = scan.glibcBanner {
            kind = Observed(.glibc, "banner 'GNU C Library'", at: at)
        } else if let at = scan.muslMark {
            kind = Observed(.musl, "text 'musl libc'", at: at)
        } else {
            kind = Observed(.other, "neither glibc's nor musl's text")
        }
        version = scan.version
        switch file.machine {
        case .x86x64, .i386:
            let place = file.machine == .i386 ? "%gs:0x18" : (file.elfClass == .elf64 ? "%fs:0x30" : "%fs:0x1c")
            pointerGuardUses = Observed(scan.guards.count, "xor \(place) in code", at: scan.guards.first)
        case .aarch64:
            let hit = facts?.first(.pointerCheckGuard)
            pointerGuardUses = hit.map { Observed(1, "symbol \($0.name.rawValue)", at: $0.offset) }
        default: pointerGuardUses = nil
        }
    }
}

/// One walk over the mapped bytes of a library.
private struct LibraryScan {
    static let limit: UInt64 = 64 << 20

    var found = [UInt64?](repeating: nil, count: LibcHardening.heapMessages.count)
    var glibcBanner: UInt64?
    var muslMark: UInt64?
    var version: Observed<String>?
    var guards = CanaryScan.Matches()

    mutating func run(_ file: ELFFile) throws {
        let needles = LibcHardening.heapMessages.map { Array($0.utf8) }
        let banner = Array("GNU C Library (".utf8)
        let musl = Array("musl libc (".utf8)
        var left = LibraryScan.limit
        for segment in file.segments.loads where !segment.isWritable {
            // Messages are short: read the whole region at once would be simpler, windows keep memory flat.
            let count = min(segment.fileSize, left)
            left -= count
            var at: UInt64 = 0
            while at < count {
                let length = min(1 << 20, count - at)
                let bytes = try file.reader.bytes(
                    at: segment.offset + at, count: min(length + 512, count - at), "library window")
                let offset = segment.offset + at
                if segment.isExecutable { guardUses(bytes, at: offset, starts: Int(length), file) }
                for (number, needle) in needles.enumerated() where found[number] == nil {
                    found[number] = BytePattern.first(needle, in: bytes).map { offset + UInt64($0) }
                }
                if glibcBanner == nil, let place = BytePattern.first(banner, in: bytes) {
                    glibcBanner = offset + UInt64(place)
                    version = LibraryScan.version(bytes, place, "version ", at: offset)
                }
                if muslMark == nil, let place = BytePattern.first(musl, in: bytes) {
                    muslMark = offset + UInt64(place)
                    version = version ?? LibraryScan.version(bytes, place, "Version ", at: offset)
                }
                at += length
            }
        }
    }

    /// Counts `xor` of a register with the pointer guard in the thread control block.
    ///
    /// The guard is at %fs:0x30 on x86-64, at %fs:0x1c for x32 and at %gs:0x18 on i386 (glibc, sysdeps/*/nptl/tls.h,
    /// `tcbhead_t.pointer_guard`).
    private mutating func guardUses(
        _ bytes: [UInt8], at offset: UInt64, starts: Int, _ file: ELFFile
    ) {
        let isLong = file.elfClass == .elf64
        guard file.machine == .x86x64 || file.machine == .i386 else { return }
        let isI386 = file.machine == .i386
        let place: UInt8 = isLong ? 0x30 : (isI386 ? 0x18 : 0x1C)
        let span = bytes.span
        var at = 0
        while at < starts, at + 9 <= span.count {
            defer { at += 1 }
            guard span[at] == (isI386 ? 0x65 : 0x64) else { continue }
            // A REX prefix (W or not, register extension or not) may stand between the segment prefix and the opcode.
            let next = !isI386 && span[at + 1] & 0xF0 == 0x40 ? at + 2 : at + 1
            // 33 /r with an absolute 32-bit address: on i386 in the ModRM byte, on x86-64 in a SIB byte without a base.
            guard span[next] == 0x33 else { continue }
            let address: Int
            if isI386 {
                guard span[next + 1] & 0xC7 == 0x05 else { continue }
                address = next + 2
            } else {
                guard span[next + 1] & 0xC7 == 0x04, span[next + 2] == 0x25 else { continue }
                address = next + 3
            }
            guard address + 4 <= span.count, span[address] == place, span[address + 1] == 0, span[address + 2] == 0,
                span[address + 3] == 0
            else { continue }
            guards.count += 1
            if guards.first == nil { guards.first = offset + UInt64(at) }
        }
    }

    private static func version(_ bytes: [UInt8], _ place: Int, _ mark: String, at offset: UInt64) -> Observed<String>?
    {
        let text = Array(bytes[place..<min(bytes.count, place + 256)])
        guard let at = BytePattern.first(Array(mark.utf8), in: text) else { return nil }
        let start = at + mark.utf8.count
        var end = start
        while end < text.count, text[end] == 0x2E || (text[end] >= 0x30 && text[end] <= 0x39) { end += 1 }
        while end > start, text[end - 1] == 0x2E { end -= 1 }
        guard end > start else { return nil }
        return Observed(
            String(decoding: text[start..<end], as: UTF8.self), "version text", at: offset + UInt64(place + start))
    }
}
