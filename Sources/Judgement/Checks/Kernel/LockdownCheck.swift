import AssayFacts
import AssayFindings
import AssayPolicy

/// Kernel lockdown is in force.
///
/// Why: lockdown keeps root from changing the running kernel: no unsigned modules, no `/dev/mem`, no kexec of unsigned
/// images, no raw MSR writes. Without it, root is the kernel.
///
/// Proof: live, `/sys/kernel/security/lockdown` shows the mode in brackets. Offline, the lockdown module must be built
/// in and in the list of security modules; then `lockdown=` on the command line that boots decides, or else
/// `LOCK_DOWN_KERNEL_FORCE_*`. A kernel that locks down only under Secure Boot (`LOCK_DOWN_IN_EFI_SECURE_BOOT`, a
/// downstream patch) passes only there, so the verdict says so.
///
/// Remedy: add `lockdown=integrity` to the kernel command line (for a unified kernel image: to its `.cmdline` section).
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/kernel-parameters.html
enum LockdownCheck: Check {
    static let id = "kernel.lockdown"
    static let severity = Severity.high
    static let subjects: Set<SubjectFacts.Kind> = [.host, .rootDirectory, .kernelConfiguration, .kernelImage]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        if let live = facts.live { return judge(live, facts, context) }
        return .eachKernel(facts) { judge($0, context) }
    }

    private static func judge(_ live: LiveKernelFacts, _ facts: Facts, _ context: CheckContext) -> Judgement {
        switch live.lockdown {
        case .found(let mode, let place):
            let state: FeatureState = mode == "none" ? .available : .on
            return Judgement(
                Judgement.verdict(of: state, expected: context.expected), state, .measured,
                "the running kernel's lockdown mode is \(mode)", decidedBy: "running kernel",
                evidence: [Evidence(Location(place), "[\(mode)]", how: "running kernel", isException: state != .on)])
        case .absent:
            guard let kernel = facts.decidingKernel else {
                return .unknown("the running kernel shows no lockdown mode, and its configuration is not known")
            }
            return judge(kernel, context)
        case .unreadable(let place, let reason): return .unknown("'\(place.path)': \(reason)")
        }
    }

    private static func judge(_ kernel: KernelFacts, _ context: CheckContext) -> Judgement {
        let module = kernel.symbol("SECURITY_LOCKDOWN_LSM")
        if case .unknown(let reason) = module { return .unknown(reason) }
        guard module.value == "y" else {
            return Judgement(
                Judgement.verdict(of: .off, expected: context.expected), .off, .set,
                "the kernel is built without the lockdown security module", decidedBy: "kernel configuration",
                evidence: [module.evidence].compactMap { $0 })
        }
        if let mode = kernel.parameter("lockdown") {
            let state: FeatureState = ["integrity", "confidentiality"].contains(mode) ? .on : .available
            let evidence = kernel.commandLineEvidence("lockdown=\(mode)", isException: state != .on)
            return Judgement(
                Judgement.verdict(of: state, expected: context.expected), state, .set,
                "lockdown=\(mode) on the kernel command line", decidedBy: "kernel command line",
                evidence: [evidence, module.evidence].compactMap { $0 })
        }
        for (symbol, mode) in [
            ("LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY", "confidentiality"),
            ("LOCK_DOWN_KERNEL_FORCE_INTEGRITY", "integrity"),
        ] where kernel.symbol(symbol).value == "y" {
            return Judgement(
                .pass, .on, .set, "the kernel is built to start in lockdown mode \(mode)",
                decidedBy: "kernel configuration", evidence: [kernel.symbol(symbol).evidence].compactMap { $0 })
        }
        return withoutForce(kernel, module, context)
    }

    /// Neither the command line nor the configuration switches it on.
    private static func withoutForce(
        _ kernel: KernelFacts, _ module: SymbolState, _ context: CheckContext
    ) -> Judgement {
        let none = kernel.symbol("LOCK_DOWN_KERNEL_FORCE_NONE")
        let secureBoot = kernel.symbol("LOCK_DOWN_IN_EFI_SECURE_BOOT")
        let evidence = [none.evidence, module.evidence].compactMap { $0 }
        if secureBoot.value == "y" {
            return Judgement(
                Judgement.verdict(of: .available, expected: context.expected), .available, .conditional,
                "lockdown starts only under Secure Boot: the configuration forces no mode and the command line has none",
                decidedBy: "kernel configuration", evidence: [secureBoot.evidence].compactMap { $0 } + evidence)
        }
        if let doubt = kernel.commandLineDoubt, context.expected == .byDefault {
            return .unknown("the configuration forces no lockdown mode, and \(doubt)", evidence: evidence)
        }
        return Judgement(
            Judgement.verdict(of: .available, expected: context.expected), .available, .kernelDefault,
            "the lockdown module is built in, but neither configuration nor command line switches it on",
            decidedBy: "kernel configuration", evidence: evidence)
    }
}
