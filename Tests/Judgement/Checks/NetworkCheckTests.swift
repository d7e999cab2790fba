import AssayFacts
import AssayFindings
import Testing

struct NetworkCheckTests {
    private static let cookies = "net.ipv4.tcp_syncookies"
    private static let all = "net.ipv4.conf.all.rp_filter"
    private static let initial = "net.ipv4.conf.default.rp_filter"
    private static let defaults = [
        "net.ipv4.conf.all.accept_redirects": "1", "net.ipv4.conf.default.accept_redirects": "1",
        "net.ipv4.conf.all.send_redirects": "1", "net.ipv4.conf.default.send_redirects": "1",
        "net.ipv6.conf.all.accept_redirects": "1", "net.ipv6.conf.default.accept_redirects": "1",
        "net.ipv4.conf.all.rp_filter": "0", "net.ipv4.conf.default.rp_filter": "0", "net.ipv4.tcp_syncookies": "1",
    ]
    private static let kernel = Made.kernel(["SYN_COOKIES": "y", "IPV6": "y"], defaults: defaults)
    private static let running = Made.kernel(["SYN_COOKIES": "y", "IPV6": "y"], defaults: defaults, running: true)
    private static let noRedirects = Dictionary(
        uniqueKeysWithValues: defaults.keys.filter { $0.hasSuffix("redirects") }.map { ($0, "0") })
    private static let withoutIPv6: [String: String?] = noRedirects4.mapValues { $0 }.merging([
        "net.ipv6.conf.all.accept_redirects": nil, "net.ipv6.conf.default.accept_redirects": nil,
    ]) { $1 }
    private static let noRedirects4 = noRedirects.filter { $0.key.hasPrefix("net.ipv4") }

    private static let floods: [Case] = [
        Case(
            "the kernel's default", "network.syn-cookies", Made.root(kernel), .pass, .on, .kernelDefault,
            says: "= 1 by kernel default"),
        Case(
            "built, but 0", "network.syn-cookies", Made.root(kernel, sysctl: [cookies: "0"]), .fail, .off,
            .weakerThanDefault, says: "= 0"),
        Case(
            "not built, whatever a file says", "network.syn-cookies",
            Made.root(Made.kernel(["SYN_COOKIES": "n"]), sysctl: [cookies: "1"]), .fail, .off, .set,
            says: "without SYN cookies"),
        Case(
            "Azure's script", "network.syn-cookies",
            Made.root(kernel, sysctl: [cookies: "0"]).with {
                $0.sysctl?.serviceWrites = [
                    SysctlFacts.ServiceWrite(
                        key: cookies, value: "1", place: Place("/etc/systemd/scripts/iptables", line: 5),
                        unit: "iptables.service", startsAtBoot: true)
                ]
            }, .pass, .on, .set, says: "script of iptables.service"),
        Case(
            "a configuration alone", "network.syn-cookies",
            Made.configuration(Made.kernel(["SYN_COOKIES": "y"], cmdline: nil, defaults: defaults)), .pass, .on,
            .conditional, says: "not part of the subject"),
        Case(
            "live 2", "network.syn-cookies", Made.host(nil, values: [cookies: "2"]), .pass, .on, .measured, says: "= 2"),
        Case(
            "live 0", "network.syn-cookies", Made.host(running, values: [cookies: "0"]), .fail, .off, .measured,
            says: "= 0"),
        Case(
            "live, not built", "network.syn-cookies", Made.host(nil, values: [cookies: nil]), .fail, .off, .measured,
            says: "has no net.ipv4.tcp_syncookies"),
    ]

    @Test(arguments: floods)
    func `SYN cookies need the kernel and the sysctl`(_ test: Case) { hold(test) }

    private static let strict = ["mode": "strict"]

    private static let forgeries: [Case] = [
        Case("off by default", "network.rp-filter", Made.root(kernel), .fail, .off, .kernelDefault, says: "= 0"),
        Case(
            "strict everywhere", "network.rp-filter", Made.root(kernel, sysctl: [all: "1", initial: "1"]), .pass, .on,
            .set, says: "strict", parameters: strict),
        Case(
            "all alone is enough", "network.rp-filter", Made.root(kernel, sysctl: [all: "1"]), .pass, .on,
            .kernelDefault, says: "strict", parameters: strict),
        Case(
            "the larger value wins: loose beats strict", "network.rp-filter",
            Made.root(kernel, sysctl: [all: "2", initial: "1"]), .fail, .off, .set, says: "strict", parameters: strict),
        Case(
            "systemd's loose", "network.rp-filter", Made.root(kernel, sysctl: [initial: "2"]), .pass, .on, .set,
            says: "loose or strict"),
        Case(
            "systemd's loose is not strict", "network.rp-filter", Made.root(kernel, sysctl: [initial: "2"]), .fail,
            .off, .set, says: "strict", parameters: strict),
        Case(
            "live", "network.rp-filter",
            Made.host(
                running,
                values: [
                    all: "1", initial: "0", "net.ipv4.conf.eth0.rp_filter": "0", "net.ipv4.conf.lo.rp_filter": "0",
                ]), .pass, .on, .kernelDefault, says: "default", parameters: strict),
        Case(
            "live, one interface is loose", "network.rp-filter",
            Made.host(running, values: [all: "0", initial: "1", "net.ipv4.conf.eth0.rp_filter": "2"]), .fail, .off,
            .measured, says: "check of eth0", parameters: strict),
        Case(
            "live, one interface is off", "network.rp-filter",
            Made.host(running, values: [all: "0", initial: "1", "net.ipv4.conf.eth0.100.rp_filter": "0"]), .fail, .off,
            .measured, says: "check of eth0.100"),
    ]

    @Test(arguments: forgeries)
    func `the source address check is the larger of two values`(_ test: Case) { hold(test) }

    private static let redirections: [Case] = [
        Case(
            "on by default", "network.redirects", Made.root(kernel), .fail, .off, .kernelDefault,
            says: "and 5 more of 6 keys"),
        Case("off", "network.redirects", Made.root(kernel, sysctl: noRedirects), .pass, .on, .set, says: "= 0"),
        Case(
            "IPv6 forgotten", "network.redirects", Made.root(kernel, sysctl: noRedirects4), .fail, .off, .kernelDefault,
            says: "net.ipv6.conf.all.accept_redirects = 1"),
        Case(
            "no IPv6 in the kernel", "network.redirects",
            Made.root(Made.kernel(["IPV6": "n"], defaults: defaults), sysctl: noRedirects4), .pass, .on, .set,
            says: "= 0"),
        Case(
            "IPv6 off on the command line", "network.redirects",
            Made.root(Made.kernel(["IPV6": "y"], cmdline: "ipv6.disable=1", defaults: defaults), sysctl: noRedirects4),
            .pass, .on, .set, says: "= 0"),
        Case(
            "live off", "network.redirects",
            Made.host(running, values: noRedirects.mapValues { $0 }, sysctl: noRedirects), .pass, .on, .set, says: "= 0"
        ),
        Case(
            "live on, configured off", "network.redirects",
            Made.host(running, values: noRedirects.mapValues { _ in "1" }, sysctl: noRedirects), .fail, .off, .conflict,
            says: "sysctl.d sets 0"),
        Case(
            "live without IPv6", "network.redirects",
            Made.host(
                running,
                values: withoutIPv6, sysctl: noRedirects),
            .pass, .on, .set, says: "= 0"),
    ]

    @Test(arguments: redirections)
    func `redirects are off for both families`(_ test: Case) { hold(test) }
}
