/// What the plan does to one key.
public struct SysctlResolution: Hashable, Sendable {
    /// How it ends.
    public enum Outcome: Hashable, Sendable {
        /// The assignment whose value is written last; its key is a pattern when a pattern decided.
        case set(SysctlAssignment, value: String)
        /// An exclusion keeps patterns away and nothing else sets the key.
        case excluded(SysctlAssignment)
        /// Nothing speaks about the key; the kernel's value stays.
        case unset
    }

    /// How it ends, by what could be read.
    public let outcome: Outcome
    /// The assignments that would have written the key but lost, in the order in which they were read.
    public let overridden: [SysctlAssignment]
    /// Paths of unreadable files that could have changed the outcome; when not empty, the outcome is not certain.
    public let undecided: [String]
}

extension SysctlPlan {
    /// What the plan does to the key that `name` stands for, with dots or slashes.
    public func resolve(_ name: String) -> SysctlResolution { resolve(SysctlKey(name)) }

    /// What the plan does to `key`.
    ///
    /// Each file of unknown content that could change the answer is listed: one behind the deciding assignment when that
    /// names the key, any when a pattern decided or nothing did.
    public func resolve(_ key: SysctlKey) -> SysctlResolution {
        let isBlocked = assignment(of: key) != nil
        var winner: SysctlAssignment?
        for assignment in assignments where assignment.value != nil && !assignment.key.hasParentReference {
            if assignment.key.isGlob {
                guard !isBlocked, SysctlGlob(assignment.key).matches(key) else { continue }
            } else {
                guard assignment.key == key else { continue }
            }
            winner = assignment
        }

        let named = mentions[key] ?? []
        let patterns = isBlocked ? [] : history.indices.filter { history[$0].key.isGlob }
        var overridden: [SysctlAssignment] = []
        for index in Set(named + patterns).sorted() {
            let candidate = history[index]
            guard candidate.value != nil, !candidate.key.hasParentReference, candidate.location != winner?.location,
                !candidate.key.isGlob || SysctlGlob(candidate.key).matches(key)
            else { continue }
            overridden.append(candidate)
        }

        let outcome: SysctlResolution.Outcome
        if let winner, let value = winner.value {
            outcome = .set(winner, value: value)
        } else if let exclusion = assignment(of: key), exclusion.value == nil {
            outcome = .excluded(exclusion)
        } else {
            outcome = .unset
        }
        return SysctlResolution(
            outcome: outcome, overridden: overridden, undecided: unreadable(behind: isBlocked ? named.last : nil))
    }

    /// The unreadable files that are read after the element `index` of the history, or all of them.
    private func unreadable(behind index: Int?) -> [String] {
        let first = index.map { origins[$0] } ?? -1
        var result = files.indices.filter { place in
            guard place > first, case .unreadable = files[place].state else { return false }
            return true
        }.map { files[$0].path }
        if !isComplete { result.append("more than \(SysctlPlan.maximumPatternCount) patterns") }
        return result
    }
}
