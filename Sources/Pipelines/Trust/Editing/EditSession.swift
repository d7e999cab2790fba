import AssayBytes
import AssayFileSystem
import AssaySubjects
import AssayTrustStore

/// Changes of a system's sources, tried in memory before anything is written.
struct EditSession {
    let request: TrustUpdateRequest
    let reading: TrustSourceReading
    let store: TrustStore
    private let places: SourcePlaces

    init(_ request: TrustUpdateRequest) throws {
        self.request = request
        var reading = try request.system.reading()
        if reading.layout == nil {
            // A system without any source may get its first one.
            reading.layout = .caTrust
            reading.faults = []
        }
        try request.system.check(reading)
        self.reading = reading
        store = TrustStore.resolve(reading.sources, rules: try request.system.rules())
        places = SourcePlaces(layout: reading.layout ?? .caTrust)
    }

    // MARK: Changes

    /// Makes a certificate an anchor; what was written here about it before is replaced.
    func anchoring(_ certificate: TrustCertificate, purposes: [Purpose]) throws -> [SourceChange] {
        let label = CertificateSummary(certificate).label
        let plain = places.anchor(certificate)
        guard !purposes.isEmpty else {
            var changes: [SourceChange] = []
            if let main = try? places.main() {
                let own = main.appending(SourcePlaces.name(certificate) + ".p11-kit")
                if has(own) { changes.append(SourceChange(path: own, bytes: nil, role: .main)) }
            }
            if changes.isEmpty, store.decision(for: certificate, purpose: .any).isTrusted { return [] }
            return changes + [
                SourceChange(path: plain, bytes: SourceText.pem(certificate.der, label: label), role: .anchors)
            ]
        }
        let path = try places.main().appending(SourcePlaces.name(certificate) + ".p11-kit")
        let text = SourceText.anchor(certificate, label: label, purposes: purposes)
        return (has(plain) ? [SourceChange(path: plain, bytes: nil, role: .anchors)] : [])
            + [SourceChange(path: path, bytes: text, role: .main)]
    }

    /// Distrusts a certificate.
    func distrusting(
        _ certificate: TrustCertificate, _ entry: TrustEntry?, purposes: [Purpose]
    ) throws -> [SourceChange] {
        let label = CertificateSummary(certificate).label
        let name = SourcePlaces.name(certificate)
        guard !purposes.isEmpty else {
            let path = try places.blocklist().appending(name + ".pem")
            if has(path) { return [] }
            return [SourceChange(path: path, bytes: SourceText.pem(certificate.der, label: label), role: .blocklist)]
        }
        // What was rejected before stays rejected.
        let all = Set(purposes).union((entry?.rejectedUsage ?? []).filter(SourceText.canWrite)).sorted()
        let path = try places.main().appending(name + ".distrust.p11-kit")
        return [
            SourceChange(
                path: path, bytes: SourceText.rejection(certificate, label: label, purposes: all), role: .main)
        ]
    }

    /// Takes back what the administrator's sources say of a certificate.
    func removing(
        _ certificate: TrustCertificate, _ entry: TrustEntry?, distrust: Bool
    ) throws -> [SourceChange] {
        let label = "'\(CertificateSummary(certificate).label)'"
        let own = reading.sources.filter { $0.token == 0 && $0.speaks(of: certificate, distrust: distrust) }
        guard !own.isEmpty else {
            let word = distrust ? "distrust" : "make an anchor of"
            let others = reading.sources.filter { $0.token != 0 && $0.speaks(of: certificate, distrust: distrust) }
            let elsewhere = others.first.map { ": '\($0.path)' of the distribution does" } ?? ""
            let hint =
                distrust || others.isEmpty
                ? nil : "assay trust distrust \(CertificateSummary.fingerprint(certificate.der))"
            throw TrustError("no source of the administrator's does \(word) \(label)\(elsewhere)", hint: hint)
        }
        return try own.map { source in
            guard let bytes = EscapedText.unescape(source.path) else {
                throw TrustError("'\(source.path)' cannot be named")
            }
            let path = TreePath(bytes)
            if source.isOnly(about: certificate) { return SourceChange(path: path, bytes: nil, role: source.role) }
            guard source.format == .pem, let rest = try source.without(certificate, try read(path)) else {
                throw TrustError(
                    "'\(source.path)' has other certificates too, and is not rewritten",
                    hint: distrust
                        ? "edit it, then 'assay trust update'"
                        : "edit it, or: assay trust distrust \(CertificateSummary.fingerprint(certificate.der))")
            }
            return SourceChange(path: path, bytes: rest, role: source.role)
        }
    }

