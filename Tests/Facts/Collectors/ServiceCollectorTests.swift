import AssayFacts
import AssayFileSystem
import AssaySystemd
import AssayTestSupport
import Testing

@testable import AssayCollectors

struct ServiceCollectorTests {
    private static let units = "usr/lib/systemd/system/"
    private static let enabled = "etc/systemd/system/multi-user.target.wants/"

    /// A root with `multi-user.target` as its default target, the services of `services`, and all of `links`.
    private func tree(
        _ services: [String: String], links: [String: String] = [:], machineID: String? = "", hasTarget: Bool = true
    ) throws -> ServiceTree {
        var files = ["etc/hostname": "test\n"]
        for (name, text) in services { files[name.contains("/") ? name : Self.units + name] = text }
        if hasTarget { files[Self.units + "multi-user.target"] = "[Unit]\nDescription=Multi-User\n" }
        if let machineID { files["etc/machine-id"] = machineID }
        var links = links
        if hasTarget { links[Self.units + "default.target"] = "multi-user.target" }
        return try ServiceTree(files, links: links)
    }

    private func collect(_ tree: ServiceTree, isLive: Bool = false) throws -> (facts: ServiceFacts, units: ServiceUnits)
    {
        try tree.read { ServiceCollector($0, isLive: isLive).collect() }
    }

