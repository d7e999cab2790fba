import AssayBytes

extension AptSources {
    /// Reads a `.sources` file: stanzas of fields, `#` lines are comments, indented lines continue a field.
    ///
    /// https://manpages.debian.org/bookworm/apt/sources.list.5.en.html ("DEB822-STYLE FORMAT")
    public init(deb822 bytes: [UInt8], path: String) {
        var log = DiagnosticLog(path: path)
        var sources: [AptSource] = []
        for stanza in Deb822Stanza.read(bytes, &log) { AptSources.append(stanza, to: &sources, &log) }
        self.init(sources: sources, diagnostics: log.entries)
    }

    private static func append(_ stanza: Deb822Stanza, to sources: inout [AptSource], _ log: inout DiagnosticLog) {
        func words(_ name: String) -> [String] { stanza.fields[name].map { $0[...].words() } ?? [] }
        let isEnabled = stanza.fields["enabled"].map { AptBoolean.parse($0) ?? true } ?? true
        let types = words("types")
        let uris = words("uris")
        let suites = words("suites")
        let components = words("components")
        guard !types.isEmpty else { return log.report(stanza.line, "a stanza without types") }
        guard !uris.isEmpty else { return log.report(stanza.line, "a stanza without URIs") }
        guard !suites.isEmpty else { return log.report(stanza.line, "a stanza without suites") }
        // Bounded before anything is made of them: three lists of a megabyte multiply to more than any time allows.
        let count = [uris.count, suites.count].reduce(types.count) { product, factor in
            let (result, overflow) = product.multipliedReportingOverflow(by: factor)
            return overflow ? Int.max : result
        }
        guard count <= maximumSources - sources.count else { return log.report(stanza.line, "too many sources") }
        for type in types where type != "deb" && type != "deb-src" {
            log.report(stanza.line, "'\(EscapedText(type))' is not a type of source")
        }
        let position = SourcePosition(path: log.path, line: stanza.line)
        let structural: Set<String> = ["types", "uris", "suites", "components", "enabled"]
        let options = stanza.fields.filter { !structural.contains($0.key) }
        let signedBy = AptSources.signedBy(options["signed-by"])
        for type in types where type == "deb" || type == "deb-src" {
            for uri in uris {
                for suite in suites {
                    let isExactPath = suite.utf8.last == 0x2F
                    if isExactPath != components.isEmpty {
                        log.report(stanza.line, isExactPath ? "components behind an exact path" : "no components")
                        continue
                    }
                    sources.append(
                        AptSource(
                            type: type, uri: uri, suite: suite, components: components, isEnabled: isEnabled,
                            options: options, signedBy: signedBy, position: position))
                }
            }
        }
    }
}

/// Fields between two empty lines.
private struct Deb822Stanza {
    /// The line of its first field.
    let line: Int
    /// The values by name in lower case, lines of a continued one with a line feed between, a lone dot as an empty line.
    var fields: [String: String] = [:]

    static func read(_ bytes: [UInt8], _ log: inout DiagnosticLog) -> [Deb822Stanza] {
        var result: [Deb822Stanza] = []
        var current: Deb822Stanza?
        var name: String?
        for line in TextLines(Array(bytes.prefix(SourceLimits.fileBytes))) {
            guard line.text.utf8.first != 0x23 else { continue }
            let text = line.text.trimmed
            guard !text.isEmpty else {
                if let stanza = current { result.append(stanza) }
                current = nil
                name = nil
                continue
            }
            if line.text.utf8.first == 0x20 || line.text.utf8.first == 0x09 {
                guard let name, current?.fields[name] != nil else {
                    log.report(line.number, "an indented line that continues nothing")
                    continue
                }
                // In place, so that a field of many lines is not copied for each of them.
                let isFirst = current?.fields[name]?.isEmpty ?? true
                if !isFirst { current?.fields[name]?.append("\n") }
                if text != "." { current?.fields[name]?.append(String(text)) }
                continue
            }
            guard let colon = text.utf8.firstIndex(of: 0x3A), colon != text.startIndex else {
                log.report(line.number, "a line without a field name")
                name = nil
                continue
            }
            let field = text[..<colon].trimmed.lowercased()
            if current == nil { current = Deb822Stanza(line: line.number) }
            if current?.fields[field] != nil {
                log.report(line.number, "the field '\(EscapedText(field))' occurs twice")
            }
            current?.fields[field] = String(text[text.utf8.index(after: colon)...].trimmed)
            name = field
        }
        if let stanza = current { result.append(stanza) }
        if bytes.count > SourceLimits.fileBytes { log.report(0, "only the first MiB was read") }
        return result
    }
}
