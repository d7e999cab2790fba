/// Texts that nft accepts, with the fate of an unnamed inbound packet and, for most, what IPv4 lets in besides.
enum NftablesCases {
    static let all: [Case] = policies + rules + chains + families + maps + files

    private static let policies: [Case] = [
        Case("an empty text", "", .allow, .allow),
        Case("a drop policy", inet(""), .deny, .deny, []),
        Case("an accept policy", inet("", policy: "accept"), .allow, .allow),
        Case("no policy", "table inet f { chain i { type filter hook input priority 0; }; }", .allow, .allow),
        Case(
            "only a forward chain",
            "table inet f { chain x { type filter hook forward priority 0; policy drop; }; }", .allow, .allow),
        Case(
            "a prerouting chain that drops",
            "table inet f { chain x { type filter hook prerouting priority raw; policy drop; }; }", .deny, .deny),
        Case(
            "a dormant table",
            "table inet f { flags dormant; chain i { type filter hook input priority 0; policy drop; }; }", .allow,
            .allow),
        Case(
            "an accept policy and a last drop", inet("tcp dport 22 accept\ndrop", policy: "accept"), .deny, .deny,
            ["tcp dport 22"]),
        Case(
            "an accept policy and a last reject",
            inet("tcp dport 22 accept\ncounter reject with icmpx type admin-prohibited", policy: "accept"), .deny,
            .deny,
            ["tcp dport 22"]),
        Case("a reject for TCP only", inet("reject with tcp reset", policy: "accept"), .allow, .allow),
        Case("a reject for IPv4 only", inet("reject with icmp type host-prohibited", policy: "accept"), .deny, .allow),
        Case(
            "Docker's chains alone",
            """
            table ip nat {
                chain DOCKER { iifname "docker0" counter packets 0 bytes 0 return; }
                chain PREROUTING { type nat hook prerouting priority dstnat; policy accept; fib daddr type local counter jump DOCKER; }
            }
            table ip filter {
                chain DOCKER { }
                chain FORWARD { type filter hook forward priority filter; policy drop; oifname "docker0" jump DOCKER; }
            }
            """, .allow, .allow),
        Case(
            "two base chains of which one drops",
            inet("accept") + """
                table ip other { chain i { type filter hook input priority 10; policy drop; udp dport 53 accept; }; }
                """, .deny, .allow, ["udp dport 53"]),
    ]

