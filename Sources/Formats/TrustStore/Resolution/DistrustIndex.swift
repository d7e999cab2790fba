import AssayBytes

/// Who is distrusted, by every name that a distrust reaches: the certificate, issuer and serial number, the public key.
///
/// A distrusted certificate also distrusts its name and its key, as p11-kit has it: a CA that is certified anew for the
/// same key does not come back by that.
struct DistrustIndex: Hashable, Sendable {
    /// The lines that are listed for one certificate at most, so that hostile sources do not make lists of N times M.
    static let mostOrigins = 32

    private var certificates: [TrustCertificate: [Origin]] = [:]
    private var names: [DistrustObject.Name: [Origin]] = [:]
    private var keys: [ByteKey: [Origin]] = [:]

    init() {}

    init(_ statements: Statements) {
        for certificate in statements.certificates where certificate.object.standing == .distrusted {
            add(certificate.object.certificate, certificate.origin)
        }
        for distrust in statements.distrusts {
            if let name = distrust.object.name { append(distrust.origin, to: &names[name, default: []]) }
            if let key = distrust.object.publicKeyInfo { append(distrust.origin, to: &keys[ByteKey(key), default: []]) }
        }
    }

    /// Why `certificate` is distrusted, or nil: the lines of the rule that decides, then those that say it another way.
    func decision(for certificate: TrustCertificate) -> TrustDecision? {
        let reasons: [(rule: TrustRule, origins: [Origin])] = [
            (.distrustedCertificate, certificates[certificate] ?? []),
            (.distrustedName, names[certificate.name] ?? []),
            (.distrustedKey, keys[ByteKey(certificate.publicKeyInfo)] ?? []),
        ].filter { !$0.origins.isEmpty }
        guard let first = reasons.first else { return nil }
        var because: [Origin] = []
        for origin in reasons.flatMap(\.origins) where because.count < DistrustIndex.mostOrigins {
            if !because.contains(origin) { because.append(origin) }
        }
        return TrustDecision(isTrusted: false, rule: first.rule, because: because)
    }

    private mutating func add(_ certificate: TrustCertificate, _ origin: Origin) {
        append(origin, to: &certificates[certificate, default: []])
        append(origin, to: &names[certificate.name, default: []])
        append(origin, to: &keys[ByteKey(certificate.publicKeyInfo), default: []])
    }

    private func append(_ origin: Origin, to origins: inout [Origin]) {
        if origins.count < DistrustIndex.mostOrigins { origins.append(origin) }
    }
}

extension TrustCertificate {
    /// Issuer and serial number.
    var name: DistrustObject.Name { DistrustObject.Name(issuer: issuer, serialNumber: serialNumber) }
}
