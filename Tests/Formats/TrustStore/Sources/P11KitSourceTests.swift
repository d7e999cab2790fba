import Testing

@testable import AssayTrustStore

struct P11KitSourceTests {
    private static let header = "[p11-kit-object-v1]\n"
    private static let certificate = SourceFixture.certificate()
    private static let key = SourceFixture.key()
    private static let usage = SourceFixture.percent(
        DERBytes.sequence(
            DERBytes.identifier("2.5.29.37"), [1, 1, 255], DERBytes.node(4, DERBytes.usage([.serverAuth]))))
    private static let attached = "class: x-certificate-extension\nobject-id: 2.5.29.37\nvalue: \"\(usage)\"\n"

    private static func value(_ identifier: String, _ value: [UInt8]) -> String {
        let der = DERBytes.sequence(DERBytes.identifier(identifier), DERBytes.node(4, value))
        return "class: x-certificate-extension\nobject-id: \(identifier)\nvalue: \"\(SourceFixture.percent(der))\"\n"
    }

    static let accepted: [(String, String)] = [
        (header + certificate, "p11-kit: 1"), (header + "class: certificate\n" + certificate, "p11-kit: 1"),
        ("# a\n\n\t" + header + " trusted :\ttrue \r\n" + certificate, "p11-kit: 1"),
        (header + attached + key + header + certificate, "p11-kit: 2"),
        (header + attached.replacing("object-id: 2.5.29.37", with: "object-id: \"%06%03U%1d%25\"") + key, "p11-kit: 1"),
        (header + attached + "modifiable: false\nlabel: \"%41%ff\"\n" + key, "p11-kit: 1"),
        (header + value("2.5.29.15", [1, 2, 3]) + key, "p11-kit: 1"),
        (header + "nss-mozilla-ca-policy: true\nid: \"%01\"\nstart-date: \"20200101\"\n" + certificate, "p11-kit: 1"),
        (
            header + "class: certificate\nx-distrusted: true\nissuer: \"0%00a\"\n".replacing("%00a", with: "%01a")
                + "serial-number: \"%02%01%05\"\n", "p11-kit: 1"
        ),
        (header + "class: certificate\nx-distrusted: true\n" + key, "p11-kit: 1"),
        (
            header + "class: nss-builtin-root-list\nlabel: \"a\"\n" + header + certificate,
            "p11-kit: 1; 1: an object of class 'nss-builtin-root-list' says nothing about trust"
        ),
    ]

    @Test(arguments: accepted) func `sections are read`(text: String, answer: String) {
        #expect(SourceFixture.answer(text) == answer)
    }

