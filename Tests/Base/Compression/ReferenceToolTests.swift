import AssayBytes
import AssayCompression
import AssayTestSupport
import Foundation
import Testing

/// Programs that compress, and what they make.
private let tools: [(path: String, arguments: [String], format: CompressionFormat)] = [
    ("/usr/bin/gzip", ["-c", "-1"], .gzip),
    ("/usr/bin/xz", ["-c", "-6"], .xz),
    ("/usr/bin/xz", ["-c", "--check=crc32", "--x86", "--lzma2=dict=32MiB"], .xz),
    ("/usr/bin/xz", ["-c", "-T2", "--block-size=1MiB"], .xz),
    ("/usr/bin/xz", ["-c", "--format=lzma"], .lzma),
    ("/usr/bin/zstd", ["-c", "-q", "-3"], .zstd),
    ("/usr/bin/zstd", ["-c", "-q", "--ultra", "-22", "--long=27"], .zstd),
    ("/usr/bin/lz4", ["-c", "-q", "-9", "-BD"], .lz4),
    ("/usr/bin/lz4", ["-c", "-q", "-l", "-9"], .lz4Legacy),
]

/// A missing tool skips at home and fails in CI.
private let haveTools =
    ProcessInfo.processInfo.environment["CI"] == "true"
    || tools.allSatisfy { FileManager.default.isExecutableFile(atPath: $0.path) }

struct ReferenceToolTests {
    @Test(.enabled(if: haveTools), arguments: tools.indices)
    func `a megabyte through the tool and back are the same`(_ index: Int) throws {
        let tool = tools[index]
        // Text-like: long repeats with noise between, so that windows, blocks and literals all occur.
        var random = SeededNumbers(state: 7)
        var input: [UInt8] = []
        while input.count < 1_200_000 {
            let word = random.next()
            if word % 3 == 0, input.count > 5000 {
                let start = Int(random.next() % UInt64(input.count - 4000))
                input += input[start..<(start + Int(word >> 8 & 0xFFF) % 4000)]
            } else {
                for shift in 0..<8 { input.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * shift)) & 0x7F) }
            }
        }
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let plain = directory.appendingPathComponent("plain")
        let packed = directory.appendingPathComponent("packed")
        try Data(input).write(to: plain)
        try Data().write(to: packed)

        let process = Process()
        process.executableURL = URL(fileURLWithPath: tool.path)
        process.arguments = tool.arguments
        process.standardInput = try FileHandle(forReadingFrom: plain)
        process.standardOutput = try FileHandle(forWritingTo: packed)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)

        let compressed = try Array(Data(contentsOf: packed))
        #expect(CompressionFormat.detect(compressed) == tool.format)
        let limits = DecompressionLimits(output: ByteCount(UInt64(input.count)))
        let output = try Decompressor(tool.format, limits: limits).bytes(of: compressed)
        #expect(output == input)
    }
}
