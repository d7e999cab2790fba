import AssayBytes
import AssayFileSystem
import AssaySubjects
import AssayTrustStore

/// What changing the sources did, or would do.
public struct TrustEdit: Hashable, Sendable, Encodable {
    /// A source file that was changed.
    public struct FileChange: Hashable, Sendable, Encodable {
        /// `written` or `removed`.
        public var action: String
        /// The path in the system, escaped.
        public var path: String
    }

    /// The version of this form.
    public let schemaVersion = 1
    /// The certificates that it is about.
    public var certificates: [CertificateSummary]
    /// The source files; none when the sources already said so.
    public var files: [FileChange] = []
    /// What is to be known beside.
    public var notes: [String] = []
    /// The update of the store.
    public var update: TrustUpdateReport?
}

extension Trust {
    /// Makes the certificates of a file trust anchors, for some purposes or for all, and updates the store.
    ///
    /// - Throws: `TrustError` when one would not be trusted then, `TrustSourcesError`, `StoreSwitchError`,
    ///   `FileSystemError`; sources and store are then as before.
    public static func add(file: String, purposes: [String], _ request: TrustUpdateRequest) throws -> TrustEdit {
        let purposes = try writable(purposes)
        let display = EscapedText(file).description
        let bytes = try RootedDirectory.openHostFile(file).readToEnd(limit: CertificateReference.sizeLimit)
        let source = try CertificateReference.source(bytes, file)
        let isPlain = source.objects.allSatisfy { object in
            guard case .certificate(let certificate) = object else { return false }
            return certificate.standing == .neutral
        }
        guard isPlain, source.format == .pem || source.format == .der else {
            throw TrustError(
                "'\(display)' says itself what it is trusted for",
                hint: "copy it to \(TrustSourceFiles.trustPaths[0]), then 'assay trust update'")
        }
        var seen: Set<TrustCertificate> = []
        let certificates = source.certificates.filter { seen.insert($0).inserted }
        let session = try EditSession(request)
        var changes: [SourceChange] = []
        for certificate in certificates {
            changes += try session.anchoring(certificate, purposes: purposes)
        }
        let edit = TrustEdit(certificates: certificates.map { CertificateSummary($0) })
        return try session.apply(changes, edit) { store in
            for certificate in certificates {
                let asked = purposes.isEmpty ? Purpose.named.map(\.purpose) : purposes
                let decisions = asked.map { store.decision(for: certificate, purpose: $0) }
                let isTrusted =
                    purposes.isEmpty ? decisions.contains(where: \.isTrusted) : decisions.allSatisfy(\.isTrusted)
                guard !isTrusted, let decision = decisions.first(where: { !$0.isTrusted }) else { continue }
                throw TrustError(
                    "'\(CertificateSummary(certificate).label)' would not be trusted: \(decision.text)",
                    hint: decision.rule == .notAuthority ? "add the certificate of the authority that signed it" : nil)
            }
            return certificates.flatMap { certificate in
                CertificateNotes.notes(certificate, store.entry(for: certificate), at: request.now).map {
                    "'\(CertificateSummary(certificate).label)': \($0)"
                }
            }
        }
    }

    /// Takes back what the administrator's sources say of a certificate: that it is an anchor, or with `distrust` that it is
    /// distrusted; and updates the store.
    ///
    /// - Throws: as `add`.
    public static func remove(
        _ subject: String, distrust: Bool, _ request: TrustUpdateRequest
    ) throws -> TrustEdit {
        let session = try EditSession(request)
        let (certificate, entry) = try CertificateReference(subject).single(in: session.store)
        let changes = try session.removing(certificate, entry, distrust: distrust)
        return try session.apply(changes, TrustEdit(certificates: [CertificateSummary(certificate)])) { store in
            let trusted = Purpose.named.filter { store.decision(for: certificate, purpose: $0.purpose).isTrusted }
            guard !distrust, let first = trusted.first else { return [] }
            let text = store.decision(for: certificate, purpose: first.purpose).text
            return ["it is still trusted for \(trusted.map(\.name).joined(separator: ", ")): \(text)"]
        }
    }

    /// Distrusts a certificate, for some purposes or for all, and updates the store.
    ///
    /// - Throws: as `add`.
    public static func distrust(
        _ subject: String, purposes: [String], _ request: TrustUpdateRequest
    ) throws -> TrustEdit {
        let purposes = try writable(purposes)
        let session = try EditSession(request)
        let (certificate, entry) = try CertificateReference(subject).single(in: session.store)
        let changes = try session.distrusting(certificate, entry, purposes: purposes)
        return try session.apply(changes, TrustEdit(certificates: [CertificateSummary(certificate)])) { store in
            for purpose in purposes.isEmpty ? Purpose.named.map(\.purpose) : purposes
            where store.decision(for: certificate, purpose: purpose).isTrusted {
                throw TrustError("the certificate would still be trusted for \(purpose.name)")
            }
            return []
        }
    }

    private static func writable(_ names: [String]) throws -> [Purpose] {
        try names.map { name in
            let purpose = try Purpose.named(name)
            guard SourceText.canWrite(purpose) else { throw TrustError("'\(name)' cannot be written as a purpose") }
            return purpose
        }
    }
}

extension TrustDecision {
    /// The rule in words with the first lines.
    var text: String {
        let places = because.prefix(3).map { SourcePlace($0).description }.joined(separator: ", ")
        return rule.sentence + (places.isEmpty ? "" : " (\(places))")
    }
}
