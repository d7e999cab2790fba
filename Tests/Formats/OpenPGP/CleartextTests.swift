import AssayOpenPGP
import Testing

struct CleartextTests {
    private let key = TestKey.ed25519()

    /// A clearsigned message whose text hashes as `signed`.
    private func message(
        _ text: String, signed: String, header: String = "Hash: SHA256\n", before: String = "", after: String = ""
    ) throws -> [UInt8] {
        let signature = try key.sign(Array(signed.utf8), type: 1)
        return Array(
            (before + "-----BEGIN PGP SIGNED MESSAGE-----\n" + header + "\n" + text
                + "\n-----BEGIN PGP SIGNATURE-----\n\n" + base64(signature) + "\n-----END PGP SIGNATURE-----\n" + after)
                .utf8)
    }

    private func verdict(_ file: [UInt8]) throws -> String {
        let message = try CleartextMessage.parse(file)
        let signature = try #require(message.signatures.first)
        let certificates = try OpenPGPCertificate.parse(try key.certificate())
        return signature.verify(message.hashed(), certificates: certificates, at: 10_000).summary
    }

    @Test(arguments: [
        ("one\ntwo", "one\r\ntwo", "one\ntwo\n"), ("one\r\ntwo\r", "one\r\ntwo", "one\ntwo\n"),
        ("one \t \ntwo\t", "one\r\ntwo", "one\ntwo\n"), ("- -one\n- --\n- two", "-one\r\n--\r\ntwo", "-one\n--\ntwo\n"),
        ("- From here", "From here", "From here\n"), ("", "", "\n"), ("one\n", "one\r\n", "one\n\n"),
        (
            "- -----BEGIN PGP SIGNATURE-----\nx", "-----BEGIN PGP SIGNATURE-----\r\nx",
            "-----BEGIN PGP SIGNATURE-----\nx\n"
        ),
        ("a\rb\nc \r", "a\rb\r\nc", "a\rb\nc\n"), ("\n\n\n", "\r\n\r\n\r\n", "\n\n\n\n"),
        ("one\u{0}two", "one\u{0}two", "one\u{0}two\n"),
    ])
    func `the signed bytes are the canonical ones`(text: String, signed: String, unescaped: String) throws {
        let file = try message(text, signed: signed)
        let message = try CleartextMessage.parse(file)
        #expect(String(decoding: message.signedBytes, as: UTF8.self) == signed)
        #expect(String(decoding: message.text, as: UTF8.self) == unescaped)
        #expect(message.hashNames == ["SHA256"])
        #expect(message.textOutside.isEmpty)
        #expect(try verdict(file) == "valid")
    }

    @Test
    func `text outside of the message is told, and no part of what is signed`() throws {
        let hash = String(repeating: "0", count: 64) + "  evil.iso\n"
        let file = try message("good", signed: "good", before: hash, after: "\n" + hash)
        let message = try CleartextMessage.parse(file)
        #expect(message.text == Array("good\n".utf8))
        #expect(message.textOutside.count == 2)
        #expect(message.textOutside.first == 0..<hash.utf8.count)
        #expect(try verdict(file) == "valid")
        let second = try self.message("good", signed: "good")
        #expect(try CleartextMessage.parse(second + second).textOutside.count == 1)
    }

    @Test(arguments: [
        "Comment: x\n", "0123  evil.iso\n", "Hash: 0123456789  evil.iso\n", "Hash: SHA256\n x\n", "hash: SHA256\n",
        "Hash: SHA256\u{0C}\n", "Hash: sha256\n", "\u{A0}\n",
    ])
    func `a header that could carry text is refused`(header: String) throws {
        #expect(
            code { _ = try CleartextMessage.parse(try message("good", signed: "good", header: header)) }
                == .malformedCleartext)
    }

    @Test(arguments: [
        ("-one", OpenPGPError.Code.malformedCleartext), ("-----BEGIN PGP SIGNED MESSAGE-----", .malformedCleartext),
        ("-", .malformedCleartext), ("---", .malformedCleartext), ("-----BEGIN PGP MESSAGE-----", .malformedCleartext),
    ])
    func `a dash that is not escaped is refused`(line: String, expected: OpenPGPError.Code) throws {
        #expect(code { _ = try CleartextMessage.parse(try message(line, signed: line)) } == expected)
    }

    @Test
    func `a message without its end, its signature or its beginning is refused`() throws {
        let file = try message("good", signed: "good")
        #expect(code { _ = try CleartextMessage.parse([]) } == .malformedCleartext)
        #expect(code { _ = try CleartextMessage.parse(Array("good\n".utf8)) } == .malformedCleartext)
        let begin = "-----BEGIN PGP SIGNED MESSAGE-----\n\ngood\n"
        #expect(code { _ = try CleartextMessage.parse(Array(begin.utf8)) } == .truncated)
        #expect(code { _ = try CleartextMessage.parse(file.dropLast(40)) } == .truncated)
        let key =
            begin + "-----BEGIN PGP SIGNATURE-----\n\n" + base64(try key.certificate())
            + "\n-----END PGP SIGNATURE-----\n"
        #expect(code { _ = try CleartextMessage.parse(Array(key.utf8)) } == .unexpectedPacket)
        #expect(CleartextMessage.isPresent(in: file))
        #expect(!CleartextMessage.isPresent(in: Array("-----BEGIN PGP SIGNATURE-----\n".utf8)))
    }

    @Test
    func `a changed text is refused`() throws {
        #expect(try verdict(try message("good", signed: "goof")) == "invalid bad-signature")
        #expect(try verdict(try message("good\n", signed: "good")) == "invalid bad-signature")
        #expect(try verdict(try message(" good", signed: "good")) == "invalid bad-signature")
    }
}
