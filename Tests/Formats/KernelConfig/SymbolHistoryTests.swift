import AssayKernelConfig
import Testing

private func config(_ version: String, _ lines: String) throws -> KernelConfig {
    try KernelConfig(Array("# Linux/x86_64 \(version) Kernel Configuration\nCONFIG_X86_64=y\n\(lines)\n".utf8))
}

struct SymbolHistoryTests {
    @Test(arguments: [
        ("4.14.300", "CONFIG_CC_STACKPROTECTOR_STRONG=y", "STACKPROTECTOR_STRONG", "CC_STACKPROTECTOR_STRONG"),
        ("6.6.0", "CONFIG_STACKPROTECTOR_STRONG=y", "STACKPROTECTOR_STRONG", "STACKPROTECTOR_STRONG"),
        ("6.6.0", "CONFIG_STACKPROTECTOR_STRONG=y", "CC_STACKPROTECTOR_STRONG", "STACKPROTECTOR_STRONG"),
        ("4.9.0", "CONFIG_DEBUG_RODATA=y", "STRICT_KERNEL_RWX", "DEBUG_RODATA"),
        ("4.9.0", "CONFIG_DEBUG_SET_MODULE_RONX=y", "STRICT_MODULE_RWX", "DEBUG_SET_MODULE_RONX"),
        ("6.8.0", "CONFIG_RETPOLINE=y", "MITIGATION_RETPOLINE", "RETPOLINE"),
        ("6.9.0", "CONFIG_MITIGATION_RETPOLINE=y", "RETPOLINE", "MITIGATION_RETPOLINE"),
        // Carried back: the name counts, whatever the version.
        ("6.6.134", "CONFIG_CPU_MITIGATIONS=y", "SPECULATION_MITIGATIONS", "CPU_MITIGATIONS"),
        ("6.8.0", "CONFIG_MITIGATION_SLS=y", "SLS", "MITIGATION_SLS"),
        ("6.11.0", "CONFIG_MITIGATION_GDS_FORCE=y", "GDS_FORCE_MITIGATION", "MITIGATION_GDS_FORCE"),
        ("6.18.0", "CONFIG_CFI=y", "CFI_CLANG", "CFI"),
        ("5.0.0", "CONFIG_NOT_RECORDED_HERE=y", "NOT_RECORDED_HERE", "NOT_RECORDED_HERE"),
    ])
    func `a symbol is found under the name of its time`(
        _ version: String, _ line: String, _ asked: String, _ matched: String
    ) throws {
        let found = try config(version, line).value(of: asked)
        #expect(found.matched == matched)
        #expect(found.state == .set(.yes, line: 3))
        #expect(found.existence == .exists)
    }

    @Test func `the name of the version comes before an older one`() throws {
        let both = try config("6.9.0", "CONFIG_RETPOLINE=y\n# CONFIG_MITIGATION_RETPOLINE is not set")
        #expect(both.value(of: "RETPOLINE").matched == "MITIGATION_RETPOLINE")
        #expect(both.value(of: "RETPOLINE").state == .notSet(line: 4))
        #expect(both.value(of: "RETPOLINE", in: KernelVersion("6.1")).matched == "RETPOLINE")
        #expect(both.value(of: "RETPOLINE").names == ["MITIGATION_RETPOLINE", "RETPOLINE"])
    }

    @Test(arguments: [
        ("DEVKMEM", "5.12", SymbolExistence.exists), ("DEVKMEM", "5.13.0-rc1", .removed(in: "5.13")),
        ("DEVKMEM", "6.6.135.mshv2", .removed(in: "5.13")), ("SECURITY_LOCKDOWN_LSM", "5.3", .notYet(since: "5.4")),
        ("SECURITY_LOCKDOWN_LSM", "5.4", .exists), ("MITIGATION_GDS_FORCE", "6.4", .notYet(since: "6.5")),
        ("MITIGATION_GDS_FORCE", "6.8", .exists), ("GDS_FORCE_MITIGATION", "6.12", .removed(in: "6.12")),
        ("MITIGATION_MDS", "6.6.134.1", .notYet(since: "6.12")), ("HARDENED_USERCOPY", "4.7", .notYet(since: "4.8")),
        ("MITIGATION_RETHUNK", "5.18", .notYet(since: "5.19")), ("STACKPROTECTOR", "4.17", .exists),
        ("NOT_RECORDED_HERE", "6.6", .unknown),
    ])
    func `whether a version has a symbol`(_ symbol: String, _ version: String, _ expected: SymbolExistence) throws {
        let version = try #require(KernelVersion(version))
        #expect(KernelConfig.existence(of: symbol, in: version) == expected)
        #expect(try config(version.raw, "CONFIG_A=y").value(of: symbol).existence == expected)
    }

    @Test func `the renamed mitigations of Azure Linux's kernels are all found`() throws {
        for name in ["kernel.x86_64", "kernel-hwe.x86_64"] {
            let config = try Vectors.parsed(name)
            for symbol in [
                "MITIGATION_RETPOLINE", "MITIGATION_PAGE_TABLE_ISOLATION", "MITIGATION_RETHUNK",
                "MITIGATION_UNRET_ENTRY", "MITIGATION_IBPB_ENTRY", "MITIGATION_IBRS_ENTRY", "MITIGATION_SRSO",
                "MITIGATION_CALL_DEPTH_TRACKING", "CPU_MITIGATIONS",
            ] {
                #expect(config.value(of: symbol).state.value == .yes, "\(symbol) in \(name)")
            }
            #expect(config.value(of: "MITIGATION_SLS").matched == (name == "kernel.x86_64" ? "SLS" : "MITIGATION_SLS"))
        }
    }

    @Test(
        arguments: [
            ("6.6.135.mshv2", [6, 6, 135], nil), ("6.6.134.1-1.azl3", [6, 6, 134, 1], nil),
            ("6.1.0-28-amd64", [6, 1, 0], nil),
            ("6.9.0-rc1+", [6, 9, 0], 1), ("5.4", [5, 4], nil), ("6.18.44-fc-v595", [6, 18, 44], nil),
        ] as [(String, [UInt32], UInt32?)])
    func `versions are read leniently`(_ text: String, _ numbers: [UInt32], _ candidate: UInt32?) throws {
        let version = try #require(KernelVersion(text))
        #expect(version.numbers == numbers)
        #expect(version.releaseCandidate == candidate)
        #expect(version.description == text)
    }

    @Test(arguments: ["", "6", "six.six", ".6", "6.", "v6.6", "99999999999.1", "6.x"])
    func `what is no version`(_ text: String) {
        #expect(KernelVersion(text) == nil)
    }

    @Test func `versions are ordered`() throws {
        let ordered = ["4.19", "5.4.0-rc3", "5.4.0", "5.4.1", "5.10.9", "5.10.10", "6.6.134", "6.6.134.1", "6.12"]
        let versions = try ordered.map { try #require(KernelVersion($0)) }
        #expect(versions.shuffled().sorted() == versions)
        #expect(versions[8].isAtLeast(6, 12))
        #expect(!versions[7].isAtLeast(6, 12))
    }
}
