/// The attributes that p11-kit writes of certificates and extensions.
enum P11KitAttribute: String {
    case kind = "class"
    case label
    case value
    case trusted
    case distrusted = "x-distrusted"
    case objectIdentifier = "object-id"
    case publicKeyInfo = "public-key-info"
    case certificateType = "certificate-type"
    case issuer
    case subject
    case serialNumber = "serial-number"
    case serverDistrustAfter = "nss-server-distrust-after"
    case emailDistrustAfter = "nss-email-distrust-after"
    // What says nothing about trust.
    case mozillaPolicy = "nss-mozilla-ca-policy"
    case modifiable
    case isPrivate = "private"
    case token
    case copyable
    case destroyable
    case identifier = "id"
    case checkValue = "check-value"
    case startDate = "start-date"
    case endDate = "end-date"
    case url
    case certificateCategory = "certificate-category"
    case securityDomain = "java-midp-security-domain"
    case subjectKeyHash = "hash-of-subject-public-key"
    case issuerKeyHash = "hash-of-issuer-public-key"

    init?(name: String) {
        // The attribute's name before PKCS #11 had one.
        self.init(rawValue: name == "x-public-key-info" ? "public-key-info" : name)
    }

    /// Whether the name belongs to what p11-kit says about trust, and to no text that others write above a certificate.
    var saysTrust: Bool {
        switch self {
        case .kind, .trusted, .distrusted, .objectIdentifier, .publicKeyInfo, .certificateType, .serialNumber,
            .serverDistrustAfter, .emailDistrustAfter, .mozillaPolicy, .modifiable:
            true
        default: false
        }
    }

    /// Whether a value is of the attribute's type.
    func takes(_ value: P11KitValue) -> Bool {
        switch self {
        case .trusted, .distrusted, .mozillaPolicy, .modifiable, .isPrivate, .token, .copyable, .destroyable:
            value == .word("true") || value == .word("false")
        case .serverDistrustAfter, .emailDistrustAfter: value == .word("false") || value.isBytes
        case .objectIdentifier: true
        case .kind, .certificateType: !value.isBytes
        case .certificateCategory, .securityDomain, .startDate, .endDate: true
        case .label, .value, .publicKeyInfo, .issuer, .subject, .serialNumber, .identifier, .checkValue, .url,
            .subjectKeyHash, .issuerKeyHash:
            value.isBytes
        }
    }
}

/// The value of an attribute.
enum P11KitValue: Hashable {
    /// Percent-encoded in quotes.
    case bytes([UInt8])
    /// A constant's name, a number, an object identifier.
    case word(String)

    var isBytes: Bool {
        if case .bytes = self { return true }
        return false
    }

    /// Reads one; nil when it is none.
    init?(_ text: ArraySlice<UInt8>) {
        guard text.first == UInt8(ascii: "\"") else {
            let isWord = text.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
            guard isWord, !text.isEmpty else { return nil }
            self = .word(String(decoding: text, as: UTF8.self))
            return
        }
        guard text.count >= 2, text.last == UInt8(ascii: "\"") else { return nil }
        var bytes: [UInt8] = []
        var rest = text.dropFirst().dropLast()
        bytes.reserveCapacity(rest.count)
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(P11KitValue.digit),
                    let low = rest.popFirst().flatMap(P11KitValue.digit)
                else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "\""): return nil
            default: bytes.append(byte)
            }
        }
        self = .bytes(bytes)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
