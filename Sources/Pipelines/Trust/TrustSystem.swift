import AssayBytes
import AssayFileSystem
import AssaySubjects
import AssayTrustStore

/// Where a system keeps the sources of its trust store.
public enum TrustSourceLayout: String, Hashable, Sendable, CaseIterable {
    /// `/etc/pki/ca-trust/source` and `/usr/share/pki/ca-trust-source`.
    case caTrust = "ca-trust"
    /// `/etc/ca-certificates.conf`, `/usr/share/ca-certificates` and `/usr/local/share/ca-certificates`.
    case debian

    var layout: TrustLayout {
        switch self {
        case .caTrust: .caTrust
        case .debian: .debian
        }
    }
}

/// The calls about a system's trust store.
public enum Trust {}

/// A system whose trust store is asked about or changed.
public struct TrustSystem: Hashable, Sendable {
    /// The root directory on the running system.
    public var root: String
    /// The layout of the sources; nil recognises it.
    public var layout: TrustSourceLayout?
    /// Whether sources are joined as p11-kit does, nil for as the store was made that is there.
    public var isCompatible: Bool?
    /// Whether faulty sources are left out instead of being an error.
    public var keepsGoing = false

    /// Describes a system.
    public init(
        root: String = "/", layout: TrustSourceLayout? = nil, isCompatible: Bool? = nil, keepsGoing: Bool = false
    ) {
        self.root = root
        self.layout = layout
        self.isCompatible = isCompatible
        self.keepsGoing = keepsGoing
    }

    /// Reads the sources.
    func reading() throws -> TrustSourceReading {
        try TrustSourceFiles.read(root: RootedDirectory(path: root), layout: layout?.layout)
    }

    /// By whose rules the sources are joined.
    func rules() throws -> TrustRules {
        if let isCompatible { return isCompatible ? .p11Kit : .assay }
        let state = try? RootedDirectory(path: root).read(
            TrustSourceFiles.extractedStore.appending(StoreManifest.fileName), limit: StoreManifest.sizeLimit)
        return state.flatMap { try? StoreManifest(reading: $0).rules } ?? .assay
    }

    /// The store that the sources mean.
    ///
    /// - Throws: `TrustSourcesError` when a source has a fault and `keepsGoing` is not set.
    func store() throws -> (reading: TrustSourceReading, store: TrustStore) {
        let reading = try reading()
        try check(reading)
        return (reading, TrustStore.resolve(reading.sources, rules: try rules()))
    }

    /// Refuses sources with faults; without any source, always.
    func check(_ reading: TrustSourceReading) throws {
        guard !reading.faults.isEmpty else { return }
        guard keepsGoing, reading.layout != nil else { throw TrustSourcesError(reading.faults) }
    }
}
