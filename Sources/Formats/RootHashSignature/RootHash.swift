import AssayBytes

/// The root hash of a dm-verity tree: the digest that the kernel is given.
///
/// Its text is lower case: the signature of the root hash is over that text, and the partition UUIDs of the Discoverable
/// Partitions Specification are its first and last 128 bits.
public struct RootHash: Hashable, Sendable, CustomStringConvertible {
    /// The digest.
    public let bytes: [UInt8]

    /// The digest in lower-case hexadecimal.
    public var text: String { Hex.encode(bytes) }

    /// The digest in lower-case hexadecimal.
    public var description: String { text }

    /// The lengths of the digests dm-verity is used with: SHA-1, SHA-256, SHA-384 and SHA-512, in bytes.
    private static let lengths = [20, 32, 48, 64]

    /// Reads the hexadecimal text of a root hash.
    ///
    /// - Throws: a fault that names what is wrong with `text`; white space and upper case are not forgiven, because the same
    ///   text is compared, signed and turned into UUIDs by others.
    public init(_ text: String) throws(RootHashSignatureFault) {
        let characters = Array(text.utf8)
        guard !characters.isEmpty else { throw RootHashSignatureFault(.emptyRootHash, "the root hash is empty") }
        let white = [0x20] + Array(UInt8(0x09)...0x0D)
        guard characters.first.map(white.contains) != true, characters.last.map(white.contains) != true else {
            throw RootHashSignatureFault(
                .spaceInRootHash, "the root hash has white space or a newline before or after it",
                hint: "write it with 'printf %s', not with 'echo'")
        }
        if let position = characters.firstIndex(where: { !Self.isDigit($0) }) {
            let character = EscapedText([characters[position]])
            throw RootHashSignatureFault(
                .rootHashNotHexadecimal,
                "character \(position + 1) of the root hash, '\(character)', is not a hexadecimal digit")
        }
        try Self.check(length: characters.count)
        let bytes = Hex.decode(text) ?? []
        let lower = Hex.encode(bytes)
        guard lower == text else {
            throw RootHashSignatureFault(
                .upperCaseRootHash,
                "the root hash has upper-case digits; the kernel signature and the partition UUIDs are made from lower case",
                hint: "use '\(lower)'")
        }
        self.bytes = bytes
    }

    /// Wraps a digest of 20, 32, 48 or 64 bytes.
    ///
    /// - Throws: a fault for another length.
    public init(bytes: [UInt8]) throws(RootHashSignatureFault) {
        guard RootHash.lengths.contains(bytes.count) else {
            throw RootHashSignatureFault(
                .rootHashLength, "a root hash of \(bytes.count) bytes is not of 20, 32, 48 or 64 bytes")
        }
        self.bytes = bytes
    }

    private static func check(length: Int) throws(RootHashSignatureFault) {
        guard length.isMultiple(of: 2) else {
            throw RootHashSignatureFault(
                .oddRootHash, "the root hash has an odd number of digits, \(length); a digit is missing or one too many"
            )
        }
        guard lengths.contains(length / 2) else {
            throw RootHashSignatureFault(
                .rootHashLength,
                "the root hash has \(length) digits; a digest has 40 (sha1), 64 (sha256), 96 (sha384) or 128 (sha512)")
        }
    }

    private static func isDigit(_ character: UInt8) -> Bool {
        switch character {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
