import AssayFacts
import AssayFindings

extension Facts {
    /// The kernel that decides: the running one of a live host, if it is known; elsewhere the first.
    var decidingKernel: KernelFacts? {
        live == nil ? kernels.first(where: \.isRunning) ?? kernels.first : kernels.first(where: \.isRunning)
    }

    /// The kernels that a row is judged for: the running one of a live host, every installed one elsewhere.
    var judgedKernels: [KernelFacts] {
        guard live != nil else { return kernels }
        return kernels.first(where: \.isRunning).map { [$0] } ?? []
    }

    /// What a question about the kernel deserves when there is none to ask.
    var withoutKernel: Judgement {
        switch subject.kind {
        case .host: .unknown("nothing is known of the running kernel's configuration")
        case .kernelConfiguration, .kernelImage: .unknown("no kernel configuration could be read")
        case .rootDirectory, .elfFiles, .verityDevice, .files: .notApplicable("the subject has no kernel")
        }
    }
}

extension Judgement {
    /// Judges every kernel of the subject and lets the worst verdict stand for all.
    static func eachKernel(_ facts: Facts, _ judge: (KernelFacts) -> Judgement) -> Judgement {
        let kernels = facts.judgedKernels
        guard let first = kernels.first else { return facts.withoutKernel }
        guard kernels.count > 1 else { return judge(first) }
        let parts = kernels.map { kernel in
            var judgement = judge(kernel)
            judgement.message = "kernel \(kernel.release): \(judgement.message)"
            judgement.evidence = judgement.evidence.map { $0.labelled(kernel.release) }
            return judgement
        }
        var worst = worst(parts)
        worst.counts["kernels"] = kernels.count
        let failing = parts.count { $0.verdict == .fail }
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
