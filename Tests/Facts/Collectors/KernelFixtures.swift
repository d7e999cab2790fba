import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayTestSupport
import Foundation

@testable import AssayCollectors

/// Kernels, unified kernel images and configurations made for tests.
enum KernelFixture {
    /// A configuration with enough symbols to count as a whole one.
    static func configuration(_ version: String, _ lines: [String] = ["CONFIG_X86_64=y"]) -> String {
        let header = "#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 \(version) Kernel Configuration\n#\n"
        let filler = (0..<220).map { "CONFIG_FILLER_\($0)=y\n" }.joined()
        return header + lines.map { $0 + "\n" }.joined() + filler
    }

    /// A gzip file of stored blocks (RFC 1951, 3.2.4; RFC 1952).
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(60_000)
            rest = rest.dropFirst(block.count)
            result += [rest.isEmpty ? 1 : 0] + little(block.count, 2) + little(~block.count & 0xFFFF, 2) + block
        } while !rest.isEmpty
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return result + little(Int(~crc), 4) + little(bytes.count, 4)
    }

    /// An arm64 Image with a banner and, when given, an embedded configuration.
    static func image(release: String, configuration: String?) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 0x38) + Array("ARMd".utf8) + [UInt8](repeating: 0, count: 4)
        bytes += Array("Linux version \(release) (builder) #1 SMP\n\u{0}".utf8)
        if let configuration {
            bytes += Array("IKCFG_ST".utf8) + gzip(Array(configuration.utf8)) + Array("IKCFG_ED".utf8)
        }
        return bytes + [UInt8](repeating: 0, count: 64)
    }

    /// A PE image of the given sections.
    static func portableExecutable(_ sections: [(name: String, content: [UInt8])]) -> [UInt8] {
        let alignment = 512
        func padded(_ bytes: [UInt8]) -> [UInt8] {
            bytes + [UInt8](repeating: 0, count: (alignment - bytes.count % alignment) % alignment)
        }
        var result: [UInt8] = Array("MZ".utf8) + [UInt8](repeating: 0, count: 0x3A) + little(0x80, 4)
        result += [UInt8](repeating: 0, count: 0x80 - result.count)
        let optionalSize = 112 + 16 * 8
        result += Array("PE\u{0}\u{0}".utf8) + little(0x8664, 2) + little(sections.count, 2)
        result += little(0, 12) + little(optionalSize, 2) + little(0x22E, 2)
        let headerSize = padded(result + [UInt8](repeating: 0, count: optionalSize + 40 * sections.count)).count
        var headers: [UInt8] = []
        var body: [UInt8] = []
        for (index, section) in sections.enumerated() {
            let name = Array(section.name.utf8)
            let raw = padded(section.content)
            headers += name + [UInt8](repeating: 0, count: 8 - name.count)
            headers += little(section.content.count, 4) + little(0x1000 * (index + 1), 4)
            headers += little(raw.count, 4) + little(headerSize + body.count, 4) + little(0, 12)
            headers += little(0x4000_0040, 4)
            body += raw
        }
        var optional = little(0x20B, 2) + [UInt8](repeating: 0, count: optionalSize - 2)
        optional.replaceSubrange(68..<70, with: little(10, 2))
        optional.replaceSubrange(108..<112, with: little(16, 4))
        return padded(result + optional + headers) + body
    }

    /// A unified kernel image.
    static func unified(release: String?, commandLine: String?, configuration: String? = nil) -> [UInt8] {
        var sections: [(name: String, content: [UInt8])] = []
        if let commandLine { sections.append((".cmdline", Array(commandLine.utf8))) }
        if let release { sections.append((".uname", Array(release.utf8))) }
        sections.append((".linux", image(release: release ?? "6.1.9-image", configuration: configuration)))
        return portableExecutable(sections)
    }

    private static func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

/// What was collected of a small tree.
struct KernelTree {
    let kernels: [KernelFacts]
    let gaps: [Gap]

    init(_ directory: ScratchDirectory, isLive: Bool = false, commandLine: String? = nil) throws {
        let reader = SubjectReader(root: try RootedDirectory(path: directory.path))
        var gaps: [Gap] = []
        kernels = KernelCollector(reader: reader, isLive: isLive).collect(commandLine: commandLine, gaps: &gaps)
        self.gaps = gaps
    }

    /// The facts of one kernel.
    func kernel(_ release: String) -> KernelFacts? { kernels.first { $0.release == release } }

    /// The command lines of one kernel as `source: text`.
    func lines(_ release: String) -> [String] {
        kernel(release)?.commandLines.map { "\($0.source): \($0.text)" } ?? []
    }
}

extension ScratchDirectory {
    /// Makes a symbolic link of the directory.
    func link(_ name: String, to target: String) throws {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: target)
    }

    /// Makes an empty directory of the directory.
    func folder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
    }
}

/// Root reads files of any mode, so that nothing is unreadable to it.
let isRoot = geteuid() == 0
