internal import AssayBytes

/// What compilers wrote about themselves: names in `.comment`, command lines where they were recorded.
struct Producers: Hashable, Sendable {
    /// Compiler names, as `EscapedText`, at most 16.
    var names: [String] = []
    var commentOffset: UInt64?
    /// Records of C and C++ compilations that name or do not name `-fstack-protector-strong` or `-all`.
    var protected = 0
    var unprotected = 0
    var recordOffset: UInt64?
    var recordSource = ""

    init() {}

    /// Reads `.comment`.
    init(comment file: ELFFile) throws {
        guard let comment = try file.contents(ofSection: ".comment", atMost: 65_536) else { return }
        commentOffset = comment.offset
        for piece in comment.bytes.split(separator: 0) where names.count < 16 {
            let name = EscapedText(piece.prefix(256)).description
            if !names.contains(name) { names.append(name) }
        }
    }

    /// Reads what proves the options of a compilation: annobin notes, `.GCC.command.line`, DWARF producers.
    mutating func readRecords(_ file: ELFFile) throws {
        if try readAnnobin(file) { return }
        for name in [".GCC.command.line", ".debug_str"] {
            guard let text = try file.contents(ofSection: name, atMost: ELFLimits.producerText) else { continue }
            readCommandLines(text.bytes, at: text.offset, from: name)
            if recordOffset != nil { return }
        }
    }

    /// Notes named `GA*` with id 2 (stack protector) hold GCC's `flag_stack_protect`: 2 all, 3 strong
    /// (https://sourceware.org/annobin/).
    private mutating func readAnnobin(_ file: ELFFile) throws -> Bool {
        guard let section = try file.contents(ofSection: ".gnu.build.attributes", atMost: ELFLimits.notes) else {
            return false
        }
        var notes: [Note] = []
        let table = ELFTable(bytes: section.bytes, order: file.header.order)
        // A cut section ends inside a note; a malformed one proves nothing, and nothing that loads reads it.
        try? ELFNotes.parse(table, at: section.offset, wide: false, into: &notes)
        for note in notes where note.name.count >= 5 && note.name.starts(with: [0x47, 0x41, 0x2A, 0x02]) {
            if note.name[4] == 2 || note.name[4] == 3 { protected += 1 } else { unprotected += 1 }
            if recordOffset == nil {
                recordOffset = note.offset
                recordSource = "annobin note"
            }
        }
        return recordOffset != nil
    }

    private mutating func readCommandLines(_ bytes: [UInt8], at offset: UInt64, from source: String) {
        let marks: [[UInt8]] = [Array("GNU C".utf8), Array("clang".utf8), Array("-f".utf8)]
        let strong: [[UInt8]] = [Array("-fstack-protector-strong".utf8), Array("-fstack-protector-all".utf8)]
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0) ?? bytes.count
            defer { start = end + 1 }
            // A command line has options; `GNU AS` and names of types and functions have not.
            guard end - start >= 16 else { continue }
            let isCommand = marks[0...1].contains { BytePattern.isPrefix($0, of: bytes, at: start) }
            guard isCommand || source == ".GCC.command.line" else { continue }
            let line = Array(bytes[start..<end])
            guard BytePattern.first(Array(" -".utf8), in: line) != nil else { continue }
            if strong.contains(where: { BytePattern.first($0, in: line) != nil }) {
                protected += 1
            } else {
                unprotected += 1
            }
            if recordOffset == nil {
                recordOffset = offset + UInt64(start)
                recordSource = source
            }
        }
    }
}

extension BytePattern {
    /// Whether `needle` stands at `start`.
    static func isPrefix(_ needle: [UInt8], of bytes: [UInt8], at start: Int) -> Bool {
        guard bytes.count - start >= needle.count else { return false }
        for index in 0..<needle.count where bytes[start + index] != needle[index] { return false }
        return true
    }
}
