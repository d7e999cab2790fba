import AssayFacts
import AssayFileSystem
import AssayTestSupport
import Foundation
import Testing

@testable import AssayCollectors

/// A small root directory that a test fills.
struct UpdateTree {
    let scratch = ScratchDirectory()

    init(_ files: [String: String] = [:]) throws {
        for (path, text) in files { try scratch.write(path, text) }
    }

    var reader: SubjectReader {
        get throws { SubjectReader(root: try RootedDirectory(path: scratch.path)) }
    }

    func collect() throws -> UpdateFacts { try reading { UpdateCollector($0).collect() } }

    /// What `body` reads while the directory is there.
    func reading<Result>(_ body: (SubjectReader) throws -> Result) throws -> Result {
        try withExtendedLifetime(scratch) { try body(reader) }
    }
}

struct UpdateCollectorTests {
    private static let repository = """
        [base]
        name=Base
        baseurl=https://example.org/$releasever
        gpgkey=file:///etc/pki/rpm-gpg/KEY
        gpgcheck=1
        repo_gpgcheck=1
        enabled=1
        skip_if_unavailable=True

        [debug]
        baseurl=http://example.org/debug
        gpgcheck=0
        enabled=0
        """

    @Test func `a subject without package sources has none and no gaps`() throws {
        #expect(try UpdateTree().collect() == UpdateFacts())
    }

    @Test func `repositories have their keys, addresses and places`() throws {
        let facts = try UpdateTree([
            "etc/yum.repos.d/azure.repo": UpdateCollectorTests.repository, "etc/pki/rpm-gpg/KEY": "key",
        ]).collect()
        #expect(facts.gaps.isEmpty)
        #expect(facts.repositories.map(\.name) == ["base", "debug"])
        let base = try #require(facts.repositories.first)
        #expect(base.isEnabled && base.checksPackages && base.checksMetadata && base.checksCertificates)
        #expect(base.keys == [UpdateFacts.Key(name: "/etc/pki/rpm-gpg/KEY", exists: true)])
        #expect(base.addresses == ["https://example.org/$releasever"])
        #expect(base.weaknesses.isEmpty)
        #expect(base.place == Place("/etc/yum.repos.d/azure.repo", line: 1))
        let debug = facts.repositories[1]
        #expect(!debug.isEnabled && !debug.checksPackages)
        #expect(debug.weaknesses.map(\.value) == ["its metadata comes over http without a signature"])
        #expect(debug.weaknesses.map(\.place.line) == [11])
    }

    @Test func `what a repository does not say comes from the manager that is installed`() throws {
        let files = ["etc/yum.repos.d/a.repo": "[a]\nbaseurl=https://example.org\ngpgkey=https://example.org/KEY\n"]
        let dnf = try UpdateTree(files.merging(["usr/bin/dnf": "x"]) { $1 }).collect().repositories
        #expect(dnf.map(\.checksPackages) == [false])
        #expect(dnf.map(\.isEnabled) == [true])
        #expect(dnf[0].keys == [UpdateFacts.Key(name: "https://example.org/KEY", exists: nil)])
        let main = try UpdateTree(
            files.merging(["usr/bin/dnf": "x", "etc/dnf/dnf.conf": "[main]\ngpgcheck=1\n"]) { $1 }
        ).collect().repositories
        #expect(main.map(\.checksPackages) == [true])
        let tdnf = try UpdateTree(files.merging(["usr/bin/tdnf": "x"]) { $1 }).collect().repositories
        #expect(tdnf.map(\.checksPackages) == [true])
        #expect(tdnf.map(\.isEnabled) == [false])
        let yum = try UpdateTree(
            files.merging(["usr/bin/yum": "x", "etc/yum.conf": "[main]\ngpgcheck=1\n"]) { $1 }
        ).collect().repositories
        #expect(yum.map(\.checksPackages) == [true])
    }

