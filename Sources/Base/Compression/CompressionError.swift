public import AssayBytes

/// Why compressed bytes could not be decompressed.
public struct CompressionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// The bytes break a rule of the format, or a checksum is wrong.
        public static let corrupt = Code(name: "corrupt")
        /// The input ends before the compressed stream does.
        public static let truncated = Code(name: "truncated")
        /// More would come out than the caller allows.
        public static let outputLimitExceeded = Code(name: "output limit exceeded")
        /// Decompressing would need more memory than the caller allows.
        public static let memoryLimitExceeded = Code(name: "memory limit exceeded")
        /// The format, or an option of it, is one that this library does not decompress.
        public static let unsupported = Code(name: "unsupported")
        /// Bytes follow the compressed stream where none are allowed.
        public static let trailingData = Code(name: "trailing data")
    }

    /// What went wrong.
    public let code: Code
    /// How the bytes are compressed, or nil when no known format was recognised.
    public let format: CompressionFormat?
    /// Where it was noticed, in bytes from the start of the compressed input; the fault can lie before.
    public let offset: ByteOffset
    /// What exactly, in words.
    public let detail: String

    /// The sentence for people.
    public var description: String {
        "\(format.map { "\($0)" } ?? "compressed") data: \(code.name) at offset \(offset.rawValue): \(detail)"
    }
}

/// A fault seen by one library's adapter, which knows neither the offset nor the caller.
struct CompressionFault: Error {
    let code: CompressionError.Code
    let detail: String
}
