import AssayBytes
import AssayTestSupport
import Testing

@testable import AssayTrustStore

/// A change of a certificate, and what its reader says to it.
private struct Case: Sendable, CustomTestStringConvertible {
    let reason: String
    let change: @Sendable (inout CertificateParts) -> Void

    init(_ reason: String, _ change: @escaping @Sendable (inout CertificateParts) -> Void) {
        self.reason = reason
        self.change = change
    }

    var testDescription: String { reason }
}

struct CertificateTests {
    private static func reason(_ der: [UInt8]) -> String? {
        do {
            _ = try TrustCertificate(der: der)
            return nil
        } catch {
            return error.reason
        }
    }

    private static let odd: [Case] = [
        Case("as it is") { _ in },
        Case("version 1 by default") { $0.version = [] },
        Case("version 1, said though it is the default") { $0.version = DERBytes.node(0xA0, DERBytes.node(2, [0])) },
        Case("version 2") { $0.version = DERBytes.node(0xA0, DERBytes.node(2, [1])) },
        Case("a negative serial number") { $0.serial = DERBytes.node(2, [0x80, 1]) },
        Case("a serial number of zero") { $0.serial = DERBytes.node(2, [0]) },
        Case("a serial number of 64 bytes") { $0.serial = DERBytes.node(2, [UInt8](repeating: 7, count: 64)) },
        Case("a T61 string that is no text") { $0.subject = DERBytes.name([0xFF, 0xC3], tag: 20) },
        Case("a string that is none of the known") { $0.subject = DERBytes.name([1], tag: 4) },
        Case("an empty subject") { $0.subject = DERBytes.sequence() },
        Case("an empty relative name") { $0.subject = DERBytes.sequence(DERBytes.node(0x31, [])) },
        Case("no date") { $0.notAfter = DERBytes.node(23, Array("never".utf8)) },
        Case("an empty date") { $0.notAfter = DERBytes.node(24, []) },
        Case("unique identifiers") { $0.tail = DERBytes.node(0x81, [0, 1]) + DERBytes.node(0x82, [0]) },
        Case("no extensions in their list") { $0.tail = CertificateParts.extensions([]) },
        Case("parameters of the algorithm in one place only") {
            $0.outerAlgorithm = DERBytes.sequence(DERBytes.identifier("1.3.101.112"), [5, 0])
        },
        Case("a boolean of 1") {
            $0.tail = CertificateParts.extensions([
                DERBytes.sequence(DERBytes.identifier("2.5.29.15"), [1, 1, 1], DERBytes.node(4, [5]))
            ])
        },
        Case("an identifier with a number of 120 bits") {
            $0.tail = CertificateParts.extensions([
                DERBytes.sequence(
                    DERBytes.node(6, [0x69] + [UInt8](repeating: 0xFF, count: 16) + [0x7F]), DERBytes.node(4, []))
            ])
        },
    ]

    @Test(arguments: odd) private func `what is odd in a certificate but whole is read`(_ row: Case) throws {
        var parts = CertificateParts()
        row.change(&parts)
        let certificate = try TrustCertificate(der: parts.der)
        #expect(certificate.der == parts.der)
        #expect(certificate.serialNumber == parts.serial)
        #expect(certificate.issuer == parts.issuer)
        #expect(certificate.subject == parts.subject)
        #expect(certificate.publicKeyInfo == parts.key)
    }

