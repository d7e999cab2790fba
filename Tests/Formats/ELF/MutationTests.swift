import AssayBytes
import AssayELF
import Testing

/// A small generator with a fixed seed (xorshift64*), so that a failure can be met again.
private struct FixedGenerator: RandomNumberGenerator {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}

/// Judges arbitrary bytes; the only accepted failure is the format's own error.
private func judge(_ bytes: [UInt8], _ sourceLocation: SourceLocation = #_sourceLocation) {
    do {
        let file = try ELFFile(ByteArraySource(bytes))
        _ = try ELFReport(file, fortifiable: HostLibc.functions)
        _ = try LibcHardening(file)
        _ = try FortifiableFunctions(libc: file)
    } catch {
        #expect(error is ELFError, "\(error)", sourceLocation: sourceLocation)
    }
}

private let small: [UInt8] = {
    var builder = ELFBuilder.dynamic(
        [(1, 1), (6, 0xC00), (0x6FFF_FEF5, 0xB00), (29, 9), (3, 0xF00), (24, 0)],
        strings: Array("\0libx.so\0$ORIGIN:/tmp\0__stack_chk_fail\0__read_chk\0_ZN1aE\0".utf8))
    builder.size = 0x1400
    let words: [UInt64] = [1, 4, 1, 0, 0, 0, 4, 1]
    builder.pieces.append((0xB00, words.flatMap { builder.number($0, 4) }))
    for (index, name) in [UInt64(0), 22, 39, 50, 1].enumerated() {
        builder.pieces.append((0xC00 + index * 24, builder.number(name, 4)))
    }
    let note: [UInt8] = [
        4, 0, 0, 0, 12, 0, 0, 0, 5, 0, 0, 0, 0x47, 0x4E, 0x55, 0, 2, 0, 0, 0xC0, 4, 0, 0, 0, 3, 0, 0, 0,
    ]
    builder.pieces.append((0xA00, note))
    builder.pieces.append((0xA40, Array("/lib/ld.so\0".utf8)))
    builder.pieces.append((0xE00, [0x64, 0x48, 0x8B, 0x04, 0x25, 0x28, 0, 0, 0, 0x48, 0x8D, 0x44, 0x24, 0x10, 0xC3]))
    let names = Array("\0.text\0.comment\0.shstrtab\0".utf8)
    builder.pieces.append((0x1000, names))
    builder.pieces.append((0x1040, Array("GCC: (x) 12\0".utf8)))
    builder.segments += [
        .init(type: 4, offset: 0xA00, address: 0xA00, fileSize: UInt64(note.count), memorySize: 0, alignment: 4),
        .init(type: 3, offset: 0xA40, address: 0xA40, fileSize: 11, memorySize: 11),
        .init(type: 0x6474_E551, flags: 6, offset: 0, address: 0, fileSize: 0, memorySize: 0),
        .init(type: 0x6474_E552, offset: 0, address: 0, fileSize: 0x1000, memorySize: 0x1000),
    ]
    builder.sections = [
        .init(type: 0), .init(name: 1, type: 1, flags: 6, address: 0xE00, offset: 0xE00, size: 15),
        .init(name: 7, type: 1, offset: 0x1040, size: 12),
        .init(name: 16, type: 3, offset: 0x1000, size: UInt64(names.count)),
    ]
    builder.shstrndx = 3
    return builder.bytes()
}()

@Test func `the small file is sound and shows each feature`() throws {
    let report = try ELFReport(ByteArraySource(small), fortifiable: HostLibc.functions)
    #expect(report.stackProtector.value == .present(count: 1))
    #expect(report.controlFlow?.value.shadowStack == true)
    #expect(report.searchPaths.map(\.kind) == [.origin, .worldWritable])
    #expect(report.symbolCount == 5)
    #expect(report.relro.value == .full)
}

@Test func `a file cut at any byte is refused or judged, never more`() {
    for length in 0..<small.count { judge(Array(small.prefix(length))) }
}

@Test func `a file with any bit of its tables flipped is refused or judged, never more`() {
    for index in small.indices where index < 0x1A0 || small[index] != 0 {
        for bit in 0..<8 {
            var bytes = small
            bytes[index] ^= 1 << UInt8(bit)
            judge(bytes)
        }
    }
}

@Test func `random changes of sound files are refused or judged, never more`() {
    var generator = FixedGenerator()
    var seeds = [small]
    for name in ["full", "object.o", "libplain.so", "module.ko", "lib32.so", "asm_rwx"] {
        if let bytes = Corpus.shared.files[name] { seeds.append(bytes) }
    }
    let interesting: [UInt8] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF]
    for round in 0..<1_500 {
        var bytes = seeds[round % seeds.count]
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
            // Half of the changes hit the headers, where most decisions are made.
            let limit = Bool.random(using: &generator) ? min(1_024, bytes.count) : bytes.count
            let at = Int.random(in: 0..<limit, using: &generator)
            let value = interesting.randomElement(using: &generator) ?? 0
            let width = [1, 1, 2, 4, 8].randomElement(using: &generator) ?? 1
            for index in at..<min(at + width, bytes.count) { bytes[index] = value }
        }
        judge(bytes)
    }
}
