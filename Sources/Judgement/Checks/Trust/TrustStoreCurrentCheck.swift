import AssayFacts
import AssayFindings
import AssayPolicy

/// The published trust store is what its manifest says and what the sources give.
///
/// Why: Programs read the published bundles, not the sources. Who adds an authority to a bundle is trusted by all of them, and
/// an authority that was distrusted in the sources stays trusted until the store is made again.
///
/// Proof: A store that assay published: every file against the digests of its manifest, the sources against those that it was
/// made from, and the outputs made again from the sources in memory. A store of another tool: the certificates of each bundle
/// against those that the sources make trusted, by our rules or p11-kit's, whichever fits better.
///
/// Remedy: Look at what was changed and by whom; then run `assay trust update` (or the tool that made the store).
///
/// Reference: https://docs.fedoraproject.org/en-US/quick-docs/using-shared-system-certificates/
enum TrustStoreCurrentCheck: Check {
    static let id = "trust.store-current"
    static let severity = Severity.high

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let store = facts.trust?.store else { return .notApplicable("no trust store is published") }
        let problems = store.problems.map {
            Evidence(Location($0.place), $0.detail, how: $0.kind, isException: true)
        }
        let differences = store.differences.map {
            Evidence(Location($0.place), $0.reason, how: "sources", isException: true)
        }
        let passedOver = store.passedOver.map { Evidence(Location($0.place), $0.reason, how: "passed over") }
        let evidence = Array((problems + differences + passedOver).prefix(TrustQuestion.evidenceLimit))
        func answer(_ verdict: Verdict, _ message: String) -> Judgement {
            let state: FeatureState = verdict == .pass ? .on : verdict == .fail ? .off : .unknown
            var judgement = Judgement(
                verdict, state, .measured, message,
                decidedBy: store.hasManifest ? "manifest" : "certificates of the bundles", evidence: evidence)
            judgement.evidenceOmitted =
                problems.count + differences.count + passedOver.count - evidence.count
            return judgement
        }
        if let first = store.problems.first(where: { $0.kind != "unreadable" }) {
            return answer(.fail, "\(first.place.path): \(first.detail)" + more(store.problems.count))
        }
        if let first = store.differences.first {
            return answer(.fail, "\(first.place.path): \(first.reason)" + more(store.differences.count))
        }
        if let first = store.problems.first {
            return answer(.unknown, "\(first.place.path): \(first.detail)" + more(store.problems.count))
        }
        if let reason = store.notCompared {
            guard store.hasManifest, facts.trust?.layout == nil else {
                return facts.trust?.layout == nil
                    ? .notApplicable("another tool made the store, and \(reason)")
                    : answer(.unknown, "the store was not compared with its sources: \(reason)")
            }
            return answer(.pass, "\(store.intact) files are as the manifest says; \(reason)")
        }
        return store.hasManifest
            ? answer(.pass, "\(store.intact) files are as the manifest says, and what the sources give")
            : answer(.pass, "\(store.intact) bundles of another tool have the certificates that the sources give")
    }

    private static func more(_ count: Int) -> String { count > 1 ? ", and \(count - 1) more" : "" }
}
