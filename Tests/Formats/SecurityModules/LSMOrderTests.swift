import AssaySecurityModules
import Testing

private let debian = "landlock,lockdown,yama,loadpin,safesetid,integrity,apparmor,selinux,smack,tomoyo,bpf"
private let built: Set<String> = [
    "landlock", "lockdown", "yama", "integrity", "apparmor", "selinux", "tomoyo", "bpf",
]

private func order(_ lsm: String?, _ security: String?, disabled: Set<String> = []) -> LSMOrder {
    .effective(configLSM: debian, cmdlineLsm: lsm, cmdlineSecurity: security, built: built, disabled: disabled)
}

struct LSMOrderTests {
    @Test func `the list of the configuration is obeyed, and only one exclusive module starts`() {
        let result = order(nil, nil)
        #expect(
            result.active == ["capability", "landlock", "lockdown", "yama", "apparmor", "tomoyo", "bpf", "integrity"])
        #expect(result.source == .configuration)
        #expect(
            result.inactive.map { "\($0.name): \($0.reason.rawValue)" } == [
                "loadpin: not built into the kernel", "safesetid: not built into the kernel",
                "selinux: another exclusive module comes first", "smack: not built into the kernel",
            ])
    }

    @Test func `security= replaces the other major modules`() {
        let result = order(nil, "selinux")
        #expect(result.active == ["capability", "landlock", "lockdown", "yama", "selinux", "bpf", "integrity"])
        #expect(result.source == .securityParameter)
        #expect(result.inactive.first { $0.name == "apparmor" }?.reason == .replaced)
    }

    @Test func `security= of a module that is not listed adds it at the end`() {
        let result = LSMOrder.effective(
            configLSM: "yama", cmdlineLsm: nil, cmdlineSecurity: "apparmor", built: ["yama", "apparmor", "selinux"])
        #expect(result.active == ["capability", "yama", "apparmor"])
    }

    @Test func `lsm= replaces the list and silences security=`() {
        let result = order("yama,selinux,nothing", "apparmor")
        #expect(result.active == ["capability", "yama", "selinux", "integrity"])
        #expect(result.source == .lsmParameter)
        #expect(result.inactive.first { $0.name == "apparmor" }?.reason == .notListed)
        #expect(result.inactive.first { $0.name == "nothing" }?.reason == .notBuilt)
    }

    @Test func `a module that its own parameter turns off leaves its place to the next`() {
        let result = order(nil, nil, disabled: ["apparmor"])
        #expect(result.contains("selinux") && !result.contains("apparmor"))
        #expect(result.inactive.first { $0.name == "apparmor" }?.reason == .disabledByParameter)
    }

    @Test func `an empty lsm= leaves what cannot be left out`() {
        #expect(order("", nil).active == ["capability", "integrity"])
    }

    @Test func `early lockdown starts without being listed`() {
        let result = LSMOrder.effective(
            configLSM: "yama", cmdlineLsm: nil, cmdlineSecurity: nil, built: ["yama", "lockdown"], earlyLockdown: true)
        #expect(result.active == ["lockdown", "capability", "yama"])
    }
}
