import Testing

@testable import AssayTrustStore

struct PEMSourceTests {
    private static let certificate = SourceFixture.certificate()
    private static let lines = certificate.split(separator: "\n").map(String.init)
    private static let warning = "text outside of the blocks is not read"

    static let accepted: [(String, String)] = [
        (certificate, "pem: 1"), (certificate + certificate, "pem: 2"),
        (certificate.replacing("\n", with: "\r\n"), "pem: 1"), ("\u{FEFF}" + certificate, "pem: 1"),
        (String(certificate.dropLast()), "pem: 1"), ("# CA\n\n" + certificate, "pem: 1"),
        ("Issuer: CA\nSubject: CA\n" + certificate, "pem: 1; 1: " + warning),
        (lines.joined(), "pem: 1"), ("  " + lines.joined(separator: "  \n\t"), "pem: 1"),
        (
            lines[0] + "\n" + lines[1...(lines.count - 2)].joined(separator: "\n\n") + "\n" + lines[lines.count - 1],
            "pem: 1"
        ),
        (
            certificate.replacing(" CERT", with: " X509 CERT"),
            "pem: 1; 1: 'X509 CERTIFICATE' is an old name of 'CERTIFICATE', which not every reader knows"
        ),
        (
            certificate.replacing(" CERT", with: " TRUSTED CERT"),
            "pem: 1; 1: a block of 'TRUSTED CERTIFICATE' without trust data is a plain certificate"
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n…\n-----END RSA PRIVATE KEY-----\n"
                + certificate,
            "pem: 1; 1: a private key does not belong among the sources of a trust store"
        ),
        (
            "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n" + certificate,
            "pem: 1; 1: a block of 'X509 CRL' is not read"
        ),
    ]

    @Test(arguments: accepted) func `what certificates are written like is read`(text: String, answer: String) {
        #expect(SourceFixture.answer(text) == answer)
    }

    private static let boundary = "a boundary that is not whole or does not begin its line"

