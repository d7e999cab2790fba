import AssayRootHashSignature
import AssayTestSupport
import Testing

@Suite(.enabled(if: isAvailable("openssl")))
struct VerificationTests {
    private let fixture = OpenSSLFixture.shared

    @Test
    func `a signature by another certificate is refused by name`() throws {
        let verdict = try fixture.verdict(fixture.sign("p256"), "other")
        #expect(verdict.codes == [.otherCertificate])
        guard case .refused(let faults) = verdict else { return }
        #expect(faults[0].description.contains("CN=p256"))
        #expect(faults[0].description.contains("CN=other"))
        #expect(faults[0].hint == nil)
    }

    @Test
    func `a certificate that was issued anew for the same key is recognised`() throws {
        let verdict = try fixture.verdict(fixture.sign("p256"), "renewed")
        guard case .refused(let faults) = verdict else {
            Issue.record("accepted")
            return
        }
        #expect(faults.map(\.code) == [.otherCertificate])
        #expect(faults[0].hint?.contains("issued anew") == true)
    }

    @Test
    func `the signer is found in a bundle`() throws {
        let bundle = try fixture.run("cat rsa1024.pem other.pem ed25519.pem p256.pem rsa2048.pem").output
        let certificates = try SignerCertificate.certificates(in: bundle)
        #expect(certificates.count == 5)
        for name in ["p256", "rsa2048"] {
            for program in ["smime", "cms"] {
                let options = "-nocerts -noattr -outform der" + (program == "cms" ? " -keyid" : "")
                let signature = try RootHashSignature(der: try fixture.sign(name, program, options: options))
                let verdict = signature.verify(
                    rootHash: try fixture.rootHash(), certificates: certificates,
                    validity: .required(at: try fixture.time(name)))
                #expect(verdict.verified?.certificate == (try fixture.certificate(name)))
            }
        }
    }

    @Test(arguments: ["p256", "rsa2048"])
    func `what was signed by mistake is named`(key: String) throws {
        let text = OpenSSLFixture.rootHashText
        let mistakes: [([UInt8], RootHashSignatureFault.Code)] = [
            (Array("\(text)\n".utf8), .newlineSigned),
            (Array("\(text)\r\n".utf8), .newlineSigned),
            (try fixture.rootHash().bytes, .rawDigestSigned),
            (Array(text.uppercased().utf8), .upperCaseSigned),
            (Array("\(text.uppercased())\n".utf8), .upperCaseSigned),
            (try fixture.run("openssl dgst -sha256 -binary hash").output, .hashedTwice),
            (Array(text.utf8.reversed()), .wrongSignature),
            (Array(text.utf8.dropLast()), .wrongSignature),
            ([], .wrongSignature),
        ]
        for (index, (signed, expected)) in mistakes.enumerated() {
            let input = "mistake-\(key)-\(index)"
            try fixture.scratch.write(input, signed)
            #expect(try fixture.verdict(fixture.sign(key, input: input), key).codes == [expected], "\(signed)")
        }
    }

