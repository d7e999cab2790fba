import Synchronization

@testable import AssayTrustStore

/// DER, as far as certificates of tests need it.
enum DERBytes {
    static func node(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        switch content.count {
        case ..<128: [tag, UInt8(content.count)] + content
        case ..<256: [tag, 0x81, UInt8(content.count)] + content
        default: [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 255)] + content
        }
    }

    static func sequence(_ parts: [UInt8]...) -> [UInt8] { node(0x30, parts.flatMap { $0 }) }

    static func identifier(_ dotted: String) -> [UInt8] {
        let arcs = dotted.split(separator: ".").compactMap { Int($0) }
        let bytes = ([arcs[0] * 40 + arcs[1]] + arcs.dropFirst(2)).flatMap { arc in
            var digits = [UInt8(arc & 127)]
            var rest = arc >> 7
            while rest > 0 {
                digits.insert(UInt8(rest & 127) | 128, at: 0)
                rest >>= 7
            }
            return digits
        }
        return node(6, bytes)
    }

    /// A Name with one attribute, a UTF8String common name unless told.
    static func name(_ text: [UInt8], tag: UInt8 = 12, attribute: String = "2.5.4.3") -> [UInt8] {
        sequence(relativeName(text, tag: tag, attribute: attribute))
    }

    /// A Name with one common name.
    static func name(_ text: String) -> [UInt8] { name(Array(text.utf8)) }

    /// One part of a Name.
    static func relativeName(_ text: [UInt8], tag: UInt8 = 12, attribute: String = "2.5.4.3") -> [UInt8] {
        node(0x31, sequence(identifier(attribute), node(tag, text)))
    }

    /// A value of extended key usage.
    static func usage(_ purposes: [Purpose]) -> [UInt8] {
        node(0x30, purposes.flatMap { identifier($0.identifier) })
    }

    /// A value of basic constraints.
    static func constraints(_ isAuthority: Bool) -> [UInt8] {
        isAuthority ? sequence(node(1, [255])) : sequence([])
    }

    static func publicKeyInfo(_ key: UInt8) -> [UInt8] {
        sequence(sequence(identifier("1.3.101.112")), node(3, [0] + [UInt8](repeating: key, count: 32)))
    }
}

/// A certificate in words; its signature is nobody's, because a store does not look at it.
struct CertificateFixture: Hashable {
    /// A DER Name.
    var subject = DERBytes.name("CA")
    /// A DER Name; nil for the subject.
    var issuer: [UInt8]?
    var serial: UInt8 = 1
    var key: UInt8 = 1
    var version: UInt8 = 3
    var isAuthority: Bool? = true
    var usage: [Purpose]?
    var lastYear = 40
    /// A certificate that was made elsewhere, which the other words describe no longer.
    var der: [UInt8]?

    private static let made = Mutex<[CertificateFixture: TrustCertificate]>([:])

    /// The certificate, made once.
    var certificate: TrustCertificate {
        get throws {
            if let made = CertificateFixture.made.withLock({ $0[self] }) { return made }
            let certificate = try make()
            CertificateFixture.made.withLock { $0[self] = certificate }
            return certificate
        }
    }

    var name: DistrustObject.Name {
        get throws { try certificate.name }
    }

    private func make() throws -> TrustCertificate {
        if let der { return try TrustCertificate(der: der) }
        let algorithm = DERBytes.sequence(DERBytes.identifier("1.3.101.112"))
        var extensions: [UInt8] = []
        if let isAuthority {
            extensions += DERBytes.sequence(
                DERBytes.identifier("2.5.29.19"), DERBytes.node(4, DERBytes.constraints(isAuthority)))
        }
        if let usage {
            extensions += DERBytes.sequence(
                DERBytes.identifier("2.5.29.37"), DERBytes.node(4, DERBytes.usage(usage)))
        }
        let body = DERBytes.sequence(
            version == 1 ? [] : DERBytes.node(0xA0, DERBytes.node(2, [version - 1])), DERBytes.node(2, [serial]),
            algorithm, issuer ?? subject,
            DERBytes.sequence(
                DERBytes.node(23, Array("200101000000Z".utf8)), DERBytes.node(23, Array("\(lastYear)0101000000Z".utf8))),
            subject, DERBytes.publicKeyInfo(key),
            version == 3 && !extensions.isEmpty ? DERBytes.node(0xA3, DERBytes.node(0x30, extensions)) : [])
        return try TrustCertificate(
            der: DERBytes.sequence(body, algorithm, DERBytes.node(3, [UInt8](repeating: 0, count: 65))))
    }
}

extension TrustSource {
    /// A source in the administrator's trust path.
    static func etc(_ role: SourceRole, _ path: String, _ objects: TrustObject...) -> TrustSource {
        TrustSource(path: path, token: 0, role: role, format: .p11Kit, objects: objects)
    }

    /// A source in the distribution's trust path.
    static func usr(_ role: SourceRole, _ path: String, _ objects: TrustObject...) -> TrustSource {
        TrustSource(path: path, token: 1, role: role, format: .p11Kit, objects: objects)
    }
}

extension TrustObject {
    /// A certificate that the file says nothing about.
    static func plain(_ fixture: CertificateFixture, line: Int = 1) throws -> TrustObject {
        try .stands(fixture, .neutral, line: line)
    }

    static func stands(
        _ fixture: CertificateFixture, _ standing: Standing, label: String? = nil, line: Int = 1
    ) throws -> TrustObject {
        .certificate(
            CertificateObject(
                certificate: try fixture.certificate, standing: standing, label: label.map { Array($0.utf8) },
                line: line))
    }

    static func attached(_ fixture: CertificateFixture, _ purposes: [Purpose], line: Int = 2) throws -> TrustObject {
        try .attached(fixture, AttachedExtension.extendedKeyUsage, DERBytes.usage(purposes), line: line)
    }

    static func rejected(_ fixture: CertificateFixture, _ purposes: [Purpose], line: Int = 3) throws -> TrustObject {
        try .attached(fixture, AttachedExtension.rejectedUsage, DERBytes.usage(purposes), line: line)
    }

    static func constraints(_ fixture: CertificateFixture, _ isAuthority: Bool, line: Int = 4) throws -> TrustObject {
        try .attached(fixture, AttachedExtension.basicConstraints, DERBytes.constraints(isAuthority), line: line)
    }

    static func attached(
        _ fixture: CertificateFixture, _ identifier: String, _ value: [UInt8], line: Int
    ) throws -> TrustObject {
        .attachedExtension(
            AttachedExtension(
                publicKeyInfo: try fixture.certificate.publicKeyInfo, identifier: identifier, isCritical: false,
                value: value, line: line))
    }

    /// Distrust by issuer and serial number.
    static func distrustedName(_ fixture: CertificateFixture, line: Int = 1) throws -> TrustObject {
        .distrust(DistrustObject(name: try fixture.name, publicKeyInfo: nil, line: line))
    }

    /// Distrust by public key.
    static func distrustedKey(_ fixture: CertificateFixture, line: Int = 1) throws -> TrustObject {
        .distrust(DistrustObject(name: nil, publicKeyInfo: try fixture.certificate.publicKeyInfo, line: line))
    }
}
