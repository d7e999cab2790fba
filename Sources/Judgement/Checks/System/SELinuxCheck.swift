import AssayFacts
import AssayFindings
import AssayPolicy

/// SELinux confines programs and enforces its policy.
///
/// Why: a service that is broken into can do what its policy allows, and not all that its user could.
///
/// Proof: live, `/sys/fs/selinux/enforce` is 1. Offline, for each kernel: built with `SECURITY_SELINUX`, `selinux` in the
/// effective order of security modules (`lsm=`, `security=`, `CONFIG_LSM`) and not switched off with `selinux=0`; then
/// `enforcing=` on the command line, or else `SELINUX=` in `/etc/selinux/config`; and a policy to enforce. Enforcing is on;
/// permissive, disabled or without a policy is available; a kernel built without it is off. A placeholder on the command
/// line that could not be resolved makes a pass unknown, but not a failure: what the subject ships as its default is its
/// configuration file, and the finding names the placeholder. Permissive domains and files without their label are shown
/// as exceptions; a tree without any labels was unpacked without them, which proves nothing. Distributions that are made
/// for AppArmor are not asked.
///
/// Remedy: set `SELINUX=enforcing` in `/etc/selinux/config`, remove `selinux=0` and `enforcing=0` from the kernel command
/// line, and relabel the file system (`touch /.autorelabel`).
///
/// Reference: https://man7.org/linux/man-pages/man8/selinux.8.html
enum SELinuxCheck: Check {
    static let id = "mac.selinux"
    static let severity = Severity.high

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard MandatoryAccessControl(facts) != .appArmor else {
            return .notApplicable("this distribution uses AppArmor")
        }
        guard let modules = facts.securityModules else { return .unknown("nothing is known of SELinux") }
        let judgement: Judgement =
            switch modules.liveEnforcing {
            case .unreadable(let place, let reason)?: .unknown("'\(place.path)': \(reason)")
            case .found(let isEnforcing, let place)?: judge(isEnforcing, place, modules, facts, context)
            case .absent?, nil: .eachKernel(facts) { judge($0, modules, facts, context) }
            }
        guard judgement.state == .on || judgement.state == .available || judgement.state == .unknown else {
            return judgement
        }
        return judgement.adding(modules.selinuxEvidence).exceptionsFirst
    }

    /// The running kernel's answer, and whether the next boot gives the same.
    private static func judge(
        _ isEnforcing: Bool, _ place: Place, _ modules: SecurityModuleFacts, _ facts: Facts, _ context: CheckContext
    ) -> Judgement {
        let shown = Evidence(Location(place), isEnforcing ? "1" : "0", how: "running kernel")
        let judgement = Judgement.kernel(
            isEnforcing ? .on : .available, .measured,
            "the running kernel \(isEnforcing ? "enforces the policy" : "is permissive: it logs and prevents nothing")",
            context, decidedBy: "running kernel", evidence: [shown])
        let next = mode(facts.decidingKernel, modules)
        guard case .decided(let mode, let by, _, let evidence) = next, (mode == "enforcing") != isEnforcing else {
            return judgement.adding(next.evidence)
        }
        // Whichever of the two is weaker counts.
        return Judgement(
            Judgement.verdict(of: .available, expected: context.expected), .available, .conflict,
            "the running kernel is \(isEnforcing ? "enforcing" : "permissive"), but the next boot makes it \(mode): \(by)",
            decidedBy: "running kernel", evidence: [shown.asException] + evidence.map(\.asException))
    }

    private static func judge(
        _ kernel: KernelFacts, _ modules: SecurityModuleFacts, _ facts: Facts, _ context: CheckContext
    ) -> Judgement {
        let symbol = kernel.symbol("SECURITY_SELINUX")
        if case .unknown(let reason) = symbol, facts.live?.securityModules.value == nil { return .unknown(reason) }
        if symbol.value != nil, symbol.value != "y" {
            return .kernel(.off, .set, "the kernel is built without SELinux", context, evidence: [symbol.evidence])
        }
        let order = SecurityModuleOrder(kernel, facts, context)
        let basis = [symbol.evidence] + order.evidence.map { Optional($0) }
        switch order.state(of: "selinux") {
        case .unknown(let reason): return .unknown("SELinux: \(reason)", evidence: order.evidence)
        case .inactive(let reason):
            return Judgement.kernel(
                .available, .set, "SELinux is built in but does not start: \(reason)", context,
                decidedBy: order.decidedBy, evidence: order.evidence + [symbol.evidence]
            ).unlessCommandLine(says: "lsm=", order.doubt)
        case .active: return judgeMode(kernel, modules, order, context).adding(basis)
        }
    }

    /// SELinux starts: whether it enforces.
    private static func judgeMode(
        _ kernel: KernelFacts, _ modules: SecurityModuleFacts, _ order: SecurityModuleOrder, _ context: CheckContext
    ) -> Judgement {
        switch mode(kernel, modules) {
        case .unknown(let reason): return .unknown(reason)
        case .decided(let mode, let by, let layer, let evidence):
            guard mode == "enforcing" else {
                return Judgement.kernel(
                    .available, evidence.isEmpty ? .kernelDefault : .set, "SELinux starts, but \(mode): \(by)", context,
                    decidedBy: layer, evidence: evidence
                ).unlessCommandLine(says: "enforcing=1", order.doubt)
            }
            guard !modules.selinuxPolicies.isEmpty else {
                return withoutPolicy(modules, by, context, evidence)
            }
            let judgement = Judgement.kernel(
                .on, .set, "SELinux starts and enforces its policy: \(by)", context, decidedBy: layer,
                evidence: evidence)
            return judgement.unlessCommandLine(says: "selinux=0 or enforcing=0", order.doubt)
        }
    }

    private static func withoutPolicy(
        _ modules: SecurityModuleFacts, _ by: String, _ context: CheckContext, _ evidence: [Evidence]
    ) -> Judgement {
        let directory = "/etc/selinux/\(modules.selinuxType.value ?? "targeted")/policy"
        if let gap = modules.gaps.first(where: { $0.place.path.hasPrefix("/etc/selinux") }) {
            return .unknown("whether there is a policy: '\(gap.place.path)': \(gap.reason)", evidence: evidence)
        }
        let missing = Evidence(Location(directory), "no policy file", how: "SELinux policy")
        return .kernel(
            .available, .set, "enforcing is asked for (\(by)), but there is no policy in '\(directory)'", context,
            decidedBy: "SELinux policy", evidence: [missing] + evidence)
    }

    /// Parts of the command line that could not be resolved and that are about SELinux by their name.
    private static func placeholders(_ kernel: KernelFacts?) -> [Evidence] {
        guard let line = kernel?.commandLine else { return [] }
        return line.unresolved.filter { $0.lowercased().contains("selinux") }.map {
            Evidence(Location(line.place), $0, how: "not resolved, could override the configuration file")
        }
    }

    /// The mode that a boot comes to when SELinux starts.
    private enum Mode {
        case decided(String, by: String, layer: String, [Evidence])
        case unknown(String)

        /// What was seen.
        var evidence: [Evidence] {
            guard case .decided(_, _, _, let evidence) = self else { return [] }
            return evidence
        }
    }

    /// `SELINUX=disabled` stands whatever the command line says; otherwise `enforcing=` beats the file
    /// (libselinux, selinux_init_load_policy(3)).
    private static func mode(_ kernel: KernelFacts?, _ modules: SecurityModuleFacts) -> Mode {
        if case .unreadable(let place, let reason) = modules.selinuxMode {
            return .unknown("'\(place.path)': \(reason)")
        }
        let configured = modules.selinuxMode.value
        let place = modules.selinuxMode.place
        let line = place.line.map { " line \($0)" } ?? ""
        let shown = Evidence(
            Location(place), configured.map { "SELINUX=\($0)" } ?? "no SELINUX=", how: "SELinux configuration")
        let byFile = configured.map { "SELINUX=\($0) in \(place.path)\(line)" } ?? "\(place.path) gives no mode"
        if configured == "disabled" {
            return .decided("disabled", by: byFile, layer: place.path, [shown])
        }
        if let kernel, kernel.symbol("SECURITY_SELINUX_DEVELOP").value == "n",
            case let develop = kernel.symbol("SECURITY_SELINUX_DEVELOP")
        {
            return .decided(
                "enforcing", by: "the kernel is built without a permissive mode", layer: "kernel configuration",
                [develop.evidence, shown].compactMap { $0 })
        }
        if let text = kernel?.parameter("enforcing"), let value = Int(text) {
            let seen = kernel?.commandLineEvidence("enforcing=\(text)")
            return .decided(
                value == 0 ? "permissive" : "enforcing", by: "enforcing=\(text) on the kernel command line",
                layer: "kernel command line", [seen, shown].compactMap { $0 })
        }
        return .decided(
            configured ?? "permissive", by: byFile, layer: place.path,
            [shown, kernel?.commandLineEvidence("no enforcing=")].compactMap { $0 } + placeholders(kernel))
    }
}

