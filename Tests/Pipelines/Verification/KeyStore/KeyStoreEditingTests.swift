import AssayFacts
import AssayOpenPGP
import AssayTestSupport
import AssayVerification
import Testing

@Suite(.enabled(if: isAvailable("gpg")))
struct KeyStoreEditingTests {
    @Test(arguments: ["good.pgp", "good.asc", "all.pgp", "all.asc", "blocks.asc"])
    func `of a keyring only the named certificate is stored`(_ file: String) throws {
        let fixture = StoreFixture()
        let key = try fixture.add("good", from: file, fileNames: ["ours-*.iso", "*.rpm"])
        let fingerprint = try fixture.keys.fingerprint("good")
        #expect(try key.certificate == fixture.keys.certificate("good"))
        #expect(key.fileNames == ["ours-*.iso", "*.rpm"])
        #expect(key.origin == fixture.directory + "/ours/\(fingerprint).pgp")
        #expect(fixture.names == ["ours/\(fingerprint).pgp", "ours/file-names"])
        let contents = try fixture.store.contents()
        #expect(contents.keys.keys == [key])
        #expect(contents.problems.isEmpty)
        let shown = shell("gpg --show-keys --with-colons keys/ours/*.pgp", in: fixture.scratch.path)
        let fingerprints = shown.text.split(separator: "\n").filter { $0.hasPrefix("fpr:") }
        #expect(fingerprints == ["fpr:::::::::\(fingerprint.uppercased()):"])
        #expect(
            shell("cmp keys/ours/*.pgp \(fixture.keys.scratch.path)/good.pgp", in: fixture.scratch.path).status == 0)
    }

    @Test(arguments: [
        ("good", "good.pgp", "Ours", "'Ours' cannot be the name of a source"),
        ("good", "good.pgp", "../ours", "'../ours' cannot be the name of a source"),
        ("good", "good.pgp", "", "'' cannot be the name of a source"),
        ("good", "good.pgp", "-x", "cannot be the name of a source"),
        ("good", "good.pgp", ".x", "cannot be the name of a source"),
        ("good", "other.pgp", "ours", "'the given file' holds no certificate"),
        ("other-subkey", "other.pgp", "ours", "is a subkey; the certificate has the fingerprint of its primary key"),
        ("good", "secret.asc", "ours", "the file holds a secret key"),
        ("good", "doc.asc", "ours", "holds no certificate that can be used"),
        ("good", "doc", "ours", "holds no certificate that can be used"),
        ("revoked", "revoked.asc", "ours", "was revoked at 2020-06-01T00:00:00Z (compromised)"),
        ("expired", "expired.asc", "ours", "expired at 2020-12-31T"),
        ("only-certifies", "all.pgp", "ours", "has no valid key whose signatures can be verified"),
    ])
    func `what must not be pinned is refused`(_ key: String, _ file: String, _ source: String, _ says: String) throws {
        let fixture = StoreFixture()
        let refusal = refusal { try fixture.add(key, from: file, source: source) }
        #expect(refusal.contains(says), "\(refusal)")
        #expect(fixture.names.isEmpty)
    }

    @Test(arguments: ["ABCD1234", "0x1234567890ABCDEF", "", "../../../../etc/passwd"])
    func `a key ID is no fingerprint`(_ fingerprint: String) throws {
        let fixture = StoreFixture()
        let refusal = refusal {
            try fixture.store.add(
                fixture.keys.bytes("good.pgp"), fingerprint: fingerprint, source: "ours", fileNames: [],
                to: fixture.directory, at: KeyFixture.now)
        }
        #expect(refusal.contains("'\(fingerprint)' is no fingerprint\ngive all 40 or 64 hexadecimal digits"))
    }

    @Test func `the refusal of a fingerprint does not offer those of the file`() throws {
        let fixture = StoreFixture()
        let refusal = refusal { try fixture.add("good", from: "other.asc") }
        #expect(refusal.contains("holds no certificate"))
        #expect(!refusal.contains(try fixture.keys.fingerprint("other")))
    }

    @Test(arguments: ["revoked", "expired", "only-certifies"])
    func `an unfit certificate can be forced in`(_ name: String) throws {
        let fixture = StoreFixture()
        try fixture.add(name, isForced: true)
        #expect(try fixture.store.contents().keys.certificates == [fixture.keys.certificate(name)])
    }

    @Test(arguments: [["revoked-before.pgp", "revoked.pgp"], ["revoked.pgp", "revoked-before.pgp"]])
    func `an older copy does not undo a revocation`(_ files: [String]) throws {
        let fixture = StoreFixture()
        for file in files { try fixture.add("revoked", from: file, isForced: true) }
        let contents = try fixture.store.contents()
        #expect(contents.problems.isEmpty)
        #expect(contents.keys.certificates.map(\.revocations.count) == [1])
        #expect(contents.keys.keys.first?.facts(at: KeyFixture.now).revocation?.contains("compromised") == true)
        // Not forced, the newer copy of what is pinned already is refused.
        #expect(refusal { try fixture.add("revoked", from: "revoked-before.pgp") }.contains("was revoked"))
    }

    @Test func `what is added twice stands there once, and patterns are added to those that are there`() throws {
        let fixture = StoreFixture()
        try fixture.add("good", fileNames: ["a*"])
        let size = shell("wc -c < keys/ours/*.pgp", in: fixture.scratch.path).text
        try fixture.write("ours/file-names", Array("# ours\na*\n\n  b?  ".utf8))
        let key = try fixture.add("good", from: "good.asc", fileNames: ["c", "a*"])
        #expect(key.fileNames == ["a*", "b?", "c"])
        #expect(shell("wc -c < keys/ours/*.pgp", in: fixture.scratch.path).text == size)
        #expect(shell("cat keys/ours/file-names", in: fixture.scratch.path).text == "# ours\na*\n\n  b?  \nc\n")
        #expect(try fixture.store.contents().keys.keys == [key])
    }

    @Test(arguments: ["a/b", "", " a", "a ", "#a", "a\nb", "a\u{1B}[0m"])
    func `patterns that a line cannot hold are refused`(_ pattern: String) throws {
        let fixture = StoreFixture()
        #expect(refusal { try fixture.add("good", fileNames: [pattern]) }.contains("is no pattern of file names"))
        #expect(fixture.names.isEmpty)
    }

    @Test(arguments: ["keys", "keys/ours"])
    func `nothing is written where others may write`(_ folder: String) throws {
        let fixture = StoreFixture()
        _ = shell("mkdir -p keys/ours; chmod go-w keys keys/ours; chmod g+w \(folder)", in: fixture.scratch.path)
        let path = fixture.scratch.path + "/" + folder
        #expect(
            refusal { try fixture.add("good") }
                == "'\(path)': the group may write to it (mode 775)\nchmod go-w '\(path)'")
        #expect(fixture.names.isEmpty)
    }

    @Test func `what was added can be removed, and nothing is left`() throws {
        let fixture = StoreFixture()
        for name in ["good", "other"] { try fixture.add(name, fileNames: ["a*"]) }
        let good = try fixture.keys.fingerprint("good")
        let other = try fixture.keys.fingerprint("other")
        let removed = try fixture.store.remove(fingerprint: good.uppercased(), source: "ours", from: fixture.directory)
        #expect(removed == [fixture.directory + "/ours/\(good).pgp"])
        #expect(fixture.names == ["ours/\(other).pgp", "ours/file-names"])
        let again = refusal { try fixture.store.remove(fingerprint: good, source: "ours", from: fixture.directory) }
        #expect(again == "'\(fixture.directory)' has no key \(good) of the source 'ours'")
        #expect(try fixture.store.remove(fingerprint: nil, source: "ours", from: fixture.directory).count == 1)
        #expect(shell("ls -A keys", in: fixture.scratch.path).text.isEmpty)
        #expect(
            refusal { try fixture.store.remove(fingerprint: nil, source: "ours", from: fixture.directory) }
                == "'\(fixture.directory)' has no key of the source 'ours'")
    }

    @Test func `an armored file and one of another name take part when a copy is added`() throws {
        let fixture = StoreFixture()
        let fingerprint = try fixture.keys.fingerprint("revoked")
        let armored = shell(
            "gpg --enarmor < revoked.pgp | sed 's/ARMORED FILE/PUBLIC KEY BLOCK/'",
            in: fixture.keys.scratch.path
        ).output
        for suffix in ["pgp", "asc"] {
            try fixture.write("ours/\(fingerprint).\(suffix)", armored)
            #expect(refusal { try fixture.add("revoked", from: "revoked-before.pgp") }.contains("was revoked"))
            let key = try fixture.add("revoked", from: "revoked-before.pgp", isForced: true)
            #expect(key.certificate.revocations.count == 1)
            #expect(try fixture.store.contents().problems.isEmpty)
            _ = try fixture.store.remove(fingerprint: fingerprint, source: "ours", from: fixture.directory)
        }
        try fixture.write("ours/\(fingerprint).pgp", Array("nothing".utf8))
        let refusal = refusal { try fixture.add("revoked", isForced: true) }
        #expect(refusal.contains("cannot be added to: ") && refusal.hasSuffix("\nremove the key first"))
        #expect(fixture.names == ["ours/\(fingerprint).pgp"])
    }

    @Test func `a directory that the store does not read is not written`() throws {
        let fixture = StoreFixture()
        let refusal = refusal {
            try KeyStore(directories: []).add(
                fixture.keys.bytes("good.pgp"), fingerprint: fixture.keys.fingerprint("good"), source: "ours",
                fileNames: [], to: fixture.directory, at: KeyFixture.now)
        }
        #expect(refusal == "'\(fixture.directory)' is no directory of the key store")
    }

    @Test func `a changed keyring gives the named certificate or none`() throws {
        let fixture = StoreFixture()
        let bytes = try fixture.keys.bytes("all.pgp")
        let good = try fixture.keys.fingerprint("good")
        var numbers = SeededNumbers(state: 5)
        var stored = 0
        func check(_ bytes: [UInt8]) throws {
            let key = try? fixture.store.add(
                bytes, fingerprint: good, source: "ours", fileNames: [], to: fixture.directory, at: KeyFixture.now)
            guard let key else { return #expect(fixture.names.isEmpty) }
            stored += 1
            #expect(key.certificate.fingerprint.description == good)
            #expect(fixture.names == ["ours/\(good).pgp"])
            _ = try fixture.store.remove(fingerprint: good, source: "ours", from: fixture.directory)
        }
        for count in stride(from: 0, to: bytes.count, by: 23) { try check(Array(bytes.prefix(count))) }
        for _ in 0..<60 {
            var changed = bytes
            let place = Int.random(in: changed.indices, using: &numbers)
            changed[place] = UInt8.random(in: 0...255, using: &numbers)
            try check(changed)
        }
        #expect(stored > 0)
    }

    @Test func `a damaged file can be removed by its name`() throws {
        let fixture = StoreFixture()
        let name = "ours/\(try fixture.keys.fingerprint("good")).asc"
        try fixture.write(name, Array("nothing".utf8))
        let removed = try fixture.store.remove(fingerprint: nil, source: "ours", from: fixture.directory)
        #expect(removed == [fixture.directory + "/" + name])
    }

    @Test func `a disabled key is not accepted until it is added again`() throws {
        let fixture = StoreFixture()
        let key = try fixture.add("good", fileNames: ["a*"])
        let fingerprint = try fixture.keys.fingerprint("good")
        let path = try fixture.store.disable(fingerprint: fingerprint, source: "ours", in: fixture.directory)
        #expect(path == fixture.directory + "/ours/\(fingerprint).disabled")
        let contents = try fixture.store.contents()
        #expect(contents.keys.keys.isEmpty)
        #expect(contents.disabled.keys == [key])
        #expect(contents.problems.isEmpty)
        try fixture.add("good")
        #expect(try fixture.store.contents().keys.keys == [key])
    }

    @Test func `a key that another directory disables cannot be added`() throws {
        let fixture = StoreFixture()
        let system = fixture.scratch.path + "/system"
        let store = KeyStore(directories: [fixture.directory, system])
        let fingerprint = try fixture.keys.fingerprint("good")
        let path = try store.disable(fingerprint: fingerprint, source: "ours", in: system)
        let refusal = refusal {
            try store.add(
                fixture.keys.bytes("good.pgp"), fingerprint: fingerprint, source: "ours", fileNames: [],
                to: fixture.directory, at: KeyFixture.now)
        }
        #expect(
            refusal == "the key \(fingerprint) is disabled for the source 'ours' by '\(path)'\n"
                + "remove that file if the key is to be accepted again")
    }
}

