extension SymbolHistory {
    /// The renames and removals that matter for hardening, each with the mainline commit that made it.
    static let all: [SymbolHistory] = [
        // 4.18, 050e9baa9dc9: the stack protector's symbols lose CC_.
        renamed("CC_STACKPROTECTOR", "STACKPROTECTOR", in: (4, 18)),
        renamed("CC_STACKPROTECTOR_STRONG", "STACKPROTECTOR_STRONG", since: (3, 14), in: (4, 18)),
        // 4.11, 0f5bf6d0afe4.
        renamed("DEBUG_RODATA", "STRICT_KERNEL_RWX", in: (4, 11)),
        renamed("DEBUG_SET_MODULE_RONX", "STRICT_MODULE_RWX", in: (4, 11)),
        // 5.5, b971880fe79f: not only Intel has it.
        renamed("X86_INTEL_UMIP", "X86_UMIP", since: (4, 15), in: (5, 5)),
        // 5.18, 83a44a4f47ad.
        renamed("X86_X32", "X86_X32_ABI", since: (3, 4), in: (5, 18)),
        // 5.19, 595b893e2087: the layout randomization is a choice, by compiler or by plugin.
        renamed("GCC_PLUGIN_RANDSTRUCT", "RANDSTRUCT_FULL", since: (4, 13), in: (5, 19)),
        // 5.9, f0fe00d4972a: zero as well as a pattern.
        renamed("INIT_STACK_ALL", "INIT_STACK_ALL_PATTERN", since: (5, 2), in: (5, 9)),
        // 6.18, 23ef9d439769.
        renamed("CFI_CLANG", "CFI", since: (5, 13), in: (6, 18)),
        // 6.9, fe42754b94a4 (carried back to 6.6.x and 6.8.x): all architectures share it.
        renamed("SPECULATION_MITIGATIONS", "CPU_MITIGATIONS", since: (5, 19), in: (6, 9)),
        // 6.9: all of x86's mitigations under one prefix. In this order: ea4654e08853, aefb2f2e619b, 0911b8c52c4d,
        // ac61d43983a4, e0b8fcfa3cfa, 1da8d2172ce5, a033eec9a06c, 7b75782ffd82, 5fa31af31e72.
        renamed("PAGE_TABLE_ISOLATION", "MITIGATION_PAGE_TABLE_ISOLATION", since: (4, 15), in: (6, 9)),
        renamed("RETPOLINE", "MITIGATION_RETPOLINE", since: (4, 15), in: (6, 9)),
        renamed("RETHUNK", "MITIGATION_RETHUNK", since: (5, 19), in: (6, 9)),
        renamed("CPU_UNRET_ENTRY", "MITIGATION_UNRET_ENTRY", since: (5, 19), in: (6, 9)),
        renamed("CPU_IBPB_ENTRY", "MITIGATION_IBPB_ENTRY", since: (5, 19), in: (6, 9)),
        renamed("CPU_IBRS_ENTRY", "MITIGATION_IBRS_ENTRY", since: (5, 19), in: (6, 9)),
        renamed("CPU_SRSO", "MITIGATION_SRSO", since: (6, 5), in: (6, 9)),
        renamed("SLS", "MITIGATION_SLS", since: (5, 17), in: (6, 9)),
        renamed("CALL_DEPTH_TRACKING", "MITIGATION_CALL_DEPTH_TRACKING", since: (6, 2), in: (6, 9)),
        // 6.9, be83e809ca67; removed in 6.12, 03267a534bb3. `MITIGATION_GDS` (225f2bd064c3) is another question.
        SymbolHistory(names: [
            Name(name: "GDS_FORCE_MITIGATION", since: release((6, 5)), until: release((6, 9))),
            Name(name: "MITIGATION_GDS_FORCE", since: release((6, 9)), until: release((6, 12))),
        ]),
        // 6.12, 225f2bd064c3 and its siblings of the same series: no Kconfig choice before.
        added("MITIGATION_GDS", in: (6, 12)), added("MITIGATION_MDS", in: (6, 12)),
        added("MITIGATION_TAA", in: (6, 12)), added("MITIGATION_MMIO_STALE_DATA", in: (6, 12)),
        added("MITIGATION_L1TF", in: (6, 12)), added("MITIGATION_RETBLEED", in: (6, 12)),
        added("MITIGATION_SPECTRE_V1", in: (6, 12)), added("MITIGATION_SPECTRE_V2", in: (6, 12)),
        added("MITIGATION_SRBDS", in: (6, 12)), added("MITIGATION_SSB", in: (6, 12)),
        // 5.13, bbcd53c96071: /dev/kmem is gone.
        removed("DEVKMEM", in: (5, 13)),
        // 5.5, fb041bb7c0a9: full reference-count checking is the only kind.
        removed("REFCOUNT_FULL", since: (4, 13), in: (5, 5)),
        // 5.16, 53944f171a89: no fallback that only warns.
        removed("HARDENED_USERCOPY_FALLBACK", since: (4, 16), in: (5, 16)),
        // 6.4, f22f9aaf6c3d: SELinux cannot be switched off at run time.
        removed("SECURITY_SELINUX_DISABLE", in: (6, 4)),
        // 5.19, bf00745e7791: what was left of emulated vsyscalls is no longer a choice.
        removed("LEGACY_VSYSCALL_EMULATE", since: (4, 4), in: (5, 19)),
        // 4.8, f5509cc18daa.
        added("HARDENED_USERCOPY", in: (4, 8)),
        // 4.13, 6974f0c4555e.
        added("FORTIFY_SOURCE", in: (4, 13)),
        // 4.14, 2482ddec670f.
        added("SLAB_FREELIST_HARDENED", in: (4, 14)),
        // 4.9, e37e43a497d5.
        added("VMAP_STACK", in: (4, 9)),
        // 5.3, 6471384af2a6.
        added("INIT_ON_ALLOC_DEFAULT_ON", in: (5, 3)), added("INIT_ON_FREE_DEFAULT_ON", in: (5, 3)),
        // 5.4, 000d388ed3bb; before, only as a distribution's patch under other names.
        added("SECURITY_LOCKDOWN_LSM", in: (5, 4)), added("SECURITY_LOCKDOWN_LSM_EARLY", in: (5, 4)),
        added("LOCK_DOWN_KERNEL_FORCE_NONE", in: (5, 4)), added("LOCK_DOWN_KERNEL_FORCE_INTEGRITY", in: (5, 4)),
        added("LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY", in: (5, 4)),
        // 5.13, 39218ff4c625.
        added("RANDOMIZE_KSTACK_OFFSET_DEFAULT", in: (5, 13)),
        // 5.13, 08389d888287 (carried back to stable branches).
        added("BPF_UNPRIV_DEFAULT_OFF", in: (5, 13)),
        // 6.2, 83efeeeb3d04.
        added("LEGACY_TIOCSTI", in: (6, 2)),
        // 6.12, 0311507792b5.
        added("SECURITY_IPE", in: (6, 12)),
    ]

    private static func release(_ version: (UInt32, UInt32)) -> Release {
        Release(major: version.0, minor: version.1)
    }

    private static func renamed(
        _ old: String, _ new: String, since: (UInt32, UInt32)? = nil, in version: (UInt32, UInt32)
    ) -> SymbolHistory {
        SymbolHistory(names: [
            Name(name: old, since: since.map(release), until: release(version)),
            Name(name: new, since: release(version), until: nil),
        ])
    }

    private static func removed(
        _ name: String, since: (UInt32, UInt32)? = nil, in version: (UInt32, UInt32)
    ) -> SymbolHistory {
        SymbolHistory(names: [Name(name: name, since: since.map(release), until: release(version))])
    }

    private static func added(_ name: String, in version: (UInt32, UInt32)) -> SymbolHistory {
        SymbolHistory(names: [Name(name: name, since: release(version), until: nil)])
    }
}
