/// Accounts, password hashing and login of a subject.
public struct AccountFacts: Codable, Hashable, Sendable {
    /// How one account's password is stored.
    ///
    /// The hash itself is never kept.
    public struct Password: Codable, Hashable, Sendable {
        /// The account.
        public var user: String
        /// The scheme, such as `yescrypt`, `sha512crypt` and `descrypt`, or `locked`, `empty` or `unknown`.
        public var scheme: String
        /// Where.
        public var place: Place

        /// Makes it.
        public init(user: String, scheme: String, place: Place) {
            self.user = user
            self.scheme = scheme
            self.place = place
        }
    }

    /// `/etc/shadow` (and hashes in `/etc/passwd`), one for each account.
    public var passwords: Observation<[Password]>
    /// `ENCRYPT_METHOD` of login.defs.
    public var loginDefsMethod: Observation<String>
    /// The hashing option of `pam_unix.so` in the password stack (`yescrypt`, `sha512`, …; `default` when it has none).
    public var pamMethod: Observation<String>
    /// Non-comment lines of namespace.conf and its directory.
    public var polyinstantiatedDirectories: [Sourced<String>] = []
    /// Login services whose session stack reaches `pam_namespace.so`, with the line that does.
    public var namespaceServices: [Sourced<String>] = []
    /// Login services whose session stack does not.
    public var otherLoginServices: [Sourced<String>] = []
    /// Where `pam_namespace.so` is installed, if it is.
    public var namespaceModule: Place?
    /// What could not be read or understood.
    public var gaps: [Gap] = []

    /// Makes it.
    public init(
        passwords: Observation<[Password]>, loginDefsMethod: Observation<String>, pamMethod: Observation<String>
    ) {
        self.passwords = passwords
        self.loginDefsMethod = loginDefsMethod
        self.pamMethod = pamMethod
    }
}

/// SELinux and AppArmor of a subject.
public struct SecurityModuleFacts: Codable, Hashable, Sendable {
    /// `SELINUX=` of /etc/selinux/config.
    public var selinuxMode: Observation<String>
    /// `SELINUXTYPE=` of /etc/selinux/config.
    public var selinuxType: Observation<String>
    /// Policy files of that type.
    public var selinuxPolicies: [Place] = []
    /// Whether `/.autorelabel` asks for labels at the next boot.
    public var autorelabel: Bool?
    /// Files that ought to have a label, with the label found; nil for none.
    public var labels: [String: String?] = [:]
    /// Whether the subject's file system gives labels at all; false for a tree that was unpacked without them.
    public var hasLabels: Bool?
    /// `/sys/fs/selinux/enforce` of a live host: true for enforcing.
    public var liveEnforcing: Observation<Bool>?
    /// Permissive domains of policy modules, by name.
    public var permissiveDomains: [String] = []
    /// AppArmor profile files with their mode (`enforce`, `complain`, `disabled`).
    public var appArmorProfiles: [Sourced<String>] = []
    /// Modes of the profiles that the running kernel has loaded, with how many; nil when not live.
    public var appArmorLoaded: Observation<[String: Int]>?
    /// Whether `apparmor.service` starts at boot; nil when not known.
    public var appArmorStartsAtBoot: Bool?
    /// What could not be read or understood.
    public var gaps: [Gap] = []

    /// Makes it.
    public init(selinuxMode: Observation<String>, selinuxType: Observation<String>) {
        self.selinuxMode = selinuxMode
        self.selinuxType = selinuxType
    }
}
