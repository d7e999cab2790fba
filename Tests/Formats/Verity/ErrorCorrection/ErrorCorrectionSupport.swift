import AssayBytes
import AssayTestSupport
import AssayVerity
import Foundation
import Synchronization

/// Where the reference tool is.
let veritysetup = "/usr/sbin/veritysetup"

/// Whether a differential test can run: the tool is there, or CI demands it.
let hasVeritysetup =
    FileManager.default.isExecutableFile(atPath: veritysetup) || ProcessInfo.processInfo.environment["CI"] == "true"

/// Runs veritysetup; output and errors together.
func runVeritysetup(_ arguments: [String]) throws -> (output: String, status: Int32) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: veritysetup)
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
}

/// Runs `body` with a directory that is removed afterwards.
func withErrorCorrectionDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.path + "/assay-fec-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// All bytes of a file.
func fileBytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

/// Replaces a file.
func writeFile(_ bytes: [UInt8], _ path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

extension SeededNumbers {
    mutating func bytes(_ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count + 7)
        while result.count < count {
            var word = next()
            for _ in 0..<8 {
                result.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        return Array(result.prefix(count))
    }
}

/// Bytes in memory that are read with one copy: the array source copies byte by byte, too slow here without optimizing.
struct MemorySource: ByteSource {
    let bytes: [UInt8]
    /// What the source claims; less than that is read when there is less.
    let size: ByteCount

    init(_ bytes: [UInt8], claiming size: Int? = nil) {
        self.bytes = bytes
        self.size = ByteCount(UInt64(size ?? bytes.count))
    }

    func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) -> Int {
        guard let start = Int(exactly: offset.rawValue), start < bytes.count else { return 0 }
        let count = min(buffer.count, bytes.count - start)
        unsafe buffer.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                // `count` bytes are inside both.
                unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start..<start + count]))
            }
        }
        return count
    }
}

/// The corrections that a repair gives.
final class Corrections: Sendable {
    private let list = Mutex<[MessageCorrection]>([])

    var sorted: [MessageCorrection] { list.withLock { $0.sorted { $0.offset < $1.offset } } }

    func add(_ correction: MessageCorrection) { list.withLock { $0.append(correction) } }

    /// `message` with all corrections.
    func applied(to message: [UInt8]) -> [UInt8] {
        var copy = message
        for correction in sorted {
            let start = Int(correction.offset.rawValue)
            copy.replaceSubrange(start..<start + correction.bytes.count, with: correction.bytes)
        }
        return copy
    }
}

/// A message in memory with its parity.
struct ProtectedMessage {
    let geometry: ErrorCorrectionGeometry
    var message: [UInt8]
    var parity: [UInt8]

    init(blockSize: Int, roots: Int, dataBlocks: Int, hashBlocks: Int, seed: UInt64, threads: Int = 1) async throws {
        var generator = SeededNumbers(state: seed)
        geometry = try ErrorCorrectionGeometry(
            blockSize: blockSize, roots: roots, dataBlocks: UInt64(dataBlocks), hashAreaFirstBlock: 1,
            hashAreaBlocks: UInt64(hashBlocks))
        message = generator.bytes((dataBlocks + hashBlocks) * blockSize)
        let store = ByteArrayStore()
        try await ErrorCorrection.encode(
            message: MemorySource(message), geometry: geometry, into: store, threads: threads)
        parity = store.bytes
    }

    func check() async throws -> ErrorCorrectionReport {
        try await ErrorCorrection.check(
            message: MemorySource(message), parity: MemorySource(parity), geometry: geometry, threads: 2)
    }

    func repair(
        knownBad: [Range<UInt64>] = []
    ) async throws -> (report: ErrorCorrectionReport, corrections: Corrections) {
        let corrections = Corrections()
        let report = try await ErrorCorrection.repair(
            message: MemorySource(message), parity: MemorySource(parity), geometry: geometry, knownBad: knownBad,
            threads: 2
        ) { corrections.add($0) }
        return (report, corrections)
    }

    /// Inverts a whole block of the message.
    mutating func destroy(block: Int) {
        for index in block * geometry.blockSize..<(block + 1) * geometry.blockSize { message[index] ^= 0xff }
    }
}
