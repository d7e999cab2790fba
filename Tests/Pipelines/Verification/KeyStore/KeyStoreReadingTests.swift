import AssayFacts
import AssayOpenPGP
import AssayTestSupport
import AssayVerification
import Foundation
import Testing

struct KeyStoreReadingTests {
    private static let fingerprint = "bc528686b50d79e339d3721ceb3e94adbe1229cf"
    private static let file = "MICROSOFT-METADATA-GPG-KEY"

    @Test(arguments: [
        ("ours/KEY.asc", "neither 'FINGERPRINT.pgp', 'FINGERPRINT.asc' nor 'FINGERPRINT.disabled'", false),
        ("ours/\(fingerprint.uppercased()).asc", "with 40 or 64 lower-case hexadecimal digits", false),
        ("ours/\(fingerprint).gpg", "neither 'FINGERPRINT.pgp'", false),
        ("ours/\(fingerprint).asc.partial-1", "neither 'FINGERPRINT.pgp'", false),
        ("ours/\(fingerprint).asc/x", "not a regular file", false),
        (
            "ours/2bc94fff7015a5f28f1537ad0cd9fed33135ce90.asc", "holds the certificate \(fingerprint), which is not",
            true
        ),
        ("\(fingerprint).asc", "not a folder; a key belongs into the folder of its source", false),
        ("Ours/\(fingerprint).asc", "no name of a source", false),
        ("ours /\(fingerprint).asc", "no name of a source", false),
    ])
    func `what is out of place is a problem`(_ name: String, _ says: String, _ isMalformed: Bool) throws {
        let fixture = StoreFixture()
        try fixture.write(name, vector(Self.file))
        try fixture.write("theirs/\(Self.fingerprint).asc", vector(Self.file))
        let contents = try fixture.store.contents()
        #expect(contents.keys.keys.map(\.source) == ["theirs"])
        let problem = try #require(contents.problems.first)
        #expect(contents.problems.count == 1)
        #expect(problem.reason.contains(says), "\(problem)")
        #expect(problem.isMalformed == isMalformed)
        #expect((fixture.directory + "/" + name).hasPrefix(problem.place.path), "\(problem)")
    }

    @Test(arguments: [
        ("", "the input is empty"), ("no key", "the input is neither a packet nor armored text"),
        ("-----BEGIN PGP PUBLIC KEY BLOCK-----\n", "armor"), ("\u{99}", "the packet at 0 is cut off"),
    ])
    func `a file that is no certificate is a problem`(_ text: String, _ says: String) throws {
        let fixture = StoreFixture()
        try fixture.write("ours/\(Self.fingerprint).asc", Array(text.utf8))
        let contents = try fixture.store.contents()
        #expect(contents.keys.keys.isEmpty)
        #expect(contents.problems.count == 1)
        #expect(contents.problems.first?.isMalformed == true)
        #expect(contents.problems.first?.reason.contains(says) == true, "\(contents.problems)")
    }

    @Test func `a file of two certificates is a problem`() throws {
        let fixture = StoreFixture()
        try fixture.write("ours/\(Self.fingerprint).asc", vector(Self.file) + vector("MICROSOFT-RPM-GPG-KEY"))
        #expect(try fixture.store.contents().problems.map(\.reason) == ["holds 2 certificates, and must hold one"])
    }

    @Test func `copies in one folder and in several directories are one key`() throws {
        let fixture = StoreFixture()
        for suffix in ["asc", "pgp"] {
            try fixture.write("ours/\(Self.fingerprint).\(suffix)", vector(Self.file))
        }
        try fixture.scratch.write("system/ours/\(Self.fingerprint).asc", vector(Self.file))
        try fixture.scratch.write("system/ours/file-names", "s*\n")
        try fixture.write("ours/file-names", Array("u*\n".utf8))
        _ = shell("chmod -R go-w .", in: fixture.scratch.path)
        let store = KeyStore(
            directories: [fixture.directory, fixture.scratch.path + "/system"], hasBuiltInKeys: false)
        let contents = try store.contents()
        #expect(contents.problems.isEmpty)
        #expect(contents.keys.keys.map(\.origin) == [fixture.directory + "/ours/\(Self.fingerprint).asc"])
        #expect(contents.keys.keys.map(\.fileNames) == [["u*", "s*"]])
    }

    @Test(arguments: [
        ("keys", "", "the group may write to it (mode 775): not used", "g+w"),
        ("keys", "", "everybody may write to it (mode 757): not used", "o+w"),
        ("keys/ours", "/ours", "the group may write to it (mode 775): not used", "g+w"),
        ("keys/ours/\(fingerprint).asc", "/ours/\(fingerprint).asc", "everybody may write to it (mode 646)", "o+w"),
        ("keys/ours/file-names", "/ours/file-names", "the group may write to it (mode 664): not used", "g+w"),
    ])
    func `what others may write to is not used`(
        _ path: String, _ place: String, _ says: String, _ change: String
    ) throws {
        let fixture = StoreFixture()
        try fixture.write("ours/\(Self.fingerprint).asc", vector(Self.file))
        try fixture.write("ours/file-names", Array("u*\n".utf8))
        _ = shell("chmod -R u=rwX,go=rX keys; chmod \(change) \(path)", in: fixture.scratch.path)
        let contents = try fixture.store.contents()
        #expect(contents.keys.keys.map(\.fileNames) == (path.hasSuffix("file-names") ? [[]] : []))
        let problem = try #require(contents.problems.first)
        #expect(problem.reason.hasPrefix(says))
        #expect(!problem.isMalformed)
        #expect(problem.place.path == fixture.directory + place)
    }

