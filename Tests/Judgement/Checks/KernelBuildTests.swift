import AssayFacts
import AssayFindings
import Testing

/// Rows that a kernel's configuration and command line decide.
struct KernelBuildTests {
    private static let azure = [
        "MODULES": "y", "STRICT_KERNEL_RWX": "y", "STRICT_MODULE_RWX": "y", "STACKPROTECTOR": "y",
        "STACKPROTECTOR_STRONG": "y", "DEVMEM": "y", "STRICT_DEVMEM": "y", "IO_STRICT_DEVMEM": "y",
    ]
    private static let placeholder = "{{.ExtraCommandLine}}"

    private static func azure(
        _ change: [String: String?], cmdline: String? = "quiet", unresolved: [String] = []
    ) -> Facts {
        var symbols = azure
        for (name, value) in change { symbols[name] = value }
        return Made.root(Made.kernel(symbols, cmdline: cmdline, unresolved: unresolved))
    }

    static let unreadable: Observation<KernelConfiguration> = .unreadable(
        Place("/boot/config-6.6.134.1-1.azl3"), reason: "permission denied")

    private static let builds: [Case] = [
        Case("strict and readable", "kernel.rodata", azure([:]), .pass, .on, .set, says: "built with it"),
        Case(
            "rodata=off", "kernel.rodata", azure([:], cmdline: "rodata=off quiet"), .fail, .off, .weakerThanDefault,
            says: "rodata=off"),
        Case(
            "the last rodata= counts", "kernel.rodata", azure([:], cmdline: "rodata=off rodata=on"), .pass, .on, .set,
            says: "built with it"),
        Case(
            "an old spelling of off", "kernel.rodata", azure([:], cmdline: "rodata=0"), .fail, .off, .weakerThanDefault,
            says: "rodata=0"),
        Case(
            "arm64's rodata=full", "kernel.rodata", azure([:], cmdline: "rodata=full", unresolved: [placeholder]),
            .pass, .on, .set, says: "built with it"),
        Case("not set", "kernel.rodata", azure(["STRICT_KERNEL_RWX": "n"]), .fail, .off, .set, says: "built without"),
        Case("absent", "kernel.rodata", azure(["STRICT_KERNEL_RWX": nil]), .fail, .off, .set, says: "built without"),
        Case(
            "a placeholder that may hold anything", "kernel.rodata", azure([:], unresolved: [placeholder]), .unknown,
            .unknown,
            says: "{{.ExtraCommandLine}}, which could not be resolved and might add rodata=off"),
        Case(
            "a placeholder that the profile takes for empty", "kernel.rodata", azure([:], unresolved: [placeholder]),
            .pass, .on, .conditional,
            says: "unless {{.ExtraCommandLine}} adds rodata=off",
            parameters: ["assume-empty": "{{.FIPS}} {{.ExtraCommandLine}}"]),
        Case(
            "two placeholders, of which the profile takes one for empty", "kernel.rodata",
            azure([:], unresolved: [placeholder, "$kernelopts"]),
            .unknown, .unknown, says: "$kernelopts", parameters: ["assume-empty": "{{.ExtraCommandLine}} $kernel"]),
        Case(
            "a placeholder beside a literal rodata=off", "kernel.rodata",
            azure([:], cmdline: "rodata=off", unresolved: [placeholder]), .fail, .off,
            .weakerThanDefault, says: "rodata=off"),
        Case(
            "no boot configuration at all", "kernel.rodata", azure([:], cmdline: nil), .pass, .on, .conditional,
            says: "not part of the subject"),
        Case(
            "a boot configuration without this kernel", "kernel.rodata",
            Made.withCommandLineGap(azure([:], cmdline: nil)), .unknown, .unknown,
            says: "'/boot/grub/grub.cfg': no command line for this kernel"),
        Case(
            "no command line, but built without", "kernel.rodata", azure(["STRICT_KERNEL_RWX": "n"], cmdline: nil),
            .fail, .off, .set, says: "built without"),
        Case(
            "a configuration alone", "kernel.rodata", Made.configuration(Made.kernel(azure, cmdline: nil)), .pass, .on,
            .conditional, says: "not part of the subject"),
        Case(
            "a configuration with --cmdline", "kernel.rodata", Made.configuration(Made.kernel(azure, cmdline: "quiet")),
            .pass, .on, .set, says: "built with it"),
        Case(
            "no configuration", "kernel.rodata", Made.root(Made.kernel(without: .absent(Place("/boot")))), .unknown,
            .unknown, says: "no kernel configuration was found"),
        Case(
            "a configuration that may not be read", "kernel.rodata", Made.root(Made.kernel(without: unreadable)),
            .unknown, .unknown, says: "permission denied"),
        Case("no kernel", "kernel.rodata", Made.root(), .notApplicable, .notApplicable, says: "no kernel"),
        Case(
            "a host of which nothing is known", "kernel.rodata", Made.host(nil), .unknown, .unknown,
            says: "nothing is known of the running kernel"),
        Case(
            "a host whose running kernel is not among those found", "kernel.rodata", Made.host(Made.kernel(azure)),
            .unknown, .unknown, says: "running kernel"),
        Case(
            "a host", "kernel.rodata", Made.host(Made.kernel(azure, running: true)), .pass, .on, .set,
            says: "built with it"),

        Case("strict", "kernel.module-rwx", azure([:]), .pass, .on, .set, says: "built with it"),
        Case(
            "no modules is stronger", "kernel.module-rwx",
            azure(["MODULES": "n", "STRICT_MODULE_RWX": nil], cmdline: nil), .pass, .on, .set,
            says: "without loadable modules"),
        Case(
            "rodata=off", "kernel.module-rwx", azure([:], cmdline: "rodata=off"), .fail, .off, .weakerThanDefault,
            says: "rodata=off"),
        Case(
            "not set", "kernel.module-rwx", azure(["STRICT_MODULE_RWX": "n"]), .fail, .off, .set, says: "built without"),

        Case("strong", "kernel.stack-protector", azure([:]), .pass, .on, .set, says: "strong"),
        Case(
            "plain", "kernel.stack-protector", azure(["STACKPROTECTOR_STRONG": "n"]), .fail, .off, .weakerThanDefault,
            says: "plain"),
        Case(
            "plain is enough for the profile", "kernel.stack-protector", azure(["STACKPROTECTOR_STRONG": "n"]), .pass,
            .on, .set, says: "plain", parameters: ["minimum": "plain"]),
        Case(
            "none", "kernel.stack-protector", azure(["STACKPROTECTOR_STRONG": nil, "STACKPROTECTOR": "n"]), .fail, .off,
            .set, says: "without a stack protector"),
        Case(
            "unreadable", "kernel.stack-protector", Made.root(Made.kernel(without: unreadable)), .unknown, .unknown,
            says: "permission denied"),

        Case("strict", "kernel.dev-mem", azure([:]), .pass, .on, .set, says: "restricts /dev/mem"),
        Case(
            "built without is stronger", "kernel.dev-mem", azure(["DEVMEM": "n", "STRICT_DEVMEM": "n"], cmdline: nil),
            .pass, .on, .set, says: "without /dev/mem"),
        Case(
            "not strict", "kernel.dev-mem", azure(["STRICT_DEVMEM": "n"]), .fail, .off, .set, says: "does not restrict"),
        Case(
            "iomem=relaxed", "kernel.dev-mem", azure([:], cmdline: "iomem=relaxed"), .fail, .off, .weakerThanDefault,
            says: "iomem=relaxed"),
        Case(
            "iomem=strict decides", "kernel.dev-mem", azure([:], cmdline: "iomem=strict", unresolved: [placeholder]),
            .pass, .on, .set, says: "restricts"),
        Case(
            "a placeholder", "kernel.dev-mem", azure([:], unresolved: [placeholder]), .unknown, .unknown,
            says: "might add iomem=relaxed"),
        Case(
            "live: no node and no configuration", "kernel.dev-mem",
            Made.host(Made.kernel(without: unreadable, running: true)) { $0.memoryDevices = ["/dev/mem": "absent"] },
            .pass, .on, .measured, says: "no /dev/mem"),
        Case(
            "live: a node and no configuration", "kernel.dev-mem",
            Made.host(Made.kernel(without: unreadable, running: true)) { $0.memoryDevices = ["/dev/mem": "present"] },
            .unknown, .unknown, says: "permission denied"),
        Case(
            "live: no node, but a kernel that has it open", "kernel.dev-mem",
            Made.host(Made.kernel(["DEVMEM": "y"], running: true)) { $0.memoryDevices = ["/dev/mem": "absent"] }, .fail,
            .off, .set, says: "does not restrict"),

        Case("removed in 5.13", "kernel.dev-kmem", azure([:]), .pass, .on, .kernelDefault, says: "5.13 removed it"),
        Case(
            "removed, and the configuration unreadable", "kernel.dev-kmem", Made.root(Made.kernel(without: unreadable)),
            .pass, .on, .kernelDefault, says: "5.13 removed it"),
        Case(
            "an older kernel without", "kernel.dev-kmem", Made.root(Made.kernel(["DEVKMEM": "n"], version: "5.10.0")),
            .pass, .on, .set, says: "without /dev/kmem"),
        Case(
            "an older kernel in whose configuration it is absent", "kernel.dev-kmem",
            Made.root(Made.kernel([:], version: "5.10.0")), .pass, .on, .set, says: "without /dev/kmem"),
        Case(
            "an older kernel with it", "kernel.dev-kmem", Made.root(Made.kernel(["DEVKMEM": "y"], version: "4.19.1")),
            .fail, .off, .set, says: "with /dev/kmem"),
        Case(
            "an older kernel, unreadable", "kernel.dev-kmem",
            Made.root(Made.kernel(without: unreadable, release: "4.19.0-1")), .unknown, .unknown,
            says: "permission denied"),
        Case(
            "live: no node", "kernel.dev-kmem",
            Made.host(Made.kernel(without: unreadable, release: "4.19.0", running: true)) {
                $0.memoryDevices = ["/dev/kmem": "absent"]
            }, .pass, .on, .measured, says: "no /dev/kmem"),

        Case("6.6", "kernel.proc-maps", azure([:]), .pass, .on, .kernelDefault, says: "6.6.134.1"),
        Case(
            "a version with letters", "kernel.proc-maps", Made.root(Made.kernel([:], version: "6.6.135.mshv2")), .pass,
            .on, .kernelDefault, says: "6.6.135"),
        Case(
            "2.6.26", "kernel.proc-maps", Made.root(Made.kernel([:], version: "2.6.26")), .fail, .off, .kernelDefault,
            says: "older than 2.6.27"),
        Case(
            "no version", "kernel.proc-maps", Made.root(Made.kernel([:], version: nil, release: "custom")), .unknown,
            .unknown, says: "'custom' is not known"),
        Case("live: uname tells", "kernel.proc-maps", Made.host(nil), .pass, .on, .kernelDefault, says: "6.6.134.1"),
    ]

