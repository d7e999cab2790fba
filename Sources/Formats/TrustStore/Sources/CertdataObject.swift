/// An object of certdata.txt, attribute by attribute.
struct CertdataObject {
    /// What it is.
    enum Kind {
        case certificate
        case trust
        /// The list's own entry, which says nothing.
        case rootList
    }

    let kind: Kind
    /// The line of its class.
    let line: Int
    private var attributes: [String: (value: CertdataAttribute.Value, line: Int)] = [:]

    /// Attributes that say nothing about trust, or only what is said elsewhere.
    private static let common: Set<String> = ["CKA_TOKEN", "CKA_PRIVATE", "CKA_MODIFIABLE", "CKA_LABEL"]
    private static let ofCertificates: Set<String> = [
        "CKA_CERTIFICATE_TYPE", "CKA_SUBJECT", "CKA_ID", "CKA_ISSUER", "CKA_SERIAL_NUMBER", "CKA_VALUE",
        "CKA_NSS_MOZILLA_CA_POLICY", "CKA_NSS_SERVER_DISTRUST_AFTER", "CKA_NSS_EMAIL_DISTRUST_AFTER", "CKA_NSS_EMAIL",
        "CKA_URL", "CKA_TRUSTED",
    ]
    private static let ofTrust: Set<String> = [
        "CKA_ISSUER", "CKA_SERIAL_NUMBER", "CKA_SUBJECT", "CKA_CERT_SHA1_HASH", "CKA_CERT_MD5_HASH",
        "CKA_NSS_SERVER_DISTRUST_AFTER", "CKA_NSS_EMAIL_DISTRUST_AFTER",
    ]

    /// Begins the object whose class is `attribute`.
    init(_ attribute: CertdataAttribute, _ notes: borrowing SourceNotes) throws(SourceFault) {
        line = attribute.line
        switch attribute.value {
        case .word("CKO_CERTIFICATE"): kind = .certificate
        case .word("CKO_NSS_TRUST"), .word("CKO_NETSCAPE_TRUST"): kind = .trust
        case .word("CKO_NSS_BUILTIN_ROOT_LIST"), .word("CKO_NETSCAPE_BUILTIN_ROOT_LIST"): kind = .rootList
        case .word(let other):
            throw notes.fault(line, "objects of class \(SourceNotes.quoted(other.utf8)) are not known")
        case .bytes: throw notes.fault(line, "'CKA_CLASS' is no class")
        }
    }

    /// Adds an attribute.
    mutating func add(_ attribute: CertdataAttribute, _ notes: borrowing SourceNotes) throws(SourceFault) {
        let isKnown =
            switch kind {
            case .rootList: true
            case .certificate: CertdataObject.ofCertificates.contains(attribute.name)
            case .trust:
                CertdataObject.ofTrust.contains(attribute.name) || attribute.name.hasPrefix("CKA_TRUST_")
            }
        guard isKnown || CertdataObject.common.contains(attribute.name) else {
            throw notes.fault(attribute.line, "unknown attribute \(SourceNotes.quoted(attribute.name.utf8))")
        }
        if let earlier = attributes.updateValue((attribute.value, attribute.line), forKey: attribute.name) {
            throw notes.fault(
                attribute.line,
                "\(SourceNotes.quoted(attribute.name.utf8)) is given twice, also in line \(earlier.line)")
        }
    }

    /// The bytes of an attribute; nil when it is missing.
    func bytes(_ name: String, _ notes: borrowing SourceNotes) throws(SourceFault) -> [UInt8]? {
        switch attributes[name]?.value {
        case .bytes(let bytes)?: return bytes
        case nil: return nil
        case .word?: throw notes.fault(line(of: name), "'\(name)' is of an unexpected type")
        }
    }

    /// The constant of an attribute; nil when it is missing.
    func word(_ name: String, _ notes: borrowing SourceNotes) throws(SourceFault) -> String? {
        switch attributes[name]?.value {
        case .word(let word)?: return word
        case nil: return nil
        case .bytes?: throw notes.fault(line(of: name), "'\(name)' is of an unexpected type")
        }
    }

    /// A time: UTCTime or GeneralizedTime in bytes; nil when it is missing, or `CK_FALSE`.
    func time(_ name: String, _ notes: borrowing SourceNotes) throws(SourceFault) -> Int64? {
        switch attributes[name]?.value {
        case nil, .word("CK_FALSE")?: return nil
        case .bytes(let bytes)?:
            if let time = CertificateTime.either(bytes) { return time }
        case .word?: break
        }
        throw notes.fault(line(of: name), "'\(name)' is no time")
    }

    /// The line of an attribute, or of the object.
    func line(of name: String) -> Int { attributes[name]?.line ?? line }

    /// The names of the attributes that begin with `prefix`, in their order.
    func names(beginningWith prefix: String) -> [String] {
        attributes.filter { $0.key.hasPrefix(prefix) }.sorted { $0.value.line < $1.value.line }.map(\.key)
    }
}
