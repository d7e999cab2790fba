/// Code bytes that a stack protector leaves, and frames that would need one.
///
/// x86-64 loads the canary from `%fs:0x28` (kernel: `%gs:0x28`), x32 from `%fs:0x18`, i386 from `%gs:0x14` (GCC,
/// -mstack-protector-guard).
/// Data that lies in an executable segment can match by chance: six fixed bits of nine bytes make that rare, and the
/// evidence says where the match lies.
enum CanaryScan {
    /// Matches in a region.
    struct Matches: Hashable, Sendable {
        var count = 0
        /// File offset of the first one.
        var first: UInt64?
    }

    /// Whether we know the machine's canary load.
    static func knows(_ machine: ELFMachine) -> Bool { machine == .x86x64 || machine == .i386 }

    /// Counts canary loads that start in the first `starts` bytes.
    static func canaries(
        _ bytes: [UInt8], at offset: UInt64, starts: Int, machine: ELFMachine, elfClass: ELFClass, kernel: Bool,
        into matches: inout Matches
    ) {
        let is64 = machine == .x86x64
        let isX32 = is64 && elfClass == .elf32
        // 64 48 8b 04 25 28 00 00 00, or 65 a1 14 00 00 00 and 65 8b 05 14 00 00 00: all end in three zero bytes, so
        // that looking at every third byte meets each one exactly once.
        let span = bytes.span
        let count = span.count
        let marker: UInt8 = isX32 ? 0x18 : is64 ? 0x28 : 0x14
        var at = 2
        while at < count {
            guard span[at] == 0 else {
                at += 3
                continue
            }
            for number in 0..<3 where at - number >= 1 {
                let mark = at - number - 1
                guard span[mark] == marker, mark + 3 < count, span[mark + 1] == 0, span[mark + 2] == 0,
                    span[mark + 3] == 0
                else { continue }
                let start =
                    isX32 ? startX32(span, mark) : is64 ? start64(span, mark, kernel: kernel) : start32(span, mark)
                if let start, start < starts {
                    matches.count += 1
                    if matches.first == nil { matches.first = offset + UInt64(start) }
                }
            }
            at += 3
        }
    }

    /// The start of `%fs:0x28` access whose displacement is at `mark`.
    private static func start64(_ span: Span<UInt8>, _ mark: Int, kernel: Bool) -> Int? {
        guard mark >= 5, span[mark - 1] == 0x25, span[mark - 2] & 0xC7 == 0x04, isAccess(span[mark - 3]),
            span[mark - 4] & 0xF8 == 0x48, span[mark - 5] == (kernel ? 0x65 : 0x64)
        else { return nil }
        return mark - 5
    }

    /// The start of a `%fs:0x18` access whose displacement is at `mark`: 32 bits wide, so a REX prefix is not needed.
    private static func startX32(_ span: Span<UInt8>, _ mark: Int) -> Int? {
        guard mark >= 4, span[mark - 1] == 0x25, span[mark - 2] & 0xC7 == 0x04, isAccess(span[mark - 3]) else {
            return nil
        }
        if span[mark - 4] == 0x64 { return mark - 4 }
        return mark >= 5 && span[mark - 4] & 0xF0 == 0x40 && span[mark - 5] == 0x64 ? mark - 5 : nil
    }

    /// The start of a `%gs:0x14` access whose displacement is at `mark`.
    private static func start32(_ span: Span<UInt8>, _ mark: Int) -> Int? {
        if mark >= 2, span[mark - 1] == 0xA1, span[mark - 2] == 0x65 { return mark - 2 }
        guard mark >= 3, span[mark - 1] & 0xC7 == 0x05, isAccess(span[mark - 2]), span[mark - 3] == 0x65 else {
            return nil
        }
        return mark - 3
    }

    /// `mov`, `xor`, `sub` and `cmp` from memory.
    private static func isAccess(_ opcode: UInt8) -> Bool {
        opcode == 0x8B || opcode == 0x33 || opcode == 0x2B || opcode == 0x3B
    }

