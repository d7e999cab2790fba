import AssayFacts
import AssayFindings
import AssayPolicy

/// Packets with a forged source address are dropped.
///
/// Why: a packet that comes in by an interface by which its source could not be reached is most likely forged. The strict
/// filter of RFC 3704 drops it.
///
/// Proof: the kernel uses the larger of `net.ipv4.conf.all.rp_filter` and the interface's own value (2 is loose, 1 strict,
/// 0 off); new interfaces begin with that of `default`. Live, every interface but `lo` is judged by its values in
/// `/proc/sys`; offline, `all` and `default` by the last of: the kernel's default (0), the command line, sysctl.d as
/// systemd-sysctl merges it, scripts of services. The profile's `mode` is `strict` (1) or `loose` (1 or 2; the default).
///
/// Remedy: install a file in `/usr/lib/sysctl.d` with `net.ipv4.conf.all.rp_filter = 1`,
/// `net.ipv4.conf.default.rp_filter = 1` and `net.ipv4.conf.*.rp_filter = 1`.
///
/// Reference: https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html
enum ReversePathFilterCheck: Check {
    static let id = "network.rp-filter"
    static let severity = Severity.low

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .eachSysctl(facts) { kernel in
            .worst(
                InterfaceSettings.interfaces(of: "rp_filter", facts).map { interface in
                    judge(interface, kernel, facts, context)
                })
        }
    }

    private static func judge(
        _ interface: String, _ kernel: KernelFacts?, _ facts: Facts, _ context: CheckContext
    ) -> Judgement {
        let isStrict = context.parameters["mode"] == "strict"
        let all = InterfaceSettings.value("net.ipv4.conf.all.rp_filter", kernel, facts)
        // The interface's own question is asked with the larger of both values.
        return SysctlQuestion(
            key: "net.ipv4.conf.\(interface).rp_filter",
            feature: "\(isStrict ? "strict" : "loose or strict") source address check of \(interface)", kernel: kernel,
            facts: facts, context: context
        ).judge { value in
            guard let own = Int(value) else { return .unknown("not a number") }
            guard let all = all.number else { return .unknown("net.ipv4.conf.all.rp_filter: \(all.reason)") }
            let effective = max(own, all)
            return effective == 1 || (effective == 2 && !isStrict) ? .on : .off
        }.adding(all.evidence)
    }
}
