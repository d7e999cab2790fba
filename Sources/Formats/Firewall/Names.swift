/// One spelling for the numbers that the tools print in different ways.
enum Names {
    /// Ports that are often written by their name (IANA service names).
    private static let ports: [String: String] = [
        "ssh": "22", "telnet": "23", "smtp": "25", "domain": "53", "bootps": "67", "bootpc": "68", "http": "80",
        "www": "80", "ntp": "123", "snmp": "161", "https": "443", "dhcpv6-client": "546", "dhcpv6-server": "547",
        "mdns": "5353", "llmnr": "5355",
    ]

    /// A port as a number, and a range with a hyphen.
    static func port(_ text: String) -> String {
        let normal = text.contains(":") ? String(text.map { $0 == ":" ? "-" : $0 }) : text
        return ports[normal] ?? normal
    }

    /// Types of ICMP (RFC 792) and ICMPv6 (RFC 4443, RFC 4861, RFC 3122) with numbers from the IANA registries.
    private static let icmpTypes: [String: String] = [
        "echo-reply": "0", "pong": "0", "destination-unreachable": "3", "source-quench": "4", "redirect": "5",
        "echo-request": "8", "ping": "8", "router-advertisement": "9", "router-solicitation": "10",
        "time-exceeded": "11", "ttl-exceeded": "11", "parameter-problem": "12", "timestamp-request": "13",
        "timestamp-reply": "14",
    ]
    private static let icmpv6Types: [String: String] = [
        "destination-unreachable": "1", "packet-too-big": "2", "time-exceeded": "3", "ttl-exceeded": "3",
        "parameter-problem": "4", "echo-request": "128", "ping": "128", "echo-reply": "129", "pong": "129",
        "mld-listener-query": "130", "mld-listener-report": "131", "mld-listener-done": "132",
        "mld-listener-reduction": "132", "nd-router-solicit": "133", "router-solicitation": "133",
        "nd-router-advert": "134", "router-advertisement": "134", "nd-neighbor-solicit": "135",
        "neighbour-solicitation": "135", "neighbor-solicitation": "135", "nd-neighbor-advert": "136",
        "neighbour-advertisement": "136", "neighbor-advertisement": "136", "nd-redirect": "137", "redirect": "137",
        "ind-neighbor-solicit": "141", "ind-neighbor-advert": "142", "mld2-listener-report": "143",
    ]

    /// A type of ICMP as a number.
    static func icmp(_ text: String, isVersion6: Bool) -> String {
        (isVersion6 ? icmpv6Types[text] : icmpTypes[text]) ?? text
    }

    private static let transports: [String: String] = [
        "1": "icmp", "2": "igmp", "6": "tcp", "17": "udp", "33": "dccp", "47": "gre", "50": "esp", "51": "ah",
        "58": "icmpv6", "ipv6-icmp": "icmpv6", "89": "ospf", "112": "vrrp", "132": "sctp", "136": "udplite",
    ]

    /// A transport protocol by its name (IANA protocol numbers).
    static func transport(_ text: String) -> String { transports[text.lowercased()] ?? text.lowercased() }

    /// Flags of connection tracking as the kernel keeps them in `ct state` (linux/netfilter/nf_conntrack_common.h).
    static func states(_ bits: UInt32) -> [String] {
        let names: [(UInt32, String)] = [
            (2, "established"), (4, "related"), (8, "new"), (1, "invalid"), (64, "untracked"),
        ]
        return names.compactMap { bits & $0.0 != 0 ? $0.1 : nil }
    }
}