struct BuiltInKeyEditingTests {
    private let fingerprint = "bc528686b50d79e339d3721ceb3e94adbe1229cf"

    @Test func `a built-in key cannot be removed, and the refusal says how to stop accepting it`() throws {
        let scratch = ScratchDirectory()
        let store = KeyStore(directories: [scratch.path])
        let refusal = refusal {
            try store.remove(fingerprint: fingerprint, source: "azure-linux", from: scratch.path)
        }
        #expect(
            refusal
                == "'\(scratch.path)' has no key \(fingerprint) of the source 'azure-linux': the key \(fingerprint) "
                + "is built in\nassay keys remove --source azure-linux --disable --fingerprint \(fingerprint) "
                + "stops accepting it")
        try scratch.write("azure-linux/\(fingerprint).disabled", "")
        _ = shell("chmod -R go-w .", in: scratch.path)
        let contents = try store.contents()
        #expect(contents.problems.isEmpty)
        #expect(
            contents.keys.keys.map(\.certificate.fingerprint.description) == [
                "2bc94fff7015a5f28f1537ad0cd9fed33135ce90"
            ])
        #expect(contents.disabled.keys.map(\.certificate.fingerprint.description) == [fingerprint])
    }

    @Test func `a copy of a built-in key adds its patterns and is its origin`() throws {
        let scratch = ScratchDirectory()
        _ = shell("chmod go-w .", in: scratch.path)
        let store = KeyStore(directories: [scratch.path])
        let key = try store.add(
            vector("MICROSOFT-METADATA-GPG-KEY"), fingerprint: fingerprint, source: "azure-linux", fileNames: ["x*"],
            to: scratch.path, at: KeyFixture.now)
        let keys = try store.contents().keys.keys
        #expect(keys.map(\.origin) == [key.origin, "built in"])
        #expect(keys.allSatisfy { $0.fileNames.first == "x*" && $0.fileNames.contains("*.azl3.*.rpm") })
    }
}
