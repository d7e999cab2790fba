import AssayTestSupport
import Foundation
import Testing

/// Whether a differential test can run: the tool is there, or CI demands it.
func hasTool(_ path: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: path) || ProcessInfo.processInfo.environment["CI"] == "true"
}

/// Runs a program and returns its output and status.
func run(_ arguments: [String], environment: [String: String] = [:]) throws -> (output: String, status: Int32) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"].merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
}

/// Runs `body` with a directory that is removed afterwards.
func withDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.path + "/assay-sources-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
}

/// Writes `text`, with the folders on the way.
func write(_ text: String, to path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
}

extension SeededNumbers {
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(next() % UInt64(elements.count))]
    }

    /// `bytes` with some of them changed, removed or doubled.
    mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
        var copy = bytes
        for _ in 0...(next() % 8) where !copy.isEmpty {
            let index = Int(next() % UInt64(copy.count))
            switch next() % 4 {
            case 0: copy[index] = UInt8(truncatingIfNeeded: next())
            case 1: copy.remove(at: index)
            case 2: copy.insert(pick(Array("\n\"{};=[]#: \0".utf8)), at: index)
            default: copy.removeLast(copy.count - index)
            }
        }
        return copy
    }
}
