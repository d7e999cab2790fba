/// Why a YAML text, or a value in it, could not be used.
package struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of error.
    package enum Reason: Hashable, Sendable {
        /// The text is larger than what is read.
        case tooLarge
        /// The text is no YAML, or no UTF-8, or nested too deeply.
        case malformed
        /// An anchor or an alias.
        case anchor
        /// A key that is not known.
        case unknownKey
        /// A key that is missing.
        case missingKey
        /// A value that is not allowed.
        case invalidValue
        /// A key that stands twice.
        case duplicate
    }

    /// The kind.
    package var reason: Reason
    /// What is wrong and what is allowed, the nearest known word included.
    package var message: String
    /// The line, counted from 1.
    package var line: Int?
    /// The column, counted from 1.
    package var column: Int?

    /// Makes an error.
    package init(_ reason: Reason, _ message: String, line: Int? = nil, column: Int? = nil) {
        self.reason = reason
        self.message = message
        self.line = line
        self.column = column
    }

    /// Makes an error at a place of the document.
    package init(_ reason: Reason, _ message: String, at node: YAMLNode) {
        self.init(reason, message, line: node.line, column: node.column)
    }

    /// `LINE:COLUMN: MESSAGE`, as far as the place is known.
    package var description: String {
        guard let line else { return message }
        return "\(line):\(column ?? 1): \(message)"
    }
}
