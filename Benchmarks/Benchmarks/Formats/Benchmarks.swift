import AssayBytes
import AssayELF
import AssayKernelConfig
import AssayOpenPGP
import AssaySysctl
import Benchmark
import Foundation

/// Inputs are made here, so that numbers of two machines or two versions are of the same work.
enum Inputs {
    /// A kernel configuration of 12,000 lines, the size of a distribution's.
    static let kernelConfig: [UInt8] = {
        var text = "#\n# Linux/x86_64 6.6.134.1 Kernel Configuration\n#\n"
        for number in 0..<6_000 {
            text += "CONFIG_OPTION_\(number)=\(number % 3 == 0 ? "y" : number % 3 == 1 ? "m" : "\"a\\\"\(number)\"")\n"
            text += "# CONFIG_ABSENT_\(number) is not set\n"
        }
        return Array(text.utf8)
    }()

    /// 200 files in two directories with 10,000 assignments, every tenth a pattern, half of the names in both.
    static let sysctl: [SysctlDirectory] = ["/etc/sysctl.d", "/usr/lib/sysctl.d"].enumerated().map { index, path in
        let entries = (0..<100).map { file in
            var text = "# comment\n"
            for line in 0..<50 {
                let pattern = line % 10 == 0 ? "net.ipv4.conf.*.key\(line)" : "kernel.part\(file % 7).key\(line)"
                text += "\(line % 5 == 0 ? "-" : "")\(pattern) = \(line)\n"
            }
            return SysctlEntry("\(file * (index + 1)).conf", .bytes(Array(text.utf8)))
        }
        return SysctlDirectory(path: path, entries: entries)
    }

    /// One ELF file: a header, code of `count` bytes that the canary scan reads, a stack note.
    static func elf(code count: Int) -> [UInt8] {
        func little(_ value: UInt64, _ width: Int) -> [UInt8] {
            (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        }
        let size = UInt64(176 + count)
        var bytes: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
        bytes += little(2, 2) + little(62, 2) + little(1, 4) + little(176, 8) + little(64, 8) + little(0, 8)
        bytes += little(0, 4) + little(64, 2) + little(56, 2) + little(2, 2) + little(64, 2) + little(0, 4)
        for (type, flags, offset, length) in [(1, 5, 0, size), (0x6474_E551, 6, 0, 0)]
            as [(UInt64, UInt64, UInt64, UInt64)]
        {
            bytes += little(type, 4) + little(flags, 4) + little(offset, 8) + little(offset, 8) + little(offset, 8)
            bytes += little(length, 8) + little(length, 8) + little(4096, 8)
        }
        var state: UInt32 = 1
        for _ in 0..<count {
            state = state &* 1_664_525 &+ 1_013_904_223
            bytes.append(state >> 30 == 0 ? 0 : UInt8(truncatingIfNeeded: state >> 16))
        }
        return bytes
    }

    /// The paths of the ELF files directly in `/usr/bin`.
    static let installed: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/bin")) ?? []
        return names.sorted().map { "/usr/bin/" + $0 }.filter { path in
            guard let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType,
                type == .typeRegular, let file = FileHandle(forReadingAtPath: path)
            else { return false }
            return ELFFile.isELF((try? file.read(upToCount: 4)) ?? Data())
        }
    }()
}

/// A file read by position, as the tool reads one; `pread` moves no offset.
struct PositionedFile: ByteSource {
    private let handle: FileHandle
    let size: ByteCount

    init?(_ path: String) {
        guard let handle = FileHandle(forReadingAtPath: path), let end = try? handle.seekToEnd() else { return nil }
        self.handle = handle
        size = ByteCount(end)
    }

    func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) throws -> Int {
        let wanted = buffer.count
        return buffer.withUnsafeMutableBufferPointer { pointer in
            max(0, pread(handle.fileDescriptor, pointer.baseAddress, wanted, off_t(clamping: offset.rawValue)))
        }
    }
}

// Names without spaces: the tool writes `_` for them into a threshold's file name and does not find it again.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .peakMemoryResident], warmupIterations: 2, maxDuration: .seconds(3),
        maxIterations: 1_000,
        // Machines differ and are shared: twice the committed time is a change for the worse, 10 % is not. CPU time is
        // counted in steps of 10 ms, too coarse here.
        thresholds: [
            .wallClock: .init(relative: [.p90: 100.0]),
            .peakMemoryResident: .init(relative: [.p90: 30.0]),
        ])

    Benchmark("KernelConfig") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try KernelConfig(Inputs.kernelConfig)) }
    }

    Benchmark("SysctlPlan") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(SysctlPlan(directories: Inputs.sysctl)) }
    }

    Benchmark("ELFReport-4KiB") { benchmark in
        let source = ByteArraySource(Inputs.elf(code: 4 << 10))
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(try ELFReport(source, fortifiable: nil)) }
    }

    Benchmark("ELFReport-4MiB") { benchmark in
        let source = ByteArraySource(Inputs.elf(code: 4 << 20))
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(try ELFReport(source, fortifiable: nil)) }
    }

    // One verification is well below the clock's noise, so that a hundred are measured.
    Benchmark("RSA4096-verification-x100") { benchmark in
        let certificates = try OpenPGPCertificate.parse(SignedDocument.certificate)
        let signatures = try OpenPGPSignature.parse(SignedDocument.signature)
        let document = SignatureHasher.hash(SignedDocument.document, for: signatures)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            for _ in 0..<100 {
                let verdict = signatures[0].verify(document, certificates: certificates, at: SignedDocument.time)
                guard verdict.isGood else { return benchmark.error("the signature is not good") }
            }
        }
    }

    // Without a threshold: what is installed differs from machine to machine.
    Benchmark("ELFReport-installed") { benchmark in
        let files = Inputs.installed.compactMap { PositionedFile($0) }
        benchmark.startMeasurement()
        for file in files { blackHole(try? ELFReport(file, fortifiable: nil)) }
    }
}