    private static let rules: [Case] = [
        Case("an early accept", inet("ct state established accept\naccept\ntcp dport 22 accept"), .allow, .allow),
        Case(
            "a logged and counted accept", inet("counter log prefix \"in: accept \" level info accept"), .allow, .allow),
        Case("an accept with a comment", inet("accept comment \"all of it\""), .allow, .allow),
        Case("an accept of new connections", inet("ct state new accept"), .allow, .allow),
        Case("an accept of new among others", inet("ct state { new, established } accept"), .allow, .allow),
        Case("an accept of what is not new", inet("ct state != new accept"), .deny, .deny),
        Case(
            "a drop of new connections", inet("tcp dport 22 accept\nct state new drop", policy: "accept"), .deny, .deny,
            ["tcp dport 22"]),
        Case("a drop of invalid packets", inet("ct state invalid drop", policy: "accept"), .allow, .allow),
        Case("an accept up to a rate", inet("limit rate 10/second accept"), .allow, .allow),
        Case("a drop above a rate", inet("limit rate over 10/second drop", policy: "accept"), .allow, .allow),
        Case("a rate on a log only", inet("limit rate 5/minute burst 5 packets log prefix \"x\""), .deny, .deny, []),
        Case("an accept of the whole IPv4 world", inet("ip saddr 0.0.0.0/0 accept"), .allow, .deny),
        Case("an accept of every local address", inet("fib daddr type local accept"), .allow, .allow),
        Case("a drop of broadcasts", inet("fib daddr type broadcast drop", policy: "accept"), .allow, .allow),
        Case("a drop of all but loopback", inet("iifname != \"lo\" drop", policy: "accept"), .deny, .deny, ["iif lo"]),
        Case("a drop on another interface", inet("iifname != \"eth0\" drop", policy: "accept"), .allow, .allow),
        Case(
            "a drop of all but a network", inet("ip saddr != 10.0.0.0/8 drop", policy: "accept"), .deny, .allow,
            ["ip saddr 10.0.0.0/8"]),
        Case("an accept of all but a host", inet("ip saddr != 10.0.0.1 accept"), .allow, .deny),
        Case(
            "common exceptions",
            inet(
                """
                iif lo accept
                ct state established,related accept
                tcp dport { 22, 443 } accept
                ip saddr 192.168.0.0/16 udp dport 161 accept
                udp sport 53 accept
                tcp dport 8000-8010 accept
                meta l4proto { tcp, udp } th dport 53 accept
                icmp type echo-request accept
                icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
                iifname "eth1" accept
                """), .deny, .deny,
            [
                "iif lo", "ct state established,related", "tcp dport 22,443", "ip saddr 192.168.0.0/16 udp dport 161",
                "udp sport 53", "tcp dport 8000-8010", "tcp,udp dport 53", "icmp type 8", "iif eth1",
            ]),
        Case(
            "statements before the verdict",
            inet("meta mark set 0x1 tcp dport 22 ct mark set mark counter packets 1 bytes 2 accept"), .deny, .deny,
            ["tcp dport 22"]),
        Case(
            "flags of TCP", inet("tcp flags & (fin|syn|rst|ack) == syn tcp dport 22 accept\ntcp flags syn drop"), .deny,
            .deny),
        Case("an early return", inet("tcp dport 22 return\ndrop", policy: "accept"), .deny, .deny, ["tcp dport 22"]),
        Case("an early return of everything", inet("return\naccept"), .deny, .deny, []),
        Case(
            "a host in a set",
            inet("ip saddr @friends accept", more: "set friends { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2 } }"),
            .deny, .deny, ["ip saddr @friends"]),
        Case(
            "the whole world in a set",
            inet(
                "ip saddr @friends accept",
                more: "set friends { type ipv4_addr; flags interval; elements = { 0.0.0.0/0 } }"), .allow, .deny),
        Case("a concatenation", inet("ip saddr . tcp dport { 10.0.0.1 . 22 } accept"), .deny, .deny),
        Case(
            "a set that is filled by packets",
            inet(
                "tcp dport 22 ct state new add @seen { ip saddr limit rate 3/minute } accept",
                more: "set seen { type ipv4_addr; size 65535; flags dynamic; }"), .deny, .deny),
    ]

    private static let chains: [Case] = [
        Case(
            "a jump to a chain that drops",
            inet("tcp dport 22 accept\njump deny", policy: "accept", more: "chain deny { log; drop; }"), .deny, .deny,
            ["tcp dport 22"]),
        Case(
            "a jump to a chain that accepts", inet("jump open", more: "chain open { tcp dport 22 drop; accept; }"),
            .allow, .allow),
        Case(
            "a jump that comes back", inet("jump some\n", more: "chain some { tcp dport 22 accept; return; accept; }"),
            .deny, .deny, ["tcp dport 22"]),
        Case(
            "a goto that ends at the policy", inet("goto some\naccept", more: "chain some { tcp dport 22 accept; }"),
            .deny, .deny, ["tcp dport 22"]),
        Case(
            "a jump under a condition", inet("iifname \"eth0\" jump lan", more: "chain lan { tcp dport 22 accept; }"),
            .deny, .deny, ["iif eth0 tcp dport 22"]),
        Case(
            "a return out of a chain that drops",
            inet("jump deny", policy: "accept", more: "chain deny { ip saddr 10.0.0.0/8 return; drop; }"), .deny, .deny,
            ["ip saddr 10.0.0.0/8"]),
        Case(
            "a return that is dropped later",
            inet("jump deny\ndrop", policy: "accept", more: "chain deny { ip saddr 10.0.0.0/8 return; drop; }"), .deny,
            .deny, []),
    ]

