import AssayBytes

/// The lines of a mail in the making.
struct MailText {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private(set) var content: [UInt8] = []

    /// A line of ours.
    mutating func line(_ text: String) { bytes(Array(text.utf8)[...]) }

    /// A line of bytes.
    mutating func bytes(_ line: ArraySlice<UInt8>) {
        content += line
        content += [0x0D, 0x0A]
    }

    /// A header field, folded at its blanks (RFC 5322, section 2.2.3).
    ///
    /// - Throws: `MailError` for a value with a control character or more than ASCII, or too long to fold.
    mutating func field(_ name: String, _ value: String) throws(MailError) {
        guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw MailError("the header '\(name)' has a character that cannot stand in a header")
        }
        var line = "\(name):"
        for word in value.split(separator: " ") {
            guard word.utf8.count <= 400 else {
                throw MailError("the header '\(name)' has a word of more than 400 bytes")
            }
            if line.utf8.count + 1 + word.utf8.count > 78, line.utf8.count > name.utf8.count + 1 {
                self.line(line)
                line = ""
            }
            line += " \(word)"
        }
        self.line(line)
    }

    /// Lines of 76 characters of base64 (RFC 2045, section 6.8).
    mutating func base64(_ bytes: [UInt8]) {
        for start in stride(from: 0, to: bytes.count, by: 57) {
            let end = min(start + 57, bytes.count)
            content += MailText.base64(bytes[start..<end])
            content += [0x0D, 0x0A]
        }
    }

    /// The file name of an attachment (RFC 2231: https://www.rfc-editor.org/rfc/rfc2231), with a plain stand-in.
    ///
    /// - Throws: `MailError` for an empty or a very long name, and for one with a folder.
    mutating func fileName(_ name: String) throws(MailError) {
        guard !name.isEmpty, name.utf8.count <= 255, !name.contains("/"), name != ".", name != ".." else {
            throw MailError("the name of an attachment cannot be that of a file")
        }
        let plain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "._-+".utf8.contains(byte)
        }
        if plain, name.utf8.count <= 60 { return line(" filename=\"\(name)\"") }
        // Pieces are numbered so that no line becomes long (RFC 2231, section 3).
        var pieces: [String] = [""]
        for byte in name.utf8 {
            let isPlain =
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "._-".utf8.contains(byte)
            let text = isPlain ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte]).uppercased()
            if pieces[pieces.count - 1].utf8.count + text.utf8.count > 48 { pieces.append("") }
            pieces[pieces.count - 1] += text
        }
        for (index, piece) in pieces.enumerated() {
            let end = index + 1 < pieces.count ? ";" : ""
            line(" filename*\(index)*=\(index == 0 ? "utf-8''" : "")\(piece)\(end)")
        }
    }

    /// A text of a header: as it is, or in encoded words where it is more than ASCII (RFC 2047, section 2).
    ///
    /// - Throws: `MailError` for a control character.
    static func encodedWords(_ text: String) throws(MailError) -> String {
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw MailError("a control character would end its header line")
        }
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) && !"<>()[]\\,;:\"@".utf8.contains($0) }
        guard !isPlain || text.contains("=?") else { return text }
        var words: [[UInt8]] = [[]]
        for character in text.unicodeScalars {
            let bytes = Array(String(character).utf8)
            if words[words.count - 1].count + bytes.count > 42 { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?utf-8?B?\(String(decoding: base64($0[...]), as: UTF8.self))?=" }.joined(separator: " ")
    }

    private static func base64(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes
        while !rest.isEmpty {
            let group = Array(rest.prefix(3))
            rest = rest.dropFirst(3)
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for index in 0..<4 {
                result.append(index <= group.count ? alphabet[Int(bits >> UInt32(18 - 6 * index)) & 63] : 0x3D)
            }
        }
        return result
    }
}

/// Dates of mails (RFC 5322, section 3.3).
enum MailDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The time in UTC; times outside of the years 1970 to 9999 are moved to their nearest end.
    static func text(_ time: Int64) -> String {
        let time = min(max(time, 0), 253_402_300_799)
        let day = time / 86_400
        let shifted = day + 719_468
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 2 : monthFromMarch - 10
        let year = shifted / 146_097 * 400 + yearOfEra + (month < 2 ? 1 : 0)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = "\(two(time / 3600 % 24)):\(two(time / 60 % 60)):\(two(time % 60))"
        let number = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        return "\(days[Int(day % 7)]), \(number) \(months[Int(month)]) \(year) \(clock) +0000"
    }
}
