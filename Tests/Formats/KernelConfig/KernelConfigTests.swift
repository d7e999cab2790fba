import AssayBytes
import AssayKernelConfig
import AssayTestSupport
import Testing

private func parse(_ text: String) throws -> KernelConfig { try KernelConfig(Array(text.utf8)) }

private let header = "#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 6.1.0 Kernel Configuration\n#\n"

struct KernelConfigTests {
    @Test(arguments: [
        ("kernel.x86_64", "6.6.134.1", KernelArchitecture.x86x64),
        ("kernel.aarch64", "6.6.134.1", .arm64),
        ("kernel-64k.aarch64", "6.6.134.1", .arm64),
        ("kernel-hwe.x86_64", "6.12.83.1", .x86x64),
        ("kernel-mshv.x86_64", "6.6.135.mshv2", .x86x64),
        ("kernel-uvm.x86_64", "6.6.130.mshv1", .x86x64),
    ])
    func `Azure Linux's configurations are read whole`(
        _ name: String, _ version: String, _ architecture: KernelArchitecture
    ) throws {
        let bytes = try Vectors.config(name)
        let config = try Vectors.parsed(name)
        #expect(config.version?.raw == version)
        #expect(config.architecture == architecture)
        #expect(config.diagnostics == [])
        #expect(config.duplicates == [])
        #expect(KernelConfig.looksLikeKernelConfig(bytes))
        // Every symbol stands on the line that is said.
        let lines = TextLines(bytes).map { String($0.text) }
        let misread = config.symbols.filter { symbol in
            switch config[symbol] {
            case .set(.hexadecimal, let line): !lines[line - 1].hasPrefix("CONFIG_\(symbol)=0x")
            case .set(let value, let line): lines[line - 1] != "CONFIG_\(symbol)=\(value)"
            case .notSet(let line): lines[line - 1] != "# CONFIG_\(symbol) is not set"
            case .malformed, .absent: true
            }
        }
        #expect(misread == [])
        let named = lines.count {
            $0.hasPrefix("CONFIG_") || ($0.hasPrefix("# CONFIG_") && $0.hasSuffix(" is not set"))
        }
        #expect(config.count == named)
    }