    private static let refused: [Case] = [
        Case("the certificate has too many elements") { $0.behind = [5, 0] },
        Case("the signature is of an unexpected type") { $0.signature = DERBytes.node(4, [0]) },
        Case("the signature is no bit string") { $0.signature = DERBytes.node(3, []) },
        Case("the signature is no bit string") { $0.signature = DERBytes.node(3, [8, 0]) },
        Case("the signature is no bit string") { $0.signature = DERBytes.node(3, [1]) },
        Case("the version is none of 1, 2, 3") { $0.version = DERBytes.node(0xA0, DERBytes.node(2, [3])) },
        Case("the version is none of 1, 2, 3") { $0.version = DERBytes.node(0xA0, DERBytes.node(2, [0, 2])) },
        Case("the version is of an unexpected type") { $0.version = DERBytes.node(0xA0, DERBytes.node(4, [2])) },
        Case("the version has too many elements") {
            $0.version = DERBytes.node(0xA0, DERBytes.node(2, [2]) + DERBytes.node(2, [2]))
        },
        Case("the version is missing in the version") { $0.version = DERBytes.node(0xA0, []) },
        Case("the serial number is no number") { $0.serial = DERBytes.node(2, []) },
        Case("the serial number is no number") { $0.serial = DERBytes.node(4, [1]) },
        Case("an algorithm is not a SEQUENCE") { $0.algorithm = DERBytes.node(5, []) },
        Case("an algorithm is missing in an algorithm") { $0.outerAlgorithm = DERBytes.sequence() },
        Case("an algorithm is no object identifier") {
            $0.outerAlgorithm = DERBytes.sequence(DERBytes.node(6, [0x80, 1]))
        },
        Case("an algorithm is no object identifier") { $0.outerAlgorithm = DERBytes.sequence(DERBytes.node(6, [])) },
        Case("an algorithm is no object identifier") {
            $0.outerAlgorithm = DERBytes.sequence(DERBytes.node(6, [0x81]))
        },
        Case("an algorithm has too many elements") {
            $0.outerAlgorithm = DERBytes.sequence(DERBytes.identifier("1.3.101.112"), [5, 0], [5, 0])
        },
        Case("the body names another signature algorithm than the signature") {
            $0.algorithm = DERBytes.sequence(DERBytes.identifier("1.2.840.113549.1.1.11"))
        },
        Case("the issuer is not a SEQUENCE") { $0.issuer = DERBytes.node(0x31, []) },
        Case("a part of the subject is not a SET") { $0.subject = DERBytes.sequence(DERBytes.sequence()) },
        Case("an attribute of the subject is not a SEQUENCE") {
            $0.subject = DERBytes.sequence(DERBytes.node(0x31, [5, 0]))
        },
        Case("an attribute's type is of an unexpected type") {
            $0.subject = DERBytes.sequence(DERBytes.node(0x31, DERBytes.sequence([5, 0], [5, 0])))
        },
        Case("an attribute's value is missing in an attribute of the subject") {
            $0.subject = DERBytes.sequence(DERBytes.node(0x31, DERBytes.sequence(DERBytes.identifier("2.5.4.3"))))
        },
        Case("an attribute of the issuer has too many elements") {
            $0.issuer = DERBytes.sequence(
                DERBytes.node(0x31, DERBytes.sequence(DERBytes.identifier("2.5.4.3"), [5, 0], [5, 0])))
        },
        Case("a date is of an unexpected type") { $0.notBefore = DERBytes.node(12, Array("200101000000Z".utf8)) },
        Case("the end of validity is missing in the validity") { $0.notAfter = [] },
        Case("the validity has too many elements") { $0.notAfter += $0.notBefore },
        Case("the public key is not a SEQUENCE") { $0.key = [5, 0] },
        Case("the public key is no bit string") {
            $0.key = DERBytes.sequence(CertificateParts.ed25519, DERBytes.node(3, []))
        },
        Case("the public key's algorithm is missing in the public key's algorithm") {
            $0.key = DERBytes.sequence(DERBytes.sequence(), DERBytes.node(3, [0]))
        },
        Case("the public key has too many elements") {
            $0.key = DERBytes.sequence(CertificateParts.ed25519, DERBytes.node(3, [0, 1]), [5, 0])
        },
        Case("a unique identifier is malformed") { $0.tail = DERBytes.node(0xA1, []) },
        Case("a unique identifier is no bit string") { $0.tail = DERBytes.node(0x81, [9, 0]) },
        Case("the body has too many elements") { $0.tail = [5, 0] },
        Case("the body has too many elements") { $0.tail = DERBytes.node(0x82, [0]) + DERBytes.node(0x81, [0]) },
        Case("the extensions is not a SEQUENCE") { $0.tail = DERBytes.node(0xA3, [5, 0]) },
        Case("the extensions is missing in the extensions") { $0.tail = DERBytes.node(0xA3, []) },
        Case("the extensions has too many elements") { $0.tail = DERBytes.node(0xA3, [0x30, 0, 0x30, 0]) },
        Case("an extension is not a SEQUENCE") { $0.tail = CertificateParts.extensions([[5, 0]]) },
        Case("the extension 2.5.29.15 is malformed") {
            $0.tail = CertificateParts.extensions([
                DERBytes.sequence(DERBytes.identifier("2.5.29.15"), [1, 2, 255, 255], DERBytes.node(4, []))
            ])
        },
        Case("the value of the extension 2.5.29.15 is missing in an extension") {
            $0.tail = CertificateParts.extensions([DERBytes.sequence(DERBytes.identifier("2.5.29.15"))])
        },
        Case("an extension has too many elements") {
            $0.tail = CertificateParts.extensions([
                DERBytes.sequence(DERBytes.identifier("2.5.29.15"), DERBytes.node(4, []), [5, 0])
            ])
        },
        Case("the extension 2.5.29.15 is there twice") {
            $0.tail = CertificateParts.extensions([
                CertificateParts.empty("2.5.29.15"), CertificateParts.empty("2.5.29.15"),
            ])
        },
        Case("the certificate has more than 256 extensions") {
            $0.tail = CertificateParts.extensions((0...256).map { CertificateParts.empty("1.2.\($0)") })
        },
        Case("a certificate of version 2 has extensions") {
            $0.version = DERBytes.node(0xA0, DERBytes.node(2, [1]))
            $0.tail = CertificateParts.extensions([CertificateParts.empty("2.5.29.15")])
        },
        Case("a certificate of version 1 has extensions") {
            $0.version = []
            $0.tail = CertificateParts.extensions([CertificateParts.empty("2.5.29.15")])
        },
        Case("an extension's identifier is no object identifier") {
            $0.tail = CertificateParts.extensions([
                DERBytes.sequence(
                    DERBytes.node(6, [0x69] + [UInt8](repeating: 0xFF, count: 17) + [0x7F]), DERBytes.node(4, []))
            ])
        },
    ]

