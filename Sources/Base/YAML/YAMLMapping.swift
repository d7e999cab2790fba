import AssayBytes

/// A mapping whose keys are known beforehand: any other is an error that names the nearest.
package struct YAMLMapping {
    /// The longest text of one value, in bytes.
    private static let maximumTextLength = 4096

    /// The mapping itself.
    package let node: YAMLNode
    private let what: String
    private let values: [String: YAMLNode]

    /// Reads `node` as `what` (`a row`), which may have the keys `allowed`.
    package init(_ node: YAMLNode, _ what: String, allowed: [String]) throws {
        try self.init(node, what) { key, place in
            guard !allowed.contains(key) else { return }
            throw YAMLError(
                .unknownKey,
                "unknown key '\(key)' in \(what)\(NearestName.hint(for: key, among: allowed)) (allowed: "
                    + allowed.joined(separator: ", ") + ")", at: place)
        }
    }

    /// Reads `node` as `what`, with any keys.
    package init(anyKeys node: YAMLNode, _ what: String) throws { try self.init(node, what) { _, _ in } }

    private init(_ node: YAMLNode, _ what: String, _ checkKey: (String, YAMLNode) throws -> Void) throws {
        guard case .mapping(let entries) = node.content else {
            throw YAMLError(.invalidValue, "\(what) must be a mapping of keys to values", at: node)
        }
        var values: [String: YAMLNode] = [:]
        for entry in entries {
            guard case .scalar(let key, _) = entry.key.content else {
                throw YAMLError(.invalidValue, "a key of \(what) must be a text", at: entry.key)
            }
            try checkKey(key, entry.key)
            guard values.updateValue(entry.value, forKey: key) == nil else {
                throw YAMLError(.duplicate, "the key '\(key)' stands twice in \(what)", at: entry.key)
            }
        }
        self.node = node
        self.what = what
        self.values = values
    }

    /// The keys, ordered.
    package var keys: [String] { values.keys.sorted() }

    /// The value of `key` itself.
    package func node(_ key: String) -> YAMLNode? { values[key] }

    /// The text of `key`, or nil when it is not there.
    package func text(_ key: String) throws -> String? {
        try values[key].map { try YAMLMapping.text($0, "'\(key)' of \(what)") }
    }

    /// The text of `key`.
    package func requiredText(_ key: String) throws -> String {
        guard let text = try text(key) else { throw missing(key) }
        return text
    }

    /// The elements of `key`, or none when it is not there.
    package func list(_ key: String) throws -> [YAMLNode] {
        guard let node = values[key] else { return [] }
        guard case .sequence(let sequence) = node.content else {
            throw YAMLError(.invalidValue, "'\(key)' of \(what) must be a list", at: node)
        }
        return sequence
    }

    /// The elements of `key`, at least one.
    package func requiredList(_ key: String) throws -> [YAMLNode] {
        guard let node = values[key] else { throw missing(key) }
        let list = try list(key)
        guard !list.isEmpty else { throw YAMLError(.invalidValue, "'\(key)' of \(what) is empty", at: node) }
        return list
    }

    /// The value of `key` as one of a type's cases, or nil when it is not there.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, _ type: Choice.Type
    ) throws -> Choice? {
        guard let text = try text(key), let node = values[key] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let allowed = Choice.allCases.map(\.rawValue)
            throw YAMLError(
                .invalidValue,
                "'\(text)' is no value of '\(key)'\(NearestName.hint(for: text, among: allowed)) (allowed: "
                    + allowed.joined(separator: ", ") + ")", at: node)
        }
        return choice
    }

    /// Refuses a file that was written for another version of its schema.
    package func checkSchemaVersion() throws {
        guard let version = try text("schema-version"), version != "1", let node = values["schema-version"] else {
            return
        }
        throw YAMLError(.invalidValue, "'\(version)' is no known schema version; allowed: 1", at: node)
    }

    private func missing(_ key: String) -> YAMLError {
        YAMLError(.missingKey, "\(what) has no key '\(key)'", at: node)
    }

    /// The text of a scalar: not empty, bounded, without control characters.
    package static func text(_ node: YAMLNode, _ what: String) throws -> String {
        guard case .scalar(let text, _) = node.content else {
            throw YAMLError(.invalidValue, "\(what) must be a text", at: node)
        }
        guard !text.allSatisfy(\.isWhitespace) else { throw YAMLError(.invalidValue, "\(what) is empty", at: node) }
        guard text.utf8.count <= maximumTextLength else {
            throw YAMLError(.invalidValue, "\(what) is longer than \(maximumTextLength) bytes", at: node)
        }
        // Texts are printed: a control character would reach the terminal. A line break of a folded text is a space.
        let hasControl = text.unicodeScalars.contains {
            ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value)
        }
        guard !hasControl else {
            throw YAMLError(.invalidValue, "\(what) holds a control character", at: node)
        }
        return text.split { $0 == "\n" }.joined(separator: " ")
    }
}
