/// Why a hash area, or the numbers that describe one, cannot be used.
public struct VerityError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        /// The fault's name (`bad-magic`).
        public let name: String

        /// The area does not begin with `verity` and two zero bytes.
        public static let badMagic = Code(name: "bad-magic")
        /// The version is not 1.
        public static let unsupportedVersion = Code(name: "unsupported-version")
        /// The hash type is neither 0 nor 1.
        public static let unsupportedHashType = Code(name: "unsupported-hash-type")
        /// The algorithm's name is not one that is written here.
        public static let unsupportedAlgorithm = Code(name: "unsupported-algorithm")
        /// A block size is not a power of two from 512 to 524,288.
        public static let badBlockSize = Code(name: "bad-block-size")
        /// There is no data block, or more than the tree or the numbers of 64 bits hold.
        public static let badBlockCount = Code(name: "bad-block-count")
        /// The salt is longer than 256 bytes.
        public static let badSaltSize = Code(name: "bad-salt-size")
        /// Bytes that have to be zero are not.
        public static let paddingNotZero = Code(name: "padding-not-zero")
        /// The hash area does not begin where one may.
        public static let unalignedOffset = Code(name: "unaligned-offset")
        /// Two areas of the same file overlap.
        public static let overlap = Code(name: "overlap")
        /// The data ends before its last block.
        public static let truncatedData = Code(name: "truncated-data")
        /// The hash area ends before the superblock or the tree does.
        public static let truncatedHashArea = Code(name: "truncated-hash-area")
        /// The error correction data cannot belong to this data and tree.
        public static let badErrorCorrection = Code(name: "bad-error-correction")
    }

    /// What is wrong.
    public let code: Code
    /// Where in the hash area, in bytes from the superblock's first one; nil when it is no field of the superblock.
    public let offset: Int?
    /// The sentence for people.
    public let description: String

    /// Makes an error.
    public init(_ code: Code, offset: Int? = nil, _ description: String) {
        self.code = code
        self.offset = offset
        self.description = description
    }
}
