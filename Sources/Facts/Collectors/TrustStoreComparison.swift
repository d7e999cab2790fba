import AssayBytes
import AssayFacts
import AssayFileSystem
import AssaySubjects
import AssayTrustStore

/// Compares a published store with what the sources give.
struct TrustStoreComparison {
    let root: RootedDirectory
    let reading: TrustSourceReading
    let store: TrustStore

    /// The bundle that Debian's update-ca-certificates writes.
    static let debianBundle: TreePath = "/etc/ssl/certs/ca-certificates.crt"
    /// The most differences that are described.
    private static let limit = 1_000

    // MARK: Assay's own

    /// A store that assay published.
    func published(_ state: StoreState) -> TrustStoreFacts {
        var facts = TrustStoreFacts(place: Place(TrustSourceFiles.extractedStore.description), hasManifest: true)
        facts.intact = state.intact
        facts.problems = state.problems.prefix(TrustStoreComparison.limit).map { problem in
            TrustStoreFacts.Problem(Place(problem.path), kind: problem.kind.rawValue, detail: problem.detail)
        }
        guard let manifest = state.manifest else {
            facts.notCompared = "its manifest could not be read"
            return facts
        }
        facts.passedOver = manifest.skipped.map { Gap(Place($0), reason: $0.reason) }
        guard reading.layout != nil else {
            facts.notCompared = "the subject has no sources"
            return facts
        }
        if let fault = reading.faults.first(where: { !manifest.skipped.contains($0) }) {
            facts.notCompared = "a source cannot be used: \(fault)"
            return facts
        }
        facts.differences = Array(
            (changedSources(manifest) + changedOutputs(manifest)).prefix(TrustStoreComparison.limit))
        return facts
    }

    /// Sources that are not as they were when the store was made.
    private func changedSources(_ manifest: StoreManifest) -> [Gap] {
        var left: [StoreManifest.Source] = manifest.sources
        var gaps: [Gap] = []
        let known = Dictionary(manifest.sources.map { ($0.path, $0) }) { first, _ in first }
        for source in reading.sources {
            guard let old = known[source.path] else {
                gaps.append(Gap(Place(source.path), reason: "a source that the store was not made from"))
                continue
            }
            if old.digest != reading.digests[source.path] || old.role != source.role || old.token != source.token {
                gaps.append(Gap(Place(source.path), reason: "changed since the store was made"))
            }
        }
        let here = Set(reading.sources.map(\.path))
        left.removeAll { here.contains($0.path) }
        gaps += left.map { Gap(Place($0.path), reason: "a source of the store that is gone") }
        gaps += manifest.skipped.filter { !reading.faults.contains($0) }.map {
            Gap(Place($0), reason: "was passed over when the store was made, and is no fault any more")
        }
        return gaps
    }

    /// Outputs whose bytes the sources do not give: a manifest that was written by somebody else fits its files too.
    private func changedOutputs(_ manifest: StoreManifest) -> [Gap] {
        var listed: [String: StoreManifest.Output.Content] = [:]
        for output in manifest.outputs { listed[output.path] = output.content }
        var gaps: [Gap] = []
        func differs(_ path: String) { gaps.append(Gap(Place(shown(path)), reason: "not what the sources give")) }
        for output in StoreOutput.allCases where manifest.counts.contains(where: { $0.output == output }) {
            if output == .javaKeyStore {
                // Its entries carry a time, which is not in the sources.
                let expected = store.entries(in: output).map(\.certificate.der)
                if certificates(output) ?? expected != expected { differs(output.path) }
                continue
            }
            var here = Set(listed.keys.filter { output.holds(path: $0) })
            for file in store.files(output, options: OutputOptions(time: 0)).map(StoreManifest.Output.init) {
                here.remove(file.path)
                if listed[file.path] != file.content { differs(file.path) }
            }
            for path in here.sorted() { differs(path) }
        }
        return gaps
    }

    private func shown(_ path: String) -> String { place(path).description }

