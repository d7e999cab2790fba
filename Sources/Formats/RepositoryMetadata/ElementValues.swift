import AssayBytes

/// The values inside one `data` or `package` element, each of which may stand there once.
struct ElementValues {
    private var elements: [String: ElementReader.Element] = [:]

    /// Takes the value of the element `name`.
    mutating func add(_ element: ElementReader.Element, as name: String) throws(MetadataError) {
        guard elements.updateValue(element, forKey: name) == nil else {
            throw element.error(.missingValue, "'\(name)' twice")
        }
    }

    subscript(name: String) -> ElementReader.Element? { elements[name] }

    /// The text of `name`; nil when the element is missing or empty.
    func text(_ name: String) -> String? { elements[name].flatMap { $0.text.isEmpty ? nil : $0.text } }

    /// The text of `name`, which must be there; `owner` is the element that ends.
    func required(_ name: String, in owner: ElementReader.Element) throws(MetadataError) -> String {
        guard let text = text(name) else { throw owner.error(.missingValue, "no '\(name)'") }
        return text
    }

    func location(in owner: ElementReader.Element) throws(MetadataError) -> RepositoryPath {
        guard let element = elements["location"], let href = element.attributes["href"] else {
            throw owner.error(.missingValue, "no 'location'")
        }
        guard let path = RepositoryPath(href) else { throw element.error(.location, "'\(EscapedText(href))'") }
        return path
    }

    /// The digest in the element `name`; nil when there is none.
    func checksum(_ name: String) throws(MetadataError) -> MetadataChecksum? {
        guard let element = elements[name] else { return nil }
        guard let type = element.attributes["type"], let value = MetadataChecksum(type: type, text: element.text) else {
            throw element.error(.value, "'\(name)' is not a digest of its type")
        }
        return value
    }

    /// A number of a text or an attribute; nil when it is missing.
    static func number(_ text: String?, _ element: ElementReader.Element?) throws(MetadataError) -> UInt64? {
        guard let text, let element else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt64(text) else {
            throw element.error(.value, "'\(EscapedText(text))' is not a number")
        }
        return number
    }
}
