import AssayFacts
import AssayFindings
import AssayPolicy

/// Libraries and mappings lie at random addresses.
///
/// Why: an attacker who redirects a program needs the address of code that is worth jumping to, most often in the C
/// library. With a random base for mappings it is not known in advance.
///
/// Proof: `kernel.randomize_va_space` of 1 or more, judged like `aslr.stack`. How many bits are random
/// (`vm.mmap_rnd_bits`, `ARCH_MMAP_RND_BITS` and its maximum) is shown as evidence.
///
/// Remedy: remove `norandmaps` from the kernel command line and `kernel.randomize_va_space = 0` from sysctl.d; raise
/// `vm.mmap_rnd_bits` to the largest value that the kernel accepts.
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/sysctl/vm.html#mmap-rnd-bits
enum MmapRandomizationCheck: Check {
    static let id = "aslr.mmap"
    static let severity = Severity.high
    static let subjects = AddressSpaceRandomization.subjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        AddressSpaceRandomization.judge(facts, context, feature: "mapping randomization", minimum: 1) { kernel in
            AddressSpaceRandomization.shown("vm.mmap_rnd_bits", facts, kernel)
                + [kernel.symbol("ARCH_MMAP_RND_BITS").evidence, kernel.symbol("ARCH_MMAP_RND_BITS_MAX").evidence]
        }
    }
}
