import AssayFacts
import AssayFindings
import AssayPolicy

/// The part that all rows about address space layout randomization share.
enum AddressSpaceRandomization {
    /// The subjects that can answer.
    static let subjects: Set<SubjectFacts.Kind> = [.host, .rootDirectory, .kernelConfiguration, .kernelImage]

    /// Judges `kernel.randomize_va_space` of at least `minimum`, and the processes of a live host that opted out.
    ///
    /// More evidence of a kernel comes from `more`.
    static func judge(
        _ facts: Facts, _ context: CheckContext, feature: String, minimum: Int,
        more: (KernelFacts) -> [Evidence?] = { _ in [] }
    ) -> Judgement {
        let judgement = Judgement.eachSysctl(facts) { kernel in
            SysctlQuestion(
                key: "kernel.randomize_va_space", feature: feature, kernel: kernel, facts: facts, context: context
            ).judge { .atLeast(minimum, $0) }.adding(kernel.map(more) ?? [])
        }
        guard let live = facts.live else { return judgement }
        return judgement.noting(live)
    }

    /// A sysctl's values as evidence that is not judged.
    static func shown(_ key: String, _ facts: Facts, _ kernel: KernelFacts) -> [Evidence?] {
        EffectiveSysctl(key, facts, kernel: kernel).evidence(isException: false)
    }
}

extension Judgement {
    /// `ADDR_NO_RANDOMIZE` of personality(2).
    private static let noRandomization: UInt64 = 0x004_0000

    /// This judgement of the whole system with what the personalities of running processes say.
    fileprivate func noting(_ live: LiveKernelFacts) -> Judgement {
        var judgement = self
        let exempt = live.processesWithoutRandomization
        if !exempt.isEmpty {
            judgement.counts["processes without randomization"] = exempt.count
            judgement.message += "; processes that run without by their personality: \(exempt.count)"
            judgement.evidence += exempt.prefix(20).map {
                Evidence(Location("/proc"), $0, how: "personality ADDR_NO_RANDOMIZE", isException: true)
            }
            judgement.evidenceOmitted += max(0, exempt.count - 20)
        }
        guard case .found(let text, let place) = live.personality,
            let personality = UInt64(text.hasPrefix("0x") ? text.dropFirst(2) : text[...], radix: 16),
            personality & Judgement.noRandomization != 0
        else { return judgement }
        let shown = Evidence(
            Location(place), "personality \(text)", how: "ADDR_NO_RANDOMIZE, inherited", isException: true)
        guard judgement.verdict == .pass else { return judgement.adding([shown]) }
        return Judgement(
            .fail, .off, .conflict,
            "\(message), but the personality of this session switches randomization off for all that it starts",
            decidedBy: "running kernel", evidence: [shown] + judgement.evidence)
    }
}
