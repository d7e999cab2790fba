import AssayOpenPGP
import AssayTestSupport
import Testing

/// One signature over one document, what this library says of it, and whether the two reference tools accept it.
private struct Case: Sendable, CustomTestStringConvertible {
    let signature: String
    let keyring: String
    let document: String
    /// The outcome and the faults.
    let summary: String
    /// Whether `gpgv` and `sqv` end with status 0; they judge at the time of the test, which is after the fixtures'.
    let gpgv: Bool
    let sqv: Bool

    init(_ signature: String, _ keyring: String, _ summary: String, gpgv: Bool, sqv: Bool, document: String = "doc") {
        self.signature = signature
        self.keyring = keyring
        self.document = document
        self.summary = summary
        self.gpgv = gpgv
        self.sqv = sqv
    }

    var testDescription: String { "\(signature) by \(keyring) over \(document)" }
}

@Suite(.enabled(if: isAvailable("gpg") && isAvailable("gpgv") && isAvailable("sqv")))
struct DifferentialTests {
    private let fixture = GPGFixture.shared

    private static let cases: [Case] = [
        Case("ed25519.sig", "ed25519.pub", "valid", gpgv: true, sqv: true),
        Case("rsa2048.sig", "rsa2048.pub", "valid", gpgv: true, sqv: true),
        Case("rsa4096.sig", "rsa4096.pub", "valid", gpgv: true, sqv: true),
        Case("nistp256.sig", "nistp256.pub", "valid", gpgv: true, sqv: true),
        Case("nistp384.sig", "nistp384.pub", "valid", gpgv: true, sqv: true),
        Case("nistp521.sig", "nistp521.pub", "valid", gpgv: true, sqv: true),
        Case("SHA384.sig", "rsa2048.pub", "valid", gpgv: true, sqv: true),
        Case("SHA512.sig", "rsa2048.pub", "valid", gpgv: true, sqv: true),
        Case("armor.sig", "ed25519.pub", "valid", gpgv: true, sqv: true),
        Case("subkey.sig", "subkey.pub", "valid", gpgv: true, sqv: true),
        Case("text.sig", "ed25519.pub", "valid", gpgv: true, sqv: true),
        Case("text.sig", "ed25519.pub", "valid", gpgv: true, sqv: true, document: "doc.crlf"),
        Case("ed25519.sig", "ed25519.pub", "invalid bad-signature", gpgv: false, sqv: false, document: "doc.crlf"),
        Case("ed25519.sig", "ed25519.pub", "invalid bad-signature", gpgv: false, sqv: false, document: "other"),
        Case("text.sig", "ed25519.pub", "invalid bad-signature", gpgv: false, sqv: false, document: "other"),
        Case("ed25519.sig", "rsa2048.pub", "not-checked unknown-key", gpgv: false, sqv: false),
        Case("SHA224.sig", "rsa2048.pub", "not-checked unsupported-hash", gpgv: true, sqv: true),
        Case("expired-signature.sig", "ed25519.pub", "valid expired-signature", gpgv: false, sqv: false),
        Case("critical.sig", "ed25519.pub", "valid critical-subpacket", gpgv: false, sqv: false),
        // What gpgv accepts and this library names.
        Case("SHA1.sig", "rsa2048.pub", "valid weak-hash", gpgv: true, sqv: false),
        Case("rsa1024.sig", "rsa1024.pub", "valid weak-key", gpgv: true, sqv: false),
        Case("future.sig", "ed25519.pub", "valid created-in-the-future", gpgv: true, sqv: false),
        Case(
            "after-expiry.sig", "expired.pub", "valid created-in-the-future signed-after-key-expiry", gpgv: true,
            sqv: false),
        Case("compromised-before.sig", "compromised.pub", "valid revoked-key", gpgv: true, sqv: false),
        Case("compromised-after.sig", "compromised.pub", "valid revoked-key", gpgv: true, sqv: false),
        Case("superseded-after.sig", "superseded.pub", "valid revoked-key", gpgv: true, sqv: false),
        Case("subkey.sig", "subkey-revoked.pub", "valid revoked-key", gpgv: true, sqv: false),
        // What both accept: the signature is older than what happened to its key. A policy may accept it too.
        Case("before-expiry.sig", "expired.pub", "valid expired-key", gpgv: true, sqv: true),
        Case("superseded-before.sig", "superseded.pub", "valid key-revoked-later", gpgv: true, sqv: true),
    ]

