import AssayBytes

/// A profile that a running kernel has loaded.
public struct LoadedAppArmorProfile: Hashable, Sendable {
    /// The full name.
    public let name: String
    /// The mode as the kernel names it (`enforce`, `complain`, `kill`, `unconfined`).
    public let mode: String

    /// Reads `/sys/kernel/security/apparmor/profiles`: a `name (mode)` a line; other lines are left out.
    public static func list(_ bytes: [UInt8]) -> [LoadedAppArmorProfile] {
        var result: [LoadedAppArmorProfile] = []
        for line in TextLines(Array(bytes.prefix(16 << 20))) {
            // A name may hold blanks and parentheses itself: the last pair is the mode.
            guard line.text.utf8.last == 0x29, let open = line.text.utf8.lastIndex(of: 0x28),
                line.text.utf8[..<open].last == 0x20, result.count < 100_000
            else { continue }
            result.append(
                LoadedAppArmorProfile(
                    name: String(Substring(line.text.utf8[..<open].dropLast())),
                    mode: String(Substring(line.text.utf8[open...].dropFirst().dropLast()))))
        }
        return result
    }
}

/// Whether AppArmor is on after a boot, and which layer decided it.
public struct AppArmorState: Hashable, Sendable {
    /// Whether it is on.
    public enum Activity: String, Hashable, Sendable {
        /// Profiles that are loaded confine programs.
        case on
        /// Nothing is confined.
        case off
        /// Not decidable from what is known.
        case unknown
    }

    /// The layer that decided.
    public enum Layer: String, Hashable, Sendable {
        /// The kernel is built without it, or built not to start it.
        case kernelConfiguration = "kernel configuration"
        /// The list of security modules.
        case moduleOrder = "list of security modules"
        /// `apparmor=`.
        case commandLine = "kernel command line"
    }

    /// Whether it is on.
    public let activity: Activity
    /// The layer that decided.
    public let layer: Layer
    /// One sentence of the reason.
    public let reason: String

    /// What a boot comes to; profiles are loaded later, by a service.
    ///
    /// - Parameters:
    ///   - apparmor: `CONFIG_SECURITY_APPARMOR`: `y`, `n` for "not set", nil for not known.
    ///   - lsm: the value of `CONFIG_LSM` without quotes; nil when not known.
    ///   - built: the other security modules that are built in.
    ///   - bootParameterValue: `CONFIG_SECURITY_APPARMOR_BOOTPARAM_VALUE` of kernels before 5.1; `0` means off.
    ///   - commandLine: the kernel's command line; nil when not known.
    /// - Returns: whether it is on, with the layer that decided.
    public static func effective(
        apparmor: String?, lsm: String?, built: Set<String> = [], bootParameterValue: String? = nil,
        commandLine: String?
    ) -> AppArmorState {
        if apparmor == "n" {
            return AppArmorState(
                activity: .off, layer: .kernelConfiguration, reason: "CONFIG_SECURITY_APPARMOR is not set")
        }
        guard apparmor == "y" else {
            return AppArmorState(
                activity: .unknown, layer: .kernelConfiguration, reason: "CONFIG_SECURITY_APPARMOR is not known")
        }
        let line = KernelCommandLine(commandLine ?? "")
        let parameter = line.number("apparmor")
        if parameter == 0 { return AppArmorState(activity: .off, layer: .commandLine, reason: "apparmor=0") }
        if parameter == nil, bootParameterValue == "0" {
            return AppArmorState(
                activity: .off, layer: .kernelConfiguration, reason: "CONFIG_SECURITY_APPARMOR_BOOTPARAM_VALUE=0")
        }
        guard line["lsm"] != nil || lsm != nil else {
            return AppArmorState(
                activity: .unknown, layer: .moduleOrder, reason: "neither CONFIG_LSM nor lsm= is known")
        }
        guard commandLine != nil else {
            return AppArmorState(
                activity: .unknown, layer: .commandLine,
                reason: "the command line, which can override the configuration, is not known")
        }
        let order = LSMOrder.effective(
            configLSM: lsm ?? "", cmdlineLsm: line["lsm"], cmdlineSecurity: line["security"],
            built: built.union(["apparmor"]), disabled: line.number("selinux") == 0 ? ["selinux"] : [])
        if order.contains("apparmor") {
            return AppArmorState(activity: .on, layer: .moduleOrder, reason: order.source.rawValue)
        }
        let reason = order.inactive.first { $0.name == "apparmor" }?.reason.rawValue ?? "not started"
        return AppArmorState(activity: .off, layer: .moduleOrder, reason: "\(order.source.rawValue): \(reason)")
    }
}

/// What the links in `/etc/apparmor.d/disable` and `/etc/apparmor.d/force-complain` make of profile files.
public enum AppArmorOverrides {
    /// What happens to a file of profiles at boot.
    public enum Treatment: String, Hashable, Sendable {
        /// Its profiles are loaded as they are.
        case asWritten
        /// Its profiles are loaded, all in complain mode.
        case forcedComplain
        /// It is not loaded.
        case disabled
    }

    /// The treatment of the file `name` in `/etc/apparmor.d`.
    ///
    /// - Parameters:
    ///   - name: the file's own name (`usr.bin.man`).
    ///   - disabled: the names in `/etc/apparmor.d/disable`.
    ///   - forcedComplain: the names in `/etc/apparmor.d/force-complain`.
    /// - Returns: what happens to the file's profiles.
    public static func treatment(
        of name: String, disabled: Set<String>, forcedComplain: Set<String>
    ) -> Treatment {
        if disabled.contains(name) { return .disabled }
        return forcedComplain.contains(name) ? .forcedComplain : .asWritten
    }
}
