import AssayFacts
import AssayFindings
import Testing

struct ProcessCheckTests {
    private static let scope = "kernel.yama.ptrace_scope"
    private static let azure = [
        "SECURITY": "y", "SECURITY_YAMA": "y", "SECURITY_SELINUX": "y", "SECURITY_APPARMOR": "y",
        "LSM": "landlock,lockdown,yama,integrity,selinux,apparmor",
    ]

    private static func yama(
        _ change: [String: String?] = [:], cmdline: String? = "quiet", unresolved: [String] = [],
        version: String? = "6.6.134.1", running: Bool = false
    ) -> KernelFacts {
        var symbols = azure
        for (name, value) in change { symbols[name] = value }
        return Made.kernel(
            symbols, version: version, cmdline: cmdline, unresolved: unresolved, defaults: [scope: "1"],
            running: running)
    }

    private static let list = Place("/sys/kernel/security/lsm")

    private static let tracing: [Case] = [
        Case("the default of 1", "process.yama", Made.root(yama()), .pass, .on, .kernelDefault, says: "= 1"),
        Case(
            "1 by sysctl.d", "process.yama", Made.root(yama(), sysctl: [scope: "1"]), .pass, .on, .set,
            says: "= 1 by sysctl.d"),
        Case("3", "process.yama", Made.root(yama(), sysctl: [scope: "3"]), .pass, .on, .set, says: "= 3"),
        Case(
            "0 is available", "process.yama", Made.root(yama(), sysctl: [scope: "0"]), .pass, .available, .set,
            says: "= 0", expected: .available),
        Case(
            "0 is not by default", "process.yama", Made.root(yama(), sysctl: [scope: "0"]), .fail, .available,
            .weakerThanDefault, says: "= 0"),
        Case(
            "built, but not in CONFIG_LSM", "process.yama", Made.root(yama(["LSM": "selinux"])), .fail, .off, .set,
            says: "(selinux) does not hold it", expected: .available),
        Case(
            "lsm= leaves it out", "process.yama", Made.root(yama(cmdline: "lsm=selinux,bpf")), .fail, .off, .set,
            says: "selinux,bpf", expected: .available),
        Case(
            "lsm= holds it, and CONFIG_LSM does not", "process.yama",
            Made.root(yama(["LSM": "selinux"], cmdline: "lsm=yama")), .pass, .on, .kernelDefault, says: "= 1"),
        Case(
            "the last lsm= counts", "process.yama", Made.root(yama(cmdline: "lsm=yama lsm=selinux")), .fail, .off, .set,
            says: "(selinux)"),
        Case(
            "security= does not touch minor modules", "process.yama", Made.root(yama(cmdline: "security=apparmor")),
            .pass, .on, .kernelDefault, says: "= 1"),
        Case(
            "not built", "process.yama", Made.root(yama(["SECURITY_YAMA": "n"])), .fail, .off, .set,
            says: "CONFIG_SECURITY_YAMA is not set", expected: .available),
        Case(
            "a placeholder may hold lsm=", "process.yama", Made.root(yama(unresolved: ["{{.SELinux}}"])), .unknown,
            .unknown, says: "might add lsm=", expected: .available),
        Case(
            "the profile takes it for empty", "process.yama", Made.root(yama(unresolved: ["{{.SELinux}}"])), .pass, .on,
            .conditional, says: "unless {{.SELinux}} adds lsm=", expected: .available,
            parameters: ["assume-empty": "{{.SELinux}}"]),
        Case(
            "a literal lsm= decides", "process.yama",
            Made.root(yama(cmdline: "lsm=yama", unresolved: ["{{.X}}"]), sysctl: [scope: "1"]), .pass, .on, .set,
            says: "= 1"),
        Case(
            "an unreadable sysctl.d leaves it available", "process.yama",
            Made.root(yama()).with {
                $0.sysctl?.gaps = [Gap(Place("/etc/sysctl.d/x.conf"), reason: "permission denied")]
            },
            .pass, .available, .kernelDefault, says: "scope is not certain", expected: .available),
        Case(
            "an unreadable sysctl.d where it must be on", "process.yama",
            Made.root(yama()).with {
                $0.sysctl?.gaps = [Gap(Place("/etc/sysctl.d/x.conf"), reason: "permission denied")]
            },
            .unknown, .unknown, says: "permission denied"),
        Case(
            "before 5.1 it starts when built in", "process.yama", Made.root(yama(["LSM": nil], version: "4.19.1")),
            .pass, .on, .kernelDefault, says: "= 1"),
        Case(
            "5.1 without CONFIG_LSM", "process.yama", Made.root(yama(["LSM": nil])), .unknown, .unknown,
            says: "CONFIG_LSM", expected: .available),
        Case(
            "no security modules at all", "process.yama", Made.root(yama(["LSM": nil, "SECURITY": "n"])), .fail, .off,
            .set, says: "does not start", expected: .available),
        Case(
            "unreadable configuration", "process.yama", Made.root(Made.kernel(without: KernelBuildTests.unreadable)),
            .unknown, .unknown, says: "permission denied", expected: .available),
        Case(
            "live 1", "process.yama",
            Made.host(yama(running: true), values: [scope: "1"], modules: .found(["capability", "yama"], list)), .pass,
            .on, .kernelDefault, says: "= 1"),
        Case(
            "live 0", "process.yama",
            Made.host(yama(running: true), values: [scope: "0"], modules: .found(["capability", "yama"], list)), .pass,
            .available, .measured, says: "= 0", expected: .available),
        Case(
            "live 0, configured 1", "process.yama",
            Made.host(yama(running: true), values: [scope: "0"], sysctl: [scope: "1"]), .fail, .available, .conflict,
            says: "sysctl.d sets 1"),
        Case(
            "live, not started", "process.yama",
            Made.host(yama(running: true), values: [scope: nil], modules: .found(["capability", "selinux"], list)),
            .fail, .off, .set, says: "the running kernel has not started it", expected: .available),
        Case(
            "live, nothing readable", "process.yama",
            Made.host(yama(running: true), modules: .unreadable(list, reason: "permission denied")), .unknown, .unknown,
            says: "permission denied", expected: .available),
    ]

