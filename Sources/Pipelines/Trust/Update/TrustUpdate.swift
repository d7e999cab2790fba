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
    /// What the manifest says made the store.
    public var toolVersion: String

    /// Makes a request.
    public init(system: TrustSystem, toolVersion: String) {
        self.system = system
        self.toolVersion = toolVersion
    }
}

/// What an update did, or would do.
public struct TrustUpdateReport: Hashable, Sendable, Encodable {
    /// The certificates of an output.
    public struct OutputCount: Hashable, Sendable, Encodable {
        /// The output's path below the store's folder.
        public var output: String
        /// How many certificates it has.
        public var certificates: Int
    }

    /// Something that is passed over.
    public struct Remark: Hashable, Sendable, Encodable {
        /// The path, escaped.
        public var path: String
        /// The line, counted from 1; nil when the whole file is meant.
        public var line: Int?
        /// What is passed over, and why.
        public var reason: String

        init(_ fault: SourceFault) {
            path = fault.path
            line = fault.line
            reason = fault.reason
        }

        init(path: String, line: Int? = nil, reason: String) {
            self.path = path
            self.line = line
            self.reason = reason
        }
    }

    /// The version of this form.
    public let schemaVersion = 1
    /// Where the store lies, escaped.
    public var store: String
    /// Whether it was only asked what would change.
    public var isDryRun: Bool
    /// Whether the store was changed, or would be.
    public var isChanged: Bool
    /// How sources were joined: `assay` or `p11-kit`.
    public var rules: String
    /// How many sources were read.
    public var sources: Int
    /// The outputs.
    public var outputs: [OutputCount]
    /// What changes for each purpose that has a bundle of its own.
    public var purposes: [PurposeDifference]
    /// Faults of sources that `--keep-going` passed over.
    public var skipped: [Remark]
    /// Files beside the sources that are none.
    public var ignored: [Remark]
    /// What else is to be known.
    public var warnings: [Remark]
    /// Public names that were files of somebody else's and are links now.
    public var converted: [String] = []
    /// Where directories lie now that had the name of an output.
    public var movedAside: [String] = []
    /// Links that were made, and removed, in the folder of links.
    public var linksMade: [String] = []
    /// Links of ours that were removed there.
    public var linksRemoved: [String] = []
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
        let published = place.map { PublishedStore($0.root, $0.folder) }
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
    fileprivate var shownStore: String {
        if let output { return EscapedText(output).description }
        let prefix =
            system.root == "/"
            ? "" : EscapedText(system.root.hasSuffix("/") ? String(system.root.dropLast()) : system.root).description
        return prefix + TrustSourceFiles.extractedStore.description
    }
}

extension TrustUpdateReport {
    fileprivate init(_ build: StoreBuild, from published: PublishedStore?, _ request: TrustUpdateRequest) {
        store = request.shownStore
        isDryRun = request.isDryRun
        isChanged = true
        rules = build.store.rules.rawValue
        sources = build.reading.sources.count
        outputs = build.counts.map { OutputCount(output: $0.output.path, certificates: $0.certificates) }
        let published = published ?? PublishedStore()
        purposes = PublishedStore.outputs.map { PurposeDifference($0, from: published, to: build.store) }
        skipped = build.reading.faults.map(Remark.init)
        ignored = build.reading.ignored.map(Remark.init)
        warnings = build.reading.sources.flatMap(\.warnings).map(Remark.init)
        warnings += build.uselessAnchors.map { entry in
            Remark(
                path: entry.anchorOrigins.first?.path ?? "", line: entry.anchorOrigins.first?.line,
                reason: "'\(CertificateSummary(entry).label)' is no certificate authority, so no output has it")
        }
        warnings += published.unreadable.map { Remark(path: $0.output.path, reason: "the old store: \($0.reason)") }
    }

    fileprivate mutating func add(_ publication: StorePublication) {
        isChanged = publication.isChanged
        converted = publication.converted.map(\.description)
        movedAside = publication.movedAside.map(\.description)
        linksMade = publication.linksMade.map(\.description)
        linksRemoved = publication.linksRemoved.map(\.description)
        warnings += publication.foreignPairs.map {
            Remark(
                path: $0.description,
                reason: "made by bundle2pem.sh and left alone: what it trusts stays trusted there until it is removed")
        }
        warnings += publication.warnings.map { Remark(path: $0.path, reason: $0.reason) }
    }

    /// The files beside the sources that people should hear of: not documentation.
    public var noteworthyIgnored: [Remark] {
        ignored.filter { $0.reason != TrustSourceFiles.documentation }
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
