import AssayFacts
import AssayFindings
import AssayPipelines
import AssayPolicy
import AssayTestSupport
import Foundation
import Testing

/// A copy of the Azure Linux tree that a test may change.
struct AzureLinuxTree {
    private static let vectors = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Vectors").standardizedFileURL.path

    let scratch = ScratchDirectory()

    /// Copies the tree, unpacks the kernel configuration and runs `change` in the copy.
    init(_ change: String = "true", configuration: String = "kernel.x86_64") throws {
        let made = shell(
            """
            cp -r "$1/AzureLinuxTree/." root && rm root/SOURCES.md && mkdir -p root/usr/lib/modules/6.6.134.1-1.azl3 &&
            gzip -dc "$1/KernelConfig/$2.config.gz" > root/boot/config-6.6.134.1-1.azl3 &&
            chmod +x root/etc/systemd/scripts/iptables && cd root && \(change)
            """, in: scratch.path, arguments: [AzureLinuxTree.vectors, configuration])
        try #require(made.status == 0, "\(made.errorText)")
    }

    /// The tree as a real package installs it: with a link where the vector has a file.
    static let restoreLink =
        "ln -sf /usr/lib/systemd/system/iptables.service etc/systemd/system/multi-user.target.wants/iptables.service"

    /// The findings under Azure Linux 3's profile, by check.
    func audit() async throws -> [String: Finding] {
        let facts = try await Audit.facts(of: scratch.path + "/root", width: 2, commandLine: nil) { _ in }
        let profile = try #require(ProfileCatalog.defaultProfile(osID: facts.operatingSystem?.id, version: "3.0"))
        #expect(profile.name == "azure-linux-3")
        let result = Audit.judge(
            facts, by: profile, under: Policy(today: "2026-11-23"), evaluatedAt: "2026-11-23T00:00:00Z")
        return Dictionary(uniqueKeysWithValues: result.findings.map { ($0.check, $0) })
    }
}

/// The matrix that Azure Linux documents, against the files that its tree holds.
struct AzureLinuxTreeTests {
    @Test func `lockdown is forced by nothing in the kernel's configuration, only by GRUB's command line`() async throws
    {
        let finding = try #require(try await AzureLinuxTree().audit()["kernel.lockdown"])
        #expect(finding.verdict == .pass && finding.state == .on)
        #expect(finding.decidedBy == "kernel command line")
        #expect(finding.evidence.contains { $0.location.path == "/boot/grub2/grub.cfg" && $0.location.line == 22 })

        let without = "sed -i 's/lockdown=integrity//' boot/grub2/grub.cfg etc/default/grub"
        let bare = try #require(try await AzureLinuxTree(without).audit()["kernel.lockdown"])
        #expect(bare.verdict != .pass)
        #expect(bare.state != .on)
    }

    @Test(arguments: [("kernel.x86_64", Verdict.pass), ("kernel.aarch64", .fail)])
    func `brk is randomized on x86-64 and not on arm64`(configuration: String, verdict: Verdict) async throws {
        let finding = try #require(try await AzureLinuxTree(configuration: configuration).audit()["aslr.brk"])
        #expect(finding.verdict == verdict)
        #expect(finding.evidence.contains { $0.value.hasSuffix(verdict == .pass ? "= 2" : "= 1") })
    }

    @Test func `kptr_restrict is set by nothing, so the kernel's default of 0 holds`() async throws {
        let finding = try #require(try await AzureLinuxTree().audit()["kernel.kptr-restrict"])
        #expect(finding.verdict == .fail && finding.state == .off && finding.basis == .kernelDefault)

        let set = "printf 'kernel.kptr_restrict=1\\n' > usr/lib/sysctl.d/50-security-hardening.conf"
        let hardened = try #require(try await AzureLinuxTree(set).audit()["kernel.kptr-restrict"])
        #expect(hardened.state == .on && hardened.decidedBy == "sysctl.d")
    }

    @Test func `SELinux is permissive`() async throws {
        let finding = try #require(try await AzureLinuxTree().audit()["mac.selinux"])
        #expect(finding.verdict == .fail && finding.state == .available)
        #expect(finding.evidence.contains { $0.location.path == "/etc/selinux/config" && $0.location.line == 1 })
    }

    @Test func `the scope of ptrace is set by elfutils' file`() async throws {
        let finding = try #require(try await AzureLinuxTree().audit()["process.yama"])
        #expect(finding.state == .on)
        #expect(finding.evidence.contains { $0.location.path == "/etc/sysctl.d/10-default-yama-scope.conf" })
    }

    @Test func `the packet filter is a script, and denies for both address families when its unit is enabled`()
        async throws
    {
        let finding = try #require(try await AzureLinuxTree(AzureLinuxTree.restoreLink).audit()["network.firewall"])
        #expect(finding.verdict == .pass && finding.state == .on, "\(finding.message)")

        let inexecutable = AzureLinuxTree.restoreLink + " && chmod -x etc/systemd/scripts/iptables"
        let inert = try #require(try await AzureLinuxTree(inexecutable).audit()["network.firewall"])
        #expect(inert.verdict == .fail, "a failed ConditionFileIsExecutable keeps the unit from starting, silently")

        let onlyIPv4 = AzureLinuxTree.restoreLink + " && sed -i '/^ip6tables/d' etc/systemd/scripts/iptables"
        let half = try #require(try await AzureLinuxTree(onlyIPv4).audit()["network.firewall"])
        #expect(half.verdict != .pass)
    }

    @Test func `SYN cookies are written by the packet filter's script, after sysctl.d`() async throws {
        let change =
            AzureLinuxTree.restoreLink + " && printf 'net.ipv4.tcp_syncookies=0\\n' > etc/sysctl.d/99-off.conf"
        let finding = try #require(try await AzureLinuxTree(change).audit()["network.syn-cookies"])
        #expect(finding.state == .on)
        #expect(finding.decidedBy?.contains("iptables.service") == true)
    }

    @Test func `package sources are signed with the key that is there`() async throws {
        let finding = try #require(try await AzureLinuxTree().audit()["updates.signed"])
        #expect(finding.verdict == .pass, "\(finding.message)")
        let keyless = try #require(
            try await AzureLinuxTree("rm etc/pki/rpm-gpg/MICROSOFT-RPM-GPG-KEY").audit()["updates.signed"])
        #expect(keyless.verdict == .fail)
        let unchecked = "sed -i 's/^gpgcheck=1/gpgcheck=0/' etc/yum.repos.d/azurelinux-extended.repo"
        let open = try #require(try await AzureLinuxTree(unchecked).audit()["updates.signed"])
        #expect(open.verdict == .fail)
    }

    @Test func `what the tree does not hold is unknown or not applicable, never a pass`() async throws {
        let findings = try await AzureLinuxTree().audit()
        for check in ["elf.pie", "elf.relro", "elf.fortify", "elf.stack-protector", "elf.bind-now"] {
            #expect(findings[check]?.verdict == .notApplicable, "\(check)")
        }
        for check in ["libc.pointer-guard", "libc.heap-checks", "logs.sealing", "storage.encrypted-volumes"] {
            #expect(findings[check]?.verdict == .unknown, "\(check)")
        }
    }
}
