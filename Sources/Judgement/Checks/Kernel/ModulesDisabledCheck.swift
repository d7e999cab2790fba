import AssayFacts
import AssayFindings
import AssayPolicy

/// Loading of kernel modules can be switched off for good.
///
/// Why: a module is code with every right of the kernel. Where all modules are loaded at boot,
/// `kernel.modules_disabled = 1` takes that way from an attacker until the next boot.
///
/// Proof: live, `/proc/sys/kernel/modules_disabled` exists (available) or is 1 (on). Offline, `MODULES=y` gives the kernel
/// the switch (available), and sysctl.d or a service's script may set it (on). A kernel without `MODULES` loads none: on.
///
/// Remedy: write 1 to `kernel.modules_disabled` when all modules are loaded, for example in a unit that is ordered last.
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html#modules-disabled
enum ModulesDisabledCheck: Check {
    static let id = "kernel.modules-disabled"
    static let severity = Severity.low
    static let subjects = kernelSubjects
    private static let key = "kernel.modules_disabled"

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let live = facts.live else { return .eachKernel(facts) { judge($0, facts, context) } }
        let modules = facts.decidingKernel?.symbol("MODULES")
        switch live.sysctl[key] {
        case .found?:
            return SysctlQuestion(
                key: key, feature: "module loading", kernel: facts.decidingKernel, facts: facts, context: context
            ).judge(grade)
        case .absent(let place)?:
            let shown = Evidence(Location(place), "\(key) is absent", how: "running kernel")
            if live.hasModules == false || modules?.value == "n" {
                return .kernel(
                    .on, .measured, "the running kernel cannot load modules at all", context,
                    decidedBy: "running kernel", evidence: [shown, modules?.evidence])
            }
            guard live.hasModules == true || modules?.value == "y" else {
                return .unknown("\(key) is absent, and it is not known whether the kernel loads modules")
            }
            return .kernel(
                .off, .measured, "the running kernel loads modules and has no \(key)", context,
                decidedBy: "running kernel", evidence: [shown, modules?.evidence])
        case .unreadable(let place, let reason)?: return .unknown("\(key): '\(place.path)': \(reason)")
        case nil: return .unknown("\(key): the running kernel was not asked for it")
        }
    }

    private static func judge(_ kernel: KernelFacts, _ facts: Facts, _ context: CheckContext) -> Judgement {
        let modules = kernel.symbol("MODULES")
        if case .unknown(let reason) = modules { return .unknown(reason) }
        guard modules.value == "y" else {
            return .kernel(
                .on, .set, "the kernel is built without loadable modules", context, evidence: [modules.evidence])
        }
        let effective = EffectiveSysctl(key, facts, kernel: kernel)
        if let winner = effective.winner, winner.isSet, effective.doubts.isEmpty {
            return SysctlQuestion(
                key: key, feature: "module loading", kernel: kernel, facts: facts, context: context
            ).judge(grade).adding([modules.evidence])
        }
        if context.expected == .byDefault, let doubt = effective.doubts.first {
            return .unknown("\(key): \(doubt)", evidence: effective.evidence(isException: false))
        }
        // The switch is there whatever the parts that were not seen do with it.
        return .kernel(
            .available, .kernelDefault, "the kernel has \(key), and nothing that was seen sets it", context,
            evidence: [modules.evidence] + effective.evidence(isException: false))
    }

    private static func grade(_ value: String) -> SysctlGrade {
        switch value {
        case "0": .available
        case "1": .on
        default: .unknown("neither 0 nor 1")
        }
    }
}