    @Test func `values known from the Azure Linux tree`() throws {
        let arm = try Vectors.parsed("kernel.aarch64")
        #expect(arm["COMPAT_BRK"].value == .yes)
        guard case .notSet = arm["DEVMEM"] else { return #expect(Bool(false), "DEVMEM is \(arm["DEVMEM"])") }
        guard case .notSet = arm["STRICT_DEVMEM"] else { return #expect(Bool(false)) }
        #expect(arm["X86_64"] == .absent)
        #expect(arm["DEFAULT_MMAP_MIN_ADDR"].value == .decimal(32768))

        let intel = try Vectors.parsed("kernel.x86_64")
        guard case .notSet = intel["COMPAT_BRK"] else { return #expect(Bool(false)) }
        #expect(intel["LOCK_DOWN_KERNEL_FORCE_NONE"].value == .yes)
        #expect(intel["MAGIC_SYSRQ_DEFAULT_ENABLE"].value == .hexadecimal(0))
        #expect(intel["CC_VERSION_TEXT"].value == .string("gcc (GCC) 13.2.0"))
        #expect(intel.securityModules?.contains("yama") == true)
    }

    @Test(arguments: [
        ("CONFIG_A=y", KernelConfig.Value.yes), ("CONFIG_A=m", .module), ("CONFIG_A=n", .no),
        ("CONFIG_A=0", .decimal(0)), ("CONFIG_A=-5", .decimal(-5)), ("CONFIG_A=0xFFFFFFFFFFFFFFFF", .hexadecimal(.max)),
        ("CONFIG_A=\"\"", .string("")), (#"CONFIG_A="a \"b\" \\ c""#, .string(#"a "b" \ c"#)),
        ("CONFIG_A=y\r", .yes), ("CONFIG_A=\"y\"", .string("y")),
    ])
    func `values of every kind`(_ line: String, _ value: KernelConfig.Value) throws {
        #expect(try parse(line)["A"] == .set(value, line: 1))
        #expect(try parse(line + "\n")["A"] == .set(value, line: 1))
    }

    @Test(arguments: [
        "CONFIG_A=", "CONFIG_A=yes", "CONFIG_A= y", "CONFIG_A=0x", "CONFIG_A=0x1G", "CONFIG_A=-", "CONFIG_A=\"",
        "CONFIG_A=\"a", "CONFIG_A=\"a\" ", "CONFIG_A=\"a\\", "CONFIG_A=99999999999999999999",
        "CONFIG_A=0x11111111111111111",
        "CONFIG_A=٣",
    ])
    func `a value that Kconfig does not write is malformed, not absent`(_ line: String) throws {
        let config = try parse("CONFIG_B=y\n" + line)
        #expect(config["A"] == .malformed(line: 2))
        #expect(config.diagnostics.map(\.line) == [2])
        #expect(config["A"].isEnabled == false)
    }

    @Test(arguments: ["hello", " CONFIG_A=y", "CONFIG_A", "CONFIG_=y", "CONFIG_A-B=y", "CONFIGA=y", "\u{0}"])
    func `a line of another kind is a diagnostic`(_ line: String) throws {
        let config = try parse("CONFIG_B=y\n\n" + line + "\n# done\n")
        #expect(config.diagnostics.map(\.line) == [3])
        #expect(config.symbols == ["B"])
    }

    @Test func `a comment is not an assignment, and not every CONFIG comment unsets`() throws {
        let config = try parse(
            header + "# CONFIG_A=y\n# CONFIG_B is not set up\n# CONFIG_C is not set\n#CONFIG_D is not set\n")
        #expect(config["A"] == .absent)
        #expect(config["B"] == .absent)
        #expect(config["C"] == .notSet(line: 7))
        #expect(config["D"] == .notSet(line: 8))
        #expect(config.diagnostics == [])
    }

    @Test func `the last of two lines counts, and both are recorded`() throws {
        let config = try parse("CONFIG_A=y\n# CONFIG_A is not set\nCONFIG_A=m\n")
        #expect(config["A"] == .set(.module, line: 3))
        #expect(config.duplicates.map(\.overridden) == [1, 2])
        #expect(config.duplicates.map(\.line) == [2, 3])
        #expect(config.duplicates.allSatisfy { $0.symbol == "A" })
    }

    @Test(
        arguments: [
            ("# Linux/x86 6.1.0 Kernel Configuration\nCONFIG_X86_64=y", KernelArchitecture.x86x64),
            ("# Linux/x86 6.1.0 Kernel Configuration\nCONFIG_X86_32=y", .x86x32),
            ("# Linux/i386 6.1.0 Kernel Configuration\nCONFIG_A=y", .x86x32),
            ("# Linux/arm64 6.1.0 Kernel Configuration\nCONFIG_A=y", .arm64),
            ("# Linux/riscv 6.1.0 Kernel Configuration\nCONFIG_RISCV=y\nCONFIG_64BIT=y", .riscv64),
            ("# Linux/s390 6.1.0 Kernel Configuration\nCONFIG_A=y", .other("s390")),
            ("CONFIG_ARM64=y", .arm64), ("CONFIG_X86_64=y", .x86x64),
            ("# Linux/x86 6.1.0 Kernel Configuration\nCONFIG_A=y", nil), ("CONFIG_A=y", nil),
        ] as [(String, KernelArchitecture?)])
    func `the architecture comes from header and symbols`(_ text: String, _ architecture: KernelArchitecture?) throws {
        #expect(try parse(text).architecture == architecture)
    }

    @Test func `a header that contradicts the symbols is reported, the symbols count`() throws {
        let config = try parse("# Linux/arm64 6.1.0 Kernel Configuration\nCONFIG_X86_64=y")
        #expect(config.architecture == .x86x64)
        #expect(config.diagnostics.first?.message.contains("aarch64") == true)
    }

    @Test(arguments: ["", "\n\n", "# Linux/x86 6.1.0 Kernel Configuration\n", "key = value\n", "\u{7F}ELF"])
    func `what sets no symbol is not a configuration`(_ text: String) throws {
        let error = try #require(throws: KernelConfigError.self) { try parse(text) }
        #expect(error.code == .notAConfiguration)
    }

    @Test func `too large is an error, and records are bounded`() throws {
        let error = try #require(throws: KernelConfigError.self) {
            try KernelConfig([UInt8](repeating: 0x23, count: 16 * 1024 * 1024 + 1))
        }
        #expect(error.code == .tooLarge)
        let config = try parse("CONFIG_A=y\n" + String(repeating: "x\n", count: 5000))
        #expect(config.diagnostics.count == KernelConfig.recordLimit)
        #expect(config.unrecorded == 5000 - KernelConfig.recordLimit)
        let long = try parse("CONFIG_B=y\nCONFIG_A=\"" + String(repeating: "x", count: 40_000) + "\"\n")
        #expect(long["A"] == .malformed(line: 2))
    }

    @Test(arguments: [
        (header, true), ("CONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\nCONF", true), ("CONFIG_A=y\n", false),
        ("#!/bin/sh\nCONFIG_A=y\nCONFIG_B=y\nCONFIG_C=y\necho\n", false), ("", false), ("a\u{0}b", false),
    ])
    func `a configuration is recognised by its first bytes`(_ text: String, _ expected: Bool) {
        #expect(KernelConfig.looksLikeKernelConfig(Array(text.utf8)) == expected)
    }

    @Test func `cut or changed anywhere it never crashes`() throws {
        let text = Array(
            (header + "CONFIG_A=y\nCONFIG_B=\"x\\\"y\"\n# CONFIG_C is not set\nCONFIG_D=0x1f\nCONFIG_E=-7\n").utf8)
        for count in 0...text.count { _ = try? KernelConfig(Array(text[..<count])) }
        for bit in 0..<(text.count * 8) {
            var changed = text
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            _ = try? KernelConfig(changed)
            _ = KernelConfig.looksLikeKernelConfig(changed)
        }
        var random = SeededNumbers(state: 42)
        for _ in 0..<4000 {
            if let config = try? KernelConfig(random.mutated(text)) {
                #expect(config.symbols.allSatisfy { config[$0] != .absent })
            }
        }
    }
}
