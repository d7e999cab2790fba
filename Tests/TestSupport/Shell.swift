import Foundation
import Synchronization

/// What a command of a test printed and how it ended.
public struct ShellResult: Sendable {
    /// The exit status; 128 + n after signal n.
    public let status: Int32
    /// The bytes on standard output.
    public let output: [UInt8]
    /// The bytes on standard error.
    public let errors: [UInt8]

    /// Standard output as text.
    public var text: String { String(decoding: output, as: UTF8.self) }
    /// Standard error as text.
    public var errorText: String { String(decoding: errors, as: UTF8.self) }
}

/// Runs `script` with `/bin/sh -c` in `directory` and waits for it.
@discardableResult
public func shell(_ script: String, in directory: String = "/", arguments: [String] = []) -> ShellResult {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script, "sh"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    let scratch = ScratchDirectory()
    let output = scratch.path + "/output"
    let errors = scratch.path + "/errors"
    for path in [output, errors] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    do {
        try process.run()
    } catch {
        return ShellResult(status: 127, output: [], errors: Array("\(error)".utf8))
    }
    process.waitUntilExit()
    let status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    return ShellResult(
        status: status, output: FileManager.default.contents(atPath: output).map { Array($0) } ?? [],
        errors: FileManager.default.contents(atPath: errors).map { Array($0) } ?? [])
}

/// Whether the program `name` is on the path; a differential test without its peer is skipped at home and fails in CI.
public func isAvailable(_ name: String) -> Bool {
    ProcessInfo.processInfo.environment["CI"] != nil || shell("command -v -- \"$1\"", arguments: [name]).status == 0
}

/// A directory of the test's own that is removed with it.
public final class ScratchDirectory: Sendable {
    /// Where it is.
    public let path: String

    /// Makes a new, empty directory.
    public init() {
        path = NSTemporaryDirectory() + "/assay-test-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        LeftoverDirectories.shared.add(path)
    }

    deinit {
        removeDirectories([path])
        LeftoverDirectories.shared.forget(path)
    }

    /// Writes a file of the directory, with the directories above it.
    public func write(_ name: String, _ text: String) throws {
        try write(name, Array(text.utf8))
    }

    /// Writes a file of the directory, with the directories above it.
    public func write(_ name: String, _ bytes: [UInt8]) throws {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }
}

private func removeDirectories(_ paths: [String]) {
    guard !paths.isEmpty else { return }
    let remove = Process()
    // rm works by descriptors, so it also removes what is deeper than the longest path.
    remove.executableURL = URL(fileURLWithPath: "/bin/rm")
    remove.arguments = ["-rf", "--"] + paths
    try? remove.run()
    remove.waitUntilExit()
}

/// The directories of fixtures that last as long as the process: they go at its end, and with them the agents of gpg, which
/// end when their home does.
private final class LeftoverDirectories: Sendable {
    static let shared = LeftoverDirectories()

    private let paths = Mutex<Set<String>>([])

    private init() {
        atexit { removeDirectories(LeftoverDirectories.shared.paths.withLock { $0.sorted() }) }
    }

    func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

    func forget(_ path: String) { paths.withLock { _ = $0.remove(path) } }
}
