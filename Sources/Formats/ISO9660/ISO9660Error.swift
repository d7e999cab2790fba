public import AssayBytes

/// Why bytes could not be read as an ISO 9660 image.
public struct ISO9660Error: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// There is no volume descriptor where the first one must be.
        public static let notISO9660 = Code(name: "not an ISO 9660 image")
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
    /// Where, in bytes from the start of the file.
    public let offset: ByteOffset
    /// What exactly, in words.
    public let detail: String

    /// The sentence for people.
    public var description: String { "\(code.name): \(detail) (at byte \(offset.rawValue))" }

    static func malformed(_ offset: UInt64, _ detail: String) -> ISO9660Error {
        ISO9660Error(code: .malformed, offset: ByteOffset(offset), detail: detail)
    }

    static func limit(_ offset: UInt64, _ detail: String) -> ISO9660Error {
        ISO9660Error(code: .limit, offset: ByteOffset(offset), detail: detail)
    }
}

/// Something of an image that may be missing, or there and unreadable, without making the rest unreadable.
public enum ISOReading<Value: Hashable & Sendable>: Hashable, Sendable {
    /// The image has none.
    case absent
    /// It was read.
    case present(Value)
    /// It is there and breaks the format's rules.
    case faulty(ISO9660Error)

    /// The value that was read, or nil.
    public var value: Value? { if case .present(let value) = self { value } else { nil } }

    /// Why it could not be read, or nil.
    public var fault: ISO9660Error? { if case .faulty(let error) = self { error } else { nil } }

    /// Turns the format's own errors into values; what the source throws goes on.
    static func reading(_ body: () throws -> Value?) throws -> ISOReading {
        do {
            return try body().map { .present($0) } ?? .absent
        } catch let error as ISO9660Error {
            return .faulty(error)
        }
    }
}
