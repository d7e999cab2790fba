import AssaySecurityModules
import AssayTestSupport
import Foundation
import Testing

private func configuration(_ text: String) -> SELinuxConfiguration { SELinuxConfiguration(Array(text.utf8)) }

private let azure = SELinuxState.Kernel(
    selinux: "y", bootParameter: "y", develop: "y",
    lsm: "landlock,lockdown,yama,loadpin,safesetid,integrity,selinux,smack,tomoyo,apparmor,bpf",
    built: ["landlock", "lockdown", "yama", "apparmor"])

/// What libselinux 3.4 answered, in a namespace of its own, for each text.
private let observed: [(String, SELinuxConfiguration.Mode?, String?)] = [
    ("SELINUX=enforcing\nSELINUXTYPE=targeted\n", .enforcing, "targeted"),
    ("SELINUX=Enforcingx \nSELINUXTYPE=a\nSELINUXTYPE=b \t\n", .enforcing, "b"),
    (" SELINUX=enforcing\n  selinuxtype= mls # x\n", nil, "mls # x"),
    ("SELINUX= permissive\nSELINUX=enforcing\n", .permissive, nil),
    ("SELINUX=junk\nSELINUX=disabled\n", .disabled, nil), ("selinux=enforcing\n", nil, nil), ("", nil, nil),
    ("SELINUX=enforcing\r\nSELINUXTYPE=targeted\r\n", .enforcing, "targeted"),
    ("SELINUXTYPE=\nSELINUX=\"enforcing\"\n", nil, ""),
]

struct SELinuxTests {
    @Test(arguments: observed)
    func `the configuration is read as libselinux reads it`(
        text: String, mode: SELinuxConfiguration.Mode?, type: String?
    ) {
        #expect(configuration(text).mode?.value == mode)
        #expect(configuration(text).type?.value == type)
    }