    static let refused: [(String, String)] = [
        ("trusted: true\n" + header, "1: text before the first '[p11-kit-object-v1]'"),
        (header + certificate + "[p11-kit-object-v2]\n", "{}: unknown section '[p11-kit-object-v2]'"),
        (header + "[p11-kit-object-v1\n" + certificate, "2: unknown section '[p11-kit-object-v1'"),
        (header + "trusted\n" + certificate, "2: neither a section nor 'name: value': 'trusted'"),
        (header + "trustedd: true\n" + certificate, "2: unknown attribute 'trustedd'"),
        (header + ": true\n" + certificate, "2: unknown attribute ''"),
        (header + "trusted: yes\n" + certificate, "2: the value of 'trusted' is malformed"),
        (header + "trusted: \"%01\"\n" + certificate, "2: the value of 'trusted' is malformed"),
        (header + "trusted:\n" + certificate, "2: the value of 'trusted' is malformed"),
        (header + "label: a\n" + certificate, "2: the value of 'label' is malformed"),
        (header + "label: \"a\n" + certificate, "2: the value of 'label' is malformed"),
        (header + "label: \"\n" + certificate, "2: the value of 'label' is malformed"),
        (header + "label: \"%4\"\n" + certificate, "2: the value of 'label' is malformed"),
        (header + "label: \"%+1\"\n" + certificate, "2: the value of 'label' is malformed"),
        (header + "label: \"a\"b\"\n" + certificate, "2: the value of 'label' is malformed"),
        (header + "trusted: true\n\ntrusted: true\n" + certificate, "4: 'trusted' is given twice, also in line 2"),
        (header + certificate + certificate, "{}: 'value' is given twice, also in line 2"),
        (header + key + key, "{}: 'public-key-info' is given twice, also in line 2"),
        (
            header + "-----BEGIN TRUSTED CERTIFICATE-----\nMAA=\n-----END TRUSTED CERTIFICATE-----\n",
            "2: a block of 'TRUSTED CERTIFICATE' does not belong here"
        ),
        (header + "-----BEGIN CERTIFICATE-----\n", "2: the block has no end"),
        (
            header + "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
            "2: the body is missing in the certificate"
        ),
        ("\n" + header + "label: \"a\"\n", "2: an object without 'class'"),
        (header + "class: nss-trust\n" + certificate, "2: objects of class 'nss-trust' are not known"),
        (header + "certificate-type: wtls\n" + certificate, "2: certificates of type 'wtls' are not known"),
        (header + "object-id: 2.5.29.37\n" + certificate, "2: a certificate has no 'object-id'"),
        (header + "trusted: true\nx-distrusted: true\n" + certificate, "3: the certificate is trusted and distrusted"),
        (header + "class: certificate\n", "1: a certificate without its bytes, which is not distrusted"),
        (
            header + "class: certificate\ntrusted: true\n" + key,
            "1: a certificate without its bytes, which is not distrusted"
        ),
        (header + "class: certificate\nvalue: \"\"\n", "1: a certificate without its bytes, which is not distrusted"),
        (header + "class: certificate\nvalue: \"0%02\"\n", "3: the certificate is not DER, or is cut short"),
        (header + "issuer: \"0%01a\"\n" + certificate, "2: 'issuer' is not the certificate's"),
        (header + "serial-number: \"%02%01%05\"\n" + certificate, "2: 'serial-number' is not the certificate's"),
        (header + "subject: \"0%00\"\n" + certificate, "2: 'subject' is not the certificate's"),
        (
            header + SourceFixture.key(SourceFixture.other) + certificate,
            "2: 'public-key-info' is not the certificate's"
        ),
        (
            header + "nss-server-distrust-after: true\n" + certificate,
            "2: the value of 'nss-server-distrust-after' is malformed"
        ),
        (header + "nss-email-distrust-after: \"never\"\n" + certificate, "2: 'nss-email-distrust-after' is no time"),
        (header + "class: certificate\nx-distrusted: true\n", "1: the distrust names neither a certificate nor a key"),
        (
            header + "class: certificate\nx-distrusted: true\nissuer: \"0%01a\"\n",
            "1: 'issuer' and 'serial-number' only name a certificate together"
        ),
        (
            header + "class: certificate\nx-distrusted: true\nissuer: \"a\"\nserial-number: \"%02%01%05\"\n",
            "4: 'issuer' is no DER name"
        ),
        (
            header + "class: certificate\nx-distrusted: true\nissuer: \"0%01a\"\nserial-number: \"%05\"\n",
            "5: 'serial-number' is no DER number"
        ),
        (
            header + "class: certificate\nx-distrusted: true\npublic-key-info: \"0%00\"\n",
            "4: the algorithm is missing in the public key"
        ),
        (header + attached, "1: an extension that is attached to no public key"),
        (
            header + "class: x-certificate-extension\n" + certificate,
            "3: an extension is attached to a public key, not to a certificate"
        ),
        (header + attached + "trusted: true\n" + key, "5: an extension has no 'trusted'"),
        (header + attached + "x-distrusted: true\n" + key, "5: an extension has no 'x-distrusted'"),
        (header + "class: x-certificate-extension\nobject-id: 2.5.29.37\n" + key, "1: an extension without 'value'"),
        (header + attached.replacing("object-id: 2.5.29.37\n", with: "") + key, "1: an extension without 'object-id'"),
        (
            header + attached.replacing("object-id: 2.5.29.37", with: "object-id: 2.5.29.19") + key,
            "3: 'object-id' is not the extension's"
        ),
        (
            header + attached.replacing("object-id: 2.5.29.37", with: "object-id: \"%06%03U%1d%26\"") + key,
            "3: 'object-id' is not the extension's"
        ),
        (
            header + "class: x-certificate-extension\nobject-id: 2.5.29.37\nvalue: \"0\"\n" + key,
            "4: the extension is not DER"
        ),
        (header + value("2.5.29.37", [5, 0]) + key, "4: the usage is no list of purposes"),
        (header + value("1.3.6.1.4.1.3319.6.10.1", [0x30, 2, 6, 0]) + key, "4: the usage is no list of purposes"),
        (header + value("2.5.29.19", [5, 0]) + key, "4: the basic constraints are malformed"),
        (header + "class: certificate\nx-distrusted: true\n" + key + "[]\n", "{}: unknown section '[]'"),
    ]

