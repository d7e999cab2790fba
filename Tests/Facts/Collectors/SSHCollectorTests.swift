import AssayFacts
import AssayFileSystem
import AssayTestSupport
import Testing

@testable import AssayCollectors

struct SSHCollectorTests {
    private static let standard = Place("sshd default")

    private func collect(_ files: [String: String]) throws -> SSHFacts {
        var files = files
        files["usr/sbin/sshd"] = ""
        return try ServiceTree(files).read { SSHCollector($0).collect() }
    }

    @Test func `a tree without sshd has none`() throws {
        let facts = try ServiceTree(["etc/hostname": "x"]).read { SSHCollector($0).collect() }
        #expect(!facts.isInstalled)
        #expect(facts.settings.isEmpty)
        #expect(facts.gaps.isEmpty)
    }

    @Test func `defaults have no line`() throws {
        let facts = try collect(["etc/ssh/sshd_config": "# nothing\n"])
        #expect(facts.isInstalled)
        #expect(
            facts.settings == [
                "passwordauthentication": Sourced("yes", Self.standard),
                "kbdinteractiveauthentication": Sourced("yes", Self.standard),
                "permitemptypasswords": Sourced("no", Self.standard),
                "permitrootlogin": Sourced("prohibit-password", Self.standard),
                "pubkeyauthentication": Sourced("yes", Self.standard), "usepam": Sourced("no", Self.standard),
            ])
    }

    @Test func `included files come in the order of their names, and the first value wins`() throws {
        let facts = try collect([
            "etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication yes\nUsePAM yes\n",
            "etc/ssh/sshd_config.d/20-b.conf": "PasswordAuthentication yes\nPermitRootLogin without-password\n",
            "etc/ssh/sshd_config.d/10-a.conf": "PasswordAuthentication no\n",
            "etc/ssh/sshd_config.d/.hidden.conf": "PermitEmptyPasswords yes\n",
            "etc/ssh/sshd_config.d/05-x.bak": "PermitEmptyPasswords yes\n",
        ])
        let place = Place("/etc/ssh/sshd_config.d/10-a.conf", line: 1)
        #expect(facts.settings["passwordauthentication"] == Sourced("no", place))
        #expect(facts.settings["permitrootlogin"]?.value == "prohibit-password")
        #expect(facts.settings["permitemptypasswords"] == Sourced("no", Self.standard))
        #expect(facts.settings["usepam"] == Sourced("yes", Place("/etc/ssh/sshd_config", line: 3)))
        #expect(facts.gaps == [])
    }

    @Test func `a Match block that changes a value is told in words`() throws {
        let facts = try collect([
            "etc/ssh/sshd_config": """
            PasswordAuthentication no
            AuthenticationMethods publickey
            Match User backup
                PasswordAuthentication yes
                PermitEmptyPasswords no
                AuthenticationMethods any
            """
        ])
        #expect(
            facts.conditional == [
                Sourced(
                    "passwordauthentication yes (Match User backup)", Place("/etc/ssh/sshd_config", line: 4)),
                Sourced("authenticationmethods any (Match User backup)", Place("/etc/ssh/sshd_config", line: 6)),
            ])
        #expect(facts.settings["authenticationmethods"]?.value == "publickey")
    }

    @Test func `a configuration that is missing or refused is a gap`() throws {
        #expect(try collect([:]).gaps.map(\.reason) == ["no such file, so sshd does not start"])
        let refused = try collect(["etc/ssh/sshd_config": "PasswordAuthentication maybe\n"])
        #expect(
            refused.gaps == [
                Gap(Place("/etc/ssh/sshd_config", line: 1), reason: "sshd refuses passwordauthentication maybe")
            ])
        let unreadable = try collect([
            "etc/ssh/sshd_config": "Include sshd_config.d/*\n", "etc/ssh/sshd_config.d/dir/x": "",
        ])
        #expect(unreadable.gaps.map(\.place.path) == ["/etc/ssh/sshd_config.d/dir"])
    }

    @Test func `the vendor's configuration counts when there is no other`() throws {
        let facts = try collect(["usr/etc/ssh/sshd_config": "PasswordAuthentication no\n"])
        #expect(facts.settings["passwordauthentication"] == Sourced("no", Place("/usr/etc/ssh/sshd_config", line: 1)))
    }

    @Test(arguments: [
        ("*.conf", "a.conf", true), ("*.conf", "a.confx", false), ("[0-9]*", "5a", true), ("[!0-9]*", "5a", false),
        ("a?c", "abc", true), ("a?c", "ac", false), ("[]a]", "]", true), ("[a", "[a", true), ("\\*", "*", true),
        ("\\*", "a", false), ("**a*b*", "xxaxxb", true), ("a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false),
    ])
    func `patterns match as glob(3) has it`(pattern: String, name: String, matches: Bool) {
        #expect(SSHInclude.matches(Array(pattern.utf8), Array(name.utf8)) == matches)
    }

    @Test func `any bytes in the configuration are survived`() throws {
        var random = SeededNumbers(state: 13)
        let pieces = [
            "Include ", "*", "sshd_config", "/etc/ssh/", "Match ", "User x", "all", "\n", "\"", "\\", "=", "\0", "[",
            "PasswordAuthentication ", "yes", "no", "UsePAM ", "#", "..", "?",
        ]
        for _ in 0..<30 {
            let text = (0..<60).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let facts = try collect(["etc/ssh/sshd_config": text])
            #expect(facts.settings.count >= 6)
        }
    }
}
