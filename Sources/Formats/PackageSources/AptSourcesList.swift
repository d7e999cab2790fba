import AssayBytes

extension AptSources {
    /// Reads a `sources.list`: `deb [options] uri suite components`, one source a line, `#` begins a comment.
    public init(list bytes: [UInt8], path: String) {
        var log = DiagnosticLog(path: path)
        var sources: [AptSource] = []
        for line in TextLines(Array(bytes.prefix(SourceLimits.fileBytes))) {
            let text = AptSources.withoutComment(line.text).trimmed
            guard !text.isEmpty else { continue }
            switch AptSources.parse(text, SourcePosition(path: path, line: line.number)) {
            case .success(let source): sources.append(source)
            case .failure(let problem): log.report(line.number, problem.reason)
            }
        }
        if bytes.count > SourceLimits.fileBytes { log.report(0, "only the first MiB was read") }
        self.init(sources: sources, diagnostics: log.entries)
    }

    private struct Problem: Error {
        let reason: String
    }

    /// The part before the first `#` that is not inside brackets or quotes.
    private static func withoutComment(_ line: Substring) -> Substring {
        guard let hash = line.utf8.firstIndex(of: 0x23) else { return line }
        return line[..<hash]
    }

    private static func parse(_ line: Substring, _ position: SourcePosition) -> Result<AptSource, Problem> {
        func fail(_ reason: String) -> Result<AptSource, Problem> { .failure(Problem(reason: reason)) }
        var rest = line
        let type = takeWord(&rest)
        guard type == "deb" || type == "deb-src" else { return fail("'\(EscapedText(type))' is not a type of source") }
        var options: [String: String] = [:]
        if rest.utf8.first == 0x5B {
            guard let end = rest.utf8.firstIndex(of: 0x5D) else { return fail("options without ']'") }
            for word in rest[rest.utf8.index(after: rest.startIndex)..<end].words() {
                guard let (name, value) = option(word) else { return fail("'\(EscapedText(word))' is no option") }
                options[name] = value
            }
            rest = rest[rest.utf8.index(after: end)...].trimmed
        }
        let uri = takeWord(&rest)
        guard urlScheme(uri) != nil else { return fail("'\(EscapedText(uri))' is not a URI") }
        let suite = takeWord(&rest)
        guard !suite.isEmpty else { return fail("no suite") }
        let components = rest.words()
        let isExactPath = suite.utf8.last == 0x2F
        guard isExactPath == components.isEmpty else {
            return fail(isExactPath ? "components behind an exact path" : "no components")
        }
        return .success(
            AptSource(
                type: type, uri: unquoted(uri), suite: unquoted(suite), components: components.map(unquoted),
                isEnabled: true, options: options, signedBy: signedBy(options["signed-by"]), position: position))
    }

    /// Removes the next word from `rest` and returns it; blanks inside `[…]` belong to it, as in `cdrom:[a disc]/`.
    private static func takeWord(_ rest: inout Substring) -> String {
        var depth = 0
        var end = rest.utf8.startIndex
        while end < rest.utf8.endIndex {
            let byte = rest.utf8[end]
            if byte == 0x5B { depth += 1 }
            if byte == 0x5D { depth -= 1 }
            if (byte == 0x20 || byte == 0x09) && depth <= 0 { break }
            end = rest.utf8.index(after: end)
        }
        defer { rest = rest[end...].trimmed }
        return String(rest[..<end])
    }

    /// `name=value`, `name+=value` or `name-=value`, the name in deb822's words.
    private static func option(_ word: String) -> (String, String)? {
        guard let equals = word.utf8.firstIndex(of: 0x3D), equals != word.utf8.startIndex else { return nil }
        let name = word.utf8[..<equals].lowercasedText
        let value = String(Substring(word.utf8[word.utf8.index(after: equals)...]))
        let names = ["arch": "architectures", "lang": "languages", "target": "targets"]
        guard let last = name.utf8.last, last == 0x2B || last == 0x2D else { return (names[name] ?? name, value) }
        let base = String(name.dropLast())
        return ((names[base] ?? base) + (last == 0x2B ? "-add" : "-remove"), value)
    }

    /// `%5b` and other escapes of a word become their characters, as apt does for every word of a line.
    private static func unquoted(_ word: String) -> String {
        guard word.utf8.contains(0x25) else { return word }
        let bytes = Array(word.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x25, index + 2 < bytes.count,
                let value = Hex.decode(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self))
            {
                result += value
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension Substring.UTF8View {
    /// The text in lower case.
    var lowercasedText: String { String(Substring(self)).lowercased() }
}
