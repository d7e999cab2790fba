import AssayFindings
import AssayPolicy
import Testing

struct ProfileCatalogTests {
    @Test func `each profile that comes with Assay is well-formed`() throws {
        #expect(
            ProfileCatalog.all.map(\.name) == [
                "authenticity", "azure-linux-3", "azure-linux-4", "default", "dm-verity", "trust-store",
            ])
        for name in ProfileCatalog.all.map(\.name) {
            let text = try #require(ProfileCatalog.text(named: name))
            let known = Set(ProfileCatalog.all.flatMap(\.sections).flatMap(\.rows).map(\.check))
            #expect(try ProfileFile.parse(text, knownChecks: known) == ProfileCatalog.profile(named: name))
        }
    }

    @Test(arguments: [
        ("azurelinux", "3.0", "azure-linux-3"), ("azurelinux", "3.0.20250102", "azure-linux-3"),
        ("azurelinux", "4", "azure-linux-4"), ("azurelinux", "4.0", "azure-linux-4"),
        ("azurelinux", "10.1", "azure-linux-4"), ("azurelinux", nil, "azure-linux-3"),
        ("azurelinux", "next", "azure-linux-3"), ("mariner", "2.0", "azure-linux-3"), ("debian", "12", "default"),
        ("ubuntu", "24.04", "default"), (nil, nil, "default"),
    ])
    func `the operating system chooses its profile`(_ osID: String?, _ version: String?, _ name: String) {
        #expect(ProfileCatalog.defaultProfile(osID: osID, version: version)?.name == name)
    }

    @Test func `the matrix of Azure Linux 3 has its rows and their documented states`() throws {
        let profile = try #require(ProfileCatalog.profile(named: "azure-linux-3"))
        #expect(
            profile.sections.map(\.title) == [
                "Networking", "Updates", "Build options", "Address Space Randomization (ASLR)",
                "Kernel hardening",
                "gcc/glibc hardening", "System call filtering", "Process isolation", "Encrypted Storage",
                "Miscellaneous",
                "CA trust store", "Subject",
            ])
        let rows = profile.sections.flatMap(\.rows)
        #expect(rows.count { $0.documented == .byDefault } == 30)
        #expect(
            rows.filter { $0.documented == .available }.map(\.check) == [
                "kernel.modules-disabled", "seccomp.filter", "seccomp.sandbox", "process.yama",
                "process.user-namespaces",
                "process.private-tmp", "process.polyinstantiation", "storage.encrypted-volumes", "files.capabilities",
                "logs.sealing",
            ])
        let undocumented = rows.filter { $0.documented == nil && !$0.check.hasPrefix("trust.") }
        #expect(undocumented.map(\.check) == ["subject.coverage"])
    }

    @Test func `the baseline of Azure Linux 4 asks for what its documentation adds`() throws {
        let profile = try #require(ProfileCatalog.profile(named: "azure-linux-4"))
        let rows = Dictionary(uniqueKeysWithValues: profile.sections.flatMap(\.rows).map { ($0.check, $0) })
        #expect(rows["network.firewall"]?.parameters["accept"] == "ssh")
        #expect(rows["network.rp-filter"]?.parameters["mode"] == "strict")
        for check in ["network.redirects", "ssh.key-only", "kernel.unprivileged-bpf", "mac.selinux"] {
            #expect(rows[check]?.documented == .byDefault, "\(check)")
        }
    }

    @Test func `the default profile documents nothing and asks for both kinds of mandatory access control`() throws {
        let profile = try #require(ProfileCatalog.profile(named: "default"))
        let rows = profile.sections.flatMap(\.rows)
        #expect(rows.allSatisfy { $0.documented == nil })
        #expect(
            Set(rows.map(\.check)).isSuperset(of: ["mac.selinux", "mac.apparmor", "elf.nx-stack", "subject.coverage"]))
        #expect(rows.first { $0.check == "kernel.modules-disabled" }?.expectation == .available)
    }
}
