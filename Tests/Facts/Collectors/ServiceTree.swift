import AssayFacts
import AssayFileSystem
import AssayTestSupport

@testable import AssayCollectors

/// A small root directory that a test writes.
struct ServiceTree {
    let directory = ScratchDirectory()

    /// Writes `files`, then makes symbolic `links` (path to target).
    init(_ files: [String: String], links: [String: String] = [:]) throws {
        for (path, text) in files { try directory.write(path, text) }
        for (path, target) in links.sorted(by: { $0.key < $1.key }) { link(path, to: target) }
    }

    func link(_ path: String, to target: String) {
        shell(
            "mkdir -p \"$(dirname -- \"$1\")\" && ln -sfn -- \"$2\" \"$1\"", in: directory.path,
            arguments: [path, target])
    }

    /// Runs a command in the root directory.
    func run(_ command: String) { shell(command, in: directory.path) }

    /// What `body` reads of the tree, which is there until then.
    func read<Value>(_ body: (SubjectReader) throws -> Value) throws -> Value {
        try withExtendedLifetime(directory) {
            try body(SubjectReader(root: try RootedDirectory(path: directory.path)))
        }
    }
}
