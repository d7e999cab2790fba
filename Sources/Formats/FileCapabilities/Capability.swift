/// One of Linux's capabilities, by its number.
///
/// Numbers and names are those of `include/uapi/linux/capability.h`; a number without a name here is of a newer kernel.
/// https://man7.org/linux/man-pages/man7/capabilities.7.html
public struct Capability: RawRepresentable, Hashable, Comparable, Sendable {
    /// The bit in a capability set, from 0 to 63.
    public let rawValue: UInt8

    /// Makes the capability of bit `rawValue`, or nil when a set has no such bit.
    public init?(rawValue: UInt8) {
        guard rawValue < 64 else { return nil }
        self.rawValue = rawValue
    }

    /// The capability called `name`, with or without the prefix `cap_`, in either case.
    public init?(name: String) {
        let lower = name.lowercased()
        let full = lower.utf8.starts(with: "cap_".utf8) ? lower : "cap_" + lower
        guard let index = Capability.names.firstIndex(of: full) else { return nil }
        rawValue = UInt8(truncatingIfNeeded: index)
    }

    /// The name in lower case with its prefix (`cap_net_raw`), or the number where it has none.
    public var name: String {
        Int(rawValue) < Capability.names.count ? Capability.names[Int(rawValue)] : String(rawValue)
    }

    /// Whether this version of Assay knows the capability's name.
    public var isNamed: Bool { Int(rawValue) < Capability.names.count }

    /// Orders by number.
    public static func < (left: Capability, right: Capability) -> Bool { left.rawValue < right.rawValue }

    /// The names in the order of their numbers, 0 to 40.
    public static let names = [
        "cap_chown", "cap_dac_override", "cap_dac_read_search", "cap_fowner", "cap_fsetid", "cap_kill", "cap_setgid",
        "cap_setuid", "cap_setpcap", "cap_linux_immutable", "cap_net_bind_service", "cap_net_broadcast",
        "cap_net_admin", "cap_net_raw", "cap_ipc_lock", "cap_ipc_owner", "cap_sys_module", "cap_sys_rawio",
        "cap_sys_chroot", "cap_sys_ptrace", "cap_sys_pacct", "cap_sys_admin", "cap_sys_boot", "cap_sys_nice",
        "cap_sys_resource", "cap_sys_time", "cap_sys_tty_config", "cap_mknod", "cap_lease", "cap_audit_write",
        "cap_audit_control", "cap_setfcap", "cap_mac_override", "cap_mac_admin", "cap_syslog", "cap_wake_alarm",
        "cap_block_suspend", "cap_audit_read", "cap_perfmon", "cap_bpf", "cap_checkpoint_restore",
    ]
}

/// A set of capabilities, as the kernel keeps it: one bit each.
public struct CapabilitySet: OptionSet, Hashable, Sendable {
    /// Bit n stands for capability n.
    public let rawValue: UInt64

    /// Makes the set of the bits in `rawValue`.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The capabilities of the set, by rising number.
    public var capabilities: [Capability] {
        (0..<64).compactMap { bit in rawValue >> UInt64(bit) & 1 == 1 ? Capability(rawValue: UInt8(bit)) : nil }
    }

    /// Whether `capability` is in the set.
    public func contains(_ capability: Capability) -> Bool { rawValue >> UInt64(capability.rawValue) & 1 == 1 }
}
