import AssayFacts
import AssayFindings
import AssayPolicy

/// A process cannot trace other processes of the same user.
///
/// Why: without Yama, one compromised program of a user reads the memory of all others: keys of the SSH agent, passwords of
/// the browser.
///
/// Proof: `SECURITY_YAMA=y`, and `yama` in the effective order of security modules (`lsm=`, or else `CONFIG_LSM`; live,
/// `/sys/kernel/security/lsm`), and `kernel.yama.ptrace_scope` of 1 or more: on. With 0 it is there to be switched on:
/// available. Built in but not in the order, it does nothing: off.
///
/// Remedy: put `yama` into `lsm=` or `CONFIG_LSM`, and install a file in `/usr/lib/sysctl.d` with
/// `kernel.yama.ptrace_scope = 1`.
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/LSM/Yama.html
enum YamaCheck: Check {
    static let id = "process.yama"
    static let severity = Severity.medium
    static let subjects = kernelSubjects
    private static let key = "kernel.yama.ptrace_scope"

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        if case .found? = facts.live?.sysctl[key] { return judgeScope(facts.decidingKernel, facts, context) }
        if facts.live != nil { return judge(facts.decidingKernel, facts, context) }
        return .eachKernel(facts) { judge($0, facts, context) }
    }

    private static func judge(_ kernel: KernelFacts?, _ facts: Facts, _ context: CheckContext) -> Judgement {
        let order = SecurityModuleOrder(kernel, facts, context)
        switch order.state(of: "yama") {
        case .unknown(let reason): return .unknown("yama: \(reason)", evidence: order.evidence)
        case .inactive(let reason):
            return .kernel(
                .off, .set, "yama does not start: \(reason)", context, decidedBy: order.decidedBy,
                evidence: [kernel?.symbol("SECURITY_YAMA").evidence] + order.evidence)
        case .active:
            return judgeScope(kernel, facts, context).adding(order.evidence).unlessCommandLine(
                says: "lsm=", order.doubt)
        }
    }

    /// Judges whether Yama, which is there, is used.
    private static func judgeScope(_ kernel: KernelFacts?, _ facts: Facts, _ context: CheckContext) -> Judgement {
        let question = SysctlQuestion(
            key: key, feature: "ptrace restriction", kernel: kernel, facts: facts, context: context)
        let judgement = question.judge { value in
            guard let scope = Int(value) else { return .unknown("not a number") }
            return scope >= 1 ? .on : .available
        }
        guard judgement.verdict == .unknown, context.expected == .available, facts.live == nil else { return judgement }
        // Whatever its value is, the switch is there.
        return Judgement(
            .pass, .available, .kernelDefault, "yama starts; its scope is not certain (\(judgement.message))",
            decidedBy: "kernel configuration", evidence: judgement.evidence)
    }
}