    /// The first start position of an instruction that takes the address of a local.
    ///
    /// Such a frame gets a canary under `-fstack-protector-strong`.
    ///
    /// - Parameters:
    ///   - bytes: a window of code.
    ///   - start: where to begin; on aarch64 the start of an instruction.
    ///   - starts: the number of start positions that belong to this window.
    ///   - machine: whose code it is.
    /// - Returns: nil when the window shows none, or for a machine that we cannot read.
    static func protectableFrame(_ bytes: [UInt8], from start: Int, starts: Int, machine: ELFMachine) -> Int? {
        switch machine {
        case .x86x64: frame64(bytes.span, start, starts)
        case .i386: frame32(bytes.span, start, starts)
        case .aarch64: frameArm(bytes.span, start, starts)
        default: nil
        }
    }

    private static func frame64(_ span: Span<UInt8>, _ start: Int, _ starts: Int) -> Int? {
        var at = start
        var framePointer = -1
        let last = span.count - 8
        while at < starts, at <= last {
            let byte = span[at]
            if byte & 0xF8 == 0x48 {
                // lea disp(%rsp),%reg with reg not %rsp.
                let opcode = span[at + 1]
                let mode = span[at + 2]
                if opcode == 0x8D {
                    let isOffset = mode & 0xC0 == 0x40 || mode & 0xC0 == 0x80
                    // lea 8(%rsp),%r10 is how GCC aligns a stack of vectors.
                    let isAlignment = byte == 0x4C && mode == 0x54 && span[at + 4] == 0x08
                    if isOffset, mode & 7 == 4, span[at + 3] == 0x24, mode & 0x38 != 0x20 || byte & 4 != 0, !isAlignment
                    {
                        return at
                    }
                    // lea -disp(%rbp),%reg behind a frame pointer's prologue.
                    if framePointer >= 0, at - framePointer < 4_096, byte & 1 == 0, isNegativeFrame(span, at, mode) {
                        return at
                    }
                } else if byte & 0xFE == 0x48, opcode == 0x89, mode & 0xF8 == 0xE0, mode != 0xE5 || byte == 0x49,
                    mode != 0xE4 || byte == 0x49
                {
                    // mov %rsp,%reg, the frame pointer apart: the address of the lowest local, or a frame that grows.
                    return at
                }
            } else if byte == 0x55, span[at + 1] == 0x48, span[at + 2] == 0x89, span[at + 3] == 0xE5 {
                framePointer = at
            }
            at += 1
        }
        return nil
    }

    private static func isNegativeFrame(_ span: Span<UInt8>, _ at: Int, _ mode: UInt8) -> Bool {
        if mode & 0xC7 == 0x45 { return span[at + 3] >= 0x80 && span[at + 3] <= 0xFC }
        return mode & 0xC7 == 0x85 && span[at + 6] == 0xFF
    }

    private static func frame32(_ span: Span<UInt8>, _ start: Int, _ starts: Int) -> Int? {
        var at = start
        var framePointer = -1
        let last = span.count - 8
        while at < starts, at <= last {
            if span[at] == 0x8D {
                let mode = span[at + 1]
                let isOffset = mode & 0xC0 == 0x40 || mode & 0xC0 == 0x80
                // lea 4(%esp),%ecx is how GCC aligns the stack of `main`.
                let isAlignment = mode == 0x4C && span[at + 3] == 0x04
                if isOffset, mode & 7 == 4, mode & 0x38 != 0x20, span[at + 2] == 0x24, !isAlignment { return at }
                if framePointer >= 0, at - framePointer < 4_096, mode & 0xC7 == 0x45, span[at + 2] >= 0x80,
                    span[at + 2] <= 0xF0
                {
                    return at
                }
            } else if span[at] == 0x55, span[at + 1] == 0x89, span[at + 2] == 0xE5 {
                framePointer = at
            }
            at += 1
        }
        return nil
    }

    /// `add xN, sp, #imm` with imm of at least 16, and N neither the stack nor the frame pointer.
    private static func frameArm(_ span: Span<UInt8>, _ start: Int, _ starts: Int) -> Int? {
        var at = start
        while at < starts, at + 4 <= span.count {
            if span[at + 3] == 0x91 {
                let word =
                    UInt32(span[at]) | UInt32(span[at + 1]) << 8 | UInt32(span[at + 2]) << 16 | UInt32(0x91) << 24
                let immediate = word >> 10 & 0xFFF
                if word & 0xFFC0_03E0 == 0x9100_03E0, word & 31 < 29, immediate >= 16 { return at }
            }
            at += 4
        }
        return nil
    }
}
