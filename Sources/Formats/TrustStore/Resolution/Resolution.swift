import AssayBytes

extension TrustStore {
    /// What sources mean together; their order in the array does not matter.
    ///
    /// They are heard by trust path, then folder (main, anchors, blocklist), then the bytes of their paths. The work grows
    /// with the sources' size only.
    public static func resolve(_ sources: [TrustSource], rules: TrustRules) -> TrustStore {
        let statements = Statements(sources)
        let distrust = DistrustIndex(statements)
        let attached = AttachedUsages(statements.extensions, rules: rules)
        var numbers: [TrustCertificate: Int] = [:]
        var groups: [[Mention]] = []
        for (place, statement) in statements.certificates.enumerated() {
            let mention = Mention(place: place, object: statement.object, origin: statement.origin)
            if let number = numbers[statement.object.certificate] {
                groups[number].append(mention)
            } else {
                numbers[statement.object.certificate] = groups.count
                groups.append([mention])
            }
        }
        let resolved = groups.map { mentions in
            switch rules {
            case .assay: mentions.resolve(distrust: distrust, attached: attached)
            case .p11Kit: mentions.resolveAsP11Kit(distrust: distrust, attached: attached)
            }
        }
        return TrustStore(
            rules: rules, entries: resolved.sorted { $0.place < $1.place }.map(\.entry),
            unmatchedDistrust: statements.unmatchedDistrust, distrust: distrust)
    }
}

/// One of the places where a certificate stands.
struct Mention {
    /// Its number in load order.
    let place: Int
    let object: CertificateObject
    let origin: Origin
}

extension Array where Element == Mention {
    /// The entry by our rules, and where in the load order it stands.
    fileprivate func resolve(distrust: DistrustIndex, attached: AttachedUsages) -> (place: Int, entry: TrustEntry) {
        let anchors = filter { $0.object.standing == .anchor }
        // The strongest trust path that anchors the certificate says what for.
        let deciding = anchors.first ?? self[0]
        let label =
            lazy.compactMap { $0.object.label.flatMap(CleanLabel.init) }.first
            ?? SubjectLabel.first(deciding.object.certificate.subject)
        let decision = distrust.decision(for: deciding.object.certificate)
        let standing: Standing = decision != nil ? .distrusted : deciding.object.standing
        return (
            self[0].place,
            entry(
                deciding, standing: standing, distrust: decision, label: label?.bytes ?? [], attached: attached, .assay)
        )
    }

    /// The entry by p11-kit's rules: the first object that passes its filter for authorities decides, else the first at all.
    fileprivate func resolveAsP11Kit(
        distrust: DistrustIndex, attached: AttachedUsages
    ) -> (place: Int, entry: TrustEntry) {
        let decision = distrust.decision(for: self[0].object.certificate)
        let anchor = first { mention in
            mention.object.standing == .anchor
                && attached.isAuthority(mention.object.certificate, token: mention.origin.token)
        }
        let deciding = decision == nil ? anchor ?? self[0] : self[0]
        let label = deciding.object.label ?? SubjectLabel.asP11Kit(deciding.object.certificate.subject)
        let standing: Standing = decision != nil ? .distrusted : deciding.object.standing
        return (
            deciding.place,
            entry(deciding, standing: standing, distrust: decision, label: label, attached: attached, .p11Kit)
        )
    }

    private func entry(
        _ deciding: Mention, standing: Standing, distrust: TrustDecision?, label: [UInt8], attached: AttachedUsages,
        _ rules: TrustRules
    ) -> TrustEntry {
        let certificate = deciding.object.certificate
        let token = deciding.origin.token
        let trusted = attached.trusted(certificate, token: token)
        let rejected = attached.rejected(certificate, token: token)
        return TrustEntry(
            certificate: certificate, label: label, standing: standing, distrust: distrust,
            isAuthority: attached.isAuthority(certificate, token: token), attachedUsage: trusted?.purposes,
            rejectedUsage: rejected.purposes, ownUsage: certificate.ownPurposes,
            serverDistrustAfter: compactMap(\.object.serverDistrustAfter).min(),
            emailDistrustAfter: compactMap(\.object.emailDistrustAfter).min(), origins: map(\.origin),
            anchorOrigins: filter { $0.object.standing == .anchor }.map(\.origin), usageOrigins: trusted?.origins ?? [],
            rejectOrigins: rejected.origins, rules: rules)
    }
}

extension Statements {
    /// Distrust that names a certificate or key which no certificate here has.
    fileprivate var unmatchedDistrust: [UnmatchedDistrust] {
        let names = Set(certificates.map(\.object.certificate.name))
        let keys = Set(certificates.map { ByteKey($0.object.certificate.publicKeyInfo) })
        return distrusts.compactMap { distrust in
            if let name = distrust.object.name, names.contains(name) { return nil }
            if let key = distrust.object.publicKeyInfo, keys.contains(ByteKey(key)) { return nil }
            return UnmatchedDistrust(object: distrust.object, origin: distrust.origin)
        }
    }
}
