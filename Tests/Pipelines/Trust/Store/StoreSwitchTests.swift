import AssayFileSystem
import AssaySubjects
import AssayTestSupport
import AssayTrustStore
import Synchronization
import Testing

@testable import AssayTrust

struct StoreSwitchTests {
    let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private var store: String { fixture.path + StoreFixture.store.description }

    @Test func `a new store is read through every public name and every link`() throws {
        let result = try fixture.publish(1)
        #expect(result.isChanged && result.converted.isEmpty && result.warnings.isEmpty)
        #expect(try fixture.seen() == StoreFixture.expected(1))
        #expect(try fixture.own() == ["current", result.generation, "lock"])
        #expect(result.linksMade.count == 4)
        let modes = shell("stat -L -c %a pem pem/tls-ca-bundle.pem pem/directory-hash legacy .assay java", in: store)
        #expect(modes.text == "755\n444\n755\n755\n755\n755\n")
        #expect(
            shell("readlink pem/directory-hash java/cacerts legacy .assay-manifest", in: store).text == """
                ../.assay/current/pem/directory-hash
                ../.assay/current/java/cacerts
                .assay/current/legacy
                .assay/current/.assay-manifest

                """)
        #expect(
            shell("readlink 00000001.0", in: fixture.path + "/etc/pki/tls/certs").text
                == "../../ca-trust/extracted/.assay/current/legacy/00000001.0\n")
    }

    @Test func `the same content again changes nothing`() throws {
        try fixture.publish(1)
        let before = shell("find . -printf '%p %i %T@ %C@\\n' | sort", in: store).text
        let killer = Killer(at: 0, once: true)
        let result = try fixture.publish(1, step: killer.step)
        #expect(!result.isChanged)
        #expect(killer.count.withLock { $0 } == 0)
        #expect(shell("find . -printf '%p %i %T@ %C@\\n' | sort", in: store).text == before)
    }

    @Test func `the next store takes the place of all, and its links follow`() throws {
        try fixture.publish(1)
        let result = try fixture.publish(5)
        #expect(try fixture.seen() == StoreFixture.expected(5))
        #expect(try fixture.own() == ["current", result.generation, "lock"])
        #expect(result.linksMade.count == 2 && result.linksRemoved.count == 2)
    }

    @Test func `update-ca-trust's files become links, and nobody else's are touched`() throws {
        try fixture.makeForeign()
        let old = try fixture.seen()
        let new = StoreFixture.expected(1).merging(["links/mine.crt": "mine\n"]) { first, _ in first }
        let names = Mutex<Set<Int>>([])
        let fixture = fixture
        let result = try fixture.publish(1) { step in
            // What is seen changes in one step only, whatever is read in between.
            let seen = try fixture.seen()
            let isOld = seen == old
            #expect(isOld || seen == new, "\(step)")
            _ = names.withLock { $0.insert(isOld ? 0 : 1) }
        }
        #expect(names.withLock { $0 } == [0, 1])
        #expect(result.converted.count == 7)
        #expect(result.movedAside.map(\.description) == ["\(StoreFixture.store)/pem/directory-hash.before-assay"])
        #expect(shell("cat README pem/directory-hash.before-assay/A.pem", in: store).text == "kept\none\n")
        #expect(shell("readlink elsewhere", in: fixture.path + "/etc/pki/tls/certs").text == "../misc\n")
        #expect(try fixture.own() == ["current", result.generation, "lock"])
    }

    @Test func `a file that update-ca-trust wrote again is taken over again`() throws {
        try fixture.publish(1)
        shell("rm pem/tls-ca-bundle.pem java/cacerts && echo p11-kit > pem/tls-ca-bundle.pem", in: store)
        let old = try fixture.seen()
        let fixture = fixture
        let result = try fixture.publish(1) { step in
            let seen = try fixture.seen()
            #expect(seen == old || seen == StoreFixture.expected(1), "\(step)")
        }
        #expect(result.converted.map(\.lastName) == ["tls-ca-bundle.pem"])
        #expect(result.generation.hasSuffix(".1"))
        #expect(try fixture.seen() == StoreFixture.expected(1))
    }

    @Test func `a file that stays the same is shared with the generation before, unless it was tampered with`() throws {
        try fixture.publish(1)
        let numbers =
            "stat -L -c '%i %a %h' legacy/00000064.pem legacy/00000001.pem pem/tls-ca-bundle.pem pem/directory-hash/*1.pem"
        let first = shell(numbers, in: store).text.split(separator: "\n")
        #expect(try fixture.publish(1).isChanged == false)
        shell("chmod 666 legacy/00000001.pem", in: store)
        #expect(try fixture.publish(1).isChanged)
        let second = shell(numbers, in: store).text.split(separator: "\n")
        #expect(second[0] == first[0] && second[2] == first[2])
        #expect(second[1] != first[1] && second[1].hasSuffix(" 444 2"))
        // Both folders have the file, which is one.
        #expect(second[1] == second[3])
    }

    @Test func `a damaged generation is written again`() throws {
        let first = try fixture.publish(1)
        shell("chmod 644 legacy/00000001.pem && echo x > legacy/00000001.pem", in: store)
        let second = try fixture.publish(1)
        #expect(second.isChanged && second.generation == first.generation + ".1")
        shell("touch pem/directory-hash/extra", in: store)
        let third = try fixture.publish(1)
        #expect(third.isChanged && third.generation == first.generation)
        #expect(try fixture.seen() == StoreFixture.expected(1))
    }

    @Test func `an output that is no longer offered loses its name`() throws {
        try fixture.publish(1)
        let outputs: [StoreOutput] = [.tlsBundle, .directoryHash]
        let files = [StoreFile(path: "pem/tls-ca-bundle.pem", content: .bytes([]))]
        try StoreSwitch(root: fixture.root(), store: StoreFixture.store, linkDirectory: StoreFixture.links).publish(
            files, outputs: outputs, manifest: StoreFixture.manifest(files, outputs: outputs))
        #expect(try fixture.seen() == ["pem/tls-ca-bundle.pem": ""])
        #expect(shell("ls -A pem java legacy ../../tls/certs", in: store).text.contains("cacerts") == false)
        #expect(shell("ls -A pem", in: store).text == "directory-hash\ntls-ca-bundle.pem\n")
    }

    @Test func `a folder that is missing is made, and the root may be the store`() throws {
        let files = StoreFixture.files(1)
        let manifest = StoreFixture.manifest(files)
        shell("mkdir out", in: fixture.path)
        let out = try WritableDirectory(path: fixture.path + "/out")
        try StoreSwitch(root: out, store: .root).publish(files, outputs: StoreFixture.outputs, manifest: manifest)
        #expect(StoreState.read(out.reader, store: .root).problems.isEmpty)
        try StoreSwitch(root: out, store: "/new/deep", linkDirectory: "/certs")
            .publish(files, outputs: StoreFixture.outputs, manifest: manifest)
        #expect(shell("cat out/certs/00000064.0", in: fixture.path).text == "CA 100\n")
    }

    @Test(arguments: [
        ("mkdir pem/tls-ca-bundle.pem", "pem/tls-ca-bundle.pem"),
        ("mkfifo pem/tls-ca-bundle.pem", "pem/tls-ca-bundle.pem"),
        ("mkdir x && ln -s ../x pem/directory-hash", "pem/directory-hash"),
        ("touch pem/directory-hash", "pem/directory-hash"),
        ("mkdir x && ln -s x java", "java"), ("mkdir x && ln -s x .assay", ".assay"), ("touch .assay", ".assay"),
        ("mkdir -p .assay/current", ".assay/current"),
        ("touch ../../tls/certs/00000001.pem", "00000001.pem"),
        ("ln -s /etc/passwd ../../tls/certs/00000001.0", "00000001.0"),
        ("mkdir ../../tls/certs/00000001.0", "00000001.0"),
        ("rm -r ../../tls/certs; ln -s ../ca-trust/extracted/pem ../../tls/certs", "/etc/pki/ca-trust/extracted/pem"),
    ])
    func `what is in the way is an error before anything changes`(script: String, path: String) throws {
        try fixture.makeForeign()
        shell("rm -rf pem/tls-ca-bundle.pem pem/directory-hash java; " + script, in: store)
        let list = "find . -name .assay -prune -o -printf '%p %y %l\\n' | sort"
        let before = shell(list, in: fixture.path).text
        let directories = ["java", "openssl", "edk2"]
        #expect {
            try fixture.publish(1)
        } throws: { error in
            guard let error = error as? StoreSwitchError else { return false }
            return error.code == .conflict && error.paths.count == 1 && error.paths[0].hasSuffix(path)
        }
        let after = shell(list, in: fixture.path).text.split(separator: "\n")
            .filter { line in !directories.contains { line.hasPrefix(".\(StoreFixture.store)/\($0) d") } }
        let known = before.split(separator: "\n")
            .filter { line in !directories.contains { line.hasPrefix(".\(StoreFixture.store)/\($0) d") } }
        #expect(after == known)
    }

    @Test func `somebody's link to a file is replaced, its file stays`() throws {
        shell(
            "mkdir -p java && echo mine > cacerts && ln -s ../cacerts java/cacerts && ln -s gone pem/tls-ca-bundle.pem",
            in: store)
        let result = try fixture.publish(1)
        #expect(result.converted.count == 2)
        #expect(try fixture.seen() == StoreFixture.expected(1))
        #expect(shell("cat cacerts", in: store).text == "mine\n")
    }

    @Test func `pairs of bundle2pem.sh are left alone and reported`() throws {
        let certs = fixture.path + "/etc/pki/tls/certs"
        shell(
            "echo a > 00000001.pem; ln -s 00000001.pem 00000001.0; echo b > 0badcafe.pem; ln -s 0badcafe.pem 0badcafe.0",
            in: certs)
        let result = try fixture.publish(1)
        #expect(result.foreignPairs.map(\.lastName) == ["00000001.0", "00000001.pem", "0badcafe.0", "0badcafe.pem"])
        #expect(result.linksMade.count == 2)
        #expect(shell("cat 00000001.0 0badcafe.0", in: certs).text == "a\nb\n")
        #expect(try fixture.publish(1).foreignPairs.count == 4)
    }

    @Test func `links into another place of the store are led to the new one`() throws {
        let certs = fixture.path + "/etc/pki/tls/certs"
        shell("ln -s /old/.assay/current/legacy/00000001.0 00000001.0", in: certs)
        shell("mkdir -p ssl && ln -s ../etc/pki/tls/certs ssl/certs", in: fixture.path)
        try fixture.publish(1, links: "/ssl/certs")
        #expect(try fixture.seen() == StoreFixture.expected(1))
    }

    static let badFiles: [(StoreFile, String)] = [
        (StoreFile(path: "pem/other.pem", content: .bytes([])), "belongs to no output, or is there twice"),
        (StoreFile(path: "legacy/../x", content: .bytes([])), "belongs to no output, or is there twice"),
        (StoreFile(path: "legacy/..", content: .bytes([])), "belongs to no output, or is there twice"),
        (StoreFile(path: "legacy/", content: .bytes([])), "belongs to no output, or is there twice"),
        (StoreFile(path: "legacy/a", content: .link("../a")), "belongs to no output, or is there twice"),
        (StoreFile(path: "java/cacerts", content: .link("a")), "belongs to no output, or is there twice"),
        (StoreFile(path: "pem/tls-ca-bundle.pem", content: .bytes([])), "belongs to no output, or is there twice"),
        (StoreFile(path: ".assay-manifest", content: .bytes([])), "belongs to no output, or is there twice"),
    ]

    @Test(arguments: badFiles)
    func `files that are no store are refused`(file: StoreFile, reason: String) throws {
        #expect {
            try StoreSwitch(root: fixture.root(), store: StoreFixture.store).publish(
                StoreFixture.files(1) + [file], outputs: StoreFixture.outputs, manifest: [1])
        } throws: {
            let error = $0 as? StoreSwitchError
            return error?.code == .badContent && error?.reason == reason
        }
        #expect {
            try StoreSwitch(root: fixture.root(), store: StoreFixture.store)
                .publish([], outputs: [.edk2], manifest: [1])
        } throws: {
            ($0 as? StoreSwitchError)?.reason == "the output has no file"
        }
    }
}
