/// Trusted and rejected purposes as the extensions that they are attached as.
struct Usages {
    let trusted: [UInt8]
    let rejected: [UInt8]?

    /// Makes them; nil when a purpose has no encoding.
    init?(trusted: [Purpose], rejected: [Purpose]) {
        // A list must not be empty: the reserved purpose is nobody's.
        let trusted = trusted.isEmpty ? [ExtensionValue.reservedPurpose] : trusted.map(\.identifier)
        guard let value = Usages.list(trusted) else { return nil }
        self.trusted = value
        guard !rejected.isEmpty else {
            self.rejected = nil
            return
        }
        guard let value = Usages.list(rejected.map(\.identifier)) else { return nil }
        self.rejected = value
    }

    private static func list(_ identifiers: [String]) -> [UInt8]? {
        var body: [UInt8] = []
        for identifier in identifiers {
            guard let encoded = DERText.identifier(identifier) else { return nil }
            body += encoded
        }
        var result: [UInt8] = []
        DERText.append(tag: 0x30, body, to: &result)
        return result
    }
}

extension SourceNotes {
    /// Attaches the purposes to the certificate's key.
    mutating func attach(_ usages: Usages, to certificate: TrustCertificate, line: Int) throws(SourceFault) {
        let key = certificate.publicKeyInfo
        try add(
            .attachedExtension(
                AttachedExtension(
                    publicKeyInfo: key, identifier: AttachedExtension.extendedKeyUsage, isCritical: true,
                    value: usages.trusted, line: line)), line: line)
        guard let rejected = usages.rejected else { return }
        try add(
            .attachedExtension(
                AttachedExtension(
                    publicKeyInfo: key, identifier: AttachedExtension.rejectedUsage, isCritical: false,
                    value: rejected, line: line)), line: line)
    }
}
