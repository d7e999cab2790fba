import AssayRootHashSignature
import AssayTestSupport
import Foundation
import Testing

@Suite(.enabled(if: isAvailable("openssl")))
struct SigningTests {
    private let fixture = OpenSSLFixture.shared

    private func sign(_ key: String, _ digest: SignatureDigest = .sha256) throws -> VerifiedRootHashSignature {
        try RootHashSignature.sign(
            rootHash: fixture.rootHash(), privateKeyPEM: fixture.bytes(key + ".key"),
            certificate: fixture.certificate(key), digest: digest, validity: .required(at: fixture.time(key)))
    }

    @Test(arguments: ["rsa2048", "rsa4096"], SignatureDigest.allCases)
    func `an RSA signature is the same to the byte as OpenSSL's`(key: String, digest: SignatureDigest) throws {
        let theirs = try fixture.sign(key, options: "-nocerts -noattr -outform der -md \(digest.rawValue)")
        #expect(try sign(key, digest).signature.der == theirs)
    }

    @Test(arguments: OpenSSLFixture.goodKeys, ["smime", "cms"])
    func `OpenSSL accepts our signature`(key: String, program: String) throws {
        let name = UUID().uuidString
        try fixture.scratch.write(name, try sign(key).signature.der)
        let verify = "openssl \(program) -verify -binary -inform der -in \(name) -noverify -nointern -certfile"
        let result = try fixture.run("\(verify) \(key).pem -content hash")
        #expect(result.text == OpenSSLFixture.rootHashText)
        #expect(shell("\(verify) other.pem -content hash", in: fixture.scratch.path).status != 0)
        #expect(shell("\(verify) \(key).pem -content \(key).pem", in: fixture.scratch.path).status != 0)
    }

    @Test(arguments: OpenSSLFixture.goodKeys, ["smime", "cms", "cms -keyid"])
    func `we accept OpenSSL's signature`(key: String, program: String) throws {
        let words = program.split(separator: " ")
        let options = "-nocerts -noattr -outform der -md sha384 " + words.dropFirst().joined()
        let der = try fixture.sign(key, String(words[0]), options: options)
        let verified = try #require(try fixture.verdict(der, key).verified)
        #expect(verified.signature.digest == .sha384)
        #expect(verified.signature.algorithm == (key.hasPrefix("rsa") ? .rsa : .ecdsa))
        #expect(verified.notes.isEmpty)
        #expect(verified.rootHash == (try fixture.rootHash()))
    }

