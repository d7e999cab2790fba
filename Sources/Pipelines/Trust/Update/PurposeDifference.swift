import AssayBytes
import AssayParallel
import AssayTrustStore

/// What changes for a purpose.
public struct PurposeDifference: Hashable, Sendable, Encodable {
    /// The purpose.
    public var purpose: String
    /// How many certificates are trusted for it before; nil when that could not be read.
    public var before: Int?
    /// How many are afterwards.
    public var after: Int
    /// Those that are trusted for it only afterwards.
    public var added: [CertificateSummary]
    /// Those that are trusted for it only before.
    public var removed: [CertificateSummary]

    /// Whether nothing changes.
    public var isEmpty: Bool { added.isEmpty && removed.isEmpty && before != nil }

    /// Compares what a store on disk has with what the sources mean.
    init(_ output: StoreOutput, from published: PublishedStore, to store: TrustStore) {
        let entries = store.entries(in: output)
        purpose = output.purpose?.name ?? output.path
        after = entries.count
        guard !published.unreadable.contains(where: { $0.output == output }) else {
            before = nil
            added = []
            removed = []
            return
        }
        let old = published.certificates[output] ?? []
        before = old.count
        added = []
        removed = []
        // Most often nothing has changed, or nothing was there.
        guard !old.elementsEqual(entries.lazy.map(\.certificate.der)) else { return }
        let had = Set(old.map(ByteKey.init))
        added = (had.isEmpty ? entries : entries.filter { !had.contains(ByteKey($0.certificate.der)) }).concurrentMap {
            CertificateSummary($0)
        }
        guard !old.isEmpty else { return }
        let has = Set(entries.map { ByteKey($0.certificate.der) })
        removed = old.filter { !has.contains(ByteKey($0)) }.map { der in PurposeDifference.summary(der, in: store) }
    }

    /// Compares two systems' sources.
    init(_ purpose: Purpose, from old: TrustStore, to new: TrustStore) {
        func trusted(_ store: TrustStore) -> [TrustEntry] {
            store.entries.filter { $0.decision(for: purpose).isTrusted }
        }
        let before = trusted(old)
        let after = trusted(new)
        let had = Set(before.map(\.certificate))
        let has = Set(after.map(\.certificate))
        self.purpose = purpose.name
        self.before = before.count
        self.after = after.count
        added = after.filter { !had.contains($0.certificate) }.map(CertificateSummary.init)
        removed = before.filter { !has.contains($0.certificate) }.map(CertificateSummary.init)
    }

    private static func summary(_ der: [UInt8], in store: TrustStore) -> CertificateSummary {
        if let entry = store.entries.first(where: { $0.certificate.der == der }) { return CertificateSummary(entry) }
        guard let certificate = try? TrustCertificate(der: der) else { return CertificateSummary(unreadable: der) }
        return CertificateSummary(certificate)
    }
}

extension CertificateSummary {
    /// A certificate that cannot be read.
    init(unreadable der: [UInt8]) {
        fingerprint = CertificateSummary.fingerprint(der)
        label = "a certificate that cannot be read"
        subject = ""
        issuer = ""
        serialNumber = ""
        key = ""
        signatureAlgorithm = ""
    }
}
