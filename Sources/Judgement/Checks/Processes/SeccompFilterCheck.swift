import AssayFacts
import AssayFindings
import AssayPolicy

/// Programs can restrict the system calls that they make.
///
/// Why: a program that needs forty of several hundred system calls can give up the others, and with them most holes of the
/// kernel that an attacker would use from inside it.
///
/// Proof: live, the actions in `/proc/sys/kernel/seccomp/actions_avail`, and the processes that run under a filter (on).
/// Offline, `SECCOMP=y` and `SECCOMP_FILTER=y` (available).
///
/// Remedy: build the kernel with `CONFIG_SECCOMP=y` and `CONFIG_SECCOMP_FILTER=y`.
///
/// Reference: https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html
enum SeccompFilterCheck: Check {
    static let id = "seccomp.filter"
    static let severity = Severity.medium
    static let subjects = kernelSubjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let live = facts.live, case .found(let actions, let place) = live.seccompActions else {
            if case .unreadable(let place, let reason)? = facts.live?.seccompActions {
                return .unknown("'\(place.path)': \(reason)")
            }
            return .eachKernel(facts) { judge($0, context) }
        }
        let shown = Evidence(Location(place), actions.joined(separator: " "), how: "running kernel")
        let filtered = live.processesBySeccompMode["2"] ?? 0
        var judgement = Judgement.kernel(
            filtered > 0 ? .on : .available, .measured,
            "the running kernel filters system calls; processes under a filter: \(filtered)", context,
            decidedBy: "running kernel", evidence: [shown])
        judgement.counts["processes under a filter"] = filtered
        judgement.evidence += live.filteredProcesses.prefix(20).map {
            Evidence(Location("/proc"), $0, how: "process under a filter")
        }
        judgement.evidenceOmitted += max(0, live.filteredProcesses.count - 20)
        return judgement
    }

    private static func judge(_ kernel: KernelFacts, _ context: CheckContext) -> Judgement {
        let mode = kernel.symbol("SECCOMP")
        let filter = kernel.symbol("SECCOMP_FILTER")
        if let reason = SymbolState.firstUnknown([mode, filter]) { return .unknown(reason) }
        guard mode.value == "y", filter.value == "y" else {
            return .kernel(
                .off, .set, "the kernel is built without system call filters", context,
                evidence: filter.value == "y" ? [mode.evidence] : [filter.evidence, mode.evidence])
        }
        return .kernel(
            .available, .set, "the kernel is built with system call filters", context,
            evidence: [filter.evidence, mode.evidence])
    }
}
