import AssayFacts
import AssayFindings
import AssayPolicy

/// The memory map of a process is hidden from other users.
///
/// Why: `/proc/PID/maps` lists where everything of a process lies. Whoever may read it does not need to guess past address
/// space layout randomization.
///
/// Proof: the kernel's version. Since 2.6.27 the file can be read only by those who may also trace the process; nothing
/// switches that off.
///
/// Remedy: use a kernel of 2.6.27 or later.
///
/// Reference: https://man7.org/linux/man-pages/man5/proc_pid_maps.5.html
enum ProcessMapsCheck: Check {
    static let id = "kernel.proc-maps"
    static let severity = Severity.medium
    static let subjects = kernelSubjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        if let live = facts.live {
            // uname(2) tells even when nothing else is known of the kernel.
            let running = KernelFacts(
                release: live.release, architecture: nil, isRunning: true,
                configuration: .absent(Place("/proc/sys/kernel/osrelease")))
            return judge(running, context)
        }
        return .eachKernel(facts) { judge($0, context) }
    }

    private static func judge(_ kernel: KernelFacts, _ context: CheckContext) -> Judgement {
        guard let isLater = kernel.isAtLeast(2, 6, 27) else {
            return .unknown("the version of kernel '\(kernel.release)' is not known")
        }
        let evidence = Evidence(
            Location(kernel.configuration.place), "kernel \(kernel.versionText)", how: "kernel version")
        return .kernel(
            isLater ? .on : .off, .kernelDefault,
            "kernel \(kernel.versionText) \(isLater ? "shows" : "is older than 2.6.27, which first shows") "
                + "/proc/PID/maps only to those who may trace the process",
            context, decidedBy: "kernel version", evidence: [evidence])
    }
}
