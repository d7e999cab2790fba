import AssayFacts
import AssayFindings
import AssayPolicy

/// Processes can be isolated in user namespaces.
///
/// Why: a user namespace lets a container or sandbox be root inside and nobody outside. It also lets unprivileged users
/// reach more of the kernel, which is why a profile may ask for no more than `available`.
///
/// Proof: `USER_NS=y`, and neither `user.max_user_namespaces = 0` nor `kernel.unprivileged_userns_clone = 0` (a patch of
/// Debian's): on. With one of them: available, to be switched on by root. Live, their values in `/proc/sys`; offline, the
/// last of: the kernel's default, the command line, sysctl.d as systemd-sysctl merges it, scripts of services.
///
/// Remedy: build the kernel with `CONFIG_USER_NS=y`; to switch it on, remove the limits above from sysctl.d.
///
/// Reference: https://man7.org/linux/man-pages/man7/user_namespaces.7.html
enum UserNamespacesCheck: Check {
    static let id = "process.user-namespaces"
    static let severity = Severity.low
    static let subjects = kernelSubjects
    /// Keys of which a 0 leaves user namespaces to root, or to nobody until root changes it.
    private static let limits = ["user.max_user_namespaces", "kernel.unprivileged_userns_clone"]
    private static let restriction = "kernel.apparmor_restrict_unprivileged_userns"

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let live = facts.live else { return .eachKernel(facts) { judge($0, facts, context) } }
        let key = limits[0]
        switch live.sysctl[key] {
        case .found?: return judgeLimits(facts.decidingKernel, facts, context, builtIn: nil)
        case .absent(let place)?:
            return .kernel(
                .off, .measured, "the running kernel has no user namespaces", context, decidedBy: "running kernel",
                evidence: [Evidence(Location(place), "\(key) is absent", how: "running kernel")])
        case .unreadable(let place, let reason)?: return .unknown("\(key): '\(place.path)': \(reason)")
        case nil: return .unknown("\(key): the running kernel was not asked for it")
        }
    }

    private static func judge(_ kernel: KernelFacts, _ facts: Facts, _ context: CheckContext) -> Judgement {
        let builtIn = kernel.symbol("USER_NS")
        if case .unknown(let reason) = builtIn { return .unknown(reason) }
        guard builtIn.value == "y" else {
            return .kernel(
                .off, .set, "the kernel is built without user namespaces", context, evidence: [builtIn.evidence])
        }
        return judgeLimits(kernel, facts, context, builtIn: builtIn.evidence)
    }

    private static func judgeLimits(
        _ kernel: KernelFacts?, _ facts: Facts, _ context: CheckContext, builtIn: Evidence?
    ) -> Judgement {
        var evidence: [Evidence?] = []
        var limit: (key: String, value: String, layer: String, isSet: Bool)?
        var doubt: String?
        for key in limits + [restriction] {
            let effective = EffectiveSysctl(key, facts, kernel: kernel)
            evidence += effective.evidence(isException: false)
            if facts.live == nil { doubt = doubt ?? effective.doubts.first }
            let winner = effective.winner
            // The live value decides where there is one; Debian's key is absent from every other kernel.
            let value = facts.live == nil ? winner?.value : effective.live?.value
            guard key != restriction, limit == nil, let value, Int(value) == 0 else { continue }
            let layer = facts.live == nil ? winner?.name ?? "" : "running kernel"
            limit = (key, value, layer, facts.live != nil || winner?.isSet == true)
        }
        if let limit {
            return .kernel(
                .available, limit.isSet ? .set : .kernelDefault,
                "user namespaces are there, but \(limit.key) = \(limit.value) by \(limit.layer)", context,
                decidedBy: limit.layer, evidence: evidence + [builtIn])
        }
        if let doubt, context.expected == .byDefault {
            return .unknown(
                "user namespaces are there, but \(doubt)", evidence: (evidence + [builtIn]).compactMap { $0 })
        }
        let isLive = facts.live != nil
        return .kernel(
            .on, isLive ? .measured : .kernelDefault,
            "user namespaces are there, and nothing that was seen limits them", context,
            decidedBy: isLive ? "running kernel" : "kernel configuration",
            evidence: isLive ? evidence + [builtIn] : [builtIn] + evidence)
    }
}
