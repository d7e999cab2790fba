import AssayFacts
import AssayFileSystem
import AssayTestSupport
import Testing

@testable import AssayCollectors

struct FirewallCollectorTests {
    private static let units = "usr/lib/systemd/system/"
    private static let wants = "etc/systemd/system/multi-user.target.wants/"
    private static let script = "etc/systemd/scripts/iptables"
    private static let drop =
        "*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n"
    private static let nftDrop =
        "table inet filter {\n chain input {\n  type filter hook input priority 0; policy drop;\n }\n}\n"

    /// A booted root with `units`, those of `enabled` wanted by its default target; files named in `executable` can run.
    private func tree(
        _ units: [String: String], _ files: [String: String] = [:], enabled: [String]? = nil,
        executable: [String] = []
    ) throws -> ServiceTree {
        var all = files
        all["etc/machine-id"] = ""
        all[Self.units + "multi-user.target"] = "[Unit]\n"
        for (name, text) in units { all[Self.units + name] = text }
        var links = [Self.units + "default.target": "multi-user.target"]
        for name in enabled ?? units.keys.sorted() { links[Self.wants + name] = "/" + Self.units + name }
        let tree = try ServiceTree(all, links: links)
        for path in executable { tree.run("chmod 755 \(path)") }
        return tree
    }

    private func collect(
        _ tree: ServiceTree, isLive: Bool = false
    ) throws -> (facts: FirewallFacts, writes: [SysctlFacts.ServiceWrite]) {
        try tree.read { reader in
            let units = ServiceCollector(reader, isLive: isLive).collect().units
            return FirewallCollector(reader: reader, isLive: isLive, units: units).collect()
        }
    }

    // MARK: Azure Linux

    private static let azureUnit = """
        [Unit]
        ConditionFileIsExecutable=/etc/systemd/scripts/iptables
        [Service]
        ExecStart=/etc/systemd/scripts/iptables
        [Install]
        WantedBy=multi-user.target

        """
    private static let azureFiles = [
        script: """
        #!/bin/sh
        echo 1 > /proc/sys/net/ipv4/tcp_syncookies
        [ -e /x ] && echo 1 > /proc/sys/net/ipv4/conf/all/rp_filter
        iptables -P INPUT DROP
        ip6tables -P INPUT DROP
        iptables-restore < /etc/systemd/scripts/ip4save
        ip6tables-restore < /etc/systemd/scripts/ip6save

        """,
        "etc/systemd/scripts/ip4save": drop, "etc/systemd/scripts/ip6save": drop,
    ]

