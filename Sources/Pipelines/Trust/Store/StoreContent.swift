import AssayBytes
import AssayFileSystem
import AssaySubjects
import AssayTrustStore

/// The files of a store that is to be published, checked.
struct StoreContent {
    /// The files with their paths below the store's folder, the manifest last.
    let files: [StoreFile]
    /// The folders that hold them, each after the one above it.
    let folders: [String]
    /// The names that users of the store know: the outputs' and the manifest's.
    let publicNames: [PublicName]
    /// The name that the generation has unless that is taken.
    let generation: String

    /// A name in the store's folder that leads to a part of the current generation.
    struct PublicName: Hashable {
        let path: String
        let isFolder: Bool
    }

    /// The most files, and bytes of a file, that a store may have.
    static let fileLimit = StoreState.fileLimit
    static let sizeLimit = StoreState.sizeLimit

    init(_ given: [StoreFile], outputs: [StoreOutput], manifest: [UInt8]) throws {
        let outputs = StoreOutput.allCases.filter(outputs.contains)
        publicNames =
            outputs.map { PublicName(path: $0.path, isFolder: $0.isFolder) } + [
                PublicName(path: StoreManifest.fileName, isFolder: false)
            ]
        generation = StorePlace.generationPrefix + StoreManifest.digest(manifest)
        guard given.count <= StoreContent.fileLimit else {
            throw StoreSwitchError(.badContent, [], "more than \(StoreContent.fileLimit) files")
        }
        var folders = Set(outputs.filter(\.isFolder).map(\.path))
        for output in outputs { folders.formUnion(StoreContent.parents(output.path)) }
        var paths: Set<String> = []
        for file in given {
            guard outputs.contains(where: { $0.holds(file) }), paths.insert(file.path).inserted else {
                throw StoreSwitchError(
                    .badContent, [EscapedText(file.path).description], "belongs to no output, or is there twice")
            }
        }
        for output in outputs where !output.isFolder && !paths.contains(output.path) {
            throw StoreSwitchError(.badContent, [output.path], "the output has no file")
        }
        files = given + [StoreFile(path: StoreManifest.fileName, content: .bytes(manifest))]
        self.folders = folders.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The folders of the store that hold public names.
    var publicFolders: [String] {
        Set(publicNames.flatMap { StoreContent.parents($0.path) }).sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
    }

    /// The names of the files of an output that is a folder, in the order of their bytes.
    func names(in output: StoreOutput) -> [String] {
        let prefix = output.path + "/"
        return files.map(\.path).filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The folders above `path`, the uppermost first.
    private static func parents(_ path: String) -> [String] {
        let names = path.split(separator: "/")
        return (1..<max(names.count, 1)).map { names[..<$0].joined(separator: "/") }
    }
}

extension StoreOutput {
    /// Whether `file` is the output's file, or one directly in its folder that leads nowhere else.
    fileprivate func holds(_ file: StoreFile) -> Bool {
        if case .link(let target) = file.content, !isFolder || !StoreOutput.isName(target) { return false }
        return holds(path: file.path)
    }
}
