/// p11-kit's persistent format: sections of `name: value` lines and PEM blocks
/// (`persist.c` of p11-kit, <https://p11-glue.github.io/p11-glue/p11-kit/manual/trust-module.html>).
enum P11KitSource {
    /// The line that begins each section.
    static let header = "[p11-kit-object-v1]"

    /// Reads every section.
    static func read(_ bytes: [UInt8], role: SourceRole, _ notes: inout SourceNotes) throws(SourceFault) {
        var lines = SourceLines(bytes)
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
