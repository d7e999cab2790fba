import AssayBytes
import AssayPE
import Foundation
import Testing

struct PETests {
    @Test(arguments: [
        (UInt16(0x8664), PEImage.Machine.x86x64, "x86_64"), (0xAA64, .arm64, "aarch64"), (0x014C, .i386, "i686"),
        (0x1234, .init(rawValue: 0x1234), "machine 0x1234"),
    ])
    func `the headers are read`(_ number: UInt16, _ machine: PEImage.Machine, _ name: String) throws {
        for is64Bit in [true, false] {
            var fixture = PEFixture.unified
            fixture.machine = number
            fixture.is64Bit = is64Bit
            let image = try PEImage(fixture.source)
            #expect(image.machine == machine)
            #expect(image.machine.description == name)
            #expect(image.is64Bit == is64Bit)
            #expect(image.isEFI)
            #expect(image.dllCharacteristics == 0x100)
            #expect(image.timestamp == 1_700_000_000)
            #expect(image.sections.map(\.name) == fixture.sections.map(\.name))
            #expect(image.certificateTable == nil)
            #expect(image.diagnostics == [])
        }
    }

    @Test func `content is cut to the virtual size, and never padded up to it`() throws {
        let fixture = PEFixture(sections: [
            (".exact", [1, 2, 3], nil), (".zero", [4, 5], 0), (".large", [6], 5000), (".empty", [], 0),
        ])
        let image = try PEImage(fixture.source)
        let sizes = image.sections.map(\.contentSize)
        #expect(sizes == [3, 512, 512, 0])
        #expect(image.sections.map(\.zeroFill) == [0, 0, 5000 - 512, 0])
        let limit = ByteCount(512)
        #expect(try PEImage.content(of: image.sections[0], in: fixture.source, limit: limit) == [1, 2, 3])
        #expect(try PEImage.content(of: image.sections[3], in: fixture.source, limit: limit) == [])
        let error = try #require(throws: PEError.self) {
            try PEImage.content(of: image.sections[1], in: fixture.source, limit: ByteCount(511))
        }
        #expect(error.code == .tooLarge)
        #expect(PEImage.region(of: image.sections[0]).count == ByteCount(3))
    }

    @Test func `a certificate table is a fact, and outside the file a diagnostic`() throws {
        var fixture = PEFixture.unified
        fixture.certificate = [8, 0, 0, 0, 0, 2, 2, 0]
        let image = try PEImage(fixture.source)
        #expect(image.certificateTable?.count == ByteCount(8))
        #expect(image.diagnostics == [])
        let cut = try PEImage(ByteArraySource(Array(fixture.bytes.dropLast(1))))
        #expect(cut.certificateTable != nil)
        #expect(cut.diagnostics == ["the certificate table lies outside the file"])
    }

    @Test func `a section outside the file is a diagnostic, and its content an error`() throws {
        let bytes = Array(PEFixture.unified.bytes.dropLast(600))
        let image = try PEImage(ByteArraySource(bytes))
        #expect(image.diagnostics == ["section '.initrd' lies outside the file"])
        let initrd = try #require(image.sections(named: ".initrd").first)
        let error = try #require(throws: PEError.self) {
            try PEImage.content(of: initrd, in: ByteArraySource(bytes), limit: .mebibytes(1))
        }
        #expect(error.code == .truncated)
    }

    @Test func `sections that overlap are a diagnostic`() throws {
        var bytes = PEFixture(sections: [(".a", [1], nil), (".b", [2], nil)]).bytes
        let table = 0x80 + 24 + 112 + 128
        // The second section's file position becomes the first's.
        for index in 0..<4 { bytes[table + 40 + 20 + index] = bytes[table + 20 + index] }
        #expect(try PEImage(ByteArraySource(bytes)).diagnostics == ["sections '.a' and '.b' overlap in the file"])
    }

    private static let others: [([UInt8], PEError.Code)] = {
        let zeros = [UInt8](repeating: 0, count: 200)
        let ones = [UInt8](repeating: 0xFF, count: 62)
        let dos: [UInt8] = [0x4D, 0x5A]
        return [
            ([], .notPE), (dos, .truncated), ([0x7F, 0x45, 0x4C, 0x46], .notPE), (dos + zeros, .notPE),
            (dos + ones, .truncated),
        ]
    }()

    @Test(arguments: others)
    func `other bytes are no PE image`(_ bytes: [UInt8], _ code: PEError.Code) throws {
        let error = try #require(throws: PEError.self) { try PEImage(ByteArraySource(bytes)) }
        #expect(error.code == code)
    }

    @Test func `an unknown optional header is malformed`() throws {
        var bytes = PEFixture.unified.bytes
        bytes[0x80 + 24] = 7
        let error = try #require(throws: PEError.self) { try PEImage(ByteArraySource(bytes)) }
        #expect(error.code == .malformed)
    }

    @Test func `cut or changed anywhere it never crashes`() {
        var fixture = PEFixture.unified
        fixture.certificate = [8, 0, 0, 0, 0, 2, 2, 0]
        let bytes = fixture.bytes
        func read(_ bytes: [UInt8]) {
            let source = ByteArraySource(bytes)
            guard let image = try? PEImage(source) else { return }
            let unified = UnifiedKernelImage(image)
            for part in UnifiedKernelImage.Part.allCases { _ = try? unified.text(of: part, in: source) }
            for section in image.sections.prefix(20) {
                _ = try? PEImage.content(of: section, in: source, limit: .kibibytes(64))
            }
        }
        for count in 0..<bytes.count { read(Array(bytes[..<count])) }
        for bit in 0..<(700 * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            read(changed)
        }
        var state: UInt64 = 99
        func random() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        for _ in 0..<1500 {
            var changed = bytes
            for _ in 0...(random() % 6) { changed[Int(random() % 700)] = UInt8(truncatingIfNeeded: random()) }
            read(changed)
        }
    }
}

