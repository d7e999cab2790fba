import AssayParallel
import AssaySubjects
import AssayTrustStore

/// A store's files, made from its sources.
struct StoreBuild {
    let store: TrustStore
    let reading: TrustSourceReading
    let files: [StoreFile]
    /// The manifest's text.
    let manifest: [UInt8]
    let counts: [StoreManifest.Count]

    /// Makes all outputs.
    ///
    /// - Parameters:
    ///   - reading: the sources; its faults are listed in the manifest.
    ///   - rules: how they are joined.
    ///   - time: SOURCE_DATE_EPOCH, when it is set.
    ///   - toolVersion: what the manifest says made it.
    init(_ reading: TrustSourceReading, rules: TrustRules, time: Int64?, toolVersion: String) {
        let store = TrustStore.resolve(reading.sources, rules: rules)
        let options = OutputOptions(time: time ?? StoreBuild.newest(store))
        files = store.files(options: options)
        counts = StoreManifest.counts(of: store)
        self.store = store
        self.reading = reading
        manifest =
            StoreManifest(
                toolVersion: toolVersion, rules: rules, time: time,
                sources: reading.sources.map { source in
                    StoreManifest.Source(
                        path: source.path, role: source.role, token: source.token,
                        digest: reading.digests[source.path] ?? "")
                }, skipped: reading.faults,
                ignored: reading.ignored.map { StoreManifest.Ignored(path: $0.path, reason: $0.reason) },
                outputs: files.concurrentMap { StoreManifest.Output($0) }, counts: counts
            ).text
    }

    /// Without SOURCE_DATE_EPOCH the entries of the Java key store carry the start of the newest certificate's validity: the
    /// clock would make each run's bytes others.
    private static func newest(_ store: TrustStore) -> Int64 {
        // A date beyond the year 2100 would say more about the certificate than about the store.
        store.entries(in: .javaKeyStore).compactMap(\.certificate.notBefore).filter { $0 < 4_102_444_800 }.max() ?? 0
    }

    /// Anchors that are in no output because they are no certificate authorities.
    var uselessAnchors: [TrustEntry] {
        store.entries.filter { !$0.anchorOrigins.isEmpty && !$0.isAuthority && $0.standing != .distrusted }
    }
}