    @Test(arguments: tracing)
    func `yama must be built, started and used`(_ test: Case) { hold(test) }

    private static let filters: [Case] = [
        Case(
            "built", "seccomp.filter", Made.root(Made.kernel(["SECCOMP": "y", "SECCOMP_FILTER": "y"])), .pass,
            .available, .set, says: "built with", expected: .available),
        Case(
            "available is not by default", "seccomp.filter",
            Made.root(Made.kernel(["SECCOMP": "y", "SECCOMP_FILTER": "y"])), .fail, .available, .set, says: "built with"
        ),
        Case(
            "without filters", "seccomp.filter", Made.root(Made.kernel(["SECCOMP": "y", "SECCOMP_FILTER": "n"])), .fail,
            .off, .set, says: "without", expected: .available),
        Case(
            "without seccomp", "seccomp.filter", Made.root(Made.kernel([:])), .fail, .off, .set, says: "without",
            expected: .available),
        Case(
            "unreadable", "seccomp.filter", Made.root(Made.kernel(without: KernelBuildTests.unreadable)), .unknown,
            .unknown, says: "permission denied", expected: .available),
        Case(
            "live and used", "seccomp.filter",
            Made.host(nil) {
                $0.seccompActions = .found(["kill_process", "allow"], Place("/proc/sys/kernel/seccomp/actions_avail"))
                $0.processesBySeccompMode = ["0": 90, "2": 7]
                $0.filteredProcesses = ["systemd-journal"]
            }, .pass, .on, .measured, says: "processes under a filter: 7"),
        Case(
            "live and not used", "seccomp.filter",
            Made.host(nil) {
                $0.seccompActions = .found(["allow"], Place("/proc/sys/kernel/seccomp/actions_avail"))
            }, .pass, .available, .measured, says: "under a filter: 0", expected: .available),
        Case(
            "live, unreadable", "seccomp.filter",
            Made.host(nil) {
                $0.seccompActions = .unreadable(
                    Place("/proc/sys/kernel/seccomp/actions_avail"), reason: "permission denied")
            }, .unknown, .unknown, says: "permission denied", expected: .available),
        Case(
            "live, an old kernel: its configuration decides", "seccomp.filter",
            Made.host(Made.kernel(["SECCOMP": "y", "SECCOMP_FILTER": "y"], running: true)), .pass, .available, .set,
            says: "built with", expected: .available),
    ]

    @Test(arguments: filters)
    func `system calls can be filtered`(_ test: Case) { hold(test) }

    private static let most = "user.max_user_namespaces"
    private static let clone = "kernel.unprivileged_userns_clone"
    private static let namespaces = Made.kernel(["USER_NS": "y"])

    private static let isolation: [Case] = [
        Case(
            "built", "process.user-namespaces", Made.root(namespaces), .pass, .on, .kernelDefault,
            says: "nothing that was seen limits"),
        Case(
            "not built", "process.user-namespaces", Made.root(Made.kernel(["USER_NS": "n"])), .fail, .off, .set,
            says: "without user namespaces", expected: .available),
        Case(
            "limited to none", "process.user-namespaces", Made.root(namespaces, sysctl: [most: "0"]), .pass, .available,
            .set, says: "max_user_namespaces = 0 by sysctl.d", expected: .available),
        Case(
            "limited where it must be on", "process.user-namespaces", Made.root(namespaces, sysctl: [most: "0"]), .fail,
            .available, .set, says: "= 0"),
        Case(
            "Debian's switch", "process.user-namespaces", Made.root(namespaces, sysctl: [clone: "0"]), .pass,
            .available, .set, says: "unprivileged_userns_clone = 0", expected: .available),
        Case(
            "a limit above none", "process.user-namespaces", Made.root(namespaces, sysctl: [most: "100"]), .pass, .on,
            .kernelDefault, says: "nothing"),
        Case(
            "an unreadable sysctl.d where it must be on", "process.user-namespaces",
            Made.root(namespaces).with {
                $0.sysctl?.gaps = [Gap(Place("/etc/sysctl.d/x.conf"), reason: "permission denied")]
            }, .unknown, .unknown, says: "permission denied"),
        Case(
            "unreadable configuration", "process.user-namespaces",
            Made.root(Made.kernel(without: KernelBuildTests.unreadable)), .unknown, .unknown, says: "permission denied",
            expected: .available),
        Case(
            "live", "process.user-namespaces", Made.host(nil, values: [most: "15000"]), .pass, .on, .measured,
            says: "nothing"),
        Case(
            "live, none allowed", "process.user-namespaces", Made.host(nil, values: [most: "0"]), .pass, .available,
            .set, says: "running kernel", expected: .available),
        Case(
            "live, Debian's switch", "process.user-namespaces", Made.host(nil, values: [most: "15000", clone: "0"]),
            .pass, .available, .set, says: "userns_clone = 0", expected: .available),
        Case(
            "live, not built", "process.user-namespaces", Made.host(nil, values: [most: nil]), .fail, .off, .measured,
            says: "no user namespaces", expected: .available),
        Case(
            "live, not asked", "process.user-namespaces", Made.host(nil), .unknown, .unknown, says: "not asked",
            expected: .available),
    ]

    @Test(arguments: isolation)
    func `user namespaces are on, available or off`(_ test: Case) { hold(test) }
}
