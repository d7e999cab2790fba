import AssayTestSupport
import Foundation

@testable import AssayTrustStore

/// A source file of a generated store: its bytes, and what they say.
struct GeneratedFile {
    let token: Int
    let role: SourceRole
    let name: String
    let format: SourceFormat
    let bytes: [UInt8]
    let objects: [TrustObject]

    /// The folder below the store's.
    var folder: String { role == .main ? "token\(token)" : "token\(token)/\(role.rawValue)" }
}

/// Two trust paths with files in every format that agree and contradict.
struct GeneratedStore {
    private(set) var files: [GeneratedFile] = []

    private static let words = Array("Words".utf8)

    /// Certificate authorities of every kind, and what is none.
    static let pool: [CertificateFixture] = [
        CertificateFixture(),
        CertificateFixture(subject: DERBytes.name("Server"), serial: 2, key: 2, usage: [.serverAuth]),
        CertificateFixture(subject: DERBytes.name("Client"), serial: 3, key: 3, usage: [.clientAuth]),
        CertificateFixture(subject: DERBytes.name("Any"), serial: 4, key: 4, usage: [.any]),
        CertificateFixture(subject: DERBytes.name("Version 1"), serial: 5, key: 5, version: 1, isAuthority: nil),
        CertificateFixture(
            subject: DERBytes.name("Issued"), issuer: DERBytes.name("CA"), serial: 6, key: 6, version: 1,
            isAuthority: nil),
        CertificateFixture(
            subject: DERBytes.name("Leaf"), issuer: DERBytes.name("CA"), serial: 7, key: 7, isAuthority: false),
        CertificateFixture(subject: DERBytes.name("No constraints"), serial: 8, key: 8, isAuthority: nil),
        CertificateFixture(subject: DERBytes.name("Expired"), serial: 9, key: 9, lastYear: 21),
        CertificateFixture(subject: DERBytes.name("Key of CA"), serial: 10, key: 1),
        CertificateFixture(subject: DERBytes.name("Key of Server"), serial: 11, key: 2),
        CertificateFixture(serial: 12, key: 12),
        CertificateFixture(subject: DERBytes.name("a\n# b\n-----BEGIN CERTIFICATE-----\n"), serial: 13, key: 13),
        CertificateFixture(
            subject: DERBytes.sequence(
                DERBytes.relativeName(words, attribute: "2.5.4.10"), DERBytes.relativeName([0x4D, 0xFC, 0x0A])),
            serial: 14, key: 14),
        CertificateFixture(subject: DERBytes.name("../../etc/passwd"), serial: 15, key: 15),
        CertificateFixture(subject: DERBytes.name([0, 0x4D, 0, 0xFC, 0x20, 0x28], tag: 30), serial: 16, key: 16),
        CertificateFixture(subject: DERBytes.name(words, attribute: "2.5.4.11"), serial: 17, key: 17),
        CertificateFixture(
            subject: DERBytes.name(Array("DE".utf8), tag: 19, attribute: "2.5.4.6"), serial: 18, key: 18),
        CertificateFixture(key: 19),
        CertificateFixture(subject: DERBytes.name(String(repeating: "long ", count: 50)), serial: 20, key: 20),
        CertificateFixture(
            subject: DERBytes.sequence(DERBytes.relativeName([0xFF]), DERBytes.relativeName(words)), serial: 21, key: 21
        ),
        CertificateFixture(subject: DERBytes.name(" spaces \u{202E} "), serial: 22, key: 22),
    ]

    private static let purposes: [Purpose] = [
        .serverAuth, .emailProtection, .codeSigning, .clientAuth, .any, Purpose(identifier: "1.2.3.4"),
    ]

    private static let labels: [[UInt8]] = [
        Array("Given".utf8), Array("two\nlines".utf8), [0x4C, 0xFF], Array(" spaces ".utf8), Array("100%".utf8),
    ]

    /// The store that belongs to the numbers.
    init(_ numbers: inout SeededNumbers, made: [CertificateFixture]) throws {
        // Few certificates, so that files meet over them.
        let pool = Array(
            (GeneratedStore.pool + made).shuffled(using: &numbers).prefix(Int.random(in: 1...4, using: &numbers)))
        for number in 0..<Int.random(in: 1...8, using: &numbers) {
            let role =
                [SourceRole](repeating: .main, count: 9) + [SourceRole](repeating: .anchors, count: 10) + [.blocklist]
            let name = ["ca", "Zz", "é", "a b", ".hidden", "x~"].randomElement(using: &numbers) ?? "ca"
            let content = try GeneratedStore.content(pool, &numbers)
            files.append(
                GeneratedFile(
                    token: Int.random(in: 0...1, using: &numbers), role: role.randomElement(using: &numbers) ?? .main,
                    name: name + "\(number)", format: content.format, bytes: content.bytes, objects: content.objects))
        }
    }

    private typealias Content = (format: SourceFormat, bytes: [UInt8], objects: [TrustObject])

