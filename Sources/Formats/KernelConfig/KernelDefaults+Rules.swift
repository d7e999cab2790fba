extension KernelDefaults {
    typealias Rule = @Sendable (Kernel) -> KernelDefault

    /// Each sysctl with the place in the kernel's source that sets it.
    static let rules: [String: Rule] = [
        "kernel.randomize_va_space": { kernel in
            switch kernel.config["COMPAT_BRK"] {
            case .set(.yes, line: _): .value("1", reason: "mm/memory.c: 1 because COMPAT_BRK=y")
            case .notSet, .set(.no, line: _): .value("2", reason: "mm/memory.c: 2 because COMPAT_BRK is not set")
            default: .unknown(reason: "mm/memory.c: depends on COMPAT_BRK, which the configuration does not tell")
            }
        },
        "kernel.kptr_restrict": constant("0", "lib/vsprintf.c"),
        "kernel.dmesg_restrict": switched(
            by: "SECURITY_DMESG_RESTRICT", on: "1", off: "0", "kernel/printk/printk.c", needs: "PRINTK"),
        "kernel.yama.ptrace_scope": { kernel in
            exists(kernel, "SECURITY_YAMA", "security/yama/yama_lsm.c")
                ?? .value("1", reason: "security/yama/yama_lsm.c: 1, if yama is among the active security modules")
        },
        "kernel.unprivileged_bpf_disabled": { kernel in
            if let missing = exists(kernel, "BPF_SYSCALL", "kernel/bpf/syscall.c") { return missing }
            switch kernel.config["BPF_UNPRIV_DEFAULT_OFF"] {
            case .set(.yes, line: _):
                return .value("2", reason: "kernel/bpf/syscall.c: 2 because BPF_UNPRIV_DEFAULT_OFF=y")
            case .notSet, .set(.no, line: _):
                return .value("0", reason: "kernel/bpf/syscall.c: 0 because BPF_UNPRIV_DEFAULT_OFF is not set")
            default:
                // The symbol came with 5.13 and was carried back: only a kernel without it is sure to have 0.
                guard let version = kernel.version, !version.isAtLeast(5, 13) else {
                    return .unknown(reason: "kernel/bpf/syscall.c: BPF_UNPRIV_DEFAULT_OFF is not in the configuration")
                }
                return .value("0", reason: "kernel/bpf/syscall.c: 0, \(version) has no BPF_UNPRIV_DEFAULT_OFF")
            }
        },
        "net.core.bpf_jit_harden": needing("BPF_JIT", "0", "kernel/bpf/core.c"),
        "kernel.modules_disabled": needing("MODULES", "0", "kernel/module/main.c"),
        // Before 4.3 (2965faa5e03d) KEXEC alone brought it.
        "kernel.kexec_load_disabled": { kernel in
            let symbol = kernel.config["KEXEC"].isEnabled ? "KEXEC" : "KEXEC_CORE"
            return needing(symbol, "0", "kernel/kexec_core.c")(kernel)
        },
        "kernel.io_uring_disabled": { kernel in
            if let missing = exists(kernel, "IO_URING", "io_uring/io_uring.c") { return missing }
            return since(6, 6, kernel, "0", "io_uring/io_uring.c")
        },
        "kernel.perf_event_paranoid": { kernel in
            if let missing = exists(kernel, "PERF_EVENTS", "kernel/events/core.c") { return missing }
            // A symbol of Debian's and Ubuntu's patch, where it means 3 or 4.
            if kernel.config["SECURITY_PERF_EVENTS_RESTRICT"].isEnabled {
                return .unknown(reason: "SECURITY_PERF_EVENTS_RESTRICT=y, a distribution's patch, sets 3 or more")
            }
            guard let version = kernel.version else {
                return .unknown(reason: "kernel/events/core.c: 1 before 4.6, 2 since; the version is not known")
            }
            return .value(
                version.isAtLeast(4, 6) ? "2" : "1", reason: "kernel/events/core.c of the mainline kernel \(version)")
        },
        "kernel.sysrq": { kernel in
            if let missing = exists(kernel, "MAGIC_SYSRQ", "drivers/tty/sysrq.c") { return missing }
            guard let mask = number(kernel.config["MAGIC_SYSRQ_DEFAULT_ENABLE"]) else {
                return .unknown(reason: "drivers/tty/sysrq.c: MAGIC_SYSRQ_DEFAULT_ENABLE is not in the configuration")
            }
            return .value("\(mask)", reason: "drivers/tty/sysrq.c: MAGIC_SYSRQ_DEFAULT_ENABLE")
        },
        "kernel.panic_on_oops": configured("PANIC_ON_OOPS_VALUE", "kernel/panic.c"),
        "kernel.unprivileged_userns_clone": { kernel in
            switch kernel.config["USER_NS_UNPRIVILEGED"] {
            case .set(.yes, line: _): .value("1", reason: "a distribution's patch: USER_NS_UNPRIVILEGED=y")
            case .notSet: .value("0", reason: "a distribution's patch: USER_NS_UNPRIVILEGED is not set")
            default: .unknown(reason: "not a mainline sysctl: only a distribution's patch has it, without a symbol")
            }
        },
        "user.max_user_namespaces": { _ in
            .unknown(reason: "kernel/fork.c computes it from the machine's memory")
        },
        "fs.protected_symlinks": protectedLinks,
        "fs.protected_hardlinks": protectedLinks,
        "fs.protected_fifos": { since(4, 19, $0, "0", "fs/namei.c") },
        "fs.protected_regular": { since(4, 19, $0, "0", "fs/namei.c") },
        "fs.suid_dumpable": constant("0", "fs/exec.c"),
        "vm.mmap_min_addr": { kernel in
            if let missing = exists(kernel, "MMU", "kernel/sysctl.c") { return missing }
            return configured("DEFAULT_MMAP_MIN_ADDR", "security/min_addr.c")(kernel)
        },
        "vm.mmap_rnd_bits": configured("ARCH_MMAP_RND_BITS", "mm/mmap.c"),
        "vm.mmap_rnd_compat_bits": configured("ARCH_MMAP_RND_COMPAT_BITS", "mm/mmap.c"),
        "vm.unprivileged_userfaultfd": { kernel in
            if let missing = exists(kernel, "USERFAULTFD", "fs/userfaultfd.c") { return missing }
            guard let version = kernel.version, version.isAtLeast(5, 11) else {
                return .unknown(reason: "fs/userfaultfd.c: 0 since 5.11, 1 before")
            }
            return .value("0", reason: "fs/userfaultfd.c")
        },
        "dev.tty.ldisc_autoload": switched(
            by: "LDISC_AUTOLOAD", on: "1", off: "0", "drivers/tty/tty_io.c", needs: "TTY"),
        "dev.tty.legacy_tiocsti": switched(
            by: "LEGACY_TIOCSTI", on: "1", off: "0", "drivers/tty/tty_io.c", needs: "TTY"),
        "net.ipv4.tcp_syncookies": needing("SYN_COOKIES", "1", "net/ipv4/tcp_ipv4.c"),
        "net.ipv4.ip_forward": needing("INET", "0", "net/ipv4/devinet.c"),
        "net.ipv4.tcp_rfc1337": needing("INET", "0", "net/ipv4/tcp_ipv4.c"),
        "net.ipv4.icmp_echo_ignore_broadcasts": needing("INET", "1", "net/ipv4/icmp.c"),
        "net.ipv4.icmp_ignore_bogus_error_responses": needing("INET", "1", "net/ipv4/icmp.c"),
    ]

    /// 3.6 began with 1, 3.7 (561ec64ae67e) with 0.
    private static let protectedLinks: Rule = { kernel in
        guard let version = kernel.version, version.isAtLeast(3, 7) else {
            return .unknown(reason: "fs/namei.c: 0 since 3.7; the version is older or not known")
        }
        return .value("0", reason: "fs/namei.c")
    }

    private static func constant(_ value: String, _ file: String) -> Rule {
        { _ in .value(value, reason: file) }
    }

    /// The sysctl's absence when `symbol`, which brings it, is not enabled.
    private static func exists(_ kernel: Kernel, _ symbol: String, _ file: String) -> KernelDefault? {
        switch kernel.has(symbol) {
        case true: nil
        case false: .noSuchSysctl(reason: "\(file): \(symbol) is not enabled")
        case nil: .unknown(reason: "\(file): the configuration does not tell \(symbol)")
        }
    }

    private static func needing(_ symbol: String, _ value: String, _ file: String) -> Rule {
        { exists($0, symbol, file) ?? .value(value, reason: file) }
    }

    private static func switched(
        by symbol: String, on: String, off: String, _ file: String, needs feature: String
    ) -> Rule {
        { kernel in
            if let missing = exists(kernel, feature, file) { return missing }
            switch kernel.config[symbol] {
            case .set(.yes, line: _): return .value(on, reason: "\(file): \(on) because \(symbol)=y")
            case .notSet, .set(.no, line: _):
                return .value(off, reason: "\(file): \(off) because \(symbol) is not set")
            default: return .unknown(reason: "\(file): \(symbol) is not in the configuration")
            }
        }
    }

    private static func configured(_ symbol: String, _ file: String) -> Rule {
        { kernel in
            guard let number = number(kernel.config[symbol]) else {
                return .unknown(reason: "\(file): \(symbol) is not in the configuration")
            }
            return .value("\(number)", reason: "\(file): \(symbol)")
        }
    }

    private static func since(
        _ major: UInt32, _ minor: UInt32, _ kernel: Kernel, _ value: String, _ file: String
    ) -> KernelDefault {
        guard let version = kernel.version else {
            return .unknown(reason: "\(file): since \(major).\(minor); the version is not known")
        }
        guard version.isAtLeast(major, minor) else {
            return .unknown(reason: "\(file): mainline has it since \(major).\(minor), this is \(version)")
        }
        return .value(value, reason: file)
    }
}
