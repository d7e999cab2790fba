/// Where in a subject something was observed.
public struct Place: Codable, Hashable, Sendable {
    /// The path in the subject, escaped; for a value that is no file, what was asked (`netlink nf_tables`, `--cmdline`).
    public var path: String
    /// The line, counted from 1.
    public var line: Int?
    /// The offset in bytes from the start of the file.
    public var offset: UInt64?

    /// Makes a place.
    public init(_ path: String, line: Int? = nil, offset: UInt64? = nil) {
        self.path = path
        self.line = line
        self.offset = offset
    }
}

/// Something that was looked for in a subject: found, known to be absent, or not readable.
///
/// The three are never mixed: what could not be read is unknown, with its reason, and never counts as absent.
public enum Observation<Value: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    /// It is there.
    case found(Value, Place)
    /// It was looked for at the place and is not there.
    case absent(Place)
    /// It could not be read or understood.
    case unreadable(Place, reason: String)

    /// The value, if it was found.
    public var value: Value? {
        guard case .found(let value, _) = self else { return nil }
        return value
    }

    /// Where it was looked for.
    public var place: Place {
        switch self {
        case .found(_, let place), .absent(let place), .unreadable(let place, _): place
        }
    }

    /// Why it could not be read, if it could not.
    public var unreadableReason: String? {
        guard case .unreadable(_, let reason) = self else { return nil }
        return reason
    }

    private enum Key: String, CodingKey {
        case value
        case place
        case absent
        case unreadable
    }

    /// Decodes what `encode(to:)` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let place = try container.decode(Place.self, forKey: .place)
        if let reason = try container.decodeIfPresent(String.self, forKey: .unreadable) {
            self = .unreadable(place, reason: reason)
        } else if try container.decodeIfPresent(Bool.self, forKey: .absent) ?? false {
            self = .absent(place)
        } else {
            self = .found(try container.decode(Value.self, forKey: .value), place)
        }
    }

    /// Writes `place` with one of `value`, `absent: true` and `unreadable: reason`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(place, forKey: .place)
        switch self {
        case .found(let value, _): try container.encode(value, forKey: .value)
        case .absent: try container.encode(true, forKey: .absent)
        case .unreadable(_, let reason): try container.encode(reason, forKey: .unreadable)
        }
    }
}

/// A value and where it stands.
public struct Sourced<Value: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    /// The value.
    public var value: Value
    /// Where it stands.
    public var place: Place

    /// Makes a sourced value.
    public init(_ value: Value, _ place: Place) {
        self.value = value
        self.place = place
    }
}

/// Something that could not be read during collection, or was read only in part.
public struct Gap: Codable, Hashable, Sendable {
    /// Where.
    public var place: Place
    /// Why.
    public var reason: String

    /// Makes a gap.
    public init(_ place: Place, reason: String) {
        self.place = place
        self.reason = reason
    }
}
