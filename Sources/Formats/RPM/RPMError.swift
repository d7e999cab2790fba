public import AssayBytes

/// Why bytes could not be read as an RPM package file.
public struct RPMError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// The first bytes are not those of an RPM package.
        public static let notRPM = Code(name: "not an RPM package")
        /// The package has a format version that nobody writes since 1996.
        public static let unsupportedVersion = Code(name: "unsupported RPM version")
        /// The file ends inside a structure.
        public static let truncated = Code(name: "truncated")
        /// A header is larger than the caller allows.
        public static let tooLarge = Code(name: "too large")
        /// A header does not begin with its magic bytes.
        public static let headerMagic = Code(name: "no header magic")
        /// An index entry breaks a rule of the format: type, count, alignment, order or bounds.
        public static let indexEntry = Code(name: "malformed index entry")
        /// The region of a header or its trailer breaks a rule of the format.
        public static let region = Code(name: "malformed region")
        /// The main header has entries that its immutable region does not hold.
        public static let outsideRegion = Code(name: "header entries outside of the immutable region")
        /// A known tag has a type, count or value that it must not have.
        public static let tagValue = Code(name: "malformed tag value")
        /// The main header has a tag that belongs into the signature header, or both headers have one of a pair.
        ///
        /// Readers that copy signature tags into the package's header mix such values up (CVE-2021-20271, CVE-2021-3421).
        public static let signatureTagInHeader = Code(name: "signature tag in the main header")
        /// A new signature header cannot be made.
        public static let rewrite = Code(name: "signature header cannot be rewritten")
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
