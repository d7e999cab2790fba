import AssayTestSupport
import Testing

@testable import AssayAccounts

struct PasswordTests {
    static let hash86 = String(repeating: "a", count: 86)
    static let hash43 = String(repeating: "b", count: 43)

    struct HashCase: Sendable {
        let text: String
        let scheme: PasswordHash.Scheme
        let cost: PasswordHash.Cost?
        let isWellFormed: Bool

        init(_ text: String, _ scheme: PasswordHash.Scheme, _ cost: PasswordHash.Cost?, isWellFormed: Bool = true) {
            self.text = text
            self.scheme = scheme
            self.cost = cost
            self.isWellFormed = isWellFormed
        }
    }

    static let hashCases: [HashCase] = [
        HashCase("$6$salt$" + hash86, .sha512crypt, .rounds(5000)),
        HashCase("$6$rounds=65536$salt$" + hash86, .sha512crypt, .rounds(65_536)),
        HashCase("$6$salt$short", .sha512crypt, .rounds(5000), isWellFormed: false),
        HashCase("$6$rounds=99999999999999$s$" + hash86, .sha512crypt, nil, isWellFormed: false),
        HashCase("$5$salt$" + hash43, .sha256crypt, .rounds(5000)),
        HashCase("$y$j9T$salt$" + hash43, .yescrypt, .memory(logarithmicCount: 12, blockSize: 32)),
        HashCase("$gy$j9T$salt$" + hash43, .gostYescrypt, .memory(logarithmicCount: 12, blockSize: 32)),
        HashCase("$7$CU..../....salt$" + hash43, .scrypt, .memory(logarithmicCount: 14, blockSize: 32)),
        HashCase("$2b$05$" + String(repeating: "c", count: 53), .bcrypt, .logarithmicRounds(5)),
        HashCase("$2b$", .bcrypt, nil, isWellFormed: false),
        HashCase("$sha1$40000$salt$" + String(repeating: "d", count: 28), .sha1crypt, .rounds(40_000)),
        HashCase("$1$salt$" + String(repeating: "e", count: 22), .md5crypt, nil),
        HashCase("$md5,rounds=5000$salt$$" + String(repeating: "f", count: 22), .sunMD5, nil),
        HashCase("$3$$8846f7eaee8fb117ad06bdd830b7586c", .ntHash, nil),
        HashCase("abJnggxhB/yWI", .des, nil),
        HashCase("_J9..CCCCXBrJUJV154M", .bsdiDES, .rounds(725)),
        HashCase("abJnggxhB/yWIabcdefghijk", .bigcrypt, nil),
    ]

    @Test(arguments: hashCases)
    func `a hash is recognized with its cost`(hash: HashCase) {
        let expected = PasswordHash(scheme: hash.scheme, cost: hash.cost, isWellFormed: hash.isWellFormed)
        #expect(PasswordField(shadow: hash.text) == .hashed(expected))
        #expect(PasswordField(shadow: "!" + hash.text) == .locked(underlying: hash.scheme))
    }

    @Test(arguments: [
        ("", PasswordField.empty), ("*", .locked(underlying: nil)), ("!", .locked(underlying: nil)),
        ("!!", .locked(underlying: nil)),
        ("!*", .locked(underlying: nil)), ("x", .unrecognized), ("secret", .unrecognized), ("$9$a$b", .unrecognized),
    ])
    func `what is no hash is told apart`(text: String, field: PasswordField) {
        #expect(PasswordField(shadow: text) == field)
    }

    @Test func `no hash can be got back from what is read`() {
        let shadow = ShadowFile(Array("root:$6$SaltOfRoot$\(Self.hash86):19000:0:99999:7:::\n".utf8))
        #expect(!"\(shadow)".contains("SaltOfRoot"))
        #expect(!"\(shadow)".contains("aaaa"))
    }

    @Test(
        .enabled(if: ReferenceProgram.isExpected("/usr/bin/mkpasswd")),
        arguments: [
            ("yescrypt", PasswordHash.Scheme.yescrypt), ("gost-yescrypt", .gostYescrypt), ("scrypt", .scrypt),
            ("bcrypt", .bcrypt),
            ("sha512crypt", .sha512crypt), ("sha256crypt", .sha256crypt), ("sunmd5", .sunMD5), ("md5crypt", .md5crypt),
            ("bsdicrypt", .bsdiDES), ("descrypt", .des), ("nt", .ntHash),
        ])
    func `mkpasswd's hashes are recognized`(method: String, scheme: PasswordHash.Scheme) throws {
        let text = try ReferenceProgram.run("/usr/bin/mkpasswd", ["--method=" + method, "word"]).output
        let field = PasswordField(shadow: text.split(separator: "\n").first.map(String.init) ?? "")
        guard case .hashed(let hash) = field else {
            Issue.record("not recognized: \(method)")
            return
        }
        #expect(hash.scheme == scheme)
        #expect(hash.isWellFormed)
    }

