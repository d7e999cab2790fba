import AssayFacts
import AssayFindings
import AssayPolicy

/// Programs cannot read and write memory through /dev/mem.
///
/// Why: `/dev/mem` is all physical memory as a file. Unrestricted, it lets root read every secret and rewrite the kernel.
///
/// Proof: the kernel is built without `DEVMEM` (there is no such device), or with `STRICT_DEVMEM=y`, which leaves only
/// device memory, and `iomem=relaxed` is not on the command line. `IO_STRICT_DEVMEM`, which also keeps out memory that a
/// driver uses, is shown. Live, the node in `/dev` is shown too, and decides only where the configuration is not known
/// and it is absent.
///
/// Remedy: build the kernel without `CONFIG_DEVMEM`, or with `CONFIG_STRICT_DEVMEM=y`, and remove `iomem=relaxed` from the
/// command line.
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/kernel-parameters.html
enum DevMemCheck: Check {
    static let id = "kernel.dev-mem"
    static let severity = Severity.high
    static let subjects = kernelSubjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard facts.live != nil else { return .eachKernel(facts) { judge($0, facts, context) } }
        let node = DeviceNode.state("/dev/mem", facts)
        let judgement = Judgement.eachKernel(facts) { judge($0, facts, context) }
        guard let node else { return judgement }
        if node.isAbsent, judgement.verdict == .unknown, facts.decidingKernel?.symbol("DEVMEM").value == nil {
            return .kernel(
                .on, .measured, "the running system has no /dev/mem", context, decidedBy: "running system",
                evidence: [node.evidence])
        }
        return judgement.adding([node.evidence])
    }

    private static func judge(_ kernel: KernelFacts, _ facts: Facts, _ context: CheckContext) -> Judgement {
        let device = kernel.symbol("DEVMEM")
        let strict = kernel.symbol("STRICT_DEVMEM")
        let strictIO = kernel.symbol("IO_STRICT_DEVMEM").evidence
        if let reason = SymbolState.firstUnknown([device, strict]) { return .unknown(reason) }
        guard device.value == "y" else {
            return .kernel(.on, .set, "the kernel is built without /dev/mem", context, evidence: [device.evidence])
        }
        guard strict.value == "y" else {
            return .kernel(
                .off, .set, "the kernel has /dev/mem and does not restrict it", context,
                evidence: [strict.evidence, device.evidence])
        }
        if kernel.parameter("iomem") == "relaxed" {
            return .kernel(
                .off, .weakerThanDefault, "iomem=relaxed on the command line undoes STRICT_DEVMEM", context,
                decidedBy: "kernel command line",
                evidence: [kernel.commandLineEvidence("iomem=relaxed"), strict.evidence, device.evidence])
        }
        let judgement = Judgement.kernel(
            .on, .set, "the kernel restricts /dev/mem to device memory", context,
            evidence: [strict.evidence, strictIO, device.evidence])
        // `iomem=strict` decides as `iomem=relaxed` does: the last one counts.
        guard kernel.parameter("iomem") == nil else { return judgement }
        return judgement.unlessCommandLine(says: "iomem=relaxed", kernel.doubt(in: facts, under: context))
    }
}

/// A memory device of a live host.
struct DeviceNode {
    /// Whether the node is not there.
    let isAbsent: Bool
    /// What was seen.
    let evidence: Evidence

    /// What a live host says of the node at `path`; nil when it was not looked for.
    static func state(_ path: String, _ facts: Facts) -> DeviceNode? {
        guard let state = facts.live?.memoryDevices[path] else { return nil }
        return DeviceNode(
            isAbsent: state == "absent", evidence: Evidence(Location(path), state, how: "device node"))
    }
}
