import AssayFileSystem
import AssayParallel
import Synchronization

/// One change of the file system that publishing makes.
struct StoreStep: Hashable, Sendable {
    /// What is done.
    enum Kind: String, Hashable, Sendable {
        case makeDirectory, createFile, makeLink, addName, rename, exchange, removeFile, removeTree, synchronize
    }

    /// Counted from 1.
    let number: Int
    let kind: Kind
    let path: TreePath
}

/// Makes the changes of one run, on any of its threads, unless the run is asked to end.
final class StoreChanges: Sendable {
    let root: WritableDirectory
    private let signals: HeldSignals
    private let step: (@Sendable (StoreStep) throws -> Void)?
    private let number = Atomic<Int>(0)
    private let isUninterruptible = Atomic<Bool>(false)

    init(root: WritableDirectory, signals: HeldSignals, step: (@Sendable (StoreStep) throws -> Void)?) {
        self.root = root
        self.signals = signals
        self.step = step
    }

    /// From now on no waiting signal ends the run: the store was switched, or a failed run tidies up.
    func becomeUninterruptible() { isUninterruptible.store(true, ordering: .relaxed) }

    /// Called before each change.
    func check(_ kind: StoreStep.Kind, _ path: TreePath) throws {
        if !isUninterruptible.load(ordering: .relaxed) && signals.isPending {
            throw StoreSwitchError(.interrupted, [], "interrupted by a signal; the old store is kept")
        }
        guard let step else { return }
        let number = number.add(1, ordering: .relaxed).newValue
        try step(StoreStep(number: number, kind: kind, path: path))
    }

    func makeDirectory(_ path: TreePath) throws {
        try check(.makeDirectory, path)
        try root.makeDirectory(path, mode: 0o755)
    }

    /// A folder that this run has made, opened once for all that comes into it.
    struct Folder: Sendable {
        let path: TreePath
        let directory: WritableDirectory

        /// Makes a change of `name`; an error names the whole path.
        fileprivate func change(_ name: [UInt8], _ body: (WritableDirectory, TreePath) throws -> Void) throws {
            do {
                try body(directory, TreePath(names: [name]))
            } catch let error as FileSystemError {
                throw FileSystemError(code: error.code, path: path.appending(name).description, reason: error.reason)
            }
        }
    }

    func folder(_ path: TreePath) throws -> Folder { Folder(path: path, directory: try root.directory(path)) }

    func createFile(_ name: [UInt8], in folder: Folder, _ bytes: [UInt8]) throws {
        try check(.createFile, folder.path.appending(name))
        try folder.change(name) { try $0.createFile($1, bytes, mode: 0o444) }
    }

    func makeLink(_ name: [UInt8], in folder: Folder, to target: [UInt8]) throws {
        try check(.makeLink, folder.path.appending(name))
        try folder.change(name) { try $0.makeLink($1, to: target) }
    }

    func addName(_ name: [UInt8], in folder: Folder, to other: [UInt8], of first: WritableDirectory) throws {
        try check(.addName, folder.path.appending(name))
        try folder.change(name) { try $0.addName($1, to: TreePath(names: [other]), in: first) }
    }

    func createFile(_ path: TreePath, _ bytes: [UInt8], mode: UInt32 = 0o444) throws {
        try check(.createFile, path)
        try root.createFile(path, bytes, mode: mode)
    }

    func makeLink(_ path: TreePath, to target: [UInt8]) throws {
        try check(.makeLink, path)
        try root.makeLink(path, to: target)
    }

    func rename(_ path: TreePath, to newPath: TreePath) throws {
        try check(.rename, newPath)
        try root.rename(path, to: newPath)
    }

    func exchange(_ path: TreePath, with other: TreePath) throws {
        try check(.exchange, path)
        try root.exchange(path, with: other)
    }

    func removeFile(_ path: TreePath) throws {
        try check(.removeFile, path)
        try root.removeFile(path)
    }

    /// Removes `path` and all below, the directories `parts` of it at the same time.
    func removeTree(_ path: TreePath, parts: [TreePath] = []) throws {
        try check(.removeTree, path)
        // What is left of them, or fails, goes with the rest.
        _ = parts.concurrentMap { [root] part in try? root.removeTree(part) }
        try root.removeTree(path)
    }

    func synchronizeFileSystem(of path: TreePath) throws {
        try check(.synchronize, path)
        try root.synchronizeFileSystem(of: path)
    }

    func synchronizeDirectory(_ path: TreePath) throws {
        try check(.synchronize, path)
        try root.synchronizeDirectory(path)
    }

    /// Puts a link where something else may be, in one moment.
    func replace(_ path: TreePath, withLinkTo target: [UInt8]) throws {
        let new = path.parent.appending(StorePlace.newLinkName)
        try makeLink(new, to: target)
        do {
            try rename(new, to: path)
        } catch {
            try? removeFile(new)
            throw error
        }
    }
}
