import AssayBytes
import AssayCompression
import AssayKernelConfig
import AssayTestSupport
import Foundation
import Testing

/// Makes kernels around a payload.
private enum Kernel {
    static let banner = "Linux version 6.6.134.1-1.azl3 (builder@host) (gcc 13.2.0) #1 SMP Mon Jan 1 00:00:00 UTC 2026"

    /// What a decompressed kernel holds that matters here, with noise around it.
    static func content(config gzip: [UInt8]?, noise: Int = 160_000, end: Bool = true) -> [UInt8] {
        var random = SeededNumbers(state: 5)
        func noiseBytes(_ random: inout SeededNumbers) -> [UInt8] {
            (0..<(noise / 8)).flatMap { _ in
                let word = random.next() & 0x0F0F_0F0F_0F0F_0F0F
                return (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
            }
        }
        var bytes = noiseBytes(&random) + Array("IKCFG_ST is only a word here; Linux version %s (%s)\n\u{0}".utf8)
        bytes += noiseBytes(&random) + Array((banner + "\n\u{0}").utf8)
        if let gzip { bytes += Array("IKCFG_ST".utf8) + gzip + (end ? Array("IKCFG_ED".utf8) : []) }
        return bytes + noiseBytes(&random)
    }

    static func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    static func put(_ value: [UInt8], _ offset: Int, _ bytes: inout [UInt8]) {
        bytes.replaceSubrange(offset..<(offset + value.count), with: value)
    }

    /// A bzImage: boot sector and one setup sector, a stub, the payload with its size word, a tail.
    static func bzImage(_ payload: [UInt8], size: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1024 + 64)
        put(Array("MZ".utf8), 0, &bytes)
        bytes[0x1F1] = 1
        put([0x55, 0xAA], 0x1FE, &bytes)
        put(Array("HdrS".utf8), 0x202, &bytes)
        put([0x0F, 0x02], 0x206, &bytes)
        put([0x80, 0x01], 0x20E, &bytes)
        put(Array("6.6.134.1-1.azl3 (builder@host) #1 SMP\u{0}".utf8), 0x380, &bytes)
        put(word(64), 0x248, &bytes)
        put(word(payload.count + 4), 0x24C, &bytes)
        return bytes + payload + word(size) + [UInt8](repeating: 0xCC, count: 100)
    }

    static func zboot(_ payload: [UInt8], name: String) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 512)
        put(Array("MZ\u{0}\u{0}zimg".utf8), 0, &bytes)
        put(word(512), 8, &bytes)
        put(word(payload.count), 12, &bytes)
        put(Array(name.utf8), 24, &bytes)
        return bytes + payload + [1, 2, 3]
    }

    static func arm64(_ content: [UInt8]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64)
        put([0x41, 0x52, 0x4D, 0x64], 0x38, &bytes)
        return bytes + content
    }
}

private let compressors: [(path: String, arguments: [String], format: CompressionFormat, zboot: String)] = [
    ("/usr/bin/gzip", ["-n", "-9"], .gzip, "gzip"),
    ("/usr/bin/xz", ["-c", "--check=crc32", "--x86", "--lzma2=dict=32MiB"], .xz, "xzkern"),
    ("/usr/bin/xz", ["-c", "--format=lzma"], .lzma, "lzma"),
    ("/usr/bin/zstd", ["-c", "-q", "-22", "--ultra"], .zstd, "zstd22"),
    ("/usr/bin/lz4", ["-c", "-q", "-l", "-9"], .lz4Legacy, "lz4"),
]

private let inCI = ProcessInfo.processInfo.environment["CI"] == "true"
private let haveTools = inCI || compressors.allSatisfy { FileManager.default.isExecutableFile(atPath: $0.path) }
/// Debian's kernel, when the package linux-image-cloud-amd64 is installed.
private let debianKernels = ((try? FileManager.default.contentsOfDirectory(atPath: "/boot")) ?? [])
    .filter { $0.hasPrefix("vmlinuz-") }.sorted()

