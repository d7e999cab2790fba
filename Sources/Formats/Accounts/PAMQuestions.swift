/// How `passwd` will hash a new password, by the `pam_unix` line that decides it.
public struct PAMPasswordHashing: Hashable, Sendable {
    /// The method that the line's last such argument names; nil when it names none, and pam_unix then takes
    /// `ENCRYPT_METHOD` of login.defs.
    public let scheme: PasswordHash.Scheme?
    /// `rounds=`, if it is given and a number.
    public let rounds: UInt32?
    /// The line.
    public let location: AccountLocation
}

extension PAMStack {
    /// The methods that arguments of pam_unix name, pam_unix(8).
    private static let hashArguments: [String: PasswordHash.Scheme] = [
        "md5": .md5crypt, "bigcrypt": .bigcrypt, "sha256": .sha256crypt, "sha512": .sha512crypt, "blowfish": .bcrypt,
        "gost_yescrypt": .gostYescrypt, "yescrypt": .yescrypt,
    ]

    /// How each `pam_unix` line of this stack hashes; ask it of a stack of type `password`.
    public var passwordHashing: [PAMPasswordHashing] {
        calls(of: "pam_unix").map { module in
            PAMPasswordHashing(
                scheme: module.arguments.last { PAMStack.hashArguments[$0] != nil }.flatMap {
                    PAMStack.hashArguments[$0]
                },
                rounds: module.value(of: "rounds").flatMap { UInt32($0) }, location: module.location)
        }
    }

    /// Whether an empty password is let through: the `pam_unix` lines with `nullok`.
    public var nullPasswordLines: [AccountLocation] {
        calls(of: "pam_unix").filter { $0.arguments.contains("nullok") }.map(\.location)
    }

    /// The number of failures after which `pam_faillock` locks, by line; nil where the line leaves it to faillock.conf.
    public var failureLimits: [(deny: UInt32?, location: AccountLocation)] {
        calls(of: "pam_faillock").map { ($0.value(of: "deny").flatMap { UInt32($0) }, $0.location) }
    }

    /// Whether a line sets up private instances of directories.
    public var polyinstantiates: Bool { !calls(of: "pam_namespace").isEmpty }
}