    @Test func `the script of Azure Linux denies both families and writes to sysctl keys`() throws {
        let tree = try tree(["iptables.service": Self.azureUnit], Self.azureFiles, executable: [Self.script])
        let (facts, writes) = try collect(tree)
        let set = try #require(facts.configured.first)
        #expect(facts.configured.count == 1)
        #expect(set.kind == "azure-script")
        #expect(set.unit == "iptables.service")
        #expect(set.isActive == true)
        #expect(set.activity.hasPrefix("default.target starts iptables.service"))
        #expect(set.ipv4?.inbound == .deny)
        #expect(set.ipv6?.inbound == .deny)
        #expect(set.ipv4?.place == Place("/etc/systemd/scripts/ip4save", line: 2))
        #expect(set.ipv4?.accepted == ["iif lo (loopback)", "tcp dport 22 (service)"])
        #expect(facts.gaps == [])
        #expect(facts.loaded == nil)
        let place = Place("/" + Self.script, line: 2)
        #expect(
            writes.first
                == SysctlFacts.ServiceWrite(
                    key: "net.ipv4.tcp_syncookies", value: "1", place: place, unit: "iptables.service",
                    startsAtBoot: true))
        #expect(writes.last?.key == "net.ipv4.conf.all.rp_filter")
        #expect(writes.last?.startsAtBoot == nil)
    }

    @Test func `a script that is not executable is skipped with its unit`() throws {
        let (facts, writes) = try collect(try tree(["iptables.service": Self.azureUnit], Self.azureFiles))
        let set = try #require(facts.configured.first)
        #expect(set.isActive == false)
        #expect(
            set.activity.hasSuffix(
                "but ConditionFileIsExecutable=/etc/systemd/scripts/iptables does not hold: "
                    + "'/etc/systemd/scripts/iptables' has mode 644"))
        #expect(set.ipv4?.inbound == .deny)
        #expect(writes.map(\.startsAtBoot) == [false, false])
    }

    @Test func `a link that was unpacked as a file enables nothing`() throws {
        var files = Self.azureFiles
        files[Self.wants + "iptables.service"] = "/usr/lib/systemd/system/iptables.service\n"
        let tree = try tree(["iptables.service": Self.azureUnit], files, enabled: [], executable: [Self.script])
        let set = try #require(try collect(tree).facts.configured.first)
        #expect(set.isActive == false)
        #expect(set.activity.contains("is not a symbolic link, so systemd ignores it"))
    }

    @Test func `rules that the script reads and that are not there make it undecided`() throws {
        var files = Self.azureFiles
        files["etc/systemd/scripts/ip6save"] = nil
        let tree = try tree(["iptables.service": Self.azureUnit], files, executable: [Self.script])
        let set = try #require(try collect(tree).facts.configured.first)
        #expect(set.ipv6?.inbound == .undecided)
        #expect(set.ipv6?.reason.contains("cannot read '/etc/systemd/scripts/ip6save'") == true)
    }

    // MARK: Conditions

    @Test(
        arguments: [
            ("ConditionPathExists=/etc/there", true, ""), ("ConditionPathExists=/etc/gone", false, "is not there"),
            ("ConditionPathExists=!/etc/there", false, "is there"), ("AssertPathExists=/etc/gone", false, "Assert"),
            ("ConditionPathExists=/etc/gone\nConditionPathExists=", true, ""),
            ("ConditionPathExists=|/etc/gone\nConditionPathExists=|/etc/there", true, ""),
            ("ConditionPathExists=|/etc/gone", false, "is not there"),
            ("ConditionPathIsDirectory=/etc", true, ""), ("ConditionDirectoryNotEmpty=/etc", true, ""),
            ("ConditionFileNotEmpty=/etc/machine-id", false, "has 0 bytes"),
            ("ConditionFileIsExecutable=/etc", false, "is a directory"),
            ("ConditionVirtualization=!container", nil, "cannot be judged"),
            ("ConditionPathExists=/run/there", nil, "cannot be judged"),
            ("ConditionPathExists=/etc/%H", nil, "cannot be judged"),
            ("ConditionVirtualization=!container\nConditionPathExists=/etc/gone", false, "is not there"),
        ] as [(String, Bool?, String)])
    func `conditions on files are judged in the subject`(lines: String, isActive: Bool?, says: String) throws {
        let unit = "[Unit]\n\(lines)\n[Service]\nExecStart=/usr/sbin/nft -f /etc/nftables.conf\n"
        let tree = try tree(
            ["nftables.service": unit],
            ["etc/there": "", "usr/sbin/nft": "", "etc/nftables.conf": Self.nftDrop], executable: ["usr/sbin/nft"])
        let set = try #require(try collect(tree).facts.configured.first)
        #expect(set.isActive == isActive)
        #expect(set.activity.contains(says))
    }

    @Test func `a program that is not there loads nothing`() throws {
        let unit = "[Service]\nExecStart=/usr/sbin/nft -f /etc/nftables.conf\n"
        let tree = try tree(["nftables.service": unit], ["etc/nftables.conf": Self.nftDrop])
        let set = try #require(try collect(tree).facts.configured.first)
        #expect(set.isActive == false)
        #expect(set.activity.hasSuffix("but its program '/usr/sbin/nft' is not there"))
    }

    // MARK: nftables

    private func nftables(
        _ command: String, _ files: [String: String], name: String = "nftables.service"
    ) throws -> FirewallFacts {
        var files = files
        files["usr/sbin/nft"] = ""
        return try collect(try tree([name: "[Service]\n\(command)\n"], files, executable: ["usr/sbin/nft"])).facts
    }

    @Test(arguments: ["nftables.service", "guard.service"])
    func `the file of nft is read with what it includes`(name: String) throws {
        let main = "flush ruleset\ninclude \"/etc/nftables.d/*.nft\"\ninclude \"more.nft\"\ninclude \"none/*.nft\"\n"
        let facts = try nftables(
            "ExecStart=/usr/sbin/nft -f /etc/my.nft",
            [
                "etc/my.nft": main, "etc/nftables.d/a.nft": Self.nftDrop, "etc/nftables.d/.b.nft": "refused",
                "etc/nftables.d/c": "refused", "etc/nftables.d/d.nft/x": "refused",
                "etc/more.nft": "add rule inet filter input tcp dport 443 accept\n",
            ], name: name)
        let set = try #require(facts.configured.first)
        #expect(set.kind == "nftables")
        #expect(set.unit == name)
        #expect(set.isActive == true)
        #expect(set.ipv6?.inbound == .deny)
        #expect(set.ipv6?.place.path == "/etc/nftables.d/a.nft")
        #expect(set.ipv6?.accepted == ["tcp dport 443 (service)"])
        #expect(facts.gaps == [])
    }

    @Test(
        arguments: [
            ("ExecStart=/usr/sbin/nft -f /etc/gone.nft", FirewallFacts.Inbound.allow, "is not there"),
            ("ExecStart=/usr/sbin/nft -f /etc/include.nft", .undecided, "include"),
            ("ExecStart=/usr/sbin/nft flush ruleset\nExecStart=/usr/sbin/nft -f /etc/a.nft", .deny, "policy drop"),
            (
                "ExecStart=/usr/sbin/nft -f /etc/a.nft\nExecStart=/usr/sbin/nft -f /etc/a.nft", .undecided,
                "not followed"
            ),
            ("ExecStart=/usr/sbin/nft -c -f /etc/a.nft", .undecided, "not followed"),
            ("ExecStart=/usr/sbin/nft flush ruleset", .undecided, "loads no file"),
            ("ExecStart=/x\nExecStart=\nExecStart=-/usr/sbin/nft -f /etc/a.nft", .deny, "policy drop"),
        ])
    func `an nft command is followed or undecided`(
        command: String, inbound: FirewallFacts.Inbound, says: String
    ) throws {
        let facts = try nftables(
            command, ["etc/a.nft": Self.nftDrop, "etc/include.nft": "include \"/etc/gone.nft\"\n"])
        let family = try #require(facts.configured.first?.ipv4)
        #expect(family.inbound == inbound, "\(family.reason)")
        #expect(family.reason.contains(says), "\(family.reason)")
    }

    @Test func `a file of rules that no unit loads is shown as idle`() throws {
        let files = ["etc/nftables.conf": Self.nftDrop, "etc/sysconfig/ip6tables": Self.drop]
        let facts = try collect(try tree([:], files)).facts
        #expect(facts.configured.map(\.kind) == ["nftables", "iptables"])
        #expect(facts.configured.map(\.isActive) == [false, false])
        #expect(facts.configured.map(\.activity) == ["no unit loads it", "no unit loads it"])
        #expect(facts.configured[1].ipv4 == nil)
        #expect(facts.configured[1].ipv6?.inbound == .deny)
    }

    @Test func `without systemd nobody knows what loads a file of rules`() throws {
        let tree = try ServiceTree(["etc/nftables.conf": Self.nftDrop])
        let set = try #require(try collect(tree).facts.configured.first)
        #expect(set.isActive == nil)
        #expect(set.activity == "without systemd it is not known what loads it")
    }

    @Test func `a masked unit is the reason why its file is idle`() throws {
        let tree = try tree([:], ["etc/nftables.conf": Self.nftDrop])
        tree.link("etc/systemd/system/nftables.service", to: "/dev/null")
        let set = try #require(try collect(tree).facts.configured.first)
        #expect(set.activity == "nftables.service is masked by /etc/systemd/system/nftables.service")
    }

    @Test func `rules that cannot be read leave a gap and no answer`() throws {
        let facts = try nftables("ExecStart=/usr/sbin/nft -f /etc/a.nft", ["etc/a.nft/x": ""])
        #expect(facts.configured.first?.ipv4?.inbound == .undecided)
        #expect(facts.gaps.map(\.place.path) == ["/etc/a.nft"])
    }

    // MARK: iptables

    @Test func `iptables-services restores each family by its own unit`() throws {
        let files = [
            "usr/libexec/iptables/iptables.init": "#!/bin/bash\n",
            "usr/libexec/iptables/ip6tables.init": "#!/bin/bash\n", "etc/sysconfig/iptables": Self.drop,
        ]
        let tree = try tree(
            [
                "iptables.service": "[Service]\nExecStart=/usr/libexec/iptables/iptables.init start\n",
                "ip6tables.service": "[Service]\nExecStart=/usr/libexec/iptables/ip6tables.init start\n",
            ], files, executable: files.keys.filter { $0.hasSuffix("init") })
        let sets = try collect(tree).facts.configured
        #expect(sets.map(\.unit) == ["iptables.service", "ip6tables.service"])
        #expect(sets.map(\.ipv4?.inbound) == [.deny, nil])
        #expect(sets.map(\.ipv6?.inbound) == [nil, .allow])
        #expect(sets.last?.ipv6?.reason == "is not there, so no rule is loaded")
    }

    @Test func `a unit that runs iptables-restore is read`() throws {
        let unit = "[Service]\nExecStart=/usr/bin/iptables-restore -w /etc/iptables/iptables.rules\n"
        let tree = try tree(
            ["iptables.service": unit], ["usr/bin/iptables-restore": "", "etc/iptables/iptables.rules": Self.drop],
            executable: ["usr/bin/iptables-restore"])
        let set = try #require(try collect(tree).facts.configured.first)
        #expect(set.ipv4?.inbound == .deny)
        #expect(set.ipv6 == nil)
    }

    @Test func `iptables-persistent needs the plugin of each family`() throws {
        let plugins = "usr/share/netfilter-persistent/plugins.d/"
        let tree = try tree(
            ["netfilter-persistent.service": "[Service]\nExecStart=/usr/sbin/netfilter-persistent start\n"],
            [
                "usr/sbin/netfilter-persistent": "", plugins + "15-ip4tables": "", "etc/iptables/rules.v4": Self.drop,
                "etc/iptables/rules.v6": Self.drop,
            ], executable: ["usr/sbin/netfilter-persistent", plugins + "15-ip4tables"])
        let sets = try collect(tree).facts.configured
        #expect(sets.count == 1)
        #expect(sets.first?.ipv4?.inbound == .deny)
        #expect(sets.first?.ipv6?.inbound == .allow)
        #expect(sets.first?.ipv6?.place.path == "/" + plugins + "25-ip6tables")
    }

    // MARK: firewalld and ufw

    @Test func `a zone in etc stands over that of the vendor`() throws {
        let unit = "[Service]\nExecStart=/usr/sbin/firewalld --nofork\n"
        let zone = "<zone><service name=\"ssh\"/></zone>"
        let files = [
            "usr/sbin/firewalld": "", "etc/firewalld/firewalld.conf": "DefaultZone=public\n",
            "usr/lib/firewalld/zones/public.xml": "<zone target=\"ACCEPT\"/>", "etc/firewalld/zones/public.xml": zone,
        ]
        let tree = try tree(["firewalld.service": unit], files, executable: ["usr/sbin/firewalld"])
        let set = try #require(try collect(tree).facts.configured.first)
        #expect(set.kind == "firewalld")
        #expect(set.ipv4?.inbound == .deny)
        #expect(set.ipv4?.accepted.contains("service ssh (service)") == true)
        let open = try self.tree(
            ["firewalld.service": unit], files.merging(["etc/firewalld/direct.xml/x": ""]) { $1 },
            executable: ["usr/sbin/firewalld"])
        let facts = try collect(open).facts
        #expect(facts.configured.first?.ipv6?.inbound == .undecided)
        #expect(facts.gaps.map(\.place.path) == ["/etc/firewalld/direct.xml"])
    }

    @Test(
        arguments: [
            ("ENABLED=yes", "IPV6=yes", FirewallFacts.Inbound.deny), ("ENABLED=no", "IPV6=yes", .allow),
        ])
    func `ufw must be enabled in its own configuration too`(
        enabled: String, ipv6: String, inbound: FirewallFacts.Inbound
    ) throws {
        let tree = try tree(
            ["ufw.service": "[Service]\nExecStart=/usr/lib/ufw/ufw-init start quiet\n"],
            [
                "usr/lib/ufw/ufw-init": "", "etc/ufw/ufw.conf": enabled + "\n",
                "etc/default/ufw": ipv6 + "\nDEFAULT_INPUT_POLICY=\"DROP\"\n",
            ], executable: ["usr/lib/ufw/ufw-init"])
        let set = try #require(try collect(tree).facts.configured.first)
        #expect(set.kind == "ufw")
        #expect(set.isActive == true)
        #expect(set.ipv4?.inbound == inbound)
        #expect(set.ipv6?.inbound == inbound)
    }

    @Test func `rules of ufw that cannot be read are undecided`() throws {
        let tree = try tree(
            ["ufw.service": "[Service]\nExecStart=/usr/lib/ufw/ufw-init start\n"],
            [
                "etc/ufw/ufw.conf": "ENABLED=yes\n", "etc/default/ufw": "DEFAULT_INPUT_POLICY=DROP\n",
                "etc/ufw/user.rules/x": "",
            ])
        let set = try #require(try collect(tree).facts.configured.first)
        #expect(set.ipv4?.inbound == .undecided)
    }

    // MARK: The running kernel

    @Test func `the running kernel answers or says what is missing`() throws {
        let reader = SubjectReader(root: try RootedDirectory(path: "/"))
        switch FirewallLoaded(reader: reader).observe() {
        case .found(let sets, let place):
            #expect(place == Place("netlink nf_tables"))
            #expect(sets.allSatisfy { $0.unit == nil && $0.isActive == true })
        case .absent(let place): #expect(place == Place("netlink nf_tables"))
        case .unreadable(let place, let reason):
            #expect(place == Place("netlink nf_tables"))
            #expect(reason == "needs CAP_NET_ADMIN")
        }
    }

    // MARK: Any bytes

    @Test func `any bytes in units and rules are survived`() throws {
        var random = SeededNumbers(state: 31)
        let pieces = [
            "[Unit]\n", "[Service]\n", "ExecStart=/usr/sbin/nft -f /etc/nftables.conf\n", "ExecStart=", "/", "%", "-f",
            "ConditionPathExists=|", "!", "\0", "\n", "include \"/etc/*\"\n", "table inet a {", "}", "#!/bin/sh\n",
            ". /etc/systemd/scripts/iptables\n", "iptables -P INPUT DROP\n", "*filter\n", "COMMIT\n", "\"", "\\",
        ]
        for _ in 0..<20 {
            func text() -> String { (0..<40).map { _ in pieces.randomElement(using: &random) ?? "" }.joined() }
            let tree = try tree(
                ["nftables.service": text(), "iptables.service": Self.azureUnit, "a.service": text()],
                [Self.script: "#!/bin/sh\n" + text(), "etc/nftables.conf": text(), "etc/sysconfig/iptables": text()],
                executable: [Self.script])
            for set in try collect(tree).facts.configured { #expect(!set.activity.isEmpty) }
        }
    }
}
