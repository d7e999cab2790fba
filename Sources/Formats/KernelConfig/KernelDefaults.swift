/// What a kernel sets a sysctl to before anything on the system does.
public enum KernelDefault: Hashable, Sendable {
    /// It starts with this value, as `/proc/sys` would show it.
    case value(String, reason: String)
    /// This kernel has no such sysctl.
    case noSuchSysctl(reason: String)
    /// Not decidable from the configuration.
    case unknown(reason: String)

    /// The value, or nil when there is none or it is not known.
    public var value: String? {
        if case .value(let value, reason: _) = self { return value }
        return nil
    }

    /// Why, with the kernel's source file.
    public var reason: String {
        switch self {
        case .value(_, let reason), .noSuchSysctl(let reason), .unknown(let reason): reason
        }
    }
}

/// The values that sysctls have when the kernel starts, derived from its configuration and version.
///
/// The facts are the mainline kernel's; a distribution's patch can change them unseen, except where it brings a Kconfig
/// symbol that tells. The command line is not considered.
public enum KernelDefaults {
    /// The default of `sysctl`, named with dots (`net.ipv4.conf.all.rp_filter`).
    ///
    /// - Parameters:
    ///   - sysctl: the name; an interface's name may stand for `all` or `default`.
    ///   - config: the kernel's configuration.
    ///   - version: the kernel's version, where it is better known than from the configuration's header.
    /// - Returns: the value and why, that there is no such sysctl, or why it is not known.
    public static func value(
        of sysctl: String, config: KernelConfig, version: KernelVersion? = nil
    ) -> KernelDefault {
        let kernel = Kernel(config: config, version: version ?? config.version)
        if let rule = rules[sysctl] { return rule(kernel) }
        return networkInterface(sysctl) ?? .unknown(reason: "no default of '\(sysctl)' is recorded")
    }

    /// The lowest address that a process without CAP_SYS_RAWIO, also under SELinux, can map: the larger of both symbols.
    ///
    /// security/min_addr.c; `vm.mmap_min_addr` itself shows only `DEFAULT_MMAP_MIN_ADDR`.
    public static func lowestMappableAddress(config: KernelConfig) -> UInt64? {
        guard let own = number(config["DEFAULT_MMAP_MIN_ADDR"]) else { return nil }
        return max(own, number(config["LSM_MMAP_MIN_ADDR"]) ?? 0)
    }

    /// The names whose default is recorded, sorted, without those of network interfaces.
    public static var names: [String] { rules.keys.sorted() }

    struct Kernel {
        let config: KernelConfig
        let version: KernelVersion?

        /// Whether `symbol` is enabled; nil when its line cannot be read, or is missing in what is only a fragment.
        func has(_ symbol: String) -> Bool? {
            switch config[symbol] {
            case .malformed: nil
            // The smallest that Kconfig writes (tinyconfig) has some 300 symbols.
            case .absent: config.count < 200 ? nil : false
            default: config[symbol].isEnabled
            }
        }
    }

    static func number(_ state: KernelConfig.State) -> UInt64? {
        switch state.value {
        case .decimal(let number): UInt64(exactly: number)
        case .hexadecimal(let number): number
        default: nil
        }
    }

    /// `net.ipv4.conf.*` and `net.ipv6.conf.*`: net/ipv4/devinet.c (`ipv4_devconf`, `ipv4_devconf_dflt`) and
    /// net/ipv6/addrconf.c (`ipv6_devconf`).
    private static func networkInterface(_ sysctl: String) -> KernelDefault? {
        let parts = sysctl.split(separator: ".", omittingEmptySubsequences: false)
        // An interface may itself have dots in its name (a VLAN): the setting is the last part.
        guard parts.count >= 5, parts[0] == "net", parts[2] == "conf", let setting = parts.last else { return nil }
        let interface = parts[3..<(parts.count - 1)].joined(separator: ".")
        switch (parts[1], setting) {
        case ("ipv4", "accept_source_route"):
            let value = interface == "all" ? "0" : "1"
            return .value(value, reason: "net/ipv4/devinet.c: 0 for all, 1 for default and new interfaces")
        case ("ipv4", "rp_filter"), ("ipv4", "log_martians"), ("ipv4", "forwarding"), ("ipv4", "proxy_arp"):
            return .value("0", reason: "net/ipv4/devinet.c does not set it")
        case ("ipv4", "accept_redirects"), ("ipv4", "send_redirects"), ("ipv4", "secure_redirects"),
            ("ipv4", "shared_media"):
            return .value("1", reason: "net/ipv4/devinet.c sets it to 1")
        case ("ipv6", "accept_redirects"), ("ipv6", "accept_ra"):
            return .value("1", reason: "net/ipv6/addrconf.c sets it to 1")
        case ("ipv6", "accept_source_route"), ("ipv6", "forwarding"):
            return .value("0", reason: "net/ipv6/addrconf.c sets it to 0")
        default: return nil
        }
    }
}