struct KernelImageTests {
    @Test(.enabled(if: haveTools), arguments: compressors.indices)
    func `the embedded configuration is found in every kind of image`(_ index: Int) throws {
        let tool = compressors[index]
        let text = try Vectors.config("kernel-uvm.x86_64")
        let content = Kernel.content(config: try Vectors.bytes("kernel-uvm.x86_64.config.gz"))
        let payload = try #require(try run(tool.path, tool.arguments, input: content))

        let image = try KernelImage(ByteArraySource(Kernel.bzImage(payload, size: content.count)))
        #expect(image.container == .bzImage(major: 2, minor: 15))
        #expect(image.compression == tool.format)
        #expect(image.headerVersion == "6.6.134.1-1.azl3 (builder@host) #1 SMP")
        #expect(image.release == "6.6.134.1-1.azl3")
        #expect(image.banner == Kernel.banner)
        #expect(image.diagnostics == [])
        #expect(image.config == (try KernelConfig(text)))
        #expect(image.searched.rawValue <= UInt64(content.count))

        let zboot = try KernelImage(ByteArraySource(Kernel.zboot(payload, name: tool.zboot)))
        #expect(zboot.container == .zboot)
        #expect(zboot.diagnostics == [])
        #expect(zboot.config == image.config)
        #expect(zboot.release == "6.6.134.1-1.azl3")

        let compressed = try KernelImage(ByteArraySource(payload))
        #expect(compressed.container == .compressed)
        #expect(try KernelImage.config(from: ByteArraySource(payload)) == image.config)
    }

    @Test func `an Image and an ELF file are searched as they are`() throws {
        let content = Kernel.content(config: try Vectors.bytes("kernel.aarch64.config.gz"))
        let image = try KernelImage(ByteArraySource(Kernel.arm64(content)))
        #expect(image.container == .image)
        #expect(image.compression == nil)
        #expect(image.config?.architecture == .arm64)
        let elf = try KernelImage(ByteArraySource([0x7F, 0x45, 0x4C, 0x46] + content))
        #expect(elf.container == .elf)
        #expect(elf.config == image.config)
        #expect(elf.banner == Kernel.banner)
    }

    @Test func `a mark that straddles two pieces is found`() throws {
        let gzip = try Vectors.bytes("kernel-uvm.x86_64.config.gz")
        let marked = Array("IKCFG_ST".utf8) + gzip + Array("IKCFG_ED".utf8)
        for shift in [0, 1, 5, 7, 8, 9, 10, 15, 16, 1030] {
            let pad = [UInt8](repeating: 1, count: 256 * 1024 - 4 - shift)
            let found = try KernelImage.config(from: ByteArraySource([0x7F, 0x45, 0x4C, 0x46] + pad + marked))
            #expect(found?.version?.raw == "6.6.130.mshv1", "start \(shift) bytes before the border")
            let before = [UInt8](repeating: 1, count: pad.count - gzip.count - 8)
            let end = try KernelImage.config(from: ByteArraySource([0x7F, 0x45, 0x4C, 0x46] + before + marked))
            #expect(end?.version?.raw == "6.6.130.mshv1", "end \(shift) bytes before the border")
        }
    }

    @Test func `a kernel without a configuration gives nil, an open mark a diagnostic`() throws {
        let none = try KernelImage(ByteArraySource(Kernel.arm64(Kernel.content(config: nil, noise: 8000))))
        #expect(none.config == nil)
        #expect(none.banner == Kernel.banner)
        #expect(none.diagnostics == [])
        let open = Kernel.content(config: try Vectors.bytes("kernel-uvm.x86_64.config.gz"), noise: 8000, end: false)
        let image = try KernelImage(ByteArraySource(Kernel.arm64(open)))
        #expect(image.config == nil)
        #expect(image.diagnostics.count == 1)
    }

    @Test func `an embedded configuration that does not decompress is an error`() throws {
        var gzip = try Vectors.bytes("kernel-uvm.x86_64.config.gz")
        gzip[gzip.count / 2] ^= 0x10
        let content = Kernel.arm64(Kernel.content(config: gzip, noise: 8000))
        let error = try #require(throws: KernelConfigError.self) { try KernelImage(ByteArraySource(content)) }
        #expect(error.code == .malformed)
    }

    @Test(arguments: [([], KernelConfigError.Code.notAKernel), (Array("just text".utf8), .notAKernel)])
    func `other files are no kernels`(_ bytes: [UInt8], _ code: KernelConfigError.Code) throws {
        let error = try #require(throws: KernelConfigError.self) { try KernelImage(ByteArraySource(bytes)) }
        #expect(error.code == code)
    }

