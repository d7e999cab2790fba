/// One kernel of a subject: its build configuration and the command lines that it is, or would be, started with.
public struct KernelFacts: Codable, Hashable, Sendable {
    /// The release (`uname -r`, the name of its directory in `/lib/modules`), or what the configuration says.
    public var release: String
    /// The architecture as the configuration says it (`x86_64`, `arm64`), if known.
    public var architecture: String?
    /// Whether it is the kernel that is running now.
    public var isRunning: Bool
    /// The build configuration.
    public var configuration: Observation<KernelConfiguration>
    /// The command lines that this kernel may be started with, the one that decides first.
    public var commandLines: [CommandLineFacts] = []
    /// The places that were looked at for a command line and held none for this kernel, or could not be read or evaluated.
    ///
    /// Empty without a command line means that the subject has no boot configuration at all.
    public var commandLineGaps: [Gap] = []
    /// The value that the kernel itself gives to sysctl keys that depend on its version or configuration.
    public var defaults: [String: KernelDefault] = [:]

    /// Makes it.
    public init(
        release: String, architecture: String?, isRunning: Bool, configuration: Observation<KernelConfiguration>
    ) {
        self.release = release
        self.architecture = architecture
        self.isRunning = isRunning
        self.configuration = configuration
    }
}

/// A kernel's build configuration.
public struct KernelConfiguration: Codable, Hashable, Sendable {
    /// One symbol as the configuration has it.
    public struct Symbol: Codable, Hashable, Sendable {
        /// `y`, `m`, a number or string without quotes; `n` for "is not set".
        public var value: String
        /// The line.
        public var line: Int

        /// Makes it.
        public init(_ value: String, line: Int) {
            self.value = value
            self.line = line
        }
    }

    /// The version in the configuration's header, if there is one.
    public var version: String?
    /// The symbols by name, which lacks `CONFIG_` here.
    ///
    /// A symbol that is not here does not occur in the configuration at all.
    public var symbols: [String: Symbol]
    /// Lines that are no Kconfig output.
    public var malformedLines: [Int]
    /// How the configuration was found (`config file`, `IKCONFIG in bzImage, zstd`).
    public var origin: String
    /// Current names of symbols whose kernel still has an older name: current name → name in `symbols`.
    public var renamed: [String: String]
    /// Symbols that do not exist in this kernel's version or architecture, with the reason.
    public var inapplicable: [String: String]

    /// Makes it.
    public init(
        version: String?, symbols: [String: Symbol], malformedLines: [Int] = [], origin: String,
        renamed: [String: String] = [:], inapplicable: [String: String] = [:]
    ) {
        self.version = version
        self.symbols = symbols
        self.malformedLines = malformedLines
        self.origin = origin
        self.renamed = renamed
        self.inapplicable = inapplicable
    }
}

/// One kernel command line.
public struct CommandLineFacts: Codable, Hashable, Sendable {
    /// Where a command line comes from, the most truthful first.
    public enum Source: String, Codable, Hashable, Sendable, CaseIterable {
        /// `/proc/cmdline` of the running kernel.
        case running
        /// The `.cmdline` section of a unified kernel image.
        case unifiedKernelImage
        /// A Boot Loader Specification entry.
        case bootLoaderEntry
        /// GRUB's grub.cfg.
        case grub
        /// `/etc/kernel/cmdline`: for the next kernel-install.
        case kernelInstall
        /// `/etc/default/grub`: for the next grub-mkconfig.
        case grubDefaults
        /// Given by the user with `--cmdline`.
        case option
    }

    /// One parameter.
    public struct Parameter: Codable, Hashable, Sendable {
        /// The name as written.
        public var name: String
        /// The value behind `=`, or nil.
        public var value: String?

        /// Makes it.
        public init(name: String, value: String?) {
            self.name = name
            self.value = value
        }
    }

    /// Where it comes from.
    public var source: Source
    /// The line as the kernel would get it.
    public var text: String
    /// The parameters in order, without those for init.
    public var parameters: [Parameter]
    /// Where it stands.
    public var place: Place
    /// The boot entry's title, if it has one.
    public var entry: String?
    /// Whether the boot loader starts this entry when nobody chooses.
    public var isDefault: Bool
    /// Variables and constructs that could not be evaluated, so that parameters may be missing or different.
    public var unresolved: [String]

    /// Makes it.
    public init(
        source: Source, text: String, parameters: [Parameter], place: Place, entry: String? = nil,
        isDefault: Bool = true, unresolved: [String] = []
    ) {
        self.source = source
        self.text = text
        self.parameters = parameters
        self.place = place
        self.entry = entry
        self.isDefault = isDefault
        self.unresolved = unresolved
    }
}

/// A sysctl value that the kernel has before anything sets it.
public struct KernelDefault: Codable, Hashable, Sendable {
    /// The value.
    public var value: String
    /// Why: the configuration symbols and version that decide it, and the kernel source.
    public var reason: String

    /// Makes it.
    public init(value: String, reason: String) {
        self.value = value
        self.reason = reason
    }
}

/// What the running kernel says of itself.
public struct LiveKernelFacts: Codable, Hashable, Sendable {
    /// `uname -r`.
    public var release: String
    /// `uname -m`.
    public var machine: String
    /// sysctl keys (with dots) and what `/proc/sys` holds.
    public var sysctl: [String: Observation<String>] = [:]
    /// `/sys/kernel/security/lsm`, split at commas.
    public var securityModules: Observation<[String]>
    /// `/sys/kernel/security/lockdown`: `none`, `integrity` or `confidentiality`.
    public var lockdown: Observation<String>
    /// The actions in `/proc/sys/kernel/seccomp/actions_avail`, split at spaces.
    public var seccompActions: Observation<[String]>
    /// Whether Secure Boot is on, from the EFI variable.
    public var secureBoot: Observation<Bool>
    /// `/proc/self/personality`, as a number in hexadecimal.
    public var personality: Observation<String>
    /// CPU vulnerabilities and what the kernel says about them.
    public var cpuVulnerabilities: [String: String] = [:]
    /// Whether `/proc/modules` exists, and so loadable modules.
    public var hasModules: Bool?
    /// `/dev/mem` and `/dev/kmem`: `absent` or `present`.
    public var memoryDevices: [String: String] = [:]
    /// Processes seen in `/proc`, by the seccomp mode of their `status` (`0`, `1`, `2`).
    public var processesBySeccompMode: [String: Int] = [:]
    /// Names of processes under a seccomp filter, each once, ordered.
    public var filteredProcesses: [String] = []
    /// Processes whose status could not be read.
    public var unreadableProcesses = 0
    /// Processes that run with address randomisation switched off by their personality.
    public var processesWithoutRandomization: [String] = []

    /// Makes it.
    public init(
        release: String, machine: String, securityModules: Observation<[String]>, lockdown: Observation<String>,
        seccompActions: Observation<[String]>, secureBoot: Observation<Bool>, personality: Observation<String>
    ) {
        self.release = release
        self.machine = machine
        self.securityModules = securityModules
        self.lockdown = lockdown
        self.seccompActions = seccompActions
        self.secureBoot = secureBoot
        self.personality = personality
    }
}
