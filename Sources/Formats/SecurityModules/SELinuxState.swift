/// What SELinux does after a boot, and which layer decided it.
public struct SELinuxState: Hashable, Sendable {
    /// What it does.
    public enum Mode: String, Hashable, Sendable {
        /// The policy is enforced.
        case enforcing
        /// Violations are only logged.
        case permissive
        /// No policy is in force.
        case disabled
        /// Not decidable from what is known.
        case unknown
    }

    /// The layer that decided.
    public enum Layer: String, Hashable, Sendable {
        /// The kernel is built without it.
        case kernelConfiguration = "kernel configuration"
        /// The list of security modules leaves it out.
        case moduleOrder = "list of security modules"
        /// A parameter of the command line.
        case commandLine = "kernel command line"
        /// `/etc/selinux/config`.
        case configurationFile = "/etc/selinux/config"
        /// Nothing asked for a mode: libselinux takes permissive.
        case libraryDefault = "libselinux default"
    }

    /// What it does.
    public let mode: Mode
    /// The layer that decided.
    public let layer: Layer
    /// One sentence of the reason, with the values that decided.
    public let reason: String

    /// The kernel's options that matter, each `y`, `n` for "not set", another text for a value, nil for not known.
    public struct Kernel: Hashable, Sendable {
        /// `CONFIG_SECURITY_SELINUX`.
        public var selinux: String?
        /// `CONFIG_SECURITY_SELINUX_BOOTPARAM`: whether `selinux=` is obeyed.
        public var bootParameter: String?
        /// `CONFIG_SECURITY_SELINUX_DEVELOP`: whether there is a permissive mode, and `enforcing=`.
        public var develop: String?
        /// The value of `CONFIG_LSM` without quotes.
        public var lsm: String?
        /// The modules that are built in; `selinux` is added when `selinux` is `y`.
        public var built: Set<String>

        /// Makes a description of a kernel.
        public init(
            selinux: String?, bootParameter: String?, develop: String?, lsm: String?, built: Set<String> = []
        ) {
            self.selinux = selinux
            self.bootParameter = bootParameter
            self.develop = develop
            self.lsm = lsm
            self.built = built
        }
    }

    /// What a boot comes to.
    ///
    /// - Parameters:
    ///   - kernel: the kernel's options.
    ///   - commandLine: the kernel's command line; nil when it is not known, which can leave the mode unknown.
    ///   - configuration: `/etc/selinux/config`; nil when there is no such file.
    ///   - hasPolicy: whether a policy file of the configured type is there; nil when not known.
    /// - Returns: the mode with the layer that decided.
    public static func effective(
        kernel: Kernel, commandLine: String?, configuration: SELinuxConfiguration?, hasPolicy: Bool? = nil
    ) -> SELinuxState {
        guard kernel.selinux != "n" else {
            return SELinuxState(.disabled, .kernelConfiguration, "CONFIG_SECURITY_SELINUX is not set")
        }
        let line = KernelCommandLine(commandLine ?? "")
        if line.number("selinux") == 0, kernel.bootParameter != "n" {
            guard kernel.bootParameter == "y" else {
                return SELinuxState(.unknown, .commandLine, "selinux=0, not known whether the kernel obeys it")
            }
            return SELinuxState(.disabled, .commandLine, "selinux=0")
        }
        guard kernel.selinux == "y" else {
            return SELinuxState(.unknown, .kernelConfiguration, "CONFIG_SECURITY_SELINUX is not known")
        }
        if let problem = inOrder(kernel, line) { return problem }
        if configuration?.mode?.value == .disabled {
            return SELinuxState(
                .disabled, .configurationFile,
                "SELINUX=disabled at line \(configuration?.mode?.line ?? 0): no policy is loaded")
        }
        if hasPolicy == false {
            return SELinuxState(
                .disabled, .configurationFile,
                "no policy in \(configuration?.policyDirectory ?? "/etc/selinux/targeted")")
        }
        guard commandLine != nil else {
            return SELinuxState(
                .unknown, .commandLine, "the command line, which can override the configuration, is not known")
        }
        return requested(kernel, line, configuration)
    }

    /// The mode of a kernel in which SELinux is started and finds a policy.
    private static func requested(
        _ kernel: Kernel, _ line: KernelCommandLine, _ configuration: SELinuxConfiguration?
    ) -> SELinuxState {
        if kernel.develop == "n" {
            return SELinuxState(.enforcing, .kernelConfiguration, "CONFIG_SECURITY_SELINUX_DEVELOP is not set")
        }
        let asked: SELinuxState
        // What the init program does: a value on the command line beats the file.
        if let value = line.number("enforcing") {
            asked = SELinuxState(value == 0 ? .permissive : .enforcing, .commandLine, "enforcing=\(value)")
        } else if let mode = configuration?.mode {
            asked = SELinuxState(
                mode.value == .enforcing ? .enforcing : .permissive, .configurationFile,
                "SELINUX=\(mode.value.rawValue) at line \(mode.line)")
        } else {
            asked = SELinuxState(.permissive, .libraryDefault, "no mode is configured")
        }
        if asked.mode == .permissive, kernel.develop == nil {
            return SELinuxState(
                .unknown, .kernelConfiguration, "\(asked.reason), not known whether the kernel has a permissive mode")
        }
        return asked
    }

    /// Why SELinux is not started, or nil when it is.
    private static func inOrder(_ kernel: Kernel, _ line: KernelCommandLine) -> SELinuxState? {
        guard line["lsm"] != nil || kernel.lsm != nil else {
            return SELinuxState(.unknown, .moduleOrder, "neither CONFIG_LSM nor lsm= is known")
        }
        let order = LSMOrder.effective(
            configLSM: kernel.lsm ?? "", cmdlineLsm: line["lsm"], cmdlineSecurity: line["security"],
            built: kernel.built.union(["selinux"]),
            disabled: line.number("apparmor") == 0 ? ["apparmor"] : [])
        guard !order.contains("selinux") else { return nil }
        let reason = order.inactive.first { $0.name == "selinux" }?.reason.rawValue ?? "not started"
        return SELinuxState(.disabled, .moduleOrder, "\(order.source.rawValue): \(reason)")
    }

    private init(_ mode: Mode, _ layer: Layer, _ reason: String) {
        self.mode = mode
        self.layer = layer
        self.reason = reason
    }
}