    @Test(arguments: builds)
    func `a kernel's configuration and command line decide`(_ test: Case) { hold(test) }

    @Test func `a symbol under its old name counts`() {
        var kernel = Made.kernel(["CC_STACKPROTECTOR": "y", "CC_STACKPROTECTOR_STRONG": "y"], version: "4.14.1")
        if case .found(var configuration, let place) = kernel.configuration {
            configuration.renamed = [
                "STACKPROTECTOR": "CC_STACKPROTECTOR", "STACKPROTECTOR_STRONG": "CC_STACKPROTECTOR_STRONG",
            ]
            kernel.configuration = .found(configuration, place)
        }
        let finding = judge("kernel.stack-protector", Made.root(kernel))
        #expect(finding.verdict == .pass)
        #expect(finding.evidence.first?.value == "CONFIG_CC_STACKPROTECTOR_STRONG=y")
        #expect(finding.evidence.first?.location.line == 2)
    }

    @Test func `a symbol that is absent from a malformed configuration is not known`() {
        var kernel = Made.kernel(["STACKPROTECTOR": "y"])
        if case .found(var configuration, let place) = kernel.configuration {
            configuration.malformedLines = [7]
            kernel.configuration = .found(configuration, place)
        }
        let finding = judge("kernel.stack-protector", Made.root(kernel))
        #expect(finding.verdict == .unknown)
        #expect(finding.message.contains("malformed in line 7"))
    }

