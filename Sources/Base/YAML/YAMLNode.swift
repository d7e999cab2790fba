/// A value of a YAML document and where it stands.
package struct YAMLNode: Hashable, Sendable {
    /// What a value is. <https://yaml.org/spec/1.2.2/#3211-nodes>
    package indirect enum Content: Hashable, Sendable {
        /// A text; plain when it has no quotes and is no block, so that it may mean null.
        case scalar(String, isPlain: Bool)
        /// A list.
        case sequence([YAMLNode])
        /// Keys and values in the order of the text.
        case mapping([Entry])
    }

    /// A key and its value.
    package struct Entry: Hashable, Sendable {
        /// The key.
        package var key: YAMLNode
        /// The value.
        package var value: YAMLNode
    }

    /// The value.
    package var content: Content
    /// The line of its first byte, counted from 1.
    package var line: Int
    /// The column of its first byte, counted from 1.
    package var column: Int

    /// Whether nothing was written: `key:`, `key: ~`, `key: null`. <https://yaml.org/spec/1.2.2/#10211-null>
    package var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }
}
