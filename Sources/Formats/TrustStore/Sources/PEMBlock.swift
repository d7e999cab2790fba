/// A PEM block in a source file (RFC 7468, <https://www.rfc-editor.org/rfc/rfc7468>): base64 in lines of any length, also all in
/// the line of the boundaries.
struct PEMBlock {
    /// What stands behind BEGIN.
    let label: [UInt8]
    /// The content; empty for labels that nobody reads.
    let content: [UInt8]
    /// The line of the begin.
    let line: Int

    static let begin = "-----BEGIN "
    private static let end = "-----END "
    private static let dashes = "-----"
    /// The labels whose content is decoded.
    private static let decoded = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "PUBLIC KEY"]

    /// The label as text.
    var name: String { String(decoding: label, as: UTF8.self) }

    /// Reads the block that begins with `first`, the line that `lines` gave last, up to the end of the line in which it ends.
    init(
        _ first: ArraySlice<UInt8>, _ lines: inout SourceLines, _ notes: borrowing SourceNotes
    ) throws(SourceFault) {
        let line = lines.number
        let behind = first.dropFirst(PEMBlock.begin.utf8.count)
        guard first.starts(with: PEMBlock.begin.utf8), let stop = SourceLines.find(PEMBlock.dashes, in: behind),
            stop > behind.startIndex
        else { throw notes.fault(line, "the begin of a block is malformed") }
        let label = Array(behind[..<stop])
        let name = String(decoding: label, as: UTF8.self)
        let isDecoded = PEMBlock.decoded.contains(name)
        var decoder = Base64Decoder()
        var text = behind[(stop + PEMBlock.dashes.utf8.count)...]
        while true {
            // Base64 has no hyphens: only lines with one can hold a boundary.
            let boundary = text.contains(0x2D) ? SourceLines.find(PEMBlock.dashes, in: text) : nil
            if isDecoded, !decoder.append(PEMBlock.withoutBlanks(text[..<(boundary ?? text.endIndex)])) {
                throw notes.fault(lines.number, "no base64 in a block of \(SourceNotes.quoted(label))")
            }
            if let boundary {
                let expected = Array((PEMBlock.end + name + PEMBlock.dashes).utf8)
                guard text[boundary...].starts(with: expected) else {
                    throw notes.fault(
                        lines.number, "a boundary that does not end the block of \(SourceNotes.quoted(label))")
                }
                guard SourceLines.trimmed(text[(boundary + expected.count)...]).isEmpty else {
                    throw notes.fault(lines.number, "text follows the end of a block in its line")
                }
                break
            }
            guard let next = lines.next() else { throw notes.fault(line, "the block has no end") }
            text = next
        }
        guard let bytes = decoder.finish() else { throw notes.fault(lines.number, "the base64 is not whole") }
        self.label = label
        content = bytes
        self.line = line
    }

    private static func withoutBlanks(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        return text.contains(where: isBlank) ? text.filter { !isBlank($0) }[...] : text
    }
}
