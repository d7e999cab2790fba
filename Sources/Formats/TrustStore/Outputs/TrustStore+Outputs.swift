import AssayParallel

/// What the outputs take from outside.
public struct OutputOptions: Hashable, Sendable {
    /// The time of the Java key store's entries, in seconds since 1970.
    public var time: Int64

    /// Makes them.
    public init(time: Int64) { self.time = time }
}

extension StoreOutput {
    /// The purpose that a certificate of the output is trusted for; nil for the OpenSSL bundle, which carries purposes.
    public var purpose: Purpose? {
        switch self {
        case .tlsBundle, .javaKeyStore, .edk2, .directoryHash, .legacy: .serverAuth
        case .emailBundle: .emailProtection
        case .objectSigningBundle: .codeSigning
        case .opensslBundle: nil
        }
    }
}

extension TrustStore {
    /// The files of all outputs, in the order of `StoreOutput.allCases`.
    public func files(options: OutputOptions) -> [StoreFile] {
        let bundles = StoreOutput.allCases.filter { !$0.isFolder }.map { [$0] }
        return (bundles + [StoreOutput.folders]).concurrentMap { outputs in
            guard outputs.count > 1 else { return outputs.flatMap { files($0, options: options) } }
            // By our rules the folders have the same files, so each is made once.
            let members = rules == .assay ? members(of: .legacy, comment: true) : nil
            return outputs.flatMap { folder($0, members) }
        }.flatMap(\.self)
    }

    /// The files of an output, certificates in load order, each folder's files before the links to them.
    ///
    /// The same store and options give the same bytes. An output without a certificate is an empty file, or no file for the
    /// folders. Linear in the size of the certificates.
    public func files(_ output: StoreOutput, options: OutputOptions) -> [StoreFile] {
        switch output {
        case .tlsBundle, .emailBundle, .objectSigningBundle: [file(output, bundle(entries(in: output)))]
        case .opensslBundle: [file(output, opensslBundle())]
        case .javaKeyStore:
            [
                file(
                    output,
                    JavaKeyStore.write(entries(in: output).map { (label($0), $0.certificate.der) }, time: options.time))
            ]
        case .edk2: [file(output, EFISignatureList.write(entries(in: output).map(\.certificate.der)))]
        case .directoryHash, .legacy: folder(output, nil)
        }
    }

    /// Whether an output trusts `entry`'s certificate, and why.
    ///
    /// For the OpenSSL bundle, which also lists what is not trusted: whether it is an anchor there for any purpose at all.
    public func includes(_ entry: TrustEntry, in output: StoreOutput) -> TrustDecision {
        if let purpose = output.purpose { return entry.decision(for: purpose) }
        if entry.standing == .distrusted { return entry.decision(for: .any) }
        guard entry.standing == .anchor else {
            return TrustDecision(isTrusted: false, rule: .neutral, because: entry.origins)
        }
        if rules == .assay && !entry.isAuthority {
            return TrustDecision(isTrusted: false, rule: .notAuthority, because: entry.anchorOrigins)
        }
        if rules == .assay && entry.rejectedUsage.contains(.any) {
            return TrustDecision(isTrusted: false, rule: .purposeRejected, because: entry.rejectOrigins)
        }
        guard let attached = entry.attachedUsage else {
            return TrustDecision(isTrusted: true, rule: .anchorForAll, because: entry.anchorOrigins)
        }
        if auxiliary(entry).trust?.isEmpty == false {
            return TrustDecision(isTrusted: true, rule: .attachedUsage, because: entry.usageOrigins)
        }
        return attached.isEmpty
            ? TrustDecision(isTrusted: false, rule: .notInAttachedUsage, because: entry.usageOrigins)
            : TrustDecision(isTrusted: false, rule: .purposeRejected, because: entry.rejectOrigins)
    }

    /// The entries that an output writes, in load order.
    public func entries(in output: StoreOutput) -> [TrustEntry] {
        if output.purpose != nil { return entries.filter { includes($0, in: output).isTrusted } }
        // Distrust is written whatever the certificate is: it never adds trust.
        return entries.filter { rules == .p11Kit || $0.isAuthority || $0.standing == .distrusted }
    }

    private func file(_ output: StoreOutput, _ bytes: [UInt8]) -> StoreFile {
        StoreFile(path: output.path, content: .bytes(bytes))
    }

    private func label(_ entry: TrustEntry) -> OutputLabel { OutputLabel(entry.label, rules: rules) }

    /// The files of an output that is a folder, of `members` when they are made already.
    ///
    /// p11-kit's have no comment, as update-ca-trust calls it.
    private func folder(_ output: StoreOutput, _ members: [HashedFolder.Member]?) -> [StoreFile] {
        let members = members ?? self.members(of: output, comment: rules == .assay || output == .legacy)
        return output == .legacy
            ? HashedFolder.legacy(members, in: output.path) : HashedFolder.directoryHash(members, in: output.path)
    }

    private func members(of output: StoreOutput, comment: Bool) -> [HashedFolder.Member] {
        entries(in: output).map {
            HashedFolder.Member(label: label($0), certificate: $0.certificate, comment: comment)
        }
    }

    private func bundle(_ entries: [TrustEntry]) -> [UInt8] {
        PEMBundle.write(entries.map { (label($0), $0.certificate.der) }, .certificate)
    }

    private func opensslBundle() -> [UInt8] {
        PEMBundle.write(
            entries(in: .opensslBundle).map { (label($0), $0.certificate.der + auxiliary($0).encoded) },
            .trustedCertificate)
    }

    /// What the OpenSSL bundle says about a certificate.
    func auxiliary(_ entry: TrustEntry) -> CertificateAux {
        let name = label(entry).value
        let alias = name.isEmpty ? nil : name
        let rejected = entry.rejectedUsage
        if entry.standing == .distrusted {
            switch rules {
            case .p11Kit: return CertificateAux(trust: nil, reject: rejected + CertificateAux.known, alias: alias)
            case .assay:
                let everything = Set(rejected).union(CertificateAux.known).union([.any])
                return CertificateAux(trust: [], reject: everything.sorted(), alias: alias)
            }
        }
        let reject = rejected.isEmpty ? nil : rejected
        guard entry.standing == .anchor else { return CertificateAux(trust: [], reject: reject, alias: alias) }
        guard rules == .assay, let attached = entry.attachedUsage else {
            return CertificateAux(trust: entry.attachedUsage, reject: reject, alias: alias)
        }
        let refused = Set(rejected)
        let trust = refused.contains(.any) ? [] : attached.filter { !refused.contains($0) }
        return CertificateAux(trust: trust, reject: reject, alias: alias)
    }
}

extension CertificateAux {
    /// What a distrusted certificate is rejected for, in p11-kit's order.
    fileprivate static let known: [Purpose] = [
        .serverAuth, .clientAuth, .codeSigning, .emailProtection, .ipsecEndSystem, .ipsecTunnel, .ipsecUser,
        .timeStamping,
    ]
}
