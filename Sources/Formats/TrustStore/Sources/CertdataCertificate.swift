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
            serverDistrustAfter: try CertdataCertificate.time("CKA_NSS_SERVER_DISTRUST_AFTER", object, notes),
            emailDistrustAfter: try CertdataCertificate.time("CKA_NSS_EMAIL_DISTRUST_AFTER", object, notes),
            line: object.line)
    }

    /// A UTCTime in bytes, or `CK_FALSE`.
    private static func time(
        _ name: String, _ object: CertdataObject, _ notes: borrowing SourceNotes
    ) throws(SourceFault) -> Int64? {
        let line = object.line(of: name)
        let bytes: [UInt8]?
        do { bytes = try object.bytes(name, notes) } catch {
            guard try object.word(name, notes) == "CK_FALSE" else { throw notes.fault(line, "'\(name)' is no time") }
            return nil
        }
        guard let bytes else { return nil }
        guard let time = CertificateTime.either(bytes) else { throw notes.fault(line, "'\(name)' is no time") }
        return time
    }

    /// Says what the file says: a certificate that is trusted for some purposes is an anchor for these; one that is distrusted
    /// for some and trusted for none is distrusted.
    func add(_ trust: CertdataTrust?, _ notes: inout SourceNotes) throws(SourceFault) {
        var object = object
        guard let trust else {
            notes.warn(object.line, "nothing is said about the trust of the certificate")
            return try notes.add(.certificate(object), line: object.line)
        }
        try trust.check(certificate, notes)
        guard let usages = Usages(trusted: trust.trusted, rejected: trust.rejected) else {
            throw notes.fault(trust.line, "a purpose that cannot be written")
        }
        try notes.attach(usages, to: certificate, line: trust.line)
        object.standing = !trust.trusted.isEmpty ? .anchor : trust.rejected.isEmpty ? .neutral : .distrusted
        try notes.add(.certificate(object), line: object.line)
    }
}