    private static let families: [Case] = [
        Case(
            "an IPv4 table only", "table ip f { chain i { type filter hook input priority 0; policy drop; }; }", .deny,
            .allow),
        Case(
            "an IPv6 table only", "table ip6 f { chain i { type filter hook input priority 0; policy drop; }; }",
            .allow, .deny),
        Case(
            "a table without a family", "table f { chain i { type filter hook input priority 0; policy drop; }; }",
            .deny, .allow),
        Case("a drop for one protocol", inet("meta nfproto ipv4 drop", policy: "accept"), .deny, .allow),
        Case("an accept for one protocol", inet("meta nfproto ipv6 accept"), .deny, .allow),
        Case(
            "an ARP and a bridge table",
            """
            table arp f { chain i { type filter hook input priority 0; policy drop; }; }
            table bridge f { chain i { type filter hook input priority 0; policy drop; }; }
            """, .allow, .allow),
    ]

    private static let maps: [Case] = [
        Case(
            "a verdict map over states",
            inet("ct state vmap { established : accept, related : accept, invalid : drop }"), .deny, .deny,
            ["ct state established", "ct state related"]),
        Case(
            "a verdict map that accepts new", inet("ct state vmap { established : accept, new : accept }"), .allow,
            .allow),
        Case(
            "a verdict map over protocols",
            inet(
                "meta protocol vmap { ip : jump four, ip6 : jump six }", policy: "accept",
                more: "chain four { drop; }\nchain six { tcp dport 22 drop; }"), .deny, .allow),
        Case(
            "a verdict map over ports",
            inet(
                "tcp dport vmap { 22 : accept, 23 : drop, 80-81 : jump web }",
                more: "chain web { ip saddr 10.0.0.0/8 accept; }"), .deny, .deny,
            ["tcp dport 22", "tcp dport 80-81 ip saddr 10.0.0.0/8"]),
        Case(
            "a named verdict map",
            inet(
                "iifname vmap @zones",
                more:
                    "chain lan { accept; }\nmap zones { type ifname : verdict; elements = { \"lo\" : accept, \"eth1\" : jump lan } }"
            ), .deny, .deny, ["iif lo", "iif eth1"]),
    ]

    private static let files: [Case] = [
        Case("a flush first", "flush ruleset\n" + inet("tcp dport 22 accept"), .deny, .deny, ["tcp dport 22"]),
        Case("a flush last", inet("") + "flush ruleset\n", .allow, .allow),
        Case("a table that is deleted", inet("") + "delete table inet filter\n", .allow, .allow),
        Case("a chain that is flushed", inet("accept") + "flush chain inet filter input\n", .deny, .deny),
        Case(
            "commands",
            """
            add table inet f
            add chain inet f i { type filter hook input priority 0; policy accept; }
            add rule inet f i tcp dport 22 accept
            add rule inet f i drop
            insert rule inet f i iif lo accept
            """, .deny, .deny, ["iif lo", "tcp dport 22"]),
        Case("a policy that is changed", inet("") + "add chain inet filter input { policy accept; }\n", .allow, .allow),
        Case(
            "variables",
            """
            define ports = { 22, 80 }
            define lan = 10.0.0.0/8
            table inet f {
                chain i {
                    type filter hook input priority 0; policy drop;
                    ip saddr $lan tcp dport $ports accept
                }
            }
            """, .deny, .deny, ["ip saddr 10.0.0.0/8 tcp dport 22,80"]),
        Case(
            "a continued line and a comment",
            "table inet f { chain i { # accept\n type filter hook input \\\n priority 0; policy drop;\n tcp \\\n dport 22 accept # yes }\n }\n }\n",
            .deny, .deny, ["tcp dport 22"]),
        Case(
            "other objects",
            """
            table inet f {
                counter hits { packets 0 bytes 0 }
                quota month { over 100 mbytes }
                limit few { rate 10/second }
                ct helper ftp { type "ftp" protocol tcp; }
                set s { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 11.0.0.1-11.0.0.9 } }
                chain i { type filter hook input priority filter + 10; policy drop; counter name hits
                    ip saddr @s counter name "hits" accept
                }
            }
            """, .deny, .deny, ["ip saddr @s"]),
        Case(
            "a chain that is written twice",
            inet("tcp dport 22 accept", policy: "accept") + inet("drop", policy: "accept"), .deny, .deny,
            ["tcp dport 22"]),
    ]
}
