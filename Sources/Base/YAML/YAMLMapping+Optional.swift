/// Forms that people fill in: a key with nothing behind it is a key that is not there.
extension YAMLMapping {
    /// The most elements of one list.
    private static var maximumElements: Int { 1000 }

    /// The value of `key`, or nil when it is not there or nothing is behind it.
    package func filledNode(_ key: String) -> YAMLNode? { node(key).flatMap { $0.isNull ? nil : $0 } }

    /// The text of `key`, or nil when it is not there or nothing is behind it.
    package func filledText(_ key: String) throws -> String? { filledNode(key) == nil ? nil : try text(key) }

    /// The text of `key` as `parse` understands it; what it does not is refused as no `form` (`no day`).
    package func filledValue<Value>(_ key: String, form: String, _ parse: (String) -> Value?) throws -> Value? {
        guard let text = try filledText(key), let node = node(key) else { return nil }
        guard let value = parse(text) else {
            throw YAMLError(.invalidValue, "'\(text)' of '\(key)' is no \(form)", at: node)
        }
        return value
    }

    /// The value of `key` as one of a type's cases, or nil when it is not there or nothing is behind it.
    package func filledChoice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, _ type: Choice.Type
    ) throws -> Choice? {
        filledNode(key) == nil ? nil : try choice(key, type)
    }

    /// The elements of `key` that are not empty.
    package func filledList(_ key: String) throws -> [YAMLNode] {
        guard let node = filledNode(key) else { return [] }
        let elements = try list(key)
        guard elements.count <= Self.maximumElements else {
            throw YAMLError(
                .tooLarge, "'\(key)' has \(elements.count) elements; \(Self.maximumElements) are allowed", at: node)
        }
        return elements.filter { !$0.isNull }
    }

    /// The mapping of `key` with the keys `allowed`, or nil when it is not there or nothing is behind it.
    package func filledMapping(_ key: String, allowed: [String]) throws -> YAMLMapping? {
        try filledNode(key).map { try YAMLMapping($0, "'\(key)'", allowed: allowed) }
    }
}
