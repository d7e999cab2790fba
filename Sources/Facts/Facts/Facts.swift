/// Everything that was observed in one subject: no judgement, no reference to the subject itself.
///
/// A section is nil when the subject cannot have it (an ELF file has no firewall). Saved facts can be judged again
/// without the subject.
public struct Facts: Codable, Hashable, Sendable {
    /// The version of this model; a reader refuses any other.
    public static let currentSchemaVersion = 1

    /// The version of this model that these facts were written with.
    public var schemaVersion = Facts.currentSchemaVersion
    /// What was examined.
    public var subject: SubjectFacts
    /// `/etc/os-release`.
    public var operatingSystem: OperatingSystemFacts?
    /// One for each kernel that is installed, running or given.
    public var kernels: [KernelFacts] = []
    /// Values of the running kernel, for a live host.
    public var live: LiveKernelFacts?
    /// The values that configuration gives to sysctl keys at boot.
    public var sysctl: SysctlFacts?
    /// Packet filters, configured and loaded.
    public var firewall: FirewallFacts?
    /// Package sources and how their packages are authenticated.
    public var updates: UpdateFacts?
    /// The ELF files and what the C library offers.
    public var elf: ELFFacts?
    /// System services and how they are confined.
    public var services: ServiceFacts?
    /// Accounts, password hashing and PAM.
    public var accounts: AccountFacts?
    /// SELinux and AppArmor.
    public var securityModules: SecurityModuleFacts?
    /// Encrypted volumes.
    public var storage: StorageFacts?
    /// File capabilities, set-user-ID files and device nodes.
    public var privileges: PrivilegeFacts?
    /// The journal.
    public var journal: JournalFacts?
    /// The SSH server.
    public var ssh: SSHFacts?
    /// A data device and its hash tree.
    public var verity: VerityFacts?
    /// Files, and what vouches for them.
    public var authenticity: AuthenticityFacts?
    /// The CA trust store and its sources.
    public var trust: TrustFacts?
    /// Names or files of the subject that could not be read by the walk.
    public var gaps: [Gap] = []
    /// Directories that the walk left out on purpose.
    public var skipped: [Gap] = []

    /// Starts with what was examined.
    public init(subject: SubjectFacts) { self.subject = subject }
}

/// What was examined.
public struct SubjectFacts: Codable, Hashable, Sendable {
    /// The kinds of subject.
    public enum Kind: String, Codable, Hashable, Sendable {
        /// The running machine.
        case host
        /// The root directory of an operating system.
        case rootDirectory
        /// One ELF file, or a folder of them.
        case elfFiles
        /// A kernel's build configuration.
        case kernelConfiguration
        /// A kernel image or unified kernel image.
        case kernelImage
        /// A data device with a dm-verity hash tree.
        case verityDevice
        /// Files whose authenticity is asked: ISO images, packages, repositories.
        case files
    }

    /// The kind.
    public var kind: Kind
    /// The path as the user gave it, escaped.
    public var name: String
    /// The host name, for a host.
    public var hostName: String?

    /// Makes it.
    public init(kind: Kind, name: String, hostName: String? = nil) {
        self.kind = kind
        self.name = name
        self.hostName = hostName
    }
}

/// What os-release says (os-release(5)).
public struct OperatingSystemFacts: Codable, Hashable, Sendable {
    /// `ID`, for example `azurelinux`.
    public var id: String
    /// `ID_LIKE`, split at spaces.
    public var idLike: [String]
    /// `VERSION_ID`.
    public var version: String?
    /// `PRETTY_NAME`.
    public var prettyName: String?
    /// The file.
    public var place: Place

    /// Makes it.
    public init(id: String, idLike: [String], version: String?, prettyName: String?, place: Place) {
        self.id = id
        self.idLike = idLike
        self.version = version
        self.prettyName = prettyName
        self.place = place
    }
}