    @Test(arguments: ["rsa2048", "p256", "p384", "p521"])
    func `a raw signature is attached as PKCS#7`(key: String) throws {
        try fixture.run("openssl dgst -sha256 -sign \(key).key -out \(key).raw hash")
        let raw = try fixture.bytes(key + ".raw")
        let certificates = try ["other", key].map { try fixture.certificate($0) }
        let validity = CertificateValidity.required(at: try fixture.time(key))
        let attached = try RootHashSignature.attach(
            raw, to: fixture.rootHash(), certificates: certificates, validity: validity)
        #expect(attached.certificate == certificates[1])
        #expect(try fixture.verdict(attached.signature.der, key).verified != nil)
        // The whole PKCS#7 is taken too, and gives the same bytes back.
        let again = try RootHashSignature.attach(
            attached.signature.der, to: fixture.rootHash(), certificates: certificates, validity: validity)
        #expect(again.signature.der == attached.signature.der)
        #expect(
            code {
                _ = try RootHashSignature.attach(
                    raw.dropLast() + [(raw.last ?? 0) ^ 1], to: fixture.rootHash(),
                    certificates: [fixture.certificate(key)], validity: validity)
            } == .wrongSignature)
        #expect(
            code {
                _ = try RootHashSignature.attach(
                    raw, to: RootHash(bytes: [UInt8](repeating: 1, count: 32)),
                    certificates: [fixture.certificate(key)], validity: validity)
            } == .wrongSignature)
        #expect(
            code {
                _ = try RootHashSignature.attach(
                    Array(raw.dropLast(9)), to: fixture.rootHash(), certificates: [fixture.certificate(key)],
                    validity: validity)
            } == .rawSignatureLength)
    }

    @Test(arguments: [("p256", 32), ("p384", 48), ("p521", 66)])
    func `an ECDSA signature as PKCS#11 returns it is attached`(key: String, size: Int) throws {
        // Both numbers are read from what OpenSSL prints and padded to the size of the field.
        let der = try fixture.sign(key)
        try fixture.scratch.write(key + ".dsa", try RootHashSignature(der: der).signature)
        let text = try fixture.run("openssl asn1parse -inform der -in \(key).dsa").text
        let numbers = text.split(separator: "\n").filter { $0.contains("INTEGER") }
            .compactMap { $0.split(separator: ":").last.map(String.init) }
        #expect(numbers.count == 2)
        let padded = numbers.map { String(repeating: "0", count: size * 2 - $0.count) + $0 }.joined()
        let raw = stride(from: 0, to: padded.count, by: 2).compactMap { index in
            UInt8(padded.dropFirst(index).prefix(2), radix: 16)
        }
        let attached = try RootHashSignature.attach(
            raw, to: fixture.rootHash(), certificates: [fixture.certificate(key)],
            validity: .required(at: fixture.time(key)))
        #expect(attached.signature.der == der)
    }

    @Test
    func `of several candidates the fault of the nearest is given`() throws {
        let raw = try RootHashSignature(der: fixture.sign("p256")).signature
        let certificates = try ["rsa2048", "ed25519", "other", "p256"].map { try fixture.certificate($0) }
        let rootHash = try fixture.rootHash()
        let late = try #require(certificates[3].notAfter) + 1
        #expect(
            code {
                _ = try RootHashSignature.attach(
                    raw, to: rootHash, certificates: certificates, validity: .required(at: late))
            } == .certificateExpired)
        #expect(
            code {
                _ = try RootHashSignature.attach(
                    raw, to: rootHash, certificates: Array(certificates.prefix(3)), validity: .noted(at: late))
            } == .wrongSignature)
        #expect(
            code {
                _ = try RootHashSignature.attach(
                    raw, to: rootHash, certificates: Array(certificates.prefix(1)), validity: .noted(at: late))
            } == .rawSignatureLength)
    }

    @Test
    func `an RSA signature that starts like a SEQUENCE is not taken for PKCS#7`() throws {
        // Valid DER of a SEQUENCE that fills the modulus and starts with an object identifier: rare, but a valid signature.
        let bytes: [UInt8] = [0x30, 0x81, 0xFD, 0x06, 0x09] + [UInt8](repeating: 1, count: 251)
        let (rootHash, certificate) = try (fixture.rootHash(), fixture.certificate("rsa2048"))
        #expect(
            code {
                _ = try RootHashSignature.attach(
                    bytes, to: rootHash, certificates: [certificate], validity: .noted(at: 0))
            } == .wrongSignature)
    }

    @Test
    func `PKCS#7 in BER that an external signer returned is named`() throws {
        #expect(
            try attach(fixture.sign("p256", "cms", options: "-nocerts -noattr -outform der -stream"))
                == .indefiniteLength)
    }

    @Test(arguments: ["-nocerts -noattr -outform pem", "-nocerts -noattr -outform smime"])
    func `text that an external signer returned is named`(options: String) throws {
        let bytes = try fixture.sign("p256", options: options)
        let expected: RootHashSignatureFault.Code = options.hasSuffix("pem") ? .pem : .mime
        #expect(try attach(bytes) == expected)
    }

    @Test
    func `base64 that a key service returned is named`() throws {
        let text = Data(try fixture.sign("p256")).base64EncodedString()
        #expect(try attach(Array(text.utf8)) == .base64)
    }

    private func attach(_ bytes: [UInt8]) throws -> RootHashSignatureFault.Code? {
        let (rootHash, certificate, time) = try (
            fixture.rootHash(), fixture.certificate("p256"), fixture.time("p256")
        )
        return code {
            _ = try RootHashSignature.attach(
                bytes, to: rootHash, certificates: [certificate], validity: .required(at: time))
        }
    }

    @Test(arguments: [
        ("openssl pkcs8 -topk8 -in p256.key -passout pass:x", RootHashSignatureFault.Code.privateKeyEncrypted),
        ("openssl rsa -in rsa2048.key -aes128 -passout pass:x -traditional", .privateKeyEncrypted),
        ("cat other.key", .privateKeyMismatch),
        ("cat rsa2048.key", .privateKeyMismatch),
        ("cat ed25519.key", .privateKeyMalformed),
        ("cat rsa1024.key", .privateKeyMalformed),
        ("cat p256.pem", .privateKeyMalformed),
        ("openssl pkey -in p256.key -pubout", .privateKeyMalformed),
        ("cat p256.key other.key", .privateKeyMalformed),
        ("openssl pkey -in p256.key -outform der", .privateKeyMalformed),
        ("sed 2d p256.key", .privateKeyMalformed),
        ("true", .privateKeyMalformed),
    ])
    func `a key that cannot sign is refused by name`(
        command: String, expected: RootHashSignatureFault.Code
    ) throws {
        let key = try fixture.run(command).output
        let certificate = try fixture.certificate("p256")
        let rootHash = try fixture.rootHash()
        #expect(
            code {
                _ = try RootHashSignature.sign(
                    rootHash: rootHash, privateKeyPEM: key, certificate: certificate, validity: .noted(at: 0))
            } == expected)
    }

    @Test(arguments: [
        ("p256", "openssl ec -in p256.key"),
        ("p256", "openssl ecparam -name prime256v1; openssl ec -in p256.key"),
        ("p384", "openssl ec -in p384.key"),
        ("rsa2048", "openssl rsa -in rsa2048.key -traditional"),
        ("p256", "cat p256.pem p256.key"),
    ])
    func `the older forms of private keys sign too`(name: String, command: String) throws {
        let key = try fixture.run(command).output
        let signed = try RootHashSignature.sign(
            rootHash: fixture.rootHash(), privateKeyPEM: key, certificate: fixture.certificate(name),
            validity: .required(at: fixture.time(name)))
        #expect(try fixture.verdict(signed.signature.der, name).verified != nil)
    }

    @Test(arguments: [("rsa1024", RootHashSignatureFault.Code.weakKey), ("ed25519", .unsupportedKey)])
    func `a certificate with an unacceptable key does not sign`(
        name: String, expected: RootHashSignatureFault.Code
    ) throws {
        let certificate = try fixture.certificate(name)
        #expect(certificate.keyFault?.code == expected)
        let (rootHash, key) = try (fixture.rootHash(), fixture.bytes(name + ".key"))
        #expect(
            code {
                _ = try RootHashSignature.sign(
                    rootHash: rootHash, privateKeyPEM: key, certificate: certificate, validity: .noted(at: 0))
            } == expected)
    }

    @Test
    func `an expired certificate signs only where that is allowed`() throws {
        let (rootHash, key) = try (fixture.rootHash(), fixture.bytes("p256.key"))
        let certificate = try fixture.certificate("p256")
        let late = try #require(certificate.notAfter) + 1
        #expect(
            code {
                _ = try RootHashSignature.sign(
                    rootHash: rootHash, privateKeyPEM: key, certificate: certificate, validity: .required(at: late))
            } == .certificateExpired)
        let signed = try RootHashSignature.sign(
            rootHash: rootHash, privateKeyPEM: key, certificate: certificate, validity: .noted(at: late))
        #expect(signed.notes.count == 1)
    }
}
