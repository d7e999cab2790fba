import AssayFacts
import AssayFindings
import AssayPolicy

/// ICMP redirects are neither believed nor sent.
///
/// Why: a redirect tells a host to use another router. Anybody on the network can send one, and so read along. A machine
/// that is no router has no reason to send them.
///
/// Proof: `accept_redirects` and `send_redirects` of `net.ipv4.conf` and `accept_redirects` of `net.ipv6.conf` are 0 for
/// `all` and `default`: the kernel heeds IPv4's where either is set, and new interfaces begin with `default`. Live, their
/// values in `/proc/sys`; offline, the last of: the kernel's default (1), the command line, sysctl.d as systemd-sysctl
/// merges it, scripts of services. A kernel without IPv6 is judged by the IPv4 keys.
///
/// Remedy: install a file in `/usr/lib/sysctl.d` that sets the six keys to 0.
///
/// Reference: https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html
enum RedirectsCheck: Check {
    static let id = "network.redirects"
    static let severity = Severity.low
    private static let keys4 = [
        "net.ipv4.conf.all.accept_redirects", "net.ipv4.conf.default.accept_redirects",
        "net.ipv4.conf.all.send_redirects", "net.ipv4.conf.default.send_redirects",
    ]
    private static let keys6 = ["net.ipv6.conf.all.accept_redirects", "net.ipv6.conf.default.accept_redirects"]

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .eachSysctl(facts) { kernel in
            let keys = keys4 + (hasIPv6(kernel, facts) ? keys6 : [])
            let parts = keys.map { key in
                SysctlQuestion(key: key, feature: "redirects", kernel: kernel, facts: facts, context: context).judge {
                    guard let number = Int($0) else { return .unknown("not a number") }
                    return number == 0 ? .on : .off
                }
            }
            var worst = Judgement.worst(parts)
            let failing = parts.count { $0.verdict == .fail }
            if worst.verdict == .fail, failing > 1 {
                worst.message += ", and \(failing - 1) more of \(keys.count) keys"
            }
            return worst
        }
    }

    private static func hasIPv6(_ kernel: KernelFacts?, _ facts: Facts) -> Bool {
        if facts.live != nil {
            return !keys6.allSatisfy { if case .absent? = facts.live?.sysctl[$0] { true } else { false } }
        }
        return kernel?.symbol("IPV6").value != "n" && kernel?.parameter("ipv6.disable") != "1"
    }
}