    @Test func `account files are read with their lines`() throws {
        let passwd = PasswdFile(
            Array(
                "root:x:0:0:root:/root:/bin/bash\n# c\nd:*:1:1::/:/usr/sbin/nologin\nbad:x:1\n+::::::\nn:x:-1:0::/:/bin/sh\ninline:$1$a$b:5:5::/:\n"
                    .utf8))
        #expect(passwd.entries.map(\.name) == ["root", "d", "inline"])
        #expect(passwd.entries.map(\.location.line) == [1, 3, 7])
        #expect(passwd.entries[0].password == .shadowed)
        #expect(passwd.entries[1].hasNoLoginShell)
        #expect(passwd.diagnostics.map(\.reason) == [.wrongFieldCount(3), .nisCompatibility, .badNumber])
        let shadow = ShadowFile(Array("a::1::::::\nb:!:1::::::\n".utf8))
        #expect(shadow.entries.map(\.password) == [.empty, .locked(underlying: nil)])
    }

    @Test func `login definitions keep the last value for the tools and the first for PAM`() {
        let file = LoginDefinitions(
            Array(
                "# c\nENCRYPT_METHOD SHA512\nUMASK\t\t022\nENV_PATH \"PATH=/bin\" x\nENCRYPT_METHOD YESCRYPT\nEMPTY\n"
                    .utf8))
        #expect(file.encryptMethod?.scheme == .yescrypt)
        #expect(file.encryptMethod?.location.line == 5)
        #expect(file.settingForPAM("ENCRYPT_METHOD")?.value == "SHA512")
        #expect(file.setting("UMASK")?.value == "022")
        #expect(file.setting("ENV_PATH")?.value == "PATH=/bin")
        #expect(file.setting("EMPTY")?.value == "")
        #expect(file.setting("MISSING") == nil)
    }

    @Test func `polyinstantiated directories are read`() {
        let file = NamespaceConfiguration(
            Array(
                "#/tmp x user\n/tmp  /tmp-inst/ level:create=0700,root,root:noinit root,adm\n$HOME $HOME/i context ~bob # x\n/var/tmp /v\n/x /y magic\n/dev/shm /i tmpfs\n"
                    .utf8))
        #expect(file.entries.map(\.directory) == ["/tmp", "$HOME", "/dev/shm"])
        #expect(file.entries.map(\.method) == [.level, .context, .tmpfs])
        #expect(file.entries[0].options == ["create=0700,root,root", "noinit"])
        #expect(file.entries[0].users == ["root", "adm"])
        #expect(file.entries[1].users == ["bob"])
        #expect(file.entries[1].isOnlyListed)
        #expect(file.malformed.map(\.line) == [4, 5])
    }

    @Test func `no bytes crash a parser`() {
        var numbers = SeededNumbers(state: 2)
        let seeds = [
            "root:$6$rounds=5000$salt$\(Self.hash86):1:2:3:4:5:6:\nb:$7$CU..../....s$\(Self.hash43):::::::\n",
            "root:x:0:0:r:/root:/bin/sh\n",
            "@include a\nauth [success=1 default=ignore] pam_unix.so \\\n x [a b]\n-session include b\n",
            "Include /a\nMatch User \"x y\"\nPermitRootLogin=yes\nMatch all\n", "/tmp /i level:a ~b\nUMASK \"0\n",
        ].map { Array($0.utf8) }
        for seed in seeds {
            for length in 0...seed.count { exercise(Array(seed[..<length])) }
            for _ in 0..<200 {
                var bytes = seed
                for _ in 0..<(1 + numbers.next() % 6) {
                    let index = Int.random(in: 0..<bytes.count, using: &numbers)
                    bytes[index] = numbers.pick(
                        Array("$:\n\\[]#=\" @-~\0".utf8) + [0xFF, UInt8.random(in: 0...255, using: &numbers)])
                }
                exercise(bytes)
            }
        }
    }

    private func exercise(_ bytes: [UInt8]) {
        _ = ShadowFile(bytes)
        _ = PasswdFile(bytes)
        _ = LoginDefinitions(bytes)
        _ = NamespaceConfiguration(bytes)
        _ = PAMFile(bytes, path: "/p", form: .single)
        let file = PAMFile(bytes, path: "/p")
        _ = PAMStack(service: "s", type: .auth) { _ in file }
        let sshd = SSHDConfiguration(bytes) { _ in [(path: "/i", bytes: bytes)] }
        _ = sshd.answer(.permitRootLogin)
    }
}