    @Test func `a payload that lies outside, is unknown or from an old protocol is an error`() throws {
        let good = Kernel.bzImage([0x1F, 0x8B, 8, 0, 0, 0], size: 0)
        func code(_ offset: Int, _ value: [UInt8]) -> KernelConfigError.Code? {
            var bytes = good
            Kernel.put(value, offset, &bytes)
            return #expect(throws: KernelConfigError.self) { try KernelImage(ByteArraySource(bytes)) }?.code
        }
        #expect(code(0x248, [0xFF, 0xFF, 0xFF, 0xFF]) == .malformed)
        #expect(code(0x24C, [0xFF, 0xFF, 0xFF, 0xFF]) == .malformed)
        #expect(code(0x24C, [0, 0, 0, 0]) == .malformed)
        #expect(code(0x206, [0x07, 0x02]) == .unsupported)
        #expect(code(1024 + 64, [0, 0, 0, 0]) == .unsupported)
    }

    @Test func `a kernel larger than the limit is refused`() throws {
        let content = Kernel.content(config: nil, noise: 120_000)
        let limits = KernelImage.Limits(kernel: .kibibytes(300))
        let error = try #require(throws: KernelConfigError.self) {
            try KernelImage(ByteArraySource(Kernel.arm64(content)), limits: limits)
        }
        #expect(error.code == .tooLarge)
        guard let payload = try run("/usr/bin/gzip", ["-1"], input: content) else { return }
        let inflated = try #require(throws: CompressionError.self) {
            try KernelImage(ByteArraySource(payload), limits: limits)
        }
        #expect(inflated.code == .outputLimitExceeded)
    }

    @Test func `cut or changed anywhere it never crashes`() throws {
        let content = Kernel.content(
            config: try Vectors.bytes("kernel-uvm.x86_64.config.gz").prefix(600) + [], noise: 800)
        guard let payload = try run("/usr/bin/gzip", ["-n", "-9"], input: content) else { return }
        let images = [
            Kernel.bzImage(payload, size: content.count), Kernel.zboot(payload, name: "gzip"), Kernel.arm64(content),
        ]
        var random = SeededNumbers(state: 11)
        for image in images {
            for count in stride(from: 0, to: image.count, by: 7) {
                _ = try? KernelImage(ByteArraySource(Array(image[..<count])))
            }
            for position in stride(from: 0, to: min(image.count, 0x280) * 8, by: 3) {
                var changed = image
                changed[position / 8] ^= 1 << UInt8(position % 8)
                _ = try? KernelImage(ByteArraySource(changed))
            }
            for _ in 0..<300 { _ = try? KernelImage(ByteArraySource(random.mutated(image))) }
        }
    }

    @Test(.enabled(if: !debianKernels.isEmpty), arguments: debianKernels)
    func `an installed kernel tells its own release`(_ name: String) throws {
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: "/boot/" + name)))
        let image = try KernelImage(ByteArraySource(bytes))
        #expect(image.release == String(name.dropFirst("vmlinuz-".count)))
        #expect(image.banner?.hasPrefix("Linux version \(image.release ?? "?") ") == true)
        let file = URL(fileURLWithPath: "/boot/config-" + (image.release ?? "?"))
        guard let text = try? Array(Data(contentsOf: file)) else { return }
        let config = try KernelConfig(text)
        #expect(config.diagnostics == [])
        #expect(image.config == nil || image.config == config)
    }

    @Test(.enabled(if: FileManager.default.isReadableFile(atPath: "/proc/config.gz")))
    func `the running kernel's configuration equals what zcat prints`() throws {
        let compressed = try Array(Data(contentsOf: URL(fileURLWithPath: "/proc/config.gz")))
        let plan = Decompressor(.gzip, limits: DecompressionLimits(output: .mebibytes(16)))
        let text = try plan.bytes(of: compressed)
        let reference = try #require(try run("/usr/bin/gzip", ["-dc"], input: compressed))
        #expect(text == reference)
        let config = try KernelConfig(text)
        #expect(config.diagnostics == [])
        let lines = String(decoding: reference, as: UTF8.self).split(separator: "\n")
        let set = lines.filter { $0.hasPrefix("CONFIG_") }
        let unset = lines.filter { $0.hasPrefix("# CONFIG_") && $0.hasSuffix(" is not set") }
        #expect(config.count == set.count + unset.count)
        #expect(config.symbols.count { config[$0].value != nil } == set.count)
    }
}
