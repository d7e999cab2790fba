import AssayFacts
import AssayFindings
import AssayPolicy

/// Kernel addresses are hidden from unprivileged readers.
///
/// Why: an attacker who knows where kernel objects lie can use a memory bug without having to guess past kernel address
/// randomisation. `kernel.kptr_restrict` of 1 or more replaces pointers printed with `%pK` by zeros.
///
/// Proof: live, the value of `/proc/sys/kernel/kptr_restrict`. Offline, the last of: the kernel's default (0),
/// `sysctl.kernel.kptr_restrict=` on the command line, sysctl.d as systemd-sysctl merges it, scripts of services. The
/// profile's `minimum` may ask for 2, which hides them from root too.
///
/// Remedy: install a file in `/usr/lib/sysctl.d` with `kernel.kptr_restrict = 1`.
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html#kptr-restrict
enum KptrRestrictCheck: Check {
    static let id = "kernel.kptr-restrict"
    static let severity = Severity.medium

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        let least = context.number("minimum", default: 1)
        return .sysctl("kernel.kptr_restrict", facts, context, feature: "kernel addresses") {
            .atLeast(least, $0)
        }
    }
}
