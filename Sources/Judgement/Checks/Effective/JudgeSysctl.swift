import AssayFacts
import AssayFindings
import AssayPolicy

/// What a sysctl value means for a row.
enum SysctlGrade: Hashable, Sendable {
    /// The protection is in force.
    case on
    /// The protection is there to be switched on.
    case available
    /// The protection is off.
    case off
    /// The value says nothing that we know of.
    case unknown(String)

    /// The state of the feature.
    var state: FeatureState {
        switch self {
        case .on: .on
        case .available: .available
        case .off: .off
        case .unknown: .unknown
        }
    }

    /// `on` for a whole number of `minimum` or more.
    static func atLeast(_ minimum: Int, _ value: String) -> SysctlGrade {
        guard let number = Int(value) else { return .unknown("not a number") }
        return number >= minimum ? .on : .off
    }
}

extension Judgement {
    /// Judges a row that one sysctl key decides.
    ///
    /// On a live host the running value decides whether the protection is there now; a configuration that says otherwise
    /// is a conflict, because the next boot undoes what is running, or the configuration has not taken effect.
    static func sysctl(
        _ key: String, _ facts: Facts, _ context: CheckContext, feature: String,
        grade: (String) -> SysctlGrade
    ) -> Judgement {
        eachSysctl(facts) { kernel in
            SysctlQuestion(key: key, feature: feature, kernel: kernel, facts: facts, context: context).judge(grade)
        }
    }

    /// Judges a row that sysctl keys decide, once for each kernel that is to be judged.
    static func eachSysctl(_ facts: Facts, _ judge: (KernelFacts?) -> Judgement) -> Judgement {
        if facts.live != nil || facts.kernels.isEmpty { return judge(facts.decidingKernel) }
        return eachKernel(facts, judge)
    }
}

/// One sysctl key of one kernel, to be judged.
struct SysctlQuestion {
    /// The key, with dots.
    let key: String
    /// What the key protects, for the message.
    let feature: String
    /// The kernel; nil for a subject without one.
    let kernel: KernelFacts?
    /// The facts.
    let facts: Facts
    /// The row.
    let context: CheckContext

    /// Judges the key by what `grade` makes of its value.
    func judge(_ grade: (String) -> SysctlGrade) -> Judgement {
        let effective = EffectiveSysctl(key, facts, kernel: kernel)
        if let live = facts.live {
            guard let value = live.sysctl[key] else {
                return .unknown(
                    "\(key): the running kernel was not asked for it", evidence: effective.evidence(isException: false))
            }
            return judge(value, effective, grade)
        }
        if let doubt = effective.doubts.first {
            let winner = effective.winner.map { "\(key) is \($0.value) by \($0.name), but " } ?? "\(key): "
            return .unknown("\(winner)\(doubt)", evidence: effective.evidence(isException: false))
        }
        guard let winner = effective.winner else { return withoutValue() }
        let judgement = judge(winner.value, by: winner, effective, grade)
        guard !winner.isSet, let kernel else { return judgement }
        let parameter = key == "kernel.randomize_va_space" ? "norandmaps or sysctl.\(key)=" : "sysctl.\(key)="
        return judgement.unlessCommandLine(says: parameter, kernel.doubt(in: facts, under: context))
    }

    /// Nothing gives the key a value, as far as was seen.
    private func withoutValue() -> Judgement {
        guard let kernel else {
            if facts.subject.kind == .rootDirectory {
                return .notApplicable("the subject has no kernel, and nothing in it sets \(key)")
            }
            return facts.withoutKernel
        }
        if let reason = kernel.configuration.unreadableReason {
            return .unknown(
                "\(key): nothing sets it, and '\(kernel.configuration.place.path)', which the kernel's default depends on: \(reason)"
            )
        }
        return .unknown("\(key): nothing sets it, and the default of kernel \(kernel.release) is not known")
    }

    /// The running kernel's value decides.
    private func judge(
        _ live: Observation<String>, _ effective: EffectiveSysctl, _ grade: (String) -> SysctlGrade
    ) -> Judgement {
        switch live {
        case .unreadable(let place, let reason): return .unknown("\(key): '\(place.path)': \(reason)")
        case .absent(let place):
            return Judgement(
                Judgement.verdict(of: .off, expected: context.expected), .off, .measured,
                "\(feature): the running kernel has no \(key)", decidedBy: "running kernel",
                evidence: [Evidence(Location(place), "\(key) is absent", how: "running kernel", isException: true)])
        case .found(let value, let place):
            let running = EffectiveSysctl.Layer(name: "running kernel", value: value, place: place, isSet: true)
            guard let configured = effective.winner else { return judge(value, by: running, effective, grade) }
            if case .unknown = grade(value) { return judge(value, by: running, effective, grade) }
            guard verdict(grade(configured.value)) != verdict(grade(value)) else {
                return judge(value, by: configured.value == value ? configured : running, effective, grade)
            }
            guard configured.isSet else {
                // Something that we did not find has changed the kernel's default, or the default is a patched one.
                return judge(value, by: running, effective, grade)
            }
            return Judgement(
                .fail, grade(value).state, .conflict,
                """
                \(feature): \(key) is \(value) in the running kernel, but \(configured.name) sets \(configured.value) \
                (\(configured.place.text))
                """,
                decidedBy: "running kernel", evidence: effective.evidence(isException: true))
        }
    }

    private func judge(
        _ value: String, by layer: EffectiveSysctl.Layer, _ effective: EffectiveSysctl,
        _ grade: (String) -> SysctlGrade
    ) -> Judgement {
        let graded = grade(value)
        if case .unknown(let reason) = graded {
            return .unknown(
                "\(key) = \(value) by \(layer.name): \(reason)", evidence: effective.evidence(isException: false))
        }
        let verdict = verdict(graded)
        let isRunning = layer.name == "running kernel"
        let isWeaker =
            verdict == .fail && layer.isSet && !isRunning
            && effective.layers.contains { !$0.isSet && self.verdict(grade($0.value)) == .pass }
        let basis: Basis = isWeaker ? .weakerThanDefault : isRunning ? .measured : layer.isSet ? .set : .kernelDefault
        return Judgement(
            verdict, graded.state, basis, "\(feature): \(key) = \(value) by \(layer.name)", decidedBy: layer.name,
            evidence: effective.evidence(isException: verdict == .fail))
    }

    private func verdict(_ grade: SysctlGrade) -> Verdict {
        Judgement.verdict(of: grade.state, expected: context.expected)
    }
}

extension Place {
    /// The path with its line, for a sentence.
    var text: String { line.map { "\(path):\($0)" } ?? path }
}
