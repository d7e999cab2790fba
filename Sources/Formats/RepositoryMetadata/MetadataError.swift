/// Why a document of repository metadata was refused.
public struct MetadataError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// The document is not well-formed XML of the accepted part.
        public static let malformed = Code(name: "malformed XML")
        /// The document ends inside an element.
        public static let truncated = Code(name: "truncated")
        /// The document has a document type, which repository metadata never has and which can declare entities.
        public static let documentType = Code(name: "document type not accepted")
        /// The document is deeper, longer or has more of something than is accepted.
        public static let tooLarge = Code(name: "too large")
        /// The document is XML of something else.
        public static let unexpectedDocument = Code(name: "not the expected metadata")
        /// A value that must be there is missing, or stands there twice.
        public static let missingValue = Code(name: "missing or ambiguous value")
        /// A value is not what it must be.
        public static let value = Code(name: "malformed value")
        /// A location does not stay inside the repository.
        public static let location = Code(name: "location outside of the repository")
    }

    /// What went wrong.
    public let code: Code
    /// The line, from 1.
    public let line: Int
    /// What exactly, in words.
    public let detail: String

    /// The sentence for people.
    public var description: String { "\(code.name) at line \(line): \(detail)" }
}
