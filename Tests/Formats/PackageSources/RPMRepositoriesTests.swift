import AssayPackageSources
import AssayTestSupport
import Testing

private let azure = """
    [azurelinux-official-base]
    name=Azure Linux Official Base $releasever $basearch
    baseurl=https://packages.microsoft.com/azurelinux/$releasever/prod/base/$basearch
    gpgkey=file:///etc/pki/rpm-gpg/MICROSOFT-RPM-GPG-KEY
    gpgcheck=1
    repo_gpgcheck=1
    enabled=1
    skip_if_unavailable=True
    sslverify=1

    [azurelinux-official-base-source]
    baseurl=http://a.example/srpms
      https://b.example/srpms, ftp://c.example/
    gpgcheck=yes
    enabled=0
    """

private func resolve(
    _ manager: RPMPackageManager, main: String? = nil, _ files: [String]
) -> RPMRepositories {
    RPMRepositories(
        manager: manager, main: main.map { INIDocument(Array($0.utf8), path: "/etc/dnf/dnf.conf") },
        files: files.enumerated().map { INIDocument(Array($0.element.utf8), path: "/r/\($0.offset).repo") })
}

struct RPMRepositoriesTests {
    @Test func `a repository of Azure Linux is read with lines`() throws {
        let result = resolve(.tdnf, [azure])
        let base = try #require(result.repositories.first)
        #expect(base.id == "azurelinux-official-base")
        #expect(base.name == "Azure Linux Official Base $releasever $basearch")
        let position = try #require(base.packageSignatures.position)
        #expect(position.description == "/r/0.repo:5")
        #expect(base.packageSignatures.value && base.metadataSignatures.value && base.enabled.value)
        #expect(base.skipIfUnavailable.value && base.certificateChecks.value)
        #expect(base.keys.map(\.localPath) == ["/etc/pki/rpm-gpg/MICROSOFT-RPM-GPG-KEY"])
        #expect(base.urls.map(\.scheme) == ["https"])
        #expect(base.urls.map(\.isProtectedTransport) == [true])
    }

    @Test func `a value may continue on indented lines`() {
        let urls = resolve(.dnf, [azure]).repositories[1].urls
        #expect(urls.map(\.scheme) == ["http", "https", "ftp"])
        #expect(urls.map(\.isProtectedTransport) == [false, true, false])
        #expect(Set(urls.map(\.position.line)) == [12])
    }

    @Test func `tdnf reads yes as false, dnf as true`() {
        let dnf = resolve(.dnf, [azure])
        let tdnf = resolve(.tdnf, [azure])
        #expect(dnf.repositories[1].packageSignatures.value)
        #expect(!tdnf.repositories[1].packageSignatures.value)
        #expect(tdnf.diagnostics.map(\.reason) == ["tdnf reads 'gpgcheck=yes' as false"])
        #expect(dnf.diagnostics.isEmpty)
    }

    @Test(arguments: RPMPackageManager.allCases)
    func `defaults are those of the manager`(manager: RPMPackageManager) {
        let repository = resolve(manager, ["[r]\nbaseurl=https://x/\n"]).repositories[0]
        let isTDNF = manager == .tdnf
        #expect(repository.enabled.value == !isTDNF && repository.enabled.origin == .builtIn(manager))
        #expect(repository.packageSignatures.value == isTDNF)
        #expect(repository.packageSignatures.origin == .builtIn(manager))
        #expect(!repository.metadataSignatures.value)
        #expect(repository.certificateChecks.value)
        #expect(!repository.skipIfUnavailable.value)
    }

