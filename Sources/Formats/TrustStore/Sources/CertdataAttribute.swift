/// An attribute of a certdata object.
struct CertdataAttribute {
    /// Its value, by its type.
    enum Value: Hashable {
        /// A constant's name.
        case word(String)
        /// Octal digits, or text.
        case bytes([UInt8])
    }

    /// The attribute's name, `CKA_…`.
    let name: String
    let value: Value
    let line: Int

    /// The types whose value is a constant's name.
    private static let words: Set<String> = ["CK_BBOOL", "CK_OBJECT_CLASS", "CK_CERTIFICATE_TYPE", "CK_TRUST"]

    /// Reads the attribute of `text`, the line that `lines` gave last, and the lines of octal digits behind it.
    init(
        _ text: ArraySlice<UInt8>, _ lines: inout SourceLines, _ notes: borrowing SourceNotes
    ) throws(SourceFault) {
        line = lines.number
        let (nameText, rest) = CertdataAttribute.word(text)
        let (typeText, valueText) = CertdataAttribute.word(rest)
        guard nameText.starts(with: "CKA_".utf8) else {
            throw notes.fault(line, "neither a comment nor an attribute: \(SourceNotes.quoted(text))")
        }
        name = String(decoding: nameText, as: UTF8.self)
        let type = String(decoding: typeText, as: UTF8.self)
        switch type {
        case _ where CertdataAttribute.words.contains(type):
            guard !valueText.isEmpty, !valueText.contains(0x20), !valueText.contains(0x09) else {
                throw notes.fault(line, "the value of \(SourceNotes.quoted(nameText)) is no word")
            }
            value = .word(String(decoding: valueText, as: UTF8.self))
        case "UTF8":
            guard let bytes = CertdataAttribute.text(valueText) else {
                throw notes.fault(line, "the value of \(SourceNotes.quoted(nameText)) is no quoted text")
            }
            value = .bytes(bytes)
        case "MULTILINE_OCTAL":
            guard valueText.isEmpty else {
                throw notes.fault(line, "text follows 'MULTILINE_OCTAL' in its line")
            }
            var bytes: [UInt8] = []
            while true {
                guard let next = lines.next() else { throw notes.fault(line, "the octal digits have no 'END'") }
                if next.elementsEqual("END".utf8) { break }
                guard CertdataAttribute.appendOctal(next, to: &bytes) else {
                    throw notes.fault(lines.number, "no octal digits")
                }
            }
            value = .bytes(bytes)
        default:
            throw notes.fault(line, "an attribute of the unknown type \(SourceNotes.quoted(typeText))")
        }
    }

    /// The first word, and what follows the blanks behind it.
    private static func word(_ text: ArraySlice<UInt8>) -> (word: ArraySlice<UInt8>, rest: ArraySlice<UInt8>) {
        let end = text.firstIndex { $0 == 0x20 || $0 == 0x09 } ?? text.endIndex
        return (text[..<end], SourceLines.trimmed(text[end...]))
    }

    /// Groups of a backslash and three octal digits.
    private static func appendOctal(_ line: ArraySlice<UInt8>, to bytes: inout [UInt8]) -> Bool {
        guard line.count % 4 == 0 else { return false }
        var index = line.startIndex
        while index < line.endIndex {
            let digits = (line[index + 1], line[index + 2], line[index + 3])
            guard line[index] == UInt8(ascii: "\\"), (0x30...0x33).contains(digits.0),
                (0x30...0x37).contains(digits.1), (0x30...0x37).contains(digits.2)
            else { return false }
            bytes.append((digits.0 - 0x30) << 6 | (digits.1 - 0x30) << 3 | (digits.2 - 0x30))
            index += 4
        }
        return true
    }

    /// The text between quotes, `\xHH` for a byte.
    private static func text(_ quoted: ArraySlice<UInt8>) -> [UInt8]? {
        guard quoted.count >= 2, quoted.first == UInt8(ascii: "\""), quoted.last == UInt8(ascii: "\"") else {
            return nil
        }
        var rest = quoted.dropFirst().dropLast()
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                if byte == UInt8(ascii: "\"") { return nil }
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "x"):
                guard rest.count >= 2,
                    rest.prefix(2).allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
                    let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            case let escaped? where escaped == UInt8(ascii: "\\") || escaped == UInt8(ascii: "\""):
                bytes.append(escaped)
            default: return nil
            }
        }
        return bytes
    }
}
