import AssayFacts
import AssayTestSupport
import Testing

@testable import AssayCollectors

struct JournalCollectorTests {
    private static let machine = "var/log/journal/0123456789abcdef0123456789abcdef/"
    private static let library = "usr/lib/systemd/libsystemd-shared-255.so"
    private static let features = "\0\0+PAM +AUDIT +SELINUX -APPARMOR +IMA +GCRYPT -GNUTLS\0"

    /// A journal file's header with the sealed flag set or not.
    private static func header(sealed: Bool) -> [UInt8] {
        var bytes = Array("LPKSHHRH".utf8) + [UInt8](repeating: 0, count: 300)
        bytes[8] = sealed ? 1 : 0
        bytes[88] = 0x00
        bytes[89] = 0x01
        return bytes
    }

    private static var key: [UInt8] {
        var bytes = Array("KSHHRHLP".utf8) + [UInt8](repeating: 0, count: 120)
        bytes[48] = 88
        return bytes
    }

    private func collect(_ tree: ServiceTree, isLive: Bool = false) throws -> JournalFacts {
        try #require(try tree.read { JournalCollector($0, isLive: isLive).collect() })
    }

    @Test func `a tree without systemd has no journal`() throws {
        let facts = try ServiceTree(["etc/hostname": "x"]).read { JournalCollector($0, isLive: false).collect() }
        #expect(facts == nil)
    }

    @Test func `defaults stand where nothing is set`() throws {
        let facts = try collect(try ServiceTree(["etc/systemd/journald.conf": "[Journal]\n#Seal=no\n"]))
        #expect(facts.storage == Sourced("auto", Place("systemd default")))
        #expect(facts.seal == Sourced(true, Place("systemd default")))
        #expect(facts.hasPersistentDirectory == .absent(Place("/var/log/journal")))
        #expect(facts.hasGcrypt == .absent(Place("/usr/lib/systemd/libsystemd-shared-*.so")))
        #expect(facts.sealingKeys == [])
        #expect(facts.gaps == [])
    }

    @Test func `drop-ins are merged by name, and a mask hides one`() throws {
        let tree = try ServiceTree(
            [
                "etc/systemd/journald.conf": "[Journal]\nStorage=none\nSeal=yes\n",
                "usr/lib/systemd/journald.conf.d/10-vendor.conf": "[Journal]\nSeal=no\n",
                "usr/lib/systemd/journald.conf.d/20-hidden.conf": "[Journal]\nSeal=yes\n",
                "etc/systemd/journald.conf.d/30-admin.conf": "[Journal]\nStorage=persistent\n",
                "run/systemd/journald.conf.d/40-run.conf": "[Journal]\nStorage=volatile\n",
            ], links: ["etc/systemd/journald.conf.d/20-hidden.conf": "/dev/null"])
        let facts = try collect(tree)
        #expect(facts.storage == Sourced("persistent", Place("/etc/systemd/journald.conf.d/30-admin.conf", line: 2)))
        #expect(facts.seal == Sourced(false, Place("/usr/lib/systemd/journald.conf.d/10-vendor.conf", line: 2)))
        #expect(facts.gaps == [])
        #expect(try collect(tree, isLive: true).storage.value == "volatile")
    }

    @Test func `keys, sealed files and the feature string are found`() throws {
        let tree = try ServiceTree(["usr/lib/systemd/system/a.service": "", Self.library: Self.features])
        try tree.directory.write(Self.machine + "fss", Self.key)
        try tree.directory.write(Self.machine + "system.journal", Self.header(sealed: true))
        try tree.directory.write(Self.machine + "user-1000.journal", Self.header(sealed: false))
        let facts = try collect(tree)
        #expect(facts.sealingKeys == [Place("/" + Self.machine + "fss")])
        #expect(facts.files == 2)
        #expect(facts.sealedFiles == 1)
        #expect(facts.hasPersistentDirectory == .found(true, Place("/var/log/journal")))
        #expect(facts.hasGcrypt == .found(true, Place("/" + Self.library, offset: 2)))
        #expect(facts.gaps == [])
    }

    @Test(arguments: [
        ("usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-252.so", "+PAM +AUDIT +IMA +SMACK -GCRYPT", false),
        ("usr/lib64/systemd/libsystemd-shared-256.so", "-PAM +AUDIT +IMA +SMACK +GCRYPT", true),
        ("lib/systemd/systemd", "+PAM +AUDIT +IMA +SMACK +GCRYPT", true),
    ])
    func `the library is found where distributions have it`(path: String, text: String, isIn: Bool) throws {
        let facts = try collect(try ServiceTree(["usr/lib/systemd/system/a.service": "", path: "x" + text + "\0"]))
        #expect(facts.hasGcrypt == .found(isIn, Place("/" + path, offset: 1)))
    }

    @Test func `a library without a feature string is no answer`() throws {
        let facts = try collect(try ServiceTree(["usr/lib/systemd/system/a.service": "", Self.library: "nothing"]))
        #expect(facts.hasGcrypt.unreadableReason == "no list of features was found in it")
    }

    @Test func `what is neither a key nor a journal is a gap`() throws {
        let tree = try ServiceTree([
            "usr/lib/systemd/system/a.service": "", Self.machine + "fss": "x", Self.machine + "system.journal": "y",
        ])
        let facts = try collect(tree)
        #expect(facts.sealingKeys == [])
        #expect(facts.files == 0)
        #expect(facts.gaps.map(\.reason) == ["not a sealing key", "not a journal file"])
    }

    @Test func `no more than 200 journal files are read`() throws {
        let tree = try ServiceTree(["usr/lib/systemd/system/a.service": ""])
        try tree.directory.write(Self.machine + "a.journal", Self.header(sealed: true))
        tree.run("cd \(Self.machine) && for i in $(seq 300); do cp a.journal b$i.journal; done")
        #expect(try collect(tree).files == 200)
    }
}
