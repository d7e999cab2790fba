import AssaySysctl
import AssayTestSupport
import Testing

/// A plan from texts: directory, file name, text; nil stands for a mask.
func plan(_ files: [(String, String, String?)]) -> SysctlPlan {
    SysctlPlan(
        directories: SysctlDirectory.searchPath.map { path in
            SysctlDirectory(
                path: path,
                entries: files.filter { $0.0 == path }.map {
                    SysctlEntry($0.1, $0.2.map { .bytes(Array($0.utf8)) } ?? .masked)
                })
        })
}

struct SysctlPlanTests {
    @Test func `the file name orders across directories and the later file wins`() {
        let plan = plan([("/etc/sysctl.d", "20-b.conf", "k.a = 1"), ("/usr/lib/sysctl.d", "50-a.conf", "k.a = 2\n")])
        let resolution = plan.resolve("k.a")
        guard case .set(let winner, "2") = resolution.outcome else {
            Issue.record("the assignment in /usr/lib must win, not \(resolution.outcome)")
            return
        }
        #expect(winner.location.description == "/usr/lib/sysctl.d/50-a.conf:1")
        #expect(resolution.overridden.map(\.location.description) == ["/etc/sysctl.d/20-b.conf:1"])
        #expect(resolution.undecided.isEmpty)
    }

    @Test func `a file hides the one of the same name in a directory of lower priority`() {
        let plan = plan([
            ("/usr/lib/sysctl.d", "a.conf", "k.a = 1\nk.b = 1"), ("/run/sysctl.d", "a.conf", "k.a = 2"),
        ])
        #expect(plan.files.map(\.path) == ["/run/sysctl.d/a.conf"])
        #expect(plan.files.first?.hidden == ["/usr/lib/sysctl.d/a.conf"])
        #expect(plan.resolve("k.b").outcome == .unset)
    }

    @Test func `a mask hides and sets nothing`() {
        let plan = plan([("/usr/lib/sysctl.d", "a.conf", "k.a = 1"), ("/etc/sysctl.d", "a.conf", nil)])
        #expect(plan.files.first?.state == .masked)
        #expect(plan.resolve("k.a").outcome == .unset)
        #expect(plan.assignments.isEmpty)
    }

    @Test func `hidden files and other suffixes are not configuration`() {
        let plan = plan([
            ("/etc/sysctl.d", ".a.conf", "k.a = 1"), ("/etc/sysctl.d", "README.sysctl", "k.a = 1"),
            ("/etc/sysctl.d", "a.conf.rpmnew", "k.a = 1"), ("/etc/sysctl.d", "a.conf~", "k.a = 1"),
        ])
        #expect(plan.files.isEmpty)
    }

