public import AssayFileSystem
public import AssayTrustStore

/// Publishes the files of a store so that all of them change in one moment.
///
/// In the store's folder, `.assay/generation-<digest of the manifest>/` holds all files, `.assay/current` is a symbolic link to
/// one generation, and every public name (`pem/tls-ca-bundle.pem`, …) is a symbolic link through `.assay/current`. A new
/// generation is written beside, flushed, and becomes the current one by one rename(2) of that link, which works on every
/// file system, overlays included.
///
/// A public name that is still a file of its own is first turned into a link to a copy of what it holds, so that what is
/// read through it does not change until that moment. A run that fails leaves the old store; a run that was killed leaves
/// the old or the new one, and names in `.assay` that the next run removes. Runs wait for one another.
public struct StoreSwitch: Sendable {
    let place: StorePlace
    /// A folder that gets a link for each file of `legacy`.
    let linkDirectory: TreePath?
    /// Called before each change of the file system; what it throws ends the run.
    let step: (@Sendable (StoreStep) throws -> Void)?

    /// Describes where a store lies.
    ///
    /// - Parameters:
    ///   - root: the root of the subject, or the store's folder itself.
    ///   - store: the store's folder in it; made when it is missing.
    ///   - linkDirectory: a folder of the root that gets a link for each file of the output `legacy`, for example
    ///     `/etc/pki/tls/certs`; nothing in it but such links is ever changed.
    public init(root: WritableDirectory, store: TreePath, linkDirectory: TreePath? = nil) {
        self.init(root: root, store: store, linkDirectory: linkDirectory, step: nil)
    }

    init(
        root: WritableDirectory, store: TreePath, linkDirectory: TreePath?,
        step: (@Sendable (StoreStep) throws -> Void)?
    ) {
        place = StorePlace(root: root, folder: store)
        self.linkDirectory = linkDirectory
        self.step = step
    }

    /// Makes `files` the store, instead of what it was.
    ///
    /// - Parameters:
    ///   - files: the files of `outputs`: one for each that is a file, any number for a folder.
    ///   - outputs: what the store offers from now on; the public name of any other output of ours is removed.
    ///   - manifest: the text of the store's manifest; its digest names the generation.
    ///   - limit: how long to wait for another run.
    /// - Returns: what was done.
    /// - Throws: `StoreSwitchError` or `FileSystemError`; the store is then the old one.
    @discardableResult
    public func publish(
        _ files: [StoreFile], outputs: [StoreOutput], manifest: [UInt8], waitingAtMost limit: Duration = .seconds(60)
    ) throws -> StorePublication {
        let content = try StoreContent(files, outputs: outputs, manifest: manifest)
        return try HeldSignals.during { signals in
            let changes = StoreChanges(root: place.root, signals: signals, step: step)
            try prepare(content, changes)
            let lock = try place.root.lock(place.lock, waitingAtMost: limit)
            return try withExtendedLifetime(lock) {
                var run = StoreRun(place: place, content: content, changes: changes)
                return try run.publish(linkDirectory: linkDirectory)
            }
        }
    }

    /// Makes the folders that the store needs; none of those that hold public names may be a link.
    private func prepare(_ content: StoreContent, _ changes: StoreChanges) throws {
        let root = place.root
        if try root.reader.existing(place.folder) == nil {
            try changes.check(.makeDirectory, place.folder)
            try root.makeDirectories(place.folder)
        }
        for folder in [place.own] + content.publicFolders.map(place.path) {
            if try root.reader.existingLink(folder) == nil {
                try changes.check(.makeDirectory, folder)
                try root.makeDirectories(folder)
            }
            guard try root.reader.linkStatus(folder).type == .directory else {
                throw StoreSwitchError(
                    .conflict, [folder.description], "is not a directory of the store: move it away, then run again")
            }
        }
    }
}

/// What publishing a store did.
public struct StorePublication: Hashable, Sendable {
    /// Whether anything was changed.
    public var isChanged: Bool
    /// The name of the generation that is now the current one.
    public var generation: String
    /// Public names that were files of their own and are links now.
    public var converted: [TreePath] = []
    /// Where directories lie that had the name of an output.
    public var movedAside: [TreePath] = []
    /// Links that were made in the link directory.
    public var linksMade: [TreePath] = []
    /// Links of ours that were removed there, as the store no longer has their files.
    public var linksRemoved: [TreePath] = []
    /// Files in the link directory that bundle2pem.sh made: left alone, so what they trust is still trusted there.
    public var foreignPairs: [TreePath] = []
    /// What could not be tidied up afterwards; the next run tries again.
    public var warnings: [FileSystemError] = []
}

/// Why a store could not be published.
public struct StoreSwitchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of reason.
    public enum Code: String, Hashable, Sendable {
        /// The files given are no store.
        case badContent = "bad-content"
        /// Something of somebody else's has a name that is needed.
        case conflict
        /// A directory lies in a lower layer of an overlay file system.
        case crossesLayers = "crosses-layers"
        /// A signal asked the process to end.
        case interrupted
    }

    /// What kind of reason.
    public let code: Code
    /// The paths that it is about, escaped.
    public let paths: [String]
    /// The reason without the paths.
    public let reason: String

    /// The sentence for people.
    public var description: String {
        paths.isEmpty ? reason : paths.map { "'\($0)'" }.joined(separator: ", ") + ": " + reason
    }

    init(_ code: Code, _ paths: [String], _ reason: String) {
        self.code = code
        self.paths = paths
        self.reason = reason
    }
}
