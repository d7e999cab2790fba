import AssayBytes
import AssayFacts
import AssayFileSystem
import AssaySystemd

/// A unit that may load packet filter rules: what it runs, and whether a boot gets that far.
struct FirewallUnit {
    /// One command of `ExecStart=`.
    struct Command {
        /// The path of the program.
        let program: String
        let arguments: [String]
        let place: Place

        /// The last part of the program's path.
        var name: String { program.split(separator: "/").last.map(String.init) ?? program }
    }

    /// The unit's own name.
    let name: String
    let commands: [Command]
    /// Whether a boot runs the commands; nil when that cannot be told.
    let isActive: Bool?
    /// Why `isActive` is what it is.
    let activity: String
    let place: Place

    init(_ unit: LoadedUnit, _ units: ServiceUnits, _ reader: SubjectReader, isLive: Bool) {
        name = unit.name
        place = Place(EscapedText(unit.fragmentPath ?? unit.name).description)
        commands = FirewallUnit.commands(of: unit)
        let reason = units.startReason(unit.name)
        guard let starts = units.startsAtBoot(unit.name), starts else {
            isActive = units.startsAtBoot(unit.name)
            activity = reason
            return
        }
        var answer = FirewallUnitConditions(reader: reader, isLive: isLive).answer(unit)
        if answer == .holds, let first = commands.first { answer = FirewallUnit.isRunnable(first, reader) }
        if answer == .holds, let dropIn = unit.unreadableDropIns.keys.sorted().first {
            answer = .undecided("'\(EscapedText(dropIn).description)' could not be read")
        }
        switch answer {
        case .holds:
            isActive = true
            activity = reason
        case .fails(let why):
            isActive = false
            activity = "\(reason), but \(why)"
        case .undecided(let why):
            isActive = nil
            activity = "\(reason), but \(why)"
        }
    }

    /// Whether systemd can execute the program.
    private static func isRunnable(_ command: Command, _ reader: SubjectReader) -> FirewallUnitConditions.Answer {
        // A program without a path is searched for, and one with a specifier is known to systemd only.
        guard command.program.hasPrefix("/"), !command.program.contains("%") else { return .holds }
        let path = EscapedText(command.program).description
        switch reader.status(TreePath(command.program)) {
        case .absent: return .fails("its program '\(path)' is not there")
        case .unreadable(let reason): return .undecided("its program '\(path)' could not be read: \(reason)")
        case .found(let status):
            return status.isExecutable
                ? .holds : .fails("its program '\(path)' has mode \(String(status.mode, radix: 8))")
        }
    }

    /// The commands behind the last empty assignment (systemd.service(5), "Command Lines").
    private static func commands(of unit: LoadedUnit) -> [Command] {
        var commands: [Command] = []
        for assignment in unit.assignments("Service", "ExecStart") {
            if assignment.value.isEmpty { commands = [] }
            let words = SettingSyntax.words(assignment.value)
            for command in words.split(separator: ";").prefix(1000) {
                guard let first = command.first else { continue }
                commands.append(
                    Command(
                        program: String(first.drop { "@-:+!|".contains($0) }), arguments: Array(command.dropFirst()),
                        place: Place(assignment.location)))
            }
        }
        return commands
    }
}
