import Crypto
import Foundation
import Testing

@testable import AssayTrustStore

struct CertdataTests {
    /// A list of a certificate and its trust; the certificate is in lines 4 to 15, the trust from line 19 on.
    static func text(
        server: String = "CKT_NSS_TRUSTED_DELEGATOR", mail: String = "CKT_NSS_MUST_VERIFY_TRUST"
    ) -> String {
        guard let certificate = try? SourceFixture.authority.certificate else { return "" }
        let issuer = "CKA_ISSUER MULTILINE_OCTAL\n\(SourceFixture.octal(certificate.issuer))\nEND"
        let serial = "CKA_SERIAL_NUMBER MULTILINE_OCTAL\n\(SourceFixture.octal(certificate.serialNumber))\nEND"
        let digest = SourceFixture.octal(Array(Insecure.SHA1.hash(data: certificate.der)))
        return """
            # A list
            BEGINDATA

            CKA_CLASS CK_OBJECT_CLASS CKO_CERTIFICATE
            CKA_TOKEN CK_BBOOL CK_TRUE
            CKA_LABEL UTF8 "A \\x4c\\xc3\\xa4bel"
            CKA_CERTIFICATE_TYPE CK_CERTIFICATE_TYPE CKC_X_509
            \(issuer)
            CKA_VALUE MULTILINE_OCTAL
            \(SourceFixture.octal(Array(certificate.der.prefix(16))))
            \(SourceFixture.octal(Array(certificate.der.dropFirst(16))))
            END
            CKA_NSS_SERVER_DISTRUST_AFTER CK_BBOOL CK_FALSE
            CKA_NSS_MOZILLA_CA_POLICY CK_BBOOL CK_TRUE

            # Trust
            CKA_CLASS CK_OBJECT_CLASS CKO_NSS_TRUST
            \(issuer)
            \(serial)
            CKA_CERT_SHA1_HASH MULTILINE_OCTAL
            \(digest)
            END
            CKA_TRUST_SERVER_AUTH CK_TRUST \(server)
            CKA_TRUST_EMAIL_PROTECTION CK_TRUST \(mail)
            CKA_TRUST_CODE_SIGNING CK_TRUST CKT_NSS_MUST_VERIFY_TRUST
            CKA_TRUST_STEP_UP_APPROVED CK_BBOOL CK_FALSE

            """
    }

    private static let anchor = "CKT_NSS_TRUSTED_DELEGATOR"
    private static let distrusted = "CKT_NSS_NOT_TRUSTED"
    private static let unsaid = "CKT_NSS_MUST_VERIFY_TRUST"

    static let levels: [(String, String, Standing, [Purpose], [Purpose])] = [
        (anchor, anchor, .anchor, [.serverAuth, .emailProtection], []), (anchor, unsaid, .anchor, [.serverAuth], []),
        (anchor, distrusted, .anchor, [.serverAuth], [.emailProtection]),
        (unsaid, anchor, .anchor, [.emailProtection], []),
        (unsaid, distrusted, .distrusted, [], [.emailProtection]),
        (distrusted, distrusted, .distrusted, [], [.serverAuth, .emailProtection]),
        (unsaid, "CKT_NSS_TRUST_UNKNOWN", .neutral, [], []),
        ("CKT_NETSCAPE_TRUSTED_DELEGATOR", "CKT_NETSCAPE_UNTRUSTED", .anchor, [.serverAuth], [.emailProtection]),
    ]

