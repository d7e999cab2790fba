/// A file of PEM blocks, a comment with the label above each, an empty line between them.
enum PEMBundle {
    /// Writes one.
    static func write(_ blocks: [(label: OutputLabel, der: [UInt8])], _ kind: PEMText.Label) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(
            blocks.reduce(0) { $0 + PEMText.size($1.der.count, kind) + $1.label.comment.count + 4 })
        for (index, block) in blocks.enumerated() {
            if index > 0 { text.append(0x0A) }
            text += "# ".utf8
            text += block.label.comment
            text.append(0x0A)
            PEMText.append(block.der, kind, to: &text)
        }
        return text
    }

    /// Reads the certificates of a bundle: blocks of one kind, comments and empty lines, nothing else.
    static func read(_ bytes: [UInt8], _ kind: PEMText.Label) throws(StoreFault) -> [(line: Int, der: [UInt8])] {
        let begin = Array("-----BEGIN \(kind.rawValue)-----".utf8)
        let end = Array("-----END \(kind.rawValue)-----".utf8)
        var result: [(line: Int, der: [UInt8])] = []
        var block: (line: Int, decoder: Base64Decoder)?
        var number = 0
        var start = 0
        while start < bytes.count {
            number += 1
            let stop = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            var line = bytes[start..<stop]
            start = stop + 1
            if line.last == 0x0D { line.removeLast() }
            if var open = block {
                if line.elementsEqual(end) {
                    guard let der = open.decoder.finish() else {
                        throw StoreFault(line: number, "base64 that is not whole")
                    }
                    result.append((open.line, der))
                    block = nil
                } else {
                    block = nil
                    guard open.decoder.append(line) else { throw StoreFault(line: number, "no base64") }
                    block = open
                }
            } else if line.elementsEqual(begin) {
                block = (number, Base64Decoder())
            } else if let first = line.first, first != 0x23 {
                throw StoreFault(line: number, "neither a comment nor the begin of a \(kind.rawValue)")
            }
        }
        if let block { throw StoreFault(line: block.line, "a block without an end") }
        return result
    }
}