struct UnifiedKernelImageTests {
    @Test func `the parts of an image are told and read`() throws {
        let source = PEFixture.unified.source
        let unified = UnifiedKernelImage(try PEImage(source))
        #expect(unified.hasKernel)
        #expect(!unified.isAddon)
        #expect(unified.profiles == [])
        #expect(unified.base.duplicates == [])
        #expect(try unified.text(of: .cmdline, in: source) == "console=ttyS0 lockdown=integrity")
        #expect(try unified.text(of: .uname, in: source) == "6.6.134.1-1.azl3")
        #expect(try unified.text(of: .osrel, in: source) == "ID=azurelinux\nVERSION_ID=\"3.0\"")
        #expect(try unified.text(of: .dtb, in: source) == nil)
        #expect(unified.section(.linux)?.contentSize == 700)
        #expect(unified.section(.initrd)?.contentSize == 1500)
    }

    @Test func `a second section of one part is reported, and the first counts`() throws {
        var fixture = PEFixture.unified
        fixture.sections += [(".cmdline", Array("quiet".utf8), nil), (".dtbauto", [1], nil), (".dtbauto", [2], nil)]
        let unified = UnifiedKernelImage(try PEImage(fixture.source))
        #expect(unified.base.duplicates == [.cmdline])
        #expect(try unified.text(of: .cmdline, in: fixture.source) == "console=ttyS0 lockdown=integrity")
    }

    @Test func `a profile's sections take the place of the base's`() throws {
        var fixture = PEFixture.unified
        fixture.sections += [
            (".profile", Array("ID=main".utf8), nil),
            (".profile", Array("ID=reset".utf8), nil), (".cmdline", Array("factory_reset".utf8), nil),
        ]
        let unified = UnifiedKernelImage(try PEImage(fixture.source))
        #expect(unified.profiles.count == 2)
        #expect(unified.base.duplicates == [])
        #expect(try unified.text(of: .cmdline, profile: 0, in: fixture.source) == "console=ttyS0 lockdown=integrity")
        #expect(try unified.text(of: .cmdline, profile: 1, in: fixture.source) == "factory_reset")
        #expect(try unified.text(of: .profile, profile: 1, in: fixture.source) == "ID=reset")
        #expect(try unified.text(of: .uname, profile: 9, in: fixture.source) == "6.6.134.1-1.azl3")
    }

    @Test func `an addon has parts but no kernel`() throws {
        let addon = PEFixture(sections: [(".cmdline", Array("debug".utf8), nil)])
        #expect(UnifiedKernelImage(try PEImage(addon.source)).isAddon)
        let plain = PEFixture(sections: [(".text", [0xC3], nil)])
        #expect(!UnifiedKernelImage(try PEImage(plain.source)).isAddon)
        #expect(!UnifiedKernelImage(try PEImage(plain.source)).hasKernel)
    }

    private static let stub = "/usr/lib/systemd/boot/efi/linuxx64.efi.stub"
    private static let isReferenceThere =
        ProcessInfo.processInfo.environment["CI"] == "true"
        || [stub, "/usr/bin/objcopy", "/usr/bin/objdump"].allSatisfy { FileManager.default.fileExists(atPath: $0) }

    /// Needs binutils and systemd-boot-efi.
    @Test(.enabled(if: isReferenceThere))
    func `an image made by objcopy from systemd's stub has the sections that objdump lists`() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let cmdline = directory.appendingPathComponent("cmdline")
        let kernel = directory.appendingPathComponent("kernel")
        let made = directory.appendingPathComponent("uki.efi")
        let listing = directory.appendingPathComponent("listing")
        try Data("root=/dev/sda1 lockdown=integrity".utf8).write(to: cmdline)
        try Data((0..<5001).map { UInt8(truncatingIfNeeded: $0) }).write(to: kernel)
        try Data().write(to: listing)
        func run(_ program: String, _ arguments: [String]) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
            process.standardOutput = try FileHandle(forWritingTo: listing)
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        try run(
            "/usr/bin/objcopy",
            [
                "--add-section", ".cmdline=\(cmdline.path)", "--change-section-vma", ".cmdline=0x30000",
                "--add-section", ".linux=\(kernel.path)", "--change-section-vma", ".linux=0x40000", Self.stub,
                made.path,
            ])
        try run("/usr/bin/objdump", ["-h", made.path])
        let listed = try String(contentsOf: listing, encoding: .utf8).split(separator: "\n").compactMap {
            line -> String? in
            let words = line.split(separator: " ")
            guard words.count >= 7, Int(words[0]) != nil else { return nil }
            return "\(words[1]) \(UInt64(words[5], radix: 16) ?? 0)"
        }
        let source = ByteArraySource(try Array(Data(contentsOf: made)))
        let image = try PEImage(source)
        #expect(image.sections.map { "\($0.name) \($0.rawOffset)" } == listed)
        #expect(image.machine == .x86x64)
        #expect(image.isEFI)
        let unified = UnifiedKernelImage(image)
        #expect(try unified.text(of: .cmdline, in: source) == "root=/dev/sda1 lockdown=integrity")
        let linux = try #require(unified.section(.linux))
        let content = try PEImage.content(of: linux, in: source, limit: .mebibytes(1))
        #expect(try content == Array(Data(contentsOf: kernel)))
        #expect(try unified.text(of: .sbat, in: source)?.hasPrefix("sbat,1,") == true)
    }
}
