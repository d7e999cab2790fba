public import AssayBytes

/// Why bytes could not be read as a Debian package or an archive inside one.
public struct DebianArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// The first bytes are not those of an archive.
        public static let notAnArchive = Code(name: "not an archive")
        /// The file ends inside a structure.
        public static let truncated = Code(name: "truncated")
        /// A structure breaks a rule of the format.
        public static let malformed = Code(name: "malformed")
        /// A structure is larger than any honest one, or than the caller allows.
        public static let limit = Code(name: "too large")
        /// A feature of the format that is not read here.
        public static let unsupported = Code(name: "unsupported")
    }

    /// What went wrong.
    public let code: Code
    /// Where, in bytes from the start of what was being read.
    public let offset: ByteOffset
    /// What exactly, in words.
    public let detail: String

    /// The sentence for people.
    public var description: String { "\(code.name): \(detail) (at byte \(offset.rawValue))" }

    static func malformed(_ offset: UInt64, _ detail: String) -> DebianArchiveError {
        DebianArchiveError(code: .malformed, offset: ByteOffset(offset), detail: detail)
    }

    static func limit(_ offset: UInt64, _ detail: String) -> DebianArchiveError {
        DebianArchiveError(code: .limit, offset: ByteOffset(offset), detail: detail)
    }

    static func truncated(_ offset: UInt64, _ detail: String) -> DebianArchiveError {
        DebianArchiveError(code: .truncated, offset: ByteOffset(offset), detail: detail)
    }
}

/// A run of consecutive bytes of a file.
public struct ByteExtent: Hashable, Sendable {
    /// The first byte.
    public let offset: ByteOffset
    /// The number of bytes.
    public let count: ByteCount

    /// Reads the bytes when they are at most `limit`.
    ///
    /// - Throws: `DebianArchiveError` of code `limit` or `truncated`, or the source's own error.
    public func bytes(in source: any ByteSource, limit: ByteCount) throws -> [UInt8] {
        guard count <= limit, let size = count.asInt else {
            throw DebianArchiveError.limit(
                offset.rawValue, "\(count.rawValue) bytes, of which \(limit.rawValue) are allowed")
        }
        do {
            return try source.bytes(at: offset, count: size)
        } catch is ByteError {
            throw DebianArchiveError.truncated(offset.rawValue, "\(size) bytes are needed")
        }
    }
}

/// A number in ASCII digits of a fixed field.
enum NumberField {
    /// The number in `field`, padded with blanks or zero bytes behind (and blanks before); nil when it is none.
    static func parse(_ field: ArraySlice<UInt8>, radix: UInt64) -> UInt64? {
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0 }
        guard field[digits.endIndex...].allSatisfy({ $0 == 0x20 || $0 == 0 }), !digits.isEmpty else { return nil }
        var result: UInt64 = 0
        for byte in digits {
            guard byte >= 0x30, UInt64(byte - 0x30) < radix else { return nil }
            let (product, overflow) = result.multipliedReportingOverflow(by: radix)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte - 0x30))
            guard !overflow, !carry else { return nil }
            result = sum
        }
        return result
    }
}
