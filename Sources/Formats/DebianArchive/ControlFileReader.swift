import AssayBytes

/// Reads control files piece by piece, so that memory does not grow with the file.
///
/// Strict where the tools disagree, since a file that they read differently is one that can deceive: a field that
/// occurs twice, a line of blanks only, a line without a colon and a zero byte are errors. Comments are errors unless
/// asked for: Debian Policy allows them in a source package's `debian/control` only.
public struct ControlFileReader: Sendable {
    /// The longest line, in bytes.
    public static let maximumLine = 1 << 20
    /// The most bytes of a paragraph.
    public static let maximumParagraph = 64 << 20
    /// The most fields of a paragraph.
    public static let maximumFields = 1024

    private let allowsComments: Bool
    /// The hashes of the fields whose values are kept; nil keeps all.
    private let kept: Set<UInt64>?

    private var pending: [UInt8] = []
    private var lineNumber = 0
    private var firstLine = 0
    private var paragraphBytes = 0
    private var fields: [ControlParagraph.Field] = []
    private var names: Set<UInt64> = []
    private var current: OpenField?
    private var isOpen = false

    private struct OpenField {
        let name: String
        let line: Int
        var lines: [[UInt8]]
    }

    /// Makes a reader at the start of a file.
    ///
    /// - Parameters:
    ///   - keeping: the only fields whose values are kept; the others are checked and forgotten. Nil keeps all.
    ///   - allowsComments: whether lines that begin with `#` are comments.
    public init(keeping: [String]? = nil, allowsComments: Bool = false) {
        kept = keeping.map { Set($0.map { Self.hash(Array($0.utf8).span) }) }
        self.allowsComments = allowsComments
    }

    /// Reads the next bytes of the file and returns the paragraphs that ended in them.
    ///
    /// - Throws: `ControlFileError`; the reader is of no use after that.
    public mutating func read(_ chunk: [UInt8]) throws -> [ControlParagraph] {
        var result: [ControlParagraph] = []
        let bytes = chunk.span
        var start = 0
        for index in bytes.indices where bytes[index] == 0x0A {
            let part = bytes.extracting(start..<index)
            start = index + 1
            if pending.isEmpty {
                if let paragraph = try endLine(part) { result.append(paragraph) }
            } else {
                try keep(part)
                let line = pending
                pending.removeAll(keepingCapacity: true)
                if let paragraph = try endLine(line.span) { result.append(paragraph) }
            }
        }
        try keep(bytes.extracting(start..<bytes.count))
        return result
    }

    /// Ends the file and returns the last paragraph.
    ///
    /// - Throws: `ControlFileError`.
    public mutating func finish() throws -> ControlParagraph? {
        if !pending.isEmpty {
            let line = pending
            pending = []
            if let paragraph = try endLine(line.span) { return paragraph }
        }
        return endParagraph()
    }

    private mutating func keep(_ part: Span<UInt8>) throws(ControlFileError) {
        guard part.count <= Self.maximumLine - pending.count else {
            throw ControlFileError(line: lineNumber + 1, detail: "a line of more than \(Self.maximumLine) bytes")
        }
        for index in part.indices { pending.append(part[index]) }
    }

    private mutating func endLine(_ whole: Span<UInt8>) throws(ControlFileError) -> ControlParagraph? {
        lineNumber += 1
        guard whole.count <= Self.maximumLine else { throw fault("a line of more than \(Self.maximumLine) bytes") }
        let hasReturn = whole.count > 0 && whole[whole.count - 1] == 0x0D
        let line = whole.extracting(0..<(hasReturn ? whole.count - 1 : whole.count))
        guard line.count > 0 else { return endParagraph() }
        for index in line.indices where line[index] == 0 { throw fault("a zero byte") }
        let first = line[0]
        if first == 0x23 {
            guard allowsComments else { throw fault("a comment") }
            return nil
        }
        paragraphBytes += line.count
        guard paragraphBytes <= Self.maximumParagraph else {
            throw fault("a paragraph of more than \(Self.maximumParagraph) bytes")
        }
        guard first == 0x20 || first == 0x09 else {
            try beginField(line)
            return nil
        }
        let value = Self.trimmed(line, from: 0)
        guard isOpen else { throw fault("an indented line that continues nothing") }
        guard !value.isEmpty else { throw fault("a line of blanks, which ends a paragraph for some readers only") }
        current?.lines.append(Self.copy(line, value))
        return nil
    }

    private mutating func beginField(_ line: Span<UInt8>) throws(ControlFileError) {
        var colon = 0
        while colon < line.count, (0x21..<0x7F).contains(line[colon]), line[colon] != 0x3A { colon += 1 }
        guard colon < line.count, line[colon] == 0x3A, colon > 0, line[0] != 0x2D else {
            throw nameFault(Self.copy(line, 0..<line.count))
        }
        endField()
        if firstLine == 0 { firstLine = lineNumber }
        // Two names of one hash look like one name, which is refused; two equal names never pass.
        let key = Self.hash(line.extracting(0..<colon))
        guard names.insert(key).inserted else {
            throw fault("the field '\(EscapedText(Self.copy(line, 0..<colon)))' occurs twice")
        }
        guard names.count <= Self.maximumFields else { throw fault("more than \(Self.maximumFields) fields") }
        isOpen = true
        guard kept?.contains(key) ?? true else { return }
        current = OpenField(
            name: String(decoding: Self.copy(line, 0..<colon), as: UTF8.self), line: lineNumber,
            lines: [Self.copy(line, Self.trimmed(line, from: colon + 1))])
    }

    private mutating func endField() {
        if let field = current {
            fields.append(ControlParagraph.Field(name: field.name, line: field.line, lines: field.lines))
        }
        current = nil
    }

    private mutating func endParagraph() -> ControlParagraph? {
        guard isOpen else { return nil }
        endField()
        let result = ControlParagraph(line: firstLine, fields: fields)
        fields = []
        names.removeAll(keepingCapacity: true)
        firstLine = 0
        paragraphBytes = 0
        isOpen = false
        return result
    }

    private func nameFault(_ line: [UInt8]) -> ControlFileError {
        guard let colon = line.firstIndex(of: 0x3A) else { return fault("a line without a field name") }
        return fault("'\(EscapedText(line[..<colon].prefix(100)))' is no field name")
    }

    private func fault(_ detail: String) -> ControlFileError { ControlFileError(line: lineNumber, detail: detail) }

    /// FNV-1a of the name in lower case.
    private static func hash(_ name: Span<UInt8>) -> UInt64 {
        var result: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in name.indices { result = (result ^ UInt64(lowered(name[index]))) &* 0x100_0000_01B3 }
        return result
    }

    /// The range from `start` on without blanks at both ends.
    private static func trimmed(_ bytes: Span<UInt8>, from start: Int) -> Range<Int> {
        var first = start
        var end = bytes.count
        while first < end, bytes[first] == 0x20 || bytes[first] == 0x09 { first += 1 }
        while end > first, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        return first..<end
    }

    private static func copy(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        for index in range { result.append(bytes[index]) }
        return result
    }
}
