import AssayBytes
import AssayFacts
import AssayFileSystem
import AssaySubjects
import AssayTrustStore

/// Reads the sources of a trust store, and the store that is published.
struct TrustCollector {
    /// The most anchors that facts describe; real stores have some hundreds.
    static let anchorLimit = 10_000
    /// The most remarks.
    static let remarkLimit = 1_000

    let root: RootedDirectory

    init(_ root: RootedDirectory) { self.root = root }

    /// The facts, or nil for a subject that has neither sources nor a store.
    func collect() -> TrustFacts? {
        var facts = TrustFacts()
        let reading: TrustSourceReading
        do {
            reading = try TrustSourceFiles.read(root: root)
        } catch {
            let reason = (error as? FileSystemError)?.reason ?? "\(error)"
            facts.faults = [TrustSourceFault(Place("/"), reason: reason, isUnreadable: true)]
            return facts
        }
        let state = StoreState.read(root, store: TrustSourceFiles.extractedStore)
        let store = TrustStore.resolve(reading.sources, rules: state.manifest?.rules ?? .assay)
        if let layout = reading.layout {
            facts.layout = layout.rawValue
            facts.sourceCount = reading.sources.count
            facts.faults = reading.faults.map { fault in
                TrustSourceFault(
                    Place(fault), reason: fault.reason, isUnreadable: reading.unreadable.contains(fault))
            }
            let ignored = reading.ignored.filter { $0.reason != TrustSourceFiles.documentation }
            let remarks = reading.sources.flatMap(\.warnings) + ignored
            facts.remarks = remarks.prefix(TrustCollector.remarkLimit).map { Gap(Place($0), reason: $0.reason) }
            describe(store, &facts)
        }
        let comparison = TrustStoreComparison(root: root, reading: reading, store: store)
        facts.store = state.isPublished ? comparison.published(state) : comparison.foreign()
        return facts.layout == nil && facts.store == nil ? nil : facts
    }

    private func describe(_ store: TrustStore, _ facts: inout TrustFacts) {
        for entry in store.entries { facts.counts[entry.standing.rawValue, default: 0] += 1 }
        let anchors = store.entries.filter { $0.standing == .anchor }
        facts.anchors = anchors.prefix(TrustCollector.anchorLimit).map { TrustAnchorFacts($0) }
        if anchors.count > TrustCollector.anchorLimit {
            facts.faults.append(
                TrustSourceFault(
                    Place(TrustSourceFiles.trustPaths[0].description),
                    reason: "only \(TrustCollector.anchorLimit) of \(anchors.count) anchors were looked at",
                    isUnreadable: true))
        }
    }
}

extension Place {
    /// Where a source's fault is.
    init(_ fault: SourceFault) { self.init(fault.path, line: fault.line) }
}

extension TrustAnchorFacts {
    /// The digest that a signature algorithm signs, by its object identifier (RFC 8017, RFC 3279, RFC 5758).
    private static let digests: [String: String] = [
        "1.2.840.113549.1.1.2": "MD2", "1.2.840.113549.1.1.3": "MD4", "1.2.840.113549.1.1.4": "MD5",
        "1.2.840.113549.1.1.5": "SHA-1", "1.3.14.3.2.29": "SHA-1", "1.2.840.10040.4.3": "SHA-1",
        "1.2.840.10045.4.1": "SHA-1", "1.3.14.3.2.27": "SHA-1", "1.3.14.3.2.3": "MD5",
        "1.2.840.113549.1.1.14": "SHA-224", "1.2.840.113549.1.1.11": "SHA-256", "1.2.840.113549.1.1.12": "SHA-384",
        "1.2.840.113549.1.1.13": "SHA-512", "1.2.840.10045.4.3.1": "SHA-224", "1.2.840.10045.4.3.2": "SHA-256",
        "1.2.840.10045.4.3.3": "SHA-384", "1.2.840.10045.4.3.4": "SHA-512", "2.16.840.1.101.3.4.3.1": "SHA-224",
        "2.16.840.1.101.3.4.3.2": "SHA-256",
    ]

    /// What facts say of an anchor.
    init(_ entry: TrustEntry) {
        let certificate = entry.certificate
        let origin = entry.anchorOrigins.first ?? entry.origins.first
        self.init(
            label: EscapedText(entry.label).description, fingerprint: StoreManifest.digest(certificate.der),
            place: Place(origin?.path ?? "", line: origin?.line))
        purposes = [Purpose.serverAuth, .emailProtection, .codeSigning].filter { entry.decision(for: $0).isTrusted }
            .map(\.name)
        isAuthority = entry.isAuthority
        isSelfIssued = certificate.issuer == certificate.subject
        notBefore = certificate.notBefore
        notAfter = certificate.notAfter
        signatureAlgorithm = certificate.signatureAlgorithm
        signatureDigest = TrustAnchorFacts.digests[certificate.signatureAlgorithm]
        serverDistrustAfter = entry.serverDistrustAfter
        emailDistrustAfter = entry.emailDistrustAfter
        switch certificate.key {
        case .rsa(let bits): (keyKind, keyBits) = ("RSA", bits)
        case .dsa(let bits): (keyKind, keyBits) = ("DSA", bits)
        case .ellipticCurve(let name, let bits): (keyKind, curve, keyBits) = ("EC", name, bits)
        case .other(let name): keyKind = name
        }
    }
}
