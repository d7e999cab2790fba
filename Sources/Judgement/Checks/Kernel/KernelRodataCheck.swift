import AssayFacts
import AssayFindings
import AssayPolicy

/// The kernel's code and constants are write-protected.
///
/// Why: with one stray write into its code or its tables of functions, the kernel runs what an attacker wants. Pages that
/// are read-only, and data that is not executable, turn that into a fault.
///
/// Proof: `STRICT_KERNEL_RWX=y` (`DEBUG_RODATA` before 4.11) and no `rodata=off` on the command line.
///
/// Remedy: build the kernel with `CONFIG_STRICT_KERNEL_RWX=y` and remove `rodata=off` from the command line.
///
/// Reference: https://www.kernel.org/doc/html/latest/security/self-protection.html
enum KernelRodataCheck: Check {
    static let id = "kernel.rodata"
    static let severity = Severity.high
    static let subjects = kernelSubjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .eachKernel(facts) { kernel in
            ReadOnlyKernelData.judge(
                kernel.symbol("STRICT_KERNEL_RWX"), kernel, facts, context, feature: "write-protected kernel")
        }
    }
}
