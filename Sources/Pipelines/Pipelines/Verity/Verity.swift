import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayVerity

/// dm-verity on files and block devices: format, verify, dump, sign and repair.
public enum Verity {
    /// What the user says about a hash tree; what is nil is left to the superblock or the default.
    public struct Options: Hashable, Sendable {
        /// 0 or 1.
        public var hashType: Int?
        /// The hash function's name, in either case.
        public var algorithm: String?
        /// Bytes in a data block.
        public var dataBlockSize: Int?
        /// Bytes in a block of the tree.
        public var hashBlockSize: Int?
        /// The number of data blocks.
        public var dataBlocks: UInt64?
        /// The salt in hexadecimal; `-` or nothing for none.
        public var salt: String?
        /// The UUID as text.
        public var uuid: String?
        /// Where the superblock, or the tree without one, begins, in bytes.
        public var hashOffset: UInt64 = 0
        /// Whether a superblock is written or read.
        public var hasSuperblock = true

        /// Makes options that say nothing.
        public init() {}
    }

    /// Where error correction data are.
    public struct ErrorCorrectionOptions: Hashable, Sendable {
        /// The device or file.
        public var path: String
        /// Where the parity begins, in bytes.
        public var offset: UInt64
        /// Parity bytes in a codeword of 255: 2 to 24.
        public var roots: Int

        /// Makes them.
        public init(path: String, offset: UInt64 = 0, roots: Int = 2) {
            self.path = path
            self.offset = offset
            self.roots = roots
        }
    }

    /// The names of the hash functions that a tree can be made with.
    public static let algorithms = HashAlgorithm.allCases.map(\.rawValue)

    /// The digits of a salt, or nil when `text` is not hexadecimal.
    static func salt(_ text: String) throws(VerityRequestError) -> [UInt8] {
        if text.isEmpty || text == "-" { return [] }
        guard let bytes = Hex.decode(text) else {
            throw VerityRequestError("the salt '\(EscapedText(text))' is not pairs of hexadecimal digits")
        }
        return bytes
    }

    static func algorithm(_ text: String) throws(VerityRequestError) -> HashAlgorithm {
        guard let algorithm = HashAlgorithm(rawValue: text.lowercased()) else {
            throw VerityRequestError(
                "the hash algorithm '\(EscapedText(text))' is not one of \(algorithms.joined(separator: ", "))")
        }
        return algorithm
    }

    static func hashType(_ number: Int) throws(VerityRequestError) -> HashType {
        guard let type = UInt32(exactly: number).flatMap(HashType.init) else {
            throw VerityRequestError("the hash type is \(number), neither 0 nor 1")
        }
        return type
    }

    /// The sixteen bytes of a UUID's text.
    static func uuid(_ text: String) throws(VerityRequestError) -> [UInt8] {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false).map(\.utf8.count)
        guard groups == [8, 4, 4, 4, 12], let bytes = Hex.decode(text.filter { $0 != "-" }) else {
            throw VerityRequestError("'\(EscapedText(text))' is not a UUID")
        }
        return bytes
    }

    static func random(_ count: Int) -> [UInt8] {
        // The system's generator is getrandom(2) on Linux.
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// The tree's numbers as facts.
    static func facts(_ geometry: TreeGeometry, uuid: [UInt8]?) -> VerityTreeFacts {
        let parameters = geometry.parameters
        return VerityTreeFacts(
            uuid: uuid.map { Activation.uuid($0) }, hashType: Int(parameters.hashType.rawValue),
            algorithm: parameters.algorithm.rawValue, dataBlockSize: parameters.dataBlockSize,
            hashBlockSize: parameters.hashBlockSize, dataBlocks: parameters.dataBlocks,
            salt: Hex.encode(parameters.salt),
            levels: geometry.levels.enumerated().reversed().map {
                VerityLevelFacts(level: $0.offset, firstBlock: $0.element.firstBlock, blocks: $0.element.blocks)
            }, end: geometry.end.rawValue)
    }
}

/// Why a request about dm-verity cannot be met.
public struct VerityRequestError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence for people.
    public let description: String
    /// What to do about it, as a command or a hint.
    public let hint: String?

    /// Makes an error.
    public init(_ description: String, hint: String? = nil) {
        self.description = description
        self.hint = hint
    }
}