    private func place(_ path: String) -> TreePath {
        TreePath(names: TrustSourceFiles.extractedStore.names + TreePath(path).names)
    }

    /// The certificates of an output; nil when it cannot be read, which is a problem of its own.
    private func certificates(_ output: StoreOutput) -> [[UInt8]]? {
        guard let bytes = try? root.read(place(output.path), limit: StoreState.sizeLimit) else { return nil }
        return (try? TrustStore.read(bytes, as: output))?.map(\.der)
    }

    // MARK: Other tools'

    /// A store without a manifest, whose certificates are compared; nil when there is none.
    func foreign() -> TrustStoreFacts? {
        switch reading.layout {
        case .debian: foreign([(TrustStoreComparison.debianBundle, .tlsBundle)], at: TrustStoreComparison.debianBundle)
        case .caTrust, nil:
            foreign(
                StoreOutput.allCases.filter { !$0.isFolder }.map { (place($0.path), $0) },
                at: TrustSourceFiles.extractedStore)
        }
    }

    private func foreign(_ files: [(path: TreePath, output: StoreOutput)], at folder: TreePath) -> TrustStoreFacts? {
        var facts = TrustStoreFacts(place: Place(folder.description), hasManifest: false)
        var isThere = false
        for (path, output) in files {
            do {
                let bytes = try root.read(path, limit: StoreState.sizeLimit)
                isThere = true
                let found = try TrustStore.read(bytes, as: output).filter(\.isTrusted).map(\.der)
                facts.differences += differences(Set(found), output, path)
                facts.intact += 1
            } catch let error as FileSystemError where error.code == .notFound {
                continue
            } catch {
                isThere = true
                let reason = (error as? FileSystemError)?.reason ?? "not in the form of its format: \(error)"
                facts.problems.append(
                    TrustStoreFacts.Problem(Place(path.description), kind: "unreadable", detail: reason))
            }
        }
        guard isThere else { return nil }
        facts.differences = Array(facts.differences.prefix(TrustStoreComparison.limit))
        if reading.layout == nil {
            facts.notCompared = "the subject has no sources"
        } else if let fault = reading.faults.first {
            facts.notCompared = "a source cannot be used: \(fault)"
        }
        if facts.notCompared != nil { facts.differences = [] }
        return facts
    }

    /// The differences from what our rules give, or p11-kit's where these are fewer.
    private func differences(_ found: Set<[UInt8]>, _ output: StoreOutput, _ path: TreePath) -> [Gap] {
        let candidates = TrustRules.allCases.map { rules in
            let store = rules == store.rules ? store : TrustStore.resolve(reading.sources, rules: rules)
            // Debian's bundle has every anchor, whatever it is trusted for.
            let expected = store.entries.filter { entry in
                reading.layout == .debian ? entry.standing == .anchor : store.includes(entry, in: output).isTrusted
            }
            return differences(found, expected, store, path)
        }
        return candidates.min { $0.count < $1.count } ?? []
    }

    private func differences(
        _ found: Set<[UInt8]>, _ expected: [TrustEntry], _ store: TrustStore, _ path: TreePath
    ) -> [Gap] {
        let wanted = Set(expected.map(\.certificate.der))
        let place = Place(path.description)
        let extra = found.subtracting(wanted).map(StoreManifest.digest).sorted().map { fingerprint in
            Gap(place, reason: "trusts the certificate \(fingerprint), which the sources do not make trusted")
        }
        let missing = expected.filter { !found.contains($0.certificate.der) }.map { entry in
            Gap(
                place,
                reason: "does not have '\(EscapedText(entry.label))' (\(StoreManifest.digest(entry.certificate.der)))")
        }
        return extra + missing
    }
}

extension StoredCertificate {
    /// Whether it is trusted for anything: what p11-kit distrusts has no list of trusted purposes and a long one of rejected.
    fileprivate var isTrusted: Bool { trusted.map { !$0.isEmpty } ?? !rejected.contains(.serverAuth) }
}
