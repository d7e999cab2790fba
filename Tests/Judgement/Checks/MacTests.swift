import AssayFacts
import AssayFindings
import Testing

struct MacTests {
    private static let azure = [
        "SECURITY_SELINUX": "y", "SECURITY_SELINUX_BOOTPARAM": "y", "SECURITY_SELINUX_DEVELOP": "y",
        "SECURITY_APPARMOR": "y", "LSM": "lockdown,yama,selinux",
    ]
    private static let configuration = Place("/etc/selinux/config", line: 1)
    /// What the Azure Linux profile takes for empty: everything but the placeholder for SELinux.
    private static let assumed = ["assume-empty": "{{.LuksUUID}} {{.FIPS}}"]

    private static func system(_ id: String, like: [String] = []) -> OperatingSystemFacts {
        OperatingSystemFacts(id: id, idLike: like, version: nil, prettyName: nil, place: Place("/etc/os-release"))
    }

    private static func modules(
        _ mode: String?, policy: Bool = true, _ change: (inout SecurityModuleFacts) -> Void = { _ in }
    ) -> SecurityModuleFacts {
        var modules = SecurityModuleFacts(
            selinuxMode: mode.map { .found($0, configuration) } ?? .absent(Place("/etc/selinux/config")),
            selinuxType: .found("targeted", Place("/etc/selinux/config", line: 2)))
        if policy { modules.selinuxPolicies = [Place("/etc/selinux/targeted/policy/policy.33")] }
        change(&modules)
        return modules
    }

    private static func root(
        _ mode: String?, _ cmdline: String = "quiet", unresolved: [String] = [], symbols: [String: String] = azure,
        policy: Bool = true, id: String = "azurelinux", _ change: (inout SecurityModuleFacts) -> Void = { _ in }
    ) -> Facts {
        Made.root(Made.kernel(symbols, cmdline: cmdline, unresolved: unresolved)).with {
            $0.operatingSystem = system(id)
            $0.securityModules = modules(mode, policy: policy, change)
        }
    }

    private static func host(
        _ enforcing: Bool, _ mode: String?, _ cmdline: String = "quiet",
        _ change: (inout SecurityModuleFacts) -> Void = { _ in }
    ) -> Facts {
        let kernel = Made.kernel(azure, cmdline: cmdline, running: true)
        return Made.host(kernel, modules: .found(["yama", "selinux"], Place("/sys/kernel/security/lsm"))).with {
            $0.operatingSystem = system("azurelinux")
            $0.securityModules = modules(mode) {
                $0.liveEnforcing = .found(enforcing, Place("/sys/fs/selinux/enforce"))
                change(&$0)
            }
        }
    }

