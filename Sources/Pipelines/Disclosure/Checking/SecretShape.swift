/// What a kind of secret looks like.
struct SecretShape {
    /// A part of it.
    enum Part {
        /// These bytes.
        case text([UInt8])
        /// So many bytes of a set.
        case run(ByteClass, ClosedRange<Int>)
        /// These bytes, at most so many bytes from here.
        case within(Int, [UInt8])
    }

    let kind: String
    let parts: [Part]
    /// Whether no letter or digit may stand before it.
    let beginsWord: Bool

    private init(_ kind: String, beginsWord: Bool = true, _ parts: Part...) {
        self.kind = kind
        self.parts = parts
        self.beginsWord = beginsWord
    }

    private static func text(_ text: String) -> Part { .text(Array(text.utf8)) }

    /// The shapes by the first byte of what they begin with.
    static let byFirstByte: [UInt8: [SecretShape]] = Dictionary(
        grouping: all.compactMap { shape -> (UInt8, SecretShape)? in
            guard case .text(let text)? = shape.parts.first, let first = text.first else { return nil }
            return (first, shape)
        }
    ) { $0.0 }.mapValues { $0.map(\.1) }

    private static let all: [SecretShape] =
        keys + github + cloud + chat + hashes + [
            SecretShape(
                "a JSON Web Token", text("eyJ"), .run(.url, 8...8192), text("."), text("eyJ"), .run(.url, 8...8192),
                text("."), .run(.url, 16...8192)),
            SecretShape(
                "a password in a URL", beginsWord: false, text("://"),
                .run(ByteClass("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-"), 1...64),
                text(":"),
                .run(ByteClass("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-!*~$&"), 3...128),
                text("@")),
            SecretShape("an HTTP authorization", text("Authorization: Bearer "), .run(.base64, 16...4096)),
            SecretShape("an HTTP authorization", text("Authorization: Basic "), .run(.base64, 8...4096)),
        ]

    private static let keys: [SecretShape] = [
        // RSA, EC, DSA, OPENSSH, ENCRYPTED, PGP, ANY, and none at all (PKCS #8): RFC 7468, RFC 9580.
        SecretShape("a private key", beginsWord: false, text("-----BEGIN "), .within(24, Array("PRIVATE KEY".utf8))),
        SecretShape("a private key of PuTTY", text("PuTTY-User-Key-File-")),
        SecretShape("a private key of age", text("AGE-SECRET-KEY-1"), .run(.upperOrDigit, 40...64)),
        // "openssh-key-v1" in base 64, where the lines around it are lost.
        SecretShape("a private key of OpenSSH", text("b3BlbnNzaC1rZXktdjE"), .run(.base64, 16...64)),
    ]

    private static let github: [SecretShape] =
        ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map {
            SecretShape("a token of GitHub", text($0), .run(.word, 36...251))
        } + [
            SecretShape("a token of GitHub", text("github_pat_"), .run(.word, 36...251)),
            SecretShape("a token of GitLab", text("glpat-"), .run(.url, 20...64)),
            SecretShape("a token of npm", text("npm_"), .run(.word, 36...36)),
            SecretShape("a token of PyPI", text("pypi-AgE"), .run(.url, 32...512)),
        ]

    private static let cloud: [SecretShape] = [
        SecretShape("an access key of AWS", text("AKIA"), .run(.upperOrDigit, 16...16)),
        SecretShape("an access key of AWS", text("ASIA"), .run(.upperOrDigit, 16...16)),
        SecretShape(
            "a secret key of AWS", beginsWord: false, text("aws_secret_access_key"), .run(ByteClass(" =:\"'"), 1...8),
            .run(.base64, 40...40)),
        SecretShape("a key of Azure storage", beginsWord: false, text("AccountKey="), .run(.base64, 64...128)),
        SecretShape("a key of Azure", beginsWord: false, text("SharedAccessKey="), .run(.base64, 40...128)),
        SecretShape(
            "a shared access signature of Azure", beginsWord: false, text("sig="),
            .run(ByteClass("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ%+/="), 43...128)),
        // Three letters stand before it, which are not looked at.
        SecretShape(
            "a client secret of Azure", beginsWord: false, text("8Q~"),
            .run(ByteClass("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_~.-"), 34...37)),
        SecretShape("an API key of Google", text("AIza"), .run(.url, 35...35)),
        SecretShape("a secret key of Stripe", text("sk_live_"), .run(.word, 16...128)),
    ]

    private static let chat: [SecretShape] =
        ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-"].map {
            SecretShape("a token of Slack", text($0), .run(.url, 10...255))
        } + [
            SecretShape(
                "a web hook of Slack", beginsWord: false, text("hooks.slack.com/services/T"),
                .run(ByteClass("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/"), 20...128))
        ]

    /// crypt(5) hashes.
    private static let hashes: [SecretShape] =
        ["$1$", "$5$", "$6$", "$y$", "$gy$", "$7$"].map {
            SecretShape(
                "a password hash", beginsWord: false, text($0), .run(.cryptField, 1...128), text("$"),
                .run(.crypt, 22...128))
        }
        + ["$5$rounds=", "$6$rounds=", "$y$"].map {
            SecretShape(
                "a password hash", beginsWord: false, text($0), .run(.cryptField, 1...64), text("$"),
                .run(.cryptField, 1...64),
                text("$"), .run(.crypt, 22...128))
        }
        + ["$2a$", "$2b$", "$2y$"].map {
            SecretShape(
                "a password hash", beginsWord: false, text($0), .run(ByteClass("0123456789"), 2...2), text("$"),
                .run(.crypt, 53...53))
        } + [
            SecretShape(
                "a password hash", beginsWord: false, text("$argon2"), .within(64, Array("p=".utf8)),
                .run(ByteClass("0123456789"), 1...3), text("$"), .run(.cryptField, 8...256), text("$"),
                .run(.cryptField, 16...256))
        ]
}
