import AssayChecks
import AssayFacts
import AssayFindings
import AssayPolicy
import Testing

/// Synthetic facts that tests put together.
enum Made {
    /// A kernel with the symbols of `configuration`, which stand in a config file, and one command line.
    ///
    /// `nil` for the command line is a kernel of which none was found.
    static func kernel(
        _ symbols: [String: String], version: String? = "6.6.134.1", architecture: String = "x86_64",
        release: String = "6.6.134.1-1.azl3", cmdline: String? = "quiet", unresolved: [String] = [],
        defaults: [String: String] = [:], running: Bool = false
    ) -> KernelFacts {
        var line = 0
        let values = symbols.sorted { $0.key < $1.key }.map { name, value in
            line += 1
            return (name, KernelConfiguration.Symbol(value, line: line))
        }
        let configuration = KernelConfiguration(
            version: version,
            symbols: Dictionary(
                uniqueKeysWithValues: values + [("KERNEL", KernelConfiguration.Symbol("y", line: 100))]),
            origin: "config file")
        var kernel = KernelFacts(
            release: release, architecture: architecture, isRunning: running,
            configuration: .found(configuration, Place("/boot/config-\(release)")))
        if let cmdline { kernel.commandLines = [commandLine(cmdline, unresolved, running: running)] }
        kernel.defaults = defaults.mapValues { KernelDefault(value: $0, reason: "the kernel's source") }
        return kernel
    }

    /// A command line of grub.cfg, or of `/proc/cmdline`.
    static func commandLine(_ text: String, _ unresolved: [String] = [], running: Bool = false) -> CommandLineFacts {
        let parameters = text.split(separator: " ").map { word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return CommandLineFacts.Parameter(
                name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : nil)
        }
        return CommandLineFacts(
            source: running ? .running : .grub, text: text, parameters: parameters,
            place: running ? Place("/proc/cmdline") : Place("/boot/grub2/grub.cfg", line: 22), unresolved: unresolved)
    }

    /// A kernel whose configuration could not be read, or was not found.
    static func kernel(
        without configuration: Observation<KernelConfiguration>, release: String = "6.6.134.1-1.azl3",
        defaults: [String: String] = [:], running: Bool = false
    ) -> KernelFacts {
        var kernel = KernelFacts(
            release: release, architecture: "x86_64", isRunning: running, configuration: configuration)
        kernel.commandLines = [commandLine("quiet", running: running)]
        kernel.defaults = defaults.mapValues { KernelDefault(value: $0, reason: "the kernel's source") }
        return kernel
    }

    /// A root directory with kernels and what sysctl.d sets.
    static func root(_ kernels: KernelFacts..., sysctl: [String: String] = [:], applied: Bool? = true) -> Facts {
        var facts = Facts(subject: SubjectFacts(kind: .rootDirectory, name: "/srv/root"))
        facts.kernels = kernels
        facts.sysctl = self.sysctl(sysctl, applied: applied)
        return facts
    }

    /// A live host: `values` are of the running kernel; a nil is a key that it does not have.
    static func host(
        _ kernel: KernelFacts?, values: [String: String?] = [:], sysctl: [String: String] = [:],
        modules: Observation<[String]> = .absent(Place("/sys/kernel/security/lsm")),
        _ change: (inout LiveKernelFacts) -> Void = { _ in }
    ) -> Facts {
        var facts = Facts(subject: SubjectFacts(kind: .host, name: "/"))
        if let kernel { facts.kernels = [kernel] }
        var live = LiveKernelFacts(
            release: kernel?.release ?? "6.6.134.1-1.azl3", machine: "x86_64", securityModules: modules,
            lockdown: .absent(Place("/sys/kernel/security/lockdown")),
            seccompActions: .absent(Place("/proc/sys/kernel/seccomp/actions_avail")),
            secureBoot: .absent(Place("/sys/firmware/efi/efivars")),
            personality: .found("00000000", Place("/proc/self/personality")))
        for (key, value) in values {
            let place = Place("/proc/sys/\(key.replacing(".", with: "/"))")
            live.sysctl[key] = value.map { .found($0, place) } ?? .absent(place)
        }
        change(&live)
        facts.live = live
        facts.sysctl = self.sysctl(sysctl, applied: true)
        return facts
    }

    /// The same subject with a boot configuration that does not start its kernels.
    static func withCommandLineGap(_ facts: Facts) -> Facts {
        var facts = facts
        for index in facts.kernels.indices {
            facts.kernels[index].commandLineGaps = [
                Gap(Place("/boot/grub/grub.cfg"), reason: "no command line for this kernel")
            ]
        }
        return facts
    }

    /// A kernel's configuration alone.
    static func configuration(_ kernel: KernelFacts) -> Facts {
        var facts = Facts(subject: SubjectFacts(kind: .kernelConfiguration, name: "config"))
        facts.kernels = [kernel]
        return facts
    }

    private static func sysctl(_ values: [String: String], applied: Bool?) -> SysctlFacts {
        var facts = SysctlFacts()
        facts.isApplied = applied
        facts.resolved = values.mapValues {
            SysctlFacts.Resolved(
                effective: SysctlFacts.Assignment($0, Place("/usr/lib/sysctl.d/50-default.conf", line: 3)),
                overridden: [])
        }
        return facts
    }
}

extension Facts {
    /// These facts with a change.
    func with(_ change: (inout Facts) -> Void) -> Facts {
        var facts = self
        change(&facts)
        return facts
    }
}

/// A question and the answer that it must have.
struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let check: String
    let facts: Facts
    let expected: AssayFindings.Expectation
    let parameters: [String: String]
    let verdict: Verdict
    let state: FeatureState
    let basis: Basis
    /// A part of the message.
    let says: String

    /// Makes a case; the basis counts for passes and failures only.
    init(
        _ description: String, _ check: String, _ facts: Facts, _ verdict: Verdict, _ state: FeatureState,
        _ basis: Basis = .measured, says: String, expected: AssayFindings.Expectation = .byDefault,
        parameters: [String: String] = [:]
    ) {
        testDescription = "\(check): \(description)"
        self.check = check
        self.facts = facts
        self.expected = expected
        self.parameters = parameters
        self.verdict = verdict
        self.state = state
        self.basis = basis
        self.says = says
    }

    /// The finding of the check under a profile with its row alone.
    var finding: Finding { judge(check, facts, expected: expected, parameters: parameters) }
}

/// The finding of one check.
func judge(
    _ check: String, _ facts: Facts, expected: AssayFindings.Expectation = .byDefault,
    parameters: [String: String] = [:]
) -> Finding {
    let row = Profile.Row(check: check, title: check, documented: expected, parameters: parameters)
    let profile = Profile(
        name: "test", version: "1", title: "", reference: "", operatingSystems: [],
        sections: [Profile.Section(title: "", rows: [row])])
    return CheckRegistry.judge(facts, by: profile, under: Policy(today: "2026-11-24"))[0]
}
