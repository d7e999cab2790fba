/// A paragraph of a control file: fields with values (Debian Policy, section 5.1).
///
/// <https://www.debian.org/doc/debian-policy/ch-controlfields.html>
public struct ControlParagraph: Hashable, Sendable {
    /// A field.
    public struct Field: Hashable, Sendable {
        /// The name as it stands.
        public let name: String
        /// The line it begins on, counted from 1.
        public let line: Int
        /// The value's lines without surrounding blanks, the first one (often empty) being that of the name.
        public let lines: [[UInt8]]

        /// The value as text, its lines with line feeds between; nil when it is not UTF-8.
        public var text: String? {
            if lines.count == 1 { return String(validating: lines[0], as: UTF8.self) }
            return String(validating: lines.joined(separator: [0x0A]), as: UTF8.self)
        }
    }

    /// The line that the paragraph begins on, counted from 1.
    public let line: Int
    /// The fields in their order; no name occurs twice.
    public let fields: [Field]

    /// The field of this name, in any case.
    public func field(_ name: String) -> Field? {
        // Nearly all files write names alike, and comparing strings is quicker than comparing letters in either case.
        fields.first { $0.name == name }
            ?? fields.first {
                $0.name.utf8.count == name.utf8.count
                    && $0.name.utf8.lazy.map(lowered).elementsEqual(name.utf8.lazy.map(lowered))
            }
    }

    /// The value of the field of this name as text; nil without the field or when it is not UTF-8.
    public subscript(_ name: String) -> String? { field(name)?.text }

    /// Reads a file of exactly one paragraph, such as a package's `control` or a repository's `Release`.
    ///
    /// - Throws: `ControlFileError`.
    public init(only bytes: [UInt8]) throws {
        var reader = ControlFileReader()
        var paragraphs = try reader.read(bytes)
        if let last = try reader.finish() { paragraphs.append(last) }
        guard let first = paragraphs.first else { throw ControlFileError(line: 0, detail: "there is no paragraph") }
        guard paragraphs.count == 1 else {
            throw ControlFileError(line: paragraphs[1].line, detail: "there is more than one paragraph")
        }
        self = first
    }

    init(line: Int, fields: [Field]) {
        self.line = line
        self.fields = fields
    }

    /// The value of a field that must be there and be text of one line.
    func required(_ name: String) throws(ControlFileError) -> String {
        guard let field = field(name) else {
            throw ControlFileError(line: line, detail: "the field '\(name)' is missing")
        }
        guard field.lines.count == 1, let text = field.text, !text.isEmpty else {
            throw ControlFileError(line: field.line, detail: "the field '\(name)' is not one line of text")
        }
        return text
    }
}

/// Why a control file could not be read.
public struct ControlFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, counted from 1; 0 for the whole file.
    public let line: Int
    /// What exactly, in words.
    public let detail: String

    /// The sentence for people.
    public var description: String { line == 0 ? detail : "line \(line): \(detail)" }
}

/// The lower-case letter for an upper-case ASCII one.
func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }
