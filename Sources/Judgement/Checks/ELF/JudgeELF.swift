import AssayFacts
import AssayFindings
import AssayPolicy

/// How one file answers a row's question.
struct ELFAnswer: Hashable, Sendable {
    /// The name of the outcome in the counts (`pie`, `not pie`).
    let outcome: String
    /// Whether it is against the row's claim, agrees with it, or does not tell.
    let state: ELFFileFacts.Property.State
    /// What was seen.
    let evidence: String
    /// Where in the file.
    let offset: UInt64?

    /// An answer from a property, where a part counts as `partial` says.
    init(_ property: ELFFileFacts.Property, yes: String, no: String, partial: ELFFileFacts.Property.State = .no) {
        let state = property.state == .partial ? partial : property.state
        self.state = state
        evidence = property.evidence
        offset = property.offset
        outcome =
            switch property.state {
            case .yes: yes
            case .partial: "partial"
            case .no: no
            case .inconclusive: "inconclusive"
            case .notApplicable: "not applicable"
            }
    }
}

extension Facts {
    /// The ELF files that a vendor's claim is about: all of a folder, and those in the system's directories elsewhere.
    ///
    /// Files in `/opt`, `/var`, `/home` and others are not the distribution's; what they are is not its claim. Nor are files
    /// for a machine that the subject has no C library for, such as those of a cross compiler: they never run there.
    func scopedELF(_ context: CheckContext) -> [ELFFileFacts] {
        guard let files = elf?.files else { return [] }
        guard subject.kind != .elfFiles else { return files }
        let prefixes =
            context.parameters["scope"]?.split(separator: " ").map(String.init)
            ?? ["/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/", "/lib32/", "/libx32/"]
        let machines = Set((elf?.cLibraries ?? []).map(\.machine))
        return files.filter { file in
            prefixes.contains { file.path.hasPrefix($0) } && !file.path.hasPrefix("/usr/local/")
                && (machines.isEmpty || machines.contains(file.machine))
        }
    }
}

extension Judgement {
    /// Exceptions that a finding shows; the others are counted.
    static let shownExceptions = 200

    /// Judges a row that asks the same of many ELF files.
    ///
    /// The share of files that answer no may not exceed the row's `tolerance-percent` (0 without one), the share that
    /// does not tell may not exceed `inconclusive-percent` (25): beyond that the row is unknown, not passed.
    static func elf(
        _ facts: Facts, _ context: CheckContext, _ noun: String, claim: String,
        where isAsked: (ELFFileFacts) -> Bool, answer: (ELFFileFacts) -> ELFAnswer
    ) -> Judgement {
        guard facts.elf != nil else { return .notApplicable("the subject has no ELF files") }
        let asked = facts.scopedELF(context).filter(isAsked).map { ($0, answer($0)) }
        let judged = asked.filter { $0.1.state != .notApplicable }
        guard !judged.isEmpty else {
            let reason = asked.first.map { ": \($0.1.evidence)" } ?? ""
            let gaps = facts.elf?.gaps.count ?? 0
            return gaps > 0
                ? .unknown("no \(noun) could be read, \(gaps) are malformed or unreadable")
                : .notApplicable("no \(noun) to judge\(reason)")
        }
        let exceptions = judged.filter { $0.1.state == .no }
        let silent = judged.filter { $0.1.state == .inconclusive }
        var judgement = elfVerdict(
            facts, context, noun, claim, judged: judged.count, exceptions: exceptions.count, silent: silent.count)
        judgement.evidence = (exceptions.prefix(shownExceptions) + silent.prefix(20)).map { file, answer in
            Evidence(
                Location(file.path, offset: answer.offset), answer.evidence,
                how: [file.kind.rawValue, file.language, file.package.map { "package \($0)" }].compactMap { $0 }
                    .joined(separator: ", "), isException: answer.state == .no)
        }
        judgement.evidenceOmitted = max(0, exceptions.count - shownExceptions) + max(0, silent.count - 20)
        for (_, answer) in asked { judgement.counts[answer.outcome, default: 0] += 1 }
        judgement.groups = groups(asked)
        return judgement
    }

    private static func elfVerdict(
        _ facts: Facts, _ context: CheckContext, _ noun: String, _ claim: String, judged: Int, exceptions: Int,
        silent: Int
    ) -> Judgement {
        let tolerance = context.number("tolerance-percent", default: 0)
        let allowedSilence = context.number("inconclusive-percent", default: 25)
        let found = judged - exceptions - silent
        var message = "\(found) of \(judged) \(noun) \(claim)"
        if exceptions > 0 { message += ", \(exceptions) exceptions" }
        if silent > 0 { message += ", \(silent) inconclusive" }
        // Shares are compared in whole numbers of files × 100, so that nothing is rounded.
        if exceptions * 100 > tolerance * judged {
            let state: FeatureState = found > 0 ? .available : .off
            let verdict = exceptions > 0 ? Verdict.fail : .pass
            return Judgement(verdict, state, .measured, message, decidedBy: "ELF files")
        }
        if silent * 100 > allowedSilence * judged {
            return Judgement(.unknown, .unknown, .measured, message, decidedBy: "ELF files")
        }
        if exceptions > 0 { message += " (up to \(tolerance) % are tolerated)" }
        return Judgement(.pass, .on, .measured, message, decidedBy: "ELF files")
    }

    /// The counts of each directory and package with exceptions, at most 50 of each kind.
    private static func groups(_ asked: [(ELFFileFacts, ELFAnswer)]) -> [Group] {
        var counts: [String: [String: [String: Int]]] = [:]
        var exceptions: [String: [String: Int]] = [:]
        for (file, answer) in asked {
            let directory = file.path.lastIndex(of: "/").map { String(file.path[..<$0]) } ?? ""
            for (kind, name) in [("directory", directory.isEmpty ? "/" : directory), ("package", file.package ?? "")] {
                guard !name.isEmpty else { continue }
                counts[kind, default: [:]][name, default: [:]][answer.outcome, default: 0] += 1
                if answer.state == .no { exceptions[kind, default: [:]][name, default: 0] += 1 }
            }
        }
        return ["directory", "package"].flatMap { kind in
            (exceptions[kind] ?? [:]).sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
                .prefix(50).map { Group(kind: kind, name: $0.key, counts: counts[kind]?[$0.key] ?? [:]) }
        }
    }
}

extension ELFFileFacts {
    /// Whether it is started as a program.
    var isProgram: Bool {
        switch kind {
        case .executable, .pie, .staticExecutable, .staticPIE: true
        case .sharedObject, .relocatable, .kernelModule, .debugFile, .core, .other: false
        }
    }

    /// Whether it is a program or shared object that the loader maps.
    var isLoaded: Bool { isProgram || kind == .sharedObject }
}
