import AssayOpenPGP
import AssayTestSupport
import Testing

/// Signatures and certificates that are wrong in one way each.
struct CraftedTests {
    private let document = Array("the document\n".utf8)
    private let now: Int64 = 10_000
    private let key = TestKey.ed25519()

    private func summary(_ signature: [UInt8], _ keyring: [UInt8], at time: Int64? = nil) throws -> String {
        try verdict(signature, document, OpenPGPCertificate.parse(keyring), at: time ?? now).summary
    }

    @Test(arguments: [4, 6])
    func `a plain signature is good`(version: Int) throws {
        let key = TestKey.ed25519(version: version)
        #expect(try summary(try key.sign(document), try key.certificate()) == "valid")
    }

    @Test
    func `a version 3 signature verifies`() throws {
        let key = try TestKey.rsa()
        let packet = Build.packet(2, try key.version3(0, over: document, created: 2000))
        let verdict = try verdict(packet, document, OpenPGPCertificate.parse(key.certificate()), at: now)
        #expect(verdict.summary == "valid")
        #expect(verdict.signature.version == 3)
        #expect(verdict.signature.creationTime == 2000)
        let weak = Build.packet(2, try key.version3(0, over: document, created: 2000, hash: 2))
        #expect(try summary(weak, try key.certificate()) == "valid weak-hash")
    }

    @Test(.enabled(if: isAvailable("gpgv") && isAvailable("sqv")))
    func `gpgv takes the same version 3 signature, and sqv refuses it for its version`() throws {
        // GnuPG does not take a time near 1970.
        let scratch = ScratchDirectory()
        let key = try TestKey.rsa(created: 1_500_000_000)
        // GnuPG finds self-signatures by their key ID only.
        let binding =
            Build.created(1_500_000_000) + Build.flags(3) + Build.subpacket(16, Array(key.fingerprint.suffix(8)))
        try scratch.write("pub", try key.certificate(binding))
        try scratch.write("sig", Build.packet(2, try key.version3(0, over: document, created: 1_600_000_000)))
        try scratch.write("doc", document)
        let gpgv = shell(#"gpgv --keyring "$PWD/pub" sig doc"#, in: scratch.path)
        #expect(gpgv.status == 0, Comment(rawValue: gpgv.errorText))
        #expect(shell("sqv --keyring pub sig doc", in: scratch.path).status == 1)
    }

    @Test
    func `a signing subkey must sign its primary key in turn`() throws {
        let subkey = TestKey.ed25519()
        let signature = try subkey.sign(document)
        let start = try key.certificate()
        #expect(try summary(signature, start + key.subkey(subkey, back: subkey)) == "valid")
        #expect(try summary(signature, start + key.subkey(subkey, back: nil)) == "valid not-a-signing-key")
        #expect(try summary(signature, start + key.subkey(subkey, back: key)) == "valid not-a-signing-key")
        #expect(try summary(signature, start + key.subkey(subkey, back: subkey, flags: 4)) == "valid not-a-signing-key")
    }

    @Test
    func `a subkey without a binding, or with another's, is not bound`() throws {
        let subkey = TestKey.ed25519()
        let other = TestKey.ed25519()
        let signature = try subkey.sign(document)
        #expect(try summary(signature, try key.certificate() + subkey.packet(14)) == "valid unbound-key")
        #expect(
            try summary(signature, try key.certificate() + other.subkey(subkey, back: subkey)) == "valid unbound-key")
    }

    @Test
    func `a key whose self-signature is another's is not bound`() throws {
        let other = TestKey.ed25519()
        let forged = Build.packet(
            2, try other.signature(0x13, over: key.certified("test"), hashed: Build.created(1000) + Build.flags(3)))
        let keyring = key.packet() + Build.packet(13, Array("test".utf8)) + forged
        #expect(try summary(try key.sign(document), keyring) == "valid unbound-key")
    }

