import AssayFileSystem

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

/// Makes the changes of one run, unless the run is asked to end.
final class StoreChanges {
    let root: WritableDirectory
    private let signals: HeldSignals
    private let step: (@Sendable (StoreStep) throws -> Void)?
    private var number = 0
    /// Whether a waiting signal ends the run: not once the store was switched, nor while a failed run tidies up.
    var isInterruptible = true

    init(root: WritableDirectory, signals: HeldSignals, step: (@Sendable (StoreStep) throws -> Void)?) {
        self.root = root
        self.signals = signals
        self.step = step
    }

    /// Called before each change.
    func check(_ kind: StoreStep.Kind, _ path: TreePath) throws {
        if isInterruptible && signals.isPending {
            throw StoreSwitchError(.interrupted, [], "interrupted by a signal; the old store is kept")
        }
        guard let step else { return }
        number += 1
        try step(StoreStep(number: number, kind: kind, path: path))
    }

    func makeDirectory(_ path: TreePath) throws {
        try check(.makeDirectory, path)
        try root.makeDirectory(path, mode: 0o755)
    }

    func createFile(_ path: TreePath, _ bytes: [UInt8], mode: UInt32 = 0o444) throws {
        try check(.createFile, path)
        try root.createFile(path, bytes, mode: mode)
    }

    func makeLink(_ path: TreePath, to target: [UInt8]) throws {
        try check(.makeLink, path)
        try root.makeLink(path, to: target)
    }

    func addName(_ newPath: TreePath, to path: TreePath) throws {
        try check(.addName, newPath)
        try root.addName(newPath, to: path)
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

    func removeTree(_ path: TreePath) throws {
        try check(.removeTree, path)
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
