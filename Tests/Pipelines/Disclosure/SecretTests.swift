import AssayDisclosure
import AssayTestSupport
import Testing

/// Texts that hold a secret, in two parts so that no scanner takes this file for one.
private let secrets: [(start: String, rest: String, kind: String)] = [
    ("-----BEGIN RSA PRIV", "ATE KEY-----", "a private key"),
    ("-----BEGIN OPENSSH PRIV", "ATE KEY-----", "a private key"),
    ("-----BEGIN PRIV", "ATE KEY-----", "a private key"),
    ("-----BEGIN ENCRYPTED PRIV", "ATE KEY-----", "a private key"),
    ("-----BEGIN EC PRIV", "ATE KEY-----", "a private key"),
    ("-----BEGIN PGP PRIV", "ATE KEY BLOCK-----", "a private key"),
    ("PuTTY-User-Key", "-File-3: ssh-ed25519", "PuTTY"),
    ("AGE-SECRET-", "KEY-1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQQPZRY9X8GF2TVDW0S3JN54KHC", "age"),
    ("b3BlbnNzaC1r", "ZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW", "OpenSSH"),
    ("ghp_", "0123456789abcdefghijABCDEFGHIJ012345", "GitHub"),
    ("github_pat_", "11ABCDEFG0123456789abc_0123456789abcdefghijABCDEFGHIJ0123456789abcdefghijABCDEFGHIJ", "GitHub"),
    ("glpat-", "0123456789abcdefghij", "GitLab"), ("npm_", "0123456789abcdefghijABCDEFGHIJ012345", "npm"),
    ("AKIA", "IOSFODNN7EXAMPLE", "AWS"),
    ("aws_secret_access_key = ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS"),
    ("xoxb-", "123456789012-123456789012-abcdefghijkl", "Slack"),
    ("https://hooks.slack.com/serv", "ices/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", "Slack"),
    (
        "eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        "JSON Web Token"
    ),
    (
        "DefaultEndpointsProtocol=https;Account",
        "Key=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==", "Azure storage"
    ),
    ("?sv=2022-11-02&si", "g=0123456789abcdefghijABCDEFGHIJ0123456789abcd%3D", "shared access signature"),
    ("abc8Q", "~0123456789abcdefghijABCDEFGHIJ012345", "client secret of Azure"),
    ("AIza", "SyA0123456789abcdefghijABCDEFGHIJ012", "Google"),
    (
        "root:$6$", "saltsalt$0123456789abcdefghijABCDEFGHIJ0123456789abcdefghijABCDEFGHIJ0123456789abcdefghij",
        "a password hash"
    ),
    (
        "root:$6$rounds=", "5000$saltsalt$0123456789abcdefghijABCDEFGHIJ0123456789abcdefghijABCDEFGHIJ",
        "a password hash"
    ),
    ("root:$y$", "j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7", "a password hash"),
    ("$2b$", "12$0123456789abcdefghijABCDEFGHIJ0123456789abcdefghijABC", "a password hash"),
    ("$argon2", "id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b27dSu9vZ7bIwFq", "a password hash"),
    ("https://someone:", "hunter22@internal.corp.net/", "a password in a URL"),
    ("Authorization: Bearer ", "0123456789abcdefghij", "authorization"),
]

struct SecretTests {
    @Test(arguments: secrets)
    func `a secret in the text is a warning with its line`(start: String, rest: String, kind: String) throws {
        let scratch = try CompleteReport.folder([("free(): invalid pointer", "free()\n\(start)\(rest)")])
        let warnings = try CompleteReport.check(scratch).warnings
        let found = warnings.filter { $0.kind == .secret }
        #expect(found.count == 1 && found[0].message.contains(kind) && found[0].line == 41, "\(warnings)")
        // What is found is not repeated.
        #expect(!warnings.contains { $0.message.contains(rest) })
    }

    @Test(arguments: secrets)
    func `a secret in a binary attachment is a warning with its offset`(
        start: String, rest: String, kind: String
    ) throws {
        let scratch = try CompleteReport.folder()
        try scratch.write("poc/crash.bin", [0xFF, 0xFE, 0, 0] + Array((start + rest).utf8) + [0, 0xFF])
        let found = try CompleteReport.check(scratch).warnings.filter { $0.kind == .secret }
        #expect(found.count == 1 && found[0].message.contains(kind), "\(found)")
        #expect(found[0].file == "poc/crash.bin" && found[0].line == nil && (found[0].offset ?? 0) >= 4)
    }

