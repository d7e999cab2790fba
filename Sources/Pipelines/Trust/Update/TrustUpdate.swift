import AssayBytes
import AssayFileSystem
import AssaySubjects
import AssayTrustStore

/// What `Trust.update` is to do.
public struct TrustUpdateRequest: Hashable, Sendable {
    /// The system whose sources are read.
    public var system: TrustSystem
    /// Another folder of the running system for the store; nil for the system's own.
    public var output: String?
    /// A folder of the system that gets a link for each file of the legacy layout.
    public var linkDirectory: String?
    /// Whether nothing is written.
    public var isDryRun = false
    /// SOURCE_DATE_EPOCH, when it is set.
    public var time: Int64?
    /// The moment at which certificates are looked at, in seconds since 1970; decides nothing.
    public var now: Int64
    /// What the manifest says made the store.
    public var toolVersion: String

    /// Makes a request.
    public init(system: TrustSystem, now: Int64, toolVersion: String) {
        self.system = system
        self.now = now
        self.toolVersion = toolVersion
    }
}

extension Trust {
    /// Makes a system's trust store from its sources.
    ///
    /// - Throws: `TrustSourcesError` for faulty sources, `StoreSwitchError`, `FileSystemError`; the old store is kept.
    public static func update(_ request: TrustUpdateRequest) throws -> TrustUpdateReport {
        let reading = try request.system.reading()
        try request.system.check(reading)
        return try publish(reading, request)
    }

    /// Publishes the store that `reading` means, unless it is a dry run.
    static func publish(
        _ reading: TrustSourceReading, _ request: TrustUpdateRequest
    ) throws -> TrustUpdateReport {
        let build = StoreBuild(
            reading, rules: try request.system.rules(), time: request.time, toolVersion: request.toolVersion)
        let place = try request.place()
        let published = place.map { PublishedStore($0.root, $0.folder, comparedWith: build) }
        var report = TrustUpdateReport(build, from: published, request)
        if !request.isDryRun {
            let place = try request.writablePlace()
            let publication = try StoreSwitch(
                root: place.root, store: place.folder, linkDirectory: request.linkDirectory.map { TreePath($0) }
            ).publish(build.files, outputs: StoreOutput.allCases, manifest: build.manifest)
            report.add(publication)
        } else if let place {
            report.isChanged = build.differs(from: place.root, place.folder)
        }
        return report
    }
}

extension TrustUpdateRequest {
    /// Where the store lies; nil when its folder is still to be made.
    fileprivate func place() throws -> (root: RootedDirectory, folder: TreePath)? {
        guard let output else { return (try RootedDirectory(path: system.root), TrustSourceFiles.extractedStore) }
        do {
            return (try RootedDirectory(path: output), .root)
        } catch let error as FileSystemError where error.code == .notFound {
            return nil
        }
    }

    fileprivate func writablePlace() throws -> (root: WritableDirectory, folder: TreePath) {
        guard let output else { return (try WritableDirectory(path: system.root), TrustSourceFiles.extractedStore) }
        do {
            return (try WritableDirectory(path: output), .root)
        } catch let error as FileSystemError where error.code == .notFound {
            // Only the last name is made: a typing error is not a tree of directories.
            let path = output.hasSuffix("/") ? String(output.dropLast()) : output
            let above = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
            let name = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
            try WritableDirectory(path: above).makeDirectory(TreePath(String(name)))
            return (try WritableDirectory(path: output), .root)
        }
    }

    /// The store's folder, for people.
    var shownStore: String {
        if let output { return EscapedText(output).description }
        let prefix =
            system.root == "/"
            ? "" : EscapedText(system.root.hasSuffix("/") ? String(system.root.dropLast()) : system.root).description
        return prefix + TrustSourceFiles.extractedStore.description
    }
}

extension PublishedStore {
    /// A store that is not there.
    init() {}
}

extension StoreBuild {
    /// Whether the store in `folder` is not this one: by its manifest, and by its files where that is the same.
    func differs(from root: RootedDirectory, _ folder: TreePath) -> Bool {
        let path = folder.appending(StoreManifest.fileName)
        guard let old = try? root.read(path, limit: StoreManifest.sizeLimit), old == manifest else { return true }
        return !StoreState.read(root, store: folder).problems.isEmpty
    }
}
