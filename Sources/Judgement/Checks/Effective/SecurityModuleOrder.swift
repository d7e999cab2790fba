import AssayFacts
import AssayFindings
import AssayPolicy

/// The security modules that a kernel starts, and why.
///
/// security/security.c, `ordered_lsm_init`: `lsm=` replaces the built-in order `CONFIG_LSM` and makes the kernel ignore
/// `security=`, which otherwise keeps all but one of the legacy major modules out. Of SELinux, AppArmor and Smack, only
/// the first in the order starts. Before 5.1 there was no order: minor modules started when built in, and one major
/// module by `security=` or `CONFIG_DEFAULT_SECURITY`.
struct SecurityModuleOrder: Hashable, Sendable {
    /// Whether a module starts.
    enum State: Hashable, Sendable {
        /// It starts.
        case active
        /// It does not: why.
        case inactive(String)
        /// It could not be told: why.
        case unknown(String)
    }

    /// The layer that decided (`running kernel`, `kernel command line`, `kernel configuration`).
    let decidedBy: String
    /// What the order rests on.
    let evidence: [Evidence]
    /// The doubt whether a command line that was not seen in full changes the answer.
    let doubt: CommandLineDoubt

    private let order: Order
    private let kernel: KernelFacts?
    /// The value of `security=`, where it counts.
    private let chosenMajor: String?

    private enum Order: Hashable, Sendable {
        /// The names in order; a running kernel's list has exactly the modules that started.
        case list([String], isRunning: Bool)
        /// A kernel before 5.1, with its major module.
        case legacy(major: String)
        case unknown(String)
    }

    /// Modules of which only one starts (`LSM_FLAG_EXCLUSIVE`).
    private static let exclusive = ["selinux", "apparmor", "smack"]
    /// Modules that `security=` chooses from (`LSM_FLAG_LEGACY_MAJOR`).
    private static let legacyMajor = ["selinux", "apparmor", "smack", "tomoyo"]
    /// The symbol that builds a module in.
    private static let symbols = [
        "apparmor": "SECURITY_APPARMOR", "bpf": "BPF_LSM", "integrity": "INTEGRITY", "ipe": "SECURITY_IPE",
        "landlock": "SECURITY_LANDLOCK", "loadpin": "SECURITY_LOADPIN", "lockdown": "SECURITY_LOCKDOWN_LSM",
        "safesetid": "SECURITY_SAFESETID", "selinux": "SECURITY_SELINUX", "smack": "SECURITY_SMACK",
        "tomoyo": "SECURITY_TOMOYO", "yama": "SECURITY_YAMA",
    ]

    /// Resolves the order of `kernel`; on a live host, the list of the running kernel decides.
    init(_ kernel: KernelFacts?, _ facts: Facts, _ context: CheckContext) {
        switch facts.live?.securityModules {
        case .found(let names, let place)?:
            let shown = Evidence(Location(place), names.joined(separator: ","), how: "running kernel")
            self.init(kernel, .list(names, isRunning: true), by: "running kernel", [shown])
        case .unreadable(let place, let reason)?:
            self.init(kernel, .unknown("'\(place.path)': \(reason)"), by: "running kernel", [])
        case .absent?, nil:
            if let kernel {
                self.init(configured: kernel, doubt: kernel.doubt(in: facts, under: context))
            } else {
                self.init(nil, .unknown("nothing is known of the kernel"), by: "kernel configuration", [])
            }
        }
    }

    /// The order that the configuration and the command line give.
    private init(configured kernel: KernelFacts, doubt: CommandLineDoubt) {
        let builtIn = kernel.symbol("LSM")
        // The last `lsm=` wins; one that stands there literally decides.
        if let names = kernel.parameter("lsm"), kernel.isAtLeast(5, 1) != false {
            self.init(
                kernel, .list(SecurityModuleOrder.split(names), isRunning: false), by: "kernel command line",
                [kernel.commandLineEvidence("lsm=\(names)"), builtIn.evidence])
            return
        }
        let security = kernel.parameter("security")
        let shown = security.flatMap { kernel.commandLineEvidence("security=\($0)") }
        let layer = security == nil ? "kernel configuration" : "kernel command line"
        switch builtIn {
        case .set(let names, let list):
            self.init(
                kernel, .list(SecurityModuleOrder.split(names), isRunning: false), by: layer, [shown, list],
                doubt: doubt, chosenMajor: security)
        case .unknown(let reason): self.init(kernel, .unknown(reason), by: layer, [])
        case .notSet, .absent, .inapplicable:
            self.init(
                kernel, SecurityModuleOrder.withoutList(kernel, security), by: layer,
                [shown, kernel.symbol("DEFAULT_SECURITY").evidence], doubt: doubt, chosenMajor: security)
        }
    }

