import AssayFacts
import AssayFindings
import AssayPolicy

/// The kernel is built with a strong stack protector.
///
/// Why: the stack protector notices when a function's buffer is written past its end, before the function returns to an
/// address that an attacker chose. The strong kind guards every function with a local array or one whose address is taken.
///
/// Proof: `STACKPROTECTOR_STRONG=y` (`CC_STACKPROTECTOR_STRONG` before 4.18). `STACKPROTECTOR=y` alone guards only
/// functions with larger character arrays: weaker than the default, unless the profile sets `minimum` to `plain`.
///
/// Remedy: build the kernel with `CONFIG_STACKPROTECTOR_STRONG=y`.
///
/// Reference: https://www.kernel.org/doc/html/latest/security/self-protection.html
enum KernelStackProtectorCheck: Check {
    static let id = "kernel.stack-protector"
    static let severity = Severity.high
    static let subjects = kernelSubjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .eachKernel(facts) { judge($0, context) }
    }

    private static func judge(_ kernel: KernelFacts, _ context: CheckContext) -> Judgement {
        let plain = kernel.symbol("STACKPROTECTOR")
        let strong = kernel.symbol("STACKPROTECTOR_STRONG")
        // The canary of arm64: one for each task, or one for the whole kernel.
        let perTask = kernel.symbol("STACKPROTECTOR_PER_TASK")
        if let reason = SymbolState.firstUnknown([plain, strong]) { return .unknown(reason) }
        if strong.value == "y" {
            return .kernel(
                .on, .set, "the kernel is built with the strong stack protector", context,
                evidence: [strong.evidence, perTask.value == "y" ? perTask.evidence : nil])
        }
        guard plain.value == "y" else {
            return .kernel(
                .off, .set, "the kernel is built without a stack protector", context, evidence: [plain.evidence])
        }
        guard context.parameters["minimum"] != "plain" else {
            return .kernel(
                .on, .set, "the kernel is built with the plain stack protector", context,
                evidence: [plain.evidence, strong.evidence])
        }
        return .kernel(
            .off, .weakerThanDefault, "the kernel is built with the plain stack protector, not the strong one", context,
            evidence: [strong.evidence, plain.evidence])
    }
}