    @Test
    func `what nothing signs is not believed`() throws {
        let keyring = try key.certificate()
        let created = Build.created(2000)
        // An expiration and a critical part in the unhashed area change nothing.
        let unhashed =
            Build.issuer(key) + Build.subpacket(3, Build.number(1, 4)) + Build.subpacket(99, [1], isCritical: true)
        #expect(try summary(try key.sign(document, hashed: created, unhashed: unhashed), keyring) == "valid")
        let undated = try key.sign(document, hashed: Build.issuer(key), unhashed: created)
        #expect(code { _ = try OpenPGPSignature.parse(undated) } == .malformedSignature)
        let lifetime = try key.signature(
            0x13, over: key.certified("test"), hashed: Build.created(1000) + Build.flags(3),
            unhashed: Build.keyLifetime(100))
        let certificate = key.packet() + Build.packet(13, Array("test".utf8)) + Build.packet(2, lifetime)
        #expect(try summary(try key.sign(document), certificate) == "valid")
    }

    @Test
    func `a critical part that is not understood is named`() throws {
        let keyring = try key.certificate()
        for part in [
            Build.subpacket(99, [1], isCritical: true),
            Build.subpacket(20, [0, 0, 0, 0, 0, 1, 0, 0, 0x78], isCritical: true),
        ] {
            let signature = try key.sign(document, hashed: Build.created(2000) + Build.issuer(key) + part)
            #expect(try summary(signature, keyring) == "valid critical-subpacket")
        }
        let binding = Build.created(1000) + Build.flags(3) + Build.subpacket(99, [1], isCritical: true)
        #expect(try summary(try key.sign(document), try key.certificate(binding)) == "valid unbound-key")
    }

    @Test
    func `the issuer only finds candidates`() throws {
        let other = TestKey.ed25519()
        let keyring = try key.certificate() + other.certificate()
        let created = Build.created(2000)
        let good = try verdict(
            try key.sign(document, hashed: created), document, OpenPGPCertificate.parse(keyring), at: now)
        #expect(good.summary == "valid")
        #expect(good.signingFingerprint?.bytes == key.fingerprint)
        let misled = try key.sign(document, hashed: created, unhashed: Build.issuer(other))
        #expect(try summary(misled, keyring) == "invalid bad-signature")
        #expect(try summary(misled, try key.certificate()) == "not-checked unknown-key")
        let liar = try key.sign(document, hashed: created + Build.issuer(other), unhashed: Build.issuer(key))
        #expect(try summary(liar, keyring) == "valid issuer-mismatch")
    }

    @Test
    func `a signature of another type is none over a document`() throws {
        let signature = try key.sign(document, type: 0x13)
        #expect(try summary(signature, try key.certificate()) == "not-checked wrong-signature-type")
    }

    @Test
    func `weak and unknown algorithms are named`() throws {
        let keyring = try key.certificate()
        #expect(try summary(try key.sign(document, hash: 2), keyring) == "valid weak-hash")
        #expect(try summary(try key.sign(document, hash: 1), keyring) == "not-checked weak-hash unsupported-hash")
        #expect(try summary(try key.sign(document, hash: 3), keyring) == "not-checked weak-hash unsupported-hash")
        #expect(try summary(try key.sign(document, hash: 77), keyring) == "not-checked unsupported-hash")
        var dsa = try key.signature(0, over: document, hashed: Build.created(2000) + Build.issuer(key))
        dsa[2] = 17
        #expect(try summary(Build.packet(2, dsa), keyring) == "not-checked unsupported-algorithm")
    }