    @Test(arguments: levels)
    func `trust by purpose is attached, and decides what the certificate is`(
        server: String, mail: String, standing: Standing, trusted: [Purpose], rejected: [Purpose]
    ) throws {
        let source = try SourceFixture.read(Array(CertdataTests.text(server: server, mail: mail).utf8))
        let certificate = try SourceFixture.authority.certificate
        let usage = trusted.isEmpty ? [Purpose(identifier: "1.3.6.1.4.1.3319.6.10.16")] : trusted
        var expected: [TrustObject] = [
            .attachedExtension(
                AttachedExtension(
                    publicKeyInfo: certificate.publicKeyInfo, identifier: AttachedExtension.extendedKeyUsage,
                    isCritical: true, value: DERBytes.usage(usage), line: 19))
        ]
        if !rejected.isEmpty {
            expected.append(
                .attachedExtension(
                    AttachedExtension(
                        publicKeyInfo: certificate.publicKeyInfo, identifier: AttachedExtension.rejectedUsage,
                        isCritical: false, value: DERBytes.usage(rejected), line: 19)))
        }
        expected.append(
            .certificate(
                CertificateObject(
                    certificate: certificate, standing: standing, label: Array("A Läbel".utf8), line: 4)))
        #expect(source.objects == expected)
        #expect(source.format == .certdata && source.warnings.isEmpty)
    }

    @Test func `the date of a distrust stands with the certificate or with the trust`() throws {
        func date(_ text: String) -> String {
            "CKA_NSS_SERVER_DISTRUST_AFTER MULTILINE_OCTAL\n\(SourceFixture.octal(Array(text.utf8)))\nEND\n"
        }
        let none = "CKA_NSS_SERVER_DISTRUST_AFTER CK_BBOOL CK_FALSE\n"
        let text = CertdataTests.text()
        let both = text.replacing(none, with: date("200630235959Z"))
        let texts = [
            text, both, text.replacing("CKA_TRUST_STEP", with: date("190630235959Z") + "CKA_TRUST_STEP"),
            both.replacing("CKA_TRUST_STEP", with: date("210630235959Z") + "CKA_TRUST_STEP"),
        ]
        let found =
            try texts.map { text in
                guard case .certificate(let object)? = try SourceFixture.read(Array(text.utf8)).objects.last else {
                    return nil
                }
                return object.serverDistrustAfter
            } as [Int64?]
        #expect(found == [nil, 1_593_561_599, 1_561_939_199, 1_593_561_599])
    }