    @Test(arguments: refused) private func `a malformed part is refused by its name`(_ row: Case) {
        var parts = CertificateParts()
        row.change(&parts)
        #expect(CertificateTests.reason(parts.der) == row.reason)
    }

    @Test func `bytes that are no certificate are refused`() {
        let der = CertificateParts().der
        #expect(CertificateTests.reason([]) == "the certificate is not DER, or is cut short")
        #expect(CertificateTests.reason(der + [0]) == "bytes follow the certificate")
        #expect(CertificateTests.reason([0x31] + der.dropFirst()) == "the certificate is not DER, or is cut short")
        // The length in more bytes than it needs is BER.
        #expect(CertificateTests.reason([0x30, 0x82, 0, 2, 5, 0]) == "the certificate is not DER")
        // Values in values in values: the depth is bounded.
        let deep = (0..<60).reduce([5, 0] as [UInt8]) { inner, _ in DERBytes.sequence(inner) }
        #expect(CertificateTests.reason(deep) == "the certificate is not DER")
        let large = [0x30, 0x84, 0, 0x10, 0, 0] + [UInt8](repeating: 0, count: 1 << 20)
        #expect(CertificateTests.reason(large) == "the certificate is larger than 1048576 bytes")
    }

    @Test func `a certificate cut anywhere is refused, and a flipped bit changes what is read or is refused`() throws {
        var parts = CertificateParts()
        parts.tail = CertificateParts.extensions([
            DERBytes.sequence(DERBytes.identifier("2.5.29.19"), DERBytes.node(4, DERBytes.constraints(true)))
        ])
        let der = parts.der
        for count in 0..<der.count {
            #expect(CertificateTests.reason(Array(der[..<count])) == "the certificate is not DER, or is cut short")
        }
        var read = 0
        for bit in 0..<(der.count * 8) {
            var changed = der
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let certificate = try? TrustCertificate(der: changed) else { continue }
            read += 1
            #expect(certificate.der == changed)
        }
        #expect((1..<der.count * 8).contains(read))
    }
}
