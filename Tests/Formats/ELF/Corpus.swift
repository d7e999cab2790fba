import AssayBytes
import Foundation

/// The corpus that `corpus.json` describes, built once into a temporary folder; nothing in it is ever run.
///
/// `Tests/Differential/ELFTools/make-corpus.py` builds the same files from the same recipes.
struct Corpus: Sendable {
    /// The recipe of one file.
    struct Recipe: Decodable, Sendable, CustomStringConvertible {
        struct Step: Decodable, Sendable {
            struct Patch: Decodable, Sendable {
                let offset: Int
                let hex: String
            }
            let run: [String]?
            let copy: String?
            let patch: Patch?
            let truncate: Int?
            let dropSegment: UInt32?
        }
        let name: String
        let optional: Bool?
        let steps: [Step]
        let expect: Expectation

        var description: String { EscapedText(name).description }
    }

    /// What the engine must say; nil where the recipe does not care.
    struct Expectation: Decodable, Sendable {
        let error: String?
        let `class`: String?
        let machine: String?
        let type: String?
        let relro: String?
        let bindNow: String?
        let stack: String?
        let stackProtector: String?
        let fortify: String?
        let fortified: Int?
        let unfortified: Int?
        let language: String?
        let textrel: Bool?
        let rwx: Int?
        let stripped: Bool?
        let debug: Bool?
        let sections: Bool?
        let soname: String?
        let interpreter: String?
        let searchPaths: [String]?
        let searchTag: String?
        let ibt: Bool?
        let shstk: Bool?
        let bti: Bool?
        let pac: Bool?
        let newArray: String?
        let safeStack: Bool?
    }

    private struct Document: Decodable {
        let sources: [String: String]
        let files: [Recipe]
    }

    /// The recipes, in order.
    static let recipes: [Recipe] = document.files

    /// The built files by name; a recipe whose tool is missing is not among them.
    static let shared = Corpus()

    private static let document: Document = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "corpus.json")
        do {
            return try JSONDecoder().decode(Document.self, from: Data(contentsOf: file))
        } catch {
            return Document(sources: [:], files: [])
        }
    }()

    let files: [String: [UInt8]]
    let failures: [String: String]

    private init() {
        let folder = FileManager.default.temporaryDirectory.appending(path: "assay-elf-\(UUID().uuidString)")
        let sources = folder.appending(path: "src")
        var files: [String: [UInt8]] = [:]
        var failures: [String: String] = [:]
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
            for (name, text) in Corpus.document.sources {
                try Data(text.utf8).write(to: sources.appending(path: name))
            }
        } catch {
            failures[""] = "\(error)"
        }
        for recipe in Corpus.recipes {
            let path = folder.appending(path: recipe.name)
            do {
                for step in recipe.steps { try Corpus.apply(step, path, folder, sources) }
                files[recipe.name] = Array(try Data(contentsOf: path))
            } catch {
                failures[recipe.name] = "\(error)"
            }
        }
        self.files = files
        self.failures = failures
    }

    private static func apply(_ step: Recipe.Step, _ path: URL, _ folder: URL, _ sources: URL) throws {
        if let words = step.run {
            let words = words.map {
                $0.replacingOccurrences(of: "{out}", with: path.path(percentEncoded: false))
                    .replacingOccurrences(of: "{src}", with: sources.path(percentEncoded: false))
                    .replacingOccurrences(of: "//", with: "/")
            }
            _ = try Tool.run(words)
        } else if let name = step.copy {
            try FileManager.default.copyItem(at: folder.appending(path: name), to: path)
        } else {
            var bytes = Array(try Data(contentsOf: path))
            if let patch = step.patch, let value = Hex.decode(patch.hex) {
                bytes.replaceSubrange(patch.offset..<(patch.offset + value.count), with: value)
            }
            if let length = step.truncate { bytes = Array(bytes.prefix(length)) }
            if let kind = step.dropSegment { bytes = dropSegment(bytes, kind) }
            try Data(bytes).write(to: path)
        }
    }

    /// Turns the program headers of type `kind` of a little-endian file into `PT_NULL`.
    private static func dropSegment(_ bytes: [UInt8], _ kind: UInt32) -> [UInt8] {
        var bytes = bytes
        func number(_ at: Int, _ width: Int) -> Int { (0..<width).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        let wide = bytes[4] == 2
        let table = wide ? number(32, 8) : number(28, 4)
        let size = number(wide ? 54 : 42, 2)
        for index in 0..<number(wide ? 56 : 44, 2) where number(table + index * size, 4) == Int(kind) {
            for byte in 0..<4 { bytes[table + index * size + byte] = 0 }
        }
        return bytes
    }
}

/// A child process of a test: argument array, no shell, output on standard output only.
enum Tool {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Whether a program of this name is in `PATH`.
    static func exists(_ name: String) -> Bool { find(name) != nil }

    /// Whether the run is the pipeline's, where a missing tool is a failure.
    static var isPipeline: Bool { ProcessInfo.processInfo.environment["CI"] == "true" }

    static func run(_ words: [String]) throws -> String {
        guard let name = words.first, let program = find(name) else {
            throw Failure(description: "\(words.first ?? "") is not installed")
        }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = Array(words.dropFirst())
        var environment = ProcessInfo.processInfo.environment
        environment["LC_ALL"] = "C"
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(words) ended with \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    private static func find(_ name: String) -> String? {
        if name.hasPrefix("/") { return FileManager.default.isExecutableFile(atPath: name) ? name : nil }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