    /// A part of the list, what stands in its place, and what is said to that.
    static let refused: [(String, String, String)] = [
        ("# A list", "A list", "1: text before 'BEGINDATA'"),
        ("# A list", "CVS_ID \"x\"", "certdata: 2"),
        ("BEGINDATA\n\n", "BEGINDATA\nCKA_TOKEN CK_BBOOL CK_TRUE\n", "3: 'CKA_TOKEN' before the first 'CKA_CLASS'"),
        (
            "CKA_TOKEN CK_BBOOL CK_TRUE", "TOKEN CK_BBOOL CK_TRUE",
            "5: neither a comment nor an attribute: 'TOKEN CK_BBOOL CK_TRUE'"
        ),
        ("CKA_TOKEN CK_BBOOL CK_TRUE", "CKA_TOKEN", "5: an attribute of the unknown type ''"),
        ("CKA_TOKEN CK_BBOOL CK_TRUE", "CKA_TOKEN CK_WORD CK_TRUE", "5: an attribute of the unknown type 'CK_WORD'"),
        ("CKA_TOKEN CK_BBOOL CK_TRUE", "CKA_TOKEN CK_BBOOL", "5: the value of 'CKA_TOKEN' is no word"),
        ("CKA_TOKEN CK_BBOOL CK_TRUE", "CKA_TOKEN CK_BBOOL CK_TRUE x", "5: the value of 'CKA_TOKEN' is no word"),
        ("CKA_TOKEN", "CKA_TOKENS", "5: unknown attribute 'CKA_TOKENS'"),
        ("\"A \\x4c", "\"A \\x4", "6: the value of 'CKA_LABEL' is no quoted text"),
        ("\"A \\x4c", "\"A \\n", "6: the value of 'CKA_LABEL' is no quoted text"),
        ("\"A \\x4c", "\"A \\x+c", "6: the value of 'CKA_LABEL' is no quoted text"),
        ("\"A \\x4c", "\"A \" ", "6: the value of 'CKA_LABEL' is no quoted text"),
        ("\"A \\x4c", "A ", "6: the value of 'CKA_LABEL' is no quoted text"),
        ("UTF8 \"A \\x4c\\xc3\\xa4bel\"", "CK_BBOOL CK_TRUE", "6: 'CKA_LABEL' is of an unexpected type"),
        ("CKO_CERTIFICATE", "CKO_CRL", "4: objects of class 'CKO_CRL' are not known"),
        ("CKA_CLASS CK_OBJECT_CLASS CKO_CERTIFICATE", "CKA_CLASS UTF8 \"a\"", "4: 'CKA_CLASS' is no class"),
        ("CKC_X_509", "CKC_WTLS", "7: certificates of type 'CKC_WTLS' are not known"),
        ("CKA_VALUE MULTILINE_OCTAL", "CKA_VALUE MULTILINE_OCTAL 0", "11: text follows 'MULTILINE_OCTAL' in its line"),
        ("CKA_VALUE MULTILINE_OCTAL\n", "CKA_VALUE MULTILINE_OCTAL\n\\400\n", "12: no octal digits"),
        ("CKA_VALUE MULTILINE_OCTAL\n", "CKA_VALUE MULTILINE_OCTAL\n\\38\n", "12: no octal digits"),
        ("CKA_VALUE MULTILINE_OCTAL\n", "CKA_VALUE MULTILINE_OCTAL\n/060\n", "12: no octal digits"),
        ("CKA_VALUE MULTILINE_OCTAL\n", "CKA_VALUE MULTILINE_OCTAL\n\n\\060\n", "11: bytes follow the certificate"),
        ("CKA_VALUE MULTILINE_OCTAL", "CKA_ID MULTILINE_OCTAL", "4: a certificate without 'CKA_VALUE'"),
        (
            "CKA_TOKEN CK_BBOOL CK_TRUE", "CKA_SUBJECT MULTILINE_OCTAL\n\\060\\000\nEND",
            "5: 'CKA_SUBJECT' is not the certificate's"
        ),
        (
            "CKA_TOKEN CK_BBOOL CK_TRUE", "CKA_SERIAL_NUMBER MULTILINE_OCTAL\n\\002\\001\\011\nEND",
            "5: 'CKA_SERIAL_NUMBER' is not the certificate's"
        ),
        ("CKA_TOKEN CK_BBOOL CK_TRUE", "CKA_LABEL UTF8 \"a\"", "6: 'CKA_LABEL' is given twice, also in line 5"),
        (
            "CK_BBOOL CK_FALSE\nCKA_NSS_MOZ", "CK_BBOOL CK_TRUE\nCKA_NSS_MOZ",
            "15: 'CKA_NSS_SERVER_DISTRUST_AFTER' is no time"
        ),
        (
            "CK_BBOOL CK_FALSE\nCKA_NSS_MOZ", "UTF8 \"never\"\nCKA_NSS_MOZ",
            "15: 'CKA_NSS_SERVER_DISTRUST_AFTER' is no time"
        ),
        ("CKA_SERIAL_NUMBER", "CKA_ID", "23: unknown attribute 'CKA_ID'"),
        ("CKA_SERIAL_NUMBER", "CKA_CERT_MD5_HASH", "19: trust without 'CKA_ISSUER' and 'CKA_SERIAL_NUMBER'"),
        (
            "CKA_SERIAL_NUMBER MULTILINE_OCTAL\n\\002", "CKA_SERIAL_NUMBER MULTILINE_OCTAL\n\\003",
            "23: 'CKA_SERIAL_NUMBER' is no DER number"
        ),
        (
            "CKO_NSS_TRUST\nCKA_ISSUER MULTILINE_OCTAL\n\\060", "CKO_NSS_TRUST\nCKA_ISSUER MULTILINE_OCTAL\n\\061",
            "20: 'CKA_ISSUER' is no DER name"
        ),
        (
            "CKA_CERT_SHA1_HASH MULTILINE_OCTAL\n", "CKA_CERT_SHA1_HASH MULTILINE_OCTAL\n\\000\n",
            "19: 'CKA_CERT_SHA1_HASH' is not the certificate's"
        ),
        ("CKA_CERT_SHA1_HASH", "CKA_CERT_MD5_HASH", "19: 'CKA_CERT_MD5_HASH' is not the certificate's"),
        (
            "CKA_TRUST_STEP_UP_APPROVED CK_BBOOL CK_FALSE", "CKA_TRUST_ALL CK_TRUST CKT_NSS_NOT_TRUSTED",
            "32: unknown attribute 'CKA_TRUST_ALL'"
        ),
        (anchor, "CKT_NSS_TRUSTED", "29: unknown trust 'CKT_NSS_TRUSTED'"),
        (
            "CKA_TRUST_SERVER_AUTH CK_TRUST " + anchor, "CKA_TRUST_SERVER_AUTH UTF8 \"a\"",
            "29: 'CKA_TRUST_SERVER_AUTH' is of an unexpected type"
        ),
        ("CKA_TRUST_CODE_SIGNING", "CKA_TRUST_CLIENT_AUTH", "19: trust without 'CKA_TRUST_CODE_SIGNING'"),
        (
            "CKA_TRUST_EMAIL_PROTECTION", "CKA_TRUST_SERVER_AUTH",
            "30: 'CKA_TRUST_SERVER_AUTH' is given twice, also in line 29"
        ),
    ]

