import AssayFacts
import AssayFindings
import AssayPolicy

/// Kernel lockdown is in force.
///
/// Why: lockdown keeps root from changing the running kernel: no unsigned modules, no `/dev/mem`, no kexec of unsigned
/// images, no raw MSR writes. Without it, root is the kernel.
///
/// Proof: live, `/sys/kernel/security/lockdown` shows the mode in brackets. Offline, the lockdown module must be built
/// in and start (early, or by the order of security modules); then `lockdown=integrity` or `confidentiality` on the command
/// line that boots, or `LOCK_DOWN_KERNEL_FORCE_*`, puts it in force. A kernel that locks down only under Secure Boot (`LOCK_DOWN_IN_EFI_SECURE_BOOT`, a
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
        return .eachKernel(facts) { judge($0, facts, context) }
    }

    private static func judge(_ live: LiveKernelFacts, _ facts: Facts, _ context: CheckContext) -> Judgement {
        switch live.lockdown {
        case .found(let mode, let place):
            let shown = Evidence(Location(place), "[\(mode)]", how: "running kernel")
            let judgement = Judgement.kernel(
                mode == "none" ? .available : .on, .measured, "the running kernel's lockdown mode is \(mode)", context,
                decidedBy: "running kernel", evidence: [shown])
            return mode == "none" ? judgement : onlyUnderSecureBoot(judgement, live, facts)
        case .absent: return .eachKernel(facts) { judge($0, facts, context) }
        case .unreadable(let place, let reason): return .unknown("'\(place.path)': \(reason)")
        }
    }

    /// A live lockdown that lasts as long as Secure Boot is on.
    private static func onlyUnderSecureBoot(
        _ judgement: Judgement, _ live: LiveKernelFacts, _ facts: Facts
    ) -> Judgement {
        guard let kernel = facts.decidingKernel, live.secureBoot.value == true,
            requestedMode(kernel) == nil, forcedMode(kernel) == nil,
            case let secureBoot = kernel.symbol("LOCK_DOWN_IN_EFI_SECURE_BOOT"), secureBoot.value == "y"
        else { return judgement }
        var judgement = judgement
        judgement.basis = .conditional
        judgement.message += ", by Secure Boot alone: neither configuration nor command line asks for it"
        return judgement.adding([secureBoot.evidence])
    }

    private static func judge(_ kernel: KernelFacts, _ facts: Facts, _ context: CheckContext) -> Judgement {
        let module = kernel.symbol("SECURITY_LOCKDOWN_LSM")
        if case .unknown(let reason) = module { return .unknown(reason) }
        guard module.value == "y" else {
            return .kernel(
                .off, .set, "the kernel is built without the lockdown security module", context,
                evidence: [module.evidence])
        }
        let order = SecurityModuleOrder(kernel, facts, context)
        switch order.state(of: "lockdown") {
        case .unknown(let reason): return .unknown("lockdown: \(reason)", evidence: order.evidence)
        case .inactive(let reason):
            return .kernel(
                .off, .set, "the lockdown module does not start: \(reason)", context, decidedBy: order.decidedBy,
                evidence: order.evidence + [module.evidence])
        case .active:
            let judgement = judgeMode(kernel, module, facts, context)
            // An early module starts before the order is read.
            guard kernel.symbol("SECURITY_LOCKDOWN_LSM_EARLY").value != "y" else { return judgement }
            return judgement.unlessCommandLine(says: "lsm=", order.doubt)
        }
    }

    private static func judgeMode(
        _ kernel: KernelFacts, _ module: SymbolState, _ facts: Facts, _ context: CheckContext
    ) -> Judgement {
        if let mode = requestedMode(kernel) {
            return .kernel(
                .on, .set, "lockdown=\(mode) on the kernel command line", context, decidedBy: "kernel command line",
                evidence: [kernel.commandLineEvidence("lockdown=\(mode)"), module.evidence])
        }
        if let (mode, symbol) = forcedMode(kernel) {
            return .kernel(
                .on, .set, "the kernel is built to start in lockdown mode \(mode)", context,
                evidence: [symbol.evidence, module.evidence])
        }
        return withoutForce(kernel, module, facts, context)
    }

    /// The mode that the command line asks for.
    ///
    /// security/lockdown/lockdown.c: the parameter can only raise the level, so no later `lockdown=none` undoes it, and
    /// values other than these two are ignored.
    private static func requestedMode(_ kernel: KernelFacts) -> String? {
        let modes = kernel.commandLine?.parameters.filter { $0.name == "lockdown" }.compactMap(\.value) ?? []
        return ["confidentiality", "integrity"].first { modes.contains($0) }
    }

    /// The mode that the configuration forces.
    private static func forcedMode(_ kernel: KernelFacts) -> (mode: String, symbol: SymbolState)? {
        for mode in ["confidentiality", "integrity"] {
            let symbol = kernel.symbol("LOCK_DOWN_KERNEL_FORCE_\(mode.uppercased())")
            if symbol.value == "y" { return (mode, symbol) }
        }
        return nil
    }

    /// Neither the command line nor the configuration switches it on.
    private static func withoutForce(
        _ kernel: KernelFacts, _ module: SymbolState, _ facts: Facts, _ context: CheckContext
    ) -> Judgement {
        let evidence = [kernel.symbol("LOCK_DOWN_KERNEL_FORCE_NONE").evidence, module.evidence]
        let secureBoot = kernel.symbol("LOCK_DOWN_IN_EFI_SECURE_BOOT")
        if context.expected == .byDefault {
            // The parameter is what most images use: without the whole command line there is no answer.
            switch kernel.doubt(in: facts, under: context) {
            case .none: break
            case .assumed(let parts):
                guard kernel.commandLine == nil else { break }
                return .unknown(
                    "the configuration forces no lockdown mode, and \(parts) might",
                    evidence: evidence.compactMap { $0 })
            case .open(let reason):
                return .unknown(
                    "the configuration forces no lockdown mode, and \(reason)", evidence: evidence.compactMap { $0 })
            }
        }
        let shown = kernel.commandLineEvidence("no lockdown= that asks for a mode")
        guard secureBoot.value == "y" else {
            return .kernel(
                .available, .kernelDefault,
                "the lockdown module starts, but neither configuration nor command line switches it on", context,
                evidence: evidence + [shown])
        }
        return .kernel(
            .available, .conditional,
            "lockdown starts only under Secure Boot: the configuration forces no mode and the command line has none",
            context, evidence: [secureBoot.evidence, shown] + evidence)
    }
}