    private init(
        _ kernel: KernelFacts?, _ order: Order, by layer: String, _ evidence: [Evidence?],
        doubt: CommandLineDoubt = .none, chosenMajor: String? = nil
    ) {
        self.kernel = kernel
        self.order = order
        decidedBy = layer
        self.evidence = evidence.compactMap { $0 }
        self.doubt = doubt
        self.chosenMajor = chosenMajor
    }

    private static func split(_ names: String) -> [String] {
        names.split(separator: ",").map { String($0.filter { $0 != "\"" }) }
    }

    /// The order of a kernel whose configuration has no `CONFIG_LSM`.
    private static func withoutList(_ kernel: KernelFacts, _ security: String?) -> Order {
        guard kernel.symbol("SECURITY").value == "y" else { return .list([], isRunning: false) }
        switch kernel.isAtLeast(5, 1) {
        case false?: return .legacy(major: security ?? kernel.symbol("DEFAULT_SECURITY").value ?? "")
        case true?: return .unknown("the configuration does not say which security modules start (CONFIG_LSM)")
        case nil: return .unknown("there is no CONFIG_LSM, and the kernel's version is not known")
        }
    }

    /// Whether `module` (`yama`, `selinux`, …) starts.
    ///
    /// A `doubt` is not part of the answer: apply `Judgement.unlessCommandLine(says: "lsm=", order.doubt)`.
    func state(of module: String) -> State {
        if case .list(let names, isRunning: true) = order {
            return names.contains(module) ? .active : .inactive("the running kernel has not started it")
        }
        if let missing = notBuilt(module) { return missing }
        if module == "lockdown", kernel?.symbol("SECURITY_LOCKDOWN_LSM_EARLY").value == "y" { return .active }
        switch order {
        case .unknown(let reason): return .unknown(reason)
        case .legacy(let major):
            guard SecurityModuleOrder.legacyMajor.contains(module), module != major else { return switchedOff(module) }
            return .inactive("the kernel starts \(major.isEmpty ? "no major security module" : major)")
        case .list(var names, _):
            if let chosen = chosenMajor {
                if SecurityModuleOrder.legacyMajor.contains(module), module != chosen {
                    return .inactive("security=\(chosen) keeps it out")
                }
                if !names.contains(chosen) { names.append(chosen) }
            }
            guard let index = names.firstIndex(of: module) else {
                return .inactive("the order of security modules (\(names.joined(separator: ","))) does not hold it")
            }
            if let first = excluder(of: module, among: names[..<index]) {
                return .inactive("\(first) comes before it, and the kernel starts only one of the two")
            }
            return switchedOff(module)
        }
    }

    private func notBuilt(_ module: String) -> State? {
        guard let kernel, let symbol = SecurityModuleOrder.symbols[module] else {
            return .unknown("it is not known which configuration symbol builds \(module)")
        }
        let state = kernel.symbol(symbol)
        if case .unknown(let reason) = state { return .unknown(reason) }
        return state.value == "y" ? nil : .inactive("the kernel is built without it (CONFIG_\(symbol) is not set)")
    }

    /// `selinux=0` and `apparmor=0` keep a module out that the order holds.
    private func switchedOff(_ module: String) -> State {
        guard SecurityModuleOrder.exclusive.contains(module), let value = kernel?.parameter(module) else {
            return .active
        }
        // Without SECURITY_SELINUX_BOOTPARAM the kernel does not know the parameter.
        if module == "selinux", kernel?.symbol("SECURITY_SELINUX_BOOTPARAM").value == "n" { return .active }
        return ["0", "n", "N", "off"].contains(value)
            ? .inactive("\(module)=\(value) on the kernel command line switches it off") : .active
    }

    /// The module before `module` that excludes it, if one does.
    private func excluder(of module: String, among names: ArraySlice<String>) -> String? {
        guard SecurityModuleOrder.exclusive.contains(module) else { return nil }
        return names.first { other in
            guard other != module, SecurityModuleOrder.exclusive.contains(other), notBuilt(other) == nil else {
                return false
            }
            if let chosen = chosenMajor, chosen != other { return false }
            return switchedOff(other) == .active
        }
    }
}
