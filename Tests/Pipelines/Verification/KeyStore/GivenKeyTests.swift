import AssayOpenPGP
import AssayTestSupport
import AssayVerification
import Testing

@Suite(.enabled(if: isAvailable("gpg")))
struct GivenKeyTests {
    private let keys = KeyFixture.shared

    private func given(_ file: String, _ fingerprints: [String] = []) throws -> PinnedKeys {
        try KeyStore.given(file: keys.scratch.path + "/" + file, fingerprints: fingerprints)
    }

    @Test(arguments: ["good.pgp", "good.asc"])
    func `a file of one certificate needs no fingerprint`(_ file: String) throws {
        let path = keys.scratch.path + "/" + file
        let expected = PinnedKey(
            source: "--key " + path, origin: path, certificate: try keys.certificate("good"), fileNames: [])
        #expect(try given(file).keys == [expected])
        #expect(try given(file, [keys.fingerprint("good")]).keys == [expected])
    }

    @Test(arguments: ["all.pgp", "all.asc", "blocks.asc"])
    func `of a file of several those that are named are accepted, each once`(_ file: String) throws {
        let names = ["other", "good"]
        let fingerprints = try names.map { try keys.fingerprint($0) }
        let pinned = try given(file, fingerprints + [fingerprints[0].uppercased()])
        #expect(try pinned.certificates == names.map { try keys.certificate($0) })
        #expect(pinned.keys.count == 2)
    }

    @Test func `a file of several without a fingerprint is refused with the options to copy`() throws {
        let path = keys.scratch.path + "/blocks.asc"
        #expect(
            try refusal { try given("blocks.asc") }
                == "'\(path)' holds 2 certificates, and which of them are accepted was not said\n"
                + "--fingerprint \(keys.fingerprint("good"))  (good, ed25519); "
                + "--fingerprint \(keys.fingerprint("other"))  (other, ed25519)")
    }

    @Test func `a certificate that cannot be read does not vanish`() throws {
        // A version 3 key in front of a good one.
        let old: [UInt8] = [0x99, 0x00, 0x08, 3, 0, 0, 0, 0, 0, 0, 1]
        try keys.scratch.write("old.pgp", old + keys.bytes("good.pgp"))
        let refusal = refusal { try given("old.pgp") }
        #expect(refusal.contains("holds 2 certificates"))
        #expect(refusal.contains("not readable: the key is of version 3"))
        #expect(try given("old.pgp", [keys.fingerprint("good")]).certificates == [keys.certificate("good")])
    }

    @Test(arguments: [
        ("good.pgp", "2bc94fff7015a5f28f1537ad0cd9fed33135ce90", "holds no certificate 2bc94fff"),
        ("good.pgp", "3135CE90", "'3135CE90' is no fingerprint\ngive all 40 or 64"),
        ("secret.asc", "", "the file holds a secret key, where a certificate is expected\ngive the public part only"),
        ("doc", "", "holds no certificate that can be used"), ("doc.asc", "", "holds no certificate that can be used"),
        ("missing", "", "no such file or directory"), ("home", "", "not a regular file"),
    ])
    func `what gives no key is refused`(_ file: String, _ fingerprint: String, _ says: String) {
        let refusal = refusal { try given(file, fingerprint.isEmpty ? [] : [fingerprint]) }
        #expect(refusal.contains(says), "\(refusal)")
        #expect(refusal.contains(fingerprint.isEmpty ? "'" + keys.scratch.path + "/" + file + "'" : fingerprint))
    }

    @Test func `a subkey's fingerprint is refused with that of its certificate`() throws {
        let subkey = try keys.fingerprint("other-subkey").lowercased()
        #expect(
            try refusal { try given("other.pgp", [subkey]) }
                == "\(subkey) is a subkey; the certificate has the fingerprint of its primary key\n"
                + "--fingerprint \(keys.fingerprint("other"))")
    }

    @Test func `a file over the bound is refused`() throws {
        try keys.scratch.write("big.pgp", [UInt8](repeating: 0, count: 1 << 20 + 1))
        #expect(refusal { try given("big.pgp") }.contains("is larger than 1048576 bytes"))
    }

    @Test func `user IDs are escaped in the options`() throws {
        let scratch = ScratchDirectory()
        // A user ID packet of 5 bytes behind each certificate; nothing binds it.
        let name: [UInt8] = [0xB4, 5, 0x1B, 0x5B, 0x33, 0x31, 0x6D]
        let bytes = try keys.bytes("good.pgp")
        let key = try #require(bytes.count > 2 ? Array(bytes[..<(2 + Int(bytes[1]))]) : nil)
        try scratch.write("keys.pgp", key + name + keys.bytes("other.pgp"))
        let refusal = refusal { try KeyStore.given(file: scratch.path + "/keys.pgp", fingerprints: []) }
        #expect(refusal.contains("(\\x1b[31m, ed25519)"), "\(refusal)")
    }
}
