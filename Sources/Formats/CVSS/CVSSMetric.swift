/// A metric of CVSS: what it is called, what it asks, and its values.
public struct CVSSMetric: Hashable, Sendable {
    /// The groups of metrics.
    public enum Group: String, Hashable, Sendable, CaseIterable {
        /// What does not change with time or place.
        case base
        /// What changes with time: the temporal metrics of 3.1, the threat metrics of 4.0.
        case threat
        /// What depends on where the component is used.
        case environmental
        /// What has no influence on the score (4.0).
        case supplemental
    }

    /// A value of a metric.
    public struct Value: Hashable, Sendable {
        /// The letters in a vector (`N`).
        public let abbreviation: String
        /// The name (`Network`).
        public let name: String
        /// What it means, as a clause.
        public let meaning: String
    }

    /// The letters in a vector (`AV`).
    public let abbreviation: String
    /// The name (`Attack Vector`).
    public let name: String
    /// The group.
    public let group: Group
    /// The values, the worst first; `X` (not defined) is no element.
    public let values: [Value]

    /// Whether a vector must have it.
    public var isMandatory: Bool { group == .base }

    /// The value of these letters; `X` for all metrics that may be left out.
    public func value(_ abbreviation: String) -> Value? {
        if abbreviation == "X", !isMandatory {
            return Value(abbreviation: "X", name: "Not Defined", meaning: "it is not said")
        }
        return values.first { $0.abbreviation == abbreviation }
    }

    /// Makes a metric of rows `letters|name|meaning`.
    init(_ abbreviation: String, _ name: String, _ group: Group, _ rows: String) {
        self.abbreviation = abbreviation
        self.name = name
        self.group = group
        values = rows.split(separator: "\n").map { row in
            let parts = row.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            return Value(
                abbreviation: parts[0], name: parts.count > 1 ? parts[1] : "", meaning: parts.count > 2 ? parts[2] : "")
        }
    }

    private init(_ abbreviation: String, _ name: String, _ group: Group, values: [Value]) {
        self.abbreviation = abbreviation
        self.name = name
        self.group = group
        self.values = values
    }

    /// The environmental metric that replaces this one, with further values before its own.
    func modified(_ further: [Value] = []) -> CVSSMetric {
        CVSSMetric("M" + abbreviation, "Modified " + name, .environmental, values: further + values)
    }
}
