import AssayFacts
import AssayFindings
import AssayPolicy

/// The lowest addresses cannot be mapped.
///
/// Why: a kernel that follows a null pointer reads what lies at address 0. If a process can map that page, it decides what
/// the kernel reads there.
///
/// Proof: `vm.mmap_min_addr` of at least 65536, or 32768 on arm and arm64 kernels that also run 32-bit programs. Live, its
/// value in `/proc/sys`; offline, the last of: `DEFAULT_MMAP_MIN_ADDR`, `sysctl.vm.mmap_min_addr=` on the command line,
/// sysctl.d as systemd-sysctl merges it, scripts of services. `LSM_MMAP_MIN_ADDR`, which SELinux enforces beside it, is
/// shown. The profile's `minimum` replaces both bounds.
///
/// Remedy: install a file in `/usr/lib/sysctl.d` with `vm.mmap_min_addr = 65536` (arm64 with 32-bit programs: 32768).
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/sysctl/vm.html#mmap-min-addr
enum MmapMinAddrCheck: Check {
    static let id = "kernel.mmap-min-addr"
    static let severity = Severity.medium
    static let subjects = kernelSubjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .eachSysctl(facts) { kernel in
            let least = context.number("minimum", default: kernel.map(minimum) ?? 65_536)
            return SysctlQuestion(
                key: "vm.mmap_min_addr", feature: "lowest mappable address (at least \(least))", kernel: kernel,
                facts: facts, context: context
            ).judge { .atLeast(least, $0) }
                .adding([kernel?.symbol("LSM_MMAP_MIN_ADDR").evidence])
        }
    }

    /// mm/Kconfig: "On arm and other archs it should not be higher than 32768", for the sake of 32-bit programs.
    private static func minimum(_ kernel: KernelFacts) -> Int {
        switch kernel.architecture {
        case "arm": 32_768
        case "arm64", "aarch64": kernel.symbol("COMPAT").value == "y" ? 32_768 : 65_536
        default: 65_536
        }
    }
}