    @Test
    func `versions are not mixed`() throws {
        let six = TestKey.ed25519(version: 6)
        #expect(
            try summary(try six.sign(document, hash: 8, version: 4), try six.certificate()) == "invalid bad-signature")
        var five = try key.signature(0, over: document, hashed: Build.created(2000))
        five[0] = 5
        #expect(code { _ = try OpenPGPSignature.parse(Build.packet(2, five)) } == .unsupportedVersion)
    }

    @Test
    func `the first bytes of the digest must be right`() throws {
        var signature = try key.sign(document, hashed: Build.created(2000))
        // The packet header, four octets, the hashed area with its length, the empty one's length.
        let place = 6 + 4 + (2 + 6) + 2
        signature[place] ^= 1
        #expect(try summary(signature, try key.certificate()) == "invalid bad-signature")
    }

    @Test
    func `keys of other versions are refused by name and take nothing with them`() throws {
        var three = key.body
        three[0] = 3
        var five = key.body
        five[0] = 5
        let file = Build.packet(6, three) + Build.packet(13, [0x78]) + Build.packet(6, five) + (try key.certificate())
        let keyring = try OpenPGPKeyring(file)
        #expect(keyring.refused.map(\.code) == [.unsupportedVersion, .unsupportedVersion])
        #expect(keyring.certificates.map(\.fingerprint.bytes) == [key.fingerprint])
        #expect(code { _ = try OpenPGPCertificate.parse(file) } == .unsupportedVersion)
    }

    @Test
    func `secret keys, messages and nothing are no certificates`() throws {
        #expect(code { _ = try OpenPGPCertificate.parse(Build.packet(5, key.body)) } == .secretKey)
        #expect(code { _ = try OpenPGPCertificate.parse(Build.packet(11, [0])) } == .unexpectedPacket)
        #expect(code { _ = try OpenPGPCertificate.parse(Build.packet(2, [4])) } == .unexpectedPacket)
        #expect(code { _ = try OpenPGPCertificate.parse(Build.packet(10, [0x50, 0x47, 0x50])) } == .noCertificate)
        #expect(code { _ = try OpenPGPCertificate.parse([]) } == .empty)
        #expect(code { _ = try OpenPGPSignature.parse(Array(" \n".utf8)) } == .empty)
    }

    @Test
    func `times are judged at the time that is asked about`() throws {
        let keyring = try key.certificate()
        #expect(try summary(try key.sign(document), keyring, at: 1999) == "valid created-in-the-future")
        #expect(
            try summary(try key.sign(document, hashed: Build.created(900) + Build.issuer(key)), keyring)
                == "valid created-before-key")
        let short = Build.created(2000) + Build.subpacket(3, Build.number(50, 4)) + Build.issuer(key)
        #expect(try summary(try key.sign(document, hashed: short), keyring, at: 2049) == "valid")
        #expect(try summary(try key.sign(document, hashed: short), keyring, at: 2050) == "valid expired-signature")
        let twice = Build.created(2000) + Build.created(2001)
        #expect(code { _ = try OpenPGPSignature.parse(try key.sign(document, hashed: twice)) } == .malformedSignature)
    }

    @Test
    func `the newest self-signature decides when a key expires`() throws {
        func binding(_ created: Int, _ lifetime: Int) throws -> [UInt8] {
            Build.packet(
                2,
                try key.signature(
                    0x13, over: key.certified("test"),
                    hashed: Build.created(created) + Build.flags(3) + Build.keyLifetime(lifetime)))
        }
        let start = key.packet() + Build.packet(13, Array("test".utf8))
        let signature = try key.sign(document)
        #expect(try summary(signature, start + binding(1000, 500)) == "valid signed-after-key-expiry")
        #expect(try summary(signature, start + binding(1000, 2000)) == "valid expired-key")
        #expect(try summary(signature, start + binding(1000, 500) + binding(1001, 50_000)) == "valid")
        #expect(
            try summary(signature, start + binding(1001, 500) + binding(1000, 50_000))
                == "valid signed-after-key-expiry")
        // A newer signature over the key that says nothing of its life does not prolong it.
        let direct = Build.packet(2, try key.signature(0x1F, over: key.hashedForm, hashed: Build.created(1500)))
        #expect(
            try summary(signature, key.packet() + direct + start.dropFirst(key.packet().count) + binding(1000, 500))
                == "valid signed-after-key-expiry")
    }

    @Test
    func `a revocation counts wherever it stands, and one that cannot be decided is told`() throws {
        let subkey = TestKey.ed25519()
        func revocation(
            _ reason: UInt8, hash: UInt8 = 8, created: Int = 3000, by other: TestKey? = nil
        ) throws -> [UInt8] {
            Build.packet(
                2,
                try (other ?? key).signature(
                    0x20, over: key.hashedForm, hash: hash,
                    hashed: Build.created(created) + Build.subpacket(29, [reason]) + Build.issuer(other ?? key)))
        }
        let keyring = try key.certificate() + key.subkey(subkey, back: subkey)
        let signature = try key.sign(document)
        #expect(try summary(signature, keyring + revocation(2)) == "valid revoked-key")
        #expect(try summary(signature, keyring + revocation(0)) == "valid revoked-key")
        #expect(try summary(signature, keyring + revocation(77)) == "valid revoked-key")
        #expect(try summary(signature, keyring + revocation(2, created: 20_000)) == "valid revoked-key")
        #expect(try summary(signature, keyring + revocation(1)) == "valid key-revoked-later")
        #expect(try summary(signature, keyring + revocation(3, created: 1500)) == "valid revoked-key")
        #expect(try summary(signature, keyring + revocation(3, created: 20_000)) == "valid")
        #expect(try summary(signature, keyring + revocation(2, hash: 11)) == "valid undecided-revocation")
        #expect(try summary(try subkey.sign(document), keyring + revocation(2)) == "valid revoked-key")
        // Another key may revoke only where the certificate says so.
        let revoker = TestKey.ed25519()
        #expect(try summary(signature, keyring + revocation(2, by: revoker)) == "valid")
        let named = Build.packet(
            2,
            try key.signature(
                0x1F, over: key.hashedForm,
                hashed: Build.created(1000) + Build.subpacket(12, [0x80, 22] + revoker.fingerprint)))
        #expect(
            try summary(signature, keyring + named + revocation(2, by: revoker)) == "valid undecided-revocation")
    }

    @Test
    func `copies of one certificate are one, and a revocation in any of them counts`() throws {
        let revocation = Build.packet(2, try key.signature(0x20, over: key.hashedForm, hashed: Build.created(3000)))
        let plain = try key.certificate()
        let signature = try key.sign(document)
        for file in [plain + plain + revocation, plain + revocation + plain] {
            #expect(try OpenPGPCertificate.parse(file).count == 1)
            #expect(try summary(signature, file) == "valid revoked-key")
        }
        let apart = try OpenPGPCertificate.parse(plain) + OpenPGPCertificate.parse(plain + revocation)
        #expect(try verdict(signature, document, apart, at: now).summary == "valid revoked-key")
        #expect(OpenPGPCertificate.merged(apart)?.userIDs.count == 1)
        #expect(OpenPGPCertificate.merged([]) == nil)
    }

    @Test
    func `a subkey that another certificate claims is judged by its own`() throws {
        let subkey = TestKey.ed25519()
        let thief = TestKey.ed25519()
        let stolen = try thief.certificate() + thief.subkey(subkey, back: nil)
        let home = try key.certificate() + key.subkey(subkey, back: subkey)
        let signature = try subkey.sign(document)
        for file in [stolen + home, home + stolen] {
            let verdict = try verdict(signature, document, OpenPGPCertificate.parse(file), at: now)
            #expect(verdict.summary == "valid")
            #expect(verdict.certificateFingerprint?.bytes == key.fingerprint)
        }
    }

    @Test
    func `a certificate with more self-signatures than are verified is refused`() throws {
        var bad = try key.signature(0x13, over: document, hashed: Build.created(1000))
        bad[4 + 2 + 6 + 2] ^= 1
        var file = try key.certificate()
        for _ in 0..<1024 { file += Build.packet(2, bad) }
        #expect(code { _ = try OpenPGPCertificate.parse(file) } == .tooMany)
    }

    @Test
    func `a document that was hashed for other signatures is not judged`() throws {
        let signatures = try OpenPGPSignature.parse(try key.sign(document))
        let others = try OpenPGPSignature.parse(try key.sign(document, hash: 10))
        let verdict = try #require(signatures.first).verify(
            SignatureHasher.hash(document, for: others),
            certificates: try OpenPGPCertificate.parse(try key.certificate()), at: now)
        #expect(verdict.summary == "not-checked not-hashed")
    }

    @Test
    func `pieces of any size and of any kind hash the same`() throws {
        let text = Array("a\r\nb\nc\r\rd\n\n\r\ne".utf8)
        for type: UInt8 in [0, 1] {
            let signatures = try OpenPGPSignature.parse(
                try key.sign(type == 1 ? Array("a\r\nb\r\nc\r\rd\r\n\r\n\r\ne".utf8) : text, type: type))
            let certificates = try OpenPGPCertificate.parse(try key.certificate())
            for size in 1...text.count {
                var hasher = SignatureHasher(for: signatures)
                var spans = SignatureHasher(for: signatures)
                for start in stride(from: 0, to: text.count, by: size) {
                    let piece = Array(text[start..<min(start + size, text.count)])
                    hasher.update(piece)
                    spans.update(piece.span)
                }
                for document in [hasher.finish(), spans.finish()] {
                    #expect(signatures.first?.verify(document, certificates: certificates, at: now).isGood == true)
                }
            }
        }
    }
}