    static let refused: [(String, String)] = [
        ("-----BEGIN CERTIFICATE-----\n", "1: the block has no end"),
        ("\n-----BEGIN CERTIFICATE-----\nMAA=\n", "2: the block has no end"),
        ("-----BEGIN CERTIFICATE----\nMAA=\n-----END CERTIFICATE-----\n", "1: the begin of a block is malformed"),
        ("-----BEGIN -----\nMAA=\n-----END -----\n", "1: the begin of a block is malformed"),
        (
            "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE----\n",
            "3: a boundary that does not end the block of 'CERTIFICATE'"
        ),
        (
            "-----BEGIN CERTIFICATE-----\nMAA=\n-----END X509 CERTIFICATE-----\n",
            "3: a boundary that does not end the block of 'CERTIFICATE'"
        ),
        (
            "-----BEGIN CERTIFICATE-----\nMAA=\n" + certificate,
            "3: a boundary that does not end the block of 'CERTIFICATE'"
        ),
        ("-----BEGIN CERTIFICATE-----\nMA?=\n-----END CERTIFICATE-----\n", "2: no base64 in a block of 'CERTIFICATE'"),
        ("-----BEGIN CERTIFICATE-----\nMAB=\n-----END CERTIFICATE-----\n", "2: no base64 in a block of 'CERTIFICATE'"),
        ("-----BEGIN CERTIFICATE-----\nMA-=\n-----END CERTIFICATE-----\n", "2: no base64 in a block of 'CERTIFICATE'"),
        (
            "-----BEGIN CERTIFICATE-----\nA: b\n\nMAA=\n-----END CERTIFICATE-----\n",
            "2: no base64 in a block of 'CERTIFICATE'"
        ),
        ("-----BEGIN CERTIFICATE-----\nMAA\n-----END CERTIFICATE-----\n", "3: the base64 is not whole"),
        (
            "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE----- MAA=\n",
            "3: text follows the end of a block in its line"
        ),
        ("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "1: the certificate is not DER, or is cut short"),
        (
            "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
            "1: the body is missing in the certificate"
        ),
        (
            certificate + "-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n",
            "\(lines.count + 1): bytes follow the certificate"
        ),
        ("-----END CERTIFICATE-----\n" + certificate, "1: " + boundary),
        ("# -----BEGIN CERTIFICATE-----\n" + certificate, "1: " + boundary),
        ("a -----BEGIN CERTIFICATE-----\n" + certificate, "1: " + boundary),
        ("----BEGIN CERTIFICATE-----\nMAA=\n----END CERTIFICATE-----\n" + certificate, "1: " + boundary),
        ("---- BEGIN CERTIFICATE ----\n" + certificate, "1: " + boundary),
        (
            "-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n" + certificate,
            "1: the certificates in a block of 'PKCS7' are not read: write them as 'CERTIFICATE'"
        ),
        (
            "-----BEGIN NEW CERTIFICATE-----\nMAA=\n-----END NEW CERTIFICATE-----\n" + certificate,
            "1: an unknown kind of certificate: 'NEW CERTIFICATE'"
        ),
        ("-----BEGIN \u{1B}[2J-----\n" + certificate, #"2: a boundary that does not end the block of '\x1b[2J'"#),
    ]

    @Test(arguments: refused) func `a malformed block is a fault with its line`(text: String, answer: String) {
        #expect(SourceFixture.answer(text) == answer)
    }

    /// Auxiliary data, the objects that they make, and what is said to them.
    static let trusted: [([UInt8], String)] = [
        (GeneratedStore.auxiliary([.serverAuth], [], alias: nil), "pem: 2"),
        (GeneratedStore.auxiliary([.serverAuth], [.emailProtection], alias: "A"), "pem: 3"),
        (
            GeneratedStore.auxiliary([], [.emailProtection], alias: "A"),
            "pem: 3; 1: the trust data name no trusted purpose: the certificate is distrusted for every purpose"
        ),
        (
            GeneratedStore.auxiliary([], [], alias: "A"),
            "pem: 2; 1: the trust data name no trusted purpose: the certificate is distrusted for every purpose"
        ),
        ([0x30, 0x02, 0x05, 0x00], "1: the trust data are malformed"), ([0], "1: the trust data are malformed"),
        (DERBytes.sequence() + DERBytes.sequence(), "1: the trust data are malformed"),
        (DERBytes.sequence(DERBytes.sequence(DERBytes.node(6, []))), "1: the trust data are malformed"),
    ]

    @Test(arguments: trusted) func `trust data are OpenSSL's, by p11-kit's meaning`(
        auxiliary: [UInt8], answer: String
    ) throws {
        let der = try SourceFixture.authority.certificate.der
        #expect(SourceFixture.answer(SourceFixture.pem("TRUSTED CERTIFICATE", der + auxiliary)) == answer)
    }

    @Test func `trust data say for what, and a plain block says nothing`() throws {
        let certificate = try SourceFixture.authority.certificate
        let auxiliary = GeneratedStore.auxiliary([.serverAuth], [.emailProtection], alias: "Alias")
        let text =
            "\n" + SourceFixture.pem("TRUSTED CERTIFICATE", certificate.der + auxiliary) + PEMSourceTests.certificate
        let source = try SourceFixture.read(Array(text.utf8))
        let second = 2 + SourceFixture.pem("X", certificate.der + auxiliary).split(separator: "\n").count
        func attached(_ identifier: String, _ purpose: Purpose, isCritical: Bool) -> TrustObject {
            .attachedExtension(
                AttachedExtension(
                    publicKeyInfo: certificate.publicKeyInfo, identifier: identifier, isCritical: isCritical,
                    value: DERBytes.usage([purpose]), line: 2))
        }
        #expect(
            source.objects == [
                attached(AttachedExtension.extendedKeyUsage, .serverAuth, isCritical: true),
                attached(AttachedExtension.rejectedUsage, .emailProtection, isCritical: false),
                .certificate(
                    CertificateObject(
                        certificate: certificate, standing: .anchor, label: Array("Alias".utf8), line: 2)),
                .certificate(CertificateObject(certificate: certificate, standing: .neutral, line: second)),
            ])
        #expect(source.path == SourceFixture.path && source.token == 1 && source.role == .main)
    }
}