    @Test func `a service that default.target wants starts at boot, another does not`() throws {
        let service = "[Service]\nExecStart=/usr/bin/daemon -f\n[Install]\nWantedBy=multi-user.target\n"
        let tree = try tree(
            ["a.service": service, "b.service": service],
            links: [Self.enabled + "a.service": "/usr/lib/systemd/system/a.service"])
        let (facts, units) = try collect(tree)
        #expect(facts.hasSystemd)
        #expect(facts.gaps == [])
        #expect(facts.services.map(\.name) == ["a.service", "b.service"])
        #expect(facts.services.map(\.startsAtBoot) == [true, false])
        #expect(facts.services.map(\.enablement) == ["enabled", "disabled"])
        #expect(
            facts.services[0].program
                == Sourced("/usr/bin/daemon", Place("/usr/lib/systemd/system/a.service", line: 2)))
        #expect(units.startsAtBoot("a.service") == true)
        #expect(units.startsAtBoot("b.service") == false)
        #expect(units.startReason("b.service") == "nothing starts b.service at boot (it is disabled)")
        #expect(units.startsAtBoot("c.service") == false)
        #expect(units.startReason("c.service") == "there is no unit c.service")
        #expect(units.file(of: "a.service") == "/usr/lib/systemd/system/a.service")
        #expect(units.startPrograms(of: "a.service").map(\.value) == ["/usr/bin/daemon"])
    }

    @Test func `booleans have one spelling, and drop-ins and DynamicUser count`() throws {
        let tree = try tree([
            "a.service": """
            [Service]
            ExecStart=/usr/bin/a
            PrivateTmp=on
            NoNewPrivileges=0
            ProtectSystem=full
            ProtectHome=1
            SystemCallFilter=@system-service
            SystemCallFilter=~@mount
            User=nobody
            PrivateDevices=no
            """,
            "b.service": "[Service]\nExecStart=/usr/bin/b\nDynamicUser=yes\n",
            "etc/systemd/system/a.service.d/50-more.conf": "[Service]\nPrivateTmp=\nPrivateTmp=false\n",
        ])
        let services = try collect(tree).facts.services
        let first = services[0].settings
        #expect(first["PrivateTmp"] == Sourced("no", Place("/etc/systemd/system/a.service.d/50-more.conf", line: 3)))
        #expect(first["NoNewPrivileges"]?.value == "no")
        #expect(first["ProtectSystem"]?.value == "full")
        #expect(first["ProtectHome"]?.value == "yes")
        #expect(first["SystemCallFilter"]?.value == "@system-service, without @mount")
        #expect(first["User"]?.value == "nobody")
        #expect(first["PrivateDevices"] == nil)
        #expect(first["DynamicUser"] == nil)
        let second = services[1].settings
        let line = Place("/usr/lib/systemd/system/b.service", line: 3)
        #expect(second["PrivateTmp"] == Sourced("yes", line))
        #expect(second["NoNewPrivileges"] == Sourced("yes", line))
        #expect(second["ProtectSystem"] == Sourced("strict", line))
        #expect(second["ProtectHome"] == Sourced("read-only", line))
        #expect(second["DynamicUser"] == Sourced("yes", line))
        #expect(second["RemoveIPC"] == Sourced("yes", line))
    }

    @Test func `a service without default dependencies is of the early boot`() throws {
        let tree = try tree(["a.service": "[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/bin/a\n"])
        #expect(try collect(tree).facts.services.map(\.isEarlyBoot) == [true])
    }

    @Test func `a masked service does not start, by a link whose device is not in the tree`() throws {
        let tree = try tree(
            ["a.service": "[Service]\nExecStart=/bin/a\n"],
            links: ["etc/systemd/system/a.service": "/dev/null", Self.enabled + "a.service": "../a.service"])
        let (facts, units) = try collect(tree)
        #expect(facts.services.map(\.enablement) == ["masked"])
        #expect(units.startsAtBoot("a.service") == false)
        #expect(units.startReason("a.service") == "a.service is masked by /etc/systemd/system/a.service")
        #expect(units.file(of: "a.service") == nil)
    }

    @Test(arguments: ["", nil])
    func `a regular file where a link belongs is ignored, at the first boot too`(machineID: String?) throws {
        let service = "[Service]\nExecStart=/bin/a\n[Install]\nWantedBy=multi-user.target\n"
        for hasTarget in [true, false] {
            let tree = try tree(
                ["a.service": service, Self.enabled + "a.service": "/usr/lib/systemd/system/a.service"],
                machineID: machineID, hasTarget: hasTarget)
            let units = try collect(tree).units
            #expect(units.startsAtBoot("a.service") == false)
            #expect(
                units.startReason("a.service")
                    == "'/etc/systemd/system/multi-user.target.wants/a.service' is not a symbolic link, "
                    + "so systemd ignores it")
        }
    }

    @Test func `without a default target the links of the usual targets count`() throws {
        let service = "[Service]\nExecStart=/bin/a\n[Install]\nWantedBy=multi-user.target\n"
        let tree = try tree(
            ["a.service": service, "b.service": service],
            links: [
                Self.enabled + "a.service": "/usr/lib/systemd/system/a.service",
                "etc/systemd/system/rescue.target.wants/b.service": "/usr/lib/systemd/system/b.service",
            ], hasTarget: false)
        let units = try collect(tree).units
        #expect(units.start == .links)
        #expect(units.startsAtBoot("a.service") == true)
        #expect(units.startReason("a.service") == "a.service is enabled (/\(Self.enabled)a.service)")
        #expect(units.startsAtBoot("b.service") == false)
    }

    @Test func `a service that a socket starts does not start at boot`() throws {
        let tree = try tree(
            [
                "a.service": "[Service]\nExecStart=/bin/a\n",
                "a.socket": "[Socket]\nListenStream=80\n[Install]\nWantedBy=multi-user.target\n",
            ], links: [Self.enabled + "a.socket": "/usr/lib/systemd/system/a.socket"])
        let units = try collect(tree).units
        #expect(units.startsAtBoot("a.socket") == true)
        #expect(units.startsAtBoot("a.service") == false)
        #expect(units.startReason("a.service") == "a.service is started on demand by a.socket")
    }

    @Test(
        arguments: [
            (nil, true), ("uninitialized\n", true), ("", false), ("0123456789abcdef0123456789abcdef\n", false),
        ] as [(String?, Bool)])
    func `the presets count when the next boot is the first`(machineID: String?, isFirst: Bool) throws {
        let service = "[Service]\nExecStart=/bin/a\n[Install]\nWantedBy=multi-user.target\n"
        let tree = try tree(
            [
                "a.service": service, "b.service": service, "c@.service": service,
                "usr/lib/systemd/system-preset/90-a.preset": "enable a.service\nenable c@.service one two\n",
                "usr/lib/systemd/system-preset/99-all.preset": "disable *\n",
            ], machineID: machineID)
        let (facts, units) = try collect(tree)
        #expect(units.isFirstBoot == isFirst)
        #expect(units.startsAtBoot("a.service") == isFirst)
        #expect(units.startsAtBoot("b.service") == false)
        #expect(units.startsAtBoot("c@two.service") == isFirst)
        #expect(facts.services.contains { $0.name == "c@one.service" } == isFirst)
        if isFirst { #expect(units.startReason("a.service") == "the presets enable a.service at the first boot") }
        #expect(try collect(tree, isLive: true).units.isFirstBoot == false)
    }

    @Test func `units of a separate /lib are read, those of a merged one once`() throws {
        let separate = try ServiceTree(["lib/systemd/system/a.service": "[Service]\nExecStart=/bin/a\n"])
        #expect(try collect(separate).facts.services.map(\.place.path) == ["/lib/systemd/system/a.service"])
        let merged = try ServiceTree(
            ["usr/lib/systemd/system/a.service": "[Service]\nExecStart=/bin/a\n"], links: ["lib": "usr/lib"])
        let (facts, units) = try collect(merged)
        #expect(facts.services.map(\.place.path) == ["/usr/lib/systemd/system/a.service"])
        #expect(units.set.directories.count == 1)
    }

    @Test func `a unit outside the unit directories is read through its link`() throws {
        let tree = try tree(
            ["opt/app/a.service": "[Service]\nExecStart=/opt/app/run\nPrivateTmp=yes\n"],
            links: [
                "etc/systemd/system/a.service": "/opt/app/a.service", Self.enabled + "a.service": "../a.service",
                "etc/systemd/system/gone.service": "/opt/app/gone.service",
            ])
        let (facts, units) = try collect(tree)
        #expect(facts.services.map(\.name) == ["a.service"])
        #expect(facts.services.first?.settings["PrivateTmp"]?.value == "yes")
        #expect(units.startsAtBoot("a.service") == true)
        #expect(facts.gaps == [])
    }

    @Test func `what lies below /run counts on a live host only`() throws {
        let tree = try tree(["run/systemd/system/a.service": "[Service]\nExecStart=/bin/a\n"])
        #expect(try collect(tree).facts.services.isEmpty)
        #expect(try collect(tree, isLive: true).facts.services.map(\.name) == ["a.service"])
    }

    @Test func `a tree without units has no systemd`() throws {
        let (facts, units) = try collect(try ServiceTree(["etc/os-release": "ID=none\n"]))
        #expect(!facts.hasSystemd)
        #expect(facts.services.isEmpty)
        #expect(facts.gaps == [])
        #expect(units.startsAtBoot("a.service") == false)
    }

    @Test func `more names than are read are a gap`() throws {
        let tree = try tree(["a.service": "[Service]\nExecStart=/bin/a\n"])
        tree.run("mkdir -p etc/systemd/system; cd etc/systemd/system; seq 20001 | sed 's/$/.mount/' | xargs touch")
        let gaps = try collect(tree).facts.gaps
        #expect(gaps.map(\.place.path) == ["/etc/systemd/system"])
        #expect(gaps.first?.reason == "more than 20000 entries")
    }

    @Test func `a unit file that is too large is unknown, not absent`() throws {
        let tree = try tree([:], links: [Self.enabled + "a.service": "/usr/lib/systemd/system/a.service"])
        tree.run("truncate -s 5M usr/lib/systemd/system/a.service")
        let (facts, units) = try collect(tree)
        #expect(units.startsAtBoot("a.service") == nil)
        #expect(facts.gaps.map(\.place.path) == ["/usr/lib/systemd/system/a.service"])
        #expect(facts.gaps.first?.reason.contains("larger than") == true)
    }

    @Test func `any bytes in unit files and names are survived`() throws {
        var random = SeededNumbers(state: 11)
        let pieces = [
            "[Unit]", "[Service]", "[Install]", "=", "\n", "ExecStart=", "WantedBy=", "multi-user.target ", "%i", "\\",
            "\"", "\0", "\u{FFFD}", "PrivateTmp=", "yes", "SystemCallFilter=~", ";", "Also=a.service ",
            "Wants=b.service",
        ]
        for _ in 0..<20 {
            var files: [String: String] = [:]
            for name in [
                "a.service", "b.service", "c@.service", "b.service.d/x.conf", "multi-user.target.wants/a.service",
            ] {
                files[name.contains("/") ? "etc/systemd/system/" + name : name] =
                    (0..<40).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            }
            let (facts, units) = try collect(try tree(files, machineID: nil))
            for service in facts.services { #expect(units.startsAtBoot(service.name) == service.startsAtBoot) }
        }
    }

    @Test(.enabled(if: isAvailable("systemctl")))
    func `systemctl gives the same enablement`() throws {
        let service = "[Service]\nExecStart=/bin/a\n"
        let install = service + "[Install]\nWantedBy=multi-user.target\nAlias=z.service\n"
        let tree = try tree(
            ["a.service": install, "b.service": install, "c.service": service, "d.service": install],
            links: [
                Self.enabled + "a.service": "/usr/lib/systemd/system/a.service",
                "etc/systemd/system/d.service": "/dev/null",
            ])
        let units = try collect(tree).units
        for name in ["a.service", "b.service", "c.service", "d.service"] {
            let answer = shell("systemctl --root=\"$1\" is-enabled \"$2\"", arguments: [tree.directory.path, name])
            #expect(units.enablement(name) + "\n" == answer.text, "\(name)")
        }
    }
}