    @Test
    func `a signature with another digest or padding than it says is named`() throws {
        let certificate = try fixture.certificate("rsa2048")
        let rootHash = try fixture.rootHash()
        let time = try fixture.time("rsa2048")
        try fixture.run("openssl dgst -sha512 -sign rsa2048.key -out sha512.raw hash")
        try fixture.run(
            "openssl dgst -sha256 -sign rsa2048.key -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -out pss.raw hash"
        )
        for (file, expected) in [
            ("sha512.raw", RootHashSignatureFault.Code.otherDigestSigned), ("pss.raw", .otherPaddingSigned),
        ] {
            let raw = try fixture.bytes(file)
            #expect(
                code {
                    _ = try RootHashSignature.attach(
                        raw, to: rootHash, certificates: [certificate], validity: .required(at: time))
                } == expected)
        }
    }

    @Test
    func `a certificate outside its validity is refused where validity is required and noted where not`() throws {
        let signature = try RootHashSignature(der: fixture.sign("p256"))
        let certificate = try fixture.certificate("p256")
        let (start, end) = (try #require(certificate.notBefore), try #require(certificate.notAfter))
        #expect(end - start == 30 * 86400)
        let table: [(Int64, RootHashSignatureFault.Code?)] = [
            (start, nil), (end, nil), (start - 1, .certificateNotYetValid), (end + 1, .certificateExpired),
            (.min, .certificateNotYetValid), (.max, .certificateExpired),
        ]
        for (time, expected) in table {
            let strict = signature.verify(
                rootHash: try fixture.rootHash(), certificates: [certificate], validity: .required(at: time))
            #expect(strict.codes == (expected.map { [$0] } ?? []))
            let lenient = signature.verify(
                rootHash: try fixture.rootHash(), certificates: [certificate], validity: .noted(at: time))
            let notes = try #require(lenient.verified).notes
            guard let expected else {
                #expect(notes.isEmpty)
                continue
            }
            guard case .outsideValidity(let fault) = notes.first else {
                Issue.record("no note")
                continue
            }
            #expect(fault.code == expected)
            #expect(fault.description.contains("Z"))
        }
    }

    @Test
    func `a wrong signature stands before an expired certificate`() throws {
        let certificate = try fixture.certificate("p256")
        let verdict = try RootHashSignature(der: fixture.sign("p256", input: "p256.pem")).verify(
            rootHash: fixture.rootHash(), certificates: [certificate], validity: .required(at: .max))
        #expect(verdict.codes == [.wrongSignature, .certificateExpired])
    }

    @Test(arguments: ["smime", "cms"])
    func `an embedded certificate is accepted with a note`(program: String) throws {
        let der = try fixture.sign("p256", program, options: "-noattr -outform der -md sha256 -certfile rsa2048.pem")
        let verified = try #require(try fixture.verdict(der, "p256").verified)
        #expect(verified.notes == [.embeddedCertificates(2)])
        // It is no reason to trust the signature.
        #expect(try fixture.verdict(der, "other").codes == [.otherCertificate])
    }

    @Test
    func `a key usage without digital signatures is noted`() throws {
        let verified = try #require(
            try fixture.verdict(fixture.sign("usage", "cms", options: "-nocerts -noattr -outform der"), "usage")
                .verified)
        #expect(verified.notes == [.noDigitalSignatureUsage])
    }

    @Test
    func `a weak RSA key is refused`() throws {
        #expect(
            try RootHashSignature(der: fixture.sign("rsa1024")).verify(
                rootHash: fixture.rootHash(), certificates: [fixture.certificate("rsa1024")], validity: .noted(at: 0)
            ).codes == [.weakKey])
    }

    @Test
    func `no certificate gives no verdict of success`() throws {
        let signature = try RootHashSignature(der: fixture.sign("p256"))
        #expect(
            signature.verify(rootHash: try fixture.rootHash(), certificates: [], validity: .noted(at: 0)).codes
                == [.noCertificate])
    }

    @Test
    func `more certificates than are looked at give no verdict of success`() throws {
        let signature = try RootHashSignature(der: fixture.sign("p256"))
        let certificate = try fixture.certificate("p256")
        let many = [SignerCertificate](repeating: certificate, count: SignerCertificate.maximumCount + 1)
        #expect(
            signature.verify(rootHash: try fixture.rootHash(), certificates: many, validity: .noted(at: 0)).codes
                == [.tooManyCertificates])
    }

    @Test(arguments: [
        ("cat p256.key", RootHashSignatureFault.Code.certificateMalformed),
        ("true", .certificateMalformed),
        ("echo hello", .certificateMalformed),
        ("sed 3d p256.pem", .certificateMalformed),
        ("head -c 200 p256.pem", .certificateMalformed),
        ("for i in $(seq 65); do cat p256.pem; done", .tooManyCertificates),
        ("for i in $(seq 1000); do cat p256.pem; done", .certificateMalformed),
        ("openssl x509 -in p256.pem -outform der | head -c 100", .certificateMalformed),
    ])
    func `a file that is no certificate is refused by name`(
        command: String, expected: RootHashSignatureFault.Code
    ) throws {
        let bytes = try fixture.run(command).output
        #expect(code { _ = try SignerCertificate.certificates(in: bytes) } == expected)
    }

    @Test(arguments: ["openssl x509 -in p256.pem -outform der", "openssl x509 -in p256.pem -text"])
    func `a certificate is read from DER and from behind text`(command: String) throws {
        let bytes = try fixture.run(command).output
        #expect(try SignerCertificate.certificates(in: bytes) == [fixture.certificate("p256")])
    }

    @Test(arguments: [
        ("secp256k1", RootHashSignatureFault.Code.unsupportedKey), ("ed25519", .unsupportedKey),
        ("pss", .unsupportedCertificate), ("rsa1024", .weakKey),
    ])
    func `a key that is not accepted is named, and the certificate is still read`(
        name: String, expected: RootHashSignatureFault.Code
    ) throws {
        let certificate = try fixture.certificate(name)
        #expect(certificate.keyFault?.code == expected)
        #expect(certificate.identifier.description.contains("CN=\(name)"))
    }
}
