/// One object of a p11-kit file, while its lines are read.
struct P11KitSection {
    /// The line of the header.
    let line: Int
    private var attributes: [P11KitAttribute: (value: P11KitValue, line: Int)] = [:]

    init(line: Int) { self.line = line }

    /// Adds a `name: value` line.
    mutating func add(
        _ text: ArraySlice<UInt8>, at line: Int, _ notes: borrowing SourceNotes
    ) throws(SourceFault) {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else {
            throw notes.fault(line, "neither a section nor 'name: value': \(SourceNotes.quoted(text))")
        }
        let name = SourceLines.trimmed(text[..<colon])
        guard let attribute = P11KitAttribute(name: String(decoding: name, as: UTF8.self)) else {
            throw notes.fault(line, "unknown attribute \(SourceNotes.quoted(name))")
        }
        guard let value = P11KitValue(SourceLines.trimmed(text[(colon + 1)...])), attribute.takes(value) else {
            throw notes.fault(line, "the value of '\(attribute.rawValue)' is malformed")
        }
        try set(attribute, value, at: line, notes)
    }

    /// Adds a block: the certificate, or the key that something is attached to.
    mutating func add(_ block: PEMBlock, _ notes: borrowing SourceNotes) throws(SourceFault) {
        switch block.name {
        case "CERTIFICATE": try set(.value, .bytes(block.content), at: block.line, notes, isCertificate: true)
        case "PUBLIC KEY": try set(.publicKeyInfo, .bytes(block.content), at: block.line, notes)
        default:
            throw notes.fault(block.line, "a block of \(SourceNotes.quoted(block.label)) does not belong here")
        }
    }

    private var hasCertificateBlock = false

    private mutating func set(
        _ attribute: P11KitAttribute, _ value: P11KitValue, at line: Int, _ notes: borrowing SourceNotes,
        isCertificate: Bool = false
    ) throws(SourceFault) {
        if let earlier = attributes[attribute] {
            throw notes.fault(line, "'\(attribute.rawValue)' is given twice, also in line \(earlier.line)")
        }
        attributes[attribute] = (value, line)
        if isCertificate { hasCertificateBlock = true }
    }

    /// Says what the object says, once all its lines were read.
    func finish(role: SourceRole, _ notes: inout SourceNotes) throws(SourceFault) {
        switch word(.kind) ?? (hasCertificateBlock ? "certificate" : nil) {
        case "certificate": try finishCertificate(role: role, &notes)
        case "x-certificate-extension": try finishExtension(&notes)
        case "nss-builtin-root-list":
            notes.warn(line, "an object of class 'nss-builtin-root-list' says nothing about trust")
        case nil: throw notes.fault(line, "an object without 'class'")
        case let other?:
            throw notes.fault(
                attributes[.kind]?.line, "objects of class \(SourceNotes.quoted(other.utf8)) are not known")
        }
    }

    private func word(_ attribute: P11KitAttribute) -> String? {
        guard case .word(let word)? = attributes[attribute]?.value else { return nil }
        return word
    }

    private func bytes(_ attribute: P11KitAttribute) -> [UInt8]? {
        guard case .bytes(let bytes)? = attributes[attribute]?.value else { return nil }
        return bytes
    }

    private func line(of attribute: P11KitAttribute) -> Int { attributes[attribute]?.line ?? line }

    // MARK: Certificates

    private func finishCertificate(role: SourceRole, _ notes: inout SourceNotes) throws(SourceFault) {
        if let type = word(.certificateType), type != "x-509" {
            throw notes.fault(
                line(of: .certificateType), "certificates of type \(SourceNotes.quoted(type.utf8)) are not known")
        }
        if attributes[.objectIdentifier] != nil {
            throw notes.fault(line(of: .objectIdentifier), "a certificate has no 'object-id'")
        }
        let isTrusted = word(.trusted) == "true"
        let isDistrusted = word(.distrusted) == "true"
        guard !isTrusted || !isDistrusted else {
            throw notes.fault(line(of: .distrusted), "the certificate is trusted and distrusted")
        }
        guard let value = bytes(.value), !value.isEmpty else {
            guard !isTrusted, isDistrusted || role == .blocklist else {
                throw notes.fault(line, "a certificate without its bytes, which is not distrusted")
            }
            return try finishDistrust(&notes)
        }
        let certificate = try notes.certificate(value, line: line(of: .value))
        let expected: [(attribute: P11KitAttribute, value: [UInt8])] = [
            (.issuer, certificate.issuer), (.serialNumber, certificate.serialNumber), (.subject, certificate.subject),
            (.publicKeyInfo, certificate.publicKeyInfo),
        ]
        for (attribute, value) in expected {
            // p11-kit would distrust by the words and trust by the bytes.
            if let given = bytes(attribute), given != value {
                throw notes.fault(line(of: attribute), "'\(attribute.rawValue)' is not the certificate's")
            }
        }
        try notes.add(
            .certificate(
                CertificateObject(
                    certificate: certificate, standing: isTrusted ? .anchor : isDistrusted ? .distrusted : .neutral,
                    label: bytes(.label), serverDistrustAfter: try distrustAfter(.serverDistrustAfter, notes),
                    emailDistrustAfter: try distrustAfter(.emailDistrustAfter, notes), line: line)), line: line)
    }

