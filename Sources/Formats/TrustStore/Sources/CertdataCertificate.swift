/// A certificate object of certdata.txt.
struct CertdataCertificate {
    let certificate: TrustCertificate
    private let object: CertificateObject

    init(_ object: CertdataObject, _ notes: borrowing SourceNotes) throws(SourceFault) {
        if let type = try object.word("CKA_CERTIFICATE_TYPE", notes), type != "CKC_X_509" {
            throw notes.fault(
                object.line(of: "CKA_CERTIFICATE_TYPE"),
                "certificates of type \(SourceNotes.quoted(type.utf8)) are not known")
        }
        guard let value = try object.bytes("CKA_VALUE", notes) else {
            throw notes.fault(object.line, "a certificate without 'CKA_VALUE'")
        }
        certificate = try notes.certificate(value, line: object.line(of: "CKA_VALUE"))
        let expected = [
            ("CKA_ISSUER", certificate.issuer), ("CKA_SERIAL_NUMBER", certificate.serialNumber),
            ("CKA_SUBJECT", certificate.subject),
        ]
        for (name, value) in expected {
            if let given = try object.bytes(name, notes), given != value {
                throw notes.fault(object.line(of: name), "'\(name)' is not the certificate's")
            }
        }
        self.object = CertificateObject(
            certificate: certificate, standing: .neutral, label: try object.bytes("CKA_LABEL", notes),
            serverDistrustAfter: try object.time("CKA_NSS_SERVER_DISTRUST_AFTER", notes),
            emailDistrustAfter: try object.time("CKA_NSS_EMAIL_DISTRUST_AFTER", notes),
            line: object.line)
    }

    /// Says what the file says: a certificate that is trusted for some purposes is an anchor for these; one that is distrusted
    /// for some and trusted for none is distrusted.
    func add(_ trust: CertdataTrust?, _ notes: inout SourceNotes) throws(SourceFault) {
        var object = object
        // A list that was cut short must not make a plain certificate of one that is distrusted.
        guard let trust else {
            throw notes.fault(object.line, "nothing is said about the trust of the certificate")
        }
        try trust.check(certificate, notes)
        guard let usages = Usages(trusted: trust.trusted, rejected: trust.rejected) else {
            throw notes.fault(trust.line, "a purpose that cannot be written")
        }
        try notes.attach(usages, to: certificate, line: trust.line)
        // The date stands in one of the two objects, or in both.
        object.serverDistrustAfter = [object.serverDistrustAfter, trust.serverDistrustAfter].compactMap { $0 }.min()
        object.emailDistrustAfter = [object.emailDistrustAfter, trust.emailDistrustAfter].compactMap { $0 }.min()
        object.standing = !trust.trusted.isEmpty ? .anchor : trust.rejected.isEmpty ? .neutral : .distrusted
        try notes.add(.certificate(object), line: object.line)
    }
}
