import AssayFacts
import AssayFindings
import AssayPolicy

/// Programs cannot read and write kernel memory through /dev/kmem.
///
/// Why: `/dev/kmem` is the kernel's own memory as a file. Its only users for years were rootkits.
///
/// Proof: the kernel is built without `DEVKMEM`; a kernel of 5.13 or later cannot have it. Live, the node in `/dev` is
/// shown, and decides only where neither configuration nor version is known and it is absent.
///
/// Remedy: build the kernel without `CONFIG_DEVKMEM`.
///
/// Reference: https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/commit/?id=bbcd53c96071
enum DevKmemCheck: Check {
    static let id = "kernel.dev-kmem"
    static let severity = Severity.high
    static let subjects = kernelSubjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        let judgement = Judgement.eachKernel(facts) { judge($0, context) }
        guard let node = DeviceNode.state("/dev/kmem", facts) else { return judgement }
        if judgement.verdict == .unknown, node.isAbsent {
            return .kernel(
                .on, .measured, "the running system has no /dev/kmem", context, decidedBy: "running system",
                evidence: [node.evidence])
        }
        return judgement.adding([node.evidence])
    }

    private static func judge(_ kernel: KernelFacts, _ context: CheckContext) -> Judgement {
        let device = kernel.symbol("DEVKMEM")
        if device.value != "y", kernel.isAtLeast(5, 13) == true {
            return .kernel(
                .on, .kernelDefault, "kernel \(kernel.versionText) has no /dev/kmem: 5.13 removed it", context,
                decidedBy: "kernel version",
                evidence: [
                    device.evidence
                        ?? Evidence(
                            Location(kernel.configuration.place), "kernel \(kernel.versionText)", how: "kernel version")
                ])
        }
        if case .unknown(let reason) = device { return .unknown(reason) }
        guard device.value == "y" else {
            return .kernel(.on, .set, "the kernel is built without /dev/kmem", context, evidence: [device.evidence])
        }
        return .kernel(.off, .set, "the kernel is built with /dev/kmem", context, evidence: [device.evidence])
    }
}
