import AssayFacts
import AssayFindings
import AssayPolicy

/// Programs can confine themselves with seccomp.
///
/// Why: a program that gives up the system calls it does not need cannot be made to use them.
///
/// Proof: the kernel supports seccomp filters, and something uses them: services with SystemCallFilter=, programs linked
/// with libseccomp, on a live host the processes that run under a filter. What a program does on its own does not show in
/// its file.
///
/// Remedy: add SystemCallFilter=@system-service to services; build the kernel with CONFIG_SECCOMP_FILTER.
///
/// Reference: https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html
enum SandboxCheck: Check {
    static let id = "seccomp.sandbox"
    static let severity = Severity.low

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        var evidence: [Evidence] = []
        let filtered = (facts.services?.services ?? []).filter { $0.settings["SystemCallFilter"] != nil }
        evidence += filtered.prefix(20).map { service in
            let setting = service.settings["SystemCallFilter"]
            return Evidence(
                Location(setting?.place ?? service.place), "\(service.name): \(setting?.value ?? "")", how: "unit file")
        }
        let linked = (facts.elf?.files ?? []).filter(\.linksSeccomp)
        evidence += linked.prefix(10).map { Evidence(Location($0.path), "needs libseccomp", how: "ELF") }
        if let live = facts.live, !live.filteredProcesses.isEmpty {
            evidence.append(
                Evidence(
                    Location("/proc"), live.filteredProcesses.joined(separator: ", "),
                    how: "running under a seccomp filter"))
        }
        var kernel = SeccompKernel.state(facts)
        kernel.evidence += evidence
        guard kernel.verdict == .pass else { return kernel }
        let running = facts.live?.processesBySeccompMode["2"] ?? 0
        let users = filtered.filter(\.startsAtBoot).count
        let state: FeatureState = users > 0 || running > 0 ? .on : .available
        kernel.state = state
        kernel.verdict = Judgement.verdict(of: state, expected: context.expected)
        kernel.message =
            "\(filtered.count) services have a system-call filter (\(users) start at boot), \(linked.count) programs are "
            + "linked with libseccomp" + (facts.live == nil ? "" : ", \(running) processes run under a filter")
        kernel.counts = ["services with a filter": filtered.count, "programs with libseccomp": linked.count]
        return kernel
    }
}

/// Whether the kernel offers seccomp filters.
enum SeccompKernel {
    /// The answer from the running kernel, or from each kernel's configuration.
    static func state(_ facts: Facts) -> Judgement {
        if case .found(let actions, let place)? = facts.live?.seccompActions {
            return Judgement(
                .pass, .available, .measured, "the running kernel offers seccomp filters",
                decidedBy: "running kernel",
                evidence: [Evidence(Location(place), actions.joined(separator: " "), how: "running kernel")])
        }
        guard !facts.judgedKernels.isEmpty else {
            return .unknown("whether the kernel offers seccomp filters is not known: the subject has no kernel")
        }
        return .eachKernel(facts) { kernel in
            let symbol = kernel.symbol("SECCOMP_FILTER")
            if case .unknown(let reason) = symbol { return .unknown(reason) }
            let isOn = symbol.value == "y"
            return Judgement(
                isOn ? .pass : .fail, isOn ? .available : .off, .set,
                isOn ? "the kernel offers seccomp filters" : "the kernel is built without seccomp filters",
                decidedBy: "kernel configuration", evidence: [symbol.evidence].compactMap { $0 })
        }
    }
}
