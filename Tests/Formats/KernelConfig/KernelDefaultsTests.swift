import AssayKernelConfig
import Testing

private func fragment(_ version: String, _ lines: String) throws -> KernelConfig {
    let filler = (0..<250).map { "CONFIG_FILLER_\($0)=y" }.joined(separator: "\n")
    return try KernelConfig(Array("# Linux/x86_64 \(version) Kernel Configuration\n\(lines)\n\(filler)\n".utf8))
}

struct KernelDefaultsTests {
    @Test(
        arguments: [
            ("kernel.randomize_va_space", "2", "1"), ("kernel.kptr_restrict", "0", "0"),
            ("kernel.dmesg_restrict", "1", "1"),
            ("kernel.yama.ptrace_scope", "1", "1"), ("fs.protected_symlinks", "0", "0"),
            ("fs.protected_fifos", "0", "0"),
            ("vm.mmap_min_addr", "65536", "32768"), ("net.ipv4.tcp_syncookies", "1", "1"),
            ("kernel.unprivileged_bpf_disabled", "2", "2"), ("kernel.modules_disabled", "0", "0"),
            ("kernel.kexec_load_disabled", "0", "0"), ("net.ipv4.conf.all.rp_filter", "0", "0"),
            ("net.ipv4.conf.default.accept_redirects", "1", "1"), ("net.ipv4.conf.eth0.10.send_redirects", "1", "1"),
            ("net.ipv6.conf.all.accept_redirects", "1", "1"), ("net.ipv4.conf.all.accept_source_route", "0", "0"),
            ("net.ipv4.conf.default.accept_source_route", "1", "1"), ("vm.mmap_rnd_bits", "32", "32"),
            ("kernel.sysrq", "0", "0"), ("kernel.perf_event_paranoid", "2", "2"),
            ("user.max_user_namespaces", nil, nil),
            ("kernel.unprivileged_userns_clone", nil, nil), ("kernel.no_such_thing", nil, nil),
            ("net.ipv4.conf.rp_filter", nil, nil),
            ("dev.tty.legacy_tiocsti", "0", "0"), ("kernel.panic_on_oops", "1", "1"),
        ] as [(String, String?, String?)])
    func `the defaults of Azure Linux's kernels`(_ sysctl: String, _ intel: String?, _ arm: String?) throws {
        let x86 = KernelDefaults.value(of: sysctl, config: try Vectors.parsed("kernel.x86_64"))
        let aarch64 = KernelDefaults.value(of: sysctl, config: try Vectors.parsed("kernel.aarch64"))
        #expect(x86.value == intel)
        #expect(aarch64.value == arm)
        #expect(!x86.reason.isEmpty)
    }

    @Test(arguments: [
        ("kernel.randomize_va_space", "CONFIG_COMPAT_BRK=y", "1"),
        ("kernel.unprivileged_bpf_disabled", "CONFIG_BPF_SYSCALL=y\n# CONFIG_BPF_UNPRIV_DEFAULT_OFF is not set", "0"),
        ("kernel.sysrq", "CONFIG_MAGIC_SYSRQ=y\nCONFIG_MAGIC_SYSRQ_DEFAULT_ENABLE=0x1b6", "438"),
        ("kernel.dmesg_restrict", "CONFIG_PRINTK=y\n# CONFIG_SECURITY_DMESG_RESTRICT is not set", "0"),
        ("kernel.unprivileged_userns_clone", "# CONFIG_USER_NS_UNPRIVILEGED is not set", "0"),
    ])
    func `defaults follow the symbols`(_ sysctl: String, _ lines: String, _ expected: String) throws {
        #expect(KernelDefaults.value(of: sysctl, config: try fragment("6.6.1", lines)).value == expected)
    }

    @Test(arguments: [
        "net.ipv4.tcp_syncookies", "kernel.yama.ptrace_scope", "kernel.modules_disabled", "kernel.sysrq",
        "kernel.kexec_load_disabled", "kernel.unprivileged_bpf_disabled",
    ])
    func `a switched-off feature has no sysctl, but a fragment does not tell`(_ sysctl: String) throws {
        let whole = KernelDefaults.value(of: sysctl, config: try fragment("6.6.1", "CONFIG_A=y"))
        guard case .noSuchSysctl = whole else { return #expect(Bool(false), "\(whole)") }
        let part = KernelDefaults.value(of: sysctl, config: try KernelConfig(Array("CONFIG_A=y".utf8)))
        guard case .unknown = part else { return #expect(Bool(false), "\(part)") }
    }

    @Test(arguments: [
        ("kernel.randomize_va_space", "CONFIG_A=y"), ("kernel.randomize_va_space", "CONFIG_COMPAT_BRK=maybe"),
        ("kernel.unprivileged_bpf_disabled", "CONFIG_BPF_SYSCALL=y"), ("vm.mmap_rnd_bits", "CONFIG_A=y"),
        ("kernel.perf_event_paranoid", "CONFIG_PERF_EVENTS=y\nCONFIG_SECURITY_PERF_EVENTS_RESTRICT=y"),
        ("kernel.sysrq", "CONFIG_MAGIC_SYSRQ=y"),
    ])
    func `what the configuration does not tell is unknown`(_ sysctl: String, _ lines: String) throws {
        let found = KernelDefaults.value(of: sysctl, config: try fragment("6.6.1", lines))
        guard case .unknown = found else { return #expect(Bool(false), "\(found)") }
    }

    @Test func `defaults follow the version`() throws {
        let old = try fragment("4.4.1", "CONFIG_PERF_EVENTS=y\nCONFIG_BPF_SYSCALL=y")
        #expect(KernelDefaults.value(of: "kernel.perf_event_paranoid", config: old).value == "1")
        #expect(KernelDefaults.value(of: "kernel.unprivileged_bpf_disabled", config: old).value == "0")
        #expect(KernelDefaults.value(of: "fs.protected_fifos", config: old).value == nil)
        let version = KernelVersion("6.1")
        #expect(KernelDefaults.value(of: "fs.protected_fifos", config: old, version: version).value == "0")
    }

    @Test func `the lowest mappable address is the larger of both symbols`() throws {
        let arm = try Vectors.parsed("kernel.aarch64")
        #expect(KernelDefaults.lowestMappableAddress(config: arm) == 32768)
        let both = try fragment("6.6", "CONFIG_DEFAULT_MMAP_MIN_ADDR=4096\nCONFIG_LSM_MMAP_MIN_ADDR=65536")
        #expect(KernelDefaults.lowestMappableAddress(config: both) == 65536)
        #expect(KernelDefaults.lowestMappableAddress(config: try fragment("6.6", "CONFIG_A=y")) == nil)
    }
}
