import SwiftASN1

/// OpenSSL's auxiliary trust data, which follow the certificate in a `TRUSTED CERTIFICATE` block
/// (`X509_CERT_AUX`, <https://docs.openssl.org/3.0/man1/openssl-x509/#trust-options>):
/// `SEQUENCE { trust SEQUENCE OF OID OPTIONAL, reject [0] SEQUENCE OF OID OPTIONAL, alias UTF8String OPTIONAL,
/// keyid OCTET STRING OPTIONAL, other [1] … OPTIONAL }`.
struct CertificateAux: Hashable, Sendable {
    /// What the certificate is trusted for; nil for everything.
    var trust: [Purpose]?
    /// What it is rejected for; nil when the field is absent.
    var reject: [Purpose]?
    /// The label.
    var alias: [UInt8]?

    /// The DER.
    var encoded: [UInt8] {
        var body: [UInt8] = []
        if let trust {
            // A purpose without an encoding is one that nobody can ask for.
            DERText.append(tag: 0x30, trust.flatMap { DERText.identifier($0.identifier) ?? [] }, to: &body)
        }
        if let reject {
            // What cannot be written must not be lost: everything is rejected instead.
            let encoded = reject.map { DERText.identifier($0.identifier) ?? DERText.anyUsage }
            DERText.append(tag: 0xA0, encoded.flatMap { $0 }, to: &body)
        }
        if let alias { DERText.append(tag: 0x0C, alias, to: &body) }
        var result: [UInt8] = []
        DERText.append(tag: 0x30, body, to: &result)
        return result
    }

    /// Makes one.
    init(trust: [Purpose]?, reject: [Purpose]?, alias: [UInt8]?) {
        self.trust = trust
        self.reject = reject
        self.alias = alias
    }

    /// Reads the DER of one; nil when it is not.
    init?(der: ArraySlice<UInt8>) {
        guard let node = try? DER.parse(der), node.identifier == .sequence,
            case .constructed(let fields) = node.content
        else { return nil }
        // Fields come in the order of the definition, each at most once.
        var previous = -1
        for field in fields {
            let place: Int
            switch field.identifier {
            case .sequence: place = 0
            case ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific): place = 1
            case .utf8String: place = 2
            case .octetString: place = 3
            case ASN1Identifier(tagWithNumber: 1, tagClass: .contextSpecific): place = 4
            default: return nil
            }
            guard place > previous else { return nil }
            previous = place
            switch (place, field.content) {
            case (0, .constructed(let nodes)):
                guard let purposes = CertificateAux.purposes(nodes) else { return nil }
                trust = purposes
            case (1, .constructed(let nodes)):
                guard let purposes = CertificateAux.purposes(nodes) else { return nil }
                reject = purposes
            case (2, .primitive(let bytes)): alias = Array(bytes)
            case (3, .primitive), (4, .constructed): break
            default: return nil
            }
        }
    }

    private static func purposes(_ nodes: ASN1NodeCollection) -> [Purpose]? {
        var result: [Purpose] = []
        for node in nodes {
            guard let identifier = try? ASN1ObjectIdentifier(derEncoded: node) else { return nil }
            result.append(Purpose(identifier: identifier.description))
        }
        return result
    }
}

/// The little DER that the outputs write (ITU-T X.690).
enum DERText {
    /// The encoding of anyExtendedKeyUsage.
    static let anyUsage: [UInt8] = [0x06, 0x04, 0x55, 0x1D, 0x25, 0x00]

    /// Appends a tag, the length of `body` and `body`.
    static func append(tag: UInt8, _ body: some Collection<UInt8>, to result: inout [UInt8]) {
        result.append(tag)
        let count = body.count
        if count < 0x80 {
            result.append(UInt8(count))
        } else {
            let width = (count.bitWidth - count.leadingZeroBitCount + 7) / 8
            result.append(0x80 | UInt8(width))
            for index in stride(from: width - 1, through: 0, by: -1) {
                result.append(UInt8(truncatingIfNeeded: count >> (8 * index)))
            }
        }
        result += body
    }

    /// A dotted object identifier's encoding, tag included; nil when it is not one, or has a number beyond 120 bits.
    static func identifier(_ dotted: String) -> [UInt8]? {
        let parts = dotted.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        var numbers: [UInt128] = []
        for part in parts {
            guard !part.isEmpty, part.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = UInt128(String(decoding: part, as: UTF8.self)), number < 1 << 120
            else { return nil }
            numbers.append(number)
        }
        guard numbers.count >= 2, numbers[0] < 3, numbers[0] == 2 || numbers[1] < 40 else { return nil }
        var body: [UInt8] = []
        for number in [numbers[0] * 40 + numbers[1]] + numbers.dropFirst(2) {
            let width = max(1, (128 - number.leadingZeroBitCount + 6) / 7)
            for index in stride(from: width - 1, through: 0, by: -1) {
                body.append(UInt8(truncatingIfNeeded: number >> (7 * index)) & 0x7F | (index == 0 ? 0 : 0x80))
            }
        }
        var result: [UInt8] = []
        append(tag: 0x06, body, to: &result)
        return result
    }

    /// The size of the DER value at the start of `bytes`, header included; nil when it is not whole.
    static func extent(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= 2 else { return nil }
        let first = bytes[bytes.startIndex + 1]
        guard first >= 0x80 else { return Int(first) + 2 <= bytes.count ? Int(first) + 2 : nil }
        let width = Int(first & 0x7F)
        guard (1...4).contains(width), bytes.count >= 2 + width else { return nil }
        var length = 0
        for byte in bytes.dropFirst(2).prefix(width) { length = length << 8 | Int(byte) }
        let extent = 2 + width + length
        return extent <= bytes.count ? extent : nil
    }
}
