import AssayBytes
import AssayFacts
import AssayFileSystem

/// Reads what the running kernel says of itself in `/proc` and `/sys`.
struct LiveKernelCollector {
    let reader: SubjectReader

    /// sysctl keys that the checks ask for.
    static let keys = [
        "kernel.randomize_va_space", "kernel.kptr_restrict", "kernel.dmesg_restrict", "kernel.modules_disabled",
        "kernel.unprivileged_bpf_disabled", "kernel.yama.ptrace_scope", "kernel.kexec_load_disabled",
        "kernel.perf_event_paranoid", "kernel.unprivileged_userns_clone", "user.max_user_namespaces",
        "kernel.apparmor_restrict_unprivileged_userns", "kernel.sysrq",
        "fs.protected_symlinks", "fs.protected_hardlinks", "fs.protected_fifos", "fs.protected_regular",
        "fs.suid_dumpable", "vm.mmap_min_addr", "vm.mmap_rnd_bits", "vm.mmap_rnd_compat_bits",
        "net.ipv4.tcp_syncookies", "net.ipv4.ip_forward",
        "net.ipv4.conf.all.rp_filter", "net.ipv4.conf.default.rp_filter",
        "net.ipv4.conf.all.accept_redirects", "net.ipv4.conf.default.accept_redirects",
        "net.ipv4.conf.all.secure_redirects", "net.ipv4.conf.default.secure_redirects",
        "net.ipv4.conf.all.send_redirects", "net.ipv4.conf.default.send_redirects",
        "net.ipv4.conf.all.accept_source_route", "net.ipv4.conf.default.accept_source_route",
        "net.ipv4.conf.all.log_martians", "net.ipv4.conf.default.log_martians",
        "net.ipv6.conf.all.accept_redirects", "net.ipv6.conf.default.accept_redirects",
        "net.ipv6.conf.all.accept_source_route", "net.ipv6.conf.default.accept_source_route",
    ]

    func collect() -> LiveKernelFacts {
        let release = reader.line("/proc/sys/kernel/osrelease").value ?? ""
        var facts = LiveKernelFacts(
            release: EscapedText(release).description, machine: reader.line("/proc/sys/kernel/arch").value ?? "",
            securityModules: words("/sys/kernel/security/lsm", separator: ","), lockdown: lockdown(),
            seccompActions: words("/proc/sys/kernel/seccomp/actions_avail", separator: " "), secureBoot: secureBoot(),
            personality: reader.line("/proc/self/personality").observation("/proc/self/personality"))
        let interfaces = (reader.entries("/proc/sys/net/ipv4/conf").value ?? []).map(\.text)
        for key in LiveKernelCollector.keys + interfaces.map({ "net.ipv4.conf.\($0).rp_filter" }) {
            // An interface's name may hold a dot (a VLAN): the key then has a slash there (sysctl.d(5)), the path too.
            let path = TreePath("/proc/sys/" + key.replacing(".", with: "/"))
            facts.sysctl[key] = reader.line(path).map { EscapedText($0).description }.observation(path)
        }
        facts.hasModules = reader.exists("/proc/modules")
        for device: TreePath in ["/dev/mem", "/dev/kmem"] {
            facts.memoryDevices[device.description] =
                reader.exists(device).map { $0 ? "present" : "absent" } ?? "unreadable"
        }
        for entry in reader.entries("/sys/devices/system/cpu/vulnerabilities").value ?? [] {
            let path = TreePath("/sys/devices/system/cpu/vulnerabilities").appending(entry.name)
            facts.cpuVulnerabilities[entry.text] = reader.line(path).value.map { EscapedText($0).description }
        }
        collectProcesses(&facts)
        return facts
    }

    private func words(_ path: TreePath, separator: Character) -> Observation<[String]> {
        reader.line(path).map { $0.split(separator: separator).map { EscapedText(String($0)).description } }
            .observation(path)
    }

    /// `none [integrity] confidentiality`: the mode in brackets.
    private func lockdown() -> Observation<String> {
        let path: TreePath = "/sys/kernel/security/lockdown"
        switch reader.line(path) {
        case .absent: return .absent(Place(path.description))
        case .unreadable(let reason): return .unreadable(Place(path.description), reason: reason)
        case .found(let text):
            guard let open = text.firstIndex(of: "["), let close = text.firstIndex(of: "]"), open < close else {
                return .unreadable(Place(path.description), reason: "no mode in brackets")
            }
            let mode = String(text[text.index(after: open)..<close])
            return .found(EscapedText(mode).description, Place(path.description))
        }
    }

    /// The EFI variable SecureBoot: four bytes of attributes, then 1 or 0 (UEFI specification 2.10, section 3.3).
    private func secureBoot() -> Observation<Bool> {
        let path: TreePath =
            "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
        switch reader.bytes(path, limit: 4096) {
        case .absent: return .absent(Place(path.description))
        case .unreadable(let reason): return .unreadable(Place(path.description), reason: reason)
        case .found(let bytes):
            guard bytes.count == 5 else {
                return .unreadable(Place(path.description), reason: "\(bytes.count) bytes where 5 are expected")
            }
            return .found(bytes[4] == 1, Place(path.description))
        }
    }

    private func collectProcesses(_ facts: inout LiveKernelFacts) {
        var filtered: Set<String> = []
        for entry in reader.entries("/proc").value ?? [] {
            guard !entry.name.isEmpty, entry.name.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { continue }
            let directory = TreePath("/proc").appending(entry.name)
            switch reader.text(directory.appending("status"), limit: 65_536) {
            case .absent: continue
            case .unreadable: facts.unreadableProcesses += 1
            case .found(let text):
                let fields = statusFields(text)
                // Kernel threads have no memory and so no Seccomp line of their own that matters.
                guard fields["VmSize"] != nil, let mode = fields["Seccomp"] else { continue }
                facts.processesBySeccompMode[mode, default: 0] += 1
                let name = EscapedText(fields["Name"] ?? "?").description
                if mode == "2" { filtered.insert(name) }
                if let text = reader.line(directory.appending("personality")).value,
                    let personality = UInt32(text, radix: 16), personality & 0x40000 != 0
                {
                    facts.processesWithoutRandomization.append("\(entry.text) \(name)")
                }
            }
        }
        facts.filteredProcesses = filtered.sorted()
    }

    private func statusFields(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for line in TextLines(text) {
            guard let colon = line.text.firstIndex(of: ":") else { continue }
            let value = line.text[line.text.index(after: colon)...].drop { $0.isWhitespace }
            fields[String(line.text[..<colon])] = String(value)
        }
        return fields
    }
}
