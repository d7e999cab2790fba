import AssayBytes
import AssayFacts
import AssayKernelConfig

extension KernelConfiguration {
    /// The current names of the symbols that the kernel renamed, moved or removed and that hardening asks for.
    static let historicalSymbols = [
        "STACKPROTECTOR", "STACKPROTECTOR_STRONG", "STRICT_KERNEL_RWX", "STRICT_MODULE_RWX", "X86_UMIP", "X86_X32_ABI",
        "RANDSTRUCT_FULL", "INIT_STACK_ALL_PATTERN", "CFI", "CPU_MITIGATIONS", "MITIGATION_PAGE_TABLE_ISOLATION",
        "MITIGATION_RETPOLINE", "MITIGATION_RETHUNK", "MITIGATION_UNRET_ENTRY", "MITIGATION_IBPB_ENTRY",
        "MITIGATION_IBRS_ENTRY", "MITIGATION_SRSO", "MITIGATION_SLS", "MITIGATION_CALL_DEPTH_TRACKING",
        "MITIGATION_GDS_FORCE", "MITIGATION_GDS", "MITIGATION_MDS", "MITIGATION_TAA", "MITIGATION_MMIO_STALE_DATA",
        "MITIGATION_L1TF", "MITIGATION_RETBLEED", "MITIGATION_SPECTRE_V1", "MITIGATION_SPECTRE_V2",
        "MITIGATION_SRBDS", "MITIGATION_SSB", "DEVKMEM", "REFCOUNT_FULL", "HARDENED_USERCOPY_FALLBACK",
        "SECURITY_SELINUX_DISABLE", "LEGACY_VSYSCALL_EMULATE", "HARDENED_USERCOPY", "FORTIFY_SOURCE",
        "SLAB_FREELIST_HARDENED", "VMAP_STACK", "INIT_ON_ALLOC_DEFAULT_ON", "INIT_ON_FREE_DEFAULT_ON",
        "SECURITY_LOCKDOWN_LSM", "SECURITY_LOCKDOWN_LSM_EARLY", "LOCK_DOWN_KERNEL_FORCE_NONE",
        "LOCK_DOWN_KERNEL_FORCE_INTEGRITY", "LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY",
        "RANDOMIZE_KSTACK_OFFSET_DEFAULT", "BPF_UNPRIV_DEFAULT_OFF", "LEGACY_TIOCSTI", "SECURITY_IPE",
    ]

    /// The facts of `config`.
    ///
    /// - Parameters:
    ///   - config: the configuration.
    ///   - origin: how it was found.
    ///   - version: the kernel's version where the configuration's header has none.
    init(_ config: KernelConfig, origin: String, version: KernelVersion?) {
        let version = config.version ?? version
        var symbols: [String: Symbol] = [:]
        var malformed = Set(config.diagnostics.map(\.line))
        for name in config.symbols {
            switch config[name] {
            case .set(let value, let line): symbols[name] = Symbol(value.factText, line: line)
            case .notSet(let line): symbols[name] = Symbol("n", line: line)
            case .malformed(let line): malformed.insert(line)
            case .absent: continue
            }
        }
        var renamed: [String: String] = [:]
        var inapplicable: [String: String] = [:]
        for symbol in KernelConfiguration.historicalSymbols {
            let lookup = config.value(of: symbol, in: version)
            if let matched = lookup.matched {
                if matched != symbol { renamed[symbol] = matched }
                continue
            }
            switch lookup.existence {
            case .removed(let release): inapplicable[symbol] = "removed in Linux \(release)"
            case .notYet(let release): inapplicable[symbol] = "exists since Linux \(release)"
            case .exists, .unknown: continue
            }
        }
        self.init(
            version: version.map { EscapedText($0.raw).description }, symbols: symbols,
            malformedLines: malformed.sorted(), origin: origin, renamed: renamed, inapplicable: inapplicable)
    }
}

extension KernelConfig.Value {
    /// The value without quotes.
    fileprivate var factText: String {
        if case .string(let text) = self { return EscapedText(text).description }
        return description
    }
}

extension KernelConfig {
    /// The architecture as the configuration names it: `x86_64`, `arm64`.
    var architectureName: String? {
        switch architecture {
        case .x86x32: "i386"
        case .arm64: "arm64"
        case let other?: EscapedText(other.description).description
        case nil: nil
        }
    }

    /// What the kernel sets sysctls to, as far as the configuration tells; `version` as for `KernelConfiguration`.
    func sysctlDefaults(version: KernelVersion?) -> [String: AssayFacts.KernelDefault] {
        var defaults: [String: AssayFacts.KernelDefault] = [:]
        for key in Set(KernelDefaults.names).union(LiveKernelCollector.keys) {
            if case .value(let value, let reason) = KernelDefaults.value(
                of: key, config: self, version: self.version ?? version)
            {
                defaults[key] = AssayFacts.KernelDefault(value: value, reason: reason)
            }
        }
        return defaults
    }
}

extension KernelFacts {
    /// A kernel of which the configuration was looked for.
    init(
        release: String, isRunning: Bool, _ found: Reading<FoundConfiguration>, absentAt place: Place,
        unreadableAt unreadable: Place? = nil
    ) {
        let version = KernelVersion(release)
        switch found {
        case .found(let found):
            let configuration = KernelConfiguration(found.config, origin: found.origin, version: version)
            self.init(
                release: EscapedText(release).description, architecture: found.config.architectureName,
                isRunning: isRunning, configuration: .found(configuration, found.place))
            defaults = found.config.sysctlDefaults(version: version)
        case .absent:
            self.init(
                release: EscapedText(release).description, architecture: nil, isRunning: isRunning,
                configuration: .absent(place))
        case .unreadable(let reason):
            self.init(
                release: EscapedText(release).description, architecture: nil, isRunning: isRunning,
                configuration: .unreadable(unreadable ?? place, reason: reason))
        }
    }
}

/// A kernel's configuration and where it was found.
struct FoundConfiguration {
    let config: KernelConfig
    let origin: String
    let place: Place
}
