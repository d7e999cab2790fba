/// A value of a column.
public enum SQLiteValue: Hashable, Sendable {
    /// No value.
    case null
    /// A whole number.
    case integer(Int64)
    /// A number with a fraction.
    case real(Double)
    /// Text, as the bytes of its UTF-8.
    case text([UInt8])
    /// Bytes.
    case blob([UInt8])

    /// The bytes of a blob or text, nil for anything else.
    public var bytes: [UInt8]? {
        switch self {
        case .text(let bytes), .blob(let bytes): bytes
        case .null, .integer, .real: nil
        }
    }

    /// The number, nil for anything else.
    public var integer: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }
}
