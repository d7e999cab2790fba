import AssayFacts
import AssayFindings
import AssayPolicy

/// Code and constants of kernel modules are write-protected, and their data is not executable.
///
/// Why: modules are a large part of a running kernel. Left writable or executable, they are where an attack on it lands.
///
/// Proof: `STRICT_MODULE_RWX=y` (`DEBUG_SET_MODULE_RONX` before 4.11) and no `rodata=off` on the command line. A kernel
/// without loadable modules has nothing to protect: that is stronger, and passes.
///
/// Remedy: build the kernel with `CONFIG_STRICT_MODULE_RWX=y` and remove `rodata=off` from the command line.
///
/// Reference: https://www.kernel.org/doc/html/latest/security/self-protection.html
enum ModuleMemoryCheck: Check {
    static let id = "kernel.module-rwx"
    static let severity = Severity.high
    static let subjects = kernelSubjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .eachKernel(facts) { kernel in
            let modules = kernel.symbol("MODULES")
            if case .unknown(let reason) = modules { return .unknown(reason) }
            guard modules.value == "y" else {
                return .kernel(
                    .on, .set, "the kernel is built without loadable modules", context, evidence: [modules.evidence])
            }
            return ReadOnlyKernelData.judge(
                kernel.symbol("STRICT_MODULE_RWX"), kernel, facts, context, feature: "write-protected modules")
        }
    }
}
