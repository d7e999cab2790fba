import AssayFileSystem
import AssaySubjects
import AssayTrustStore

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

extension TrustUpdateReport {
    init(_ build: StoreBuild, from published: PublishedStore?, _ request: TrustUpdateRequest) {
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

    mutating func add(_ publication: StorePublication) {
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

    /// The files beside the sources that people should hear of: not documentation, nor what they deselected.
    public var noteworthyIgnored: [Remark] {
        ignored.filter {
            $0.reason != TrustSourceFiles.documentation && !$0.reason.hasPrefix(TrustSourceFiles.deselected)
        }
    }
}
