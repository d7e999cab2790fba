import AssayFacts
import AssayTestSupport
import Testing

@testable import AssayCollectors

struct AccountCollectorTests {
    private static let sha512 = "$6$saltsalt$" + String(repeating: "a", count: 86)
    private static let yescrypt = "$y$j9T$saltsaltsalt$" + String(repeating: "b", count: 43)

    private func collect(_ files: [String: String]) throws -> AccountFacts {
        try ServiceTree(files).read { AccountCollector($0).collect() }
    }

    @Test func `of a hash only the method is kept`() throws {
        let facts = try collect([
            "etc/shadow": """
            root:\(Self.yescrypt):1::::::
            admin:\(Self.sha512):1::::::
            old:$1$salt$abcdefghijklmnopqrstu.:1::::::
            des:abcdefghijklm:1::::::
            open::1::::::
            daemon:*:1::::::
            shut:!\(Self.sha512):1::::::
            odd:NP:1::::::
            root:\(Self.sha512):1::::::

            """
        ])
        let passwords = try #require(facts.passwords.value)
        #expect(passwords.map(\.user) == ["root", "admin", "old", "des", "open", "daemon", "shut", "odd"])
        #expect(
            passwords.map(\.scheme) == [
                "yescrypt", "sha512crypt", "md5crypt", "descrypt", "empty", "locked", "locked", "disabled",
            ])
        #expect(passwords.map(\.place.line) == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(!"\(facts)".contains("aaaa"))
        #expect(!"\(facts)".contains("saltsalt"))
    }

    @Test func `a field of passwd counts instead of the line in shadow`() throws {
        let passwd = "root:x:0:0::/root:/bin/sh\nguest::99:99::/:/bin/sh\nold:abcdefghijklm:98:98::/:/bin/sh\n"
        let facts = try collect(["etc/passwd": passwd, "etc/shadow": "root:*:1::::::\nguest:*:1::::::\n"])
        let passwords = try #require(facts.passwords.value)
        #expect(passwords.map { "\($0.user) \($0.scheme)" } == ["guest empty", "old descrypt", "root locked"])
        let alone = try collect(["etc/passwd": passwd])
        #expect(alone.passwords.place == Place("/etc/passwd"))
        #expect(alone.passwords.value?.count == 2)
    }

    @Test func `a tree without accounts says so`() throws {
        let facts = try collect(["etc/hostname": "x"])
        #expect(facts.passwords == .absent(Place("/etc/shadow")))
        #expect(facts.loginDefsMethod == .absent(Place("/etc/login.defs")))
        #expect(facts.pamMethod == .absent(Place("/etc/pam.d/passwd")))
        #expect(facts.namespaceModule == nil)
        #expect(facts.gaps == [])
    }

    @Test func `a shadow file that cannot be read is unreadable, and passwd still speaks`() throws {
        let tree = try ServiceTree(["etc/passwd": "root:x:0:0::/root:/bin/sh\n", "etc/shadow/x": ""])
        let facts = try tree.read { AccountCollector($0).collect() }
        #expect(facts.passwords.unreadableReason != nil)
        let open = try ServiceTree(["etc/passwd": "root::0:0::/root:/bin/sh\n", "etc/shadow/x": ""])
        let other = try open.read { AccountCollector($0).collect() }
        #expect(other.passwords.value?.map(\.scheme) == ["empty"])
        #expect(other.gaps.map(\.place.path) == ["/etc/shadow"])
    }

    @Test(arguments: [
        (
            [
                "passwd": "@include common-password\n",
                "common-password": "password [success=1] pam_unix.so obscure yescrypt\n",
            ],
            "yescrypt", "/etc/pam.d/common-password"
        ),
        (
            [
                "passwd": "password include system-password\n",
                "system-password": "password required pam_unix.so sha512\n",
            ],
            "sha512", "/etc/pam.d/system-password"
        ),
        (["passwd": "password required pam_unix.so\n"], "default", "/etc/pam.d/passwd"),
        (["other": "password required pam_unix.so md5\n"], "md5", "/etc/pam.d/other"),
        (
            ["other": "password required pam_deny.so\n", "system-auth": "password sufficient pam_unix.so blowfish\n"],
            "blowfish", "/etc/pam.d/system-auth"
        ),
        (
            ["passwd": "password sufficient pam_unix.so yescrypt\npassword required pam_unix.so md5\n"], "md5",
            "/etc/pam.d/passwd"
        ),
    ])
    func `the stack of passwd decides how PAM hashes`(files: [String: String], method: String, path: String) throws {
        var tree: [String: String] = [:]
        for (name, text) in files { tree["etc/pam.d/" + name] = text }
        let facts = try collect(tree)
        #expect(facts.pamMethod.value == method)
        #expect(facts.pamMethod.place.path == path)
        #expect(facts.gaps == [])
    }

    @Test func `a stack that PAM refuses is unreadable`() throws {
        let facts = try collect(["etc/pam.d/passwd": "password include gone\npassword required pam_unix.so sha512\n"])
        #expect(facts.pamMethod.unreadableReason == "gone is not there or not readable")
        #expect(facts.pamMethod.place == Place("/etc/pam.d/passwd", line: 1))
    }

    @Test func `the vendor's directory of PAM comes second`() throws {
        let facts = try collect([
            "usr/lib/pam.d/passwd": "password include common\n",
            "usr/lib/pam.d/common": "password required pam_unix.so md5\n",
            "etc/pam.d/common": "password required pam_unix.so sha512\n",
        ])
        #expect(facts.pamMethod == .found("sha512", Place("/etc/pam.d/common", line: 1)))
    }

    @Test(
        arguments: [
            ("ENCRYPT_METHOD SHA512\n", "SHA512"), ("#ENCRYPT_METHOD MD5\nENCRYPT_METHOD\tYESCRYPT\n", "YESCRYPT"),
            ("UMASK 022\n", nil),
        ] as [(String, String?)])
    func `login.defs names a method`(text: String, method: String?) throws {
        #expect(try collect(["etc/login.defs": text]).loginDefsMethod.value == method)
    }

    @Test func `private directories, the services that use them and the module are found`() throws {
        let files = [
            "etc/security/namespace.conf": "# comment\n/tmp /tmp-inst/ user root,adm\n",
            "etc/security/namespace.d/home.conf": "$HOME $HOME/$USER.inst/ user\n",
            "etc/security/namespace.d/README": "not read\n",
            "etc/pam.d/login": "session include common\n", "etc/pam.d/sshd": "session required pam_unix.so\n",
            "etc/pam.d/common": "session required pam_namespace.so\n",
            "etc/pam.d/cron": "session required pam_unix.so\n",
            "usr/lib/x86_64-linux-gnu/security/pam_namespace.so": "",
        ]
        let facts = try collect(files)
        #expect(facts.polyinstantiatedDirectories.map(\.value) == ["/tmp", "$HOME"])
        #expect(facts.namespaceServices == [Sourced("login", Place("/etc/pam.d/common", line: 1))])
        #expect(facts.otherLoginServices == [Sourced("sshd", Place("/etc/pam.d/sshd"))])
        #expect(facts.namespaceModule == Place("/usr/lib/x86_64-linux-gnu/security/pam_namespace.so"))
        #expect(facts.gaps == [])
    }

    @Test func `a directory of instances with a wrong mode is reported`() throws {
        let tree = try ServiceTree(["etc/security/namespace.conf": "/tmp /tmp-inst/ user\n/var/tmp /good/ user\n"])
        tree.run("mkdir -m 755 tmp-inst; mkdir -m 000 good")
        let facts = try tree.read { AccountCollector($0).collect() }
        #expect(facts.gaps.map(\.reason) == ["/tmp-inst has mode 755, not the 000 that it must have"])
    }

    @Test func `any bytes in accounts and PAM files are survived`() throws {
        var random = SeededNumbers(state: 12)
        let pieces = [
            ":", "\n", "$6$", "$", "root", "*", "password ", "session ", "include login\n", "@include passwd\n", "[",
            "]",
            "pam_unix.so ", "\\", "\0", "#", "/tmp ", "~", "substack other\n", "\u{FFFD}",
        ]
        for _ in 0..<20 {
            var files: [String: String] = [:]
            for name in ["passwd", "shadow", "login.defs", "pam.d/passwd", "pam.d/login", "security/namespace.conf"] {
                files["etc/" + name] = (0..<60).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            }
            let facts = try collect(files)
            #expect(facts.namespaceServices.count + facts.otherLoginServices.count == 1)
        }
    }
}