    @Test func `dnf takes from main what a repository does not say, tdnf only sslverify`() {
        let main =
            "[main]\ngpgcheck=1\nrepo_gpgcheck=1\nlocalpkg_gpgcheck=true\nsslverify=0\nplugins=1\nskip_if_unavailable=1\n"
        let dnf = resolve(.dnf, main: main, ["[r]\n[s]\ngpgcheck=off\n"])
        #expect(dnf.repositories[0].packageSignatures.value)
        #expect(dnf.repositories[0].packageSignatures.position?.description == "/etc/dnf/dnf.conf:2")
        #expect(dnf.repositories[0].metadataSignatures.value)
        #expect(!dnf.repositories[0].certificateChecks.value)
        #expect(!dnf.repositories[1].packageSignatures.value)
        #expect(dnf.repositories[1].packageSignatures.position?.line == 3)
        #expect(dnf.localPackageSignatures?.value == true)
        #expect(dnf.tdnfPluginsEnabled == nil)

        let tdnf = resolve(.tdnf, main: main.replacing("gpgcheck=1", with: "gpgcheck=0"), ["[r]\n"])
        #expect(tdnf.repositories[0].packageSignatures.value)
        #expect(tdnf.repositories[0].packageSignatures.origin == .builtIn(.tdnf))
        #expect(!tdnf.repositories[0].metadataSignatures.value)
        #expect(!tdnf.repositories[0].certificateChecks.value)
        #expect(!tdnf.repositories[0].skipIfUnavailable.value)
        #expect(tdnf.localPackageSignatures == nil)
        #expect(tdnf.tdnfPluginsEnabled?.value == true)
    }

    @Test func `an invalid truth value is ignored and reported, the layer below decides`() {
        let result = resolve(.dnf, main: "[main]\ngpgcheck=1\n", ["[r]\ngpgcheck=2\n"])
        #expect(result.repositories[0].packageSignatures.position?.path == "/etc/dnf/dnf.conf")
        #expect(result.diagnostics.map(\.reason) == ["'gpgcheck=2' is neither true nor false and is ignored"])
    }

    @Test func `the second name of dnf 5 wins`() {
        let result = resolve(.dnf, ["[r]\ngpgcheck=0\npkg_gpgcheck=1\n"])
        #expect(result.repositories[0].packageSignatures.value)
        #expect(result.repositories[0].packageSignatures.position?.line == 3)
    }

    @Test func `an id that occurs twice is reported`() {
        let result = resolve(.dnf, ["[r]\n", "[r]\n"])
        #expect(result.repositories.count == 2)
        #expect(result.diagnostics.map(\.reason) == ["'r' is defined at /r/0.repo:1 already"])
    }

    @Test(arguments: [
        ("key=1\n", "a line before the first section"), ("[r\n", "a section without ']'"),
        ("[]\n", "a section without a name"), ("[r] x\n", "text behind the section's name"),
        ("[r]\n  x\n", "an indented line that continues nothing"), ("[r]\nx\n", "a line without '='"),
        ("[r]\n=x\n", "a line without a key"), ("[r]\na=1\na=2\n", "'a' replaces the value of line 2"),
    ])
    func `what is malformed is reported with its line`(text: String, reason: String) {
        let document = INIDocument(Array(text.utf8), path: "f")
        #expect(document.diagnostics.map(\.reason) == [reason])
        #expect(document.diagnostics[0].position.line == text.utf8.filter { $0 == 0x0A }.count)
    }

    @Test func `comments, a byte order mark and carriage returns are no part of values`() {
        let text = "\u{FEFF}# c\r\n; d\r\n[r] # e\r\na = b # not a comment\r\n"
        let document = INIDocument(Array(text.utf8), path: "f")
        #expect(document.diagnostics.isEmpty)
        #expect(document["r"]?.values["a"]?.text == "b # not a comment")
        #expect(document["r"]?.values["a"]?.position.line == 4)
    }

    @Test(
        arguments: [
            ("file:///a/b", "/a/b"), ("file://localhost/a", "/a"), ("file:/a", "/a"), ("/a", "/a"),
            ("https://x/a", nil),
            ("file://", nil), ("$x/a", nil),
        ] as [(String, String?)])
    func `keys on this machine have a path`(text: String, path: String?) {
        #expect(resolve(.dnf, ["[r]\ngpgkey=\(text)\n"]).repositories[0].keys[0].localPath == path)
    }

    @Test func `truncated and mutated files never crash`() {
        let bytes = Array(azure.utf8)
        for count in 0..<bytes.count {
            let document = INIDocument(Array(bytes[..<count]), path: "f")
            _ = RPMRepositories(manager: .dnf, main: document, files: [document])
        }
        var random = SeededNumbers(state: 3)
        for _ in 0..<2000 {
            let document = INIDocument(random.mutate(bytes), path: "f")
            _ = RPMRepositories(manager: .tdnf, main: nil, files: [document])
        }
    }
}
