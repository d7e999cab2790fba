/// A test that systemd makes before it starts a unit.
///
/// A unit whose condition does not hold is skipped without an error: what it was enabled for is then not done.
public struct UnitCondition: Hashable, Sendable {
    /// What happens when the test fails.
    public enum Kind: Hashable, Sendable {
        /// The unit is skipped silently.
        case condition
        /// The unit fails.
        case assertion
    }

    /// What happens when the test fails.
    public let kind: Kind
    /// What is tested, without `Condition` or `Assert`, such as `FileIsExecutable` or `PathExists`.
    public let test: String
    /// The argument without its prefixes.
    public let argument: String
    /// Whether the test must fail (prefix `!`).
    public let isNegated: Bool
    /// Whether it is one of those of which only one must hold (prefix `|`).
    public let isTriggering: Bool
    /// Where it stands.
    public let location: SettingLocation
}

extension LoadedUnit {
    /// The conditions and assertions in force, in the order in which they are read.
    ///
    /// An empty assignment to any condition removes all conditions before it, one to any assertion all assertions.
    public var conditions: [UnitCondition] {
        var conditions: [UnitCondition] = []
        var firstInForce: [UnitCondition.Kind: Int] = [:]
        for assignment in files.flatMap(\.assignments) where assignment.section == "Unit" {
            let kind: UnitCondition.Kind
            let test: Substring
            if assignment.key.hasPrefix("Condition") {
                kind = .condition
                test = assignment.key.dropFirst("Condition".count)
            } else if assignment.key.hasPrefix("Assert") {
                kind = .assertion
                test = assignment.key.dropFirst("Assert".count)
            } else {
                continue
            }
            guard !assignment.value.isEmpty else {
                firstInForce[kind] = conditions.count
                continue
            }
            var argument = assignment.value[...]
            let isTriggering = argument.first == "|"
            if isTriggering { argument = argument.dropFirst().drop { $0 == " " || $0 == "\t" } }
            let isNegated = argument.first == "!"
            if isNegated { argument = argument.dropFirst().drop { $0 == " " || $0 == "\t" } }
            conditions.append(
                UnitCondition(
                    kind: kind, test: String(test), argument: String(argument), isNegated: isNegated,
                    isTriggering: isTriggering, location: assignment.location))
        }
        return conditions.enumerated().filter { $0.offset >= firstInForce[$0.element.kind] ?? 0 }.map(\.element)
    }
}
