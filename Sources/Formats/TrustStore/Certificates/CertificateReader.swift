import SwiftASN1

extension TrustCertificate {
    /// The most bytes of a certificate that is read.
    public static let sizeLimit = 1 << 20
    /// The most extensions of a certificate that is read.
    public static let extensionLimit = 256

    /// Reads one certificate (RFC 5280, section 4.1, <https://www.rfc-editor.org/rfc/rfc5280#section-4.1>).
    ///
    /// The structure is DER from the first to the last byte. What certificates of the wild have and RFC 5280 forbids is read all
    /// the same: negative and empty-looking serial numbers, strings of any type and content, dates that are none, keys of any
    /// algorithm. Signatures are not verified: whoever reads a trust store decides whom to believe.
    ///
    /// - Throws: the first thing that is wrong.
    public init(der: [UInt8]) throws(CertificateFault) {
        guard der.count <= TrustCertificate.sizeLimit else {
            throw CertificateFault("the certificate is larger than \(TrustCertificate.sizeLimit) bytes")
        }
        guard der.first == 0x30, let extent = DERText.extent(der[...]) else {
            throw CertificateFault("the certificate is not DER, or is cut short")
        }
        guard extent == der.count else { throw CertificateFault("bytes follow the certificate") }
        guard let node = try? DER.parse(der) else { throw CertificateFault("the certificate is not DER") }
        var outer = try DERElements(of: node, .sequence, "the certificate")
        let body = try outer.next("the body")
        let signatureAlgorithm = try TrustCertificate.algorithm(try outer.next("the signature's algorithm"))
        try TrustCertificate.checkBits(try outer.primitive(.bitString, "the signature"), "the signature")
        try outer.end()

        var elements = try DERElements(of: body, .sequence, "the body")
        let version = try TrustCertificate.version(elements.next(if: .context(0)))
        let serial = try elements.next("the serial number")
        guard serial.identifier == .integer, case .primitive(let digits) = serial.content, !digits.isEmpty else {
            throw CertificateFault("the serial number is no number")
        }
        guard try TrustCertificate.algorithm(try elements.next("the algorithm")) == signatureAlgorithm else {
            throw CertificateFault("the body names another signature algorithm than the signature")
        }
        let issuer = try elements.next("the issuer")
        try TrustCertificate.checkName(issuer, "the issuer")
        var validity = try DERElements(of: try elements.next("the validity"), .sequence, "the validity")
        let notBefore = try TrustCertificate.time(try validity.next("the start of validity"))
        let notAfter = try TrustCertificate.time(try validity.next("the end of validity"))
        try validity.end()
        let subject = try elements.next("the subject")
        try TrustCertificate.checkName(subject, "the subject")
        let publicKeyInfo = try elements.next("the public key")
        let key = try Key(publicKeyInfo)
        for number: UInt in [1, 2] {
            guard let unique = elements.next(if: .context(number)) else { continue }
            guard case .primitive(let bytes) = unique.content else {
                throw CertificateFault("a unique identifier is malformed")
            }
            try TrustCertificate.checkBits(bytes, "a unique identifier")
        }
        let extensions = try TrustCertificate.extensions(elements.next(if: .context(3)))
        try elements.end()
        guard extensions.isEmpty || version == 3 else {
            throw CertificateFault("a certificate of version \(version) has extensions")
        }
        self.init(
            der: der, version: version, serialNumber: Array(serial.encodedBytes), issuer: Array(issuer.encodedBytes),
            subject: Array(subject.encodedBytes), publicKeyInfo: Array(publicKeyInfo.encodedBytes), key: key,
            signatureAlgorithm: signatureAlgorithm, notBefore: notBefore, notAfter: notAfter, extensions: extensions)
    }

