public import AssayBytes

/// Why bytes could not be read as a PE image.
public struct PEError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// The first bytes are not those of a PE image.
        public static let notPE = Code(name: "not a PE image")
        /// The file ends inside a structure.
        public static let truncated = Code(name: "truncated")
        /// A structure breaks a rule of the format.
        public static let malformed = Code(name: "malformed")
        /// A section is larger than the caller allows.
        public static let tooLarge = Code(name: "too large")
    }

    /// What went wrong.
    public let code: Code
    /// Where, in bytes from the start of the file.
    public let offset: ByteOffset
    /// What exactly, in words.
    public let detail: String

    /// The sentence for people.
    public var description: String { "\(code.name) at offset \(offset.rawValue): \(detail)" }
}
