import AssayBytes
public import AssayFileSystem
public import AssayTrustStore

/// A published store as it lies there, compared with its manifest.
public struct StoreState: Sendable {
    /// What is wrong with one name.
    public struct Problem: Hashable, Sendable {
        /// What kind of wrong; the raw values are stable and shown.
        public enum Kind: String, Hashable, Sendable {
            /// The manifest is missing, unreadable or no manifest of ours.
            case manifest
            /// A file of the manifest is missing.
            case missing
            /// A file has other bytes, or a link another target, than the manifest says.
            case changed
            /// A public name is not the link of ours any more: another tool has written the store since.
            case replaced
            /// A file that the manifest does not know.
            case unexpected
            /// It could not be read, so nothing is known about it.
            case unreadable
        }

        /// The path in the subject, escaped.
        public let path: String
        /// What kind of wrong.
        public let kind: Kind
        /// What is there, or why it could not be read.
        public let detail: String
    }

    /// The most files that a store may have.
    public static let fileLimit = 1_000_000
    /// The most bytes of a file of a store.
    public static let sizeLimit = 256 << 20

    /// What the public name `name` of a store links to, as seen from its folder.
    public static func linkTarget(_ name: String) -> [UInt8] {
        let up = name.utf8.count { $0 == 0x2F }
        return Array((String(repeating: "../", count: up) + ".assay/current/" + name).utf8)
    }

    /// The manifest, when it could be read.
    public private(set) var manifest: StoreManifest?
    /// What is wrong, in the order of the manifest, then of the paths.
    public private(set) var problems: [Problem] = []
    /// The number of files and links that are as the manifest says.
    public private(set) var intact = 0
    /// Whether assay has published a store there at all; without one there are no problems either.
    public private(set) var isPublished = true
    /// How much more is read: real stores have a few megabytes.
    private var bytesLeft = 1 << 30

    /// Reads the store in the folder `store` of `root` and compares it with its manifest.
    ///
    /// Never throws: what cannot be read is a problem. Reads each file once.
    public static func read(_ root: RootedDirectory, store: TreePath) -> StoreState {
        var state = StoreState()
        let path = store.appending(StoreManifest.fileName)
        do {
            if try root.existingLink(path) == nil && root.existingLink(store.appending(".assay/current")) == nil {
                state.isPublished = false
                return state
            }
            let bytes = try root.read(path, limit: StoreManifest.sizeLimit)
            do {
                state.manifest = try StoreManifest(reading: bytes)
            } catch {
                state.add(path, .manifest, "\(error)")
                return state
            }
        } catch {
            state.add(path, .manifest, StoreState.reason(error))
            return state
        }
        state.compare(root, store)
        return state
    }

    /// Whether assay has published a store in the folder `store`; what cannot be looked at counts as one.
    public static func isPublished(_ root: RootedDirectory, store: TreePath) -> Bool {
        do {
            return try root.existingLink(store.appending(StoreManifest.fileName)) != nil
                || root.existingLink(store.appending(".assay/current")) != nil
        } catch {
            return true
        }
    }

    private mutating func compare(_ root: RootedDirectory, _ store: TreePath) {
        guard let manifest else { return }
        checkName(StoreManifest.fileName, root, store)
        var offered: [StoreOutput] = []
        for output in StoreOutput.allCases {
            let isThere = manifest.outputs.contains { $0.path == output.path || $0.path.hasPrefix(output.path + "/") }
            guard isThere || manifest.counts.contains(where: { $0.output == output }) else { continue }
            offered.append(output)
            checkName(output.path, root, store)
        }
        var known: Set<TreePath> = [store.appending(StoreManifest.fileName)]
        for output in manifest.outputs {
            let path = TreePath(names: store.names + TreePath(output.path).names)
            guard offered.contains(where: { $0.holds(path: output.path) }) else {
                add(path, .manifest, "the manifest names a file that belongs to no output")
                continue
            }
            known.insert(path)
            compare(output, path, root)
        }
        for output in offered where output.isFolder { findUnexpected(store.appending(output.path), known, root) }
        findUnexpectedInGeneration(store, known, root)
    }

    /// The public name has to be the link that publishing makes, else the next switch does not reach its readers.
    private mutating func checkName(_ name: String, _ root: RootedDirectory, _ store: TreePath) {
        let path = TreePath(names: store.names + TreePath(name).names)
        do {
            guard let status = try root.existingLink(path) else { return add(path, .missing, "nothing of that name") }
            guard status.type == .symbolicLink else {
                return add(path, .replaced, "not the link that assay makes; another tool has written it since")
            }
            let target = try root.linkTarget(path)
            if target != StoreState.linkTarget(name) {
                add(path, .replaced, "a link to '\(EscapedText(target))'")
            }
        } catch {
            add(path, .unreadable, StoreState.reason(error))
        }
    }

    private mutating func compare(_ output: StoreManifest.Output, _ path: TreePath, _ root: RootedDirectory) {
        do {
            switch output.content {
            case .digest(let digest):
                let bytes = try root.read(path, limit: min(bytesLeft, StoreState.sizeLimit))
                bytesLeft -= bytes.count
                let found = StoreManifest.digest(bytes)
                guard found == digest else { return add(path, .changed, "SHA-256 \(found), not \(digest)") }
            case .link(let target):
                let found = try root.linkTarget(path)
                guard found == Array(target.utf8) else {
                    return add(path, .changed, "a link to '\(EscapedText(found))', not '\(EscapedText(target))'")
                }
            }
            intact += 1
        } catch let error as FileSystemError where error.code == .notFound {
            add(path, .missing, error.reason)
        } catch let error as FileSystemError where error.code == .wrongType {
            add(path, .changed, error.reason)
        } catch {
            add(path, .unreadable, StoreState.reason(error))
        }
    }

    private mutating func findUnexpected(_ folder: TreePath, _ known: Set<TreePath>, _ root: RootedDirectory) {
        do {
            guard try root.existing(folder) != nil else { return }
            for entry in try root.entries(folder, limit: StoreState.fileLimit) {
                let path = folder.appending(entry.name)
                if !known.contains(path) { add(path, .unexpected, "not in the manifest") }
            }
        } catch {
            add(folder, .unreadable, StoreState.reason(error))
        }
    }

    /// Files beside the outputs, which nothing of ours leads to; those in folders of outputs were found there.
    private mutating func findUnexpectedInGeneration(
        _ store: TreePath, _ known: Set<TreePath>, _ root: RootedDirectory
    ) {
        let current = store.appending(".assay/current")
        let outputFolders = Set(StoreOutput.folders.map { TreePath($0.path) })
        let parents = Set(StoreOutput.allCases.map { TreePath($0.path).parent })
        for folder in parents.union([.root]).sorted() {
            let path = TreePath(names: current.names + folder.names)
            do {
                guard try root.existing(path) != nil else { continue }
                for entry in try root.entries(path, limit: StoreState.fileLimit) {
                    let below = folder.appending(entry.name)
                    if outputFolders.contains(below) || parents.contains(below)
                        || known.contains(TreePath(names: store.names + below.names))
                    {
                        continue
                    }
                    add(path.appending(entry.name), .unexpected, "not in the manifest")
                }
            } catch {
                add(path, .unreadable, StoreState.reason(error))
            }
        }
    }

    private mutating func add(_ path: TreePath, _ kind: Problem.Kind, _ detail: String) {
        problems.append(Problem(path: path.description, kind: kind, detail: detail))
    }

    private static func reason(_ error: any Error) -> String {
        (error as? FileSystemError)?.reason ?? "\(error)"
    }
}
