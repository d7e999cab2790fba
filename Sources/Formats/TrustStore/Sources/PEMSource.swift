/// A source of PEM blocks.
///
/// `CERTIFICATE` and its old name `X509 CERTIFICATE` give a plain certificate, `TRUSTED CERTIFICATE` one with OpenSSL's trust data.
enum PEMSource {
    /// Reads the blocks; text between them is no matter, but must not look like a boundary.
    static func read(_ bytes: [UInt8], _ notes: inout SourceNotes) throws(SourceFault) {
        var lines = SourceLines(bytes)
        var isTextKnown = false
        while let line = lines.next() {
            if line.starts(with: PEMBlock.begin.utf8) {
                let block = try PEMBlock(line, &lines, notes)
                try read(block, &notes)
                continue
            }
            guard let first = line.first else { continue }
            // Some readers look for boundaries anywhere in a line, some want them whole: all must see the same blocks.
            if line.contains(0x2D), looksLikeBoundary(line) {
                throw notes.fault(lines.number, "a boundary that is not whole or does not begin its line")
            }
            guard first != UInt8(ascii: "#") else { continue }
            // A p11-kit file whose header is damaged would lose every distrust that its attributes say.
            if looksLikeP11Kit(line) {
                throw notes.fault(lines.number, "p11-kit's words without the line '\(P11KitSource.header)'")
            }
            guard !isTextKnown else { continue }
            isTextKnown = true
            notes.warn(lines.number, "text outside of the blocks is not read")
        }
    }

    private static func looksLikeBoundary(_ line: ArraySlice<UInt8>) -> Bool {
        ["-BEGIN", "-END", "- BEGIN", "- END"].contains { SourceLines.find($0, in: line) != nil }
            || SourceLines.find("BEGIN CERTIFICATE", in: line) != nil
    }

    /// Whether a line has the form of p11-kit's sections, or one of the names that say something about trust there.
    private static func looksLikeP11Kit(_ line: ArraySlice<UInt8>) -> Bool {
        if line.first == UInt8(ascii: "[") { return true }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let name = String(decoding: SourceLines.trimmed(line[..<colon]), as: UTF8.self)
        return P11KitAttribute(name: name)?.saysTrust ?? false
    }

    private static func read(_ block: PEMBlock, _ notes: inout SourceNotes) throws(SourceFault) {
        switch block.name {
        case "CERTIFICATE", "X509 CERTIFICATE":
            if block.name == "X509 CERTIFICATE" {
                notes.warn(
                    block.line, "'X509 CERTIFICATE' is an old name of 'CERTIFICATE', which not every reader knows")
            }
            let certificate = try notes.certificate(block.content, line: block.line)
            try notes.add(
                .certificate(CertificateObject(certificate: certificate, standing: .neutral, line: block.line)),
                line: block.line)
        case "TRUSTED CERTIFICATE": try readTrusted(block, &notes)
        case "PKCS7", "PKCS #7 SIGNED DATA", "CMS":
            throw notes.fault(
                block.line, "the certificates in a block of '\(block.name)' are not read: write them as 'CERTIFICATE'")
        case let name where name.hasSuffix("CERTIFICATE") && name != "ATTRIBUTE CERTIFICATE":
            throw notes.fault(block.line, "an unknown kind of certificate: \(SourceNotes.quoted(block.label))")
        case let name where name.hasSuffix("PRIVATE KEY"):
            notes.warn(block.line, "a private key does not belong among the sources of a trust store")
        default: notes.warn(block.line, "a block of \(SourceNotes.quoted(block.label)) is not read")
        }
    }

    /// A certificate, and behind it what it is trusted and rejected for.
    ///
    /// As p11-kit has it, trust data without a trusted purpose distrust the certificate, and without trust data it is plain.
    private static func readTrusted(_ block: PEMBlock, _ notes: inout SourceNotes) throws(SourceFault) {
        let line = block.line
        guard let extent = DERText.extent(block.content[...]) else {
            throw notes.fault(line, "the certificate is not DER, or is cut short")
        }
        let certificate = try notes.certificate(Array(block.content[..<extent]), line: line)
        guard extent < block.content.count else {
            notes.warn(line, "a block of 'TRUSTED CERTIFICATE' without trust data is a plain certificate")
            return try notes.add(
                .certificate(CertificateObject(certificate: certificate, standing: .neutral, line: line)), line: line)
        }
        guard let auxiliary = CertificateAux(der: block.content[extent...]) else {
            throw notes.fault(line, "the trust data are malformed")
        }
        let trusted = auxiliary.trust ?? []
        if trusted.isEmpty {
            notes.warn(line, "the trust data name no trusted purpose: the certificate is distrusted for every purpose")
        }
        guard let usages = Usages(trusted: trusted, rejected: auxiliary.reject ?? []) else {
            throw notes.fault(line, "the trust data name a purpose that cannot be written")
        }
        try notes.attach(usages, to: certificate, line: line)
        try notes.add(
            .certificate(
                CertificateObject(
                    certificate: certificate, standing: trusted.isEmpty ? .distrusted : .anchor,
                    label: auxiliary.alias, line: line)), line: line)
    }
}
