import AssayFacts
import AssayFindings
import AssayPolicy

/// The heap of a program lies at a random address.
///
/// Why: the heap that `brk` grows holds most of a program's objects. At a fixed distance from the program, its addresses
/// can be computed from one leaked pointer.
///
/// Proof: `kernel.randomize_va_space` of 2; 1 leaves the heap where it is. A kernel with `COMPAT_BRK=y` starts with 1,
/// so that something must set 2. Otherwise judged like `aslr.stack`.
///
/// Remedy: install a file in `/usr/lib/sysctl.d` with `kernel.randomize_va_space = 2`, or build the kernel without
/// `COMPAT_BRK`.
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html#randomize-va-space
enum BrkRandomizationCheck: Check {
    static let id = "aslr.brk"
    static let severity = Severity.medium
    static let subjects = AddressSpaceRandomization.subjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        AddressSpaceRandomization.judge(facts, context, feature: "heap randomization", minimum: 2) {
            [$0.symbol("COMPAT_BRK").evidence]
        }
    }
}
