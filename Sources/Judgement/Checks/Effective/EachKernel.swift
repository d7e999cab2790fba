import AssayFacts
import AssayFindings

extension Facts {
    /// The kernel that decides on a live host: the running one; elsewhere the first.
    var decidingKernel: KernelFacts? { kernels.first(where: \.isRunning) ?? kernels.first }

    /// The kernels that a row is judged for: the running one of a live host, every installed one elsewhere.
    var judgedKernels: [KernelFacts] {
        guard live != nil, let running = kernels.first(where: \.isRunning) else { return kernels }
        return [running]
    }
}

extension Judgement {
    /// Judges every kernel of the subject and lets the worst verdict stand for all.
    static func eachKernel(_ facts: Facts, _ judge: (KernelFacts) -> Judgement) -> Judgement {
        let kernels = facts.judgedKernels
        guard let first = kernels.first else { return .notApplicable("the subject has no kernel") }
        guard kernels.count > 1 else { return judge(first) }
        var worst = judge(first)
        worst.message = "kernel \(first.release): \(worst.message)"
        var evidence = worst.evidence.map { $0.labelled(first.release) }
        var failing = worst.verdict == .fail ? 1 : 0
        for kernel in kernels.dropFirst() {
            var judgement = judge(kernel)
            failing += judgement.verdict == .fail ? 1 : 0
            evidence += judgement.evidence.map { $0.labelled(kernel.release) }
            if judgement.verdict != worst.verdict, Verdict.worse(judgement.verdict, worst.verdict) == judgement.verdict
            {
                judgement.message = "kernel \(kernel.release): \(judgement.message)"
                worst = judgement
            }
        }
        worst.evidence = evidence.filter(\.isException) + evidence.filter { !$0.isException }
        worst.counts["kernels"] = kernels.count
        if failing > 0 { worst.counts["failing kernels"] = failing }
        return worst
    }
}

extension Evidence {
    fileprivate func labelled(_ release: String) -> Evidence {
        var evidence = self
        evidence.how = "kernel \(release), \(how)"
        return evidence
    }
}
