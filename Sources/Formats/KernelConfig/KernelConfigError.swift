/// Why bytes could not be read as a kernel configuration or a kernel image.
public struct KernelConfigError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// No line sets or unsets a symbol.
        public static let notAConfiguration = Code(name: "not a kernel configuration")
        /// The bytes are no kernel image of a kind that this library knows.
        public static let notAKernel = Code(name: "not a kernel image")
        /// The bytes break a rule of their format.
        public static let malformed = Code(name: "malformed")
        /// The input is larger than the reader's limit.
        public static let tooLarge = Code(name: "too large")
        /// The format is known but not read.
        public static let unsupported = Code(name: "unsupported")
    }

    /// What went wrong.
    public let code: Code
    /// What exactly, in words.
    public let detail: String

    /// The sentence for people.
    public var description: String { "\(code.name): \(detail)" }
}
