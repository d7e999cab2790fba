import AssaySecurityModules
import AssayTestSupport
import Testing

private let text = """
    # vim:syntax=apparmor
    abi <abi/3.0>,
    #include <tunables/global>
    include if exists <local/x>
    @{exec_path} = /usr/bin/{a,b} /x
    @{more} += "/with { brace"

    /usr/bin/man {
      #include <abstractions/base>
      capability setuid,
      /usr/{bin,sbin}/* rmCx -> &man_groff,
      /etc/{a, b}/** r,
      profile man_groff flags=(complain) {
        /usr/bin/groff mr,
      }
      ^HAT {
        /x r,
      }
      hat other { /y r, }
    }

    profile ping /{usr/,}bin/{,iputils-}ping flags=(attach_disconnected, complain) {
      network inet raw,
      owner /x rw,
    }
    profile "two words" "/opt/a b/c" (kill) { }
    profile free flags=(unconfined)
    {
      userns,
    }
    @{exec_path} flags=(enforce) { }
    """

struct AppArmorTests {
    @Test func `profiles, children and hats are found with their modes`() {
        let file = AppArmorProfileFile(Array(text.utf8))
        #expect(
            file.profiles.map { "\($0.line) \($0.name) \($0.mode.rawValue)" } == [
                "8 /usr/bin/man enforce", "13 /usr/bin/man//man_groff complain", "16 /usr/bin/man//HAT enforce",
                "19 /usr/bin/man//other enforce", "22 ping complain", "26 two words kill", "27 free unconfined",
                "31 @{exec_path} enforce",
            ])
        #expect(file.profiles[4].attachment == "/{usr/,}bin/{,iputils-}ping")
        #expect(file.profiles[4].flags == ["attach_disconnected", "complain"])
        #expect(file.profiles[5].attachment == "/opt/a b/c")
        #expect(file.includes == ["<tunables/global>", "<local/x>", "<abstractions/base>"])
        #expect(file.problems == [])
    }

    @Test(arguments: [("a } ", "line 1: a '}' that closes nothing"), ("/x {", "line 1: 1 blocks are not closed")])
    func `braces that do not match are reported`(text: String, problem: String) {
        #expect(AppArmorProfileFile(Array(text.utf8)).problems == [problem])
    }

    @Test func `loaded profiles are read by the last pair of parentheses`() {
        let list = LoadedAppArmorProfile.list(Array("/usr/bin/man (enforce)\na (b) c (complain)\njunk\n (x)\n".utf8))
        #expect(list.map(\.name) == ["/usr/bin/man", "a (b) c", ""])
        #expect(list.map(\.mode) == ["enforce", "complain", "x"])
    }

    @Test(
        arguments: [
            ("y", "apparmor", "", "on", "list of security modules", "CONFIG_LSM"),
            ("n", "apparmor", "", "off", "kernel configuration", "CONFIG_SECURITY_APPARMOR is not set"),
            ("y", "apparmor", "apparmor=0", "off", "kernel command line", "apparmor=0"),
            (
                "y", "selinux,apparmor", "", "off", "list of security modules",
                "CONFIG_LSM: another exclusive module comes first"
            ),
            ("y", "selinux,apparmor", "selinux=0", "on", "list of security modules", "CONFIG_LSM"),
            ("y", "selinux,apparmor", "security=apparmor", "on", "list of security modules", "security="),
            ("y", "apparmor", "lsm=yama", "off", "list of security modules", "lsm=: not in the list of modules"),
            (nil, "apparmor", "", "unknown", "kernel configuration", "CONFIG_SECURITY_APPARMOR is not known"),
            ("y", nil, "", "unknown", "list of security modules", "neither CONFIG_LSM nor lsm= is known"),
            (
                "y", "apparmor", nil, "unknown", "kernel command line",
                "the command line, which can override the configuration, is not known"
            ),
        ] as [(String?, String?, String?, String, String, String)])
    func `the layers are resolved in the kernel's order`(
        option: String?, lsm: String?, line: String?, activity: String, layer: String, reason: String
    ) {
        let state = AppArmorState.effective(
            apparmor: option, lsm: lsm, built: ["selinux", "yama"], commandLine: line)
        #expect(state.activity.rawValue == activity)
        #expect(state.layer.rawValue == layer)
        #expect(state.reason == reason)
    }

    @Test func `links decide the treatment of a file`() {
        func treatment(_ name: String) -> AppArmorOverrides.Treatment {
            AppArmorOverrides.treatment(of: name, disabled: ["a", "b"], forcedComplain: ["b", "c"])
        }
        #expect(["a", "b", "c", "d"].map(treatment) == [.disabled, .disabled, .forcedComplain, .asWritten])
    }

    @Test func `arbitrary bytes never crash`() {
        let bytes = Array(text.utf8)
        var random = SeededNumbers(state: 4)
        for count in 0..<bytes.count { _ = AppArmorProfileFile(Array(bytes[..<count])) }
        for _ in 0..<1000 {
            let copy = random.mutate(bytes)
            _ = AppArmorProfileFile(copy)
            _ = LoadedAppArmorProfile.list(copy)
        }
    }

    @Test(arguments: ["{ ", "/a { ", "a ", "(", "x,\n", "\"", "#", "} ", "flags=( "])
    func `a file of one thing over and over ends soon`(piece: String) {
        let bytes = Array(String(repeating: piece, count: 100_000 / piece.utf8.count).utf8)
        #expect(ContinuousClock().measure { _ = AppArmorProfileFile(bytes) } < .seconds(5))
    }
}