    private static func version(_ node: ASN1Node?) throws(CertificateFault) -> Int {
        guard let node else { return 1 }
        var elements = try DERElements(of: node, .context(0), "the version")
        let digits = try elements.primitive(.integer, "the version")
        try elements.end()
        guard digits.count == 1, let number = digits.first, number <= 2 else {
            throw CertificateFault("the version is none of 1, 2, 3")
        }
        return Int(number) + 1
    }

    /// The dotted identifier of an AlgorithmIdentifier.
    static func algorithm(_ node: ASN1Node) throws(CertificateFault) -> String {
        var elements = try DERElements(of: node, .sequence, "an algorithm")
        let identifier = try elements.objectIdentifier("an algorithm")
        if !elements.isAtEnd { _ = try elements.next("the parameters") }
        try elements.end()
        return identifier
    }

    /// A bit string's first byte counts the unused bits of its last.
    static func checkBits(_ content: ArraySlice<UInt8>, _ what: String) throws(CertificateFault) {
        guard let unused = content.first, unused < 8, unused == 0 || content.count > 1 else {
            throw CertificateFault("\(what) is no bit string")
        }
    }

    /// A Name: relative names of types and values (RFC 5280, section 4.1.2.4); the values may be anything.
    static func checkName(_ node: ASN1Node, _ what: String) throws(CertificateFault) {
        var names = try DERElements(of: node, .sequence, what)
        while !names.isAtEnd {
            var attributes = try DERElements(of: try names.next(what), .set, "a part of \(what)")
            while !attributes.isAtEnd {
                var pair = try DERElements(of: try attributes.next(what), .sequence, "an attribute of \(what)")
                _ = try pair.objectIdentifier("an attribute's type")
                _ = try pair.next("an attribute's value")
                try pair.end()
            }
        }
    }

    private static func time(_ node: ASN1Node) throws(CertificateFault) -> Int64? {
        switch (node.identifier, node.content) {
        case (.utcTime, .primitive(let text)): CertificateTime.utc(text)
        case (.generalizedTime, .primitive(let text)): CertificateTime.generalized(text)
        default: throw CertificateFault("a date is of an unexpected type")
        }
    }

    private static func extensions(_ node: ASN1Node?) throws(CertificateFault) -> [Extension] {
        guard let node else { return [] }
        var outer = try DERElements(of: node, .context(3), "the extensions")
        var elements = try DERElements(of: try outer.next("the extensions"), .sequence, "the extensions")
        try outer.end()
        var extensions: [Extension] = []
        while !elements.isAtEnd {
            let next = try Extension(try elements.next("an extension"))
            // Which of two would count?
            guard !extensions.contains(where: { $0.identifier == next.identifier }) else {
                throw CertificateFault("the extension \(next.identifier) is there twice")
            }
            guard extensions.count < extensionLimit else {
                throw CertificateFault("the certificate has more than \(extensionLimit) extensions")
            }
            extensions.append(next)
        }
        return extensions
    }
}

extension TrustCertificate.Extension {
    /// Reads one Extension (RFC 5280, section 4.1).
    init(_ node: ASN1Node) throws(CertificateFault) {
        var elements = try DERElements(of: node, .sequence, "an extension")
        identifier = try elements.objectIdentifier("an extension's identifier")
        if let critical = elements.next(if: .boolean) {
            guard case .primitive(let bytes) = critical.content, bytes.count == 1, let byte = bytes.first else {
                throw CertificateFault("the extension \(identifier) is malformed")
            }
            // BER takes every number for true, and old encoders write 1.
            isCritical = byte != 0
        } else {
            isCritical = false
        }
        value = Array(try elements.primitive(.octetString, "the value of the extension \(identifier)"))
        try elements.end()
    }

    /// Reads one, from the first to the last byte of `der`.
    init(der: [UInt8]) throws(CertificateFault) {
        guard der.count <= TrustCertificate.sizeLimit, let node = try? DER.parse(der) else {
            throw CertificateFault("the extension is not DER")
        }
        try self.init(node)
    }
}