    @Test func `lines that have no effect are named`() {
        let result = configuration("# c\nSELINUX=junk\nSELINUX=permissive\nSELINUX=enforcing\n selinux=enforcing\n")
        #expect(result.mode?.line == 3)
        #expect(
            result.remarks.map { "\($0.line) \($0.reason)" } == [
                "2 not a mode, ignored", "4 an earlier SELINUX= decides",
                "5 SELINUX= counts only in capitals at the start of a line, ignored",
            ])
        #expect(configuration("SELINUXTYPE=mls").policyDirectory == "/etc/selinux/mls")
        #expect(configuration("").policyDirectory == "/etc/selinux/targeted")
    }

    @Test(arguments: [
        ("", "SELINUX=enforcing", "enforcing", "/etc/selinux/config", "SELINUX=enforcing at line 1"),
        ("", "SELINUX=permissive", "permissive", "/etc/selinux/config", "SELINUX=permissive at line 1"),
        ("", "", "permissive", "libselinux default", "no mode is configured"),
        ("selinux=0", "SELINUX=enforcing", "disabled", "kernel command line", "selinux=0"),
        ("selinux=0 selinux=1", "SELINUX=enforcing", "enforcing", "/etc/selinux/config", "SELINUX=enforcing at line 1"),
        ("-- selinux=0", "SELINUX=enforcing", "enforcing", "/etc/selinux/config", "SELINUX=enforcing at line 1"),
        ("enforcing=1", "SELINUX=permissive", "enforcing", "kernel command line", "enforcing=1"),
        ("enforcing=0", "SELINUX=enforcing", "permissive", "kernel command line", "enforcing=0"),
        (
            "enforcing=1", "SELINUX=disabled", "disabled", "/etc/selinux/config",
            "SELINUX=disabled at line 1: no policy is loaded"
        ),
        (
            "security=apparmor", "SELINUX=enforcing", "disabled", "list of security modules",
            "security=: security= chooses another module"
        ),
        (
            "lsm=yama,apparmor", "SELINUX=enforcing", "disabled", "list of security modules",
            "lsm=: not in the list of modules"
        ),
        (
            "lsm=selinux,apparmor security=apparmor", "SELINUX=enforcing", "enforcing", "/etc/selinux/config",
            "SELINUX=enforcing at line 1"
        ),
    ])
    func `the layers are resolved in the kernel's order`(
        line: String, file: String, mode: String, layer: String, reason: String
    ) {
        let state = SELinuxState.effective(kernel: azure, commandLine: line, configuration: configuration(file))
        #expect(state.mode.rawValue == mode)
        #expect(state.layer.rawValue == layer)
        #expect(state.reason == reason)
    }

    @Test func `a kernel without SELinux or without its parameters decides alone`() {
        let enforcing = configuration("SELINUX=permissive")
        var kernel = azure
        kernel.selinux = "n"
        #expect(
            SELinuxState.effective(kernel: kernel, commandLine: "", configuration: enforcing).layer
                == .kernelConfiguration)
        kernel = azure
        kernel.bootParameter = "n"
        kernel.develop = "n"
        let state = SELinuxState.effective(
            kernel: kernel, commandLine: "selinux=0 enforcing=0", configuration: enforcing)
        #expect(state.mode == .enforcing && state.layer == .kernelConfiguration)
        kernel.lsm = "yama,apparmor"
        #expect(
            SELinuxState.effective(kernel: kernel, commandLine: "", configuration: enforcing).mode == .disabled)
    }

    @Test func `what is not known is not decided`() {
        let enforcing = configuration("SELINUX=enforcing")
        #expect(SELinuxState.effective(kernel: azure, commandLine: nil, configuration: enforcing).mode == .unknown)
        var kernel = azure
        kernel.selinux = nil
        #expect(SELinuxState.effective(kernel: kernel, commandLine: "", configuration: enforcing).mode == .unknown)
        kernel = azure
        kernel.lsm = nil
        #expect(SELinuxState.effective(kernel: kernel, commandLine: "", configuration: enforcing).mode == .unknown)
        kernel = azure
        kernel.develop = nil
        #expect(
            SELinuxState.effective(kernel: kernel, commandLine: "enforcing=0", configuration: enforcing).mode
                == .unknown)
        #expect(SELinuxState.effective(kernel: kernel, commandLine: "", configuration: enforcing).mode == .enforcing)
        kernel.bootParameter = nil
        #expect(
            SELinuxState.effective(kernel: kernel, commandLine: "selinux=0", configuration: enforcing).mode == .unknown)
    }

    @Test func `without a policy nothing is enforced`() {
        let state = SELinuxState.effective(
            kernel: azure, commandLine: "", configuration: configuration("SELINUX=enforcing\nSELINUXTYPE=mls"),
            hasPolicy: false)
        #expect(state.mode == .disabled && state.reason == "no policy in /etc/selinux/mls")
    }

    @Test(
        arguments: [
            ("system_u:object_r:shadow_t:s0", "s0"), ("system_u:object_r:bin_t", nil),
            ("u:r:t:s0-s0:c0.c1023", "s0-s0:c0.c1023"),
        ] as [(String, String?)])
    func `a label is taken apart`(text: String, level: String?) throws {
        let label = try #require(SELinuxLabel(text))
        #expect(label.level == level)
        #expect(label.description == text)
        #expect(SELinuxLabel(attribute: Array(text.utf8) + [0]) == label)
    }

    @Test(arguments: ["", "a", "a:b", "a:b:", "a:b:c d", "::", "a:b:c:"])
    func `what is no label is not one`(text: String) {
        #expect(SELinuxLabel(text) == nil)
    }

    @Test func `plain specifications are answered, expressions are not`() throws {
        let contexts = FileContexts(
            Array(
                """
                # comment
                /.*                     system_u:object_r:default_t:s0
                /etc/shadow\\.?.*    --  system_u:object_r:shadow_t:s0
                /etc/passwd\\.lock   --  system_u:object_r:passwd_lock_t:s0
                /sbin/init          -d  system_u:object_r:dir_t:s0
                /sbin/init              system_u:object_r:init_exec_t:s0
                /proc               -d  <<none>>
                /broken             -x  a:b:c
                /broken
                """.utf8))
        #expect(contexts.entries.count == 6)
        #expect(contexts.malformedLines == [8, 9])
        #expect(contexts.answer("/etc/shadow", kind: .regular) == .needsExpression)
        guard case .exact(let lock) = contexts.answer("/etc/passwd.lock", kind: .regular) else {
            Issue.record("no entry")
            return
        }
        #expect(lock.label?.type == "passwd_lock_t" && lock.line == 4)
        #expect(contexts.answer("/etc/passwd.lock", kind: .directory) == .needsExpression)
        guard case .exact(let initial) = contexts.answer("/sbin/init", kind: .regular) else {
            Issue.record("no entry")
            return
        }
        #expect(initial.label?.type == "init_exec_t")
        guard case .exact(let proc) = contexts.answer("/proc", kind: .directory) else {
            Issue.record("no entry")
            return
        }
        #expect(proc.label == nil)
    }

    @Test(
        arguments: [("policy.33", 33), ("policy.", nil), ("policy.x", nil), ("policy", nil), ("policy.999999", nil)]
            as [(String, Int?)])
    func `a policy's file name gives its version`(name: String, version: Int?) {
        #expect(FileContexts.policyVersion(fileName: name) == version)
    }

    @Test func `arbitrary bytes never crash`() {
        let texts = observed.map(\.0) + ["/etc/x -- a:b:c:s0\n/y\\.z <<none>>\n"]
        let bytes = Array(texts.joined().utf8)
        var random = SeededNumbers(state: 2)
        for count in 0..<bytes.count { exercise(Array(bytes[..<count])) }
        for _ in 0..<2000 { exercise(random.mutate(bytes)) }
    }

    private func exercise(_ bytes: [UInt8]) {
        let configuration = SELinuxConfiguration(bytes)
        _ = FileContexts(bytes).answer("/etc/x", kind: .regular)
        _ = SELinuxLabel(attribute: bytes)
        _ = SELinuxState.effective(
            kernel: azure, commandLine: String(decoding: bytes, as: UTF8.self), configuration: configuration)
    }
}

extension SeededNumbers {
    /// `bytes` with some of them changed, removed or cut.
    mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
        var copy = bytes
        for _ in 0...(next() % 8) where !copy.isEmpty {
            let index = Int(next() % UInt64(copy.count))
            switch next() % 4 {
            case 0: copy[index] = UInt8(truncatingIfNeeded: next())
            case 1: copy.remove(at: index)
            case 2: copy.insert(Array("\n\"{}();=:,# ".utf8)[Int(next() % 12)], at: index)
            default: copy.removeLast(copy.count - index)
            }
        }
        return copy
    }
}