    @Test func `a file as 'trust anchor --store' writes it is read`() throws {
        let certificate = try SourceFixture.authority.certificate
        let text = """
            # This file has been auto-generated and written by p11-kit. Changes will be
            # unceremoniously overwritten.
            [p11-kit-object-v1]
            trusted: true
            x-distrusted: false
            private: false
            modifiable: false
            label: "Stored CA"
            url: ""
            hash-of-issuer-public-key: ""
            hash-of-subject-public-key: "%B1vg%EA%FA%00%91%40%2FV%F63%E5%5D%F1%C9%B9%BCp%F7"
            java-midp-security-domain: 0
            check-value: "g%DAe"
            start-date: "20261129"
            end-date: "20261229"
            id: "%87%A6-%CC"
            subject: "\(SourceFixture.percent(certificate.subject))"
            issuer: "\(SourceFixture.percent(certificate.issuer))"
            serial-number: "\(SourceFixture.percent(certificate.serialNumber))"
            certificate-category: authority
            \(P11KitSourceTests.certificate)
            """
        #expect(
            try SourceFixture.read(Array(text.utf8)).objects == [
                .certificate(
                    CertificateObject(
                        certificate: certificate, standing: .anchor, label: Array("Stored CA".utf8), line: 3))
            ])
    }

    @Test(arguments: refused) func `a malformed section is a fault with its line`(text: String, answer: String) {
        // `{}` is the line of the last block or of the last line.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let last =
            lines.last?.hasPrefix("-----END") == true
            ? lines.lastIndex { $0.hasPrefix("-----BEGIN") } : lines.indices.last
        #expect(SourceFixture.answer(text) == answer.replacing("{}", with: "\((last ?? 0) + 1)"))
    }

    @Test func `a certificate by name in the block list needs no other word`() {
        let text = P11KitSourceTests.header + "class: certificate\nissuer: \"0%01a\"\nserial-number: \"%02%01%05\"\n"
        #expect(SourceFixture.answer(text) == "1: a certificate without its bytes, which is not distrusted")
        #expect(SourceFixture.answer(text, role: .blocklist) == "p11-kit: 1")
    }

    @Test(
        arguments: [
            ("false", nil), ("\"%00\"", nil), ("\"200630235959Z\"", 1_593_561_599),
            ("\"20200630235959Z\"", 1_593_561_599),
        ] as [(String, Int64?)])
    func `dates of distrust are read`(text: String, seconds: Int64?) throws {
        let source = try SourceFixture.read(
            Array(
                """
                [p11-kit-object-v1]
                label: "two%0alines"
                trusted: true
                nss-server-distrust-after: \(text)
                nss-email-distrust-after: "500101000000Z"
                \(P11KitSourceTests.certificate)
                """.utf8))
        #expect(
            source.objects == [
                .certificate(
                    CertificateObject(
                        certificate: try SourceFixture.authority.certificate, standing: .anchor,
                        label: Array("two\nlines".utf8), serverDistrustAfter: seconds,
                        emailDistrustAfter: -631_152_000, line: 1))
            ])
    }
}