    @Test func `an empty configuration answers nothing`() {
        let empty = KernelConfiguration(version: nil, symbols: [:], origin: "config file")
        let finding = judge("kernel.rodata", Made.root(Made.kernel(without: .found(empty, Place("/boot/config")))))
        #expect(finding.verdict == .unknown)
        #expect(finding.message.contains("holds no kernel configuration"))
    }

    @Test func `of several kernels the worst decides, and each is shown`() {
        let good = Made.kernel(KernelBuildTests.azure, release: "6.6.1")
        let bad = Made.kernel(["STRICT_KERNEL_RWX": "n"], release: "6.6.2")
        let unclear = Made.kernel(without: KernelBuildTests.unreadable, release: "6.6.3")
        let failing = judge("kernel.rodata", Made.root(good, bad, unclear))
        #expect(failing.verdict == .fail)
        #expect(failing.message.hasPrefix("kernel 6.6.2: "))
        #expect(failing.counts == ["kernels": 3, "failing kernels": 1])
        #expect(failing.evidence.first?.how == "kernel 6.6.2, config file")
        let unknown = judge("kernel.rodata", Made.root(good, unclear))
        #expect(unknown.verdict == .unknown)
        #expect(unknown.message.hasPrefix("kernel 6.6.3: "))
        #expect(judge("kernel.rodata", Made.root(good, good)).verdict == .pass)
    }

    @Test func `on a live host only the running kernel is judged`() {
        let facts = Made.host(Made.kernel(KernelBuildTests.azure, running: true))
            .with { $0.kernels.append(Made.kernel(["STRICT_KERNEL_RWX": "n"], release: "5.4")) }
        #expect(judge("kernel.rodata", facts).verdict == .pass)
    }
}