    @Test func `with two managers, what either leaves open is open`() throws {
        let text = "[a]\nbaseurl=https://example.org\nenabled=1\ngpgkey=file:///KEY\n"
        let repositories = try UpdateTree([
            "etc/yum.repos.d/a.repo": text, "usr/bin/dnf": "x", "usr/bin/tdnf": "x", "KEY": "k",
        ]).collect().repositories
        #expect(repositories.map(\.checksPackages) == [false])
    }

    @Test(arguments: [
        ([:], "plugins=0"), (["etc/tdnf/tdnf.conf": "[main]\nplugins=1\n"], "is not installed"),
    ])
    func `metadata checks of tdnf need its plug-in`(_ more: [String: String], _ reason: String) throws {
        let files = ["etc/yum.repos.d/azure.repo": UpdateCollectorTests.repository, "usr/bin/tdnf": "x"]
        let base = try #require(try UpdateTree(files.merging(more) { $1 }).collect().repositories.first)
        #expect(base.checksMetadata)
        #expect(base.weaknesses.count == 1)
        #expect(base.weaknesses[0].value.hasPrefix("repo_gpgcheck=1 has no effect"))
        #expect(base.weaknesses[0].value.contains(reason))
    }

    @Test func `nothing is said of the plug-in when it is there, or tdnf is not`() throws {
        let files = ["etc/yum.repos.d/azure.repo": UpdateCollectorTests.repository]
        #expect(try UpdateTree(files).collect().repositories[0].weaknesses.isEmpty)
        let installed = files.merging([
            "usr/bin/tdnf": "x", "etc/tdnf/tdnf.conf": "[main]\nplugins=1\n",
            "usr/lib/tdnf-plugins/tdnfrepogpgcheck/libtdnfrepogpgcheck.so": "x",
        ]) { $1 }
        #expect(try UpdateTree(installed).collect().repositories[0].weaknesses.isEmpty)
    }

    @Test(
        arguments: [
            ("file:///keys/KEY-fedora-$releasever-$basearch", true), ("file:///keys/KEY-${releasever}-x86_64", true),
            ("file:///keys/KEY-centos-$releasever", false), ("file:///$basearch/KEY", nil),
            ("file:///other/KEY-$releasever", false), ("file:///keys/empty", false),
        ] as [(String, Bool?)])
    func `a key file may be named with variables`(_ key: String, _ exists: Bool?) throws {
        let facts = try UpdateTree([
            "etc/yum.repos.d/a.repo": "[a]\nbaseurl=https://example.org\ngpgkey=\(key)\n",
            "keys/KEY-fedora-42-x86_64": "key", "keys/KEY-42-x86_64": "key", "keys/empty": "",
        ]).collect()
        #expect(facts.repositories[0].keys.map(\.exists) == [exists])
    }

    @Test func `a file that is not read by the manager is a gap`() throws {
        let tree = try UpdateTree(["etc/yum.repos.d/a.repo": "[a\nbaseurl=x\n", "etc/yum.repos.d/ignored": "[b]\n"])
        let facts = try tree.collect()
        #expect(facts.gaps.map(\.place.path).allSatisfy { $0 == "/etc/yum.repos.d/a.repo" })
        #expect(!facts.gaps.isEmpty)
        shell("mkfifo etc/yum.repos.d/pipe.repo", in: tree.scratch.path)
        #expect(try tree.collect().gaps.contains { $0.place.path == "/etc/yum.repos.d/pipe.repo" })
    }

    @Test func `the sources of zypper are a gap`() throws {
        let facts = try UpdateTree(["etc/zypp/repos.d/oss.repo": "[oss]\n"]).collect()
        #expect(facts.repositories.isEmpty)
        #expect(facts.gaps.map(\.reason) == ["the sources of zypper are not evaluated"])
    }

