import AssayPackageSources
import AssayTestSupport
import Foundation
import Testing

private func list(_ text: String) -> AptSources { AptSources(Array(text.utf8), path: "/etc/apt/sources.list") }

private func deb822(_ text: String) -> AptSources { AptSources(Array(text.utf8), path: "/etc/apt/x.sources") }

private let stanzas = """
    # Debian
    Types: deb deb-src
    URIs: https://deb.example/debian
     http://mirror.example/debian
    Suites: stable stable-updates
    Components: main contrib
    Enabled: yes
    Trusted: no
    Allow-Insecure: yes
    check-valid-until: no
    Signed-By:
     -----BEGIN PGP PUBLIC KEY BLOCK-----
     .
     mQINBF
     -----END PGP PUBLIC KEY BLOCK-----

    Types: deb
    URIs: file:/srv/flat
    Suites: ./
    Enabled: no
    Signed-By: /usr/share/keyrings/a.gpg, /b.asc 0123456789ABCDEF0123456789ABCDEF01234567
    """

struct AptSourcesTests {
    @Test func `a line with options is read`() throws {
        let result = list(
            """
            # all
            deb [signed-by=/usr/share/keyrings/x.gpg trusted=yes allow-insecure=no check-valid-until=no arch=amd64,arm64 arch+=i386] https://deb.example/debian stable main contrib # rest
            deb-src http://deb.example/debian flat/
            """)
        #expect(result.diagnostics.isEmpty)
        let first = try #require(result.sources.first)
        #expect(first.type == "deb" && first.uri == "https://deb.example/debian" && first.suite == "stable")
        #expect(first.components == ["main", "contrib"])
        #expect(first.signedBy == .keys(files: ["/usr/share/keyrings/x.gpg"], fingerprints: []))
        #expect(first.trusted == true && first.allowsInsecure == false && first.checksValidUntil == false)
        #expect(first.allowsWeak == nil && first.checksDate == nil)
        #expect(first.options["architectures"] == "amd64,arm64" && first.options["architectures-add"] == "i386")
        #expect(first.position.line == 2)
        #expect(result.sources[1].signedBy == .anyTrustedKey)
        #expect(result.sources[1].scheme == "http")
        #expect(AptSources.defaultKeyPaths == ["/etc/apt/trusted.gpg", "/etc/apt/trusted.gpg.d"])
    }

