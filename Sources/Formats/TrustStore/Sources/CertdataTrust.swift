import Crypto

/// A trust object of certdata.txt.
struct CertdataTrust {
    /// Which certificate.
    let name: DistrustObject.Name
    /// What it is trusted for, in the object's order.
    private(set) var trusted: [Purpose] = []
    /// What it is distrusted for, in the object's order.
    private(set) var rejected: [Purpose] = []
    /// From when on new server certificates below it are distrusted, in seconds since 1970.
    let serverDistrustAfter: Int64?
    /// From when on new mail certificates below it are distrusted, in seconds since 1970.
    let emailDistrustAfter: Int64?
    /// The line of the object.
    let line: Int
    private let label: [UInt8]?
    private let digests: (sha1: [UInt8]?, md5: [UInt8]?)

    private static let purposes: [String: Purpose] = [
        "CKA_TRUST_SERVER_AUTH": .serverAuth, "CKA_TRUST_CLIENT_AUTH": .clientAuth,
        "CKA_TRUST_CODE_SIGNING": .codeSigning, "CKA_TRUST_EMAIL_PROTECTION": .emailProtection,
        "CKA_TRUST_IPSEC_END_SYSTEM": .ipsecEndSystem, "CKA_TRUST_IPSEC_TUNNEL": .ipsecTunnel,
        "CKA_TRUST_IPSEC_USER": .ipsecUser, "CKA_TRUST_TIME_STAMPING": .timeStamping,
    ]
    /// What each object says: one without it was cut short.
    private static let required = ["CKA_TRUST_SERVER_AUTH", "CKA_TRUST_EMAIL_PROTECTION", "CKA_TRUST_CODE_SIGNING"]
    /// Trust for uses of the key, which no output carries.
    private static let keyUsages: Set<String> = [
        "CKA_TRUST_DIGITAL_SIGNATURE", "CKA_TRUST_NON_REPUDIATION", "CKA_TRUST_KEY_ENCIPHERMENT",
        "CKA_TRUST_DATA_ENCIPHERMENT", "CKA_TRUST_KEY_AGREEMENT", "CKA_TRUST_KEY_CERT_SIGN", "CKA_TRUST_CRL_SIGN",
    ]

    init(_ object: CertdataObject, _ notes: borrowing SourceNotes) throws(SourceFault) {
        line = object.line
        guard let issuer = try object.bytes("CKA_ISSUER", notes),
            let serial = try object.bytes("CKA_SERIAL_NUMBER", notes)
        else { throw notes.fault(line, "trust without 'CKA_ISSUER' and 'CKA_SERIAL_NUMBER'") }
        guard DERText.isOne(issuer, tag: 0x30) else {
            throw notes.fault(object.line(of: "CKA_ISSUER"), "'CKA_ISSUER' is no DER name")
        }
        guard DERText.isOne(serial, tag: 0x02) else {
            throw notes.fault(object.line(of: "CKA_SERIAL_NUMBER"), "'CKA_SERIAL_NUMBER' is no DER number")
        }
        name = DistrustObject.Name(issuer: issuer, serialNumber: serial)
        label = try object.bytes("CKA_LABEL", notes)
        digests = (try object.bytes("CKA_CERT_SHA1_HASH", notes), try object.bytes("CKA_CERT_MD5_HASH", notes))
        serverDistrustAfter = try object.time("CKA_NSS_SERVER_DISTRUST_AFTER", notes)
        emailDistrustAfter = try object.time("CKA_NSS_EMAIL_DISTRUST_AFTER", notes)
        for attribute in CertdataTrust.required where try object.word(attribute, notes) == nil {
            throw notes.fault(line, "trust without '\(attribute)'")
        }
        for attribute in object.names(beginningWith: "CKA_TRUST_") {
            guard let level = try object.word(attribute, notes) else { continue }
            let line = object.line(of: attribute)
            if attribute == "CKA_TRUST_STEP_UP_APPROVED" { continue }
            let purpose = CertdataTrust.purposes[attribute]
            guard purpose != nil || CertdataTrust.keyUsages.contains(attribute) else {
                throw notes.fault(line, "unknown attribute \(SourceNotes.quoted(attribute.utf8))")
            }
            switch level {
            case "CKT_NSS_TRUSTED_DELEGATOR", "CKT_NETSCAPE_TRUSTED_DELEGATOR":
                if let purpose { trusted.append(purpose) }
            case "CKT_NSS_NOT_TRUSTED", "CKT_NETSCAPE_UNTRUSTED":
                // Whose key must not be used in a way is not trusted for anything that we know.
                rejected.append(purpose ?? .any)
            case "CKT_NSS_MUST_VERIFY_TRUST", "CKT_NSS_TRUST_UNKNOWN", "CKT_NETSCAPE_MUST_VERIFY",
                "CKT_NETSCAPE_TRUST_UNKNOWN":
                break
            default: throw notes.fault(line, "unknown trust \(SourceNotes.quoted(level.utf8))")
            }
        }
    }

    /// Throws when the trust is another certificate's by its digests.
    func check(_ certificate: TrustCertificate, _ notes: borrowing SourceNotes) throws(SourceFault) {
        if let sha1 = digests.sha1, Array(Insecure.SHA1.hash(data: certificate.der)) != sha1 {
            throw notes.fault(line, "'CKA_CERT_SHA1_HASH' is not the certificate's")
        }
        if let md5 = digests.md5, Array(Insecure.MD5.hash(data: certificate.der)) != md5 {
            throw notes.fault(line, "'CKA_CERT_MD5_HASH' is not the certificate's")
        }
    }

    /// What is left of trust in a certificate that the file does not have: its distrust.
    func addWithoutCertificate(_ notes: inout SourceNotes) throws(SourceFault) {
        guard trusted.isEmpty else {
            throw notes.fault(line, "a certificate is trusted that the file does not have")
        }
        guard !rejected.isEmpty else {
            return notes.warn(line, "nothing is said about a certificate that the file does not have")
        }
        try notes.add(
            .distrust(DistrustObject(name: name, publicKeyInfo: nil, label: label, line: line)), line: line)
    }
}
