import AssayBytes
import AssayFileSystem
import AssayParallel
import AssayTrustStore
import Synchronization

/// Writes the files of a generation that is being built, its folders at the same time.
///
/// A file that is there already, in the current generation or under another name in this one, gets a second name: on many
/// file systems that takes a small part of the time, and there is less to flush.
struct GenerationWriter {
    private let place: StorePlace
    private let changes: StoreChanges
    /// The current generation, and the paths of its files that are as they are to be.
    private let current: String?
    private let intact: Set<String>

    init(_ place: StorePlace, _ changes: StoreChanges, current: String?, intact: Set<String>) {
        self.place = place
        self.changes = changes
        self.current = current
        self.intact = intact
    }

    /// Writes the files; their folders are there.
    ///
    /// - Throws: the first error, after which nothing more is begun.
    func write(_ files: [StoreFile]) throws {
        let plan = try Plan(files, self)
        try write(plan.first)
        // The names that these add to must be there before.
        try write(plan.second)
    }

    private func write(_ folders: [FolderWork]) throws {
        let hasFailed = Atomic<Bool>(false)
        let results = folders.concurrentMap { [changes] work -> Result<Void, any Error> in
            Result {
                for name in work.names {
                    guard !hasFailed.load(ordering: .relaxed) else { return }
                    do {
                        try name.write(in: work.folder, changes)
                    } catch {
                        hasFailed.store(true, ordering: .relaxed)
                        throw error
                    }
                }
            }
        }
        for result in results { try result.get() }
    }

    /// A name that is to be made.
    private struct NewName: Sendable {
        let name: [UInt8]
        let content: StoreFile.Content
        /// A file that has the content already.
        let twin: (directory: WritableDirectory, name: [UInt8])?

        func write(in folder: StoreChanges.Folder, _ changes: StoreChanges) throws {
            if let twin {
                do {
                    return try changes.addName(name, in: folder, to: twin.name, of: twin.directory)
                } catch is FileSystemError {
                    // It has too many names, or the file system knows no second ones.
                }
            }
            switch content {
            case .bytes(let bytes): try changes.createFile(name, in: folder, bytes)
            case .link(let target): try changes.makeLink(name, in: folder, to: Array(target.utf8))
            }
        }
    }

    /// What is written in one folder, in order.
    private struct FolderWork: Sendable {
        let folder: StoreChanges.Folder
        var names: [NewName] = []
    }

    /// Which names are made first, and which then are second names of those.
    private struct Plan {
        private(set) var first: [FolderWork] = []
        private(set) var second: [FolderWork] = []

        init(_ files: [StoreFile], _ writer: GenerationWriter) throws {
            var folders: [TreePath: (number: Int, current: WritableDirectory?)] = [:]
            // Only the files of the two folders are shared: a bundle that somebody appends to must change nothing else. A link
            // is one only for its own folder.
            let shared = Set(StoreOutput.folders.map { TreePath($0.path) })
            var bytes: [ByteKey: (directory: WritableDirectory, name: [UInt8])] = [:]
            var links: [StoreFile: (directory: WritableDirectory, name: [UInt8])] = [:]
            for file in files {
                let path = TreePath(file.path)
                let name = path.names.last ?? []
                let place = try folders[path.parent] ?? open(path.parent, writer)
                folders[path.parent] = place
                let folder = first[place.number].folder
                var twin: (directory: WritableDirectory, name: [UInt8])?
                switch file.content {
                case .bytes(let content) where shared.contains(path.parent):
                    let key = ByteKey(content)
                    twin = bytes[key]
                    if twin == nil { bytes[key] = (folder.directory, name) }
                case .bytes: break
                case .link:
                    let key = StoreFile(path: path.parent.description, content: file.content)
                    twin = links[key]
                    if twin == nil { links[key] = (folder.directory, name) }
                }
                let intact = writer.intact.contains(file.path) ? place.current.map { ($0, name) } : nil
                let newName = NewName(name: name, content: file.content, twin: intact ?? twin)
                if intact == nil, twin != nil {
                    second[place.number].names.append(newName)
                } else {
                    first[place.number].names.append(newName)
                }
            }
        }

        private mutating func open(
            _ folder: TreePath, _ writer: GenerationWriter
        ) throws -> (number: Int, current: WritableDirectory?) {
            let opened = try writer.changes.folder(TreePath(names: writer.place.building.names + folder.names))
            first.append(FolderWork(folder: opened))
            second.append(FolderWork(folder: opened))
            let current = writer.current.flatMap { generation in
                try? writer.changes.root.directory(
                    TreePath(names: writer.place.generation(generation).names + folder.names))
            }
            return (first.count - 1, current)
        }
    }
}