    @Test(arguments: [
        "ghp_short", "xghp_0123456789abcdefghijABCDEFGHIJ012345", "AKIAIOSF", "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----",
        "$6$", "echo $1$2", "eyJhbGciOiJIUzI1NiJ9.short", "https://example.org/a:b@c", "sig=short", "price: $5$ or $6$",
    ])
    func `what only resembles a secret is none`(text: String) throws {
        let scratch = try CompleteReport.folder([("free(): invalid pointer", "free()\n\(text)")])
        #expect(try CompleteReport.check(scratch).warnings.filter { $0.kind == .secret }.isEmpty)
    }

    @Test(.enabled(if: isAvailable("openssl") && isAvailable("gpg") && isAvailable("ssh-keygen")))
    func `keys that tools write are found in every form`() throws {
        let scratch = try CompleteReport.folder()
        let made = shell(
            """
            export GNUPGHOME=$PWD/g; mkdir -m 700 g keys
            gpg -q --batch --passphrase '' --quick-generate-key 'A <a@example.org>' ed25519 sign never 2>log || exit
            gpg -q --batch --export-secret-keys >keys/pgp-binary; gpg -q --batch -a --export-secret-keys >keys/pgp-armor
            openssl genrsa -traditional -out keys/rsa1.pem 2048 2>log; openssl genrsa -out keys/rsa8.pem 2048 2>log
            openssl rsa -traditional -in keys/rsa1.pem -outform DER -out keys/rsa1.der 2>log
            openssl pkcs8 -topk8 -nocrypt -in keys/rsa8.pem -outform DER -out keys/rsa8.der
            openssl ecparam -name prime256v1 -genkey -noout -outform DER -out keys/ec1.der
            openssl pkcs8 -topk8 -nocrypt -inform DER -in keys/ec1.der -outform DER -out keys/ec8.der
            openssl genpkey -algorithm ed25519 -outform DER -out keys/ed8.der
            openssl req -x509 -new -key keys/rsa8.pem -subj /CN=x -out public.pem
            openssl pkcs12 -export -inkey keys/rsa8.pem -in public.pem -passout pass:x -out keys/store.p12
            ssh-keygen -q -t ed25519 -N '' -f keys/ssh; mv keys/ssh.pub public.ssh
            openssl x509 -in public.pem -outform DER -out public.der; gpg -q --batch --export >public.gpg; ls keys | wc -l
            """, in: scratch.path)
        #expect(made.text == "11\n", "\(made.errorText)")
        let names = shell("ls keys/* public.*", in: scratch.path).text.split(separator: "\n").map(String.init)
        for name in names {
            try scratch.write(
                "report.md", CompleteReport.text.replacing("poc/crash.bin, kind", with: "\(name), kind"))
            let found = try CompleteReport.check(scratch).warnings.filter { $0.kind == .secret }
            #expect(found.isEmpty == name.hasPrefix("public"), "\(name): \(found)")
        }
    }

    @Test(arguments: [
        ("mail jane@contoso.com", true), ("r.porter@frob.org", false), ("secure@microsoft.com", false),
        ("a@example.org", false),
        ("frob@3.0", false), ("ssh-agent@1000.service", false), ("git@github.com", false), ("/home/jdoe/x", true),
        ("/home/user/x", false),
        ("C:\\Users\\jdoe\\x", true), ("/home/", false), ("x@y", false), ("a@b.c0m", false),
    ])
    func `what tells about people is a warning`(text: String, isPersonal: Bool) throws {
        let scratch = try CompleteReport.folder([("free(): invalid pointer", text)])
        let found = try CompleteReport.check(scratch).warnings.filter { $0.kind == .personalData }
        #expect(found.isEmpty != isPersonal, "\(found)")
    }

    @Test func `hostile bytes cost no more than others`() throws {
        let scratch = try CompleteReport.folder()
        for unit in ["-----BEGIN ", "eyJ", "@", "/home/", "://a:", "$6$a", "https://", "$argon2"] {
            try scratch.write("poc/crash.bin", String(repeating: unit, count: 200_000 / unit.utf8.count))
            let started = ContinuousClock.now
            let result = try CompleteReport.check(scratch)
            #expect(ContinuousClock.now - started < .seconds(30), "\(unit)")
            #expect(result.warnings.count <= 200)
        }
    }
}
