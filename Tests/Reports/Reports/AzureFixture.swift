import AssayFindings

/// An Azure Linux root directory with every kind of row: what the project's examples look like.
enum AzureFixture {
    static var result: AuditResult {
        AuditResult(
            toolVersion: "0.1.0", evaluatedAt: "2026-11-20T10:00:00Z",
            subject: SubjectSummary(
                kind: "rootDirectory", name: "images/azurelinux-3.0-x86_64/root",
                operatingSystem: "Microsoft Azure Linux 3.0",
                kernels: ["6.6.134.1-1.azl3 (x86_64)", "6.6.134.1-1.azl3-hwe (x86_64)"],
                counts: ["ELF files": 2613, "services": 88, "packages": 412]),
            profile: ProfileSummary(
                name: "azure-linux-3", version: "1.0", title: "Azure Linux 3 security features",
                reference: "https://github.com/microsoft/azurelinux/blob/3.0/toolkit/docs/security/security-features.md"
            ),
            findings: findings,
            gaps: [
                seen("/boot/config-6.6.134.1-1.azl3-hwe", nil, "permission denied", "kernel configuration"),
                seen("/var/lib/private", nil, "permission denied", "directory"),
            ],
            skipped: [seen("/proc", nil, "other file system", "walk")], failOn: .low, outcome: .fail)
    }

    static var findings: [Finding] { network + build + addresses + kernel + isolation + miscellaneous }

    private static let config = "/boot/config-6.6.134.1-1.azl3"

    private static var network: [Finding] {
        [
            finding(
                "network.firewall", "Networking", "Configurable Firewall", .byDefault,
                Judgement(
                    .pass, .on, .set, "iptables drops what no rule accepts, for IPv4 and IPv6",
                    decidedBy: "iptables.service",
                    evidence: [
                        seen("/etc/systemd/scripts/iptables", 14, "iptables -P INPUT DROP", "script of a service"),
                        seen("/etc/systemd/scripts/ip6tables", 14, "ip6tables -P INPUT DROP", "script of a service"),
                    ])),
            finding(
                "network.syn-cookies", "Networking", "SYN cookies", .byDefault,
                Judgement(
                    .pass, .on, .kernelDefault, "SYN cookies: net.ipv4.tcp_syncookies = 1 by kernel default",
                    decidedBy: "kernel default",
                    evidence: [seen(config, 1287, "CONFIG_SYN_COOKIES=y", "kernel configuration")])),
            finding(
                "network.rp-filter", "Networking", "Strict reverse path filter", nil,
                Judgement(
                    .fail, .off, .weakerThanDefault, "net.ipv4.conf.all.rp_filter = 2 by sysctl.d, weaker than strict",
                    decidedBy: "sysctl.d",
                    evidence: [
                        seen(
                            "/usr/lib/sysctl.d/50-default.conf", 23, "net.ipv4.conf.*.rp_filter = 2", "sysctl.d",
                            bad: true)
                    ]),
                severity: .low, remedy: "set `net.ipv4.conf.all.rp_filter = 1` in a file of `/etc/sysctl.d`."),
            finding(
                "updates.signed", "Updates", "Signed updates", .byDefault,
                Judgement(
                    .pass, .on, .set, "3 of 3 enabled repositories check signatures with keys in the subject",
                    decidedBy: "tdnf",
                    evidence: [seen("/etc/yum.repos.d/azurelinux-official-base.repo", 5, "gpgcheck=1", "tdnf")]),
                severity: .critical),
        ]
    }

    private static var build: [Finding] {
        let unmet = (1...7).map {
            seen("/usr/lib/go/pkg/tool/linux_amd64/tool\($0)", nil, "ET_EXEC", "ELF header", bad: true)
        }
        return [
            finding(
                "elf.pie", "Build options", "Built as PIE", .byDefault,
                Judgement(
                    .fail, .off, .measured, "2,601 of 2,613 programs and libraries are position independent",
                    evidence: unmet),
                severity: .medium, remedy: "build with `-fPIE -pie` (Go: `-buildmode=pie`).",
                counts: ["pie": 2601, "not-pie": 12],
                groups: [
                    Group(kind: "directory", name: "/usr/lib/go/pkg/tool/linux_amd64", counts: ["not-pie": 12]),
                    Group(kind: "package", name: "golang", counts: ["not-pie": 12, "pie": 2]),
                ], omitted: 5),
            finding(
                "elf.stack-protector", "Build options", "Built with Stack Protector Strong", .byDefault,
                Judgement(.pass, .on, .measured, "1,204 of 1,204 files that need it have canaries"),
                counts: ["protected": 1204]),
            finding(
                "elf.format-security", "Build options", "Built with Format Security", .byDefault,
                Judgement.unknown("the flag leaves no trace in a binary, and no build record was found"),
                severity: .low),
            finding(
                "elf.relro", "Build options", "Built with RELRO", .byDefault,
                Judgement(.pass, .on, .measured, "2,613 of 2,613 files have full RELRO"), counts: ["full": 2613]),
        ]
    }

    private static var addresses: [Finding] {
        let section = "Address Space Layout Randomization"
        return [
            finding(
                "aslr.stack", section, "Stack ASLR", .byDefault,
                Judgement(
                    .pass, .on, .kernelDefault, "kernel.randomize_va_space = 2 by kernel default",
                    decidedBy: "kernel default",
                    evidence: [seen(config, 245, "# CONFIG_COMPAT_BRK is not set", "kernel configuration")])),
            finding(
                "aslr.brk", section, "brk ASLR", .byDefault,
                Judgement(
                    .fail, .off, .conflict,
                    "kernel.randomize_va_space is 1 in the running kernel, but sysctl.d sets 2 "
                        + "(/etc/sysctl.d/50-security-hardening.conf:4)",
                    decidedBy: "running kernel",
                    evidence: [
                        seen(
                            "/proc/sys/kernel/randomize_va_space", nil, "kernel.randomize_va_space = 1",
                            "running kernel", bad: true),
                        seen(
                            "/etc/sysctl.d/50-security-hardening.conf", 4, "kernel.randomize_va_space = 2", "sysctl.d",
                            bad: true),
                    ]),
                severity: .high, remedy: "run `sysctl --system`, and find out what changed the value."),
        ]
    }