    @Test func `a signed index over http is no weakness`() throws {
        let facts = try UpdateTree([
            "etc/apt/sources.list.d/debian.sources": """
            Types: deb deb-src
            URIs: http://deb.debian.org/debian
            Suites: bookworm bookworm-updates
            Components: main
            Signed-By: /usr/share/keyrings/debian.gpg
            """, "usr/share/keyrings/debian.gpg": "key", "etc/apt/sources.list.d/x.list.disabled": "deb x y z",
        ]).collect()
        #expect(facts.gaps.isEmpty)
        #expect(
            facts.repositories.map(\.name) == [
                "http://deb.debian.org/debian bookworm", "http://deb.debian.org/debian bookworm-updates",
            ])
        for repository in facts.repositories {
            #expect(repository.checksPackages && repository.checksMetadata && repository.checksCertificates)
            #expect(repository.weaknesses.isEmpty)
            #expect(repository.keys == [UpdateFacts.Key(name: "/usr/share/keyrings/debian.gpg", exists: true)])
        }
    }

    @Test(arguments: [
        ("deb [trusted=yes] http://e.org s main", false, ["trusted=yes"]),
        ("deb [allow-insecure=yes] http://e.org s main", false, ["allow-insecure=yes accepts it unsigned"]),
        ("deb [allow-weak=yes] http://e.org s main", true, ["allow-weak=yes accepts weak hashes"]),
        ("deb [check-valid-until=no] http://e.org s main", true, ["check-valid-until=no accepts old indexes"]),
        ("deb http://e.org s main", true, []),
    ])
    func `options of a source weaken it`(_ line: String, _ isChecked: Bool, _ weaknesses: [String]) throws {
        let facts = try UpdateTree(["etc/apt/sources.list": "# sources\n\(line)\n"]).collect()
        #expect(facts.repositories.map(\.checksPackages) == [isChecked])
        #expect(facts.repositories[0].weaknesses.map(\.value) == weaknesses)
        #expect(facts.repositories[0].place == Place("/etc/apt/sources.list", line: 2))
        #expect(facts.repositories[0].keys == [UpdateFacts.Key(name: "/etc/apt/trusted.gpg.d", exists: false)])
    }

    @Test func `settings of apt as a whole are weaknesses, but not those of https that no source uses`() throws {
        let facts = try UpdateTree([
            "etc/apt/sources.list": "deb http://e.org s main\ndeb https://f.org s main\n",
            "etc/apt/apt.conf.d/99weak":
                "APT::Get::AllowUnauthenticated \"true\";\nAcquire::https::Verify-Peer \"false\";\n",
            "etc/apt/trusted.gpg.d/a.asc": "key", "etc/apt/trusted.gpg.d/readme": "text",
        ]).collect()
        #expect(facts.weaknesses.map(\.value) == ["APT::Get::AllowUnauthenticated is true"])
        #expect(facts.weaknesses.map(\.place.path) == ["/etc/apt/apt.conf.d/99weak"])
        #expect(facts.repositories.map(\.checksCertificates) == [true, false])
        #expect(facts.repositories[0].keys == [UpdateFacts.Key(name: "/etc/apt/trusted.gpg.d/a.asc", exists: true)])
    }

    @Test func `a disabled source is listed and an embedded key is in its file`() throws {
        let facts = try UpdateTree([
            "etc/apt/sources.list.d/a.sources": """
            Enabled: no
            Types: deb
            URIs: https://e.org
            Suites: s
            Components: main
            Signed-By:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             abcd
             -----END PGP PUBLIC KEY BLOCK-----
            """
        ]).collect()
        #expect(facts.repositories.map(\.isEnabled) == [false])
        #expect(
            facts.repositories[0].keys == [UpdateFacts.Key(name: "/etc/apt/sources.list.d/a.sources", exists: true)])
    }

    @Test func `settings that lead apt elsewhere are gaps`() throws {
        let facts = try UpdateTree(["etc/apt/apt.conf": "Dir::Etc::sourcelist \"/srv/sources.list\";\n"]).collect()
        #expect(facts.gaps.count == 1)
        #expect(facts.gaps[0].place == Place("/etc/apt/apt.conf", line: 1))
    }

    @Test func `sources and keys cannot lead out of the root`() throws {
        let tree = try UpdateTree(["etc/yum.repos.d/a.repo": "[a]\ngpgkey=file:///key\n"])
        shell("ln -s /../../../../../../etc/passwd key", in: tree.scratch.path)
        #expect(try tree.collect().repositories[0].keys.map(\.exists) == [false])
    }
}