    private func finishDistrust(_ notes: inout SourceNotes) throws(SourceFault) {
        var name: DistrustObject.Name?
        switch (bytes(.issuer), bytes(.serialNumber)) {
        case (let issuer?, let serial?):
            guard DERText.isOne(issuer, tag: 0x30) else {
                throw notes.fault(line(of: .issuer), "'issuer' is no DER name")
            }
            guard DERText.isOne(serial, tag: 0x02) else {
                throw notes.fault(line(of: .serialNumber), "'serial-number' is no DER number")
            }
            name = DistrustObject.Name(issuer: issuer, serialNumber: serial)
        case (nil, nil): break
        default: throw notes.fault(line, "'issuer' and 'serial-number' only name a certificate together")
        }
        let key = try publicKeyInfo(notes)
        guard name != nil || key != nil else {
            throw notes.fault(line, "the distrust names neither a certificate nor a key")
        }
        try notes.add(
            .distrust(DistrustObject(name: name, publicKeyInfo: key, label: bytes(.label), line: line)), line: line)
    }

    private func publicKeyInfo(_ notes: borrowing SourceNotes) throws(SourceFault) -> [UInt8]? {
        guard let key = bytes(.publicKeyInfo) else { return nil }
        do { _ = try TrustCertificate.Key(der: key) } catch {
            throw notes.fault(line(of: .publicKeyInfo), error.reason)
        }
        return key
    }

    private func distrustAfter(
        _ attribute: P11KitAttribute, _ notes: borrowing SourceNotes
    ) throws(SourceFault) -> Int64? {
        // CK_FALSE is a byte of zero, or the word.
        guard let bytes = bytes(attribute), bytes != [0] else { return nil }
        guard let time = CertificateTime.either(bytes) else {
            throw notes.fault(line(of: attribute), "'\(attribute.rawValue)' is no time")
        }
        return time
    }

    // MARK: Attached extensions

    private func finishExtension(_ notes: inout SourceNotes) throws(SourceFault) {
        for attribute in [P11KitAttribute.trusted, .distrusted, .certificateType, .issuer, .serialNumber] {
            guard attributes[attribute] == nil else {
                throw notes.fault(line(of: attribute), "an extension has no '\(attribute.rawValue)'")
            }
        }
        guard !hasCertificateBlock else {
            throw notes.fault(line(of: .value), "an extension is attached to a public key, not to a certificate")
        }
        guard let key = try publicKeyInfo(notes) else {
            throw notes.fault(line, "an extension that is attached to no public key")
        }
        guard let value = bytes(.value) else { throw notes.fault(line, "an extension without 'value'") }
        let found: TrustCertificate.Extension
        do { found = try TrustCertificate.Extension(der: value) } catch {
            throw notes.fault(line(of: .value), error.reason)
        }
        switch attributes[.objectIdentifier]?.value {
        case .word(found.identifier)?: break
        case .bytes(let encoded)? where encoded == DERText.identifier(found.identifier): break
        case nil: throw notes.fault(line, "an extension without 'object-id'")
        default: throw notes.fault(line(of: .objectIdentifier), "'object-id' is not the extension's")
        }
        try checkMeaning(found, notes)
        try notes.add(
            .attachedExtension(
                AttachedExtension(
                    publicKeyInfo: key, identifier: found.identifier, isCritical: found.isCritical,
                    value: found.value, line: line)), line: line)
    }

    /// What nobody can read must not count as if nothing was rejected.
    private func checkMeaning(
        _ found: TrustCertificate.Extension, _ notes: borrowing SourceNotes
    ) throws(SourceFault) {
        switch found.identifier {
        case AttachedExtension.extendedKeyUsage, AttachedExtension.rejectedUsage:
            guard ExtensionValue.purposes(found.value) != nil else {
                throw notes.fault(line(of: .value), "the usage is no list of purposes")
            }
        case AttachedExtension.basicConstraints:
            guard ExtensionValue.areConstraints(found.value) else {
                throw notes.fault(line(of: .value), "the basic constraints are malformed")
            }
        default: break
        }
    }
}

extension DERText {
    /// Whether the bytes are one DER value with this tag, as far as its header tells.
    static func isOne(_ bytes: [UInt8], tag: UInt8) -> Bool {
        bytes.count > 2 && bytes.first == tag && extent(bytes[...]) == bytes.count
    }
}
