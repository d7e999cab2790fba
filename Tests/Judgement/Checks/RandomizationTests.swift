import AssayFacts
import AssayFindings
import Testing

struct RandomizationTests {
    private static let key = "kernel.randomize_va_space"
    private static let all = ["aslr.stack", "aslr.mmap", "aslr.exec", "aslr.brk", "aslr.vdso"]

    private static func kernel(
        _ initial: String, _ symbols: [String: String] = [:], cmdline: String? = "quiet", unresolved: [String] = [],
        version: String = "6.6.134.1", architecture: String = "x86_64", running: Bool = false
    ) -> KernelFacts {
        Made.kernel(
            symbols, version: version, architecture: architecture, cmdline: cmdline, unresolved: unresolved,
            defaults: [key: initial], running: running)
    }

    @Test(arguments: all)
    func `2 by default randomizes everything`(_ check: String) {
        hold(
            Case(
                "x86-64", check, Made.root(RandomizationTests.kernel("2")), .pass, .on, .kernelDefault,
                says: "= 2 by kernel default"))
    }

    @Test(arguments: all)
    func `norandmaps switches everything off`(_ check: String) {
        let facts = Made.root(RandomizationTests.kernel("2", cmdline: "quiet norandmaps"))
        hold(Case("norandmaps", check, facts, .fail, .off, .weakerThanDefault, says: "= 0 by kernel command line"))
    }

    @Test(arguments: all)
    func `sysctl.d is read after norandmaps`(_ check: String) {
        let facts = Made.root(
            RandomizationTests.kernel("2", cmdline: "norandmaps"), sysctl: [RandomizationTests.key: "2"])
        hold(Case("both", check, facts, .pass, .on, .set, says: "= 2 by sysctl.d"))
    }

    @Test(arguments: all)
    func `a placeholder that may hold norandmaps makes it unknown`(_ check: String) {
        let facts = Made.root(RandomizationTests.kernel("2", unresolved: ["{{.X}}"]))
        hold(Case("open", check, facts, .unknown, .unknown, says: "might add norandmaps"))
        hold(
            Case(
                "assumed", check, facts, .pass, .on, .conditional, says: "unless {{.X}} adds norandmaps",
                parameters: ["assume-empty": "{{.X}}"]))
    }

    @Test(arguments: all)
    func `nokaslr is about the kernel and not about processes`(_ check: String) {
        let facts = Made.root(RandomizationTests.kernel("2", cmdline: "nokaslr"))
        hold(Case("nokaslr", check, facts, .pass, .on, .kernelDefault, says: "= 2"))
    }

    @Test(arguments: [
        ("aslr.stack", Verdict.pass), ("aslr.mmap", .pass), ("aslr.exec", .pass), ("aslr.brk", .fail),
        ("aslr.vdso", .pass),
    ])
    func `the arm64 kernel with COMPAT_BRK leaves only the heap where it is`(_ check: String, _ verdict: Verdict) {
        let kernel = RandomizationTests.kernel("1", ["COMPAT_BRK": "y", "COMPAT_VDSO": "y"], architecture: "arm64")
        let finding = judge(check, Made.root(kernel))
        #expect(finding.verdict == verdict)
        #expect(finding.basis == .kernelDefault)
        if check == "aslr.brk" { #expect(finding.evidence.contains { $0.value == "CONFIG_COMPAT_BRK=y" }) }
    }

    private static let cases: [Case] = [
        Case(
            "a configuration alone", "aslr.brk", Made.configuration(kernel("1", ["COMPAT_BRK": "y"], cmdline: nil)),
            .fail, .off, .kernelDefault, says: "= 1"),
        Case(
            "live 2", "aslr.brk", Made.host(kernel("1", running: true), values: [key: "2"], sysctl: [key: "2"]), .pass,
            .on, .set, says: "= 2"),
        Case(
            "live 0 against the configuration", "aslr.stack",
            Made.host(kernel("2", running: true), values: [key: "0"], sysctl: [key: "2"]), .fail, .off, .conflict,
            says: "is 0 in the running kernel"),
        Case(
            "live 2, and the next boot takes it away", "aslr.stack",
            Made.host(kernel("2", running: true), values: [key: "2"], sysctl: [key: "0"]), .fail, .on, .conflict,
            says: "sysctl.d sets 0"),
        Case(
            "an old x86 kernel with a fixed vDSO", "aslr.vdso",
            Made.root(kernel("2", ["COMPAT_VDSO": "y"], version: "3.10.0")), .fail, .off, .set,
            says: "at a fixed address"),
        Case(
            "a newer x86 kernel leaves that vDSO out", "aslr.vdso", Made.root(kernel("2", ["COMPAT_VDSO": "y"])), .pass,
            .on, .kernelDefault, says: "= 2"),
        Case(
            "no vDSO", "aslr.vdso", Made.root(kernel("2", cmdline: "vdso=0")), .pass, .on, .kernelDefault, says: "= 2"),
        Case("no kernel", "aslr.exec", Made.root(), .notApplicable, .notApplicable, says: "no kernel"),
    ]

    @Test(arguments: cases)
    func `randomization is judged by its layers`(_ test: Case) { hold(test) }

    @Test func `programs at a fixed address are counted and shown`() {
        let facts = Made.root(RandomizationTests.kernel("2")).with { facts in
            var elf = ELFFacts()
            for (index, kind) in [ELFFileFacts.Kind.pie, .staticPIE, .executable, .staticExecutable, .sharedObject]
                .enumerated()
            {
                elf.files.append(
                    ELFFileFacts(
                        path: "/usr/bin/\(index)", kind: kind, machine: "x86-64 64", language: "C", size: 1, mode: 0o755
                    ))
            }
            facts.elf = elf
        }
        let finding = judge("aslr.exec", facts)
        #expect(finding.verdict == .pass)
        #expect(finding.counts["position-independent programs"] == 2)
        #expect(finding.counts["programs at a fixed address"] == 2)
        #expect(
            finding.evidence.filter { $0.location.path.hasPrefix("/usr/bin") }.map(\.location.path) == [
                "/usr/bin/2", "/usr/bin/3",
            ])
        #expect(finding.message.contains("does not move: 2"))
    }

    @Test func `the bits of mmap are evidence`() {
        let kernel = RandomizationTests.kernel("2", ["ARCH_MMAP_RND_BITS": "28", "ARCH_MMAP_RND_BITS_MAX": "32"])
        let shown = judge("aslr.mmap", Made.root(kernel)).evidence.map(\.value)
        #expect(shown.contains("CONFIG_ARCH_MMAP_RND_BITS=28"))
        #expect(shown.contains("CONFIG_ARCH_MMAP_RND_BITS_MAX=32"))
    }

    @Test func `processes that opted out are shown, and a session that did is a failure`() {
        let kernel = RandomizationTests.kernel("2", running: true)
        let exempt = Made.host(kernel, values: [RandomizationTests.key: "2"]) {
            $0.processesWithoutRandomization = ["gdb", "sbcl"]
        }
        let passing = judge("aslr.stack", exempt)
        #expect(passing.verdict == .pass)
        #expect(passing.counts["processes without randomization"] == 2)
        #expect(passing.evidence.count { $0.isException } == 2)
        let session = Made.host(kernel, values: [RandomizationTests.key: "2"]) {
            $0.personality = .found("00040000", Place("/proc/self/personality"))
        }
        hold(Case("personality", "aslr.stack", session, .fail, .off, .conflict, says: "personality of this session"))
    }
}
