import SwiftASN1

extension TrustCertificate.Key {
    /// Named curves: the name and the bits of the field (RFC 5480, section 2.1.1.1; SEC 2; RFC 5639).
    private static let curves: [String: (name: String, bits: Int)] = [
        "1.2.840.10045.3.1.1": ("secp192r1", 192), "1.3.132.0.33": ("secp224r1", 224),
        "1.2.840.10045.3.1.7": ("secp256r1", 256), "1.3.132.0.34": ("secp384r1", 384),
        "1.3.132.0.35": ("secp521r1", 521), "1.3.132.0.10": ("secp256k1", 256), "1.3.132.0.8": ("secp160r1", 160),
        "1.3.132.0.1": ("sect163k1", 163), "1.3.132.0.15": ("sect163r2", 163), "1.3.132.0.26": ("sect233k1", 233),
        "1.3.132.0.27": ("sect233r1", 233), "1.3.132.0.16": ("sect283k1", 283), "1.3.132.0.17": ("sect283r1", 283),
        "1.3.36.3.3.2.8.1.1.1": ("brainpoolP160r1", 160), "1.3.36.3.3.2.8.1.1.3": ("brainpoolP192r1", 192),
        "1.3.36.3.3.2.8.1.1.5": ("brainpoolP224r1", 224), "1.3.36.3.3.2.8.1.1.7": ("brainpoolP256r1", 256),
        "1.3.36.3.3.2.8.1.1.11": ("brainpoolP384r1", 384), "1.3.36.3.3.2.8.1.1.13": ("brainpoolP512r1", 512),
    ]

    /// Reads a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).
    ///
    /// A key whose numbers cannot be read is `other` with its algorithm: nobody knows how strong it is.
    init(_ node: ASN1Node) throws(CertificateFault) {
        var elements = try DERElements(of: node, .sequence, "the public key")
        var algorithm = try DERElements(
            of: try elements.next("the algorithm"), .sequence, "the public key's algorithm")
        let identifier = try algorithm.objectIdentifier("the public key's algorithm")
        let parameters = algorithm.isAtEnd ? nil : try algorithm.next("the parameters")
        try algorithm.end()
        let bits = try elements.primitive(.bitString, "the public key's bits")
        try TrustCertificate.checkBits(bits, "the public key")
        try elements.end()
        let key = bits.dropFirst()
        switch identifier {
        // rsaEncryption, RSASSA-PSS and the name that X.509 gave to RSA (RFC 4055, section 1.2).
        case "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10", "2.5.8.1.1":
            self = Self.firstNumber(try? DER.parse(key), count: 2).map { .rsa(bits: $0) } ?? .other(identifier)
        case "1.2.840.10040.4.1":
            self = Self.firstNumber(parameters, count: 3).map { .dsa(bits: $0) } ?? .other(identifier)
        case "1.2.840.10045.2.1": self = Self.ellipticCurve(parameters, key) ?? .other(identifier)
        case "1.3.101.112": self = .other("Ed25519")
        case "1.3.101.113": self = .other("Ed448")
        default: self = .other(identifier)
        }
    }

    /// Reads one, from the first to the last byte of `der`.
    init(der: [UInt8]) throws(CertificateFault) {
        guard der.count <= TrustCertificate.sizeLimit, let node = try? DER.parse(der) else {
            throw CertificateFault("the public key is not DER")
        }
        try self.init(node)
    }

    /// The bits of the first of `count` positive numbers in a sequence.
    private static func firstNumber(_ node: ASN1Node?, count: Int) -> Int? {
        guard let node, node.identifier == .sequence, case .constructed(let children) = node.content else { return nil }
        var bits: [Int] = []
        for child in children {
            guard bits.count < count, child.identifier == .integer, case .primitive(let digits) = child.content else {
                return nil
            }
            let significant = digits.drop { $0 == 0 }
            guard let first = significant.first, digits.first.map({ $0 < 0x80 }) == true else { return nil }
            bits.append(significant.count * 8 - first.leadingZeroBitCount)
        }
        return bits.count == count ? bits.first : nil
    }

    private static func ellipticCurve(_ parameters: ASN1Node?, _ point: ArraySlice<UInt8>) -> Self? {
        guard let parameters else { return nil }
        // Both coordinates, or one with the other's sign (SEC 1, section 2.3.3).
        let bytes: Int? =
            switch point.first {
            case 4: (point.count - 1) / 2
            case 2, 3: point.count - 1
            default: nil
            }
        switch (parameters.identifier, parameters.content) {
        case (.objectIdentifier, .primitive(let content)):
            guard let identifier = DERText.dotted(content) else { return nil }
            if let curve = curves[identifier] { return .ellipticCurve(name: curve.name, bits: curve.bits) }
            return bytes.map { .ellipticCurve(name: identifier, bits: $0 * 8) }
        case (.sequence, .constructed): return bytes.map { .ellipticCurve(name: "explicit", bits: $0 * 8) }
        default: return nil
        }
    }
}
