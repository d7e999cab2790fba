import AssayBytes
import AssayCompression
import AssayKernelConfig
import AssayTestSupport
import Foundation
import Synchronization

/// Files under Tests/Vectors/KernelConfig.
enum Vectors {
    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Vectors/KernelConfig")
        return try Array(Data(contentsOf: folder.appendingPathComponent(name)))
    }

    /// Parsed once: a debug build takes its time.
    private static let cache = Mutex<[String: KernelConfig]>([:])

    static func parsed(_ name: String) throws -> KernelConfig {
        try cache.withLock { cache in
            if let known = cache[name] { return known }
            let config = try KernelConfig(config(name))
            cache[name] = config
            return config
        }
    }

    static func config(_ name: String) throws -> [UInt8] {
        let limits = DecompressionLimits(output: .mebibytes(4))
        return try Decompressor(.gzip, limits: limits).bytes(of: bytes(name + ".config.gz"))
    }
}

/// Runs a program on a file; nil when it is not installed.
func run(_ path: String, _ arguments: [String], input: [UInt8]) throws -> [UInt8]? {
    guard FileManager.default.isExecutableFile(atPath: path) else { return nil }
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let from = directory.appendingPathComponent("in")
    let into = directory.appendingPathComponent("out")
    try Data(input).write(to: from)
    try Data().write(to: into)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: from)
    process.standardOutput = try FileHandle(forWritingTo: into)
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? try Array(Data(contentsOf: into)) : nil
}

extension SeededNumbers {
    /// `bytes` with one to four places changed, added or removed.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...(next() % 4) where !bytes.isEmpty {
            let position = Int(next() % UInt64(bytes.count))
            switch next() % 4 {
            case 0: bytes[position] = UInt8(truncatingIfNeeded: next())
            case 1: bytes.insert(UInt8(truncatingIfNeeded: next()), at: position)
            case 2: bytes.remove(at: position)
            default: bytes += bytes[position...].prefix(40)
            }
        }
        return bytes
    }
}
