import AssayFacts
import AssayFindings
import AssayPolicy

/// A flood of connection attempts does not fill the server's queue.
///
/// Why: a sender with forged addresses can fill the queue of half-open TCP connections at no cost. With SYN cookies the
/// kernel keeps no state for them once the queue is full.
///
/// Proof: live, `/proc/sys/net/ipv4/tcp_syncookies` is 1 or 2. Offline, the last of: the kernel's default (1 with
/// `SYN_COOKIES=y`), `sysctl.net.ipv4.tcp_syncookies=` on the command line, sysctl.d as systemd-sysctl merges it, scripts of
/// services. A kernel without `SYN_COOKIES` fails, whatever a file sets.
///
/// Remedy: build the kernel with `CONFIG_SYN_COOKIES=y`, and set `net.ipv4.tcp_syncookies = 1`.
///
/// Reference: https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html
enum SynCookiesCheck: Check {
    static let id = "network.syn-cookies"
    static let severity = Severity.medium
    static let subjects = kernelSubjects

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .eachSysctl(facts) { kernel in
            let builtIn = kernel?.symbol("SYN_COOKIES")
            if facts.live == nil, builtIn?.value == "n" {
                return .kernel(
                    .off, .set, "the kernel is built without SYN cookies", context, evidence: [builtIn?.evidence])
            }
            return SysctlQuestion(
                key: "net.ipv4.tcp_syncookies", feature: "SYN cookies", kernel: kernel, facts: facts, context: context
            ).judge { .atLeast(1, $0) }.adding([builtIn?.evidence])
        }
    }
}
