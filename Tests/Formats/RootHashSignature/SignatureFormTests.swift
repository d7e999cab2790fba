import AssayRootHashSignature
import AssayTestSupport
import Testing

@Suite(.enabled(if: isAvailable("openssl")))
struct SignatureFormTests {
    private let fixture = OpenSSLFixture.shared

    @Test(arguments: [
        ("smime", "-nocerts -noattr -outform pem", RootHashSignatureFault.Code.pem),
        ("smime", "-nocerts -noattr -outform smime", .mime),
        ("cms", "-nocerts -noattr -outform der -stream", .indefiniteLength),
        ("cms", "-nocerts -noattr -outform der -stream -nodetach", .indefiniteLength),
        ("smime", "-nocerts -noattr -outform der -nodetach", .contentPresent),
        ("cms", "-nocerts -noattr -outform der -nodetach", .contentPresent),
        ("smime", "-nocerts -outform der", .signedAttributesPresent),
        ("cms", "-nocerts -outform der", .signedAttributesPresent),
        ("cms", "-nocerts -outform der -nosmimecap", .signedAttributesPresent),
        ("smime", "-nocerts -noattr -outform der -md sha1", .weakDigest),
        ("smime", "-nocerts -noattr -outform der -md md5", .weakDigest),
        ("smime", "-nocerts -noattr -outform der -md sha224", .unsupportedDigest),
        ("cms", "-nocerts -noattr -outform der -md sha3-256", .unsupportedDigest),
        ("smime", "-nocerts -noattr -outform der -signer p256.pem -inkey p256.key", .severalSigners),
        ("cms", "-nocerts -noattr -outform der -keyopt rsa_padding_mode:pss", .unsupportedSignatureAlgorithm),
        ("cms", "-nocerts -noattr -outform der -econtent_type 1.2.840.113549.1.7.5", .contentNotData),
    ])
    func `a signature of another form is refused by name`(
        program: String, options: String, expected: RootHashSignatureFault.Code
    ) throws {
        let der = try fixture.sign("rsa2048", program, options: options)
        #expect(code { _ = try RootHashSignature(der: der) } == expected)
    }

    @Test(arguments: [
        ("openssl crl2pkcs7 -nocrl -certfile p256.pem -outform der", RootHashSignatureFault.Code.noSigner),
        ("openssl cms -encrypt -in hash -outform der -aes256 rsa2048.pem", .notSignedData),
        ("openssl cms -data_create -in hash -outform der", .notSignedData),
        ("openssl x509 -in p256.pem -outform der", .malformed),
        ("cat hash", .base64),
        ("true", .empty),
        ("printf hello", .malformed),
        ("head -c 70000 /dev/zero", .tooLarge),
    ])
    func `a message that is no signature is refused by name`(
        command: String, expected: RootHashSignatureFault.Code
    ) throws {
        let bytes = try fixture.run(command).output
        #expect(code { _ = try RootHashSignature(der: bytes) } == expected)
    }

    @Test
    func `bytes before, behind and inside are refused by name`() throws {
        let der = try fixture.sign("p256")
        #expect(code { _ = try RootHashSignature(der: der + [0]) } == .trailingBytes)
        #expect(code { _ = try RootHashSignature(der: der + der) } == .trailingBytes)
        #expect(code { _ = try RootHashSignature(der: [0] + der) } == .malformed)
        // The length of the outermost value, 0x81 n, in one byte more than it needs.
        #expect(der[1] == 0x81)
        let long: [UInt8] = [0x30, 0x82, 0] + der[2...]
        #expect(code { _ = try RootHashSignature(der: long) } == .nonMinimalLength)
        #expect(code { _ = try RootHashSignature(der: [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0]) } == .truncated)
        #expect(code { _ = try RootHashSignature(der: [0x30, 0xFF] + der) } == .truncated)
    }

    @Test(arguments: ["smime", "cms -keyid"])
    func `versions that the kernel does not read are refused`(program: String) throws {
        let words = program.split(separator: " ")
        let der = try fixture.sign(
            "p256", String(words[0]), options: "-nocerts -noattr -outform der " + words.dropFirst().joined())
        // INTEGER of one byte: first the version of the SignedData, then that of the SignerInfo.
        let positions = (2..<der.count).filter {
            der[$0 - 2] == 2 && der[$0 - 1] == 1 && (der[$0] == 1 || der[$0] == 3)
        }
        #expect(positions.count >= 2)
        for position in positions.prefix(2) {
            for version: UInt8 in [0, 1, 2, 3, 4, 5, 0x80] where version != der[position] {
                var changed = der
                changed[position] = version
                #expect(code { _ = try RootHashSignature(der: changed) } == .unsupportedVersion)
            }
        }
    }

    @Test
    func `values that nest too deeply are refused`() {
        var bytes: [UInt8] = []
        while bytes.count < 100 { bytes = [0x30, UInt8(bytes.count)] + bytes }
        #expect(code { _ = try RootHashSignature(der: bytes) } == .malformed)
    }

    @Test
    func `what a signature says about itself is read`() throws {
        let der = try fixture.sign("p384", options: "-nocerts -noattr -outform der -md sha512")
        let signature = try RootHashSignature(der: der)
        #expect(signature.digest == .sha512)
        #expect(signature.algorithm == .ecdsa)
        #expect(signature.embeddedCertificates.isEmpty)
        #expect(signature.signer == (try fixture.certificate("p384").identifier))
        #expect(signature.der == der)
    }
}
