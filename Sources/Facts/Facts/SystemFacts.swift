/// Packet filters of a subject.
public struct FirewallFacts: Codable, Hashable, Sendable {
    /// What happens to inbound packets that no rule names.
    public enum Inbound: String, Codable, Hashable, Sendable {
        /// They are dropped or rejected.
        case deny
        /// They are accepted.
        case allow
        /// It could not be decided.
        case undecided
    }

    /// The answer for one address family.
    public struct Family: Codable, Hashable, Sendable {
        /// What happens by default.
        public var inbound: Inbound
        /// What decides it, or why it is undecided.
        public var reason: String
        /// Where that stands.
        public var place: Place
        /// What is accepted, one short text each.
        public var accepted: [String]

        /// Makes it.
        public init(inbound: Inbound, reason: String, place: Place, accepted: [String] = []) {
            self.inbound = inbound
            self.reason = reason
            self.place = place
            self.accepted = accepted
        }
    }

    /// One rule set.
    public struct RuleSet: Codable, Hashable, Sendable {
        /// `nftables`, `iptables`, `firewalld`, `ufw`, `azure-script`.
        public var kind: String
        /// The unit that loads it; nil for what is loaded in the running kernel.
        public var unit: String?
        /// Whether it is loaded at boot (for the running kernel: now); nil when that is not known.
        public var isActive: Bool?
        /// Why `isActive` is what it is.
        public var activity: String
        /// The answer for IPv4; nil when the rule set says nothing about it.
        public var ipv4: Family?
        /// The answer for IPv6; nil when the rule set says nothing about it.
        public var ipv6: Family?

        /// Makes it.
        public init(kind: String, unit: String?, isActive: Bool?, activity: String, ipv4: Family?, ipv6: Family?) {
            self.kind = kind
            self.unit = unit
            self.isActive = isActive
            self.activity = activity
            self.ipv4 = ipv4
            self.ipv6 = ipv6
        }
    }

    /// What the files of the subject would load at boot.
    public var configured: [RuleSet] = []
    /// What the running kernel has loaded; nil for a subject that is not live.
    public var loaded: Observation<[RuleSet]>?
    /// Files that could not be read.
    public var gaps: [Gap] = []

    /// Starts with nothing.
    public init() {}
}

/// Package sources of a subject.
public struct UpdateFacts: Codable, Hashable, Sendable {
    /// One package source.
    public struct Repository: Codable, Hashable, Sendable {
        /// Its id or URI.
        public var name: String
        /// `dnf` (dnf, yum and tdnf) or `apt`.
        public var system: String
        /// Whether it is used.
        public var isEnabled: Bool
        /// Whether package signatures (dnf) or the signed index that lists the packages (apt) are checked.
        public var checksPackages: Bool
        /// Whether the signature of the metadata is checked.
        public var checksMetadata: Bool
        /// Key files, with whether each is there; an embedded key has the source file's path.
        public var keys: [Key]
        /// The addresses that packages come from.
        public var addresses: [String]
        /// Whether TLS certificates are checked.
        public var checksCertificates: Bool
        /// Other settings that weaken it, in words, each with its place.
        public var weaknesses: [Sourced<String>]
        /// Where it is defined.
        public var place: Place

        /// Makes it.
        public init(
            name: String, system: String, isEnabled: Bool, checksPackages: Bool, checksMetadata: Bool, keys: [Key],
            addresses: [String], checksCertificates: Bool, weaknesses: [Sourced<String>], place: Place
        ) {
            self.name = name
            self.system = system
            self.isEnabled = isEnabled
            self.checksPackages = checksPackages
            self.checksMetadata = checksMetadata
            self.keys = keys
            self.addresses = addresses
            self.checksCertificates = checksCertificates
            self.weaknesses = weaknesses
            self.place = place
        }
    }

    /// A key that a repository names.
    public struct Key: Codable, Hashable, Sendable {
        /// The path or address.
        public var name: String
        /// Whether it is in the subject; nil when that cannot be told (an address, an unreadable directory).
        public var exists: Bool?

        /// Makes it.
        public init(name: String, exists: Bool?) {
            self.name = name
            self.exists = exists
        }
    }

    /// The sources.
    public var repositories: [Repository] = []
    /// Settings of the package managers as a whole that weaken every source.
    public var weaknesses: [Sourced<String>] = []
    /// Files that could not be read or understood.
    public var gaps: [Gap] = []

    /// Starts with nothing.
    public init() {}
}

/// System services of a subject.
public struct ServiceFacts: Codable, Hashable, Sendable {
    /// One service unit.
    public struct Service: Codable, Hashable, Sendable {
        /// The unit's name.
        public var name: String
        /// What systemd says of its files: `enabled`, `disabled`, `static`, `masked` or another word.
        public var enablement: String
        /// Whether the default target starts it.
        public var startsAtBoot: Bool
        /// Whether it runs before the system is up, so that a private `/tmp` is not appropriate.
        public var isEarlyBoot: Bool
        /// Settings that confine it (`PrivateTmp`, `NoNewPrivileges`, `SystemCallFilter`, …), with their places.
        public var settings: [String: Sourced<String>]
        /// The first program that it runs.
        public var program: Sourced<String>?
        /// The package that owns the unit file, if known.
        public var package: String?
        /// The unit file.
        public var place: Place

