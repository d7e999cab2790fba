import AssayFacts
import AssayFindings
import AssayPolicy

/// Only privileged users can load BPF programs.
///
/// Why: the verifier that keeps BPF programs harmless has had many holes, and speculative execution opens more. Programs of
/// unprivileged users are not worth that risk.
///
/// Proof: live, `/proc/sys/kernel/unprivileged_bpf_disabled` is 1 or 2. Offline, the last of: the kernel's default (2 with
/// `BPF_UNPRIV_DEFAULT_OFF`, else 0), `sysctl.kernel.unprivileged_bpf_disabled=` on the command line, sysctl.d as
/// systemd-sysctl merges it, scripts of services. A kernel without `BPF_SYSCALL` passes.
///
/// Remedy: install a file in `/usr/lib/sysctl.d` with `kernel.unprivileged_bpf_disabled = 1`.
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html#unprivileged-bpf-disabled
enum UnprivilegedBPFCheck: Check {
    static let id = "kernel.unprivileged-bpf"
    static let severity = Severity.medium
    static let subjects = kernelSubjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .eachSysctl(facts) { kernel in
            if let kernel, case let syscall = kernel.symbol("BPF_SYSCALL"), syscall.value == "n" {
                return .kernel(
                    .on, .set, "the kernel is built without the bpf system call", context, evidence: [syscall.evidence])
            }
            return SysctlQuestion(
                key: "kernel.unprivileged_bpf_disabled", feature: "unprivileged BPF off", kernel: kernel, facts: facts,
                context: context
            ).judge { .atLeast(1, $0) }
        }
    }
}
