import AssayFacts
import AssayFindings
import AssayPolicy

/// Programs are loaded at random addresses.
///
/// Why: a program at a fixed address offers its own code and data to an attacker even when everything else is random.
///
/// Proof: `kernel.randomize_va_space` of 1 or more, judged like `aslr.stack`. It moves only programs that are built
/// position-independent: the others are counted and shown here, and judged by `elf.pie`.
///
/// Remedy: remove `norandmaps` from the kernel command line and `kernel.randomize_va_space = 0` from sysctl.d; build
/// the programs with `-fPIE -pie`.
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html#randomize-va-space
enum ExecRandomizationCheck: Check {
    static let id = "aslr.exec"
    static let severity = Severity.high
    static let subjects = AddressSpaceRandomization.subjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        let judgement = AddressSpaceRandomization.judge(
            facts, context, feature: "program randomization", minimum: 1)
        guard let elf = facts.elf, judgement.verdict != .notApplicable else { return judgement }
        return joined(judgement, elf)
    }

    private static func joined(_ judgement: Judgement, _ elf: ELFFacts) -> Judgement {
        let fixed = elf.files.filter { $0.kind == .executable || $0.kind == .staticExecutable }
        let independent = elf.files.count { $0.kind == .pie || $0.kind == .staticPIE }
        var joined = judgement
        joined.counts["position-independent programs"] = independent
        joined.counts["programs at a fixed address"] = fixed.count
        guard !fixed.isEmpty else { return joined }
        joined.message += "; programs at a fixed address, which it does not move: \(fixed.count)"
        joined.evidence += fixed.prefix(20).map {
            Evidence(Location($0.path), $0.kind.rawValue, how: "ELF type: not position-independent")
        }
        joined.evidenceOmitted += max(0, fixed.count - 20)
        return joined
    }
}
