import AssayFacts
import AssayFindings
import AssayPolicy

/// The stack of a program lies at a random address.
///
/// Why: code that overwrites memory needs to know where its data lies. A stack at an address that changes with every
/// start makes it guess, and a wrong guess ends in a crash.
///
/// Proof: `kernel.randomize_va_space` of 1 or more. Live, its value in `/proc/sys`, and the personality of the running
/// processes. Offline, the last of: the kernel's default (2, or 1 with `COMPAT_BRK`), `norandmaps` and `sysctl.` on the
/// command line, sysctl.d as systemd-sysctl merges it, scripts of services.
///
/// Remedy: remove `norandmaps` from the kernel command line and `kernel.randomize_va_space = 0` from sysctl.d.
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html#randomize-va-space
enum StackRandomizationCheck: Check {
    static let id = "aslr.stack"
    static let severity = Severity.high
    static let subjects = AddressSpaceRandomization.subjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        AddressSpaceRandomization.judge(facts, context, feature: "stack randomization", minimum: 1)
    }
}