    @Test(arguments: cases)
    private func `the verdict is the expected one, and so are those of gpgv and sqv`(_ test: Case) throws {
        let verdict = try verdict(
            fixture.bytes(test.signature), fixture.bytes(test.document), fixture.certificates(test.keyring),
            at: GPGFixture.now)
        #expect(verdict.summary == test.summary)
        // Whatever is plainly good here is good for both of them.
        if verdict.isGood { #expect(test.gpgv && test.sqv) }
        let arguments = [test.keyring, test.signature, test.document]
        let directory = fixture.scratch.path
        let gpgv = shell(#"gpgv --keyring "$PWD/$1" "$2" "$3""#, in: directory, arguments: arguments)
        #expect((gpgv.status == 0) == test.gpgv, "\(gpgv.errorText)")
        let sqv = shell(#"sqv --keyring "$1" "$2" "$3""#, in: directory, arguments: arguments)
        #expect((sqv.status == 0) == test.sqv, "\(sqv.errorText)")
    }

    @Test
    func `two signatures of one file are both verified from one pass over the document`() throws {
        let signatures = try OpenPGPSignature.parse(fixture.bytes("two.sig"))
        let certificates = try fixture.certificates("ed25519.pub") + fixture.certificates("rsa2048.pub")
        var hasher = SignatureHasher(for: signatures)
        for byte in try fixture.bytes("doc") { hasher.update([byte]) }
        let document = hasher.finish()
        let verdicts = signatures.map { $0.verify(document, certificates: certificates, at: GPGFixture.now) }
        #expect(verdicts.map(\.summary) == ["valid", "valid"])
        #expect(verdicts.map(\.certificateFingerprint) == certificates.map(\.fingerprint))
    }

    @Test
    func `a subkey's signature names both fingerprints`() throws {
        let certificates = try fixture.certificates("subkey.pub")
        let verdict = try verdict(
            fixture.bytes("subkey.sig"), fixture.bytes("doc"), certificates, at: GPGFixture.now)
        #expect(verdict.signingFingerprint == certificates.first?.subkeys.first?.key.fingerprint)
        #expect(verdict.certificateFingerprint == certificates.first?.fingerprint)
        #expect(verdict.signingFingerprint != verdict.certificateFingerprint)
    }

    @Test(arguments: [("clear.asc", "doc"), ("clear-crlf.asc", "doc.crlf")])
    func `a clearsigned message verifies, and gpgv says the same`(file: String, document: String) throws {
        let message = try CleartextMessage.parse(fixture.bytes(file))
        let certificates = try fixture.certificates("ed25519.pub")
        let verdicts = message.signatures.map {
            $0.verify(message.hashed(), certificates: certificates, at: GPGFixture.now)
        }
        #expect(verdicts.map(\.summary) == ["valid"])
        #expect(String(decoding: message.text, as: UTF8.self) == "one\ntwo\n- three\n\nFrom four\n")
        #expect(message.textOutside.isEmpty)
        let gpgv = shell(
            #"gpgv --keyring "$PWD/ed25519.pub" "$1""#, in: fixture.scratch.path, arguments: [file])
        #expect(gpgv.status == 0, "\(gpgv.errorText)")
    }

    @Test
    func `an inline message, a key and the document are no detached signatures`() throws {
        #expect(code { _ = try OpenPGPSignature.parse(try fixture.bytes("inline.sig")) } == .partialLength)
        #expect(code { _ = try OpenPGPSignature.parse(try fixture.bytes("clear.asc")) } == .notDetached)
        #expect(code { _ = try OpenPGPSignature.parse(try fixture.bytes("ed25519.pub")) } == .unexpectedPacket)
        #expect(code { _ = try OpenPGPSignature.parse(try fixture.bytes("doc")) } == .notOpenPGP)
    }

    @Test
    func `the validity of a key depends on the time that is asked about`() throws {
        let certificate = try #require(try fixture.certificates("expired.pub").first)
        #expect(certificate.status(at: GPGFixture.now).primaryKey.expirationTime == 1_609_372_860)
        #expect(!certificate.status(at: 1_577_836_799).primaryKey.isBound)
        let superseded = try #require(try fixture.certificates("superseded.pub").first)
        #expect(superseded.revocations.map(\.reason) == [.superseded])
        #expect(superseded.status(at: 1_580_515_200).primaryKey.revocations.isEmpty)
        let compromised = try #require(try fixture.certificates("compromised.pub").first)
        #expect(compromised.status(at: 1_580_515_200).primaryKey.revocations.map(\.reason) == [.compromised])
    }
}
