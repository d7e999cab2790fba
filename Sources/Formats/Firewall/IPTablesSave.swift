import AssayBytes

extension Ruleset {
    /// Reads what iptables-save or ip6tables-save wrote, as iptables-restore would load it into an empty packet filter.
    ///
    /// Format: iptables-restore(8). A text that iptables-restore would refuse makes the answer undecided, with its line.
    /// Judge the result only for `family`: the other family has no chains in it.
    public static func iptablesSave(_ file: SourceFile, family: AddressFamily) -> Ruleset {
        var commands = IPTablesCommands(family: family, source: file.path)
        commands.restore(file)
        return commands.ruleset
    }
}

extension IPTablesCommands {
    /// Follows a text of iptables-save.
    ///
    /// - Parameters:
    ///   - file: the text.
    ///   - keeping: whether rules that are there already stay (`--noflush`).
    ///   - only: the one table to load (`--table`); nil for all.
    ///   - firstLine: the number of the first line, for a text inside of a script.
    mutating func restore(_ file: SourceFile, keeping: Bool = false, only: String? = nil, firstLine: Int = 1) {
        guard file.bytes.count <= Limits.text else {
            fail(TextPlace(source: file.path, line: 0), "text too long")
            return
        }
        var table: String?
        var place = TextPlace(source: file.path, line: firstLine)
        for line in TextLines(file.bytes) {
            place.line = firstLine + line.number - 1
            let text = line.text.trimmed
            guard let first = text.first, first != "#" else { continue }
            if first == "*" {
                guard table == nil else { return fail(place, "a table begins before COMMIT") }
                let name = String(text.dropFirst().trimmed)
                table = name
                if !keeping, only ?? name == name { flush(table: name, deleting: true) }
                continue
            }
            guard let name = table else { return fail(place, "a line outside of a table") }
            if text == "COMMIT" {
                table = nil
            } else if only ?? name == name {
                self.line(text, table: name, place: place)
            }
            if !ruleset.problems.isEmpty { return }
        }
        if table != nil { fail(place, "COMMIT is missing") }
    }

    private mutating func line(_ text: Substring, table: String, place: TextPlace) {
        if text.hasPrefix(":") {
            let words = text.dropFirst().split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
            guard words.count >= 2 else { return fail(place, "a chain without a policy") }
            let key = key(table, words[0])
            if words[1] == "-" {
                // Declared anew, a user's chain is emptied even with --noflush.
                declare(key, place)
                run(["-F", words[0]], table: table, place: place)
            } else {
                setPolicy(key, words[1], place)
            }
            return
        }
        guard var words = SaveWords.split(text) else { return fail(place, "a quote without its end") }
        if let first = words.first, first.hasPrefix("["), first.hasSuffix("]") { words.removeFirst() }
        guard let verb = words.first, verb.hasPrefix("-") else { return fail(place, "neither a rule nor a chain") }
        run(words, table: table, place: place)
    }
}

/// The words of a line of iptables-save: double quotes hold white space, a backslash inside them the next character.
enum SaveWords {
    /// Splits `text`; nil when a quote has no end.
    static func split(_ text: Substring) -> [String]? {
        var result: [String] = []
        var word: [UInt8] = []
        var isOpen = false
        var isQuoted = false
        var isEscaped = false
        for byte in text.utf8 {
            if isEscaped {
                word.append(byte)
                isEscaped = false
            } else if isQuoted, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
                isOpen = true
            } else if !isQuoted, byte == 0x20 || byte == 0x09 {
                if isOpen { result.append(String(decoding: word, as: UTF8.self)) }
                word = []
                isOpen = false
            } else {
                word.append(byte)
                isOpen = true
            }
        }
        guard !isQuoted else { return nil }
        if isOpen { result.append(String(decoding: word, as: UTF8.self)) }
        return result
    }
}