    private static func content(_ pool: [CertificateFixture], _ numbers: inout SeededNumbers) throws -> Content {
        let fixture = pool.randomElement(using: &numbers) ?? pool[0]
        switch Int.random(in: 0..<10, using: &numbers) {
        case 0:
            return (.der, try fixture.certificate.der, [try .plain(fixture)])
        case 1, 2:
            let fixtures = pool.filter { _ in Bool.random(using: &numbers) } + [fixture]
            let bytes = try fixtures.flatMap { pem("CERTIFICATE", try $0.certificate.der) }
            return (.pem, bytes, try fixtures.map { try .plain($0) })
        case 3, 4: return try trustedCertificate(fixture, &numbers)
        default:
            var bytes: [UInt8] = []
            var objects: [TrustObject] = []
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                let fixture = pool.randomElement(using: &numbers) ?? fixture
                let section = try persisted(fixture, &numbers)
                bytes += section.bytes
                objects += section.objects
            }
            return (.p11Kit, bytes, objects)
        }
    }

    /// OpenSSL's block with auxiliary data, and what it means.
    private static func trustedCertificate(
        _ fixture: CertificateFixture, _ numbers: inout SeededNumbers
    ) throws -> Content {
        let der = try fixture.certificate.der
        guard Int.random(in: 0..<6, using: &numbers) > 0 else {
            return (.pem, pem("TRUSTED CERTIFICATE", der), [try .plain(fixture)])
        }
        let chosen = purposes.shuffled(using: &numbers)
        let trusted = Array(chosen.prefix(min(3, Int.random(in: 0...9, using: &numbers))))
        let rejected = Array(chosen.suffix(Int.random(in: 0...2, using: &numbers)))
        let alias = Bool.random(using: &numbers) ? "Alias\nof it" : nil
        let auxiliary = auxiliary(trusted, rejected, alias: alias)
        var objects: [TrustObject] = [
            try .attached(fixture, trusted.isEmpty ? [Purpose(identifier: "1.3.6.1.4.1.3319.6.10.16")] : trusted)
        ]
        if !rejected.isEmpty { objects.append(try .rejected(fixture, rejected)) }
        objects.append(try .stands(fixture, trusted.isEmpty ? .distrusted : .anchor, label: alias))
        return (.pem, pem("TRUSTED CERTIFICATE", der + auxiliary), objects)
    }

    /// OpenSSL's auxiliary data.
    static func auxiliary(_ trusted: [Purpose], _ rejected: [Purpose], alias: String?) -> [UInt8] {
        func list(_ tag: UInt8, _ purposes: [Purpose]) -> [UInt8] {
            purposes.isEmpty ? [] : DERBytes.node(tag, purposes.flatMap { DERBytes.identifier($0.identifier) })
        }
        return DERBytes.sequence(
            list(0x30, trusted), list(0xA0, rejected), alias.map { DERBytes.node(12, Array($0.utf8)) } ?? [])
    }

    /// A section of a .p11-kit file.
    private static func persisted(
        _ fixture: CertificateFixture, _ numbers: inout SeededNumbers
    ) throws -> (bytes: [UInt8], objects: [TrustObject]) {
        let usage = Array(purposes.shuffled(using: &numbers).prefix(Int.random(in: 1...3, using: &numbers)))
        let key = String(decoding: pem("PUBLIC KEY", try fixture.certificate.publicKeyInfo), as: UTF8.self)
        func section(_ text: String, _ object: TrustObject) -> (bytes: [UInt8], objects: [TrustObject]) {
            (Array("[p11-kit-object-v1]\n\(text)\n".utf8), [object])
        }
        func attached(
            _ identifier: String, _ value: [UInt8], _ object: TrustObject
        ) -> (bytes: [UInt8], objects: [TrustObject]) {
            let extended = DERBytes.sequence(DERBytes.identifier(identifier), DERBytes.node(4, value))
            return section(
                """
                class: x-certificate-extension
                object-id: \(identifier)
                value: "\(percent(extended))"
                \(key)
                """, object)
        }
        switch Int.random(in: 0..<40, using: &numbers) {
        case 0..<16:
            let standing = ([Standing](repeating: .anchor, count: 14) + [.neutral, .neutral, .distrusted])
                .randomElement(using: &numbers)
            let label = Bool.random(using: &numbers) ? labels.randomElement(using: &numbers) : nil
            let certificate = try fixture.certificate
            let word =
                switch standing {
                case .anchor: "trusted: true\n"
                case .distrusted: "x-distrusted: true\n"
                default: ""
                }
            let block = String(decoding: pem("CERTIFICATE", certificate.der), as: UTF8.self)
            return section(
                (label.map { "label: \"\(percent($0))\"\n" } ?? "") + word + block,
                .certificate(
                    CertificateObject(
                        certificate: certificate, standing: standing ?? .neutral, label: label, line: 1)))
        case 16..<28:
            return attached(
                AttachedExtension.extendedKeyUsage, DERBytes.usage(usage), try .attached(fixture, usage))
        case 28..<32:
            return attached(AttachedExtension.rejectedUsage, DERBytes.usage(usage), try .rejected(fixture, usage))
        case 32..<38:
            // Now and then a line and its contrary, in an order that no file system changes.
            let words = Int.random(in: 0..<3, using: &numbers) == 0 ? [true, false] : [Bool.random(using: &numbers)]
            let sections = try words.map { isAuthority in
                attached(
                    AttachedExtension.basicConstraints, DERBytes.constraints(isAuthority),
                    try .constraints(fixture, isAuthority))
            }
            return (sections.flatMap(\.bytes), sections.flatMap(\.objects))
        case 38:
            return section(
                """
                class: certificate
                certificate-type: x-509
                x-distrusted: true
                issuer: "\(percent(try fixture.name.issuer))"
                serial-number: "\(percent(try fixture.name.serialNumber))"
                """, try .distrustedName(fixture))
        default:
            return section(
                """
                class: certificate
                certificate-type: x-509
                x-distrusted: true
                \(key)
                """, try .distrustedKey(fixture))
        }
    }

    private static func percent(_ bytes: [UInt8]) -> String {
        bytes.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func pem(_ type: String, _ bytes: [UInt8]) -> [UInt8] {
        let text = Data(bytes).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return Array("-----BEGIN \(type)-----\n\(text)\n-----END \(type)-----\n".utf8)
    }
}