extension SecurityModuleFacts {
    /// What weakens an SELinux that runs, and what it rests on.
    fileprivate var selinuxEvidence: [Evidence] {
        var evidence = permissiveDomains.prefix(50).map { domain in
            Evidence(
                Location("/var/lib/selinux/\(selinuxType.value ?? "targeted")"), domain, how: "permissive domain",
                isException: true)
        }
        for (path, label) in labels.sorted(by: { $0.key < $1.key }) where hasLabels == true {
            evidence.append(
                Evidence(Location(path), label ?? "no label", how: "SELinux label", isException: label == nil))
        }
        if hasLabels == false {
            let next = autorelabel == true ? "the next boot gives them (/.autorelabel)" : "the tree may have lost them"
            evidence.append(Evidence(Location("/"), "no file looked at has a label", how: "SELinux labels: \(next)"))
        }
        evidence += selinuxPolicies.map { Evidence(Location($0), "policy", how: "SELinux policy") }
        return evidence
    }
}

extension Judgement {
    /// This judgement with its exceptions before the rest of its evidence.
    var exceptionsFirst: Judgement {
        var judgement = self
        judgement.evidence = evidence.filter(\.isException) + evidence.filter { !$0.isException }
        return judgement
    }
}

extension Evidence {
    /// The same as an exception.
    var asException: Evidence {
        var evidence = self
        evidence.isException = true
        return evidence
    }
}
