import AssayFindings
import AssayPipelines
import AssayPolicy
import AssayTestSupport
import Foundation
import Testing

/// The kernel rows of the matrix on the configurations of Azure Linux's kernels.
struct KernelConfigurationTests {
    private static let vectors = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Vectors/KernelConfig").standardizedFileURL.path

    private func audit(_ name: String, _ commandLine: String?) async throws -> [String: Finding] {
        let path = "\(KernelConfigurationTests.vectors)/\(name).config.gz"
        let facts = try await Audit.facts(of: path, width: 1, commandLine: commandLine) { _ in }
        let profile = try #require(ProfileCatalog.profile(named: "azure-linux-3"))
        let result = Audit.judge(
            facts, by: profile, under: Policy(today: "2026-11-23"), evaluatedAt: "2026-11-23T00:00:00Z")
        return Dictionary(uniqueKeysWithValues: result.findings.map { ($0.check, $0) })
    }

    /// What each configuration says, read from it by hand: the state of each row with an empty command line.
    ///
    /// arm64 has COMPAT_BRK, no DEVMEM and a lowest address of 32768; uvm is built without modules' lockdown and with a
    /// lowest address of 4096.
    @Test(arguments: [
        "kernel.x86_64", "kernel-hwe.x86_64", "kernel-mshv.x86_64", "kernel-uvm.x86_64", "kernel.aarch64",
        "kernel-64k.aarch64",
    ])
    func `the rows that a configuration decides are judged rightly`(name: String) async throws {
        let isARM = name.hasSuffix("aarch64")
        let isMicro = name.hasPrefix("kernel-uvm")
        let findings = try await audit(name, "quiet")
        let expected: [String: FeatureState] = [
            "aslr.stack": .on, "aslr.mmap": .on, "aslr.brk": isARM ? .off : .on, "kernel.proc-maps": .on,
            "kernel.mmap-min-addr": isMicro ? .off : .on, "kernel.dev-mem": .on, "kernel.dev-kmem": .on,
            "kernel.module-rwx": .on, "kernel.rodata": .on, "kernel.stack-protector": .on, "seccomp.filter": .available,
            "kernel.lockdown": isMicro ? .off : .available,
        ]
        for (check, state) in expected {
            let finding = try #require(findings[check])
            #expect(finding.state == state, "\(check): \(finding.message)")
            #expect(finding.verdict != .unknown, "\(check): \(finding.message)")
        }
    }

    @Test(arguments: ["kernel.x86_64", "kernel-hwe.x86_64", "kernel.aarch64"])
    func `a command line decides over the configuration`(name: String) async throws {
        let locked = try await audit(name, "lockdown=integrity")
        #expect(locked["kernel.lockdown"]?.verdict == .pass)
        let open = try await audit(name, "lockdown=integrity norandmaps rodata=off iomem=relaxed lockdown=none")
        #expect(open["aslr.stack"]?.state == .off)
        #expect(open["kernel.rodata"]?.state == .off)
        #expect(open["aslr.mmap"]?.verdict == .fail)
    }

    @Test func `without a command line what it could take away is named`() async throws {
        let finding = try #require(try await audit("kernel.x86_64", nil)["kernel.rodata"])
        #expect(finding.verdict == .pass && finding.basis == .conditional)
        #expect(finding.message.contains("rodata="))
    }
}
