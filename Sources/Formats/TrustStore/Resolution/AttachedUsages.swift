import AssayBytes

/// What sources attach to public keys, joined by the rules.
///
/// A list is made once for a key and shared by all certificates with that key.
struct AttachedUsages {
    /// Purposes that are attached to a key, and where.
    struct Usage {
        var purposes: [Purpose] = []
        var origins: [Origin] = []
    }

    /// A public key in a trust path.
    private struct Place: Hashable {
        let token: Int
        let publicKeyInfo: ByteKey
    }

    private let rules: TrustRules
    private var trusted: [Place: Usage] = [:]
    private var rejected: [Place: Usage] = [:]
    private var authorities: [Place: Bool] = [:]

    init(_ extensions: [Statements.Placed<AttachedExtension>], rules: TrustRules) {
        self.rules = rules
        for attached in extensions {
            let object = attached.object
            let place = Place(token: attached.origin.token, publicKeyInfo: ByteKey(object.publicKeyInfo))
            switch object.identifier {
            case AttachedExtension.extendedKeyUsage: add(attached, to: &trusted[place])
            case AttachedExtension.rejectedUsage: add(attached, to: &rejected[rejectionPlace(place)])
            case AttachedExtension.basicConstraints:
                let isAuthority = ExtensionValue.isAuthority(object.value)
                switch rules {
                // Who is called an authority by one line and none by another is none.
                case .assay: authorities[place] = isAuthority && authorities[place] ?? true
                case .p11Kit: authorities[place] = authorities[place] ?? isAuthority
                }
            default: break
            }
        }
        if rules == .assay {
            trusted = trusted.mapValues(AttachedUsages.sorted)
            rejected = rejected.mapValues(AttachedUsages.sorted)
        }
    }

    /// What the certificate's key is trusted for in a trust path; nil when nothing is attached.
    func trusted(_ certificate: TrustCertificate, token: Int) -> Usage? {
        trusted[place(of: certificate, token: token)]
    }

    /// What is rejected for the certificate's key.
    func rejected(_ certificate: TrustCertificate, token: Int) -> Usage {
        rejected[rejectionPlace(place(of: certificate, token: token))] ?? Usage()
    }

    /// Whether the certificate is an authority, by what is attached in the trust path, else by its own words.
    func isAuthority(_ certificate: TrustCertificate, token: Int) -> Bool {
        authorities[place(of: certificate, token: token)] ?? certificate.callsItselfAuthority
    }

    private func place(of certificate: TrustCertificate, token: Int) -> Place {
        Place(token: token, publicKeyInfo: ByteKey(certificate.publicKeyInfo))
    }

    /// A rejection counts in every trust path, but for p11-kit.
    private func rejectionPlace(_ place: Place) -> Place {
        switch rules {
        case .assay: Place(token: 0, publicKeyInfo: place.publicKeyInfo)
        case .p11Kit: place
        }
    }

    private func add(_ attached: Statements.Placed<AttachedExtension>, to usage: inout Usage?) {
        // The first that was loaded is p11-kit's only one.
        if rules == .p11Kit, usage != nil { return }
        // What is no usage trusts nothing: it must not read as trust for all.
        usage = usage ?? Usage()
        usage?.purposes += ExtensionValue.purposes(attached.object.value) ?? []
        usage?.origins.append(attached.origin)
    }

    private static func sorted(_ usage: Usage) -> Usage {
        Usage(purposes: Set(usage.purposes).sorted(), origins: usage.origins)
    }
}