    @Test func `file names are sorted as bytes`() {
        let names = ["10-a.conf", "9-a.conf", "B.conf", "a.conf", "\u{E4}.conf", "10a.conf"]
        let plan = plan(names.map { ("/etc/sysctl.d", $0, "") })
        #expect(
            plan.files.map { String($0.path.dropFirst(14)) }
                == ["10-a.conf", "10a.conf", "9-a.conf", "B.conf", "a.conf", "\u{E4}.conf"])
    }

    @Test func `a key of its own is kept from patterns, wherever it stands`() throws {
        let plan = plan([
            ("/etc/sysctl.d", "a.conf", "net.ipv4.conf.all.rp_filter = 1\n-net.ipv4.conf.lo.rp_filter"),
            ("/etc/sysctl.d", "b.conf", "net.ipv4.conf.*.rp_filter = 2"),
        ])
        guard case .set(_, "1") = plan.resolve("net.ipv4.conf.all.rp_filter").outcome,
            case .set(let pattern, "2") = plan.resolve("net.ipv4.conf.eth0.rp_filter").outcome,
            case .excluded(let exclusion) = plan.resolve("net.ipv4.conf.lo.rp_filter").outcome
        else {
            Issue.record("wrong outcomes")
            return
        }
        #expect(pattern.key.isGlob)
        #expect(exclusion.location.line == 2)
    }

    @Test func `an exclusion does not undo an assignment before a later one does`() {
        let plan = plan([("/etc/sysctl.d", "a.conf", "k.a = 1\n-k.a\n")])
        guard case .excluded = plan.resolve("k.a").outcome else {
            Issue.record("the exclusion replaces the assignment")
            return
        }
        #expect(plan.resolve("k.a").overridden.map(\.value) == ["1"])
    }

    @Test func `an excluding pattern removes the same pattern and excludes no key`() {
        let plan = plan([("/etc/sysctl.d", "a.conf", "k.* = 1\nk.a* = 2\n-k.*")])
        guard case .set(_, "2") = plan.resolve("k.ab").outcome else {
            Issue.record("the other pattern still applies")
            return
        }
        #expect(plan.resolve("k.b").outcome == .unset)
    }

    @Test func `a pattern repeated with the same value keeps its place in the order`() {
        let repeated = plan([("/etc/sysctl.d", "a.conf", "k.* = 1\nk.a* = 2\nk.* = 1")])
        guard case .set(let winner, "2") = repeated.resolve("k.ab").outcome else {
            Issue.record("the second pattern is written last")
            return
        }
        #expect(winner.location.line == 2)
        let changed = plan([("/etc/sysctl.d", "a.conf", "k.* = 0\nk.a* = 2\nk.* = 1")])
        guard case .set(_, "1") = changed.resolve("k.ab").outcome else {
            Issue.record("a pattern with another value moves to the end")
            return
        }
    }

    @Test func `an alias with a parent reference is refused and writes nothing`() {
        let plan = plan([("/etc/sysctl.d", "a.conf", "kernel.kptr_restrict = 2\nnet/../kernel/kptr_restrict = 0")])
        guard case .set(_, "2") = plan.resolve("kernel.kptr_restrict").outcome else {
            Issue.record("systemd-sysctl does not write names with ..")
            return
        }
        #expect(plan.diagnostics.map(\.kind) == [.parentReference])
    }

    @Test func `an unreadable file makes undecided only what it can change`() {
        let plan = SysctlPlan(directories: [
            SysctlDirectory(
                path: "/etc/sysctl.d",
                entries: [
                    SysctlEntry("10.conf", .bytes(Array("k.early = 1".utf8))),
                    SysctlEntry("20.conf", .unreadable(reason: "permission denied")),
                    SysctlEntry("30.conf", .bytes(Array("k.late = 1\nk.*.x = 1".utf8))),
                ])
        ])
        #expect(plan.resolve("k.early").undecided == ["/etc/sysctl.d/20.conf"])
        #expect(plan.resolve("k.late").undecided.isEmpty)
        #expect(plan.resolve("k.a.x").undecided == ["/etc/sysctl.d/20.conf"])
        #expect(plan.resolve("k.none").undecided == ["/etc/sysctl.d/20.conf"])
        #expect(plan.diagnostics.map(\.kind) == [.unreadable(reason: "permission denied")])
    }

    @Test func `a trailing file is read last and hides nothing`() {
        let plan = SysctlPlan(
            directories: [
                SysctlDirectory(path: "/etc/sysctl.d", entries: [SysctlEntry("99.conf", .bytes(Array("k.a=1".utf8)))])
            ],
            trailing: [SysctlTrailingFile(path: "/etc/sysctl.conf", contents: .bytes(Array("k.a=2".utf8)))])
        guard case .set(_, "2") = plan.resolve("k.a").outcome else {
            Issue.record("the trailing file wins")
            return
        }
    }

    @Test func `too many patterns are reported and leave every answer undecided`() {
        let text = (0...SysctlPlan.maximumPatternCount).map { "k\($0).* = 1" }.joined(separator: "\n")
        let plan = plan([("/etc/sysctl.d", "a.conf", text)])
        #expect(plan.diagnostics.map(\.kind) == [.tooManyPatterns])
        #expect(!plan.resolve("k.a").undecided.isEmpty)
    }

    @Test func `a file name that is not text stays distinguishable`() {
        let plan = SysctlPlan(directories: [
            SysctlDirectory(
                path: "/d",
                entries: [
                    SysctlEntry(name: [0xFF] + Array(".conf".utf8), contents: .masked),
                    SysctlEntry(name: [0xFE] + Array(".conf".utf8), contents: .masked),
                ])
        ])
        #expect(plan.files.map(\.path) == ["/d/\\xfe.conf", "/d/\\xff.conf"])
    }

    @Test func `no bytes crash the merge`() {
        var random = SeededNumbers(state: 0x5C71)
        let alphabet = Array("ab.*/?[]!-=#; \n\r\0\\\u{E4}".utf8) + [0xFF]
        for _ in 0..<3000 {
            let files = (0..<3).map { index in
                SysctlEntry(
                    "\(index).conf",
                    .bytes(
                        (0..<Int.random(in: 0..<60, using: &random)).map { _ in
                            alphabet.randomElement(using: &random) ?? 0
                        }))
            }
            let plan = SysctlPlan(directories: [SysctlDirectory(path: "/d", entries: files)])
            for assignment in plan.assignments { _ = plan.resolve(assignment.key) }
            #expect(plan.writes(among: [SysctlKey("a.b")]).count <= plan.assignments.count)
        }
    }

    @Test func `truncation at every byte and each flipped bit are survived`() {
        let bytes = Array("# c\nnet.ipv4.conf.*.rp_filter = 1\n-net.ipv4.conf.all.rp_filter\n-kernel.x=1\r\n[a-".utf8)
        for count in bytes.indices { _ = SysctlFile(Array(bytes[..<count]), path: "f") }
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                let plan = SysctlPlan(directories: [
                    SysctlDirectory(path: "/d", entries: [SysctlEntry("a.conf", .bytes(changed))])
                ])
                _ = plan.resolve("net.ipv4.conf.lo.rp_filter")
            }
        }
    }
}
