import AssayOpenPGP
import Foundation
import Testing

/// Radix-64 in lines of 64 characters.
func base64(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
}

struct ArmorTests {
    private func armor(
        _ body: String, label: String = "SIGNATURE", headers: String = "", end: String? = nil
    ) -> [UInt8] {
        Array("-----BEGIN PGP \(label)-----\n\(headers)\n\(body)\n-----END PGP \(end ?? label)-----\n".utf8)
    }

    @Test(arguments: [
        ("", ""), ("AA==", "\0"), ("AAE=", "\0\u{1}"), ("Zm9v", "foo"), ("Zm9v\nYmFy", "foobar"),
        ("Zm9v \n\nYmFy\r", "foobar"),
    ])
    func `radix-64 is decoded`(text: String, expected: String) throws {
        #expect(try ArmorBlock.blocks(in: armor(text)).map(\.bytes) == [Array(expected.utf8)])
    }

    @Test(arguments: ["A", "AA", "AAA", "AA=", "AB==", "AAF=", "A===", "====", "AA==AAAA", "A*AA", "AA-_", "Zm9vÄ"])
    func `text that is not radix-64 is refused`(text: String) {
        #expect(code { _ = try ArmorBlock.blocks(in: armor(text)) } == .malformedArmor)
    }

    @Test(arguments: [
        ("Zm9v", ArmorChecksum.absent), ("Zm9v\n=zQLx", .wrong), ("Zm9v\n=????", .wrong), ("\n=twTO", .correct),
    ])
    func `the checksum is told`(text: String, expected: ArmorChecksum) throws {
        #expect(try ArmorBlock.blocks(in: armor(text)).map(\.checksum) == [expected])
    }

    @Test
    func `a wrong checksum is told of a signature and does not refuse it`() throws {
        let text = base64(try TestKey.ed25519().sign([1]))
        #expect(try OpenPGPSignature.parse(armor(text)).map(\.isArmorChecksumWrong) == [false])
        #expect(try OpenPGPSignature.parse(armor(text + "\n=AAAA")).map(\.isArmorChecksumWrong) == [true])
    }

    @Test
    func `every vendor key has a right checksum`() throws {
        for name in ["MICROSOFT-RPM-GPG-KEY", "MICROSOFT-METADATA-GPG-KEY", "RPM-GPG-KEY-fedora-33-primary"] {
            #expect(try ArmorBlock.blocks(in: vector(name)).map(\.checksum) == [.correct])
        }
    }

    @Test
    func `headers are kept, and text without a header needs its empty line`() throws {
        let block = try #require(try ArmorBlock.blocks(in: armor("Zm9v", headers: "Version: 1\nComment: a: b\n")).first)
        #expect(block.headers == [Array("Version: 1".utf8), Array("Comment: a: b".utf8)])
        let bare = "-----BEGIN PGP SIGNATURE-----\nZm9v\n-----END PGP SIGNATURE-----\n"
        #expect(code { _ = try ArmorBlock.blocks(in: Array(bare.utf8)) } == .malformedArmor)
    }

    @Test
    func `a block must end as it began, and behind its checksum`() {
        #expect(code { _ = try ArmorBlock.blocks(in: armor("Zm9v", end: "MESSAGE")) } == .malformedArmor)
        #expect(code { _ = try ArmorBlock.blocks(in: armor("Zm9v\n=aaaa\nZm9v")) } == .malformedArmor)
        #expect(code { _ = try ArmorBlock.blocks(in: Array(armor("Zm9v").dropLast(8))) } == .truncated)
        #expect(code { _ = try ArmorBlock.blocks(in: Array(armor("Zm9v").prefix(40))) } == .truncated)
    }

    @Test
    func `text around a detached signature is refused`() throws {
        let key = TestKey.ed25519()
        let block = armor(base64(try key.sign([1])))
        #expect(try OpenPGPSignature.parse(block).count == 1)
        #expect(try OpenPGPSignature.parse([0x0A] + block + [0x0A] + block).count == 2)
        #expect(code { _ = try OpenPGPSignature.parse(Array("x\n".utf8) + block) } == .textOutsideArmor)
        #expect(code { _ = try OpenPGPSignature.parse(block + Array("x\n".utf8)) } == .textOutsideArmor)
        #expect(code { _ = try OpenPGPSignature.parse(block + Array("x\n".utf8) + block) } == .textOutsideArmor)
        let certificate = armor(base64(try key.certificate()), label: "PUBLIC KEY BLOCK")
        #expect(code { _ = try OpenPGPSignature.parse(block + certificate) } == .unexpectedPacket)
    }

    @Test
    func `packet headers of both forms are read, and lengths that are not known are refused`() throws {
        let key = TestKey.ed25519()
        let body = Array(try key.sign([1]).dropFirst(6))
        let count = body.count
        try #require(count < 192)
        let one = UInt8(count)
        for header: [UInt8] in [
            [0x88, one], [0x89, 0, one], [0x8A, 0, 0, 0, one], [0xC2, one], [0xC2, 0xFF, 0, 0, 0, one],
        ] {
            #expect(try OpenPGPSignature.parse(header + body).count == 1)
        }
        #expect(code { _ = try OpenPGPSignature.parse([0x8B] + body) } == .partialLength)
        #expect(code { _ = try OpenPGPSignature.parse([0xC2, 0xE6] + body) } == .partialLength)
        #expect(code { _ = try OpenPGPSignature.parse([0xC2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] + body) } == .tooLarge)
        #expect(code { _ = try OpenPGPSignature.parse([0xC2, one + 1] + body) } == .truncated)
        #expect(code { _ = try OpenPGPSignature.parse([0xC2, one] + body + [0]) } == .malformedPacket)
        #expect(code { _ = try OpenPGPSignature.parse([0xC0, 0]) } == .malformedPacket)
        #expect(code { _ = try OpenPGPSignature.parse([0xC2, one - 1] + body.dropLast()) } == .truncated)
        #expect(code { _ = try OpenPGPSignature.parse([0xC2, one + 1] + body + [0]) } == .malformedSignature)
    }

    @Test
    func `the number of signatures of a file is bounded`() throws {
        let signature = try TestKey.ed25519().sign([1])
        let most = Array([[UInt8]](repeating: signature, count: OpenPGPSignature.maximumCount).joined())
        #expect(try OpenPGPSignature.parse(most).count == OpenPGPSignature.maximumCount)
        #expect(code { _ = try OpenPGPSignature.parse(most + signature) } == .tooMany)
    }
}