        /// Makes it.
        public init(
            name: String, enablement: String, startsAtBoot: Bool, isEarlyBoot: Bool,
            settings: [String: Sourced<String>], program: Sourced<String>?, package: String? = nil, place: Place
        ) {
            self.name = name
            self.enablement = enablement
            self.startsAtBoot = startsAtBoot
            self.isEarlyBoot = isEarlyBoot
            self.settings = settings
            self.program = program
            self.package = package
            self.place = place
        }
    }

    /// The services, by name.
    public var services: [Service] = []
    /// Whether the subject has systemd.
    public var hasSystemd = false
    /// Files that could not be read or understood.
    public var gaps: [Gap] = []

    /// Starts with nothing.
    public init() {}
}

/// Encrypted volumes of a subject.
public struct StorageFacts: Codable, Hashable, Sendable {
    /// One encrypted volume.
    public struct Volume: Codable, Hashable, Sendable {
        /// The device or mapping.
        public var name: String
        /// The format, such as `LUKS1`, `LUKS2` and `plain`.
        public var kind: String
        /// The cipher, if known.
        public var cipher: String?
        /// Key size in bits, if known.
        public var keyBits: Int?
        /// Whether it is in use now (a live mapping).
        public var isActive: Bool
        /// Things that weaken it.
        public var weaknesses: [String]
        /// Where it was observed.
        public var place: Place

        /// Makes it.
        public init(
            name: String, kind: String, cipher: String?, keyBits: Int?, isActive: Bool, weaknesses: [String],
            place: Place
        ) {
            self.name = name
            self.kind = kind
            self.cipher = cipher
            self.keyBits = keyBits
            self.isActive = isActive
            self.weaknesses = weaknesses
            self.place = place
        }
    }

    /// The volumes: live mappings, crypttab entries, `rd.luks` parameters.
    public var volumes: [Volume] = []
    /// Tools and modules that make encrypted volumes available (`cryptsetup`, `systemd-cryptsetup`), with their paths.
    public var tools: [Sourced<String>] = []
    /// What could not be read.
    public var gaps: [Gap] = []

    /// Starts with nothing.
    public init() {}
}

/// Privileges that files carry.
public struct PrivilegeFacts: Codable, Hashable, Sendable {
    /// A file and its privilege.
    public struct File: Codable, Hashable, Sendable {
        /// Where it is.
        public var place: Place
        /// The capabilities as getcap prints them, or the mode and owner (`4755 root`).
        public var privilege: String
        /// The package that owns it, if known.
        public var package: String?

        /// Makes it.
        public init(place: Place, privilege: String, package: String? = nil) {
            self.place = place
            self.privilege = privilege
            self.package = package
        }
    }

    /// Files with capabilities.
    public var capabilities: [File] = []
    /// Files with set-user-ID or set-group-ID.
    public var setID: [File] = []
    /// Files outside `/tmp`-like directories that everybody may write.
    public var worldWritable: [File] = []
    /// Device nodes outside `/dev`.
    public var deviceNodes: [File] = []
    /// Whether the file system keeps capabilities at all; nil when that is not known.
    public var supportsCapabilities: Bool?
    /// What could not be read.
    public var gaps: [Gap] = []

    /// Starts with nothing.
    public init() {}
}

/// The journal of a subject.
public struct JournalFacts: Codable, Hashable, Sendable {
    /// The effective `Storage=`, with the place that sets it.
    public var storage: Sourced<String>
    /// The effective `Seal=`.
    public var seal: Sourced<Bool>
    /// Whether `/var/log/journal` exists.
    public var hasPersistentDirectory: Observation<Bool>
    /// Sealing keys (`/var/log/journal/<machine-id>/fss`) found.
    public var sealingKeys: [Place]
    /// Journal files whose header says that they are sealed.
    public var sealedFiles: Int
    /// Journal files read.
    public var files: Int
    /// Whether systemd was built with gcrypt, which sealing needs: from the feature string of its library.
    public var hasGcrypt: Observation<Bool>
    /// What could not be read.
    public var gaps: [Gap] = []

    /// Makes it.
    public init(
        storage: Sourced<String>, seal: Sourced<Bool>, hasPersistentDirectory: Observation<Bool>,
        sealingKeys: [Place], sealedFiles: Int, files: Int, hasGcrypt: Observation<Bool>
    ) {
        self.storage = storage
        self.seal = seal
        self.hasPersistentDirectory = hasPersistentDirectory
        self.sealingKeys = sealingKeys
        self.sealedFiles = sealedFiles
        self.files = files
        self.hasGcrypt = hasGcrypt
    }
}

/// The SSH server of a subject.
public struct SSHFacts: Codable, Hashable, Sendable {
    /// Whether the server is installed.
    public var isInstalled: Bool
    /// Effective settings by lower-case keyword, with places; sshd's default has the place `sshd default`.
    public var settings: [String: Sourced<String>]
    /// Settings that a `Match` block changes, in words.
    public var conditional: [Sourced<String>]
    /// What could not be read.
    public var gaps: [Gap] = []

    /// Makes it.
    public init(isInstalled: Bool, settings: [String: Sourced<String>], conditional: [Sourced<String>]) {
        self.isInstalled = isInstalled
        self.settings = settings
        self.conditional = conditional
    }
}
