internal import AssayBytes

/// What names a key: the digest of its public part (RFC 9580, section 5.5.4).
public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    /// 20 bytes of SHA-1 (version 4) or 32 of SHA-256 (version 6).
    public let bytes: [UInt8]

    init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// Reads 40 or 64 hexadecimal digits; spaces between them, either case and a leading `0x` are accepted.
    public init?(_ text: String) {
        var digits = text.filter { $0 != " " }
        if digits.hasPrefix("0x") { digits.removeFirst(2) }
        guard let bytes = Hex.decode(digits), bytes.count == 20 || bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// The key ID: the last 8 bytes for version 4, the first 8 for version 6.
    public var keyID: KeyID {
        KeyID(rawValue: (bytes.count == 32 ? bytes.prefix(8) : bytes.suffix(8)).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Lower-case hexadecimal digits without spaces.
    public var description: String { Hex.encode(bytes) }
}

/// The 64-bit short name of a key; others can be made that share it, so it only finds candidates.
public struct KeyID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number, first byte highest.
    public let rawValue: UInt64

    /// Makes the key ID of that number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// 16 lower-case hexadecimal digits.
    public var description: String {
        Hex.encode((0..<8).map { UInt8(truncatingIfNeeded: rawValue >> (56 - 8 * UInt64($0))) })
    }
}