    private static let selinux: [Case] = [
        Case(
            "enforcing by the file", "mac.selinux", root("enforcing"), .pass, .on, .set,
            says: "SELINUX=enforcing in /etc/selinux/config line 1"),
        Case(
            "Azure Linux as it ships", "mac.selinux",
            root("permissive", unresolved: ["{{.LuksUUID}}", "{{.SELinux}}"]),
            .fail, .available, .set, says: "SELINUX=permissive in /etc/selinux/config line 1", parameters: assumed),
        Case(
            "the placeholder that could override it is named", "mac.selinux",
            root("permissive", unresolved: ["{{.LuksUUID}}", "{{.SELinux}}"]), .fail, .available, .set,
            says: "{{.SELinux}}", parameters: assumed),
        Case(
            "enforcing, but a placeholder could say otherwise", "mac.selinux",
            root("enforcing", unresolved: ["{{.SELinux}}"]), .unknown, .unknown, says: "{{.SELinux}}",
            parameters: assumed),
        Case(
            "enforcing, and the placeholders are taken for empty", "mac.selinux",
            root("enforcing", unresolved: ["{{.FIPS}}"]), .pass, .on, .conditional, says: "{{.FIPS}}",
            parameters: assumed),
        Case(
            "permissive is available", "mac.selinux", root("permissive"), .pass, .available, .set, says: "permissive",
            expected: .available),
        Case(
            "enforcing=1 beats the file", "mac.selinux", root("permissive", "enforcing=1"), .pass, .on, .set,
            says: "enforcing=1 on the kernel command line"),
        Case(
            "enforcing=0 beats the file", "mac.selinux", root("enforcing", "enforcing=0"), .fail, .available, .set,
            says: "enforcing=0 on the kernel command line"),
        Case(
            "enforcing=1 cannot enable a disabled one", "mac.selinux", root("disabled", "enforcing=1"), .fail,
            .available, .set, says: "SELINUX=disabled"),
        Case(
            "selinux=0", "mac.selinux", root("enforcing", "selinux=0"), .fail, .available, .set, says: "selinux=0"),
        Case(
            "absence on the command line is not disabled", "mac.selinux", root("enforcing", "console=ttyS0"), .pass,
            .on, .set, says: "enforces"),
        Case(
            "lsm= without it", "mac.selinux", root("enforcing", "lsm=yama,apparmor"), .fail, .available, .set,
            says: "does not start"),
        Case(
            "security=apparmor", "mac.selinux", root("enforcing", "security=apparmor"), .fail, .available, .set,
            says: "security=apparmor"),
        Case(
            "a kernel without it", "mac.selinux", root("enforcing", symbols: ["LSM": "yama"]), .fail, .off, .set,
            says: "built without SELinux"),
        Case(
            "no configuration file", "mac.selinux", root(nil), .fail, .available, .set, says: "gives no mode"),
        Case(
            "no policy", "mac.selinux", root("enforcing", policy: false), .fail, .available, .set, says: "no policy"),
        Case(
            "the policy's directory is not readable", "mac.selinux",
            root("enforcing", policy: false) {
                $0.gaps = [Gap(Place("/etc/selinux/targeted/policy"), reason: "permission denied")]
            }, .unknown, .unknown, says: "permission denied"),
        Case(
            "the configuration is not readable", "mac.selinux",
            root("enforcing") {
                $0.selinuxMode = .unreadable(Place("/etc/selinux/config"), reason: "permission denied")
            },
            .unknown, .unknown, says: "permission denied"),
        Case(
            "a kernel without a permissive mode", "mac.selinux",
            root("permissive", symbols: azure.merging(["SECURITY_SELINUX_DEVELOP": "n"]) { $1 }), .pass, .on, .set,
            says: "without a permissive mode"),
        Case("live and enforcing", "mac.selinux", host(true, "enforcing"), .pass, .on, says: "enforces the policy"),
        Case("live and permissive", "mac.selinux", host(false, "permissive"), .fail, .available, says: "is permissive"),
        Case(
            "enforcing now, permissive after the next boot", "mac.selinux", host(true, "permissive"), .fail, .available,
            .conflict, says: "the next boot makes it permissive"),
        Case(
            "permissive now, enforcing after the next boot", "mac.selinux", host(false, "enforcing"), .fail, .available,
            .conflict, says: "the next boot makes it enforcing"),
        Case(
            "live, and the state is not readable", "mac.selinux",
            host(true, "enforcing") {
                $0.liveEnforcing = .unreadable(Place("/sys/fs/selinux/enforce"), reason: "permission denied")
            }, .unknown, .unknown, says: "permission denied"),
        Case(
            "Debian with AppArmor", "mac.selinux",
            root(nil, id: "debian") { $0.appArmorStartsAtBoot = true }, .notApplicable, .notApplicable,
            says: "uses AppArmor"),
        Case(
            "a Fedora with AppArmor profiles is judged by SELinux", "mac.selinux",
            root("enforcing", id: "fedora") { $0.appArmorStartsAtBoot = true }, .pass, .on, .set, says: "enforces"),
        Case(
            "openSUSE that was set up with SELinux", "mac.selinux", root("enforcing", id: "opensuse-tumbleweed"), .pass,
            .on, .set, says: "enforces"),
    ]

    private static func appArmor(
        _ cmdline: String = "quiet", starts: Bool? = true, modes: [String] = ["enforce", "complain"],
        lsm: String = "yama,apparmor", _ change: (inout SecurityModuleFacts) -> Void = { _ in }
    ) -> Facts {
        root(nil, cmdline, symbols: azure.merging(["LSM": lsm]) { $1 }, policy: false, id: "ubuntu") { modules in
            modules.appArmorProfiles = modes.map { Sourced($0, Place("/etc/apparmor.d/usr.bin.man", line: 3)) }
            modules.appArmorStartsAtBoot = starts
            change(&modules)
        }
    }

    private static func loaded(_ counts: [String: Int], starts: Bool = true) -> Facts {
        appArmor(starts: starts) {
            $0.appArmorLoaded = .found(counts, Place("/sys/kernel/security/apparmor/profiles"))
        }
    }

