import AssayFacts
import AssayFindings
import AssayPolicy

/// The kernel's shared object in each process lies at a random address.
///
/// Why: the vDSO is code that the kernel maps into every process. At a fixed address it would be the same target
/// everywhere.
///
/// Proof: `kernel.randomize_va_space` of 1 or more, judged like `aslr.stack`, and no `COMPAT_VDSO` on an x86 kernel
/// before 3.15, where it fixes the address of the 32-bit object. Later x86 kernels leave that object out instead, and on
/// arm64 the symbol only builds it. `vdso=0` and `vdso32=0` leave the objects out, so that nothing is to be found.
///
/// Remedy: remove `norandmaps` from the kernel command line and `kernel.randomize_va_space = 0` from sysctl.d; build
/// the kernel without `COMPAT_VDSO`.
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/kernel-parameters.html
enum VdsoRandomizationCheck: Check {
    static let id = "aslr.vdso"
    static let severity = Severity.medium
    static let subjects = AddressSpaceRandomization.subjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        let judgement = AddressSpaceRandomization.judge(facts, context, feature: "vDSO randomization", minimum: 1) {
            kernel in
            [parameter("vdso", kernel), parameter("vdso32", kernel)]
        }
        let kernels = facts.judgedKernels
        guard judgement.verdict == .pass, !kernels.isEmpty else { return judgement }
        let fixed = kernels.compactMap { fixedAddress($0, context) }
        return fixed.isEmpty ? judgement : .worst(fixed + [judgement])
    }

    private static func parameter(_ name: String, _ kernel: KernelFacts) -> Evidence? {
        kernel.parameter(name).flatMap { kernel.commandLineEvidence("\(name)=\($0)") }
    }

    /// The failure of an old x86 kernel that puts the 32-bit object at the address in its headers.
    private static func fixedAddress(_ kernel: KernelFacts, _ context: CheckContext) -> Judgement? {
        let isX86 = kernel.architecture.map { $0.hasPrefix("x86") || $0 == "i386" } ?? true
        let symbol = kernel.symbol("COMPAT_VDSO")
        guard isX86, symbol.value == "y", kernel.isAtLeast(3, 15) != true else { return nil }
        if kernel.architecture == nil || kernel.versionNumbers.isEmpty {
            return .unknown(
                "COMPAT_VDSO is set, and the kernel's architecture or version, which give it its meaning, is not known",
                evidence: [symbol.evidence].compactMap { $0 })
        }
        return .kernel(
            .off, .set, "the kernel \(kernel.versionText) maps the 32-bit vDSO at a fixed address", context,
            evidence: [symbol.evidence])
    }
}
