import AssayFacts
import AssayFindings
import AssayPolicy

/// AppArmor confines programs by profiles that it enforces.
///
/// Why: a service that is broken into can do what its profile allows, and not all that its user could.
///
/// Proof: live, `/sys/kernel/security/apparmor/profiles` lists profiles in enforce mode. Offline, for each kernel: built
/// with `SECURITY_APPARMOR`, `apparmor` in the effective order of security modules and not switched off with
/// `apparmor=0`; then `apparmor.service` starts at boot and a profile in `/etc/apparmor.d` is in enforce mode, by its flags
/// and by the links in `disable` and `force-complain`: on. Without such a profile or the service it is available; a kernel
/// built without it is off. Distributions that are made for SELinux are not asked.
///
/// Remedy: install apparmor and its profiles, enable `apparmor.service`, and put `apparmor` into `lsm=` or `CONFIG_LSM`.
///
/// Reference: https://www.kernel.org/doc/html/latest/admin-guide/LSM/apparmor.html
enum AppArmorCheck: Check {
    static let id = "mac.apparmor"
    static let severity = Severity.high

    /// Modes in which a profile prevents what it does not allow.
    private static let confining: Set<String> = ["enforce", "kill"]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard MandatoryAccessControl(facts) != .selinux else {
            return .notApplicable("this distribution uses SELinux")
        }
        guard let modules = facts.securityModules else { return .unknown("nothing is known of AppArmor") }
        switch modules.appArmorLoaded {
        case .unreadable(let place, let reason)?: return .unknown("'\(place.path)': \(reason)")
        case .found(let counts, let place)?: return judge(counts, place, modules, context)
        case .absent?, nil: return .eachKernel(facts) { judge($0, modules, facts, context) }
        }
    }

    /// The profiles that the running kernel has, and whether the next boot loads them again.
    private static func judge(
        _ counts: [String: Int], _ place: Place, _ modules: SecurityModuleFacts, _ context: CheckContext
    ) -> Judgement {
        let text = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        let shown = Evidence(Location(place), text.isEmpty ? "no profile" : text, how: "running kernel")
        let enforced = confining.reduce(0) { $0 + (counts[$1] ?? 0) }
        guard enforced > 0 else {
            return .kernel(
                .available, .measured, "AppArmor runs, but enforces no profile", context, decidedBy: "running kernel",
                evidence: [shown] + modules.profileEvidence)
        }
        guard modules.appArmorStartsAtBoot != false else {
            return Judgement(
                Judgement.verdict(of: .available, expected: context.expected), .available, .conflict,
                "\(enforced) profiles are enforced now, but apparmor.service does not start at boot",
                decidedBy: "running kernel", evidence: [shown.asException] + modules.profileEvidence)
        }
        return .kernel(
            .on, .measured, "the running kernel enforces \(enforced) AppArmor profiles", context,
            decidedBy: "running kernel", evidence: [shown] + modules.profileEvidence)
    }

    private static func judge(
        _ kernel: KernelFacts, _ modules: SecurityModuleFacts, _ facts: Facts, _ context: CheckContext
    ) -> Judgement {
        let symbol = kernel.symbol("SECURITY_APPARMOR")
        if case .unknown(let reason) = symbol, facts.live?.securityModules.value == nil { return .unknown(reason) }
        if symbol.value != nil, symbol.value != "y" {
            return .kernel(.off, .set, "the kernel is built without AppArmor", context, evidence: [symbol.evidence])
        }
        let order = SecurityModuleOrder(kernel, facts, context)
        switch order.state(of: "apparmor") {
        case .unknown(let reason): return .unknown("AppArmor: \(reason)", evidence: order.evidence)
        case .inactive(let reason):
            return Judgement.kernel(
                .available, .set, "AppArmor is built in but does not start: \(reason)", context,
                decidedBy: order.decidedBy, evidence: order.evidence + [symbol.evidence]
            ).unlessCommandLine(says: "lsm=", order.doubt)
        case .active:
            return judgeProfiles(modules, context).adding([symbol.evidence] + order.evidence.map { Optional($0) })
                .unlessCommandLine(says: "apparmor=0", order.doubt)
        }
    }

    /// AppArmor starts: whether anything loads profiles that confine.
    private static func judgeProfiles(_ modules: SecurityModuleFacts, _ context: CheckContext) -> Judgement {
        let enforced = modules.appArmorProfiles.count { confining.contains($0.value) }
        let evidence = modules.profileEvidence.map { Optional($0) }
        guard enforced > 0 else {
            if let gap = modules.gaps.first(where: { $0.place.path.hasPrefix("/etc/apparmor.d") }) {
                return .unknown("AppArmor profiles: '\(gap.place.path)': \(gap.reason)")
            }
            let nothing = Evidence(Location("/etc/apparmor.d"), "no profile in enforce mode", how: "AppArmor profiles")
            return .kernel(
                .available, .set, "AppArmor starts, but there is no profile that it would enforce", context,
                decidedBy: "AppArmor profiles", evidence: [nothing] + evidence)
        }
        switch modules.appArmorStartsAtBoot {
        case nil: return .unknown("whether apparmor.service starts at boot, which loads the profiles")
        case false?:
            let unit = Evidence(Location("apparmor.service"), "not started at boot", how: "systemd")
            return .kernel(
                .available, .set, "nothing loads the \(enforced) profiles: apparmor.service does not start at boot",
                context, decidedBy: "apparmor.service", evidence: [unit] + evidence)
        case true?:
            return .kernel(
                .on, .set, "AppArmor starts, and \(enforced) profiles are enforced", context,
                decidedBy: "AppArmor profiles", evidence: evidence)
        }
    }
}

extension SecurityModuleFacts {
    /// The profile files by mode: one piece of evidence each, with how many profiles and the first place.
    fileprivate var profileEvidence: [Evidence] {
        let groups = Dictionary(grouping: appArmorProfiles, by: \.value)
        return groups.sorted { $0.key < $1.key }.compactMap { mode, profiles in
            profiles.first.map { first in
                Evidence(
                    Location(first.place), "\(profiles.count) profiles: \(mode)", how: "AppArmor profiles, the first")
            }
        }
    }
}