    @Test func `stanzas multiply types, URIs and suites`() {
        let result = deb822(stanzas)
        #expect(result.diagnostics.isEmpty)
        #expect(result.sources.count == 9)
        #expect(Set(result.sources.map(\.position.line)) == [2, 17])
        let first = result.sources[0]
        #expect(first.trusted == false && first.allowsInsecure == true && first.checksValidUntil == false)
        #expect(
            first.signedBy
                == .embedded("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBF\n-----END PGP PUBLIC KEY BLOCK-----"))
        let last = result.sources[8]
        #expect(!last.isEnabled && last.uri == "file:/srv/flat" && last.suite == "./")
        #expect(
            last.signedBy
                == .keys(
                    files: ["/usr/share/keyrings/a.gpg", "/b.asc"],
                    fingerprints: ["0123456789ABCDEF0123456789ABCDEF01234567"]))
    }

    @Test(arguments: [
        ("rpm http://x/ a b", "'rpm' is not a type of source"),
        ("deb [trusted=yes http://x/ a b", "options without ']'"),
        ("deb [ trusted = yes ] http://x/ a b", "'trusted' is no option"), ("deb x a b", "'x' is not a URI"),
        ("deb http://x/", "no suite"), ("deb http://x/ a", "no components"),
        ("deb http://x/ a/ b", "components behind an exact path"),
    ])
    func `a malformed line is reported`(line: String, reason: String) {
        let result = list("\n" + line + "\n")
        #expect(result.sources.isEmpty)
        #expect(result.diagnostics.map(\.reason) == [reason])
        #expect(result.diagnostics[0].position.line == 2)
    }

    @Test(arguments: [
        ("URIs: http://x/\nSuites: a\nComponents: b", "a stanza without types"),
        ("Types: deb\nSuites: a\nComponents: b", "a stanza without URIs"),
        ("Types: deb\nURIs: http://x/\nComponents: b", "a stanza without suites"),
        ("Types: deb\nURIs: http://x/\nSuites: a", "no components"),
        ("Types: deb\nURIs: http://x/\nSuites: a/\nComponents: b", "components behind an exact path"),
        ("Types: rpm\nURIs: http://x/\nSuites: a\nComponents: b", "'rpm' is not a type of source"),
    ])
    func `a malformed stanza is reported`(text: String, reason: String) {
        let result = deb822(text)
        #expect(result.sources.isEmpty)
        #expect(result.diagnostics.map(\.reason) == [reason])
    }

    /// What apt would download first, or nil when it refuses the file.
    private func releases(_ name: String, _ text: String) throws -> Set<String>? {
        try withDirectory { directory in
            try write(text, to: directory + "/etc/apt/" + name)
            try write("", to: directory + "/var/lib/dpkg/status")
            for folder in ["var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "etc/apt/sources.list.d"] {
                try FileManager.default.createDirectory(
                    atPath: directory + "/" + folder, withIntermediateDirectories: true)
            }
            let (output, status) = try run([
                "apt-get", "update", "--print-uris", "-o", "Dir=" + directory, "-o",
                "Dir::State::status=" + directory + "/var/lib/dpkg/status", "-o", "Acquire::Languages=none",
            ])
            guard status == 0 else { return nil }
            let uris = output.split(separator: "\n").compactMap { $0.split(separator: "'").first.map(String.init) }
            return Set(uris.filter { $0.hasSuffix("InRelease") })
        }
    }

    /// What these sources make of it.
    private func releases(_ sources: AptSources) -> Set<String>? {
        guard sources.diagnostics.isEmpty else { return nil }
        return Set(
            sources.sources.filter(\.isEnabled).map { source in
                let base = source.uri.hasSuffix("/") ? source.uri : source.uri + "/"
                if source.suite.hasSuffix("/") {
                    return base + source.suite + "InRelease"
                }
                return base + "dists/" + source.suite + "/InRelease"
            })
    }

    @Test(
        .enabled(if: hasTool("/usr/bin/apt-get")),
        arguments: [
            "deb http://a.example/d stable main", "deb [trusted=yes] https://a.example/d stable main # c",
            "deb [arch=amd64 signed-by=/x.gpg ] https://a.example/d stable main", "deb http://a.example/d ./",
            "deb http://a.example/d flat/", "deb http://a.example/d stable", "deb http://a.example/d flat/ main",
            "deb [ trusted = yes ] http://a.example/d a b", "rpm http://a.example/d a b", "deb http://a.example/d",
            "deb\thttp://a.example/d\tstable\tmain", "  deb http://a.example/d stable main",
            "# deb http://a.example/d a b",
            "deb-src http://a.example/d stable main\ndeb http://b.example/ x y z", "deb a b c",
        ])
    func `apt reads the same lines`(text: String) throws {
        #expect(try releases("sources.list", text + "\n") == releases(list(text + "\n")))
    }

    @Test(
        .enabled(if: hasTool("/usr/bin/apt-get")),
        arguments: [
            "Types: deb\nURIs: http://a.example/d\nSuites: a b\nComponents: main\n",
            "Types: deb deb-src\nURIs: http://a.example/d http://b.example/\nSuites: a\nComponents: main\nEnabled: no\n",
            "Types: deb\nURIs: http://a.example/d\nSuites: a\nComponents: main\nEnabled: false\n\n\ntypes: deb\nuris: http://c.example/\nsuites: x/\n",
            "Types: deb\nURIs:\n http://a.example/d\n http://b.example/d\nSuites: a\n# comment\nComponents: main\n",
            "Types: deb\nURIs: http://a.example/d\nSuites: a\n",
            "Types: deb\nURIs: http://a.example/d\nSuites: a/\nComponents: m\n",
            "Types: rpm\nURIs: http://a.example/d\nSuites: a\nComponents: m\n",
            "URIs: http://a.example/d\nSuites: a\nComponents: m\n",
            "Types: deb\nSuites: a\nComponents: m\n",
        ])
    func `apt reads the same stanzas`(text: String) throws {
        #expect(try releases("sources.list.d/x.sources", text) == releases(deb822(text)))
    }

    @Test func `lists that multiply beyond reason are refused at once`() {
        let many = String(repeating: "a ", count: 20_000)
        let result = deb822("Types: \(many)\nURIs: \(many)\nSuites: \(many)\n")
        #expect(result.sources.isEmpty)
        #expect(result.diagnostics.last?.reason == "too many sources")
    }

    @Test(arguments: [" .\n", " a\n", "A:\n", "\n", "deb [", "A"])
    func `a file of one thing over and over ends soon`(piece: String) {
        let bytes = Array(("F: x\n" + String(repeating: piece, count: 200_000 / piece.utf8.count)).utf8)
        let time = ContinuousClock().measure {
            _ = AptSources(bytes, path: "a.sources")
            _ = AptSources(bytes, path: "a.list")
            _ = INIDocument(Array("[r]\n".utf8) + bytes, path: "a.repo")
        }
        #expect(time < .seconds(5))
    }

    @Test func `truncated and mutated files never crash`() {
        let line = "deb [signed-by=/x.gpg trusted=yes] cdrom:[a disc]/ stable%20x main # c\n"
        var random = SeededNumbers(state: 9)
        for bytes in [Array(stanzas.utf8), Array(line.utf8)] {
            for count in 0..<bytes.count {
                _ = AptSources(Array(bytes[..<count]), path: "a.sources")
                _ = AptSources(Array(bytes[..<count]), path: "a.list")
            }
            for _ in 0..<1000 {
                let copy = random.mutate(bytes)
                _ = AptSources(copy, path: "a.sources")
                _ = AptSources(copy, path: "a.list")
            }
        }
    }
}
