extension TrustSource {
    /// The most bytes of a source file.
    public static let sizeLimit = 16 << 20

    /// Reads a source file of any format.
    ///
    /// The format is recognised by content, in this order: one DER certificate; p11-kit's, when `[p11-kit-object-v1]` stands
    /// anywhere; NSS's certdata.txt, when a line says `BEGINDATA`; PEM. What was recognised as one format and is malformed in it
    /// is a fault and is never read as another: what is distrusted in one is only a certificate in another.
    ///
    /// A block of another kind than a certificate is passed over with a warning, a private key too; one that holds certificates
    /// which are not read (PKCS #7) is a fault, as is a file that says nothing at all.
    ///
    /// - Parameters:
    ///   - bytes: the file's bytes.
    ///   - path: its path in the subject, escaped.
    ///   - token: the number of its trust path.
    ///   - role: the folder that it lies in.
    /// - Returns: what the file says, in its order, and what is odd in it.
    /// - Throws: the first thing that is wrong, with its line. The work is linear in the size of `bytes`.
    public static func read(
        _ bytes: [UInt8], path: String, token: Int, role: SourceRole
    ) throws(SourceFault) -> TrustSource {
        var notes = SourceNotes(path: path)
        guard bytes.count <= sizeLimit else { throw notes.fault(nil, "larger than \(sizeLimit) bytes") }
        guard !bytes.isEmpty else { throw notes.fault(nil, "the file is empty") }
        guard let format = format(of: bytes) else {
            throw notes.fault(nil, "no certificate: neither DER nor PEM nor p11-kit's format nor NSS's certdata")
        }
        switch format {
        case .der:
            let certificate = try notes.certificate(bytes, line: 1)
            try notes.add(
                .certificate(CertificateObject(certificate: certificate, standing: .neutral, line: 1)), line: 1)
        case .pem: try PEMSource.read(bytes, &notes)
        case .p11Kit: try P11KitSource.read(bytes, role: role, &notes)
        case .certdata: try CertdataSource.read(bytes, &notes)
        }
        guard !notes.objects.isEmpty else { throw notes.fault(nil, "no certificate in the file") }
        warnOfContradiction(role, &notes)
        return TrustSource(
            path: path, token: token, role: role, format: format, objects: notes.objects, warnings: notes.warnings)
    }

    /// The format that the bytes look like; nil when they look like none.
    private static func format(of bytes: [UInt8]) -> SourceFormat? {
        // No text has such a second byte behind a '0', and a certificate is longer than the shorter lengths allow.
        if bytes.count >= 2, bytes[0] == 0x30, (0x80..<0xC0).contains(bytes[1]) { return .der }
        if SourceLines.find(P11KitSource.header, in: bytes[...]) != nil { return .p11Kit }
        if CertdataSource.isAnnounced(in: bytes) { return .certdata }
        return SourceLines.find("-----BEGIN", in: bytes[...]) != nil ? .pem : nil
    }

    /// The folder has the last word, but no folder takes a distrust back.
    private static func warnOfContradiction(_ role: SourceRole, _ notes: inout SourceNotes) {
        for case .certificate(let object) in notes.objects {
            switch (role, object.standing) {
            case (.anchors, .distrusted):
                notes.warn(object.line, "the file distrusts the certificate, which stays distrusted among the anchors")
            case (.blocklist, .anchor):
                notes.warn(object.line, "the file trusts the certificate, which the block list distrusts")
            default: break
            }
        }
    }
}
