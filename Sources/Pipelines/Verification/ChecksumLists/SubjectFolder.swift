import AssayBytes
import AssayFacts
import AssayFileSystem

/// A folder in which lists and signatures are looked for.
///
/// Nothing outside of it is ever opened.
struct SubjectFolder {
    /// The most names that a folder is listed for.
    static let maximumNames = 200_000

    /// The folder as it was given.
    let path: String
    /// The names of what may be a file, ordered by their bytes.
    let names: [[UInt8]]
    private let directory: RootedDirectory

    /// Opens and lists a folder.
    ///
    /// - Throws: `FileSystemError`.
    init(path: String) throws {
        self.path = path
        directory = try RootedDirectory(path: path)
        names = try directory.entries(.root, limit: Self.maximumNames).filter { $0.type != .directory }.map(\.name)
    }

    /// Reads the file called `name`.
    ///
    /// - Throws: `FileSystemError`, also for a symbolic link that leads out of the folder.
    func read(_ name: [UInt8], limit: Int) throws -> [UInt8] {
        try directory.open(TreePath(names: [name])).readToEnd(limit: limit)
    }

    /// Where `name` is, as it is shown.
    func place(_ name: [UInt8]) -> Place {
        switch path {
        case ".": Place(EscapedText(name).description)
        case let path where path.hasSuffix("/"): Place(EscapedText(Array(path.utf8) + name).description)
        default: Place(EscapedText(Array(path.utf8) + [0x2F] + name).description)
        }
    }

    /// The folder, as it is shown.
    static func display(_ path: String) -> String {
        path == "." ? "the working directory" : "'\(EscapedText(path))'"
    }

    /// The detached signatures that lie beside the list called `name`; where there is none, all places with nil.
    func signatures(of name: [UInt8]) -> [(Place, Result<[UInt8]?, any Error>)] {
        let candidates = ListNames.signatureSuffixes.map { name + Array($0.utf8) }
        let present = Set(names).intersection(candidates)
        guard !present.isEmpty else { return candidates.map { (place($0), .success(nil)) } }
        return candidates.filter(present.contains).map { candidate in
            (place(candidate), Result { try read(candidate, limit: SignatureExamination.maximumSize) })
        }
    }
}