    private func has(_ path: TreePath) -> Bool { reading.sources.contains { $0.path == path.description } }

    private func read(_ path: TreePath) throws -> [UInt8] {
        try RootedDirectory(path: request.system.root).read(path, limit: TrustSourceFiles.fileSizeLimit)
    }

    // MARK: Applying

    /// Tries the changes in memory, then writes them and updates the store; `check` refuses what comes out of them, or says
    /// what is to be known.
    func apply(
        _ changes: [SourceChange], _ edit: TrustEdit, check: (TrustStore) throws -> [String]
    ) throws -> TrustEdit {
        var edit = edit
        let after = try SourceChange.applied(changes, to: reading)
        let store = TrustStore.resolve(after.sources, rules: try request.system.rules())
        edit.notes = try check(store)
        edit.files = changes.map {
            TrustEdit.FileChange(action: $0.bytes == nil ? "removed" : "written", path: $0.path.description)
        }
        if request.isDryRun {
            edit.update = try Trust.publish(after, request)
        } else {
            edit.update = try SourceChange.writing(changes, in: WritableDirectory(path: request.system.root)) {
                // What counts is what is read.
                try Trust.update(request)
            }
        }
        return edit
    }
}

extension TrustSource {
    /// Whether it makes a certificate an anchor, or with `distrust` distrusts it or rejects a purpose of its key.
    fileprivate func speaks(of certificate: TrustCertificate, distrust: Bool) -> Bool {
        objects.contains { object in
            switch object {
            case .certificate(let own) where own.certificate == certificate:
                let isDistrusted = role == .blocklist || own.standing == .distrusted
                return distrust ? isDistrusted : !isDistrusted && (role == .anchors || own.standing == .anchor)
            case .attachedExtension(let own) where own.publicKeyInfo == certificate.publicKeyInfo:
                return distrust && own.identifier == AttachedExtension.rejectedUsage
            default: return false
            }
        }
    }

    /// Whether all that it says is about one certificate and its key.
    fileprivate func isOnly(about certificate: TrustCertificate) -> Bool {
        objects.allSatisfy { object in
            switch object {
            case .certificate(let own): own.certificate == certificate
            case .attachedExtension(let own): own.publicKeyInfo == certificate.publicKeyInfo
            case .distrust: false
            }
        }
    }

    /// The file's bytes without the PEM blocks of a certificate; nil when they are not where they should be.
    fileprivate func without(_ certificate: TrustCertificate, _ bytes: [UInt8]) throws -> [UInt8]? {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        let starts = objects.compactMap { object -> Int? in
            guard case .certificate(let own) = object, own.certificate == certificate else { return nil }
            return own.line - 1
        }
        for start in starts.sorted(by: >) {
            guard lines.indices.contains(start), lines[start].starts(with: Array("-----BEGIN ".utf8)),
                let end = lines[start...].firstIndex(where: { $0.starts(with: Array("-----END ".utf8)) })
            else { return nil }
            lines.removeSubrange(start...end)
        }
        let rest = Array(lines.joined(separator: [0x0A]))
        // Nothing but this certificate may be gone.
        let left = try? TrustSource.read(rest, path: path, token: token, role: role)
        guard let left, left.certificates == certificates.filter({ $0 != certificate }) else { return nil }
        return rest
    }
}
