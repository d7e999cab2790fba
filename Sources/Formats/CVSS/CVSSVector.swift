/// The versions of CVSS that are read.
public enum CVSSVersion: String, CaseIterable, Hashable, Sendable {
    /// <https://www.first.org/cvss/v3.1/specification-document>
    case v31 = "3.1"
    /// <https://www.first.org/cvss/v4.0/specification-document>
    case v40 = "4.0"

    /// The metrics in the order of a vector.
    public var metrics: [CVSSMetric] {
        switch self {
        case .v31: Self.metrics31
        case .v40: Self.metrics40
        }
    }
}

/// A vector of CVSS: the values of its metrics.
public struct CVSSVector: Hashable, Sendable, CustomStringConvertible {
    /// The most bytes of a vector: one with all metrics of 4.0 has fewer than 240.
    public static let maximumByteCount = 512

    /// The version.
    public let version: CVSSVersion
    /// The letters of each metric that is there and not `X`.
    let letters: [String: String]

    /// Reads a vector.
    ///
    /// Metrics of 3.1 may stand in any order (section 6); those of 4.0 must stand in the order of the specification (section
    /// 7), and other orders are refused as the official schema refuses them.
    ///
    /// - Throws: `CVSSError`.
    public init(_ text: String) throws(CVSSError) {
        guard text.utf8.count <= Self.maximumByteCount else { throw CVSSError("the vector is too long") }
        let fields = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let version = CVSSVersion.allCases.first(where: { fields.first == "CVSS:\($0.rawValue)" }) else {
            throw CVSSError(
                "a vector begins with "
                    + CVSSVersion.allCases.map { "'CVSS:\($0.rawValue)/'" }.joined(separator: " or "))
        }
        var letters: [String: String] = [:]
        var given: [String] = []
        for field in fields.dropFirst() {
            let parts = field.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw CVSSError("'\(field)' is no metric: letters, a colon, a value") }
            guard let metric = version.metrics.first(where: { $0.abbreviation == parts[0] }) else {
                throw CVSSError("CVSS \(version.rawValue) has no metric '\(parts[0])'")
            }
            guard metric.value(parts[1]) != nil else {
                let known = metric.values.map(\.abbreviation) + (metric.isMandatory ? [] : ["X"])
                throw CVSSError(
                    "'\(parts[1])' is no value of \(metric.name) (\(metric.abbreviation)); allowed: "
                        + known.joined(separator: ", "))
            }
            guard !given.contains(parts[0]) else { throw CVSSError("the metric \(parts[0]) stands twice") }
            given.append(parts[0])
            if parts[1] != "X" { letters[parts[0]] = parts[1] }
        }
        let missing = version.metrics.filter { $0.isMandatory && letters[$0.abbreviation] == nil }
        guard missing.isEmpty else {
            throw CVSSError(
                "the vector lacks " + missing.map { "\($0.abbreviation) (\($0.name))" }.joined(separator: ", "))
        }
        self.version = version
        self.letters = letters
        if version == .v40 {
            let order = version.metrics.map(\.abbreviation).filter(given.contains)
            guard order == given else {
                throw CVSSError("the metrics of CVSS 4.0 have a fixed order; in it the vector is '\(self)'")
            }
        }
    }

    private init(_ version: CVSSVersion, _ letters: [String: String]) {
        self.version = version
        self.letters = letters
    }

    /// The vector in the order of the specification, without what is not defined.
    public var description: String {
        "CVSS:\(version.rawValue)"
            + version.metrics.map { metric in letters[metric.abbreviation].map { "/\(metric.abbreviation):\($0)" } ?? ""
            }
            .joined()
    }

    /// The letters of a metric's value; `X` when it is not defined.
    public func value(of metric: String) -> String { letters[metric] ?? "X" }

    /// Whether a metric of this group is defined.
    public func defines(_ group: CVSSMetric.Group) -> Bool {
        version.metrics.contains { $0.group == group && letters[$0.abbreviation] != nil }
    }

    /// The vector with the metrics of these groups only; the base metrics must be among them.
    func keeping(_ groups: Set<CVSSMetric.Group>) -> CVSSVector {
        let kept = Set(version.metrics.filter { groups.contains($0.group) }.map(\.abbreviation))
        return CVSSVector(version, letters.filter { kept.contains($0.key) })
    }

    /// Each metric that is defined, in words: its name, the value's name, and what that means.
    public var explanation: [(metric: CVSSMetric, value: CVSSMetric.Value)] {
        version.metrics.compactMap { metric in
            letters[metric.abbreviation].flatMap { metric.value($0) }.map { (metric, $0) }
        }
    }
}

/// Why a text is no vector.
public struct CVSSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence for people.
    public let description: String

    init(_ description: String) { self.description = description }
}
