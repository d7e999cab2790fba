/// Why a profile or a policy file could not be used.
public struct PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of error; more may come.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name.
        public let rawValue: String

        /// Makes a code.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The text is larger than what is read.
        public static let tooLarge = Code(rawValue: "too-large")
        /// The text is no YAML, or no UTF-8.
        public static let malformed = Code(rawValue: "malformed")
        /// An anchor, alias or tag, which these files do not need.
        public static let anchor = Code(rawValue: "anchor")
        /// A key that is not known.
        public static let unknownKey = Code(rawValue: "unknown-key")
        /// A key that is missing.
        public static let missingKey = Code(rawValue: "missing-key")
        /// A value that is not allowed.
        public static let invalidValue = Code(rawValue: "invalid-value")
        /// A check that does not exist.
        public static let unknownCheck = Code(rawValue: "unknown-check")
        /// Something that stands twice.
        public static let duplicate = Code(rawValue: "duplicate")
    }

    /// The kind.
    public var code: Code
    /// What is wrong and what is allowed.
    public var message: String
    /// The line, counted from 1.
    public var line: Int?
    /// The column, counted from 1.
    public var column: Int?

    /// Makes an error.
    public init(_ code: Code, _ message: String, line: Int? = nil, column: Int? = nil) {
        self.code = code
        self.message = message
        self.line = line
        self.column = column
    }

    /// `LINE:COLUMN: MESSAGE`, as far as the place is known.
    public var description: String {
        guard let line else { return message }
        return "\(line):\(column ?? 1): \(message)"
    }
}
