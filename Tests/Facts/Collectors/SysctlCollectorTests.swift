import AssayFacts
import AssayFileSystem
import AssayTestSupport
import Foundation
import Testing

@testable import AssayCollectors

struct SysctlCollectorTests {
    private func collect(_ tree: ScratchDirectory, isLive: Bool = false) throws -> SysctlFacts {
        SysctlCollector(reader: SubjectReader(root: try RootedDirectory(path: tree.path)), isLive: isLive).collect()
    }

    @Test
    func `files are merged by name over all directories, and the last assignment wins`() throws {
        let tree = ScratchDirectory()
        try tree.write("etc/sysctl.d/20-b.conf", "kernel.kptr_restrict = 1\nkernel/yama/ptrace_scope=2\n")
        try tree.write("usr/lib/sysctl.d/50-a.conf", "kernel.kptr_restrict = 2\n")
        try tree.write("usr/lib/sysctl.d/20-b.conf", "kernel.kptr_restrict = 9\n")
        try tree.write("usr/local/lib/sysctl.d/10-c.conf", "kernel.kptr_restrict=0\n")
        let facts = try collect(tree)
        #expect(
            facts.files == [
                "/usr/local/lib/sysctl.d/10-c.conf", "/etc/sysctl.d/20-b.conf", "/usr/lib/sysctl.d/50-a.conf",
            ])
        let resolved = try #require(facts.resolved["kernel.kptr_restrict"])
        #expect(resolved.effective == .init("2", Place("/usr/lib/sysctl.d/50-a.conf", line: 1)))
        #expect(
            resolved.overridden == [
                .init("0", Place("/usr/local/lib/sysctl.d/10-c.conf", line: 1)),
                .init("1", Place("/etc/sysctl.d/20-b.conf", line: 1)),
            ])
        #expect(facts.resolved["kernel.yama.ptrace_scope"]?.effective.value == "2")
        #expect(facts.gaps.isEmpty)
    }

    @Test(arguments: [("/dev/null", true), ("../../dev/null", true), ("masked", true), ("gone", true)])
    func `a mask hides the file of its name`(target: String, isHidden: Bool) throws {
        let tree = ScratchDirectory()
        try tree.link("etc/sysctl.d/masked", to: "/dev/null")
        try tree.link("etc/sysctl.d/50-default.conf", to: target)
        try tree.write("usr/lib/sysctl.d/50-default.conf", "fs.protected_symlinks=1\n")
        let facts = try collect(tree)
        #expect((facts.resolved["fs.protected_symlinks"] == nil) == isHidden)
        #expect(facts.files.isEmpty)
        #expect(facts.gaps.isEmpty)
    }

    @Test
    func `an empty file hides as well, and links are followed inside the root`() throws {
        let tree = ScratchDirectory()
        try tree.write("etc/sysctl.d/50-default.conf", "")
        try tree.write("usr/lib/sysctl.d/50-default.conf", "fs.protected_symlinks=1\n")
        try tree.write("etc/sysctl.conf", "# nothing\n\nkernel.sysrq = 4\n")
        try tree.link("etc/sysctl.d/99-sysctl.conf", to: "../sysctl.conf")
        try tree.write("usr/share/more.conf", "kernel.dmesg_restrict = 1\n")
        try tree.link("etc/sysctl.d/more.conf", to: "/usr/share/more.conf")
        let facts = try collect(tree)
        #expect(facts.resolved["fs.protected_symlinks"] == nil)
        #expect(facts.resolved["kernel.sysrq"]?.effective == .init("4", Place("/etc/sysctl.d/99-sysctl.conf", line: 3)))
        #expect(facts.resolved["kernel.dmesg_restrict"]?.effective.value == "1")
    }

    @Test
    func `sysctl.conf without a link is not read`() throws {
        let tree = ScratchDirectory()
        try tree.write("etc/sysctl.conf", "kernel.sysrq = 4\n")
        #expect(try collect(tree).resolved.isEmpty)
    }

    @Test
    func `patterns set the keys that checks ask for, unless the key is named`() throws {
        let tree = ScratchDirectory()
        try tree.write(
            "usr/lib/sysctl.d/50-default.conf",
            "-net.ipv4.conf.*.rp_filter = 2\nnet.ipv4.conf.all.rp_filter = 0\n-net.ipv4.conf.all.send_redirects\n"
                + "net.ipv4.conf.*.send_redirects = 0\n")
        let resolved = try collect(tree).resolved
        #expect(resolved["net.ipv4.conf.default.rp_filter"]?.effective.value == "2")
        #expect(resolved["net.ipv4.conf.all.rp_filter"]?.effective.value == "0")
        #expect(resolved["net.ipv4.conf.default.send_redirects"]?.effective.value == "0")
        #expect(resolved["net.ipv4.conf.all.send_redirects"] == nil)
        #expect(!resolved.keys.contains { $0.contains("*") })
    }

    @Test
    func `the run directory counts on a live host only`() throws {
        let tree = ScratchDirectory()
        try tree.write("run/sysctl.d/50-x.conf", "kernel.sysrq=1\n")
        #expect(try collect(tree).resolved.isEmpty)
        #expect(try collect(tree, isLive: true).resolved["kernel.sysrq"]?.effective.value == "1")
    }

    @Test
    func `the library directory of a split system is read, and that of a merged one only once`() throws {
        let tree = ScratchDirectory()
        try tree.write("lib/sysctl.d/50-x.conf", "kernel.sysrq=1\n")
        try tree.write("usr/lib/sysctl.d/60-y.conf", "kernel.sysrq=2\n")
        #expect(try collect(tree).files == ["/lib/sysctl.d/50-x.conf", "/usr/lib/sysctl.d/60-y.conf"])
        let merged = ScratchDirectory()
        try merged.write("usr/lib/sysctl.d/60-y.conf", "kernel.sysrq=2\n")
        try merged.link("lib", to: "usr/lib")
        #expect(try collect(merged).files == ["/usr/lib/sysctl.d/60-y.conf"])
    }

    @Test
    func `a file that cannot be read is a gap`() throws {
        let tree = ScratchDirectory()
        try tree.link("etc/sysctl.d/50-loop.conf", to: "50-loop.conf")
        try tree.write("usr/lib/sysctl.d/50-large.conf", [UInt8](repeating: 0x23, count: (4 << 20) + 1))
        try tree.write("usr/lib/sysctl.d/60-long.conf", [UInt8](repeating: 0x61, count: (1 << 20) + 1))
        let facts = try collect(tree)
        #expect(
            facts.gaps.map(\.place.path) == [
                "/usr/lib/sysctl.d/50-large.conf", "/etc/sysctl.d/50-loop.conf", "/usr/lib/sysctl.d/60-long.conf",
            ])
        #expect(facts.gaps.last?.reason == "a line longer than 1 MiB, which ends the reading of the file")
    }

    @Test
    func `a directory or a FIFO among the files is passed over`() throws {
        let tree = ScratchDirectory()
        try tree.folder("etc/sysctl.d/10-folder.conf")
        shell("mkfifo etc/sysctl.d/20-pipe.conf", in: tree.path)
        let facts = try collect(tree)
        #expect(facts.files.isEmpty)
        #expect(facts.gaps.isEmpty)
    }

    @Test
    func `very many keys are resolved in one pass`() throws {
        let tree = ScratchDirectory()
        let lines = (0..<20_000).map { "kernel.key\($0 % 10_000) = \($0)\n" }.joined()
        try tree.write("etc/sysctl.d/10-many.conf", lines)
        let facts = try collect(tree)
        #expect(facts.resolved.count == 10_000)
        #expect(facts.resolved["kernel.key7"]?.effective.value == "10007")
        #expect(facts.resolved["kernel.key7"]?.overridden.map(\.value) == ["7"])
    }

    @Test(
        arguments: [
            ([], nil),
            (["usr/lib/systemd/systemd-sysctl", "usr/lib/systemd/systemd"], true),
            (["lib/systemd/systemd-sysctl"], true),
            (["usr/lib/systemd/systemd"], false),
            (["sbin/init"], false),
            (["sbin/init", "sbin/sysctl"], nil),
            (["usr/sbin/sysctl"], nil),
        ] as [([String], Bool?)])
    func `who applies the files is told by the programs of the subject`(files: [String], expected: Bool?) throws {
        let tree = ScratchDirectory()
        for file in files { try tree.write(file, "") }
        try tree.write("etc/sysctl.d/10-x.conf", "kernel.sysrq=1\n")
        #expect(try collect(tree).isApplied == expected)
    }

    @Test
    func `a masked systemd-sysctl applies nothing`() throws {
        let tree = ScratchDirectory()
        try tree.write("usr/lib/systemd/systemd-sysctl", "")
        try tree.link("etc/systemd/system/systemd-sysctl.service", to: "/dev/null")
        #expect(try collect(tree).isApplied == false)
    }
}
