import AssayBytes
import AssayFacts
import AssayFileSystem
import AssaySystemd

/// Judges the conditions of a unit that ask for files, against the files of the subject.
///
/// Conditions: systemd.unit(5), "Conditions and Asserts".
struct FirewallUnitConditions {
    /// Whether a unit is let through.
    enum Answer: Equatable {
        /// Every condition holds.
        case holds
        /// systemd skips or fails the unit, for this reason.
        case fails(String)
        /// It depends on something that the subject does not show.
        case undecided(String)
    }

    let reader: SubjectReader
    let isLive: Bool

    /// What the conditions and assertions of `unit` say together.
    func answer(_ unit: LoadedUnit) -> Answer {
        var doubt: Answer?
        for kind in [UnitCondition.Kind.condition, .assertion] {
            let conditions = unit.conditions.filter { $0.kind == kind }
            for condition in conditions where !condition.isTriggering {
                let answer = self.answer(condition)
                if case .fails = answer { return answer }
                if case .undecided = answer { doubt = doubt ?? answer }
            }
            let triggers = conditions.filter(\.isTriggering).map { self.answer($0) }
            guard !triggers.contains(.holds), let first = triggers.first else { continue }
            let open = triggers.first {
                if case .undecided = $0 { return true }
                return false
            }
            guard let open else { return first }
            doubt = doubt ?? open
        }
        return doubt ?? .holds
    }

    private func answer(_ condition: UnitCondition) -> Answer {
        let key = (condition.kind == .condition ? "Condition" : "Assert") + condition.test
        let argument = EscapedText(condition.argument).description
        let text = "\(key)=\(condition.isNegated ? "!" : "")\(argument)"
        guard let (isTrue, seen) = test(condition) else { return .undecided("\(text) cannot be judged") }
        return isTrue != condition.isNegated ? .holds : .fails("\(text) does not hold: '\(argument)' \(seen)")
    }

    /// Whether a test is true, and what was seen; nil when that cannot be told.
    private func test(_ condition: UnitCondition) -> (isTrue: Bool, seen: String)? {
        let argument = condition.argument
        let path = TreePath(argument)
        // A percent sign begins a specifier, which only the running manager can fill in.
        guard argument.hasPrefix("/"), !argument.contains("%"), isLive || !isTransient(path) else { return nil }
        switch condition.test {
        case "PathExists": return status(path) { _ in (true, "is there") }
        case "PathIsDirectory": return status(path) { ($0.type == .directory, "is a \($0.type.rawValue)") }
        case "FileNotEmpty":
            return status(path) { ($0.type == .regular && $0.size > 0, "has \($0.size) bytes") }
        case "FileIsExecutable":
            return status(path) { status in
                guard status.type == .regular else { return (false, "is a \(status.type.rawValue)") }
                return (status.isExecutable, "has mode \(String(status.mode, radix: 8))")
            }
        case "DirectoryNotEmpty":
            switch reader.entries(path) {
            case .found(let entries): return (!entries.isEmpty, "has \(entries.count) entries")
            case .absent: return (false, "is not there")
            case .unreadable: return nil
            }
        default: return nil
        }
    }

    private func status(
        _ path: TreePath, _ body: (FileStatus) -> (isTrue: Bool, seen: String)
    ) -> (isTrue: Bool, seen: String)? {
        switch reader.status(path) {
        case .found(let status): body(status)
        case .absent: (false, "is not there")
        case .unreadable: nil
        }
    }

    /// Whether a path is only there while the system runs.
    private func isTransient(_ path: TreePath) -> Bool {
        ["/run", "/proc", "/sys", "/dev", "/var/run"].contains { path.isInside($0) }
    }
}

extension FileStatus {
    /// Whether anybody may execute it, which is all that systemd asks.
    var isExecutable: Bool { mode & 0o111 != 0 }
}
