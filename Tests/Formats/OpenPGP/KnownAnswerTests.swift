import AssayBytes
import AssayOpenPGP
import Testing

struct KnownAnswerTests {
    /// 2023-01-01, after every sample and vector was made.
    private let now: Int64 = 1_672_531_200

    @Test
    func `the version 4 sample of RFC 9580 has its fingerprint and verifies`() throws {
        let certificates = try OpenPGPCertificate.parse(Array(RFCSamples.version4Key.utf8))
        let key = try #require(certificates.first?.primaryKey)
        #expect(key.fingerprint.description == "c959bdbafa32a2f89a153b678cfde12197965a9a")
        #expect(key.keyID.description == "8cfde12197965a9a")
        #expect(key.algorithmName == "ed25519")
        let signature = Array(RFCSamples.version4Signature.utf8)
        let verdict = try verdict(signature, Array("OpenPGP".utf8), certificates, at: now)
        // The sample key has no user ID and so no self-signature.
        #expect(verdict.summary == "valid unbound-key")
        #expect(verdict.signature.creationTime == 1_442_406_293)
    }

    @Test
    func `the version 6 certificate of RFC 9580 is bound by its own signatures`() throws {
        let certificate = try #require(try OpenPGPCertificate.parse(Array(RFCSamples.version6Certificate.utf8)).first)
        #expect(
            certificate.fingerprint.description == "cb186c4f0609a697e4d52dfa6c722b0c1f1e27c18a56708f6525ec27bad9acc9")
        #expect(certificate.primaryKey.version == 6)
        let status = certificate.status(at: now)
        #expect(status.primaryKey.canSign)
        #expect(status.primaryKey.bindingHash == .sha512)
        #expect(status.subkeys.map(\.isBound) == [true])
        #expect(status.subkeys.map(\.canSign) == [false])
        #expect(
            certificate.subkeys.first?.key.fingerprint.description
                == "12c83f1e706f6308fe151a417743a1f033790e93e9978488d1db378da9930885")
        #expect(certificate.remarks.isEmpty)
    }

    @Test
    func `the clearsigned message of RFC 9580 verifies and gives its text`() throws {
        let certificates = try OpenPGPCertificate.parse(Array(RFCSamples.version6Certificate.utf8))
        let message = try CleartextMessage.parse(Array(RFCSamples.cleartext.utf8))
        #expect(
            String(decoding: message.text, as: UTF8.self)
                == "What we need from the grocery store:\n\n- tofu\n- vegetables\n- noodles\n\n")
        #expect(message.textOutside.isEmpty)
        let signature = try #require(message.signatures.first)
        let verdict = signature.verify(message.hashed(), certificates: certificates, at: now)
        #expect(verdict.isGood, "\(verdict.summary)")
        #expect(verdict.signingFingerprint == certificates.first?.fingerprint)
    }

    @Test
    func `the inline message of RFC 9580 is no detached signature`() {
        #expect(code { _ = try OpenPGPSignature.parse(Array(RFCSamples.inline.utf8)) } == .notDetached)
        #expect(code { _ = try OpenPGPSignature.parse(Array(RFCSamples.cleartext.utf8)) } == .notDetached)
    }

    @Test(arguments: [
        (
            "MICROSOFT-RPM-GPG-KEY", "2bc94fff7015a5f28f1537ad0cd9fed33135ce90", "rsa2048", Int64(1_584_388_724),
            "Mariner RPM Release Signing <marinerrpmprod@microsoft.com>", HashAlgorithm.sha256
        ),
        (
            "MICROSOFT-METADATA-GPG-KEY", "bc528686b50d79e339d3721ceb3e94adbe1229cf", "rsa2048", 1_446_074_508,
            "Microsoft (Release signing) <gpgsecurity@microsoft.com>", .sha1
        ),
    ])
    func `Azure Linux's keys are what their maker says`(
        file: String, fingerprint: String, algorithm: String, creationTime: Int64, userID: String,
        bindingHash: HashAlgorithm
    ) throws {
        let certificates = try OpenPGPCertificate.parse(try vector(file))
        let certificate = try #require(certificates.first)
        try #require(certificates.count == 1)
        #expect(certificate.fingerprint.description == fingerprint)
        #expect(certificate.primaryKey.algorithmName == algorithm)
        #expect(certificate.primaryKey.creationTime == creationTime)
        #expect(certificate.userIDs.map { EscapedText($0.bytes).description } == [userID])
        let status = certificate.status(at: now)
        #expect(status.primaryKey.isBound && status.primaryKey.canSign)
        #expect(status.primaryKey.bindingHash == bindingHash)
        #expect(status.primaryKey.expirationTime == nil)
        #expect(status.userIDs.count == 1)
        #expect(certificate.remarks.isEmpty)
    }

    @Test
    func `a SHA-1 self-signature binds, and its hash is told`() throws {
        let certificate = try #require(try OpenPGPCertificate.parse(try vector("RPM-GPG-KEY-fedora-33-primary")).first)
        let status = certificate.status(at: now)
        #expect(status.primaryKey.isBound)
        #expect(status.primaryKey.bindingHash == .sha1)
    }

    @Test
    func `a DSA key is named and nothing of it is taken for verified`() throws {
        let certificate = try #require(try OpenPGPCertificate.parse(try vector("RPM-GPG-KEY-CentOS-5")).first)
        #expect(certificate.primaryKey.algorithmName == "dsa1024")
        #expect(certificate.primaryKey.isWeak)
        #expect(!certificate.primaryKey.isSupported)
        #expect(!certificate.status(at: now).primaryKey.isBound)
        #expect(!certificate.remarks.isEmpty)
    }

    @Test(arguments: [
        ("rpm-testkey-v6-ed25519.asc", "ed25519", true), ("rpm-testkey-v6-rsa4k.asc", "rsa4096", true),
        ("rpm-testkey-v6-mldsa65-ed25519.asc", "mldsa65-ed25519", false),
        ("rpm-testkey-v4-ecdsa-nistp256.asc", "nistp256", true),
    ])
    func `the test keys of rpm-rs are read`(file: String, algorithm: String, isBound: Bool) throws {
        let certificate = try #require(try OpenPGPCertificate.parse(try vector(file)).first)
        #expect(certificate.primaryKey.algorithmName == algorithm)
        #expect(certificate.primaryKey.isSupported == isBound)
        #expect(certificate.status(at: 1_790_000_000).primaryKey.isBound == isBound)
    }

    @Test
    func `several armored certificates in one file are all read`() throws {
        let both = try vector("MICROSOFT-RPM-GPG-KEY") + [0x0A] + vector("MICROSOFT-METADATA-GPG-KEY")
        #expect(
            try OpenPGPCertificate.parse(both).map(\.fingerprint.keyID.description) == [
                "0cd9fed33135ce90", "eb3e94adbe1229cf",
            ])
    }

    @Test(arguments: [
        ("2BC9 4FFF 7015 A5F2 8F15 37AD 0CD9 FED3 3135 CE90", true),
        ("0x2bc94fff7015a5f28f1537ad0cd9fed33135ce90", true),
        ("2bc94fff7015a5f28f1537ad0cd9fed33135ce9", false), ("0cd9fed33135ce90", false), ("", false),
    ])
    func `a fingerprint is read from its text`(text: String, isOne: Bool) {
        #expect((Fingerprint(text)?.description == "2bc94fff7015a5f28f1537ad0cd9fed33135ce90") == isOne)
    }
}