    @Test(arguments: refused)
    func `a malformed list is a fault with its line`(part: String, replacement: String, answer: String) throws {
        let text = CertdataTests.text()
        let place = try #require(text.firstRange(of: part), "\(part)")
        #expect(SourceFixture.answer(text.replacingCharacters(in: place, with: replacement)) == answer)
    }

    @Test func `objects that do not meet`() throws {
        let text = CertdataTests.text()
        let start = try #require(text.firstRange(of: "CKA_CLASS CK_OBJECT_CLASS CKO_NSS"))
        let certificate = String(text[..<start.lowerBound])
        let trust = "BEGINDATA\n" + text[start.lowerBound...]
        #expect(
            SourceFixture.answer(certificate) == "4: nothing is said about the trust of the certificate")
        #expect(SourceFixture.answer(trust) == "2: a certificate is trusted that the file does not have")
        #expect(
            SourceFixture.answer(trust.replacing(CertdataTests.anchor, with: CertdataTests.unsaid))
                == "no certificate in the file")
        #expect(
            SourceFixture.answer(text + text[start.lowerBound...])
                == "33: the trust of a certificate is given twice, also in line 19")
        let body = try #require(certificate.firstRange(of: "CKA_CLASS"))
        #expect(
            SourceFixture.answer(text + certificate[body.lowerBound...])
                == "33: issuer and serial number are given to two certificates, also in line 4")
        let distrust = trust.replacing(CertdataTests.anchor, with: CertdataTests.distrusted)
        #expect(
            try SourceFixture.read(Array(distrust.utf8)).objects == [
                .distrust(DistrustObject(name: try SourceFixture.authority.name, publicKeyInfo: nil, line: 2))
            ])
    }

    @Test func `distrust of a use of the key rejects every purpose`() throws {
        let text = CertdataTests.text().replacing(
            "CKA_TRUST_STEP_UP_APPROVED CK_BBOOL CK_FALSE", with: "CKA_TRUST_CRL_SIGN CK_TRUST CKT_NSS_NOT_TRUSTED")
        let store = TrustStore.resolve([try SourceFixture.read(Array(text.utf8))], rules: .assay)
        #expect(store.entries.map(\.rejectedUsage) == [[.any]])
        #expect(store.entries(in: .tlsBundle).isEmpty)
    }
}
