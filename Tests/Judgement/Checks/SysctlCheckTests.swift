import AssayFacts
import AssayFindings
import Testing

/// Rows that a sysctl decides.
struct SysctlCheckTests {
    private static let kptr = "kernel.kptr_restrict"
    private static let links = "fs.protected_symlinks"
    private static let bpf = "kernel.unprivileged_bpf_disabled"
    private static let low = "vm.mmap_min_addr"

    private static func kernel(
        _ defaults: [String: String], _ symbols: [String: String] = [:], cmdline: String? = "quiet",
        unresolved: [String] = [], architecture: String = "x86_64", running: Bool = false
    ) -> KernelFacts {
        Made.kernel(
            symbols, architecture: architecture, cmdline: cmdline, unresolved: unresolved, defaults: defaults,
            running: running)
    }

    private static let zero = kernel([kptr: "0", links: "0"])
    private static let written = SysctlFacts.ServiceWrite(
        key: "kernel/kptr_restrict", value: "1", place: Place("/etc/systemd/scripts/hardening", line: 9),
        unit: "hardening.service", startsAtBoot: true)

    private static let layers: [Case] = [
        Case(
            "the kernel's default is not enough", "kernel.kptr-restrict", Made.root(zero), .fail, .off, .kernelDefault,
            says: "= 0 by kernel default"),
        Case(
            "sysctl.d", "kernel.kptr-restrict", Made.root(zero, sysctl: [kptr: "1"]), .pass, .on, .set,
            says: "= 1 by sysctl.d"),
        Case(
            "sysctl.d weakens the default", "kernel.kptr-restrict", Made.root(kernel([kptr: "1"]), sysctl: [kptr: "0"]),
            .fail, .off, .weakerThanDefault, says: "= 0 by sysctl.d"),
        Case(
            "the command line", "kernel.kptr-restrict",
            Made.root(kernel([kptr: "0"], cmdline: "sysctl.kernel.kptr_restrict=2")), .pass, .on, .set,
            says: "= 2 by kernel command line"),
        Case(
            "the command line with slashes", "kernel.kptr-restrict",
            Made.root(kernel([kptr: "0"], cmdline: "sysctl/kernel/kptr_restrict=2")), .pass, .on, .set, says: "= 2"),
        Case(
            "sysctl.d comes after the command line", "kernel.kptr-restrict",
            Made.root(kernel([kptr: "0"], cmdline: "sysctl.kernel.kptr_restrict=2"), sysctl: [kptr: "0"]), .fail, .off,
            .set, says: "= 0 by sysctl.d"),
        Case(
            "a service's script comes last", "kernel.kptr-restrict",
            Made.root(zero, sysctl: [kptr: "0"]).with { $0.sysctl?.serviceWrites = [written] }, .pass, .on, .set,
            says: "script of hardening.service"),
        Case(
            "a service that does not start", "kernel.kptr-restrict",
            Made.root(zero).with { facts in
                var write = written
                write.startsAtBoot = false
                facts.sysctl?.serviceWrites = [write]
            }, .fail, .off, .kernelDefault, says: "kernel default"),
        Case(
            "a service that may start", "kernel.kptr-restrict",
            Made.root(zero).with { facts in
                var write = written
                write.startsAtBoot = nil
                facts.sysctl?.serviceWrites = [write]
            }, .unknown, .unknown, says: "may be started or not"),
        Case(
            "an unreadable file of sysctl.d", "kernel.kptr-restrict",
            Made.root(zero, sysctl: [kptr: "1"]).with {
                $0.sysctl?.gaps = [Gap(Place("/etc/sysctl.d/99-x.conf"), reason: "permission denied")]
            }, .unknown, .unknown, says: "'/etc/sysctl.d/99-x.conf' could set it: permission denied"),
        Case(
            "nothing applies sysctl.d", "kernel.kptr-restrict", Made.root(zero, sysctl: [kptr: "1"], applied: false),
            .unknown, .unknown, says: "systemd-sysctl is missing"),
        Case(
            "nothing applies sysctl.d, which does not matter here", "kernel.kptr-restrict",
            Made.root(zero, applied: false), .fail, .off, .kernelDefault, says: "kernel default"),
        Case(
            "a value that is no number", "kernel.kptr-restrict", Made.root(zero, sysctl: [kptr: "yes"]), .unknown,
            .unknown, says: "not a number"),
        Case(
            "the profile asks for more", "kernel.kptr-restrict", Made.root(zero, sysctl: [kptr: "1"]), .fail, .off,
            .set, says: "= 1", parameters: ["minimum": "2"]),
        Case(
            "a failure names the placeholders", "kernel.kptr-restrict",
            Made.root(kernel([kptr: "0"], unresolved: ["{{.X}}"])), .fail, .off, .kernelDefault, says: "holds {{.X}}"),
        Case(
            "a default that a placeholder may change", "kernel.kptr-restrict",
            Made.root(kernel([kptr: "1"], unresolved: ["{{.X}}"])), .unknown, .unknown,
            says: "might add sysctl.kernel.kptr_restrict="),
        Case(
            "sysctl.d does not mind placeholders", "kernel.kptr-restrict",
            Made.root(kernel([kptr: "0"], unresolved: ["{{.X}}"]), sysctl: [kptr: "1"]), .pass, .on, .set,
            says: "sysctl.d"),
        Case(
            "no default is known", "kernel.kptr-restrict", Made.root(kernel([:])), .unknown, .unknown,
            says: "default of kernel 6.6.134.1-1.azl3 is not known"),
        Case(
            "the configuration is unreadable", "kernel.kptr-restrict",
            Made.root(Made.kernel(without: KernelBuildTests.unreadable)), .unknown, .unknown, says: "permission denied"),
        Case(
            "no kernel and nothing set", "kernel.kptr-restrict", Made.root(), .notApplicable, .notApplicable,
            says: "no kernel"),
        Case(
            "no kernel, but sysctl.d", "kernel.kptr-restrict", Made.root(sysctl: [kptr: "1"]), .pass, .on, .set,
            says: "sysctl.d"),
        Case(
            "a configuration alone cannot say", "kernel.kptr-restrict", Made.configuration(zero), .notApplicable,
            .notApplicable, says: "of this kind"),

        Case(
            "live", "kernel.kptr-restrict",
            Made.host(kernel([kptr: "0"], running: true), values: [kptr: "1"], sysctl: [kptr: "1"]), .pass, .on, .set,
            says: "= 1 by sysctl.d"),
        Case(
            "live, set by nothing that was found", "kernel.kptr-restrict",
            Made.host(kernel([kptr: "0"], running: true), values: [kptr: "1"]), .pass, .on, .measured,
            says: "= 1 by running kernel"),
        Case(
            "live by the kernel's default", "kernel.kptr-restrict",
            Made.host(kernel([kptr: "1"], running: true), values: [kptr: "1"]), .pass, .on, .kernelDefault,
            says: "kernel default"),
        Case(
            "live on, configured off", "kernel.kptr-restrict",
            Made.host(kernel([kptr: "0"], running: true), values: [kptr: "1"], sysctl: [kptr: "0"]), .fail, .on,
            .conflict, says: "is 1 in the running kernel, but sysctl.d sets 0 (/usr/lib/sysctl.d/50-default.conf:3)"),
        Case(
            "live off, configured on", "kernel.kptr-restrict",
            Made.host(kernel([kptr: "0"], running: true), values: [kptr: "0"], sysctl: [kptr: "1"]), .fail, .off,
            .conflict, says: "but sysctl.d sets 1"),
        Case(
            "live and configured differ, and both will do", "kernel.kptr-restrict",
            Made.host(kernel([kptr: "0"], running: true), values: [kptr: "2"], sysctl: [kptr: "1"]), .pass, .on,
            .measured, says: "= 2"),
        Case(
            "live, not asked", "kernel.kptr-restrict", Made.host(kernel([kptr: "1"], running: true)), .unknown,
            .unknown, says: "was not asked"),
        Case(
            "live, absent", "kernel.kptr-restrict", Made.host(kernel([:], running: true), values: [kptr: nil]), .fail,
            .off, .measured, says: "has no kernel.kptr_restrict"),
        Case(
            "live, unreadable", "kernel.kptr-restrict",
            Made.host(kernel([:], running: true)) {
                $0.sysctl[kptr] = .unreadable(Place("/proc/sys/kernel/kptr_restrict"), reason: "permission denied")
            }, .unknown, .unknown, says: "permission denied"),
        Case(
            "live without any kernel facts", "kernel.kptr-restrict", Made.host(nil, values: [kptr: "1"]), .pass, .on,
            .measured, says: "= 1"),

        Case(
            "systemd's file", "kernel.protected-symlinks", Made.root(zero, sysctl: [links: "1"]), .pass, .on, .set,
            says: "sysctl.d"),
        Case(
            "without systemd's file", "kernel.protected-symlinks", Made.root(zero), .fail, .off, .kernelDefault,
            says: "kernel default"),
        Case(
            "live", "kernel.protected-hardlinks",
            Made.host(kernel([:], running: true), values: ["fs.protected_hardlinks": "0"]), .fail, .off, .measured,
            says: "hard link"),

        Case(
            "x86-64", "kernel.mmap-min-addr", Made.root(kernel([low: "65536"])), .pass, .on, .kernelDefault,
            says: "65536"),
        Case(
            "x86-64 with arm's value", "kernel.mmap-min-addr", Made.root(kernel([low: "32768"])), .fail, .off,
            .kernelDefault, says: "at least 65536"),
        Case(
            "arm64 with 32-bit programs", "kernel.mmap-min-addr",
            Made.root(kernel([low: "32768"], ["COMPAT": "y"], architecture: "arm64")), .pass, .on, .kernelDefault,
            says: "at least 32768"),
        Case(
            "arm64 without", "kernel.mmap-min-addr",
            Made.root(kernel([low: "32768"], ["COMPAT": "n"], architecture: "arm64")), .fail, .off, .kernelDefault,
            says: "at least 65536"),
        Case(
            "a micro virtual machine's kernel", "kernel.mmap-min-addr",
            Made.root(kernel([low: "4096"], ["LSM_MMAP_MIN_ADDR": "65536"])), .fail, .off, .kernelDefault, says: "4096"),
        Case(
            "sysctl.d lowers it", "kernel.mmap-min-addr", Made.root(kernel([low: "65536"]), sysctl: [low: "0"]), .fail,
            .off, .weakerThanDefault, says: "= 0"),
        Case(
            "the profile asks for less", "kernel.mmap-min-addr", Made.root(kernel([low: "4096"])), .pass, .on,
            .kernelDefault, says: "4096", parameters: ["minimum": "4096"]),
        Case(
            "a configuration alone", "kernel.mmap-min-addr", Made.configuration(kernel([low: "65536"], cmdline: nil)),
            .pass, .on, .conditional, says: "not part of the subject"),

        Case(
            "2 by default", "kernel.unprivileged-bpf", Made.root(kernel([bpf: "2"], ["BPF_SYSCALL": "y"])), .pass, .on,
            .kernelDefault, says: "= 2"),
        Case(
            "the command line of Azure Linux", "kernel.unprivileged-bpf",
            Made.root(
                kernel(
                    [bpf: "0"], ["BPF_SYSCALL": "y"], cmdline: "sysctl.kernel.unprivileged_bpf_disabled=1",
                    unresolved: ["{{.X}}"])), .pass, .on, .set, says: "kernel command line"),
        Case(
            "0 by default", "kernel.unprivileged-bpf", Made.root(kernel([bpf: "0"], ["BPF_SYSCALL": "y"])), .fail, .off,
            .kernelDefault, says: "= 0"),
        Case(
            "no bpf at all", "kernel.unprivileged-bpf", Made.root(kernel([:], ["BPF_SYSCALL": "n"])), .pass, .on, .set,
            says: "without the bpf"),
        Case(
            "live 0", "kernel.unprivileged-bpf",
            Made.host(kernel([bpf: "2"], ["BPF_SYSCALL": "y"], running: true), values: [bpf: "0"]), .fail, .off,
            .measured, says: "= 0"),
    ]

