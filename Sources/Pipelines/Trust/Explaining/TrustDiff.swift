import AssayFileSystem
import AssaySubjects
import AssayTrustStore

/// What is different for each purpose.
public struct TrustDiff: Hashable, Sendable, Encodable {
    /// The version of this form.
    public let schemaVersion = 1
    /// What is compared with: the store's folder, or another root.
    public var from: String
    /// The purposes.
    public var purposes: [PurposeDifference]

    /// Whether nothing is different.
    public var isEmpty: Bool { purposes.allSatisfy(\.isEmpty) }
}

extension Trust {
    /// Compares what a system's sources mean with the store that lies there, or with another system's sources.
    ///
    /// - Throws: `TrustSourcesError`, `TrustError` when the store cannot be read, `FileSystemError`.
    public static func diff(_ system: TrustSystem, against other: TrustSystem?) throws -> TrustDiff {
        let store = try system.store().store
        if let other {
            let old = try other.store().store
            return TrustDiff(
                from: other.root, purposes: Purpose.named.map { PurposeDifference($0.purpose, from: old, to: store) })
        }
        let folder = TrustSourceFiles.extractedStore
        let published = PublishedStore(try RootedDirectory(path: system.root), folder)
        if let problem = published.unreadable.first { throw TrustError("the store cannot be read: \(problem.reason)") }
        return TrustDiff(
            from: folder.description,
            purposes: PublishedStore.outputs.map { PurposeDifference($0, from: published, to: store) })
    }
}