    private static var kernel: [Finding] {
        [
            finding(
                "kernel.kptr-restrict", "Kernel hardening", "Kernel Address Display Restriction", .byDefault,
                Judgement(
                    .fail, .off, .kernelDefault, "kernel addresses: kernel.kptr_restrict = 0 by kernel default",
                    decidedBy: "kernel default",
                    evidence: [
                        seen(config, nil, "kernel.kptr_restrict = 0", "kernel default", bad: true)
                    ]),
                severity: .medium, remedy: "install a file in `/usr/lib/sysctl.d` with `kernel.kptr_restrict = 1`."),
            finding(
                "kernel.modules-disabled", "Kernel hardening", "Block module loading", .available,
                Judgement(
                    .pass, .available, .measured, "the kernel has kernel.modules_disabled, and nothing sets it",
                    evidence: [seen(config, 853, "CONFIG_MODULES=y", "kernel configuration")])),
            finding(
                "kernel.dev-kmem", "Kernel hardening", "/dev/kmem protection", .byDefault,
                Judgement.notApplicable("Linux 5.13 and later have no /dev/kmem")),
            finding(
                "kernel.rodata", "Kernel hardening", "Write-protect kernel .rodata sections", .byDefault,
                Judgement(
                    .pass, .on, .set, "CONFIG_STRICT_KERNEL_RWX=y", decidedBy: "kernel configuration",
                    evidence: [seen(config, 861, "CONFIG_STRICT_KERNEL_RWX=y", "kernel configuration")])),
            finding(
                "kernel.unprivileged-bpf", "Kernel hardening", "Unprivileged BPF off", nil,
                Judgement(
                    .pass, .on, .set, "kernel.unprivileged_bpf_disabled = 1 by kernel command line",
                    decidedBy: "kernel command line",
                    evidence: [
                        seen("/boot/grub2/grub.cfg", 12, "sysctl.kernel.unprivileged_bpf_disabled=1", "grub.cfg")
                    ])),
        ]
    }

    private static var isolation: [Finding] {
        [
            finding(
                "process.user-namespaces", "Process isolation", "User namespaces", .available,
                Judgement(
                    .pass, .on, .measured, "CONFIG_USER_NS=y and user.max_user_namespaces is not 0",
                    decidedBy: "kernel configuration")),
            finding(
                "mac.selinux", "Process isolation", "Mandatory access control", .byDefault,
                Judgement(
                    .fail, .available, .set, "SELINUX=permissive: SELinux reports what it would refuse, and allows it",
                    decidedBy: "/etc/selinux/config",
                    evidence: [seen("/etc/selinux/config", 6, "SELINUX=permissive", "SELinux", bad: true)]),
                severity: .high, remedy: "set `SELINUX=enforcing` after a boot without denials.",
                waiver: Waiver(
                    check: "mac.selinux", reason: "enforcing is switched on at provisioning, ticket OS-4711",
                    expires: "2027-01-31", owner: "platform team")),
        ]
    }

    private static var miscellaneous: [Finding] {
        [
            finding(
                "accounts.password-hashing", "Miscellaneous", "Password hashing", .byDefault,
                Judgement(
                    .pass, .on, .set, "pam_unix uses sha512", decidedBy: "pam",
                    evidence: [
                        seen("/etc/pam.d/system-password", 4, "password required pam_unix.so sha512 shadow", "pam")
                    ])),
            finding(
                "logs.sealing", "Miscellaneous", "Tamper Resistant Logs", .available,
                Judgement(
                    .fail, .off, .measured,
                    "journald is built without gcrypt: sealing keys cannot be set up, and journalctl --verify can only "
                        + "check consistency",
                    decidedBy: "systemd",
                    evidence: [
                        seen("/usr/lib/systemd/libsystemd-shared-255.so", nil, "-GCRYPT", "build features", bad: true)
                    ]),
                severity: .low, remedy: "build systemd with `-Dgcrypt=enabled`."),
            finding(
                "kernel.lockdown", "Miscellaneous", "Kernel lockdown", .byDefault,
                Judgement(
                    .fail, .available, .conditional,
                    "lockdown starts only under Secure Boot: the configuration forces no mode and the command line has "
                        + "none",
                    decidedBy: "kernel configuration",
                    evidence: [
                        seen(
                            config, 6412, "CONFIG_LOCK_DOWN_IN_EFI_SECURE_BOOT=y", "kernel configuration", bad: true),
                        seen(config, 6410, "CONFIG_LOCK_DOWN_KERNEL_FORCE_NONE=y", "kernel configuration"),
                        Evidence(
                            Location("/boot/efi/EFI/Linux/vmlinuz.efi", offset: 0x1f_4000), "console=ttyS0",
                            how: "UKI .cmdline"),
                    ]),
                severity: .high,
                remedy: "add `lockdown=integrity` to the kernel command line "
                    + "(for a unified kernel image: to its `.cmdline` section)."),
            finding(
                "subject.coverage", "Coverage", "Every file could be read", nil,
                Judgement.unknown("2 parts of the subject could not be read"), severity: .high,
                remedy: "run the audit as root, or waive the check."),
        ]
    }
}
