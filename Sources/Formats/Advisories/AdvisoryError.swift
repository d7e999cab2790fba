import AssayBytes
import AssayJSON

/// Why a document was not taken as an advisory, or why an advisory cannot be written in a format.
public struct AdvisoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// The document is of no format that is known, or of another version.
        public static let format = Code(name: "unknown format")
        /// A value is missing.
        public static let missing = Code(name: "missing value")
        /// A value is not what it must be.
        public static let value = Code(name: "malformed value")
        /// There is more of something than is accepted.
        public static let tooLarge = Code(name: "too large")
    }

    /// What went wrong.
    public let code: Code
    /// The way to the value in the document; what it is called in an advisory that is to be written.
    public let path: [String]
    /// What exactly, in words.
    public let detail: String

    /// The sentence for people.
    public var description: String {
        path.isEmpty ? detail : "/\(path.map { EscapedText($0).description }.joined(separator: "/")): \(detail)"
    }
}

/// A value of a document and the way to it.
struct DocumentValue {
    /// The most elements of one list.
    static let maximumElements = 20_000

    let value: JSONValue
    let path: [String]

    init(_ value: JSONValue, _ path: [String] = []) {
        self.value = value
        self.path = path
    }

    /// The member `key`, if it is there.
    subscript(key: String) -> DocumentValue? { value[key].map { DocumentValue($0, path + [key]) } }

    /// The member `key`.
    func required(_ key: String) throws(AdvisoryError) -> DocumentValue {
        guard let member = self[key] else { throw error(.missing, "'\(key)' is missing") }
        return member
    }

    /// The text that it is.
    func text() throws(AdvisoryError) -> String {
        guard let text = value.text else { throw error(.value, "a \(value.typeName) where a text must stand") }
        return text
    }

    /// The text of the member `key`, if it is there.
    func text(_ key: String) throws(AdvisoryError) -> String? { try self[key]?.text() }

    /// The text of the member `key`.
    func requiredText(_ key: String) throws(AdvisoryError) -> String { try required(key).text() }

    /// The elements that it has.
    func elements() throws(AdvisoryError) -> [DocumentValue] {
        if case .null = value { return [] }
        guard let elements = value.elements else { throw error(.value, "a \(value.typeName) where a list must stand") }
        guard elements.count <= DocumentValue.maximumElements else {
            throw error(.tooLarge, "more than \(DocumentValue.maximumElements) elements")
        }
        return elements.enumerated().map { DocumentValue($0.element, path + [String($0.offset)]) }
    }

    /// The elements of the member `key`, or none.
    func elements(_ key: String) throws(AdvisoryError) -> [DocumentValue] { try self[key]?.elements() ?? [] }

    /// The texts of the member `key`, or none.
    func texts(_ key: String) throws(AdvisoryError) -> [String] {
        var texts: [String] = []
        for element in try elements(key) { texts.append(try element.text()) }
        return texts
    }

    /// The choice of the member `key`, if it is there.
    func choice<Choice: RawRepresentable<String>>(
        _ key: String, _ type: Choice.Type
    ) throws(AdvisoryError) -> Choice? {
        guard let member = self[key] else { return nil }
        let text = try member.text()
        guard let choice = Choice(rawValue: text) else {
            throw member.error(.value, "'\(EscapedText(String(text.prefix(80))))' is not one of the known words")
        }
        return choice
    }

    func error(_ code: AdvisoryError.Code, _ detail: String) -> AdvisoryError {
        AdvisoryError(code: code, path: path, detail: detail)
    }
}
