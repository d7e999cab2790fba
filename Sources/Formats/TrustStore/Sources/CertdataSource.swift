/// NSS's certdata.txt: objects of `NAME TYPE VALUE` lines, certificates apart from what is said about their trust
/// (<https://firefox-source-docs.mozilla.org/security/nss/legacy/nss_tech_notes/nss_tech_note7/>).
///
/// Certificates and trust are joined by issuer and serial number, and by the digest when there is one.
enum CertdataSource {
    private static let announcement = "BEGINDATA"

    /// Whether a line says that objects follow.
    static func isAnnounced(in bytes: [UInt8]) -> Bool {
        // A search for the word comes before any look at lines: most files do not have it.
        guard SourceLines.find(announcement, in: bytes[...]) != nil else { return false }
        var lines = SourceLines(bytes)
        while let line = lines.next() {
            if line.elementsEqual(announcement.utf8) { return true }
        }
        return false
    }

    /// Reads every object.
    static func read(_ bytes: [UInt8], _ notes: inout SourceNotes) throws(SourceFault) {
        var lines = SourceLines(bytes)
        var isBegun = false
        var objects: [CertdataObject] = []
        while let line = lines.next() {
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            guard isBegun else {
                isBegun = line.elementsEqual(announcement.utf8)
                guard isBegun || line.starts(with: "CVS_ID ".utf8) else {
                    throw notes.fault(lines.number, "text before '\(announcement)'")
                }
                continue
            }
            let attribute = try CertdataAttribute(line, &lines, notes)
            if attribute.name == "CKA_CLASS" {
                guard objects.count < SourceNotes.objectLimit else {
                    throw notes.fault(attribute.line, "more than \(SourceNotes.objectLimit) objects in a file")
                }
                objects.append(try CertdataObject(attribute, notes))
            } else if objects.isEmpty {
                throw notes.fault(attribute.line, "'\(attribute.name)' before the first 'CKA_CLASS'")
            } else {
                try objects[objects.count - 1].add(attribute, notes)
            }
        }
        try join(objects, &notes)
    }

    private static func join(_ objects: [CertdataObject], _ notes: inout SourceNotes) throws(SourceFault) {
        var trusts: [DistrustObject.Name: CertdataTrust] = [:]
        for object in objects where object.kind == .trust {
            let trust = try CertdataTrust(object, notes)
            if let earlier = trusts.updateValue(trust, forKey: trust.name) {
                throw notes.fault(
                    trust.line, "the trust of a certificate is given twice, also in line \(earlier.line)")
            }
        }
        var seen: [DistrustObject.Name: Int] = [:]
        for object in objects where object.kind == .certificate {
            let certificate = try CertdataCertificate(object, notes)
            if let earlier = seen.updateValue(object.line, forKey: certificate.certificate.name) {
                throw notes.fault(
                    object.line, "issuer and serial number are given to two certificates, also in line \(earlier)")
            }
            try certificate.add(trusts[certificate.certificate.name], &notes)
        }
        for trust in trusts.values.sorted(by: { $0.line < $1.line }) where seen[trust.name] == nil {
            try trust.addWithoutCertificate(&notes)
        }
    }
}
