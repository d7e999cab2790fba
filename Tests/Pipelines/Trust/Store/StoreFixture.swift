import AssayFileSystem
import AssayTestSupport
import AssayTrustStore
import Synchronization

@testable import AssayTrust

/// A store in a directory of its own, and what is read through its public names.
struct StoreFixture {
    private let scratch: ScratchDirectory?
    /// The path of the root on the running system.
    let path: String
    static let store: TreePath = "/etc/pki/ca-trust/extracted"
    static let links: TreePath = "/etc/pki/tls/certs"
    static let outputs = StoreOutput.allCases

    /// What the store offers.
    let outputs: [StoreOutput]

    init(
        in directory: String? = nil, _ name: String = "root", outputs: [StoreOutput] = StoreFixture.outputs
    ) throws {
        scratch = directory == nil ? ScratchDirectory() : nil
        let directory = directory ?? scratch?.path ?? "/nonexistent"
        self.outputs = outputs
        path = directory + "/" + name
        let root = try WritableDirectory(path: directory)
        for below in [StoreFixture.store.appending("pem"), StoreFixture.links] {
            try root.makeDirectories(TreePath(names: [Array(name.utf8)] + below.names))
        }
    }

    func root() throws -> WritableDirectory { try WritableDirectory(path: path) }

    /// The files of the store number `number`.
    static func files(_ number: Int, outputs: [StoreOutput] = outputs) -> [StoreFile] {
        var files = outputs.filter { !$0.isFolder }.map {
            StoreFile(path: $0.path, content: .bytes(Array("\($0.rawValue) \(number)\n".utf8)))
        }
        for folder in ["pem/directory-hash", "legacy"] {
            for item in [number, 100] {
                let name = folder == "legacy" ? "\(hash(item)).pem" : "CA_\(item).pem"
                files.append(StoreFile(path: "\(folder)/\(name)", content: .bytes(Array("CA \(item)\n".utf8))))
                files.append(StoreFile(path: "\(folder)/\(hash(item)).0", content: .link(name)))
            }
        }
        return files
    }

    static func hash(_ item: Int) -> String {
        let text = String(item, radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }

    static func manifest(_ files: [StoreFile], outputs: [StoreOutput] = outputs) -> [UInt8] {
        StoreManifest(
            toolVersion: "test", rules: .assay, time: 0, sources: [], outputs: files.map { .init($0) },
            counts: outputs.map { .init(output: $0, certificates: 3) }
        ).text
    }

    @discardableResult
    func publish(
        _ number: Int, links: TreePath? = StoreFixture.links, step: (@Sendable (StoreStep) throws -> Void)? = nil
    ) throws -> StorePublication {
        let files = StoreFixture.files(number, outputs: outputs)
        return try StoreSwitch(root: root(), store: StoreFixture.store, linkDirectory: links, step: step)
            .publish(files, outputs: outputs, manifest: StoreFixture.manifest(files, outputs: outputs))
    }

    /// Everything that users of the store read, as text by name; what is missing or dangles has no entry.
    func seen() throws -> [String: String] {
        let reader = try root().reader
        var result: [String: String] = [:]
        func look(_ path: TreePath, _ name: String) throws {
            guard let status = try reader.existing(path) else { return }
            if status.type == .directory {
                for entry in try reader.entries(path) { try look(path.appending(entry.name), name + "/" + entry.text) }
            } else {
                result[name] = String(decoding: try reader.read(path, limit: 1000), as: UTF8.self)
            }
        }
        for output in outputs { try look(StoreFixture.store.appending(output.path), output.path) }
        try look(StoreFixture.links, "links")
        return result
    }

    /// What is read of the store number `number`, links included.
    static func expected(_ number: Int, outputs: [StoreOutput] = outputs) -> [String: String] {
        var result: [String: String] = [:]
        let files = StoreFixture.files(number, outputs: outputs)
        for file in files {
            guard case .bytes(let bytes) = file.content else { continue }
            result[file.path] = String(decoding: bytes, as: UTF8.self)
        }
        for file in files {
            guard case .link(let target) = file.content, let folder = StoreFixture.folder(file.path) else { continue }
            result[file.path] = result[folder + "/" + target]
        }
        for (name, text) in result where name.hasPrefix("legacy/") { result["links/" + name.dropFirst(7)] = text }
        return result
    }

    private static func folder(_ path: String) -> String? {
        path.lastIndex(of: "/").map { String(path[..<$0]) }
    }

    /// The names in `.assay`.
    func own() throws -> [String] {
        guard try root().reader.existing(StoreFixture.store.appending(".assay")) != nil else { return [] }
        return try root().reader.entries(StoreFixture.store.appending(".assay")).map(\.text)
    }

    /// Makes the store look as update-ca-trust leaves it.
    func makeForeign() throws {
        let root = try root()
        let store = StoreFixture.store
        for output in outputs where !output.isFolder {
            let path = store.appending(output.path)
            try root.makeDirectories(path.parent)
            try root.createFile(path, Array("old \(output)\n".utf8), mode: 0o444)
        }
        try root.makeDirectory(store.appending("pem/directory-hash"))
        try root.createFile(store.appending("pem/directory-hash/A.pem"), Array("one\n".utf8))
        try root.makeLink(store.appending("pem/directory-hash/0000beef.0"), to: Array("A.pem".utf8))
        try root.createFile(store.appending("README"), Array("kept\n".utf8))
        try root.createFile(StoreFixture.links.appending("mine.crt"), Array("mine\n".utf8))
        try root.makeLink(StoreFixture.links.appending("elsewhere"), to: Array("../misc".utf8))
    }

    /// Makes some of the names what update-ca-trust of p11-kit makes of them, and removes one.
    func mix() throws {
        let root = try root()
        for output in [StoreOutput.tlsBundle, .javaKeyStore, .directoryHash] {
            try root.removeFile(StoreFixture.store.appending(output.path))
        }
        try root.createFile(StoreFixture.store.appending("pem/tls-ca-bundle.pem"), Array("p11-kit\n".utf8))
        try root.makeDirectory(StoreFixture.store.appending("pem/directory-hash"))
        try root.createFile(StoreFixture.store.appending("pem/directory-hash/two.pem"), Array("two\n".utf8))
    }

    /// Names of links that only a run makes, for itself.
    func leftovers() throws -> [String] {
        var walk = try root().reader.walk()
        var result: [String] = []
        while let event = walk.next() {
            guard case .file(let file) = event, file.status.type == .symbolicLink else { continue }
            let name = file.path.lastName
            if name == ".assay-new" || name == "current.new" || name.contains(".before-assay") { result.append(name) }
        }
        return result
    }
}

/// An error of a test that stands for the end of the process.
struct Killed: Error {}

/// Counts steps and throws from one of them on, or at that one only.
final class Killer: Sendable {
    let count = Mutex(0)
    private let limit: Int
    private let once: Bool

    init(at limit: Int, once: Bool) {
        self.limit = limit
        self.once = once
    }

    func step(_ step: StoreStep) throws {
        count.withLock { $0 += 1 }
        if step.number == limit || (!once && step.number > limit) { throw Killed() }
    }
}
