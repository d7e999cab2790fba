/// Where a line stands.
public struct AccountLocation: Hashable, Sendable {
    /// The file's path in the subject.
    public let path: String
    /// The line, counted from 1; the first one where a line is continued.
    public let line: Int

    /// Makes a location.
    public init(path: String, line: Int) {
        self.path = path
        self.line = line
    }
}

/// Limits that all files of accounts share.
enum AccountLimit {
    /// The most bytes read of one file.
    static let bytes = 32 << 20
    /// The most lines kept of one file.
    static let lines = 1_000_000
    /// The most diagnostics kept of one file.
    static let diagnostics = 1000
}

/// Whether `character` parts words: a space, tab or other ASCII white space.
func isBlank(_ character: Character) -> Bool { character.isASCII && character.isWhitespace }

/// `text` without white space at its ends.
func trimmed(_ text: Substring) -> Substring {
    var rest = text.drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
    return rest
}
