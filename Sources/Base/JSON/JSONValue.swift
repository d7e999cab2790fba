/// A JSON value (RFC 8259: https://www.rfc-editor.org/rfc/rfc8259).
///
/// Two values are equal as JSON Schema compares them: numbers by their value, texts by their code points and never by what
/// Unicode calls equivalent, objects without their order.
public indirect enum JSONValue: Sendable {
    /// Nothing.
    case null
    /// True or false.
    case bool(Bool)
    /// A number, exact.
    case number(JSONNumber)
    /// A text.
    case string(String)
    /// Values in their order.
    case array([JSONValue])
    /// Values by name.
    case object(JSONObject)

    /// A whole number.
    public static func integer(_ number: Int) -> JSONValue { .number(JSONNumber(number)) }

    /// A list of texts.
    public static func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

    /// Numbers by name, ordered by name.
    public static func integers(_ numbers: [String: Int]) -> JSONValue {
        .object(JSONObject(numbers.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }))
    }

    /// An object of those members that are not nil, in the order given.
    public static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(JSONObject(members.compactMap { member in member.value.map { (member.key, $0) } }))
    }

    /// The text, if it is one.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number, if it is one.
    public var number: JSONNumber? {
        if case .number(let number) = self { number } else { nil }
    }

    /// The elements, if it is an array.
    public var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The object, if it is one.
    public var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// The member `key`, if it is an object that has it.
    public subscript(key: String) -> JSONValue? { object?[key] }

    /// The kind as JSON Schema names it.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

extension JSONValue: Hashable {
    /// Whether both are the same value.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// Adds what equal values share.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number(let number): hasher.combine(number)
        case .string(let text): hasher.combine(text)
        case .array(let elements): hasher.combine(elements)
        case .object(let object): hasher.combine(object)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
    /// A text.
    public init(stringLiteral text: String) { self = .string(text) }

    /// True or false.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}
