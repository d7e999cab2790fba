public import AssayBytes

/// The header of an encrypted volume, of either version.
public enum LUKSHeader: Hashable, Sendable {
    /// LUKS version 1.
    case one(LUKS1Header)
    /// LUKS version 2.
    case two(LUKS2Header)

    /// The bytes that a volume begins with: `LUKS`, 0xBA, 0xBE.
    public static let magic: [UInt8] = [0x4C, 0x55, 0x4B, 0x53, 0xBA, 0xBE]

    /// Whether `prefix` begins as an encrypted volume of some version does.
    public static func isPresent(in prefix: [UInt8]) -> Bool { prefix.starts(with: magic) }

    /// Reads the header of the volume that begins at the first byte of `source`.
    ///
    /// Of a LUKS2 volume both copies are read and at most 8 MiB in all; keyslot areas and data are never touched.
    ///
    /// - Parameter source: a partition, a whole disk, a detached header file.
    /// - Returns: the header.
    /// - Throws: `LUKSError` when the bytes are no LUKS header or a malformed one; the source's own error.
    public static func read(from source: some ByteSource) throws -> LUKSHeader {
        let prefix = try source.prefix(at: .zero, atMost: 4096)
        guard isPresent(in: prefix) else {
            // The second copy alone can still open the volume, so a wiped first copy is not "no encryption".
            if let second = try LUKS2Header.findSecondary(in: source) { return .two(second) }
            throw LUKSError.notLUKS
        }
        guard prefix.count >= 8 else { throw LUKSError.truncated }
        switch UInt16(prefix[6]) << 8 | UInt16(prefix[7]) {
        case 1: return .one(try LUKS1Header(prefix))
        case 2: return .two(try LUKS2Header.read(from: source))
        case let version: throw LUKSError.unsupportedVersion(version)
        }
    }

    /// Reads the header from the first bytes of a volume.
    ///
    /// - Throws: `LUKSError`.
    public init(_ bytes: [UInt8]) throws { self = try LUKSHeader.read(from: ByteArraySource(bytes)) }

    /// The volume's UUID as text, empty when it has none.
    public var uuid: String {
        switch self {
        case .one(let header): header.uuid
        case .two(let header): header.primary.uuid
        }
    }
}

/// Why bytes are not a readable LUKS header.
public enum LUKSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No magic at the start and no second copy where one may be.
    case notLUKS
    /// The header ends early.
    case truncated
    /// A version other than 1 and 2.
    case unsupportedVersion(UInt16)
    /// A field holds what the specification forbids.
    case malformed(String)
    /// The JSON area cannot be read.
    case malformedMetadata(String)

    /// The sentence for people.
    public var description: String {
        switch self {
        case .notLUKS: "not a LUKS volume"
        case .truncated: "LUKS header truncated"
        case .unsupportedVersion(let version): "LUKS version \(version) is not supported"
        case .malformed(let what): "malformed LUKS header: \(what)"
        case .malformedMetadata(let what): "malformed LUKS2 metadata: \(what)"
        }
    }
}

/// Text of a fixed-size field that a zero byte ends.
func fieldText(_ bytes: some Sequence<UInt8>) -> String {
    EscapedText(bytes.prefix { $0 != 0 }).description
}