    @Test(arguments: layers)
    func `layers decide a sysctl`(_ test: Case) { hold(test) }

    @Test func `every layer is evidence, the winner first`() {
        let kernel = SysctlCheckTests.kernel(["kernel.kptr_restrict": "0"], cmdline: "sysctl.kernel.kptr_restrict=2")
        let finding = judge("kernel.kptr-restrict", Made.root(kernel, sysctl: ["kernel.kptr_restrict": "1"]))
        #expect(
            finding.evidence.map(\.value) == [
                "kernel.kptr_restrict = 1", "kernel.kptr_restrict = 2", "kernel.kptr_restrict = 0",
            ])
        #expect(
            finding.evidence.map(\.how) == [
                "sysctl.d", "kernel command line, overridden", "kernel default: the kernel's source, overridden",
            ])
        #expect(finding.decidedBy == "sysctl.d")
    }

    private static let modules = "kernel.modules_disabled"
    private static let loadable = kernel([modules: "0"], ["MODULES": "y"], running: true)

    private static let moduleLoading: [Case] = [
        Case(
            "there to be switched on", "kernel.modules-disabled", Made.root(kernel([modules: "0"], ["MODULES": "y"])),
            .pass, .available, .kernelDefault, says: "nothing that was seen sets it", expected: .available),
        Case(
            "not enough where it must be on", "kernel.modules-disabled",
            Made.root(kernel([modules: "0"], ["MODULES": "y"])), .fail, .available, .kernelDefault, says: "nothing"),
        Case(
            "placeholders do not matter to what is available", "kernel.modules-disabled",
            Made.root(kernel([modules: "0"], ["MODULES": "y"], unresolved: ["{{.X}}"])), .pass, .available,
            .kernelDefault, says: "nothing", expected: .available),
        Case(
            "set", "kernel.modules-disabled",
            Made.root(kernel([modules: "0"], ["MODULES": "y"]), sysctl: [modules: "1"]), .pass, .on, .set, says: "= 1"),
        Case(
            "no modules is stronger", "kernel.modules-disabled", Made.root(kernel([:], ["MODULES": "n"])), .pass, .on,
            .set, says: "without loadable modules"),
        Case(
            "unreadable configuration", "kernel.modules-disabled",
            Made.root(Made.kernel(without: KernelBuildTests.unreadable)), .unknown, .unknown, says: "permission denied",
            expected: .available),
        Case(
            "live 0", "kernel.modules-disabled", Made.host(loadable, values: [modules: "0"]), .pass, .available,
            .kernelDefault, says: "= 0", expected: .available),
        Case(
            "live 1", "kernel.modules-disabled", Made.host(loadable, values: [modules: "1"]), .pass, .on, .measured,
            says: "= 1"),
        Case(
            "live, a kernel without modules", "kernel.modules-disabled",
            Made.host(kernel([:], ["MODULES": "n"], running: true), values: [modules: nil]), .pass, .on, .measured,
            says: "cannot load modules"),
        Case(
            "live, no /proc/modules", "kernel.modules-disabled",
            Made.host(nil, values: [modules: nil]) { $0.hasModules = false }, .pass, .on, .measured,
            says: "cannot load modules"),
        Case(
            "live, an old kernel with modules", "kernel.modules-disabled",
            Made.host(kernel([:], ["MODULES": "y"], running: true), values: [modules: nil]), .fail, .off, .measured,
            says: "loads modules", expected: .available),
        Case(
            "live, nothing known", "kernel.modules-disabled", Made.host(nil, values: [modules: nil]), .unknown,
            .unknown, says: "not known"),
    ]

    @Test(arguments: moduleLoading)
    func `module loading is available, on or unknown`(_ test: Case) { hold(test) }
}
