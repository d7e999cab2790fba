import AssayFacts
import AssayFileSystem
import AssayTestSupport
import Testing

@testable import AssayCollectors

struct SecurityModuleCollectorTests {
    private func collect(
        _ files: [String: String], isLive: Bool = false, _ script: String = ":"
    ) throws -> SecurityModuleFacts {
        let tree = try UpdateTree(files)
        shell(script, in: tree.scratch.path)
        return try tree.reading { SecurityModuleCollector($0, isLive: isLive).collect() }
    }

    @Test func `a subject with neither`() throws {
        let facts = try collect([:])
        #expect(facts.selinuxMode == .absent(Place("/etc/selinux/config")))
        #expect(facts.selinuxType == .absent(Place("/etc/selinux/config")))
        #expect(facts.selinuxPolicies.isEmpty && facts.appArmorProfiles.isEmpty && facts.gaps.isEmpty)
        #expect(facts.autorelabel == false)
        #expect(facts.hasLabels == nil)
        #expect(facts.liveEnforcing == nil && facts.appArmorLoaded == nil && facts.appArmorStartsAtBoot == nil)
    }

    @Test func `mode, type, policy and permissive domains`() throws {
        let modules = "var/lib/selinux/strict/active/modules"
        let facts = try collect([
            "etc/selinux/config": "# text\nSELINUX=permissive\nSELINUXTYPE=strict\n",
            "etc/selinux/strict/policy/policy.33": "p", "etc/selinux/strict/policy/policy.old": "p",
            "etc/selinux/strict/policy/policy.30": "", "etc/selinux/targeted/policy/policy.31": "p",
            "\(modules)/400/permissive_httpd_t/cil": "x", "\(modules)/400/permissive_off_t/cil": "x",
            "\(modules)/100/base/cil": "x", "\(modules)/disabled/permissive_off_t": "", ".autorelabel": "",
        ])
        #expect(facts.selinuxMode == .found("permissive", Place("/etc/selinux/config", line: 2)))
        #expect(facts.selinuxType == .found("strict", Place("/etc/selinux/config", line: 3)))
        #expect(facts.selinuxPolicies == [Place("/etc/selinux/strict/policy/policy.33")])
        #expect(facts.permissiveDomains == ["httpd_t"])
        #expect(facts.autorelabel == true)
    }

    @Test func `a policy type cannot lead out of the root`() throws {
        let facts = try collect(["etc/selinux/config": "SELINUXTYPE=../../../../../../etc\n"])
        #expect(facts.selinuxPolicies.isEmpty)
    }

    @Test func `a configuration that is not readable is not absent`() throws {
        let facts = try collect([:], "mkdir -p etc/selinux && mkfifo etc/selinux/config")
        #expect(facts.selinuxMode.unreadableReason != nil)
    }

    @Test func `files without labels`() throws {
        let facts = try collect(["etc/shadow": "x", "usr/bin/passwd": "x"])
        #expect(facts.hasLabels == false)
        #expect(facts.labels == ["/etc/shadow": nil, "/usr/bin/passwd": nil])
    }

    @Test func `a file with a label`() throws {
        let tree = try UpdateTree(["etc/shadow": "x", "usr/bin/passwd": "x"])
        let set = shell(
            "setfattr -n security.selinux -v system_u:object_r:shadow_t:s0 etc/shadow", in: tree.scratch.path)
        // Labels need a privilege, a file system that keeps them and the program.
        guard set.status == 0 else { return }
        let facts = try tree.reading { SecurityModuleCollector($0, isLive: false).collect() }
        #expect(facts.hasLabels == true)
        #expect(facts.labels == ["/etc/shadow": "system_u:object_r:shadow_t:s0", "/usr/bin/passwd": nil])
    }

    @Test(arguments: [("1", true), ("0", false)])
    func `the running kernel's mode`(_ text: String, _ isEnforcing: Bool) throws {
        let files = ["sys/fs/selinux/enforce": text]
        #expect(
            try collect(files, isLive: true).liveEnforcing == .found(isEnforcing, Place("/sys/fs/selinux/enforce")))
        #expect(try collect(files).liveEnforcing == nil)
        #expect(try collect(["sys/fs/selinux/enforce": "x"], isLive: true).liveEnforcing?.unreadableReason != nil)
        #expect(try collect([:], isLive: true).liveEnforcing == .absent(Place("/sys/fs/selinux/enforce")))
    }

    @Test func `profiles with their modes, as the links change them`() throws {
        let profile = "#include <tunables/global>\nprofile NAME /usr/bin/NAME flags=(MODE) {\n  /x r,\n}\n"
        func made(_ name: String, _ mode: String) -> String {
            profile.replacing("NAME", with: name).replacing(" flags=(MODE)", with: mode)
        }
        let facts = try collect(
            [
                "etc/apparmor.d/a": made("a", ""), "etc/apparmor.d/b": made("b", " flags=(complain)"),
                "etc/apparmor.d/c": made("c", ""), "etc/apparmor.d/d": made("d", ""),
                "etc/apparmor.d/e.dpkg-old": made("e", ""), "etc/apparmor.d/tunables/global": "@{X}=y\n",
                "etc/apparmor.d/f": made("f", " flags=(unconfined)"),
            ],
            """
            cd etc/apparmor.d && mkdir disable force-complain && ln -s ../c disable/c && ln -s ../d force-complain/d
            """)
        #expect(facts.appArmorProfiles.map(\.value) == ["enforce", "complain", "disabled", "complain", "unconfined"])
        #expect(facts.appArmorProfiles[0].place == Place("/etc/apparmor.d/a", line: 2))
    }

    @Test func `profiles that the kernel has loaded are counted`() throws {
        let facts = try collect(
            ["sys/kernel/security/apparmor/profiles": "a (enforce)\nb//c (enforce)\nd (complain)\n"], isLive: true)
        #expect(facts.appArmorLoaded?.value == ["enforce": 2, "complain": 1])
        #expect(try collect([:], isLive: true).appArmorLoaded?.value == nil)
    }

    @Test(arguments: [
        ("ln -s /lib/systemd/system/apparmor.service etc/systemd/system/sysinit.target.wants/", true),
        ("ln -s /usr/lib/systemd/system/apparmor.service usr/lib/systemd/system/basic.target.wants/", true),
        (":", false),
        (
            "ln -s x etc/systemd/system/sysinit.target.wants/apparmor.service; "
                + "ln -s /dev/null etc/systemd/system/apparmor.service", false
        ),
        (
            "ln -s x etc/systemd/system/sysinit.target.wants/apparmor.service; "
                + "rm usr/lib/systemd/system/apparmor.service", false
        ),
    ])
    func `whether the service starts at boot`(_ script: String, _ starts: Bool) throws {
        let facts = try collect(
            ["usr/lib/systemd/system/apparmor.service": "[Unit]\n"],
            "mkdir -p etc/systemd/system/sysinit.target.wants usr/lib/systemd/system/basic.target.wants; \(script)")
        #expect(facts.appArmorStartsAtBoot == starts)
    }
}
