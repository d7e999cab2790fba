import Yams

/// A mapping whose keys are known beforehand: any other is an error that names the nearest.
struct YAMLMapping {
    /// The longest text of one value, in bytes.
    private static let maximumTextLength = 4096

    private let node: Node
    private let what: String
    private let values: [String: Node]

    /// Reads `node` as `what` (`a row`), which may have the keys `allowed`.
    init(_ node: Node, _ what: String, allowed: [String]) throws {
        try self.init(node, what) { key, place in
            guard !allowed.contains(key) else { return }
            throw PolicyError(
                .unknownKey,
                "unknown key '\(key)' in \(what)\(NearestName.hint(for: key, among: allowed)) (allowed: "
                    + allowed.joined(separator: ", ") + ")", at: place)
        }
    }

    /// Reads `node` as `what`, with any keys.
    init(anyKeys node: Node, _ what: String) throws { try self.init(node, what) { _, _ in } }

    private init(_ node: Node, _ what: String, _ checkKey: (String, Node) throws -> Void) throws {
        guard case .mapping(let mapping) = node else {
            throw PolicyError(.invalidValue, "\(what) must be a mapping of keys to values", at: node)
        }
        var values: [String: Node] = [:]
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                throw PolicyError(.invalidValue, "a key of \(what) must be a text", at: key)
            }
            try checkKey(scalar.string, key)
            guard values.updateValue(value, forKey: scalar.string) == nil else {
                throw PolicyError(.duplicate, "the key '\(scalar.string)' stands twice in \(what)", at: key)
            }
        }
        self.node = node
        self.what = what
        self.values = values
    }

    /// The keys, ordered.
    var keys: [String] { values.keys.sorted() }

    /// The value of `key` itself.
    func node(_ key: String) -> Node? { values[key] }

    /// The text of `key`, or nil when it is not there.
    func text(_ key: String) throws -> String? {
        try values[key].map { try YAMLMapping.text($0, "'\(key)' of \(what)") }
    }

    /// The text of `key`.
    func requiredText(_ key: String) throws -> String {
        guard let text = try text(key) else { throw missing(key) }
        return text
    }

    /// The elements of `key`, or none when it is not there.
    func list(_ key: String) throws -> [Node] {
        guard let node = values[key] else { return [] }
        guard case .sequence(let sequence) = node else {
            throw PolicyError(.invalidValue, "'\(key)' of \(what) must be a list", at: node)
        }
        return Array(sequence)
    }

    /// The elements of `key`, at least one.
    func requiredList(_ key: String) throws -> [Node] {
        guard let node = values[key] else { throw missing(key) }
        let list = try list(key)
        guard !list.isEmpty else { throw PolicyError(.invalidValue, "'\(key)' of \(what) is empty", at: node) }
        return list
    }

    /// The value of `key` as one of a type's cases, or nil when it is not there.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String, _ type: Choice.Type) throws -> Choice? {
        guard let text = try text(key), let node = values[key] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let allowed = Choice.allCases.map(\.rawValue)
            throw PolicyError(
                .invalidValue,
                "'\(text)' is no value of '\(key)'\(NearestName.hint(for: text, among: allowed)) (allowed: "
                    + allowed.joined(separator: ", ") + ")", at: node)
        }
        return choice
    }

    /// The check that `check` names, which must be one of `known`, where these are known.
    func check(_ known: Set<String>?) throws -> String {
        let check = try requiredText("check")
        guard let known, !known.contains(check) else { return check }
        throw PolicyError(
            .unknownCheck, "there is no check '\(check)'\(NearestName.hint(for: check, among: known))",
            at: values["check"] ?? node)
    }

    /// Refuses a file that was written for another version of its schema.
    func checkSchemaVersion() throws {
        guard let version = try text("schema-version"), version != "1", let node = values["schema-version"] else {
            return
        }
        throw PolicyError(.invalidValue, "'\(version)' is no known schema version; allowed: 1", at: node)
    }

    private func missing(_ key: String) -> PolicyError {
        PolicyError(.missingKey, "\(what) has no key '\(key)'", at: node)
    }

    /// The text of a scalar: not empty, bounded, without control characters.
    static func text(_ node: Node, _ what: String) throws -> String {
        guard case .scalar(let scalar) = node else {
            throw PolicyError(.invalidValue, "\(what) must be a text", at: node)
        }
        let text = scalar.string
        guard !text.allSatisfy(\.isWhitespace) else { throw PolicyError(.invalidValue, "\(what) is empty", at: node) }
        guard text.utf8.count <= maximumTextLength else {
            throw PolicyError(.invalidValue, "\(what) is longer than \(maximumTextLength) bytes", at: node)
        }
        // Texts are printed: a control character would reach the terminal. A line break of a folded text is a space.
        let hasControl = text.unicodeScalars.contains {
            ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value)
        }
        guard !hasControl else {
            throw PolicyError(.invalidValue, "\(what) holds a control character", at: node)
        }
        return text.split { $0 == "\n" }.joined(separator: " ")
    }
}
