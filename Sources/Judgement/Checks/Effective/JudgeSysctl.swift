import AssayFacts
import AssayFindings
import AssayPolicy

/// What a sysctl value means for a row.
enum SysctlGrade: Hashable, Sendable {
    /// The protection is in force.
    case on
    /// The protection is off.
    case off
    /// The value says nothing that we know of.
    case unknown(String)
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
        guard let kernel = facts.decidingKernel else {
            return sysctl(EffectiveSysctl(key, facts, kernel: nil), context, feature: feature, grade: grade)
        }
        if facts.live != nil {
            return sysctl(EffectiveSysctl(key, facts, kernel: kernel), context, feature: feature, grade: grade)
        }
        return eachKernel(facts) { kernel in
            sysctl(EffectiveSysctl(key, facts, kernel: kernel), context, feature: feature, grade: grade)
        }
    }

    private static func sysctl(
        _ effective: EffectiveSysctl, _ context: CheckContext, feature: String, grade: (String) -> SysctlGrade
    ) -> Judgement {
        let configured = effective.winner
        if let live = effective.live {
            return liveSysctl(effective, live, configured, context, feature: feature, grade: grade)
        }
        guard let configured else {
            let reason = effective.doubts.first ?? "nothing sets it and the kernel's default is not known"
            return .unknown("\(effective.key): \(reason)")
        }
        if let doubt = effective.doubts.first {
            return .unknown(
                "\(effective.key) is \(configured.value) by \(configured.name), but \(doubt)",
                evidence: effective.evidence(isException: false))
        }
        return graded(configured.value, effective, configured, context, feature: feature, grade: grade)
    }

    private static func liveSysctl(
        _ effective: EffectiveSysctl, _ live: Observation<String>, _ configured: EffectiveSysctl.Layer?,
        _ context: CheckContext, feature: String, grade: (String) -> SysctlGrade
    ) -> Judgement {
        switch live {
        case .unreadable(let place, let reason): return .unknown("\(effective.key): '\(place.path)': \(reason)")
        case .absent(let place):
            return Judgement(
                verdict(of: .off, expected: context.expected), .off, .measured,
                "the running kernel has no \(effective.key)", decidedBy: "running kernel",
                evidence: [Evidence(Location(place), "absent", how: "running kernel", isException: true)])
        case .found(let value, let place):
            let running = EffectiveSysctl.Layer(name: "running kernel", value: value, place: place, isSet: true)
            guard let configured, configured.isSet, grade(configured.value) != grade(value) else {
                let layer = configured.map { $0.value == value ? $0 : running } ?? running
                return graded(value, effective, layer, context, feature: feature, grade: grade)
            }
            let state: FeatureState = grade(value) == .on ? .on : .off
            return Judgement(
                .fail, state, .conflict,
                """
                \(effective.key) is \(value) in the running kernel, but \(configured.name) sets \(configured.value) \
                (\(configured.place.text))
                """,
                decidedBy: "running kernel", evidence: effective.evidence(isException: true))
        }
    }

    private static func graded(
        _ value: String, _ effective: EffectiveSysctl, _ layer: EffectiveSysctl.Layer, _ context: CheckContext,
        feature: String, grade: (String) -> SysctlGrade
    ) -> Judgement {
        let state: FeatureState
        switch grade(value) {
        case .on: state = .on
        case .off: state = .off
        case .unknown(let reason): return .unknown("\(effective.key) = \(value): \(reason)")
        }
        let basis: Basis = layer.isSet ? .set : .kernelDefault
        let weaker = state == .off && layer.isSet && layer.name != "running kernel" && hasBetterLayer(effective, grade)
        return Judgement(
            verdict(of: state, expected: context.expected), state, weaker ? .weakerThanDefault : basis,
            "\(feature): \(effective.key) = \(value) by \(layer.name)", decidedBy: layer.name,
            evidence: effective.evidence(isException: state == .off))
    }

    private static func hasBetterLayer(_ effective: EffectiveSysctl, _ grade: (String) -> SysctlGrade) -> Bool {
        effective.layers.contains { !$0.isSet && grade($0.value) == .on }
    }
}

extension Place {
    /// The path with its line, for a sentence.
    var text: String { line.map { "\(path):\($0)" } ?? path }
}
