import AssayBytes

/// A `.repo` file or `dnf.conf`, `yum.conf`, `tdnf.conf`: sections of keys and values.
///
/// Comments are lines that begin with `#` or `;`, a line that begins with a blank continues the value before it, a key
/// that occurs again replaces the first, as libdnf reads such files.
/// https://dnf.readthedocs.io/en/latest/conf_ref.html
public struct INIDocument: Hashable, Sendable {
    /// A value and where it stands.
    public struct Value: Hashable, Sendable {
        /// The text behind the `=`, lines of a continued value with a line feed between.
        public let text: String
        /// The line of the key.
        public let position: SourcePosition
    }

    /// A section.
    public struct Section: Hashable, Sendable {
        /// The text between the brackets.
        public let name: String
        /// The line of the name.
        public let position: SourcePosition
        /// The values by key; keys are case-sensitive.
        public internal(set) var values: [String: Value]
    }

    /// The file, as the caller named it.
    public let path: String
    /// The sections in the order of the file; one that occurs again adds to the first.
    public let sections: [Section]
    /// What cannot be read.
    ///
    /// libdnf rejects a whole file for any of these; the rest is read here all the same.
    public let diagnostics: [SourceDiagnostic]

    /// Reads `bytes`, called `path` in what is found.
    public init(_ bytes: [UInt8], path: String) {
        var reader = INIReader(path: path)
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        for line in TextLines(Array(content.prefix(SourceLimits.fileBytes))) { reader.read(line) }
        reader.endValue()
        if content.count > SourceLimits.fileBytes { reader.log.report(0, "only the first MiB was read") }
        self.path = path
        sections = reader.sections
        diagnostics = reader.log.entries
    }

    /// The section called `name`.
    public subscript(name: String) -> Section? { sections.first { $0.name == name } }
}

/// The state between two lines.
private struct INIReader {
    var log: DiagnosticLog
    var sections: [INIDocument.Section] = []
    private var indexes: [String: Int] = [:]
    private var current: Int?
    private var pending: (key: String, lines: [Substring], line: Int)?

    init(path: String) { log = DiagnosticLog(path: path) }

    mutating func read(_ line: TextLines.Line) {
        let text = line.text.trimmed
        guard let first = text.utf8.first else { return }
        let isIndented = line.text.utf8.first != first
        // Only at the very start of a line does either character make a comment.
        if !isIndented, first == 0x23 || first == 0x3B { return }
        if first == 0x5B {
            endValue()
            return beginSection(text, line.number)
        }
        guard current != nil else { return log.report(line.number, "a line before the first section") }
        if isIndented {
            guard pending != nil else { return log.report(line.number, "an indented line that continues nothing") }
            pending?.lines.append(text)
            return
        }
        endValue()
        guard let equals = text.utf8.firstIndex(of: 0x3D) else { return log.report(line.number, "a line without '='") }
        let key = text[..<equals].trimmed
        guard !key.isEmpty else { return log.report(line.number, "a line without a key") }
        pending = (String(key), [text[text.utf8.index(after: equals)...].trimmed], line.number)
    }

    mutating func endValue() {
        defer { pending = nil }
        guard let pending, let current else { return }
        let value = INIDocument.Value(
            text: pending.lines.joined(separator: "\n"),
            position: SourcePosition(path: log.path, line: pending.line))
        if let old = sections[current].values.updateValue(value, forKey: pending.key), old.text != value.text {
            log.report(pending.line, "'\(EscapedText(pending.key))' replaces the value of line \(old.position.line)")
        }
    }

    private mutating func beginSection(_ text: Substring, _ line: Int) {
        current = nil
        guard let end = text.utf8.firstIndex(of: 0x5D) else { return log.report(line, "a section without ']'") }
        let name = text[text.utf8.index(after: text.startIndex)..<end]
        guard !name.isEmpty else { return log.report(line, "a section without a name") }
        let rest = text[text.utf8.index(after: end)...].trimmed
        if let first = rest.utf8.first, first != 0x23, first != 0x3B {
            log.report(line, "text behind the section's name")
        }
        if let known = indexes[String(name)] {
            current = known
        } else {
            current = sections.count
            indexes[String(name)] = sections.count
            sections.append(
                INIDocument.Section(
                    name: String(name), position: SourcePosition(path: log.path, line: line), values: [:]))
        }
    }
}