    @Test func `lines that are no patterns are problems with their numbers, and the others count`() throws {
        let fixture = StoreFixture()
        try fixture.write("ours/\(Self.fingerprint).asc", vector(Self.file))
        try fixture.write("ours/file-names", Array("# ours\r\na/b\n\nx*\r\n".utf8) + [0xFF, 0x0A] + Array("y".utf8))
        let contents = try fixture.store.contents()
        #expect(contents.keys.keys.map(\.fileNames) == [["x*", "y"]])
        #expect(contents.problems.map(\.place.line) == [2, 5])
        #expect(contents.problems.map(\.isMalformed) == [true, true])
        #expect(contents.problems.last?.reason == "the line is not UTF-8")
    }

    @Test func `patterns without a key are a problem`() throws {
        let fixture = StoreFixture()
        try fixture.write("ours/file-names", Array("x*\n".utf8))
        let problems = try fixture.store.contents().problems
        #expect(problems.map(\.reason) == ["the source has names of files and no key"])
        #expect(problems.map(\.place.path) == [fixture.directory + "/ours/file-names"])
    }

    @Test func `names are escaped where they are shown`() throws {
        let fixture = StoreFixture()
        try fixture.write("ours/a\u{1B}[31m", [])
        #expect(try fixture.store.contents().problems.map(\.place.path) == [fixture.directory + "/ours/a\\x1b[31m"])
    }

    @Test func `a link does not lead out of the directory`() throws {
        let fixture = StoreFixture()
        try fixture.scratch.write("outside.asc", vector(Self.file))
        try fixture.write("ours/file-names", [])
        _ = shell(
            "ln -s ../../outside.asc keys/ours/\(Self.fingerprint).asc; ln -s ours keys/theirs",
            in: fixture.scratch.path)
        let contents = try fixture.store.contents()
        #expect(contents.keys.keys.isEmpty)
        #expect(contents.problems.map(\.reason).contains("no such file or directory"))
        #expect(contents.problems.map(\.place.path).contains(fixture.directory + "/theirs"))
    }

    @Test func `a directory that is a file is a problem`() throws {
        let scratch = ScratchDirectory()
        try scratch.write("keys", "")
        let contents = try KeyStore(directories: [scratch.path + "/keys"], hasBuiltInKeys: false).contents()
        #expect(contents.problems.map(\.reason) == ["not a directory"])
    }

    @Test(arguments: [
        ("for i in $(seq 257); do mkdir keys/s$i; done", "more than 256 sources: the rest was not read"),
        ("mkdir keys/s; for i in $(seq 999); do printf '' > keys/s/$(printf %040x $i).disabled; done", ""),
        (
            "for s in a b; do mkdir keys/$s; for i in $(seq 501); do printf '' > keys/$s/$(printf %040x $i).disabled; done; done",
            "more than 1000 files: the rest was not read"
        ),
        ("mkdir keys/s; head -c 1048577 /dev/zero > keys/s/$(printf %040x 1).pgp", "larger than 1048576 bytes"),
        (
            "mkdir keys/s; seq 1000 > keys/s/file-names; printf '' > keys/s/$(printf %040x 1).disabled",
            "more than 256 patterns: the rest was not read"
        ),
    ])
    func `a store has bounds, and what is beyond is a problem`(_ script: String, _ says: String) throws {
        let fixture = StoreFixture()
        _ = shell("umask 022; mkdir keys; " + script, in: fixture.scratch.path)
        let reasons = try fixture.store.contents().problems.map(\.reason)
        #expect(says.isEmpty ? reasons.isEmpty : reasons.filter { $0 == says }.count == 1, "\(reasons.prefix(3))")
    }

    @Test func `no truncation and no change of a file makes another key accepted`() throws {
        let fixture = StoreFixture()
        let bytes = try vector(Self.file)
        let name = "ours/\(Self.fingerprint).asc"
        try fixture.write(name, bytes)
        func check(_ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(fileURLWithPath: fixture.directory + "/" + name))
            let contents = try fixture.store.contents()
            #expect(contents.keys.keys.count + contents.problems.count == 1)
            #expect(contents.keys.certificates.allSatisfy { $0.fingerprint.description == Self.fingerprint })
        }
        for count in stride(from: 0, to: bytes.count, by: 7) { try check(Array(bytes.prefix(count))) }
        var numbers = SeededNumbers(state: 4)
        for _ in 0..<200 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                changed[Int.random(in: changed.indices, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            }
            try check(changed)
        }
    }
}
