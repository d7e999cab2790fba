/// The members of a JSON object: each name once, in the order in which they were given.
public struct JSONObject: Sendable {
    /// The names in their order.
    public private(set) var keys: [String]
    private var values: [String: JSONValue]

    /// No member.
    public init() {
        keys = []
        values = [:]
    }

    /// Members in their order; a name that is given twice has the last value.
    public init(_ members: [(String, JSONValue)]) {
        self.init()
        for (key, value) in members { self[key] = value }
    }

    /// The number of members.
    public var count: Int { keys.count }

    /// The members in their order.
    public var members: [(key: String, value: JSONValue)] {
        keys.compactMap { key in values[key].map { (key, $0) } }
    }

    /// The value of a member; nil removes it.
    public subscript(key: String) -> JSONValue? {
        get { values[key] }
        set {
            guard let newValue else {
                if values.removeValue(forKey: key) != nil { keys.removeAll { $0 == key } }
                return
            }
            if values.updateValue(newValue, forKey: key) == nil { keys.append(key) }
        }
    }
}

extension JSONObject: Hashable {
    /// Whether both have the same members, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool { left.values == right.values }

    /// Adds what equal objects share.
    public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Members in their order.
    public init(dictionaryLiteral members: (String, JSONValue)...) { self.init(members) }
}
