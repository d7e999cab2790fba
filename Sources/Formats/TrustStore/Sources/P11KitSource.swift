import AssayParallel

/// p11-kit's persistent format: sections of `name: value` lines and PEM blocks
/// (`persist.c` of p11-kit, <https://p11-glue.github.io/p11-glue/p11-kit/manual/trust-module.html>).
enum P11KitSource {
    /// The line that begins each section.
    static let header = "[p11-kit-object-v1]"

    /// The size of the parts that are read at the same time.
    private static let partSize = 64 << 10

    /// Reads every section.
    static func read(_ bytes: [UInt8], role: SourceRole, _ notes: inout SourceNotes) throws(SourceFault) {
        let path = notes.path
        let parts = parts(of: bytes).concurrentMap { part -> Result<SourceNotes, SourceFault> in
            var lines = SourceLines(bytes, in: part.range, after: part.linesBefore)
            var notes = SourceNotes(path: path)
            do throws(SourceFault) {
                try read(&lines, role: role, &notes)
                return .success(notes)
            } catch {
                return .failure(error)
            }
        }
        for part in parts { try notes.add(part.get()) }
    }

    /// Cuts a file before lines that begin with the header of a section, so that no section is in two parts.
    ///
    /// A block in which such a line stands has no end then, and is refused all the same.
    private static func parts(of bytes: [UInt8]) -> [(range: Range<Int>, linesBefore: Int)] {
        var result: [(range: Range<Int>, linesBefore: Int)] = []
        var start = 0
        var linesBefore = 0
        while start < bytes.count {
            let behind = bytes[min(start + partSize, bytes.count)...]
            let end = SourceLines.find("\n" + header, in: behind).map { $0 + 1 } ?? bytes.count
            result.append((start..<end, linesBefore))
            linesBefore += bytes[start..<end].count { $0 == 0x0A }
            start = end
        }
        return result
    }

    private static func read(
        _ lines: inout SourceLines, role: SourceRole, _ notes: inout SourceNotes
    ) throws(SourceFault) {
        var section: P11KitSection?
        while let line = lines.next() {
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            if first == UInt8(ascii: "[") {
                guard line.elementsEqual(header.utf8) else {
                    throw notes.fault(lines.number, "unknown section \(SourceNotes.quoted(line))")
                }
                try section?.finish(role: role, &notes)
                section = P11KitSection(line: lines.number)
                continue
            }
            guard section != nil else { throw notes.fault(lines.number, "text before the first '\(header)'") }
            if line.starts(with: PEMBlock.begin.utf8) {
                let block = try PEMBlock(line, &lines, notes)
                try section?.add(block, notes)
            } else {
                try section?.add(line, at: lines.number, notes)
            }
        }
        try section?.finish(role: role, &notes)
    }
}