    private static let appArmor: [Case] = [
        Case("a profile is enforced", "mac.apparmor", appArmor(), .pass, .on, .set, says: "1 profiles are enforced"),
        Case("apparmor=0", "mac.apparmor", appArmor("apparmor=0"), .fail, .available, .set, says: "apparmor=0"),
        Case(
            "SELinux comes before it", "mac.apparmor", appArmor(lsm: "selinux,apparmor"), .fail, .available, .set,
            says: "selinux comes before it"),
        Case(
            "profiles in complain mode only", "mac.apparmor", appArmor(modes: ["complain", "disabled"]), .fail,
            .available, .set, says: "no profile that it would enforce"),
        Case(
            "nothing loads the profiles", "mac.apparmor", appArmor(starts: false), .fail, .available, .set,
            says: "does not start at boot"),
        Case(
            "not known whether anything loads them", "mac.apparmor", appArmor(starts: nil), .unknown, .unknown,
            says: "whether apparmor.service"),
        Case(
            "loaded", "mac.apparmor", loaded(["enforce": 12, "unconfined": 3]), .pass, .on, says: "12 AppArmor profiles"
        ),
        Case("nothing loaded", "mac.apparmor", loaded(["complain": 2]), .fail, .available, says: "enforces no profile"),
        Case(
            "loaded now, not after the next boot", "mac.apparmor", loaded(["enforce": 1], starts: false), .fail,
            .available, .conflict, says: "does not start at boot"),
        Case(
            "the list needs root", "mac.apparmor",
            appArmor {
                $0.appArmorLoaded = .unreadable(
                    Place("/sys/kernel/security/apparmor/profiles"), reason: "permission denied")
            }, .unknown, .unknown, says: "permission denied"),
        Case(
            "Azure Linux", "mac.apparmor", root("permissive"), .notApplicable, .notApplicable, says: "uses SELinux"),
        Case(
            "a kernel without it", "mac.apparmor",
            root(nil, symbols: ["LSM": "yama"], id: "debian"), .fail, .off, .set, says: "built without AppArmor"),
        Case(
            "a container has no kernel", "mac.apparmor",
            Made.root().with {
                $0.operatingSystem = system("debian")
                $0.securityModules = modules(nil)
            }, .notApplicable, .notApplicable, says: "no kernel"),
    ]

    @Test(arguments: selinux + appArmor)
    func `mandatory access control is judged`(_ question: Case) {
        let finding = question.finding
        #expect(finding.verdict == question.verdict)
        #expect(finding.state == question.state)
        if finding.verdict == .pass || finding.verdict == .fail { #expect(finding.basis == question.basis) }
        #expect(finding.message.contains(question.says), "\(finding.message)")
    }

    @Test func `permissive domains and files without a label are exceptions that come first`() {
        let finding = judge(
            "mac.selinux",
            MacTests.root("enforcing") {
                $0.permissiveDomains = ["httpd_t"]
                $0.hasLabels = true
                $0.labels = ["/etc/shadow": "system_u:object_r:shadow_t:s0", "/usr/sbin/sshd": nil]
            })
        #expect(finding.verdict == .pass)
        #expect(finding.evidence.prefix(2).map(\.value) == ["httpd_t", "no label"])
        #expect(finding.evidence.prefix(2).allSatisfy { $0.isException })
        #expect(!finding.evidence.dropFirst(2).contains { $0.isException })
    }

    @Test func `the placeholder for SELinux is evidence, whatever else is not resolved`() {
        let finding = judge("mac.selinux", MacTests.root("permissive", unresolved: ["{{.FIPS}}", "{{.SELinux}}"]))
        #expect(finding.verdict == .fail)
        #expect(finding.evidence.first?.location == Location("/etc/selinux/config", line: 1))
        #expect(finding.evidence.contains { $0.value == "{{.SELinux}}" && $0.how.contains("could override") })
    }

    @Test func `a tree that lost its labels is mentioned and does not fail`() {
        let finding = judge("mac.selinux", MacTests.root("enforcing") { $0.hasLabels = false })
        #expect(finding.verdict == .pass)
        #expect(finding.evidence.contains { $0.value.contains("no file looked at has a label") && !$0.isException })
    }

    @Test func `of two kernels the weaker one counts`() {
        let facts = Made.root(
            Made.kernel(MacTests.azure, release: "6.6.1"),
            Made.kernel(MacTests.azure, release: "6.6.2", cmdline: "enforcing=0")
        ).with {
            $0.operatingSystem = MacTests.system("azurelinux")
            $0.securityModules = MacTests.modules("enforcing")
        }
        let finding = judge("mac.selinux", facts)
        #expect(finding.verdict == .fail)
        #expect(finding.message.contains("kernel 6.6.2"))
    }
}
