/// Which security modules a kernel starts, and in which order.
///
/// Follows `ordered_lsm_parse` of the kernel (security/security.c, since 5.1):
/// https://github.com/torvalds/linux/blob/v6.6/security/security.c
public struct LSMOrder: Hashable, Sendable {
    /// The modules that are started, in their order, `capability` first.
    public let active: [String]
    /// The modules that are built in or named and not started, with the reason.
    public let inactive: [Inactive]
    /// Which layer gave the list.
    public let source: Source

    /// A module that is not started.
    public struct Inactive: Hashable, Sendable {
        /// The name.
        public let name: String
        /// Why.
        public let reason: Reason
    }

    /// Why a module is not started.
    public enum Reason: String, Hashable, Sendable {
        /// The list names it and the kernel does not have it.
        case notBuilt = "not built into the kernel"
        /// The kernel has it and the list does not name it.
        case notListed = "not in the list of modules"
        /// `security=` names another.
        case replaced = "security= chooses another module"
        /// A parameter of its own turns it off (`selinux=0`, `apparmor=0`).
        case disabledByParameter = "its own parameter turns it off"
        /// Another one that excludes it comes earlier.
        case excluded = "another exclusive module comes first"
    }

    /// Which layer gave the list.
    public enum Source: String, Hashable, Sendable {
        /// `CONFIG_LSM`.
        case configuration = "CONFIG_LSM"
        /// `lsm=`.
        case lsmParameter = "lsm="
        /// `CONFIG_LSM`, changed by `security=`.
        case securityParameter = "security="
    }

    /// Modules that `security=` chooses between.
    private static let major: Set<String> = ["selinux", "smack", "tomoyo", "apparmor"]
    /// Modules of which only the first is started.
    private static let exclusive: Set<String> = ["selinux", "smack", "apparmor"]
    /// Modules that the kernel puts at the end whatever the list says.
    private static let last = ["integrity", "ima", "evm"]

    /// Whether `name` is started.
    public func contains(_ name: String) -> Bool { active.contains(name) }

    /// The order that the kernel comes to.
    ///
    /// - Parameters:
    ///   - configLSM: the value of `CONFIG_LSM` without its quotes.
    ///   - cmdlineLsm: the last `lsm=` of the command line.
    ///   - cmdlineSecurity: the last `security=`; without effect when there is a `lsm=`.
    ///   - built: the names of the modules that are built in (`selinux`, `lockdown`, `yama`, …).
    ///   - disabled: built-in modules that a parameter of their own turns off.
    ///   - earlyLockdown: whether `CONFIG_SECURITY_LOCKDOWN_LSM_EARLY` starts lockdown whatever the list says.
    /// - Returns: the order, and what is left out of it.
    public static func effective(
        configLSM: String, cmdlineLsm: String?, cmdlineSecurity: String?, built: Set<String>,
        disabled: Set<String> = [], earlyLockdown: Bool = false
    ) -> LSMOrder {
        let chosen = cmdlineLsm == nil ? cmdlineSecurity : nil
        let list = (cmdlineLsm ?? configLSM).utf8.prefix(4096)
            .split(separator: 0x2C).map { String(Substring($0)) }
        var reasons: [String: Reason] = [:]
        for name in built.union(list) { reasons[name] = built.contains(name) ? .notListed : .notBuilt }
        if let chosen { for name in built.intersection(major) where name != chosen { reasons[name] = .replaced } }
        for name in disabled.intersection(built) { reasons[name] = .disabledByParameter }

        var order = ["capability"]
        for name in list where built.contains(name) && !order.contains(name) && !last.contains(name) {
            order.append(name)
        }
        if let chosen, built.contains(chosen), !order.contains(chosen) { order.append(chosen) }
        order += last.filter { built.contains($0) && !order.contains($0) }

        var active: [String] = earlyLockdown && built.contains("lockdown") ? ["lockdown"] : []
        var hasExclusive = false
        for name in order where !active.contains(name) {
            if reasons[name] == .replaced || reasons[name] == .disabledByParameter { continue }
            if exclusive.contains(name) {
                guard !hasExclusive else {
                    reasons[name] = .excluded
                    continue
                }
                hasExclusive = true
            }
            active.append(name)
        }
        let inactive = reasons.filter { !active.contains($0.key) }.sorted { $0.key < $1.key }
            .map { Inactive(name: $0.key, reason: $0.value) }
        let source: Source =
            cmdlineLsm != nil ? .lsmParameter : chosen != nil ? .securityParameter : .configuration
        return LSMOrder(active: active, inactive: inactive, source: source)
    }
}
