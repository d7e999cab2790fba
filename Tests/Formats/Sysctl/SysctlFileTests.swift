import AssaySysctl
import Testing

struct SysctlFileTests {
    @Test(arguments: [
        ("kernel.kptr_restrict", "kernel/kptr_restrict"),
        ("kernel/kptr_restrict", "kernel/kptr_restrict"),
        ("net.ipv4.conf.enp3s0/200.forwarding", "net/ipv4/conf/enp3s0.200/forwarding"),
        ("net/ipv4/conf/enp3s0.200/forwarding", "net/ipv4/conf/enp3s0.200/forwarding"),
        ("/net/ipv4/ip_forward", "net/ipv4/ip_forward"),
        ("net//ipv4/./ip_forward/", "net/ipv4/ip_forward"),
        ("net..ipv4.ip_forward", "net/ipv4/ip_forward"),
        ("vm", "vm"),
        ("net.ipv4.conf.*.rp_filter", "net/ipv4/conf/*/rp_filter"),
    ])
    func `the first separator decides how a key is read`(name: String, path: String) {
        #expect(SysctlKey(name).path == path)
    }

    @Test func `a key is printed with dots as sysctl prints it`() {
        #expect(SysctlKey("net/ipv4/conf/eth0.5/rp_filter").dotted == "net.ipv4.conf.eth0/5.rp_filter")
    }

    @Test func `a parent reference stays in the key`() {
        #expect(SysctlKey("net/../kernel/dmesg_restrict").path == "net/../kernel/dmesg_restrict")
        #expect(SysctlKey("net/../kernel/dmesg_restrict").hasParentReference)
        #expect(!SysctlKey("net/..x/y").hasParentReference)
    }

    @Test(arguments: [
        ("a.b = 1", "a/b", "1", false), ("  a.b=1  ", "a/b", "1", false), ("-a.b = 1", "a/b", "1", true),
        ("- a.b = 1", "a/b", "1", true), ("a.b =", "a/b", "", false),
        ("a.b = 1 # no comment", "a/b", "1 # no comment", false),
        ("a.b = x = y", "a/b", "x = y", false), ("-a.b", "a/b", nil, false), ("a.b=4\t4 1\r", "a/b", "4\t4 1", false),
    ])
    func `a line is read as systemd reads it`(line: String, key: String, value: String?, ignores: Bool) throws {
        let file = SysctlFile(Array(line.utf8), path: "f")
        let assignment = try #require(file.assignments.first)
        #expect(assignment.key.path == key)
        #expect(assignment.value == value)
        #expect(assignment.ignoresFailure == ignores)
        #expect(file.diagnostics.isEmpty)
    }

    @Test func `comments and empty lines count in line numbers and set nothing`() {
        let file = SysctlFile(Array("# a = 1\n; b = 2\n\n \t\n  # c = 3\nd = 4\n".utf8), path: "f")
        #expect(file.assignments.map(\.key.path) == ["d"])
        #expect(
            file.assignments.first?.location
                == SysctlFile(Array("\n\n\n\n\nd = 4".utf8), path: "f").assignments[0].location)
        #expect(file.assignments.first?.location.line == 6)
    }

    @Test func `a backslash at a line end continues nothing`() {
        let file = SysctlFile(Array("a.b = 1 \\\nc.d = 2\n".utf8), path: "f")
        #expect(file.assignments.map(\.value) == ["1 \\", "2"])
    }

    @Test func `lines that are no assignments are reported with their number and the rest is read`() {
        let file = SysctlFile(Array("a.b\n= 3\nnet/../a = 1\nc.d = 2".utf8), path: "f")
        #expect(file.assignments.map(\.key.path) == ["net/../a", "c/d"])
        #expect(file.diagnostics.map(\.kind) == [.notAnAssignment, .emptyKey, .parentReference])
        #expect(file.diagnostics.map(\.location.line) == [1, 2, 3])
    }

    @Test func `a carriage return or a NUL ends a line as it does for systemd`() {
        let file = SysctlFile(Array("a=1\r\nb=2\rc=3\0d=4\n\re=5\n\nf=6".utf8), path: "f")
        #expect(file.assignments.map { "\($0.key)=\($0.value ?? "")" } == ["a=1", "b=2", "c=3", "d=4", "e=5", "f=6"])
        #expect(file.assignments.map(\.location.line) == [1, 2, 3, 4, 5, 7])
    }

    @Test func `a line of more than a mebibyte ends the file with a diagnostic`() {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: (1 << 20) + 1)
        let file = SysctlFile(Array("a=1\n".utf8) + long + Array("\nb=2".utf8), path: "f")
        #expect(file.assignments.map(\.key.path) == ["a"])
        #expect(file.diagnostics.map(\.kind) == [.lineTooLong])
    }

    @Test(arguments: [
        ("net.ipv4.conf.*.rp_filter", "net.ipv4.conf.all.rp_filter", true),
        ("net.ipv4.conf.*.rp_filter", "net.ipv4.conf.eth0/5.rp_filter", true),
        ("net.*.rp_filter", "net.ipv4.conf.all.rp_filter", false),
        ("net.ipv?.ip_forward", "net.ipv4.ip_forward", true),
        ("net.ipv[46].ip_forward", "net.ipv4.ip_forward", true),
        ("net.ipv[!4].ip_forward", "net.ipv4.ip_forward", false),
        ("net.ipv[0-9].ip_forward", "net.ipv4.ip_forward", true),
        ("net.ipv[[:digit:]].ip_forward", "net.ipv4.ip_forward", true),
        ("net.ipv[4.ip_forward", "net.ipv4.ip_forward", false),
        ("net.ipv4.t*p*_*s", "net.ipv4.tcp_syncookies", true),
        ("net.ipv4.t*p*_*x", "net.ipv4.tcp_syncookies", false),
        ("net.ipv4.conf.*.x", "net/ipv4/conf/.hidden/x", false),
        ("a.[]x]", "a.]", true), ("a.\\*", "a.*", true), ("a.\\*", "a.b", false),
    ])
    func `a pattern matches component by component`(pattern: String, key: String, matches: Bool) {
        #expect(SysctlGlob(SysctlKey(pattern)).matches(SysctlKey(key)) == matches)
    }

    @Test func `a pattern of many stars is matched in bounded time`() {
        let pattern = String(repeating: "*a", count: 2000)
        let name = String(repeating: "a", count: 4000) + "b"
        #expect(!SysctlGlob(SysctlKey(pattern)).matches(SysctlKey(name)))
    }
}
